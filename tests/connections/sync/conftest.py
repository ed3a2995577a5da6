"""A desk and a small help desk, and what keeps them in step."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from connections.sync import kinds
from connections.sync.kinds import Kind
from connections.sync.rounds import Round, Syncer
from policy.conversation.connections import ConnectionEntry
from store.desk import Desk
from tests.connections.sync.small_help_desk import MAPPING, SmallHelpDesk
from tests.store.clock import Clock

ENTRY = ConnectionEntry(
    name="desk", kind="small", address="https://desk.example", settings={"tickets": MAPPING}
)


@dataclass
class InStep:
    """A desk that is connected to a small help desk, at one time for both."""

    desk: Desk
    there: SmallHelpDesk
    clock: Clock
    address: str

    def round(self, worker: str = "loop") -> Round:
        """Go round once, as the loop does."""
        self.there.now = self.clock.now
        return Syncer(self.desk, ENTRY, worker, lambda _: self.there).round()

    def quiet(self) -> None:
        """Go round until nothing is left to do, however bad the days were."""
        for _ in range(30):
            self.clock.advance(minutes=20)
            self.round()

    def later(self, **by: float) -> None:
        """Let time pass, here and there."""
        self.there.now = self.clock.advance(**by)

    def ticket(self, name: str) -> int:
        """Return the number here of a ticket there."""
        return self.desk.tickets.resolve(f"desk:{name}")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> SmallHelpDesk:
    """Give a small help desk, which connections of the kind ``small`` open."""
    there = SmallHelpDesk()
    kind = Kind("none", lambda _, __: None, lambda _, __, ___: there)
    monkeypatch.setattr(kinds, "KINDS", {**kinds.KINDS, "small": kind})
    monkeypatch.setattr("connections.sync.connection_file.KINDS", kinds.KINDS)
    return there


@pytest.fixture
def new_in_step(tmp_path: Path, small: SmallHelpDesk) -> Iterator[Callable[[], InStep]]:
    """Give what connects a new desk to the help desk."""
    made: list[Desk] = []

    def connect() -> InStep:
        clock = Clock()
        address = str(tmp_path / f"desk-{len(made)}.db")
        desk = Desk.open(address, actor="mo", clock=clock)
        made.append(desk)
        desk.connections.import_entries([ENTRY])
        return InStep(desk, small, clock, address)

    yield connect
    for desk in made:
        with closing(desk):
            pass


@pytest.fixture
def both(new_in_step: Callable[[], InStep]) -> InStep:
    """Give a desk that is connected to a help desk."""
    return new_in_step()

"""Any sequence of commands by anybody, undone in reverse and rebuilt from its history alone.

Undone, it gives the first state back, apart from history; rebuilt, every state that ever was, with
its number one. A quick look sees of each state what the whole desk does.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Connection, text

from policy.refusal import Refusal
from policy.roster.members import FOREVER
from policy.rulebook.rulebook import fingerprint
from policy.time.entries import TimeEntry
from store.database import Database
from store.desk import Desk, DeskReading
from store.history.events import events_between, put_events
from store.history.hash_chain import chain_all
from store.history.past_desk import PastDesk
from store.history.replay import carry_forward
from store.queue.query import Query, Scope
from store.schema.desk_settings import mode_facts
from store.schema.settings_in_force import settings_of
from store.team.roster_reading import all_time_off, entries_of
from store.team.roster_rows import time_off_facts
from store.tickets.ticket_json import facts
from store.time.entry_rows import entries_between as time_entries_between
from tests.examples import MONDAY
from tests.store.checking import check
from tests.store.clock import Clock
from tests.store.doings import DOINGS, LOGINS
from tests.store.looks import check_first_look
from tests.store.postgres_server import PostgresServer

ENDED = ("taken_back", "cancelled")
"""Notices that are no more; the ledger never forgets one, as the history does not."""


@dataclass(frozen=True)
class Seen:
    """A state as it was, and the event that led to it."""

    event: int
    state: dict[str, Any]


def state_of(desk: DeskReading) -> dict[str, Any]:
    """Return everything that a desk is about, apart from history."""
    overview = desk.queue.overview()
    tickets = desk.queue.page(Query(scope=Scope.ALL), 0, None)
    with desk._session.database.read() as connection:
        beside = _beside(connection)
        kept = connection.execute(text("SELECT ticket_id, text FROM body ORDER BY 1"))
        bodies = [(row.ticket_id, row.text) for row in kept]
    return {
        "tickets": [
            {name: value for name, value in facts(each).items() if name != "version"}
            for each in tickets
        ],
        "bodies": bodies,
        "number_one": overview.number_one and overview.number_one.id,
        "why": overview.why,
        "mode": overview.mode.mode,
        "level": overview.capacity.level,
        "queue": overview.queue,
        **beside,
    }


def _beside(connection: Connection) -> dict[str, Any]:
    notices = connection.execute(text("SELECT id, state, tickets FROM notice ORDER BY id"))
    said = connection.execute(text("SELECT id, imported FROM ticket ORDER BY id"))
    kept = settings_of(connection)
    return {
        "policy": fingerprint(kept.rulebook),
        "mode set": mode_facts(kept.mode),
        "members": [entry.as_plain() for entry in entries_of(connection)],
        "time off": sorted(str(time_off_facts(off)) for off in all_time_off(connection)),
        "notices": [(row.id, row.state) for row in notices if row.state not in ENDED],
        "time": [each for login in LOGINS for each in _time_of(connection, login)],
        "imported": [(row.id, str(row.imported)) for row in said],
    }


def _time_of(connection: Connection, login: str) -> list[TimeEntry]:
    return list(time_entries_between(connection, MONDAY - timedelta(days=1), FOREVER, login))


class ShiftMachine(RuleBasedStateMachine):
    """Does one thing after another at a desk, as several people of several roles."""

    new_address: Callable[[], str]
    folder: Path

    @initialize()
    def open(self) -> None:
        self.clock = Clock()
        self.address = type(self).new_address()
        self.desks = {
            login: Desk.open(self.address, actor=login, clock=self.clock) for login in LOGINS
        }
        self.seen = [Seen(0, state_of(self.desks["lee"]))]

    @rule(
        login=st.sampled_from(LOGINS),
        doing=st.sampled_from(sorted(DOINGS)),
        minutes=st.integers(0, 20),
        data=st.data(),
    )
    def do(self, login: str, doing: str, minutes: int, data: st.DataObject) -> None:
        desk = self.desks[login]
        revision = desk.history.revision()
        try:
            DOINGS[doing](desk, data.draw)
        except Refusal:
            assert desk.history.revision() == revision
        if desk.history.revision() != revision:
            self.seen.append(Seen(desk.history.revision(), state_of(desk)))
            self.clock.advance(minutes=minutes)
            check_first_look(desk, self.address, self.clock)

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        try:
            self._the_history_alone_tells_every_state()
            self._the_past_can_be_stepped_through()
            self._undone_in_reverse_it_is_as_at_first()
        finally:
            for desk in self.desks.values():
                desk.close()

    def _the_history_alone_tells_every_state(self) -> None:
        copy = Path(tempfile.mkdtemp(dir=self.folder)) / "rebuilt.db"
        with (
            closing(Database(self.address)) as source,
            closing(Desk.open(str(copy), actor="lee", clock=self.clock)) as rebuilt,
        ):
            before = self.seen[0]
            for seen in self.seen[1:]:
                with source.read() as history, rebuilt._session.database.write() as connection:
                    events = list(events_between(history, before.event, seen.event))
                    put_events(connection, events)
                    carry_forward(connection, rebuilt._session.database.kind, events)
                before = seen
                self.clock_of(rebuilt, events[-1].at)
                assert state_of(rebuilt) == seen.state
            self.clock_of(rebuilt, self.clock.now)
            with rebuilt._session.database.write() as connection:
                chain_all(connection)
            assert rebuilt.transfer.history_end() == self.desks["lee"].transfer.history_end()
            check(rebuilt, str(copy))

    @staticmethod
    def clock_of(desk: Desk, now: datetime) -> None:
        desk._session._clock = lambda: now

    def _the_past_can_be_stepped_through(self) -> None:
        lee = self.desks["lee"]
        with closing(PastDesk(lee.history.as_of(self.clock.now), actor="lee")) as past:
            for seen in reversed(self.seen[1:-1]):
                while past.history.revision() > seen.event:
                    assert past.step(forward=False)
                assert state_of(past) == seen.state
            for seen in self.seen[2:]:
                while past.history.revision() < seen.event:
                    assert past.step(forward=True)
                assert state_of(past) == seen.state

    def _undone_in_reverse_it_is_as_at_first(self) -> None:
        while (actor := self._who_did_the_last_thing()) is not None:
            self.desks[actor].history.undo()
        last = state_of(self.desks["lee"])
        assert last == self.seen[0].state
        check(self.desks["lee"], self.address)

    def _who_did_the_last_thing(self) -> str | None:
        with closing(Database(self.address)) as database, database.read() as connection:
            found: str | None = connection.scalar(
                text("SELECT actor FROM action WHERE undoes IS NULL AND NOT undone AND undoable"
                     " ORDER BY id DESC LIMIT 1")
            )  # fmt: skip
        return found


def run(new_address: Callable[[], str], folder: Path, examples: int, steps: int) -> None:
    machine = type(
        "Machine", (ShiftMachine,), {"new_address": staticmethod(new_address), "folder": folder}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_in_a_file(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    Desk.open(str(template), actor="lee").close()

    def new_address() -> str:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        return str(shutil.copy(template, folder / "desk.db"))

    run(
        new_address,
        tmp_path,
        examples=int(os.environ.get("EX", "3")),
        steps=int(os.environ.get("ST", "15")),
    )


def test_on_a_server(postgres: PostgresServer, tmp_path: Path) -> None:
    run(postgres.new_schema, tmp_path, examples=2, steps=25)

"""Whatever is done to a desk, in whatever order: everything that is kept still agrees."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.words import Mode, OpenedBy, Priority, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.examples import MONDAY, PRIORITIES, TIERS, incoming
from tests.store.checking import check, set_mode
from tests.store.clock import Clock
from tests.store.doings import CLOCKS, STOPPED_LESS
from tests.store.postgres_server import PostgresServer

POLICIES = (
    handbook(),
    load_rulebook('[response]\np1 = "10m"\np3 = "1h"\nno_contract = []\n', "hasty.toml"),
    load_rulebook('[order]\nnormal = ["received_at"]\nhard_choices = ["tier"]\n', "plain.toml"),
    load_rulebook(
        '[[intake]]\nwhen = { tier = ["free"] }\ndecline = "No."\nbecause = "Not paid for."\n'
        '[[intake]]\nwhen = {}\nassign = "p1"\nbecause = "All the same."\n',
        "strict.toml",
    ),
    CLOCKS,
    load_rulebook(STOPPED_LESS, "moving.toml"),
)
LOGINS = ("mo", "jo", "li:li")
SUBJECTS = ("Login fails", "Café sync is slow", "系统崩溃了", 'quote " OR *', "[/red] Æsop's")
NUMBERS = st.integers(1, 12)
FEW = st.integers(1, 3)
MINUTES = st.integers(-3, 3).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@st.composite
def arrivals(draw: st.DrawFn) -> IncomingTicket:
    """Draw what a source says of one of a few tickets; as a rule it is told again, otherwise."""
    received = draw(MINUTES)
    answered = draw(st.none() | st.integers(0, 2))
    heard = draw(st.none() | st.integers(0, 4))
    return incoming(
        draw(NUMBERS),
        subject=draw(st.sampled_from(SUBJECTS)),
        customer=draw(st.sampled_from(["Acme", "Globex"])),
        tier=draw(st.sampled_from(TIERS)),
        severity=draw(st.integers(0, 3)),
        opened_by=draw(st.sampled_from(OpenedBy)),
        status=draw(st.none() | st.sampled_from(Status)),
        assignee=draw(st.none() | st.sampled_from(LOGINS)),
        received_at=received,
        first_response_at=None if answered is None else received + timedelta(minutes=answered),
        last_customer_message_at=None if heard is None else received + timedelta(minutes=heard),
        tags=draw(st.lists(st.sampled_from(["vip", "a b"]), unique=True)),
    )


class DeskMachine(RuleBasedStateMachine):
    """Does one thing after another to a desk, as several people."""

    new_address: Callable[[], str]

    @initialize()
    def open(self) -> None:
        self.clock = Clock()
        self.address = type(self).new_address()
        self.desk = Desk.open(self.address, actor="mo", clock=self.clock)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()

    @contextmanager
    def _perhaps_refused(self) -> Iterator[None]:
        """Let the desk refuse, as long as it changes nothing then."""
        before = self._everything()
        try:
            yield
        except Refusal:
            assert self._everything() == before

    def _everything(self) -> tuple[object, ...]:
        return self.desk.history.revision(), self.desk.queue.page(Query(scope=Scope.ALL), 0, None)

    @rule(batch=st.lists(arrivals(), max_size=8, unique_by=lambda each: each.external_id))
    def take_in(self, batch: list[IncomingTicket]) -> None:
        foreseen = self.desk.transfer.take_in(batch, dry_run=True)
        assert self.desk.transfer.take_in(batch) == foreseen
        revision = self.desk.history.revision()
        assert set(self.desk.transfer.take_in(batch)) <= {"unchanged"}
        assert self.desk.history.revision() == revision

    @rule(number=NUMBERS)
    def take(self, number: int) -> None:
        with self._perhaps_refused():
            self.desk.tickets.take(number)

    @rule(number=NUMBERS, login=st.none() | st.sampled_from(LOGINS))
    def assign(self, number: int, login: str | None) -> None:
        with self._perhaps_refused():
            self.desk.tickets.assign(self.desk.tickets.resolve(f"test:{number}"), login)

    @rule(number=NUMBERS, status=st.none() | st.sampled_from(Status))
    def reply(self, number: int, status: Status | None) -> None:
        with self._perhaps_refused():
            self.desk.tickets.reply(self.desk.tickets.resolve(f"#{number}"), status)

    @rule(number=NUMBERS)
    def hear(self, number: int) -> None:
        with self._perhaps_refused():
            self.desk.tickets.heard(number)

    @rule(
        number=NUMBERS,
        status=st.sampled_from(Status),
        unanswered=st.sampled_from(["", "They found it themselves."]),
        seen=st.none() | st.integers(1, 4),
    )
    def set_status(self, number: int, status: Status, unanswered: str, seen: int | None) -> None:
        decided_on = {} if seen is None else {number: seen}
        with self._perhaps_refused(), self.desk.decided_on(decided_on):
            self.desk.tickets.set_status(number, status, unanswered=unanswered)

    @rule(number=NUMBERS, priority=st.sampled_from(PRIORITIES))
    def assign_priority(self, number: int, priority: Priority) -> None:
        with self._perhaps_refused():
            self.desk.tickets.assign_priority(
                number, priority, reason="So.", rests_on=PriorityInput.ANOTHER_TEAM
            )

    @rule(
        number=FEW,
        complete=st.booleans(),
        urgent=st.none() | st.booleans(),
        answered=st.sampled_from([True, True, False]),
    )
    def hand_over(self, number: int, complete: bool, urgent: bool | None, answered: bool) -> None:
        names = self.desk.policy.rulebook().engineering.context
        filled_in = dict.fromkeys(names if complete else names[:1], "So.")
        with self._perhaps_refused():
            self.desk.engineering.fill_context(number, filled_in)
        if urgent is not None:
            with self._perhaps_refused():
                self.desk.engineering.escalate(number, cannot_wait=urgent, because="So.")
        if answered:
            with self._perhaps_refused():
                self.desk.tickets.reply(number)
        with self._perhaps_refused():
            self.desk.engineering.hand_over(number)

    @rule(number=FEW, timing=st.none() | st.sampled_from(["now", "backlog", "scheduled"]))
    def review(self, number: int, timing: str | None) -> None:
        with self._perhaps_refused():
            if timing is None:
                self.desk.engineering.send_back(number, "Which version?")
            else:
                self.desk.engineering.review(number, timing)

    @invariant()
    def engineering_has_what_its_tickets_say(self) -> None:
        everything = self.desk.queue.page(Query(scope=Scope.ALL), 0, None)
        there = {each.id for each in everything if each.with_engineering_since is not None}
        found = self.desk.engineering.waiting()
        assert {each.ticket.id for each in found.waiting} == there
        assert found.total == len(there)
        assert not any(each.handed_over and each.status is Status.NEW for each in everything)

    @rule(ticket=arrivals())
    def open_ticket(self, ticket: IncomingTicket) -> None:
        self.desk.tickets.open_ticket(ticket)

    @rule(mode=st.none() | st.sampled_from(Mode), minutes=st.integers(1, 30))
    def set_mode(self, mode: Mode | None, minutes: int) -> None:
        set_mode(self.desk, mode, minutes=minutes)

    @rule(policy=st.sampled_from(POLICIES))
    def adopt_policy(self, policy: Rulebook) -> None:
        foreseen = self.desk.policy.difference(policy)
        before = self._positions()
        self.desk.policy.adopt(policy)
        after = self._positions()
        assert {each.ticket.id: (each.before, each.after) for each in foreseen.moves} == {
            number: (before[number], after[number])
            for number in after
            if before[number] != after[number]
        }
        for foretold, places in (
            (foreseen.number_one_before, before),
            (foreseen.number_one_after, after),
        ):
            firsts = [number for number, place in places.items() if place == 1]
            assert ([] if foretold is None else [foretold.id]) == firsts

    def _positions(self) -> dict[int, int | None]:
        tickets = self.desk.queue.page(Query(scope=Scope.ALL), 0, None)
        return {each.id: self.desk.queue.position(each.id) for each in tickets}

    @rule(minutes=st.integers(1, 20))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def open_again(self) -> None:
        self.desk.close()
        self.desk = Desk.open(self.address, actor="jo", clock=self.clock)

    @invariant()
    def everything_agrees(self) -> None:
        check(self.desk, self.address)


def run(new_address: Callable[[], str], examples: int) -> None:
    machine = type("Machine", (DeskMachine,), {"new_address": staticmethod(new_address)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_everything_agrees_in_a_file(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    Desk.open(str(template), actor="mo").close()

    def new_address() -> str:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        return str(shutil.copy(template, folder / "desk.db"))

    run(new_address, examples=12)


def test_everything_agrees_on_a_server(postgres: PostgresServer) -> None:
    run(postgres.new_schema, examples=3)

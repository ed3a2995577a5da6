"""Clocks that stand still and go on, in the database: kept, taken back, and rebuilt."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import text

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.refusal import Refusal
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Pause, Ticket
from policy.words import DECIDED_STATUSES, Status
from store.database import Database
from store.desk import Desk
from store.history.past_desk import PastDesk
from store.queue.query import Scope, parse_query
from store.tickets.pausing import past_pauses
from tests.examples import MONDAY, incoming
from tests.store.checking import EVERYTHING, check
from tests.store.clock import Clock
from tests.store.doings import CLOCKS
from tests.store.postgres_server import PostgresServer

RED_HAT = load_rulebook(text_in_the_book("redhat"), "redhat")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def case(number: int, **fields: object) -> IncomingTicket:
    """Return what a help desk says of a case of Red Hat's, an urgent one."""
    plain: dict[str, object] = {
        "source": "test",
        "external_id": str(number),
        "subject": f"Case {number}",
        "customer": "Acme",
        "tier": "premium",
        "severity": 1,
        "received_at": MONDAY,
    }
    return incoming_ticket({**plain, **fields}, RED_HAT.vocabulary)


@pytest.fixture
def red_hat(desk: Desk) -> Desk:
    """Return a desk by Red Hat's policy: an urgent case is updated every hour, unless pending."""
    desk.policy.adopt(RED_HAT)
    desk.transfer.take_in([case(1), case(2, severity=2), case(3, tier="standard")])
    return desk


def found(desk: Desk, typed: str) -> set[int]:
    query = parse_query(typed, desk.policy.words(), Scope.ALL)
    return {each.id for each in desk.queue.page(query, 0, None)}


class Journey:
    """Does one thing after the other to case 1, and looks at everything each time."""

    def __init__(self, desk: Desk, clock: Clock, address: str) -> None:
        self.desk, self.clock, self.address = desk, clock, address
        self.before: list[tuple[Ticket, object]] = []

    def step(self, minutes: int, does: Callable[[int], object]) -> Ticket:
        self.clock.advance(minutes=minutes)
        self.before.append((self.desk.tickets.get(1), self.clock()))
        does(1)
        return self.looked_at()

    def looked_at(self) -> Ticket:
        check(self.desk, self.address)
        assert self.desk.transfer.problems() == []
        return self.desk.tickets.get(1)


def test_an_update_runs_stands_still_goes_on_and_is_late(
    red_hat: Desk, clock: Clock, address: str
) -> None:
    desk, journey = red_hat, Journey(red_hat, clock, address)
    answered = journey.step(30, desk.tickets.reply)
    assert answered.respond_by == answered.update_by == MONDAY + 90 * MINUTE
    assert (answered.owed, answered.aim_by) == (False, None)

    rests = journey.step(10, lambda number: desk.tickets.set_status(number, Status.PENDING))
    assert (rests.update_by, rests.respond_by, rests.actionable) == (None, None, False)
    assert rests.paused == (Pause(MONDAY + 40 * MINUTE, None),)
    assert desk.queue.position(1) is None

    goes_on = journey.step(300, lambda number: desk.tickets.set_status(number, Status.OPEN))
    assert goes_on.update_by == MONDAY + 340 * MINUTE + 50 * MINUTE
    assert goes_on.paused == (Pause(MONDAY + 40 * MINUTE, MONDAY + 340 * MINUTE),)

    # Its clock does not stand still in this one, so that it is in the queue.
    held = journey.step(1, lambda number: desk.tickets.set_status(number, Status.ON_HOLD))
    assert held.update_by == goes_on.update_by
    assert desk.queue.position(1) is not None
    assert desk.tickets.card(1).next_step.sentence == (
        "Take it, and tell the customer how it stands: an update is due by 15:30."
    )
    assert desk.queue.explain(1).why.endswith(
        " It is on hold, and stands in the queue as an update is due by 15:30."
    )
    due = desk.queue.due_between(clock(), clock() + HOUR)
    assert 1 in {each.id for each in due}

    clock.advance(minutes=50)
    assert 1 in found(desk, "is:late")
    assert 1 not in found(desk, "-is:late")
    assert found(desk, "is:late") | found(desk, "-is:late") == {1, 2, 3}
    told = journey.step(0, desk.tickets.reply)
    assert told.update_by == clock() + HOUR  # as an answer begins it anew
    assert 1 not in found(desk, "is:late")

    past = PastDesk(desk.history.as_of(clock()), actor="mo")
    with closing(past):
        for stood, time in reversed(journey.before):
            past.step(forward=False)
            assert past.tickets.get(1) == stood, time
    for stood, _ in reversed(journey.before):
        desk.history.undo()
        now = journey.looked_at()
        assert now == replace(stood, version=now.version)
    for _ in journey.before:
        desk.history.redo()
    again = journey.looked_at()
    assert again == replace(told, version=again.version)


def test_solved_its_clocks_stand_still_and_go_on(red_hat: Desk, clock: Clock, address: str) -> None:
    journey = Journey(red_hat, clock, address)
    journey.step(30, red_hat.tickets.reply)
    solved = journey.step(10, lambda number: red_hat.tickets.set_status(number, Status.SOLVED))
    assert (solved.update_by, solved.resolve_by, solved.actionable) == (None, None, False)
    wrote = journey.step(48 * 60, red_hat.tickets.heard)
    assert wrote.update_by == clock() + 50 * MINUTE
    red_hat.history.undo()
    assert journey.looked_at().status is Status.SOLVED


def test_a_case_that_comes_pending_stands_still_since_our_answer(
    red_hat: Desk, clock: Clock, address: str
) -> None:
    times = {"first_response_at": MONDAY + 20 * MINUTE, "last_response_at": MONDAY + 30 * MINUTE}
    clock.advance(hours=3)
    red_hat.transfer.take_in([case(7, status="pending", **times), case(8, status="open", **times)])
    rests, runs = red_hat.tickets.get(4), red_hat.tickets.get(5)
    assert rests.paused == (Pause(MONDAY + 30 * MINUTE, None),)
    assert (runs.paused, runs.update_by) == ((), MONDAY + 90 * MINUTE)
    # What is told of it late happened when the customer wrote.
    clock.advance(hours=1)
    wrote = MONDAY + 3.5 * HOUR
    red_hat.transfer.take_in([case(7, last_customer_message_at=wrote)])
    goes_on = red_hat.tickets.get(4)
    assert goes_on.paused == (Pause(MONDAY + 30 * MINUTE, wrote),)
    assert goes_on.update_by == wrote + HOUR
    check(red_hat, address)
    assert red_hat.transfer.problems() == []


def test_a_resolution_goes_on_in_both_parts_of_a_case(
    desk: Desk, clock: Clock, address: str
) -> None:
    desk.policy.adopt(CLOCKS)
    desk.transfer.take_in([incoming(1, severity=1)])
    desk.tickets.reply(1, Status.PENDING)
    clock.advance(hours=5)
    part = desk.merging.split(1, "Another thing")
    desk.tickets.set_status(1, Status.OPEN)
    assert part.resolve_by == desk.tickets.get(1).resolve_by == clock() + 2 * HOUR
    into = desk.merging.merge(part.id, 1).into
    assert into.resolve_by == clock() + 2 * HOUR
    check(desk, address)
    assert desk.transfer.problems() == []


def worked(desk: Desk, clock: Clock) -> None:
    """Do at a desk by the handbook what lets clocks stand still by another policy."""
    desk.transfer.take_in([incoming(number, severity=1) for number in range(1, 5)])
    for number in (1, 2, 3):
        clock.advance(minutes=5)
        desk.tickets.reply(number, Status.PENDING)
    clock.advance(minutes=60)
    desk.tickets.set_status(2, Status.OPEN)
    desk.tickets.set_status(3, Status.ON_HOLD)
    desk.tickets.set_status(1, Status.OPEN)
    desk.history.undo()
    clock.advance(minutes=5)


def test_another_policy_lets_them_stand_still_from_the_beginning(
    desk: Desk, clock: Clock, address: str
) -> None:
    worked(desk, clock)
    first = desk.queue.page(EVERYTHING, 0, None)
    foreseen = desk.policy.difference(CLOCKS)
    desk.policy.adopt(CLOCKS)
    paused = {each.id: each.paused for each in desk.queue.page(EVERYTHING, 0, None)}
    assert paused == {
        1: (Pause(MONDAY + 5 * MINUTE, None),),  # as what was taken back never was
        2: (Pause(MONDAY + 10 * MINUTE, MONDAY + 75 * MINUTE),),
        3: (Pause(MONDAY + 15 * MINUTE, None),),
        4: (),
    }
    assert desk.tickets.get(2).update_by == MONDAY + 95 * MINUTE
    places = {move.ticket.id: move.after for move in foreseen.moves}
    assert all(desk.queue.position(number) == place for number, place in places.items())
    check(desk, address)
    assert desk.transfer.problems() == []
    desk.history.undo()
    for stood in first:
        now = desk.tickets.get(stood.id)
        assert now == replace(stood, version=now.version)
    check(desk, address)


def test_the_difference_says_who_joins_the_queue_and_leaves_it(desk: Desk, clock: Clock) -> None:
    worked(desk, clock)
    loud = load_rulebook(
        '[[contract]]\nwhen = {}\nfirst_response = "1h"\nupdate = "2h"\n', "loud.toml"
    )
    why = {move.ticket.id: move.why for move in desk.policy.difference(loud).moves}
    assert why[1] == "It is pending, and would be in the queue as an update would be due."
    assert why[3] == "It is on hold, and would be in the queue as an update would be due."
    desk.policy.adopt(loud)
    why = {move.ticket.id: move.why for move in desk.policy.difference(handbook()).moves}
    assert why[1] == "It is pending, and would leave the queue as no update would be due."


def test_a_desk_by_the_handbook_keeps_nothing_of_it(desk: Desk, clock: Clock, address: str) -> None:
    worked(desk, clock)
    database = Database(address)
    try:
        with database.read() as connection:
            rows = connection.execute(text("SELECT update_by, paused FROM ticket")).all()
            told = connection.execute(text("SELECT before, after FROM event")).all()
    finally:
        database.close()
    assert set(rows) == {(None, None)}
    assert not any("paused" in str(each) or "update_by" in str(each) for each in told)


def test_an_archive_and_a_backup_carry_it(red_hat: Desk, clock: Clock, tmp_path: Path) -> None:
    for number in (1, 2):
        clock.advance(minutes=5)
        red_hat.tickets.reply(number, Status.PENDING)
    clock.advance(hours=2)
    red_hat.tickets.set_status(1, Status.OPEN)
    stood = red_hat.queue.page(EVERYTHING, 0, None)
    assert any(each.paused for each in stood)
    with red_hat.transfer.archive() as archive:
        told = list(archive.records)
    with closing(Desk.open(str(tmp_path / "other.db"), actor="mo", clock=clock)) as other:
        other.transfer.take_back(lambda: told)
        assert other.queue.page(EVERYTHING, 0, None) == stood
        assert other.transfer.problems() == []
    red_hat.transfer.back_up(tmp_path / "backup.db")
    red_hat.tickets.reply(1)
    red_hat.transfer.restore(tmp_path / "backup.db")
    assert red_hat.queue.page(EVERYTHING, 0, None) == stood
    assert red_hat.transfer.problems() == []


class ClockMachine(RuleBasedStateMachine):
    """Does one thing after another to two tickets whose clocks stand still now and then.

    What is kept as they change is what their history tells, whatever is taken back.
    """

    new_address: Callable[[], str]

    @initialize()
    def open(self) -> None:
        self.clock = Clock()
        self.address = type(self).new_address()
        self.desk = Desk.open(self.address, actor="mo", clock=self.clock)
        self.desk.policy.adopt(CLOCKS)
        self.desk.transfer.take_in([incoming(1, severity=1), incoming(2)])

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()

    @rule(
        number=st.integers(1, 2),
        minutes=st.integers(0, 90),
        does=st.sampled_from([*Status, "reply", "heard", "undo", "undo", "redo", "told", "split"]),
        ago=st.none() | st.integers(0, 60),
    )
    def do(self, number: int, minutes: int, does: str, ago: int | None) -> None:
        self.clock.advance(minutes=minutes)
        try:
            self._done(number, does, ago)
        except Refusal:
            return
        self._agrees()

    def _done(self, number: int, does: str, ago: int | None) -> None:
        desk = self.desk
        if does in ("undo", "redo"):
            getattr(desk.history, does)()
        elif does in ("reply", "heard"):
            getattr(desk.tickets, does)(number)
        elif does == "told":
            wrote = None if ago is None else self.clock() - timedelta(minutes=ago)
            desk.transfer.take_in([incoming(number, last_customer_message_at=wrote)])
        elif does == "split":
            desk.merging.split(number, "A part", "")
        else:
            desk.tickets.set_status(number, Status(does))

    def _agrees(self) -> None:
        assert self.desk.transfer.problems() == []
        tickets = [
            each
            for each in self.desk.queue.page(EVERYTHING, 0, None)
            if each.status not in DECIDED_STATUSES
        ]
        database = Database(self.address)
        try:
            with database.read() as connection:
                ids = [each.id for each in tickets]
                told = past_pauses(connection, ids, CLOCKS.pauses_in or frozenset())
        finally:
            database.close()
        assert {each.id: each.paused for each in tickets} == {each: told[each] for each in ids}


def run(new_address: Callable[[], str], examples: int) -> None:
    machine = type("Machine", (ClockMachine,), {"new_address": staticmethod(new_address)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_is_kept_is_what_the_history_tells_in_a_file(tmp_path: Path, empty_file: Path) -> None:
    def new_address() -> str:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        return str(shutil.copy(empty_file, folder / "desk.db"))

    run(new_address, examples=25)


def test_what_is_kept_is_what_the_history_tells_on_a_server(postgres: PostgresServer) -> None:
    run(postgres.new_schema, examples=3)

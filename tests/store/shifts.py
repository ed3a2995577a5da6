"""Run as a program: many shifts of people of several roles, after each step of which nobody hides.

"No status, person, merge or source hides a customer who waits. This holds after every change by
anyone": whoever waits by a record kept beside the desk is owed an answer and stands in the queue.
"""

import argparse
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Connection, text

from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from policy.roster.team_file import MemberEntry
from policy.ticket import Ticket
from policy.tickets.sources import SourceWord, is_overtaken
from policy.words import DECIDED_STATUSES, OpenedBy, Status
from store.desk import Desk
from store.queue.query import Query
from store.read_models import Event
from tests.conversations import TELLS, There
from tests.examples import TIERS, incoming
from tests.store.checking import EVERYTHING, check
from tests.store.clock import Clock
from tests.store.doings import DOINGS, LOGINS, TEAMS, Draw
from tests.store.postgres_server import PostgresServer
from tests.store.who_waits import Waiting

THEIRS: Final = st.integers(1, 6)
"""The tickets that the source has."""

REASONS: Final = st.sampled_from(["", "They found it themselves."])
PASSING: Final = st.sampled_from([1, 1, 1, 1, 5, 5, 20, 20, 60, 60, 73 * 60])
"""So many minutes pass between one step and the next; seldom as many as close what is solved."""

HALF: Final = timedelta(seconds=30)
"""So far is the source's clock apart from ours, at least: no instant is the same in both."""

OF_THE_WORD: Final = {each.name for each in fields(SourceWord)} - {"received_at"}
BESIDE: Final = sorted(
    DOINGS.keys()
    - {"take_in", "open_ticket", "reply", "heard", "set_status", "set_status_each", "hand_over"}
    - {"merge", "split", "undo", "redo"}
)
"""What people do that says nothing of who waits."""


Kept = TypeVar("Kept")


@dataclass
class Known:
    """Who waits, by the numbers of the tickets, and what their source said last."""

    waiting: dict[int, Waiting] = field(default_factory=dict)
    words: dict[int, SourceWord] = field(default_factory=dict)

    def put_back(self, number: int, before: "Known") -> None:
        """Let a ticket be as it was before: what made it so was taken back."""
        _put_back(number, self.waiting, before.waiting)
        _put_back(number, self.words, before.words)


def _put_back(number: int, now: dict[int, Kept], then: Mapping[int, Kept]) -> None:
    now.pop(number, None)
    if number in then:
        now[number] = deepcopy(then[number])


class NobodyHidden(RuleBasedStateMachine):
    """Does one thing after another, here and at the source, and looks for whoever waits unseen."""

    new_address: Callable[[], str]
    done: ClassVar[Counter[str]]

    @initialize(members=st.sampled_from([None, *TEAMS]))
    def open(self, members: tuple[MemberEntry, ...] | None) -> None:
        self.clock = Clock()
        self.address = type(self).new_address()
        self.desks = {
            login: Desk.open(self.address, actor=login, clock=self.clock) for login in LOGINS
        }
        self.lee = self.desks["lee"]
        if members is not None:
            self.lee.team.import_members(members)
        self.known = Known()
        self.before_action: dict[int, Known] = {}
        self.there: dict[int, There] = {}
        self.pages: list[list[IncomingTicket]] = []
        for number in (1, 2, 3, 6):
            self.there[number] = There(
                skew=HALF,
                tells="all",
                reopens=number > 1,
                status=Status.NEW,
                received_at=self.clock.now,
            )
        page = [self._told(number, "all") for number in self.there]
        self.pages.append(page)
        self._take_in(self.lee, page)
        self.before_action = dict.fromkeys(self._actions_since(0), Known())

    @rule(
        login=st.sampled_from(["lee", "lee", "early1", "early1", *LOGINS]),
        what=st.sampled_from(
            ["read"] * 5 + ["read_an_older_page"] + ["reply"] * 3 + ["heard"] * 2
            + ["set_status"] * 4 + ["set_status_each"] * 2 + ["merge"] * 2 + ["split"]
            + ["open_ticket"] + ["undo"] * 2 + ["redo"] + ["hand_over"] * 2 + ["close_due"]
            + ["beside"] * 6
        ),
        elsewhere=st.lists(
            st.tuples(
                THEIRS,
                st.sampled_from(["message", "message", "answer", "status", "merge"]),
                st.sampled_from(Status),
            ),
            max_size=3,
        ),
        minutes=PASSING,
        data=st.data(),
    )  # fmt: skip
    def do(
        self,
        login: str,
        what: str,
        elsewhere: Sequence[tuple[int, str, Status]],
        minutes: int,
        data: st.DataObject,
    ) -> None:
        for number, happens, status in elsewhere:
            self.clock.advance(minutes=1)
            self._happen_there(number, happens, status, data.draw)
        self.clock.advance(minutes=minutes)
        desk = self.desks[login]
        self.done["steps"] += 1
        before, revision = deepcopy(self.known), self.lee.history.revision()
        last = self._last_action()
        try:
            getattr(self, f"_{what}")(desk, data.draw)
            self.done["done"] += 1
            self.done[what] += 1
        except Refusal as refusal:
            if refusal.__cause__ is not None:  # the database's own, and no decision
                raise
            assert self.lee.history.revision() == revision
            self.known = before
            self.done["refused"] += 1
            self.done[f"{what} refused"] += 1
        for action in self._actions_since(last):
            self.before_action.setdefault(action, before)
        self._nobody_is_hidden()

    # What happens elsewhere

    def _happen_there(self, number: int, happens: str, status: Status, draw: Draw[Any]) -> None:
        """Let something happen at the source: whatever happens to what is not there makes it."""
        now = self.clock.now
        if number not in self.there:
            self.there[number] = There(
                skew=draw(st.integers(-2, 2)) * timedelta(minutes=1) + HALF,
                tells="all",
                reopens=draw(st.booleans()),
                status=draw(st.sampled_from([Status.NEW, Status.NEW, *Status])),
                received_at=now,
                updated_at=now,
            )
        elif happens == "merge":
            self._merge_there(number, draw(THEIRS), now)
        else:
            self.there[number].happen(happens, status, now)

    def _merge_there(self, number: int, into: int, now: datetime) -> None:
        """Close a ticket at the source and let what its customer wrote stand in the other one."""
        if into == number or into not in self.there:
            return
        duplicate = self.there[number]
        duplicate.happen("status", Status.CLOSED, now)
        self.there[into].happen("message", Status.OPEN, now)

    # What people do

    def _read(self, desk: Desk, draw: Draw[Any]) -> None:
        theirs = st.sampled_from(sorted(self.there))
        numbers = draw(st.lists(theirs, min_size=1, max_size=4, unique=True))
        tells = draw(st.sampled_from([*TELLS, "all", "no status"]))
        page = [self._told(number, tells) for number in numbers]
        self.pages.append(page)
        self._take_in(desk, page)

    def _read_an_older_page(self, desk: Desk, draw: Draw[Any]) -> None:
        if self.pages:
            self._take_in(desk, draw(st.sampled_from(self.pages)))

    def _told(self, number: int, tells: str) -> IncomingTicket:
        there = self.there[number]
        status = {} if tells == "no status" else {"status": there.status}
        times = {} if tells == "no status" else there.times(tells)
        first = times.get("first_response_at")
        if first is not None and first < there.received_at:
            raise AssertionError(there)
        tier = "internal" if number == 6 else list(TIERS)[number % 3]
        return incoming(
            number, tier=tier, severity=number % 4, opened_by=OpenedBy.CE,
            received_at=there.received_at, **status, **times,
        )  # fmt: skip

    def _take_in(self, desk: Desk, page: Sequence[IncomingTicket]) -> None:
        closed = {each.id for each in self._tickets() if each.status is Status.CLOSED}
        foreseen = desk.transfer.take_in(page, dry_run=True)
        assert desk.transfer.take_in(page) == foreseen
        known = {(each.source, each.external_id): each for each in self._tickets()}
        for told in page:
            ticket = known[told.source, told.external_id]
            self._take_down(ticket, told, closed)

    def _take_down(self, ticket: Ticket, told: IncomingTicket, closed: set[int]) -> None:
        """Take down what a source says, in the ticket in which its own goes on."""
        spoken = {name: getattr(told, name) for name in OF_THE_WORD & told.spoken}
        before = self.known.words.get(ticket.id)
        if before is None:
            nothing_yet = SourceWord(received_at=told.received_at)
            said = replace(nothing_yet, **spoken)
            self.known.words[ticket.id] = said
            waiting = self.known.waiting[ticket.id] = Waiting({told.received_at})
            waiting.read(said, nothing_yet, is_closed=False, now=self.clock.now)
            return
        said = replace(before, received_at=told.received_at, **spoken)
        if said == before or is_overtaken(said.updated_at, before.updated_at):
            return
        self.known.words[ticket.id] = said
        live, is_merged = ticket, False
        while live.id in self.known.waiting and (further := self._next_of(live)) is not None:
            is_merged = is_merged or live.merged_into is not None
            if further.id not in self.known.waiting:
                break
            live = further
        waiting = self.known.waiting[live.id]
        if not is_merged:
            waiting.read(said, before, live.id in closed, self.clock.now)
        elif said.last_customer_message_at not in (None, before.last_customer_message_at):
            waiting.wrote(said.last_customer_message_at)
        if not is_merged and said.status is Status.CLOSED is not before.status:
            closed.add(live.id)
        elif live.id in closed and waiting.messages:
            self._follow_up(live, waiting)

    def _follow_up(self, closed: Ticket, waiting: Waiting) -> None:
        """Let whoever wrote to what was closed here wait in a ticket of its own."""
        stands = self.lee.tickets.get(closed.id)
        assert stands.continued_in is not None, stands
        assert self.lee.tickets.get(stands.continued_in).split_from == closed.id
        self.known.waiting[stands.continued_in] = Waiting(waiting.messages)
        waiting.messages = set()

    def _next_of(self, ticket: Ticket) -> Ticket | None:
        number = ticket.continued_in or ticket.merged_into
        return None if number is None else self.lee.tickets.get(number)

    def _reply(self, desk: Desk, draw: Draw[Any]) -> None:
        number, status = self._some(draw), draw(st.none() | st.sampled_from(Status))
        desk.tickets.reply(number, status)
        self.known.waiting[number].answered(self.clock.now)

    def _heard(self, desk: Desk, draw: Draw[Any]) -> None:
        opened = desk.tickets.heard(self._some(draw))
        self.known.waiting.setdefault(opened.id, Waiting()).heard(self.clock.now)

    def _set_status(self, desk: Desk, draw: Draw[Any]) -> None:
        number, status = self._some(draw), draw(st.sampled_from(Status))
        was = desk.tickets.get(number)
        desk.tickets.set_status(number, status, unanswered=draw(REASONS))
        self._put(was, status)

    def _set_status_each(self, desk: Desk, draw: Draw[Any]) -> None:
        numbers = [self._some(draw) for _ in range(draw(st.integers(1, 3)))]
        status, reason = draw(st.sampled_from(Status)), draw(REASONS)
        were = [desk.tickets.get(number) for number in numbers]
        desk.tickets.set_status_each(numbers, status, unanswered=reason)
        for was in were:
            self._put(was, status)

    def _put(self, was: Ticket, status: Status) -> None:
        if status in DECIDED_STATUSES and status is not was.status:
            self.known.waiting[was.id].settled(self.clock.now)

    def _hand_over(self, desk: Desk, draw: Draw[Any]) -> None:
        number, is_answered = self._some(draw), draw(st.integers(0, 3)) > 0
        was = desk.tickets.get(number)
        names = self.lee.policy.rulebook().engineering.context
        with desk.transaction(), desk.one_action():
            desk.engineering.fill_context(number, dict.fromkeys(names, "So."))
            if is_answered:
                desk.tickets.reply(number)
                self.known.waiting[number].answered(self.clock.now)
            if was.priority in ("p0", "p1"):
                desk.engineering.escalate(number, cannot_wait=False)
            desk.engineering.hand_over(number)

    def _merge(self, desk: Desk, draw: Draw[Any]) -> None:
        number, into = self._some(draw), self._some(draw)
        was = desk.tickets.get(number)
        both = desk.merging.merge(number, into)
        waiting = self.known.waiting[number]
        if was.owed:
            self.known.waiting[into].merged_here(waiting)
            assert both.into.owed, "who waited in the one waits in the other"
        waiting.messages = set()

    def _split(self, desk: Desk, draw: Draw[Any]) -> None:
        number = self._some(draw)
        part = desk.merging.split(number, "A part", draw(st.sampled_from(["", "It."])))
        whole = self.known.waiting[number]
        self.known.waiting[part.id] = replace(whole, messages=whole.messages or {self.clock.now})

    def _open_ticket(self, desk: Desk, draw: Draw[Any]) -> None:
        tier = draw(st.sampled_from(["enterprise", "presales"]))
        told = incoming(1, tier=tier, opened_by=OpenedBy.CE, received_at=self.clock.now)
        opened = desk.tickets.open_ticket(told)
        self.known.waiting[opened.id] = Waiting({self.clock.now})

    def _close_due(self, desk: Desk, draw: Draw[Any]) -> None:
        desk.tickets.close_due(draw(st.integers(1, 3)))

    def _undo(self, desk: Desk, draw: Draw[Any]) -> None:
        self._put_back(desk.history.undo())
        if draw(st.booleans()):
            self._put_back(desk.history.redo())
            self.done["redo"] += 1

    def _redo(self, desk: Desk, _: Draw[Any]) -> None:
        self._put_back(desk.history.redo())

    def _put_back(self, taken_back: Sequence[Event]) -> None:
        """Let the tickets of an action that was reversed be as they were before it."""
        with self._database() as connection:
            last = text("SELECT id, undoes FROM action WHERE undoes > 0 ORDER BY id DESC LIMIT 1")
            reversal = connection.execute(last).one()
        self.before_action[reversal.id] = deepcopy(self.known)
        for number in {each.ticket for each in taken_back if each.ticket is not None}:
            self.known.put_back(number, self.before_action[reversal.undoes])

    def _beside(self, desk: Desk, draw: Draw[Any]) -> None:
        DOINGS[draw(st.sampled_from(BESIDE))](desk, draw)

    # What holds after every step

    def _nobody_is_hidden(self) -> None:
        tickets, queue = self._tickets(), self.lee.queue.page(Query(), 0, None)
        unknown = {each.id for each in tickets} ^ self.known.waiting.keys()
        assert not unknown, [each for each in tickets if each.id in unknown] or unknown
        places = {each.id: place for place, each in enumerate(queue, 1)}
        for each in tickets:
            waiting = self.known.waiting[each.id]
            counts = each.declined is None and each.tier != "internal"
            if counts and each.merged_into is None:
                assert each.owed or not waiting.messages, (each, waiting)
                if waiting.is_exact:
                    assert each.owed is bool(waiting.messages), (each, waiting)
                    assert each.waiting_since is None or each.waiting_since in waiting.messages
            else:
                assert not each.owed, each
            if each.owed:
                assert each.status not in DECIDED_STATUSES, each
                assert places.get(each.id) == self.lee.queue.position(each.id)
                assert each.id in places, each
                self.done["owed"] += 1
                self.done["owed and parked"] += each.parked
            if each.merged_into is not None:
                assert not waiting.messages
                assert each.status is Status.CLOSED

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        try:
            assert not (found := self.lee.transfer.problems()), found
            self.lee.tickets.close_due(1_000)  # so that the history tells all that readings say
            check(self.lee, self.address)
            assert not (found := self.lee.transfer.problems()), found
            self.done["shifts"] += 1
        finally:
            for desk in self.desks.values():
                desk.close()

    def _some(self, draw: Draw[Any]) -> int:
        """Return the number of a ticket that people do something to."""
        tickets = self._tickets()
        open_still = [each for each in tickets if each.status is not Status.CLOSED]
        some = open_still if open_still and draw(st.integers(0, 5)) else tickets
        number: int = draw(st.sampled_from(sorted(each.id for each in some) or [1]))
        return number

    def _tickets(self) -> tuple[Ticket, ...]:
        return self.lee.queue.page(EVERYTHING, 0, None)

    @contextmanager
    def _database(self) -> Iterator[Connection]:
        with self.lee._session.database.read() as connection:
            yield connection

    def _last_action(self) -> int:
        with self._database() as connection:
            return max(connection.scalars(text("SELECT max(id) FROM action"))) or 0

    def _actions_since(self, last: int) -> list[int]:
        with self._database() as connection:
            query = text("SELECT id FROM action WHERE id > :last AND undoable")
            return list(connection.scalars(query, {"last": last}))


def run(
    new_address: Callable[[], str],
    shifts: int,
    steps: int,
    *,
    numbered: int | None = None,
    shortens: bool = True,
) -> Counter[str]:
    """Run so many shifts of so many steps, and count what was done; ``numbered`` seeds the chance.

    Raises AssertionError when somebody is hidden, with the shift in which it happens; ``shortens``
    makes the shortest of that, which takes minutes.
    """
    done = Counter[str]()
    machine = type(
        "Machine", (NobodyHidden,), {"new_address": staticmethod(new_address), "done": done}
    )
    if numbered is not None:
        machine = seed(numbered)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=shifts,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if shortens else (Phase.generate,),
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return done


@contextmanager
def files(folder: Path) -> Iterator[Callable[[], str]]:
    """Give what makes empty database files in a folder."""
    template = folder / "template.db"
    Desk.open(str(template), actor="lee").close()

    def new_address() -> str:
        return str(shutil.copy(template, Path(tempfile.mkdtemp(dir=folder)) / "desk.db"))

    yield new_address


@contextmanager
def _engine(name: str) -> Iterator[Callable[[], str]]:
    with tempfile.TemporaryDirectory() as folder:
        if name == "sqlite":
            with files(Path(folder)) as new_address:
                yield new_address
            return
        with PostgresServer() as server:
            yield server.new_schema


def main() -> None:
    """Run what the command line asks for, and print what was done and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--shifts", type=int, default=100)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--shorten", action="store_true", help="find the shortest shift that fails")
    asked = parser.parse_args()
    start = time.monotonic()
    with _engine(asked.engine) as new_address:
        done = run(
            new_address,
            asked.shifts,
            asked.steps,
            numbered=asked.seed,
            shortens=asked.shorten,
        )
    took = time.monotonic() - start
    counted = ", ".join(f"{number:,} {name}" for name, number in sorted(done.items()))
    print(f"{asked.engine}: nobody is hidden; {counted}; {took:,.0f} s")


if __name__ == "__main__":
    main()

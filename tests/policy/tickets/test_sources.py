"""What a source says of a conversation, against a plain record of who wrote when."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.ticket import HandOver, Ticket
from policy.tickets.actions import heard, latest, replied, with_status
from policy.tickets.sources import (
    SourceWord,
    came_in,
    is_overtaken,
    told_by_source,
    written_to,
)
from policy.words import DECIDED_STATUSES, Status
from tests.conversations import There
from tests.examples import MONDAY, deviation, ticket

MINUTE = timedelta(minutes=1)
HALF = timedelta(seconds=30)
"""So far is the clock there apart from ours, at least: nothing happens at one instant in both."""
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]


def at(minute: int) -> datetime:
    """Return a time so many minutes after the ticket was received."""
    return MONDAY + minute * MINUTE


@dataclass
class Record:
    """Who wrote, answered or settled when, as far as that is known here: lists, and no more."""

    messages: list[datetime] = field(default_factory=lambda: [MONDAY])
    ends: list[datetime] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether the customer wrote after all that answered or settled anything."""
        return all(max(self.messages) > end for end in self.ends)

    @property
    def unanswered(self) -> list[datetime]:
        """The messages that nothing was said to, oldest first."""
        end = max(self.ends, default=datetime.min.replace(tzinfo=MONDAY.tzinfo))
        return sorted(each for each in self.messages if each > end)

    def read(self, said: SourceWord, before: SourceWord, stands: Status, now: datetime) -> None:
        """Take down what a source says of a ticket in a status here that it had not said before."""
        written = said.last_customer_message_at
        if written is not None and written != before.last_customer_message_at:
            self.messages.append(written)
        answers = {said.first_response_at, said.last_response_at}
        known = {before.first_response_at, before.last_response_at, None}
        self.ends += [each for each in answers - known if each is not None]
        solved_again = said.status is before.status is Status.SOLVED and (
            before.solved_at is not None
            and said.solved_at is not None
            and said.solved_at > before.solved_at
        )
        anew = said.status is not before.status or solved_again
        closed_for_good = stands is Status.CLOSED and said.status is Status.CLOSED
        if (anew and said.status in DECIDED_STATUSES) or closed_for_good:
            is_dated = said.status is Status.SOLVED and said.solved_at is not None
            solved_at = said.solved_at if is_dated else None
            end = max(now, *self.messages, *self.ends) if solved_at is None else solved_at
            self.ends.append(max(end, MONDAY))

    def heard(self, now: datetime) -> None:
        """Take down that the customer wrote just now, so after all that is known, however dated."""
        self.messages.append(now)
        self.ends = [min(each, now - timedelta.resolution) for each in self.ends]


# A ticket that comes for the first time


@pytest.mark.parametrize(
    ("first", "last", "message", "since"),
    [
        (None, None, None, 0),
        (None, None, 7, 0),
        (3, None, None, None),
        (3, None, 2, None),
        (3, None, 3, None),
        (3, None, 7, 7),
        (3, 5, None, None),
        (3, 5, 4, None),
        (3, 5, 5, None),
        (3, 5, 7, 7),
        (None, 5, None, None),
        (None, 5, 4, None),
        (None, 5, 7, 7),
    ],
)
@pytest.mark.parametrize("status", [each for each in Status if each not in DECIDED_STATUSES])
def test_since_when_the_customer_of_a_ticket_that_comes_in_waits(
    status: Status, first: int | None, last: int | None, message: int | None, since: int | None
) -> None:
    said = SourceWord(
        received_at=MONDAY,
        status=status,
        first_response_at=None if first is None else at(first),
        last_response_at=None if last is None else at(last),
        last_customer_message_at=None if message is None else at(message),
    )
    came = came_in(ticket(status=status), said, at(60))
    was_answered = first is not None or last is not None
    assert came.status is (Status.OPEN if status is Status.NEW and was_answered else status)
    assert came.waiting_since == (None if since is None else at(since))
    assert came.owed is (since is not None)
    assert came.actionable or not came.owed
    assert came.last_response_at == (at(max(first or 0, last or 0)) if was_answered else None)
    assert (came.first_response_at is not None) is was_answered


@pytest.mark.parametrize("answered", [None, 3])
@pytest.mark.parametrize("message", [None, 2, 7])
@pytest.mark.parametrize("solved_at", [None, 5])
@pytest.mark.parametrize("status", sorted(DECIDED_STATUSES))
def test_what_comes_in_as_done_with_settles_whoever_had_written_before(
    status: Status, solved_at: int | None, message: int | None, answered: int | None
) -> None:
    said = SourceWord(
        received_at=MONDAY,
        status=status,
        last_response_at=None if answered is None else at(answered),
        last_customer_message_at=None if message is None else at(message),
        solved_at=None if solved_at is None else at(solved_at),
    )
    came = came_in(ticket(status=status), said, at(60))
    if status is Status.SOLVED and solved_at == 5 and message == 7:
        assert (came.status, came.waiting_since, came.solved_at) == (Status.OPEN, at(7), None)
    else:
        assert (came.status, came.owed) == (status, False)
        assert came.solved_at == (at(60) if solved_at is None else at(solved_at))
        is_answered = answered is not None and (message is None or message <= answered)
        assert (came.settled_at is None) is is_answered


# Every status, what is said of it, and who wrote last


@dataclass(frozen=True)
class Case:
    """How a ticket stands here, and what its source says after it had said something else."""

    stands: Status
    was: Status
    says: Status | None
    answered: str
    wrote: str

    @property
    def here(self) -> Ticket:
        """The ticket as it stands: received at 0, answered at 10 or settled."""
        over = self.stands in DECIDED_STATUSES
        answer = at(10) if self.answered in ("here", "there") else None
        return ticket(
            status=self.stands,
            first_response_at=answer,
            last_response_at=answer,
            waiting_since=None if answer or over else MONDAY,
            settled_at=at(10) if over and answer is None else None,
            solved_at=at(10) if over else None,
        )

    @property
    def before(self) -> SourceWord:
        """What the source said last."""
        answer = at(10) if self.answered == "there" else None
        return SourceWord(
            received_at=MONDAY, status=self.was, first_response_at=answer, last_response_at=answer
        )

    @property
    def said(self) -> SourceWord:
        """What it says now, at 60."""
        return replace(
            self.before,
            status=self.says,
            last_customer_message_at={
                "nobody": None,
                "before the answer": at(5),
                "after the answer": at(20),
                "and was answered there": at(20),
            }[self.wrote],
            last_response_at=(
                at(30) if self.wrote == "and was answered there" else self.before.last_response_at
            ),
        )

    def expected_status(self, record: Record) -> Status:
        """Return the status that the design gives it."""
        if self.stands is Status.CLOSED:
            return Status.CLOSED
        anew = self.says is not None and self.says is not self.was
        put = self.says if anew and self.says is not None else self.stands
        has_new_message = self.wrote not in ("nobody", "and was answered there")
        was_answered = self.answered != "never" or self.wrote == "and was answered there"
        if put is Status.NEW:
            return Status.OPEN if was_answered else Status.NEW
        return Status.OPEN if record.waits and has_new_message else put


CASES = [
    Case(*each)
    for each in product(
        Status,
        Status,
        [None, *Status],
        ["never", "here", "there"],
        ["nobody", "before the answer", "after the answer", "and was answered there"],
    )
    if not (each[0] is Status.NEW and each[3] != "never")
]


@pytest.mark.parametrize("stands", Status)
def test_every_word_leaves_whoever_waits_in_the_queue(stands: Status) -> None:
    for case in (each for each in CASES if each.stands is stands):
        record = Record()
        if case.answered != "never" or stands in DECIDED_STATUSES:
            record.ends.append(at(10))
        record.read(case.said, case.before, stands, at(60))
        told = told_by_source(case.here, case.said, case.before, at(60))
        assert told.owed is record.waits, case
        assert told.waiting_since == next(iter(record.unanswered), None), case
        assert told.status is case.expected_status(record), case
        if told.owed and stands is not Status.CLOSED:
            assert told.actionable, case
        assert told_by_source(told, case.said, case.said, at(70)) == told, case


@pytest.mark.parametrize("stands", Status)
@pytest.mark.parametrize("says", Status)
@pytest.mark.parametrize("answered", ["never", "here"])
def test_the_same_word_again_changes_nothing(stands: Status, says: Status, answered: str) -> None:
    case = Case(stands, says, says, answered, "nobody")
    if stands is Status.NEW and answered == "here":
        case = replace(case, answered="never")
    assert told_by_source(case.here, case.before, case.before, at(60)) == case.here


# What a word changes of what was done here


def test_the_sources_silence_never_undoes_an_answer_given_elsewhere() -> None:
    word = SourceWord(received_at=MONDAY, status=Status.OPEN, last_customer_message_at=at(5))
    answered = replied(came_in(ticket(status=Status.OPEN), word, at(10)), at(20), Status.PENDING)
    read = told_by_source(answered, replace(word, updated_at=at(15)), word, at(30))
    assert (read.status, read.owed, read.last_response_at) == (Status.PENDING, False, at(20))
    older = told_by_source(read, replace(word, last_customer_message_at=at(19)), word, at(30))
    assert (older.owed, older.status) == (False, Status.PENDING)
    newer = told_by_source(read, replace(word, last_customer_message_at=at(21)), word, at(30))
    assert (newer.waiting_since, newer.status) == (at(21), Status.OPEN)


@pytest.mark.parametrize("wrote", [None, 5])
def test_an_answer_taken_back_makes_nobody_wait_in_what_is_closed_here(wrote: int | None) -> None:
    written = None if wrote is None else at(wrote)
    before = SourceWord(
        received_at=MONDAY,
        status=Status.PENDING,
        last_response_at=at(10),
        last_customer_message_at=written,
    )
    closed = with_status(
        came_in(ticket(status=Status.PENDING), before, at(20)), Status.CLOSED, at(20)
    )
    taken_back = replace(before, last_response_at=None)
    read = told_by_source(closed, taken_back, before, at(30))
    assert (read.owed, read.first_response_at, read.last_response_at) == (False, at(10), at(10))
    told_again = told_by_source(
        read, replace(taken_back, last_customer_message_at=at(25)), taken_back, at(30)
    )
    assert (told_again.owed, told_again.waiting_since) == (True, at(25))


def test_an_answer_that_the_source_takes_back_is_owed_again() -> None:
    answered = SourceWord(received_at=MONDAY, status=Status.PENDING, last_response_at=at(10))
    here = came_in(ticket(status=Status.PENDING), answered, at(20))
    assert not here.owed
    taken_back = told_by_source(here, replace(answered, last_response_at=None), answered, at(30))
    assert (taken_back.waiting_since, taken_back.actionable) == (MONDAY, True)
    assert (taken_back.first_response_at, taken_back.last_response_at) == (None, None)


def test_an_answer_there_is_the_first_response_where_nothing_else_was_one() -> None:
    """A ticket that goes on from a closed one was never answered, though its source answered."""
    before = SourceWord(
        received_at=MONDAY, status=Status.OPEN, first_response_at=at(10), last_response_at=at(10)
    )
    goes_on = ticket(received_at=at(20), waiting_since=at(20))
    read = told_by_source(goes_on, replace(before, last_response_at=at(30)), before, at(40))
    assert (read.first_response_at, read.last_response_at) == (at(30), at(30))
    assert (read.waiting_since, read.status) == (None, Status.OPEN)


@pytest.mark.parametrize("stands", Status)
def test_solved_again_there_settles_what_was_written_in_between(stands: Status) -> None:
    before = SourceWord(
        received_at=MONDAY, status=Status.SOLVED, last_response_at=at(10), solved_at=at(10)
    )
    said = replace(before, last_customer_message_at=at(20), solved_at=at(30))
    here = ticket(
        status=stands,
        first_response_at=at(10),
        last_response_at=at(10),
        waiting_since=None,
        solved_at=at(10) if stands in DECIDED_STATUSES else None,
    )
    read = told_by_source(here, said, before, at(40))
    assert read.status is (Status.CLOSED if stands is Status.CLOSED else Status.SOLVED)
    assert (read.owed, read.settled_at) == (False, at(30))


@pytest.mark.parametrize("solved_at", [None, at(30)])
def test_what_was_closed_here_and_is_solved_there_makes_nobody_wait(
    solved_at: datetime | None,
) -> None:
    before = SourceWord(received_at=MONDAY, status=Status.OPEN, last_response_at=at(10))
    closed = ticket(
        status=Status.CLOSED, first_response_at=at(10), last_response_at=at(10), waiting_since=None
    )
    said = replace(
        before, status=Status.SOLVED, last_customer_message_at=at(20), solved_at=solved_at
    )
    assert not told_by_source(closed, said, before, at(40)).owed
    later = replace(said, last_customer_message_at=at(35))
    waits = told_by_source(closed, later, before, at(40)).owed
    assert waits is (solved_at is not None)


@pytest.mark.parametrize("said", [each for each in Status if each is not Status.CLOSED])
def test_a_close_is_for_good_against_sources(said: Status) -> None:
    before = SourceWord(received_at=MONDAY, status=Status.PENDING, last_response_at=at(10))
    closed = ticket(
        status=Status.CLOSED, first_response_at=at(10), last_response_at=at(10), waiting_since=None
    )
    read = told_by_source(closed, replace(before, status=said), before, at(60))
    assert (read.status, read.owed, read.actionable) == (Status.CLOSED, False, False)


@pytest.mark.parametrize(("minute", "opens"), [(10, True), (9, False)])
def test_open_alone_says_that_it_is_our_step_where_it_was_changed_there_last(
    minute: int, opens: bool
) -> None:
    before = SourceWord(received_at=MONDAY, status=Status.OPEN, updated_at=at(1))
    here = with_status(replied(ticket(), at(10)), Status.PENDING, at(10))
    read = told_by_source(here, replace(before, updated_at=at(minute)), before, at(60))
    assert read.status is (Status.OPEN if opens else Status.PENDING)


@pytest.mark.parametrize(
    ("updated", "before", "overtaken"),
    [(9, 10, True), (10, 10, False), (11, 10, False), (None, 10, False), (9, None, False)],
)
def test_an_older_word_is_told_by_when_the_source_changed_the_ticket(
    updated: int | None, before: int | None, overtaken: bool
) -> None:
    said, known = (None if each is None else at(each) for each in (updated, before))
    assert is_overtaken(said, known) is overtaken


def test_an_answer_there_ends_what_lasts_until_answered() -> None:
    before = SourceWord(received_at=MONDAY, status=Status.OPEN)
    here = came_in(ticket(status=Status.OPEN, deviation=deviation()), before, at(1))
    read = told_by_source(here, replace(before, last_response_at=at(5)), before, at(60))
    assert (read.deviation, read.owed) == (None, False)
    unchanged = told_by_source(here, replace(before, updated_at=at(5)), before, at(60))
    assert unchanged.deviation == deviation()


@pytest.mark.parametrize("says", [each for each in Status if each is not Status.NEW])
def test_engineering_keeps_what_is_open_or_on_hold_there(says: Status) -> None:
    before = SourceWord(received_at=MONDAY, status=Status.NEW, last_response_at=at(1))
    resting = ticket(
        status=Status.ON_HOLD,
        first_response_at=at(1),
        last_response_at=at(1),
        waiting_since=None,
        handed_over=HandOver(by="mo", at=at(2)),
    )
    read = told_by_source(resting, replace(before, status=says), before, at(60))
    assert (read.handed_over is not None) is (says in (Status.OPEN, Status.ON_HOLD))


# A message in a ticket that was merged


@pytest.mark.parametrize("stands", NOT_CLOSED)
@pytest.mark.parametrize("answered", [None, 10])
@pytest.mark.parametrize("settled", [None, 15])
@pytest.mark.parametrize("minute", [5, 10, 15, 20])
def test_a_message_in_a_merged_ticket_wakes_the_one_it_went_into(
    stands: Status, answered: int | None, settled: int | None, minute: int
) -> None:
    ends = [each for each in (answered, settled) if each is not None]
    into = ticket(
        status=stands,
        first_response_at=None if answered is None else at(answered),
        last_response_at=None if answered is None else at(answered),
        settled_at=None if settled is None else at(settled),
        waiting_since=None if ends else at(12),
        solved_at=at(15) if stands is Status.SOLVED else None,
    )
    after = written_to(into, at(minute))
    if ends and minute <= max(ends):
        assert after == into
    else:
        assert (after.owed, after.actionable) == (True, True)
        assert after.waiting_since == at(minute if ends else min(minute, 12))
        assert after.status is (Status.NEW if stands is Status.NEW else Status.OPEN)
        assert after.solved_at is None
        assert after.last_customer_message_at == at(minute)


# Any conversation, here and there at once


STEPS = st.tuples(
    st.sampled_from(
        ["message", "answer", "status", "read", "read", "read", "reply", "heard", "put", "settle"]
    ),
    st.sampled_from(Status),
    st.integers(1, 3),
)


@settings(max_examples=600, deadline=None)
@given(
    st.builds(
        There,
        skew=st.integers(-2, 2).map(lambda minutes: minutes * MINUTE + HALF),
        tells=st.sampled_from(["all", "all", "first answers", "answers", "nothing"]),
        reopens=st.booleans(),
        status=st.sampled_from(NOT_CLOSED),
    ),
    st.lists(STEPS, max_size=25),
)
def test_who_waits_is_who_wrote_last(there: There, steps: list[tuple[str, Status, int]]) -> None:
    now, word = MONDAY, there.word()
    here = came_in(ticket(status=there.status), word, now)
    record = Record()
    record.read(word, SourceWord(received_at=MONDAY), Status.NEW, now)
    _agree(here, record)
    for what, status, minutes in steps:
        now += minutes * MINUTE
        before, ends = here, list(record.ends)
        if what in ("message", "answer", "status"):
            there.happen(what, status, now)
            continue
        if what == "read":
            said = there.word()
            record.read(said, word, here.status, now)
            here = told_by_source(here, said, word, now)
            assert told_by_source(here, said, said, now) == here
            word = said
            if here.status is Status.CLOSED and here.owed:
                assert record.waits
                return  # it goes on in a ticket of its own
        else:
            here = _done(what, status, here, record, now)
        _agree(here, record)
        if before.waiting_since is not None and record.ends == ends:
            assert here.waiting_since is not None
            assert here.waiting_since <= before.waiting_since


def _done(what: str, status: Status, here: Ticket, record: Record, now: datetime) -> Ticket:
    """Do something here, and take it down unless it was refused."""
    try:
        if what == "heard":
            here = heard(here, now)
            record.heard(now)
        elif what == "reply":
            here = replied(here, now, None if status is Status.NEW else status)
            record.ends.append(now)
        elif what == "put":
            here = with_status(here, status, now)
        else:
            here = with_status(here, status, now, unanswered="Nobody needs one.")
            record.ends.append(latest(now, *record.messages) or now)
    except Refusal:
        pass
    return here


def _agree(here: Ticket, record: Record) -> None:
    assert here.owed is record.waits
    assert not (here.owed and here.status in DECIDED_STATUSES)
    assert here.actionable or not here.owed
    if here.owed:
        assert here.waiting_since in record.messages
    assert (here.first_response_at is None) is (here.last_response_at is None)

"""What the report says was solved: by the source's clock, with an answer or without one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.report.report import report
from policy.report.solved import EndedUnanswered, SolvedTicket, solved_between
from policy.report.ticket_changes import TicketChange
from policy.ticket import Ticket
from policy.tickets.actions import heard, replied, with_status
from policy.words import Status
from tests.examples import ticket
from tests.policy.pasts import END, change, past
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY

ONE = ticket(1, received_at=MONDAY, waiting_since=MONDAY)
ANSWERED = replied(ONE, MONDAY + 10 * MINUTE)
SOLVED = with_status(ANSWERED, Status.SOLVED, MONDAY + HOUR)
UNANSWERED = with_status(ONE, Status.SOLVED, MONDAY + HOUR, unanswered="spam")


def at(minute: int, before: Ticket | None, after: Ticket, kind: str = "changed") -> TicketChange:
    told = change(minute, after, after, kind)
    return replace(told, before=before, note="spam" if kind == "solved_unanswered" else "")


def found(changes: list[TicketChange], *known: Ticket) -> list[tuple[int, datetime]]:
    return [(each.ticket.id, each.at) for each in solved_between(changes, known, MONDAY, END)]


def test_it_is_dated_by_solved_at_whenever_that_was_learnt() -> None:
    there = replace(SOLVED, solved_at=MONDAY + 30 * MINUTE)
    assert found([], there) == [(1, MONDAY + 30 * MINUTE)]
    assert found([at(200, None, there, "imported")], there) == [(1, MONDAY + 30 * MINUTE)]
    earlier = replace(SOLVED, solved_at=MONDAY - DAY)
    assert not found([at(200, None, earlier, "imported")])
    corrected = [at(60, ANSWERED, SOLVED), at(90, SOLVED, there, "updated")]
    assert found(corrected, there) == [(1, MONDAY + 30 * MINUTE)]


def test_what_came_here_as_solved_nobody_knows_when_is_not_counted() -> None:
    came = replace(SOLVED, solved_at=MONDAY + 200 * MINUTE)
    assert not found([at(200, None, came, "imported")], came)
    dated = replace(SOLVED, solved_at=MONDAY + 20 * MINUTE)
    told = [at(200, None, came, "imported"), at(300, came, dated, "updated")]
    assert found(told, dated) == [(1, MONDAY + 20 * MINUTE)]


@pytest.mark.parametrize("fields", [{"tier": "internal"}, {"declined": "Not ours."}])
def test_nobody_waited_in_what_is_never_owed(fields: dict[str, object]) -> None:
    over = with_status(ticket(1, **fields), Status.SOLVED, MONDAY + HOUR)
    assert over.settled_at is not None
    [solved] = solved_between([at(60, ticket(1, **fields), over)], [over], MONDAY, END)
    assert not solved.unanswered


def test_what_was_opened_again_was_solved_all_the_same() -> None:
    wrote = heard(SOLVED, MONDAY + 2 * HOUR)
    again = with_status(replied(wrote, MONDAY + 3 * HOUR), Status.SOLVED, MONDAY + 3 * HOUR)
    changes = [at(60, ANSWERED, SOLVED), at(120, SOLVED, wrote)]
    assert found(changes) == [(1, MONDAY + HOUR)]
    assert found([*changes, at(180, wrote, again)], again) == [
        (1, MONDAY + HOUR),
        (1, MONDAY + 3 * HOUR),
    ]


def test_closing_what_is_solved_solves_nothing_and_neither_does_a_merge() -> None:
    closed = replace(SOLVED, status=Status.CLOSED)
    assert found([at(60, ANSWERED, SOLVED), at(90, SOLVED, closed)], closed) == [(1, MONDAY + HOUR)]
    before = replace(closed, solved_at=MONDAY - DAY)
    assert not found([at(90, replace(before, status=Status.SOLVED), before)])
    merged = replace(ANSWERED, status=Status.CLOSED, merged_into=2)
    assert not found([at(60, ANSWERED, merged)])


def test_what_was_taken_back_counts_for_nothing() -> None:
    undone = [
        replace(at(60, ANSWERED, SOLVED), taken_back=True),
        replace(at(61, SOLVED, ANSWERED), taken_back=True),
    ]
    assert not found(undone)
    assert found([*undone, at(62, ANSWERED, SOLVED, "redone")], SOLVED) == [(1, MONDAY + HOUR)]


def test_who_had_no_answer_is_counted_and_who_ended_it_is_named() -> None:
    told = at(60, ONE, UNANSWERED, "solved_unanswered")
    other = with_status(replace(ANSWERED, id=2), Status.SOLVED, MONDAY + 2 * HOUR)
    said = report(past(changes=[told], solved=[UNANSWERED, other]))
    assert (said.solved.count, said.solved.unanswered) == (2, 1)
    assert said.solved_unanswered == (
        EndedUnanswered(ticket=1, by="mo", at=MONDAY + HOUR, reason="spam"),
    )
    assert (said.solved.took.median, said.solved.took.longest) == (HOUR, 2 * HOUR)
    (day,) = said.days
    assert day.solved == 2
    undone = report(past(changes=[replace(told, taken_back=True)]))
    assert not undone.solved.count
    assert not undone.solved_unanswered


def test_an_answer_since_the_last_message_makes_it_answered() -> None:
    wrote = heard(UNANSWERED, MONDAY + 2 * HOUR)
    answered = replied(wrote, MONDAY + 3 * HOUR)
    solved = with_status(answered, Status.SOLVED, MONDAY + 4 * HOUR)
    assert not SolvedTicket(ticket=solved, at=MONDAY + 4 * HOUR).unanswered
    assert SolvedTicket(ticket=UNANSWERED, at=MONDAY + HOUR).unanswered


def test_the_declined_take_no_time() -> None:
    closed = replace(SOLVED, declined="Not ours.")
    said = report(past(solved=[closed])).solved
    assert (said.count, said.took.count) == (1, 0)


@pytest.mark.parametrize("offset", [timedelta(0), END - MONDAY])
def test_the_span_has_its_start_and_not_its_end(offset: timedelta) -> None:
    solved = replace(SOLVED, solved_at=MONDAY + offset)
    assert bool(found([], solved)) == (not offset)


@given(st.lists(st.booleans(), max_size=12))
def test_every_solving_is_counted_once_however_often_it_is_opened_again(
    opened: list[bool],
) -> None:
    stands, changes, times = ANSWERED, [], 0
    for minute, opens in enumerate(opened, start=20):
        now = MONDAY + minute * MINUTE
        wanted = Status.OPEN if opens else Status.SOLVED
        after = with_status(stands, wanted, now)
        times += stands.status is not Status.SOLVED and after.status is Status.SOLVED
        changes.append(at(minute, stands, after))
        stands = after
    known = [stands] if stands.solved_at is not None else []
    assert len(found(changes, *known)) == times

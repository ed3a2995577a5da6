"""An answer that never arrived: the customer waits again since they had waited, unless answered."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.conversation.unanswered import before_answer, unanswered
from policy.ticket import Ticket
from policy.tickets.actions import heard, replied, with_status
from policy.words import Status
from tests.examples import MONDAY, ticket


def at(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def test_the_customer_waits_since_they_had_waited() -> None:
    before = ticket()
    again = unanswered(replied(before, at(5), Status.PENDING), at(5), before_answer(before))
    assert again == before


def test_a_later_answer_that_went_out_settles_it_all_the_same() -> None:
    before = ticket()
    twice = replied(replied(before, at(5)), at(9))
    again = unanswered(twice, at(5), before_answer(before))
    assert (again.waiting_since, again.owed) == (None, False)
    assert again.first_response_at == at(9), "the first one that reached them"


def test_what_was_solved_on_the_strength_of_it_is_open_again() -> None:
    before = ticket()
    solved = with_status(replied(before, at(5)), Status.SOLVED, at(6))
    again = unanswered(solved, at(5), before_answer(before))
    assert (again.status, again.solved_at, again.waiting_since) == (Status.NEW, None, MONDAY)


def test_whoever_needs_no_answer_as_somebody_said_needs_none_now() -> None:
    before = ticket()
    settled = replace(replied(before, at(5)), settled_at=at(7), status=Status.SOLVED)
    assert unanswered(settled, at(5), before_answer(before)).waiting_since is None


def test_nobody_waits_for_a_second_answer_that_was_lost() -> None:
    answered = replied(ticket(), at(5), Status.PENDING)
    again = unanswered(replied(answered, at(9)), at(9), before_answer(answered))
    assert (again.waiting_since, again.last_response_at) == (None, at(5))


@given(
    heard_at=st.none() | st.integers(6, 20),
    status=st.none() | st.sampled_from([Status.OPEN, Status.PENDING, Status.ON_HOLD]),
    came=st.sampled_from([Status.NEW, Status.OPEN, Status.PENDING]),
)
def test_whoever_waited_waits_again_and_no_less_long(
    heard_at: int | None, status: Status | None, came: Status
) -> None:
    first: Ticket = ticket(status=came)
    after = replied(first, at(5), status)
    if heard_at is not None:
        after = heard(after, at(heard_at))
    again = unanswered(after, at(5), before_answer(first))
    assert again.waiting_since == MONDAY
    assert again.owed
    assert again.actionable

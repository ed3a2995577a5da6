"""What was promised: whether it was kept, whether it is going to be, and who is told anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook
from policy.ticket import Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import WaitNotice, notices_due
from policy.waits.promises import (
    Promise,
    PromisedAnswer,
    PromiseOutcome,
    PromisesKept,
    Told,
    promises_kept,
)
from policy.words import Mode
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, member, ticket

TEAM = Roster((member("ada"), member("bo", "Mon-Fri 12:00-20:00")))
NOON, TWO = MONDAY + 3 * HOUR, MONDAY + 5 * HOUR
IN_TIME = AnswerForecast(MONDAY + 2 * HOUR, NOON)
LATER = AnswerForecast(NOON + MINUTE, TWO)
NO_TIME = AnswerForecast(None, None)


def late(number: int, requester: str = "Eve", /, **fields: object) -> Ticket:
    """Return a ticket that should have been answered an hour ago."""
    return ticket(number, **{"requester": requester, "aim_by": MONDAY - HOUR} | fields)


def promised(
    *tickets: int,
    expect_by: datetime | None = NOON,
    made_at: datetime = MONDAY,
    arrive_at: datetime | None = None,
    answered_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> Promise:
    answers = (
        PromisedAnswer(ticket=each, priority="p2", answered_at=answered_at, ended_at=ended_at)
        for each in tickets
    )
    return Promise(
        asker=("acme", "eve@example.com"),
        answers=tuple(answers),
        made_at=made_at,
        expect_by=expect_by,
        arrive_at=arrive_at,
    )


def due(
    *queue: Ticket,
    promises: Sequence[Promise] = (),
    forecast: AnswerForecast | Mapping[int, AnswerForecast] = IN_TIME,
    now: datetime = MONDAY,
    mode: Mode = Mode.HARD_CHOICES,
) -> tuple[WaitNotice, ...]:
    forecasts = (
        {each.id: forecast for each in queue} if isinstance(forecast, AnswerForecast) else forecast
    )
    return notices_due(
        handbook(), TEAM, now, mode=mode, queue=queue, forecasts=forecasts, promises=promises
    )


def numbers(notices: Sequence[WaitNotice]) -> list[list[int]]:
    return [[each.id for each in notice.tickets] for notice in notices]


# Kept or broken


@pytest.mark.parametrize(
    ("promise", "now", "outcome"),
    [
        (promised(1), NOON - MINUTE, PromiseOutcome.OPEN),
        (promised(1, answered_at=MONDAY + HOUR), NOON - MINUTE, PromiseOutcome.OPEN),
        (promised(1, answered_at=MONDAY + HOUR), NOON, PromiseOutcome.KEPT),
        (promised(1, answered_at=NOON), NOON, PromiseOutcome.KEPT),
        (promised(1, answered_at=NOON + MINUTE), TWO, PromiseOutcome.BROKEN),
        (promised(1), NOON, PromiseOutcome.BROKEN),
        (promised(1, ended_at=MONDAY + HOUR), NOON, PromiseOutcome.NEEDLESS),
        (promised(1, expect_by=None), TWO, PromiseOutcome.NONE),
    ],
)
def test_what_becomes_of_a_promise(promise: Promise, now: datetime, outcome: str) -> None:
    assert promise.outcome(now) is outcome


def test_of_several_tickets_each_must_be_answered_but_what_nobody_waits_for() -> None:
    one, other = promised(1, answered_at=MONDAY + HOUR), promised(2)
    ended = promised(3, ended_at=MONDAY + HOUR)

    def both(*promises: Promise) -> Promise:
        answers = tuple(chain.from_iterable(each.answers for each in promises))
        return Promise(asker=one.asker, answers=answers, made_at=MONDAY, expect_by=NOON)

    assert both(one, other).outcome(NOON) is PromiseOutcome.BROKEN
    assert both(one, ended).outcome(NOON) is PromiseOutcome.KEPT


def test_the_share_of_promises_kept_beside_what_is_meant() -> None:
    promises = [
        promised(1, answered_at=MONDAY + HOUR),
        promised(2),
        promised(3, expect_by=TWO, answered_at=NOON),
        promised(4, expect_by=None),
        promised(5, ended_at=MONDAY + HOUR),
    ]
    assert promises_kept(promises, MONDAY, 0.9).share is None
    assert promises_kept(promises, NOON, 0.9) == PromisesKept(kept=1, due=2, meant=0.9)
    assert promises_kept(promises, TWO, 0.9).share == 2 / 3
    assert promises_kept(promises, TWO, 0.9, since=NOON + MINUTE).due == 1


# Told once


@pytest.mark.parametrize("now", [MONDAY, NOON - MINUTE])
def test_whoever_has_been_told_is_not_told_again_while_it_holds(now: datetime) -> None:
    assert due(late(1), promises=[promised(1)], now=now) == ()


def test_a_ticket_that_joins_waits_with_the_others_and_is_told_of_after_it() -> None:
    queue, promises = [late(1), late(2)], [promised(1)]
    assert due(*queue, promises=promises) == ()
    (notice,) = due(late(2), promises=promises, forecast=LATER, now=NOON)
    assert (notice.episode, notice.renews) == (1, False)


def test_a_new_wait_after_a_reply_is_told_of_anew() -> None:
    again = late(1, waiting_since=NOON + HOUR, first_response_at=NOON)
    (notice,) = due(again, promises=[promised(1)], forecast=LATER, now=NOON + 2 * HOUR)
    assert (notice.episode, notice.renews) == (1, False)


@given(st.lists(st.sampled_from(["Eve", "Zoe", "Max"]), min_size=1, max_size=9))
def test_when_all_that_is_due_is_sent_nothing_is_due(requesters: list[str]) -> None:
    queue = [late(number, requester) for number, requester in enumerate(requesters)]
    notices = due(*queue)
    assert sorted(chain(*numbers(notices))) == list(range(len(requesters)))
    promises = [notice.promise(MONDAY) for notice in notices]
    assert due(*queue, promises=promises, now=MONDAY + MINUTE) == ()


# Renewed


@pytest.mark.parametrize("mode", list(Mode))
def test_a_promise_about_to_be_broken_is_renewed_once_in_every_mode(mode: Mode) -> None:
    promises = [promised(1)]
    (notice,) = due(late(1), promises=promises, forecast=LATER, mode=mode)
    assert (notice.episode, notice.renews, notice.expect_by) == (1, True, TWO)
    assert notice.body.startswith("We wrote to you before about when you will hear from us")
    renewed = [*promises, notice.promise(MONDAY)]
    assert due(late(1), promises=renewed, forecast=LATER, mode=mode, now=MONDAY + MINUTE) == ()


def test_a_promise_whose_time_has_passed_is_renewed() -> None:
    (notice,) = due(late(1), promises=[promised(1)], forecast=LATER, now=NOON)
    assert notice.renews


def test_what_was_answered_needs_no_renewal() -> None:
    (notice,) = due(late(2), promises=[promised(1)], forecast=LATER, now=NOON)
    assert (notice.renews, notice.episode) == (False, 1)


def test_no_time_is_told_once_and_then_when_there_is_one() -> None:
    (notice,) = due(late(1), forecast=NO_TIME)
    promise = notice.promise(MONDAY)
    assert promise.expect_by is None
    after = promise.arrive_at or MONDAY
    assert due(late(1), promises=[promise], forecast=NO_TIME, now=after + DAY) == ()
    (known,) = due(late(1), promises=[promise], forecast=LATER, now=after)
    assert (known.renews, known.expect_by) == (False, TWO)


def test_what_a_notice_promises() -> None:
    forecasts = {3: AnswerForecast(NOON, TWO), 1: IN_TIME}
    (notice,) = due(late(3), late(1), forecast=forecasts)
    assert notice.promise(MONDAY) == Promise(
        asker=("acme", "eve@example.com"),
        answers=(
            PromisedAnswer(ticket=3, priority="p2", expected=NOON, safe=TWO),
            PromisedAnswer(ticket=1, priority="p2", expected=IN_TIME.expected, safe=NOON),
        ),
        made_at=MONDAY,
        expect_by=TWO,
        arrive_at=NOON,
    )


def test_how_many_notices_somebody_had() -> None:
    told = Told(MONDAY, [promised(1), promised(1, made_at=MONDAY + HOUR)], {})
    assert told.times(("acme", "eve@example.com")) == 2
    assert told.times(("acme", "zoe@example.com")) == 0

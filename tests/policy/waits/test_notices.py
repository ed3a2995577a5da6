"""Who is told that they will wait, once, and what the notice says."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.phrases import span_in_full
from policy.roster.coverage import Turn
from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Requester, Ticket
from policy.waits.notices import WaitNotice, late_answers, notices_about, notices_due
from policy.waits.promises import Promise, asked_by, is_kept, promises_kept
from policy.words import Mode, Priority, Status, Tier
from tests.examples import PRIORITIES, TIERS
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at, expected_in, member, off, ticket

ADA = member("ada")
BO = member("bo", "Mon-Fri 12:00-20:00")
CY = member("cy", "Mon-Fri 14:00-22:00")
TEAM = Roster((ADA, BO, CY), (off("ada", MONDAY - DAY, None),))
"""Ada is out; Bo arrives at noon, in three hours."""

NOON, TWO = MONDAY + 3 * HOUR, MONDAY + 5 * HOUR
TIDY = load_rulebook(
    """
    [waits]
    subject = "$customer, $arrive_at"
    body = "$customer | $tickets | $arrivals | $arrive_in | $arrive_at"
    """,
    "tidy.toml",
)


def due(
    *queue: Ticket,
    promises: Iterable[Promise] = (),
    roster: Roster = TEAM,
    now: datetime = MONDAY,
    mode: Mode = Mode.HARD_CHOICES,
) -> tuple[WaitNotice, ...]:
    return notices_due(
        TIDY,
        roster,
        now,
        mode=mode,
        queue=queue,
        expected=expected_in(TIDY, roster, queue, now),
        promises=promises,
    )


def late(number: int, requester: str = "Eve", /, **fields: object) -> Ticket:
    """Return a ticket that should have been answered an hour ago."""
    return ticket(number, **{"requester": requester, "aim_by": MONDAY - HOUR} | fields)


def numbers(notices: Sequence[WaitNotice]) -> list[list[int]]:
    return [[each.id for each in notice.tickets] for notice in notices]


def out(*logins: str, since: datetime = MONDAY) -> Roster:
    """Return the team with more of it out."""
    return TEAM.with_time_off(off(login, since, None) for login in logins)


# Who is told


def test_whose_answer_is_late() -> None:
    expected = {1: MONDAY, 2: MONDAY, 3: MONDAY + HOUR, 5: MONDAY + HOUR, 6: MONDAY + HOUR}
    queue = [
        ticket(1, aim_by=MONDAY + HOUR),
        ticket(2, aim_by=MONDAY),
        ticket(3, aim_by=MONDAY),
        ticket(4, aim_by=MONDAY + 99 * DAY),
        ticket(5, aim_by=MONDAY, tier="presales"),
        ticket(6, aim_by=MONDAY, tier="internal"),
        ticket(7, aim_by=None, waiting_since=None),
    ]
    assert [each.id for each in late_answers(queue, expected)] == [3, 4, 5]


@pytest.mark.parametrize("tier", TIERS)
def test_customers_of_every_tier_are_told_and_work_of_our_own_is_not(tier: Tier) -> None:
    assert bool(due(late(1, tier=tier))) == (tier != "internal")


def test_only_hard_choices_make_notices() -> None:
    assert due(late(1), mode=Mode.NORMAL) == ()


def test_without_a_team_there_is_nothing_to_tell() -> None:
    assert due(late(1), roster=Roster()) == ()


def test_one_notice_per_requester_for_all_their_late_tickets() -> None:
    soon = {"aim_by": MONDAY + DAY}
    queue = [late(4, "Eve"), late(2, "Zoe"), ticket(9, requester="Eve", **soon), late(1, "Eve")]
    notices = due(*queue)
    assert numbers(notices) == [[4, 1], [2]]
    assert [notice.requester for notice in notices] == [queue[0].requester, queue[1].requester]
    assert [(notice.asker, notice.episode) for notice in notices] == [
        (("acme", "eve@example.com"), 0),
        (("acme", "zoe@example.com"), 0),
    ]


def test_a_requester_is_known_by_address_else_by_name_in_one_customer() -> None:
    def asker(requester: Requester | None, customer: str = "Acme") -> tuple[str, str]:
        return asked_by(ticket(1, requester=requester, customer=customer))

    eve = Requester(name="Eve", email="Eve@Example.com")
    assert asker(eve) == asker(Requester(name="E.", email="eve@example.COM"))
    assert asker(Requester(name="Eve")) == asker(Requester(name="EVE"))
    assert asker(eve, "Cafe\u0301  X") == asker(eve, "CAFÉ x")
    assert asker(Requester(name="Zoe\u0308")) == asker(Requester(name="ZOË "))
    assert len({asker(eve), asker(Requester(name="Eve")), asker(None), asker(eve, "Globex")}) == 4


def test_times_of_a_notice() -> None:
    queue = [late(1, aim_by=MONDAY - HOUR), late(2, aim_by=MONDAY - 2 * HOUR)]
    (notice,) = due(*queue)
    assert notice.expected == NOON + 45 * MINUTE
    assert notice.aim_by == MONDAY - 2 * HOUR
    assert notice.arrivals == (Turn(login="bo", at=NOON), Turn(login="cy", at=TWO))
    (never,) = due(late(1), roster=out("bo", "cy"))
    assert (never.expected, never.arrivals) == (None, ())


@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_p0_or_p1_is_urgent(priority: Priority) -> None:
    (notice,) = due(late(1), late(2, defined_priority=priority))
    assert notice.urgent == (priority in {"p0", "p1"})


# Once


def told(
    *tickets: int,
    arrive_at: datetime | None = NOON,
    made_at: datetime = MONDAY,
    asker: str = "eve@example.com",
) -> Promise:
    return Promise(
        asker=("acme", asker), tickets=tickets, logins=("bo",), made_at=made_at, arrive_at=arrive_at
    )


@pytest.mark.parametrize("now", [MONDAY, NOON - MINUTE, NOON, NOON + HOUR, MONDAY + DAY])
def test_whoever_has_been_told_is_not_told_again(now: datetime) -> None:
    assert due(late(1), promises=[told(1)], now=now) == ()


def test_a_ticket_that_joins_waits_for_the_same_arrival_and_is_told_of_after_it() -> None:
    queue, promises = [late(1), late(2)], [told(1)]
    assert due(*queue, promises=promises, now=NOON - MINUTE) == ()
    (notice,) = due(*queue, promises=promises, now=NOON)
    assert numbers([notice]) == [[1, 2]]
    assert (notice.episode, notice.renews) == (1, False)


def test_others_are_told_all_the_same() -> None:
    assert numbers(due(late(1), late(2, "Zoe"), promises=[told(1)])) == [[2]]


def test_a_new_wait_after_a_reply_is_told_of_anew() -> None:
    again = late(1, waiting_since=NOON + HOUR, first_response_at=NOON)
    (notice,) = due(again, promises=[told(1)], now=NOON + 2 * HOUR)
    assert (notice.episode, notice.renews) == (1, False)
    later = told(1, made_at=NOON + 2 * HOUR, arrive_at=TWO)
    assert due(again, promises=[told(1), later], now=NOON + 2 * HOUR + MINUTE) == ()


@given(st.lists(st.sampled_from(["Eve", "Zoe", "Max"]), min_size=1, max_size=9))
def test_when_all_that_is_due_is_sent_nothing_is_due(requesters: list[str]) -> None:
    queue = [late(number, requester) for number, requester in enumerate(requesters)]
    notices = due(*queue)
    assert sorted({notice.asker for notice in notices}) == sorted(
        notice.asker for notice in notices
    )
    assert sorted(chain(*numbers(notices))) == list(range(len(requesters)))
    promises = [notice.promise(MONDAY) for notice in notices]
    assert due(*queue, promises=promises, now=MONDAY + MINUTE) == ()


# Kept or renewed


def test_a_promise_about_to_be_broken_is_renewed_once() -> None:
    without_bo = out("bo", since=MONDAY + HOUR)
    now = MONDAY + HOUR
    (notice,) = due(late(1), promises=[told(1)], roster=without_bo, now=now)
    assert (notice.episode, notice.renews, notice.arrivals[0].at) == (1, True, TWO)
    assert notice.body.startswith("We wrote to you before about when somebody arrives")
    renewed = [told(1), notice.promise(now)]
    assert due(late(1), promises=renewed, roster=without_bo, now=now + MINUTE) == ()


def test_whoever_is_here_already_is_nobody_who_arrives() -> None:
    """More of the team was promised; that somebody is there all the time does not keep it."""
    roster = Roster((ADA, BO, CY), (off("bo", MONDAY + HOUR, None),))
    (notice,) = due(late(1), promises=[told(1)], roster=roster, now=MONDAY + HOUR)
    assert notice.renews


def test_somebody_else_who_arrives_in_time_keeps_the_promise() -> None:
    early = TEAM.with_time_off(
        [off("bo", MONDAY, None), off("ada", MONDAY - DAY, MONDAY + 2 * HOUR)],
        removed=TEAM.time_off,
    )
    assert due(late(1), promises=[told(1)], roster=early, now=MONDAY + HOUR) == ()


def test_an_arrival_that_takes_no_new_tickets_is_no_help() -> None:
    full = Roster((ADA, member("bo", "Mon-Fri 12:00-20:00", at_capacity=True), CY), TEAM.time_off)
    (notice,) = due(late(1), roster=full)
    assert notice.arrivals[0] == Turn(login="cy", at=TWO)
    assert numbers(due(late(1), promises=[told(1)], roster=full)) == [[1]]
    assert due(late(1), promises=[told(1)], roster=full, now=NOON) == ()


def test_a_broken_promise_is_renewed_afterwards_too() -> None:
    roster, now = out("bo", since=NOON - MINUTE), NOON + MINUTE
    (notice,) = due(late(1), promises=[told(1)], roster=roster, now=now)
    assert (notice.renews, notice.arrivals[0].at) == (True, TWO)


def test_a_broken_promise_of_what_was_answered_needs_no_renewal() -> None:
    (notice,) = due(late(2), promises=[told(1)], roster=out("bo"))
    assert (notice.renews, notice.episode) == (False, 1)
    assert due(promises=[told(1)], roster=out("bo")) == ()


def test_no_known_arrival_is_told_once_and_then_when_one_is_known() -> None:
    (notice,) = due(late(1), roster=out("bo", "cy"))
    promise = notice.promise(MONDAY)
    assert promise.arrive_at is None
    assert "some time | a time that we do not know yet" in notice.body
    assert due(late(1), promises=[promise], roster=out("bo", "cy"), now=MONDAY + HOUR) == ()
    (renewed,) = due(late(1), promises=[promise], now=MONDAY + HOUR)
    assert (renewed.renews, renewed.arrivals[0].at) == (True, NOON)


def test_a_notice_sent_as_somebody_arrives_is_kept() -> None:
    assert is_kept(told(1, made_at=NOON), TEAM, NOON)
    assert is_kept(told(1, made_at=NOON + MINUTE), TEAM, NOON + MINUTE)


def test_what_a_notice_promises() -> None:
    (notice,) = due(late(3), late(1))
    assert notice.promise(MONDAY) == Promise(
        asker=("acme", "eve@example.com"),
        tickets=(3, 1),
        logins=("bo", "cy"),
        made_at=MONDAY,
        arrive_at=NOON,
    )


def test_the_share_of_promises_kept() -> None:
    promises = [told(1), told(2), told(3, arrive_at=TWO), told(4, arrive_at=None)]
    roster = out("bo")
    assert promises_kept(promises, roster, MONDAY).share is None
    at_noon, later = (promises_kept(promises, roster, now) for now in (NOON, TWO))
    assert (at_noon.kept, at_noon.due, at_noon.share) == (0, 2, 0)
    assert (later.kept, later.due, later.share) == (1, 3, 1 / 3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(1, 12 * 60), st.integers(0, 12 * 60))
def test_what_is_promised_is_kept_if_nobody_goes_out(drafted: int, sent: int, asked: int) -> None:
    now = MONDAY + drafted * MINUTE
    (notice,) = due(late(1), now=now)
    made_at = now + timedelta(seconds=sent)
    assert is_kept(notice.promise(made_at), TEAM, made_at + asked * MINUTE)


# What it says


def body(requester: Requester | None, **fields: object) -> str:
    (notice,) = due(late(1, **{"requester": requester} | fields))
    return notice.body


def test_the_words_of_a_notice() -> None:
    eve = Requester(name="Eve", email="eve@example.com", timezone="America/New_York")
    assert body(eve, subject="Down") == (
        "Eve | - Down | Bo | 3 hours | 07:00 on Monday, 2 March (America/New_York)"
    )
    assert body(None, subject="Down") == (
        "Acme | - Down | Bo | 3 hours | 04:00 on Monday, 2 March (America/Los_Angeles)"
    )
    assert "(America/Los_Angeles)" in body(Requester(name="Eve", timezone="Mars/Olympus"))


def test_what_a_customer_wrote_is_not_a_template_and_no_second_line_of_the_subject() -> None:
    (notice,) = due(
        late(1, requester=Requester(name="$tickets\nBcc: x@y"), subject="$customer $$ {0} %s")
    )
    assert notice.subject == "$tickets Bcc: x@y, 04:00 on Monday, 2 March (America/Los_Angeles)"
    assert "- $customer $$ {0} %s |" in notice.body


@pytest.mark.parametrize(
    ("together", "said"),
    [
        (1, "P0"),
        (2, "P0 and P1"),
        (3, "P0, P1 and P2"),
        (4, "P0, P1, P2 and another colleague"),
        (6, "P0, P1, P2 and 3 more colleagues"),
    ],
)
def test_those_who_arrive_together_are_named(together: int, said: str) -> None:
    later = member("z", "Mon-Fri 13:00-20:00")
    team = [member(f"p{number}", "Mon-Fri 12:00-20:00") for number in range(together)]
    (notice,) = due(late(1), roster=Roster((*team, later)))
    assert f"| {said} |" in notice.body
    assert len(notice.arrivals) == min(3, together + 1)


def test_the_handbooks_notice() -> None:
    queue = [late(1, subject="Down"), late(2, subject="Slow")]
    (notice,) = notices_due(
        handbook(), TEAM, MONDAY + 50 * MINUTE, mode=Mode.HARD_CHOICES, queue=queue, expected={},
        promises=(),
    )  # fmt: skip
    assert notice.subject == (
        "We have your message, and more of our team arrives"
        " at 04:00 on Monday, 2 March (America/Los_Angeles)"
    )
    assert notice.body.startswith("Hello Eve,\n")
    assert "arrives in 2 hours 10 minutes, at 04:00 on Monday, 2 March" in notice.body
    assert "- Down\n- Slow\n" in notice.body
    assert "$" not in notice.body


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "1 minute"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(seconds=61), "2 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=10), "2 hours 10 minutes"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=3, hours=1, minutes=5), "3 days 1 hour"),
    ],
)
def test_a_span_in_words_for_customers(length: timedelta, words: str) -> None:
    assert span_in_full(length) == words


def test_three_hundred_requesters_are_told_once_each() -> None:
    queue = [late(number, f"R{number}") for number in range(300)]
    notices = due(*queue)
    promises = [
        notice.promise(MONDAY + timedelta(seconds=place)) for place, notice in enumerate(notices)
    ]
    assert len(notices) == 300
    assert due(*queue, promises=promises, now=at("2026-03-02 10:00")) == ()


# Notices that a person asks for, due or not


def about(*tickets: Ticket, promises: Iterable[Promise] = ()) -> tuple[WaitNotice, ...]:
    expected = expected_in(TIDY, TEAM, tickets, MONDAY)
    return notices_about(TIDY, TEAM, MONDAY, tickets=tickets, expected=expected, promises=promises)


def test_a_notice_that_is_asked_for_says_what_one_that_is_due_says() -> None:
    queue = [late(1, "Eve"), late(2, "Zoe"), late(3, "Eve")]
    assert about(*queue) == due(*queue)


def test_whoever_is_not_late_is_told_too_when_a_person_asks_for_it() -> None:
    soon = late(1, aim_by=MONDAY + DAY)
    assert due(soon) == ()
    assert numbers(about(soon)) == [[1]]


def test_whoever_was_told_before_gets_the_next_notice_not_the_same_again() -> None:
    (first,) = about(late(1))
    (second,) = about(late(1), promises=[first.promise(MONDAY)])
    assert (first.episode, second.episode) == (0, 1)
    assert not second.renews


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.PENDING, "waiting_since": None, "aim_by": None},
        {"aim_by": None},
        {"tier": "internal"},
        {"declined": "No."},
        {"merged_into": 7, "status": Status.CLOSED},
    ],
)
def test_where_nobody_waits_for_us_there_is_nothing_to_say(fields: dict[str, object]) -> None:
    assert about(late(1, **fields)) == ()


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD])
def test_whoever_waits_is_told_whatever_the_status(status: Status) -> None:
    assert numbers(due(late(1, status=status))) == [[1]]
    assert numbers(about(late(1, status=status))) == [[1]]

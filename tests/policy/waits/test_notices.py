"""Who is told that they will wait, once, and what the notice says."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import pytest

from policy.roster.coverage import Turn
from policy.roster.members import Roster
from policy.rulebook.rulebook import load_rulebook
from policy.ticket import Requester, Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import WaitNotice, late_answers, notices_about, notices_due
from policy.waits.promises import Promise, asked_by
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
    body = "$customer | $tickets | $arrivals | $arrive_in | $arrive_at | $expect_by"
    """,
    "tidy.toml",
)


def forecasts_in(
    queue: Iterable[Ticket], roster: Roster = TEAM, now: datetime = MONDAY
) -> dict[int, AnswerForecast]:
    """Return the forecasts, each safe six hours after it is expected."""
    return {
        number: AnswerForecast(expected, expected + 6 * HOUR)
        for number, expected in expected_in(TIDY, roster, queue, now).items()
    }


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
        forecasts=forecasts_in(queue, roster, now),
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
    later = AnswerForecast(MONDAY + HOUR, None)
    forecasts = {1: AnswerForecast(MONDAY, None), 2: AnswerForecast(MONDAY, None)}
    forecasts |= {3: later, 5: later, 6: later}
    queue = [
        ticket(1, aim_by=MONDAY + HOUR),
        ticket(2, aim_by=MONDAY),
        ticket(3, aim_by=MONDAY),
        ticket(4, aim_by=MONDAY + 99 * DAY),
        ticket(5, aim_by=MONDAY, tier="presales"),
        ticket(6, aim_by=MONDAY, tier="internal"),
        ticket(7, aim_by=None, waiting_since=None),
    ]
    assert [each.id for each in late_answers(queue, forecasts)] == [3, 4, 5]


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


# Many


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
    forecasts = forecasts_in(tickets)
    return notices_about(
        TIDY, TEAM, MONDAY, tickets=tickets, forecasts=forecasts, promises=promises
    )


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

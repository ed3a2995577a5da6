"""Whoever has a ticket and is away, in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from policy.roster.holders import (
    AssignmentWarning,
    AwayReason,
    Candidate,
    CandidateState,
    HolderAway,
)
from tests.examples import MONDAY, ticket
from tui.phrasing.holder_words import marked_in, state, tickets, warned, whose, why_away

THREE_HOURS_EAST = timezone(timedelta(hours=3))
NOON = MONDAY + timedelta(hours=3)
TOMORROW = MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("why", "until", "said"),
    [
        (AwayReason.OUT, NOON, "out until 12:00"),
        (AwayReason.OUT, TOMORROW, "out until Tue 09:00"),
        (AwayReason.OUT, None, "out until further notice"),
        (AwayReason.OFF, TOMORROW, "off until Tue 09:00"),
        (AwayReason.OFF, None, "off until further notice"),
        (AwayReason.NOT_IN_SUPPORT, None, "not in support"),
        (AwayReason.NOT_IN_THE_TEAM, None, "not in the team"),
    ],
)
def test_why_and_until_when(why: AwayReason, until: datetime | None, said: str) -> None:
    assert why_away(HolderAway(why=why, until=until), MONDAY, UTC) == said


def test_until_when_is_said_on_the_readers_clock() -> None:
    away = HolderAway(why=AwayReason.OUT, until=NOON)
    theirs = ticket(assignee="luz")
    assert why_away(away, MONDAY, THREE_HOURS_EAST) == "out until 15:00"
    assert whose(theirs, away, MONDAY, THREE_HOURS_EAST) == "luz has it and is out until 15:00"
    assert whose(theirs, None, MONDAY, UTC) == "luz has it"
    assert whose(ticket(), None, MONDAY, UTC) == "nobody has it"


@pytest.mark.parametrize(("login", "said"), [("luz", "luz⌂"), ("ayodele", "ayodele⌂"),
                                             ("ayodele-o", "ayodel…⌂")])  # fmt: skip
def test_the_sign_is_never_cut_off(login: str, said: str) -> None:
    away = HolderAway(why=AwayReason.OUT, until=None)
    assert marked_in(login, away, 8) == said
    assert marked_in(login, None, 9) == login


def candidate(state: CandidateState, until: datetime | None, tickets: int = 2) -> Candidate:
    return Candidate(login="gabe", name="Gabe", state=state, until=until, tickets=tickets)


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (candidate(CandidateState.IN, NOON), "in until 12:00"),
        (candidate(CandidateState.IN, None), ""),
        (candidate(CandidateState.OFF, TOMORROW), "comes Tue 09:00"),
        (candidate(CandidateState.OFF, None), "off"),
        (candidate(CandidateState.AT_CAPACITY, NOON), "at capacity"),
        (candidate(CandidateState.OUT, NOON), "out until 12:00"),
        (candidate(CandidateState.OUT, None), "out until further notice"),
    ],
)
def test_whether_somebody_takes_one(each: Candidate, said: str) -> None:
    assert state(each, MONDAY, UTC) == said


def test_tickets_are_counted_as_people_do() -> None:
    assert [tickets(count) for count in (0, 1, 2, 1234)] == [
        "no tickets", "1 ticket", "2 tickets", "1,234 tickets",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("away", "at_capacity", "instead", "said"),
    [
        (HolderAway(why=AwayReason.OUT, until=NOON), False, candidate(CandidateState.IN, NOON),
         "luz is out until 12:00; gabe is in with the fewest, 2 tickets"),
        (None, True, candidate(CandidateState.OFF, TOMORROW, 0),
         "luz is at capacity and takes no new tickets;"
         " gabe is the first who comes Tue 09:00, with no tickets"),
        (HolderAway(why=AwayReason.OFF, until=TOMORROW), True, None,
         "luz is off until Tue 09:00 and is at capacity and takes no new tickets;"
         " nobody is known to come who takes any"),
    ],
)  # fmt: skip
def test_what_speaks_against_somebody(
    away: HolderAway | None, at_capacity: bool, instead: Candidate | None, said: str
) -> None:
    warning = AssignmentWarning(login="luz", away=away, at_capacity=at_capacity, instead=instead)
    assert warned(warning, MONDAY, UTC) == said

"""Who has a ticket and is away: by every reason, and against a walk, minute by minute."""

from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.clocks.calendar import Calendar
from policy.roster.holders import (
    AssignmentWarning,
    AwayReason,
    Candidate,
    CandidateState,
    HolderAway,
    Holders,
    candidates,
    warning_of,
)
from policy.roster.members import Member, Roster, TimeOff
from policy.words import Role
from tests.policy.teams import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    Person,
    Shift,
    Walk,
    at,
    member,
    off,
    roster_of,
    ticket,
)

NOON = at("2026-03-02 12:00")
"""Monday noon: who works from 9 to 17 is in until five hours later."""
TOMORROW = at("2026-03-03 09:00")
NO_HOURS = Calendar("UTC", ())


def holders(*members: Member, time_off: tuple[TimeOff, ...] = (), now: datetime = NOON) -> Holders:
    return Holders(Roster(members, time_off), now)


def test_until_a_team_exists_nobody_is_away() -> None:
    nobody = holders()
    for login, respond_by in product((None, "gabe", ""), (None, NOON, MONDAY)):
        assert nobody.away_for(login, respond_by) is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("respond_by", [None, NOON - HOUR, NOON, NOON + 9 * DAY])
def test_only_support_and_leads_hold_tickets(role: Role, respond_by: datetime | None) -> None:
    away = holders(member("gabe", role=role)).away_for("gabe", respond_by)
    if role in (Role.SUPPORT, Role.LEAD):
        assert away is None
    else:
        assert away == HolderAway(why=AwayReason.NOT_IN_SUPPORT, until=None)


@pytest.mark.parametrize("respond_by", [None, NOON - HOUR, NOON + 9 * DAY])
def test_who_is_gone_from_the_team_is_away_from_every_ticket(respond_by: datetime | None) -> None:
    team = holders(member("gabe"))
    assert team.away_for("luz", respond_by) == HolderAway(
        why=AwayReason.NOT_IN_THE_TEAM, until=None
    )
    assert team.away_for(None, respond_by) is None


@pytest.mark.parametrize("respond_by", [None, NOON - HOUR, NOON + HOUR, NOON + 9 * DAY])
@pytest.mark.parametrize("until", [None, NOON + 3 * HOUR, NOON + 3 * DAY])
def test_who_is_out_is_away_from_every_ticket_until_they_are_back(
    until: datetime | None, respond_by: datetime | None
) -> None:
    team = holders(member("gabe"), time_off=(off("gabe", NOON - HOUR, until),))
    assert team.away_for("gabe", respond_by) == HolderAway(why=AwayReason.OUT, until=until)


def test_one_time_off_right_after_another_is_being_out_until_the_end_of_both() -> None:
    both = (off("gabe", NOON, NOON + HOUR), off("gabe", NOON + HOUR, TOMORROW))
    away = holders(member("gabe"), time_off=both).away_for("gabe", None)
    assert away == HolderAway(why=AwayReason.OUT, until=TOMORROW)


def test_out_begins_with_its_first_instant_and_ends_with_its_last() -> None:
    until = NOON + HOUR
    whole = (off("gabe", NOON, until),)
    for now, is_out in (
        (NOON - MINUTE, False),
        (NOON, True),
        (until - MINUTE, True),
        (until, False),
    ):
        away = holders(member("gabe"), time_off=whole, now=now).away_for("gabe", None)
        assert (away is not None) == is_out, now


def test_off_is_away_only_where_they_come_after_the_answer_is_due() -> None:
    evening = at("2026-03-02 18:00")
    team = holders(member("gabe"), now=evening)
    off_until = HolderAway(why=AwayReason.OFF, until=TOMORROW)
    assert team.absence("gabe") == off_until
    assert team.away_for("gabe", TOMORROW - MINUTE) == off_until
    assert team.away_for("gabe", evening - HOUR) == off_until  # late, and nobody is there for it
    assert team.away_for("gabe", TOMORROW) is None
    assert team.away_for("gabe", TOMORROW + MINUTE) is None
    assert team.away_for("gabe", None) is None  # nobody waits: it is theirs still


def test_time_off_to_come_and_holidays_put_off_when_somebody_works_again() -> None:
    evening = at("2026-03-02 18:00")
    team = holders(
        member("gabe", holidays=[date(2026, 3, 4)]),
        time_off=(off("gabe", TOMORROW, TOMORROW + 8 * HOUR),),
        now=evening,
    )
    assert team.absence("gabe") == HolderAway(why=AwayReason.OFF, until=at("2026-03-05 09:00"))


def test_who_never_works_again_as_far_as_is_known_is_off_without_an_end() -> None:
    evening = at("2026-03-02 18:00")
    gone = (off("gabe", TOMORROW, None),)
    team = holders(member("gabe"), time_off=gone, now=evening)
    assert team.away_for("gabe", evening + 99 * DAY) == HolderAway(why=AwayReason.OFF, until=None)
    assert team.away_for("gabe", None) is None


@pytest.mark.parametrize("role", [Role.LEAD, Role.SUPPORT])
def test_nobody_without_hours_is_off(role: Role) -> None:
    lead = replace(member("mariam", role=role), hours=NO_HOURS)
    assert holders(lead).away_for("mariam", NOON - DAY) is None
    out = holders(lead, time_off=(off("mariam", NOON, None),))
    assert out.away_for("mariam", None) == HolderAway(why=AwayReason.OUT, until=None)


@pytest.mark.parametrize("named", ["GABE", "Gabe", "gabe@example.com"])
def test_a_holder_is_known_however_the_login_is_spelled(named: str) -> None:
    team = holders(member("gabe", email="gabe@example.com"))
    assert team.away_for(named, NOON) is None


def test_being_at_capacity_is_not_being_away() -> None:
    assert holders(member("gabe", at_capacity=True)).away_for("gabe", NOON) is None


def test_a_ticket_is_asked_about_by_its_holder_and_its_answer() -> None:
    evening = at("2026-03-02 18:00")
    team = holders(member("gabe"), now=evening)
    assert team.away(ticket(assignee="gabe", respond_by=TOMORROW - MINUTE)) is not None
    assert team.away(ticket(assignee="gabe", respond_by=TOMORROW)) is None
    assert team.away(ticket()) is None


WALK = Walk(at("2026-03-02 00:00"), 6 * 7 * 24 * 60)
"""Six weeks in which the clocks of America and Europe change."""

shifts = st.builds(
    Shift,
    day=st.integers(0, 6),
    start=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 24 * 60 - 1),
)
instants = st.integers(0, WALK.minutes - 1).map(WALK.at)
absences = st.tuples(instants, st.none() | st.integers(1, 9 * 24 * 60)).map(
    lambda drawn: (drawn[0], None if drawn[1] is None else drawn[0] + drawn[1] * MINUTE)
)
people = st.builds(
    Person,
    login=st.just("gabe"),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    shifts=st.lists(shifts, min_size=1, max_size=4).map(tuple),
    holidays=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 15)), max_size=3),
    away=st.lists(absences, max_size=3).map(tuple),
)


def walked(person: Person, minute: int) -> HolderAway | None:
    """Return why somebody is not here, as the walk finds it: the next minute that they are there.

    None, too, where nobody is away; raises LookupError where the walk ends before they are back.
    """
    now = WALK.at(minute)
    back = now
    away = instants_of(person)
    while any(start <= back and (end is None or back < end) for start, end in away):
        if any(start <= back and end is None for start, end in away):
            return HolderAway(why=AwayReason.OUT, until=None)
        back = max(end for start, end in away if end and start <= back < end)
    if back != now:
        return HolderAway(why=AwayReason.OUT, until=back)
    there = WALK.available(person)
    if there[minute]:
        return None
    try:
        return HolderAway(why=AwayReason.OFF, until=WALK.at(there.index(True, minute)))
    except ValueError:
        raise LookupError from None


def instants_of(person: Person) -> list[tuple[datetime, datetime | None]]:
    """Return when somebody is out, where all of it is between instants."""
    return [
        (start, end)
        for start, end in person.away
        if isinstance(start, datetime) and (end is None or isinstance(end, datetime))
    ]


@given(person=people, minute=st.integers(0, WALK.minutes - 1), left=st.integers(-3000, 9000))
@settings(max_examples=60, deadline=None)
def test_who_is_away_is_what_a_walk_by_minutes_finds(
    person: Person, minute: int, left: int
) -> None:
    try:
        absence = walked(person, minute)
    except LookupError:
        return
    team = Holders(roster_of([person]), WALK.at(minute))
    assert team.absence("gabe") == absence
    respond_by = WALK.at(minute) + left * MINUTE
    is_away = absence is not None and (
        absence.why is AwayReason.OUT or (absence.until is not None and absence.until > respond_by)
    )
    assert team.away_for("gabe", respond_by) == (absence if is_away else None)


@given(person=people, minute=st.integers(0, WALK.minutes - 1), due=st.lists(instants, min_size=2))
@settings(max_examples=60, deadline=None)
def test_who_is_away_from_a_ticket_is_away_from_every_one_that_is_due_sooner(
    person: Person, minute: int, due: list[datetime]
) -> None:
    team = Holders(roster_of([person]), WALK.at(minute))
    by_due = [team.away_for("gabe", each) is not None for each in sorted(due)]
    assert by_due == sorted(by_due, reverse=True)


def test_candidates_are_who_is_in_with_the_fewest_then_who_comes_soonest_then_the_others() -> None:
    team = holders(
        member("busy"),
        member("free"),
        member("late", "Mon-Fri 18:00-23:00"),
        member("soon", "Mon-Fri 13:00-18:00"),
        member("full", at_capacity=True),
        member("away"),
        member("mariam", role=Role.LEAD),
        member("eng", role=Role.ENGINEER),
        time_off=(off("away", NOON, TOMORROW),),
    )
    found = candidates(team, {"busy": 3, "Full": 5, "free": 1, "soon": 0})
    assert [(each.login, each.state, each.tickets) for each in found] == [
        ("free", CandidateState.IN, 1),
        ("busy", CandidateState.IN, 3),
        ("soon", CandidateState.OFF, 0),
        ("late", CandidateState.OFF, 0),
        ("full", CandidateState.AT_CAPACITY, 5),
        ("away", CandidateState.OUT, 0),
    ]
    assert [each.until for each in found] == [
        NOON + 5 * HOUR,
        NOON + 5 * HOUR,
        NOON + HOUR,
        NOON + 6 * HOUR,
        NOON + 5 * HOUR,
        TOMORROW,
    ]


def warned_of(
    team: Holders, login: str, due: list[datetime | None], loads: dict[str, int] | None = None
) -> AssignmentWarning | None:
    return warning_of(team, login, due, candidates(team, loads or {}))


def test_before_there_is_a_team_whoever_has_tickets_is_a_candidate() -> None:
    found = candidates(holders(), {"jo": 3, "mo": 1})
    assert [(each.login, each.tickets, each.state) for each in found] == [
        ("mo", 1, CandidateState.IN),
        ("jo", 3, CandidateState.IN),
    ]


def test_giving_a_ticket_to_who_is_in_is_not_warned_of() -> None:
    team = holders(member("gabe"), member("luz"))
    assert warned_of(team, "gabe", [NOON + HOUR, None]) is None
    assert warned_of(holders(), "anybody", [NOON]) is None


def test_the_warning_proposes_who_is_in_with_the_fewest() -> None:
    team = holders(
        member("gabe"),
        member("busy"),
        member("free"),
        member("full", at_capacity=True),
        time_off=(off("gabe", NOON, TOMORROW),),
    )
    warned = warned_of(team, "Gabe", [None], {"busy": 2, "free": 1})
    assert warned is not None
    assert warned.login == "gabe"
    assert warned.away == HolderAway(why=AwayReason.OUT, until=TOMORROW)
    assert not warned.at_capacity
    assert warned.instead == Candidate(
        login="free", name="Free", state=CandidateState.IN, until=NOON + 5 * HOUR, tickets=1
    )


def test_at_capacity_is_warned_of_and_nobody_proposes_themselves() -> None:
    team = holders(member("full", at_capacity=True), member("soon", "Mon-Fri 13:00-18:00"))
    warned = warned_of(team, "full", [NOON])
    assert warned is not None
    assert warned.at_capacity
    assert warned.away is None
    assert warned.instead is not None
    assert (warned.instead.login, warned.instead.until) == ("soon", NOON + HOUR)
    alone = warned_of(holders(member("full", at_capacity=True)), "full", [NOON])
    assert alone is not None
    assert alone.instead is None


def test_of_several_tickets_the_one_due_first_decides() -> None:
    evening = at("2026-03-02 18:00")
    team = holders(member("gabe"), now=evening)
    due: list[datetime | None] = [None, TOMORROW + DAY, TOMORROW - HOUR]
    warned = warned_of(team, "gabe", due)
    assert warned is not None
    assert warned.away == HolderAway(why=AwayReason.OFF, until=TOMORROW)
    assert warned_of(team, "gabe", due[:2]) is None

"""The team at the desk: who is in decides the level, the level decides the mode."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from policy.clocks.calendar import Interval
from policy.refusal import Refusal
from policy.roster.members import TimeOff
from policy.roster.team_file import load_team
from policy.roster.time_off import TimeOffEntry
from policy.rulebook.rulebook import load_rulebook
from policy.words import Mode
from store.desk import Desk
from store.history.past_desk import PastDesk
from store.queue.query import Query
from store.schema.desk_settings import count_roster_change
from store.schema.tables import EventRow, TimeOffRow
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import member, team

CALM = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk: nine scheduled, two more at noon, and a small queue.

    By priority the free customer's p1 comes first, by tier the pre-sales one does.
    """
    desk = open_desk("lee")
    desk.team.import_members(team())
    desk.transfer.take_in(
        [
            incoming(1, severity=1, tier="free", received_at=MONDAY - timedelta(minutes=30)),
            incoming(2, severity=1, tier="presales", opened_by="ce"),
            incoming(3, severity=2),
        ]
    )
    return desk


def test_marking_five_of_nine_out_makes_choices_hard_on_every_desk(
    lead: Desk, open_desk: OpenDesk
) -> None:
    other = open_desk("early9")
    assert (lead.team.capacity().level, other.policy.mode().mode) == (1, Mode.NORMAL)
    assert other.queue.overview().number_one == other.tickets.get(1)
    for number in range(1, 6):
        lead.team.mark_out(f"early{number}", reason="a cold")
    seen = other.queue.overview()
    assert (seen.capacity.level, seen.mode.mode) == (4, Mode.HARD_CHOICES)
    assert len(seen.capacity.scheduled) == 9
    assert seen.capacity.available == ("early6", "early7", "early8", "early9")
    assert seen.number_one == other.tickets.get(2), "the tier decides now"
    assert [each.external_id for each in other.queue.page(Query(), 0, 9)] == ["2", "1", "3"]


def test_normal_returns_after_the_calm_time_and_not_before(lead: Desk, clock: Clock) -> None:
    for number in range(1, 6):
        lead.team.mark_out(f"early{number}")
    clock.advance(hours=1)
    for number in (1, 2, 3):
        lead.team.mark_back(f"early{number}")
    assert lead.team.capacity().level == 2
    assert lead.policy.mode().until == clock.now + CALM
    clock.now += CALM - timedelta(seconds=1)
    assert lead.policy.mode().mode is Mode.HARD_CHOICES
    clock.advance(seconds=1)
    assert lead.policy.mode().mode is Mode.NORMAL


def test_the_level_follows_the_queue_that_there_was(lead: Desk, clock: Clock) -> None:
    lead.transfer.take_in([incoming(number) for number in range(10, 80)])
    assert lead.team.capacity().level > 2
    clock.advance(minutes=1)
    lead.transfer.take_in([incoming(number, status="solved") for number in range(10, 80)])
    assert lead.team.capacity().level == 1
    assert lead.policy.mode().mode is Mode.HARD_CHOICES, "until it has been calm for a while"
    clock.now += CALM
    assert lead.policy.mode().mode is Mode.NORMAL


def test_a_policy_may_count_only_what_is_owed(lead: Desk, clock: Clock) -> None:
    lead.transfer.take_in([incoming(number) for number in range(10, 80)])
    assert lead.team.capacity().level > 2
    lead.policy.adopt(load_rulebook('[capacity]\ncount = "owed"\n', "owed.toml"))
    clock.advance(minutes=1)
    lead.transfer.take_in(
        [incoming(number, first_response_at=clock.now) for number in range(10, 80)]
    )
    found = lead.team.capacity()
    assert (found.level, found.actionable, found.owed) == (1, 73, 3)
    assert lead.policy.mode().mode is Mode.HARD_CHOICES, "until it has been calm for a while"
    clock.now += CALM
    assert lead.policy.mode().mode is Mode.NORMAL
    levels = lead.reports.report(MONDAY, clock.now, UTC).days
    assert levels[0].worst_level > 2


def test_a_mode_set_by_hand_stands_above_the_level_until_its_end(lead: Desk, clock: Clock) -> None:
    lead.policy.set_mode(Mode.HARD_CHOICES, reason="the fair", until=clock.now + timedelta(hours=1))
    mode = lead.policy.mode()
    assert mode.by_hand is not None
    assert (mode.mode, mode.by_hand.by) == (Mode.HARD_CHOICES, "lee")
    clock.advance(hours=1)
    assert lead.policy.mode().mode is Mode.NORMAL


def test_what_marking_out_would_do_is_what_it_does(lead: Desk) -> None:
    for number in range(1, 5):
        lead.team.mark_out(f"early{number}")
    told = lead.team.if_out("early5", reason="a cold")
    assert (told.before.capacity.level, told.after.capacity.level) == (3, 4) or (
        told.before.capacity.level < told.after.capacity.level
    )
    assert lead.team.mark_out("early5", reason="a cold") == told.sentence
    assert lead.team.capacity() == told.after.capacity
    assert lead.queue.overview().number_one == told.number_one_after
    assert lead.waits.read().drafts == tuple(told.after.notices)


def test_looking_at_what_would_be_changes_nothing(lead: Desk) -> None:
    before = lead.history.revision(), lead.team.roster()
    lead.team.if_out("early1")
    assert (lead.history.revision(), lead.team.roster()) == before
    with pytest.raises(Refusal, match="not out"):
        lead.team.if_back("early1")


def test_only_a_lead_says_who_else_is_out(lead: Desk, open_desk: OpenDesk) -> None:
    del lead
    for login in ("early1", "eve", "stranger"):
        desk = open_desk(login)
        with pytest.raises(Refusal, match="lee"):
            desk.team.mark_out("early2")
        with pytest.raises(Refusal, match="lee"):
            desk.team.if_out("early2")
        with pytest.raises(Refusal, match="lee"):
            desk.team.if_back("early2")
        assert desk.team.roster().time_off == ()


def test_everybody_marks_themselves_out_and_back_and_takes_it_back(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    for login in ("early1", "eve", "lee"):
        desk = open_desk(login)
        assert " is out from " in desk.team.if_out(login).sentence
        desk.team.mark_out(login, until=clock.now + timedelta(hours=3), reason="dentist")
        desk.team.mark_out(login, until=clock.now + timedelta(hours=4), reason="dentist")
        (off,) = desk.team.roster().off(login)
        desk.team.change_absence(login, TimeOffEntry(off.id), off.start, None, "ill")
        clock.advance(minutes=5)
        desk.team.mark_back(login)
        assert lead.team.roster().out_at(login, clock.now) is None
        for _ in range(4):
            assert desk.team.roster().off(login)
            desk.history.undo()
        assert desk.team.roster().off(login) == ()
    stranger = open_desk("stranger")
    with pytest.raises(Refusal, match="is not in the team and may only look"):
        stranger.team.mark_out("stranger")


def test_an_engineer_looks_and_takes_nothing(lead: Desk, open_desk: OpenDesk) -> None:
    del lead
    with pytest.raises(Refusal, match="engineer"):
        open_desk("eve").tickets.take(1)


def test_everybody_may_say_that_they_are_at_capacity(lead: Desk, open_desk: OpenDesk) -> None:
    assert "takes no new tickets" in open_desk("early1").team.set_at_capacity("early1", True)
    assert [each.login for each in lead.team.roster().members if each.at_capacity] == ["early1"]
    with pytest.raises(Refusal):
        open_desk("early1").team.set_at_capacity("early2", True)


def test_time_off_stays_with_those_who_stay(lead: Desk) -> None:
    lead.team.mark_out("early1", date(2026, 3, 9), date(2026, 3, 10), "holiday")
    lead.team.mark_out("late2")
    lead.team.import_members(team(late=1))
    (off,) = lead.team.roster().time_off
    assert (off.login, off.until) == ("early1", MONDAY.replace(day=11, hour=0))


def test_coverage_and_gaps_are_told_for_a_range(lead: Desk) -> None:
    view = lead.team.coverage(MONDAY, MONDAY + timedelta(hours=24))
    assert view.covers[0].scheduled == view.covers[0].available
    assert sum((each.end - each.start for each in view.covers), timedelta()) == timedelta(hours=24)
    (gap,) = view.gaps
    assert (gap.start.hour, gap.end.hour) == (20, 8)


# Absences that overlap


def entries(desk: Desk, login: str = "early1") -> list[tuple[datetime, datetime | None, str]]:
    return [(off.start, off.until, off.reason) for off in desk.team.roster().off(login)]


def test_absences_stay_entries_of_their_own_and_each_is_taken_back_by_itself(
    lead: Desk, clock: Clock
) -> None:
    days = date(2026, 3, 3), date(2026, 3, 6)
    lead.team.mark_out("early1", *days, "holidays")
    lead.team.mark_out("early1", None, clock.now + 2 * DAY, "ill")
    lead.team.mark_out("early1", None, None, "course")
    holidays, ill, course = (
        (MONDAY.replace(day=3, hour=0), MONDAY.replace(day=7, hour=0), "holidays"),
        (MONDAY, MONDAY + 2 * DAY, "ill"),
        (MONDAY, None, "course"),
    )
    assert entries(lead) == [ill, course, holidays]
    clock.now += DAY
    assert "still out" in lead.team.mark_back("early1"), "the holidays began last"
    assert entries(lead) == [ill, course, (holidays[0], clock.now, "holidays")]
    lead.team.mark_back("early1", everything=True)
    assert entries(lead) == [
        (MONDAY, clock.now, "ill"),
        (MONDAY, clock.now, "course"),
        (holidays[0], clock.now, "holidays"),
    ]
    assert lead.team.roster().out_at("early1", clock.now) is None
    for expected in (
        [ill, course, (holidays[0], clock.now, "holidays")],
        [ill, course, holidays],
        [ill, holidays],
        [holidays],
        [],
    ):
        lead.history.undo()
        assert sorted(entries(lead), key=str) == sorted(expected, key=str)
    for _ in range(5):
        lead.history.redo()
    assert lead.team.roster().out_at("early1", clock.now) is None
    assert len(entries(lead)) == 3


def test_with_the_reason_of_one_that_runs_its_end_changes_and_back_again(
    lead: Desk, clock: Clock
) -> None:
    lead.team.mark_out("early1", None, MONDAY + DAY, "ill")
    clock.advance(hours=3)
    told = lead.team.if_out("early1", None, MONDAY + 3 * DAY, "Ill")
    assert lead.team.mark_out("early1", None, MONDAY + 3 * DAY, "Ill") == told.sentence
    assert entries(lead) == [(MONDAY, MONDAY + 3 * DAY, "ill")]
    lead.history.undo()
    assert entries(lead) == [(MONDAY, MONDAY + DAY, "ill")]


def test_an_entry_that_was_changed_since_cannot_be_taken_back(
    lead: Desk, open_desk: OpenDesk
) -> None:
    lead.team.mark_out("early1", None, MONDAY + DAY, "ill")
    own = open_desk("early1")
    own.team.mark_out("early1", None, MONDAY + 2 * DAY, "ill")
    with pytest.raises(Refusal, match="was changed since"):
        lead.history.undo()
    own.history.undo()
    lead.history.undo()
    assert entries(lead) == []


def test_one_entry_is_changed_or_ended_by_its_number(lead: Desk, clock: Clock) -> None:
    lead.team.mark_out("early1", None, MONDAY + DAY, "ill")
    lead.team.mark_out("early1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    ill, holidays = lead.team.roster().off("early1")
    wanted = TimeOffEntry(holidays.id, holidays), date(2026, 3, 16), date(2026, 3, 17), "x"
    told = lead.team.if_changed("early1", *wanted)
    assert told.guidance is not None
    assert told.sentence == lead.team.change_absence("early1", *wanted)
    assert entries(lead)[1] == (MONDAY.replace(day=16, hour=0), MONDAY.replace(day=18, hour=0), "x")
    with pytest.raises(Refusal, match="somebody changed it meanwhile: Early1 is out from Mon 16"):
        lead.team.change_absence("early1", *wanted)
    with pytest.raises(Refusal, match="entry: 99; expected one of Early1's"):
        lead.team.mark_back("early1", which=TimeOffEntry(99))
    clock.advance(hours=1)
    lead.team.mark_back("early1", which=TimeOffEntry(ill.id, ill))
    assert entries(lead)[0] == (MONDAY, clock.now, "ill")
    lead.team.mark_back("early1")
    assert len(entries(lead)) == 1


def test_a_day_off_takes_the_night_that_begins_on_it_in_everything_that_is_reckoned(
    lead: Desk, clock: Clock
) -> None:
    """Cover, gaps, the level, what it opens, and what was: all through the one computation."""
    night = member("nora", hours="Mon-Fri 18:00-02:00")
    lead.team.import_members(load_team(member("lee", role="lead") + night, "team.toml"))
    told = lead.team.if_out("nora", date(2026, 3, 3), date(2026, 3, 3))
    assert told.guidance is not None
    tuesday = Interval(MONDAY.replace(day=3, hour=18), MONDAY.replace(day=4, hour=2))
    assert told.guidance.gaps == (tuesday,)
    lead.team.mark_out("nora", date(2026, 3, 3), date(2026, 3, 3))
    gone = [
        Interval(each.start, each.end)
        for each in lead.team.coverage(MONDAY, MONDAY + 3 * DAY).covers
        if each.scheduled != each.available
    ]
    assert gone == [tuesday]
    for day, hour, level in ((3, 1, 1), (4, 1, 8), (5, 1, 1)):
        clock.now = MONDAY.replace(day=day, hour=hour)
        assert lead.team.capacity().level == level
    clock.now = MONDAY.replace(day=5, hour=3)
    at_night = lead.history.as_of(MONDAY.replace(day=4, hour=1))
    with closing(PastDesk(at_night, actor="lee")) as past:
        assert past.team.capacity().available == ()
        assert past.team.capacity().scheduled == ("nora",)


def test_what_an_older_version_wrote_is_read_as_days_from_midnight_to_midnight(
    lead: Desk, clock: Clock
) -> None:
    night = member("nora", hours="Mon-Fri 18:00-02:00")
    lead.team.import_members(load_team(member("lee", role="lead") + night, "team.toml"))
    lead.team.mark_out("nora", MONDAY.replace(day=3, hour=0), MONDAY.replace(day=4, hour=0))
    as_before = forget_days(lead)
    assert lead.team.roster().time_off == (as_before,)
    clock.now = MONDAY.replace(day=4, hour=1)
    assert lead.team.roster().out_at("nora", clock.now) == as_before
    lead.history.undo()
    assert lead.team.roster().time_off == ()
    lead.history.redo()
    (again,) = lead.team.roster().time_off
    assert replace(again, id=as_before.id) == as_before


def forget_days(desk: Desk) -> TimeOff:
    """Make the only entry, and the event that says so, as an older version wrote them."""
    days = ("starts_with_day", "ends_with_day")
    with desk.history._session.write() as (writer, _):
        connection = writer.connection
        connection.execute(update(TimeOffRow).values(dict.fromkeys(days)))
        event = connection.execute(
            select(col(EventRow.id), col(EventRow.after)).where(col(EventRow.kind) == "marked_out")
        ).one()
        said = {"time_off": [{k: v for k, v in each.items() if k not in days}
                             for each in event.after["time_off"]]}  # fmt: skip
        connection.execute(update(EventRow).where(col(EventRow.id) == event.id).values(after=said))
        count_roster_change(connection)
    (off,) = desk.team.roster().time_off
    assert (off.starts_with_day, off.ends_with_day) == (None, None)
    return off


def test_whole_days_stay_the_same_dates_when_somebody_moves(lead: Desk) -> None:
    lead.team.mark_out("early1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    lead.team.mark_out("early1", MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, "dentist")
    before = entries(lead)
    moved = [
        each.replaced(timezone="America/New_York") if each.login == "early1" else each
        for each in team()
    ]
    lead.team.import_members(moved)
    assert entries(lead)[0] == before[0]
    assert entries(lead)[1] == (
        MONDAY.replace(day=9, hour=4), MONDAY.replace(day=14, hour=4), "holidays",
    )  # fmt: skip
    lead.history.undo()
    assert entries(lead) == before


def test_whoever_has_no_hours_is_in_the_team_and_may_be_out(lead: Desk) -> None:
    text = member("lee", role="lead").replace('hours = ["Mon-Fri 08:00-16:00"]\n', "")
    lead.team.import_members(load_team(text + member("early1"), "team.toml"))
    assert lead.team.capacity().scheduled == ("early1",)
    lead.team.mark_out("lee", reason="ill")
    assert lead.team.roster().out_at("lee", MONDAY) is not None
    assert lead.team.entries()[0].hours == ()

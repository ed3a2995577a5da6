"""Time off that a calendar says: read anew, cancelled by its id, and whatever becomes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from policy.roster.calendar_change import CalendarEntry, Cancellation
from policy.roster.members import TimeOff
from policy.roster.time_off import TimeOffEntry
from store.desk import Desk
from tests.examples import MONDAY
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk, with a team."""
    desk = open_desk("lee")
    desk.team.import_members(team())
    return desk


def entry_on(day: int, uid: str = "busy", source: str = "feed") -> CalendarEntry:
    off = TimeOff(
        login="early1",
        start=MONDAY + timedelta(days=day),
        until=MONDAY + timedelta(days=day, hours=4),
        reason="busy",
        entered_by="lee",
        source=source,
    )
    return CalendarEntry(off=off, uid=uid)


def test_a_calendar_says_anew_what_it_said_before(lead: Desk) -> None:
    lead.team.mark_out("early2", reason="by hand")
    from_feed = [entry_on(day) for day in (1, 2)]
    assert lead.team.take_in_calendar("feed", from_feed) == (2, 0)
    assert lead.team.take_in_calendar("feed", from_feed) == (0, 0)
    assert lead.team.take_in_calendar("feed", from_feed[:1]) == (0, 1)
    assert {each.login for each in lead.team.roster().time_off} == {"early1", "early2"}


def test_what_a_calendar_program_cancels_goes_by_the_id_it_came_with(lead: Desk) -> None:
    lead.team.take_in_calendar("feed", [entry_on(1, "one"), entry_on(2, "two"), entry_on(3)])
    lead.team.take_in_calendar("feed", [entry_on(1, "one"), entry_on(2, "two")])
    cancelled = [Cancellation(uid="two")]
    assert lead.team.take_in_calendar("feed", [], cancelled=cancelled, replaces=False) == (0, 1)
    assert [each.start for each in lead.team.roster().time_off] == [MONDAY + timedelta(days=1)]
    lead.history.undo()
    assert len(lead.team.roster().time_off) == 2
    assert lead.team.take_in_calendar("feed", [], cancelled=cancelled, replaces=False) == (0, 1)


DAY_OFF = CalendarEntry(
    off=TimeOff(
        login="early1",
        start=MONDAY.replace(day=9, hour=0),
        until=MONDAY.replace(day=10, hour=0),
        reason="sea",
        entered_by="lee",
        source="feed",
        starts_with_day=True,
        ends_with_day=True,
    ),
    uid="sea",
)
TOKYO = tuple(
    each.replaced(timezone="Asia/Tokyo") if each.login == "early1" else each for each in team()
)


@pytest.mark.parametrize(
    "change",
    [
        lambda lead, _: lead.team.import_members(TOKYO),
        lambda lead, off: lead.team.change_absence(
            "early1", TimeOffEntry(off.id), date(2026, 3, 9), date(2026, 3, 11), "sea"
        ),
        lambda lead, _: (lead.team.import_members(TOKYO), lead.team.import_members(team())),
        lambda lead, _: (lead.team.import_members(TOKYO), lead.history.undo()),
    ],
)
def test_a_calendar_s_time_off_keeps_its_id_whatever_becomes_of_it(
    lead: Desk, change: Callable[[Desk, TimeOff], object]
) -> None:
    lead.team.take_in_calendar("feed", [DAY_OFF, entry_on(1, "other")])
    (off,) = (each for each in lead.team.roster().time_off if each.reason == "sea")
    change(lead, off)
    other_time = [Cancellation(uid="sea")]
    assert lead.team.take_in_calendar("feed", [], cancelled=other_time, replaces=False) == (0, 1)
    assert [each.reason for each in lead.team.roster().time_off] == ["busy"]


def test_a_calendar_s_time_off_that_ended_early_keeps_its_id(lead: Desk, clock: Clock) -> None:
    lead.team.take_in_calendar("feed", [entry_on(0, "now")])
    clock.advance(hours=1)
    lead.team.mark_back("early1")
    gone = [Cancellation(uid="now")]
    assert lead.team.take_in_calendar("feed", [], cancelled=gone, replaces=False) == (0, 1)
    assert lead.team.roster().time_off == ()


def test_what_came_before_ids_were_kept_goes_by_its_time(lead: Desk) -> None:
    lead.team.take_in_calendar("feed", [CalendarEntry(off=entry_on(1).off, uid=None), entry_on(2)])
    monday_after = Cancellation(uid="any", starts=frozenset([MONDAY + timedelta(days=1)]))
    assert lead.team.take_in_calendar("feed", [], cancelled=[monday_after], replaces=False) == (
        0,
        1,
    )


def test_what_a_calendar_says_as_days_is_not_new_when_it_is_read_again(lead: Desk) -> None:
    found = TimeOff(
        login="early1",
        start=MONDAY.replace(day=9, hour=0),
        until=MONDAY.replace(day=10, hour=0),
        reason="Away",
        entered_by="lee",
        source="feed",
    )
    assert lead.team.take_in_calendar("feed", [CalendarEntry(off=found, uid=None)]) == (1, 0)
    days = replace(found, starts_with_day=True, ends_with_day=True)
    assert lead.team.take_in_calendar("feed", [CalendarEntry(off=days, uid=None)]) == (0, 0)
    hours = replace(found, starts_with_day=False, ends_with_day=False)
    assert lead.team.take_in_calendar("feed", [CalendarEntry(off=hours, uid=None)]) == (1, 1)

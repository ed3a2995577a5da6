"""What becomes of time off when a calendar is read again, or takes events back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.roster.calendar_change import (
    CalendarChange,
    CalendarEntry,
    Cancellation,
    calendar_change,
)
from policy.roster.members import Roster, TimeOff
from tests.policy.teams import member

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)

TEAM = Roster(members=(member("gabe"),))


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def entry(
    number: int, uid: str | None = "off", repetition: str = "", source: str = "feed"
) -> CalendarEntry:
    off = TimeOff(
        login="gabe",
        start=day(number),
        until=day(number) + timedelta(hours=8),
        reason="away",
        entered_by="lee",
        source=source,
    )
    return CalendarEntry(off=off, uid=uid, repetition=repetition)


def gone(
    said: list[CalendarEntry], *cancelled: Cancellation, source: str = "feed"
) -> list[CalendarEntry]:
    change = calendar_change(TEAM, source, said, [], cancelled, replaces=False)
    assert not change.come
    return [each for each in said if each.off in change.gone]


class TestReadAgain:
    def test_what_is_new_comes_and_what_is_not_said_any_more_goes(self) -> None:
        change = calendar_change(TEAM, "feed", [entry(0), entry(1)], [entry(1), entry(2)])
        assert change == CalendarChange(come=(entry(2),), gone=(entry(0).off,))

    def test_two_that_are_alike_are_two(self) -> None:
        assert calendar_change(TEAM, "feed", [entry(0)], [entry(0), entry(0)]).come == (entry(0),)
        assert calendar_change(TEAM, "feed", [entry(0), entry(0)], [entry(0)]).gone == (
            entry(0).off,
        )

    def test_another_calendar_keeps_what_it_said(self) -> None:
        other = entry(0, source="other")
        assert calendar_change(TEAM, "feed", [other], []) == CalendarChange((), ())

    @given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
    def test_afterwards_there_is_what_it_says_and_again_changes_nothing(
        self, before: list[int], now: list[int]
    ) -> None:
        said, found = [list(map(entry, numbers)) for numbers in (before, now)]
        change = calendar_change(TEAM, "feed", said, found)
        kept = [each.off for each in said]
        for off in change.gone:
            kept.remove(off)
        after = [*kept, *(each.off for each in change.come)]
        assert sorted(off.start for off in after) == sorted(each.off.start for each in found)
        assert calendar_change(TEAM, "feed", found, found) == CalendarChange((), ())


class TestCancelled:
    def test_an_event_goes_by_its_id_whenever_it_was(self) -> None:
        moved, other = entry(3), entry(0, "other")
        assert gone([moved, other], Cancellation(uid="off", starts=frozenset([day(0)]))) == [moved]
        assert gone([moved, other], Cancellation(uid="off")) == [moved]
        assert gone([moved, other], Cancellation(uid="unknown")) == []

    def test_of_events_with_one_id_the_one_at_that_time_goes(self) -> None:
        each = [entry(0), entry(1), entry(2)]
        assert gone(each, Cancellation(uid="off", starts=frozenset([day(1)]))) == [each[1]]
        assert gone(each, Cancellation(uid="off")) == each

    def test_a_series_goes_as_a_whole_one_time_or_from_a_time_on(self) -> None:
        series = [entry(number, repetition=f"2026031{number + 6}T090000Z") for number in range(3)]
        starts = frozenset([day(1)])
        name = "20260317T090000Z"
        assert gone(series, Cancellation(uid="off", starts=frozenset([day(0)]))) == series
        one = Cancellation(uid="off", repetition=name, starts=starts)
        assert gone(series, one) == [series[1]]
        assert gone(series, replace(one, and_later=True)) == series[1:]
        assert gone(series, replace(one, and_later=True, starts=frozenset())) == []
        by_time = Cancellation(uid="off", repetition="20260317T100000", starts=starts)
        assert gone(series, by_time) == [series[1]]

    def test_one_time_that_was_moved_goes_by_when_it_would_have_been(self) -> None:
        moved = entry(5, repetition="20260317T090000Z")
        one = Cancellation(uid="off", repetition="20260317T090000Z", starts=frozenset([day(1)]))
        assert gone([entry(0, repetition="20260316T090000Z"), moved], one) == [moved]

    @pytest.mark.parametrize(("number", "goes"), [(0, True), (1, False)])
    def test_of_another_calendar_goes_what_has_that_id_and_that_time(
        self, number: int, goes: bool
    ) -> None:
        elsewhere = entry(number, source="invitation.ics")
        cancelled = Cancellation(uid="off", starts=frozenset([day(0)]))
        assert gone([elsewhere], cancelled) == ([elsewhere] if goes else [])

    def test_what_came_before_ids_were_kept_goes_by_its_time_in_its_own_calendar(self) -> None:
        cancelled = Cancellation(uid="off", starts=frozenset([day(0)]))
        old, elsewhere = entry(0, uid=None), entry(0, uid=None, source="other")
        assert gone([old, entry(1, uid=None), elsewhere], cancelled) == [old]

    def test_beside_a_calendar_it_takes_away_from_what_that_says(self) -> None:
        cancelled = [Cancellation(uid="off", starts=frozenset([day(0)]))]
        said, found = [entry(0), entry(1, "one")], [entry(0), entry(2, "two")]
        change = calendar_change(TEAM, "feed", said, found, cancelled)
        assert change.come == (entry(2, "two"),)
        assert change.gone == (entry(0).off, entry(1, "one").off)

    def test_one_that_is_cancelled_twice_goes_once(self) -> None:
        twice = [Cancellation(uid="off"), Cancellation(uid="off")]
        change = calendar_change(TEAM, "feed", [entry(0)], [], twice, replaces=False)
        assert change.gone == (entry(0).off,)

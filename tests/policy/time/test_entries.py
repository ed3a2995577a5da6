"""Timers and their entries: started, stopped, edited, refused, and forgotten overnight."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.time.entries import (
    LONGEST_ENTRY,
    TimeEntry,
    edited,
    left_running,
    named,
    started,
    stopped,
    work_on,
)
from policy.words import Tier, Work
from tests.examples import TIERS
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at, member, ticket

NOW = MONDAY + 8 * HOUR


def entry(
    start: datetime = MONDAY,
    end: datetime | None = MONDAY + HOUR,
    *,
    number: int = 1,
    on: int | None = 41,
    note: str = "",
) -> TimeEntry:
    return TimeEntry(
        id=number,
        login="mo",
        work=Work.CUSTOMER,
        ticket=on,
        started_at=start,
        stopped_at=end,
        note=note,
    )


@pytest.mark.parametrize("tier", list(TIERS))
def test_time_on_our_own_tickets_is_internal_and_on_all_others_a_customers(tier: Tier) -> None:
    expected = Work.INTERNAL if tier == "internal" else Work.CUSTOMER
    assert work_on(ticket(tier=tier)) is expected


def test_a_timer_is_started_and_stopped() -> None:
    running = started(entry(end=None, note="  the\n login page "), [], NOW)
    assert (running.stopped_at, running.note) == (None, "the login page")
    assert running.length(NOW) == 8 * HOUR
    done = stopped(running, NOW, NOW)
    assert (done.stopped_at, done.length(NOW + DAY)) == (NOW, 8 * HOUR)


def test_started_and_stopped_in_the_same_second_is_an_entry_of_no_length() -> None:
    assert stopped(entry(end=None), MONDAY, MONDAY).length(NOW) == MINUTE * 0


@pytest.mark.parametrize(
    ("end", "now", "reason"),
    [
        (MONDAY - MINUTE, NOW, "until: 08:59; expected a time after the start"),
        (NOW + MINUTE, NOW, "until: 17:01 is still to come"),
        (MONDAY + 25 * HOUR, MONDAY + 2 * DAY, "is 1 d 1 h after the start.*at most 24 h"),
    ],
)
def test_a_stop_that_cannot_be_is_refused(end: datetime, now: datetime, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        stopped(entry(end=None), end, now)


def test_what_is_stopped_is_not_stopped_again() -> None:
    with pytest.raises(Refusal, match="entry 1, on #41 was stopped at 10:00"):
        stopped(entry(), NOW, NOW)


def test_a_whole_day_is_the_longest_entry() -> None:
    assert stopped(entry(end=None), MONDAY + LONGEST_ENTRY, MONDAY + 2 * DAY).stopped_at


def test_nothing_starts_in_the_future() -> None:
    with pytest.raises(Refusal, match="from: 09:00 is still to come"):
        started(entry(end=None), [], MONDAY - MINUTE)


def test_an_overlap_is_refused_with_which_entry_it_is() -> None:
    before = [entry(number=3), entry(MONDAY + 2 * HOUR, MONDAY + 3 * HOUR, number=4, on=None)]
    with pytest.raises(Refusal, match="overlaps entry 3, on #41, 09:00 to 10:00"):
        edited(entry(MONDAY - HOUR, MONDAY + 5 * HOUR), before, NOW)
    with pytest.raises(Refusal, match="overlaps entry 4, customer work, 11:00 to 12:00"):
        edited(entry(MONDAY + HOUR, MONDAY + 5 * HOUR), before, NOW)
    touching = entry(MONDAY + HOUR, MONDAY + 2 * HOUR)
    assert edited(touching, before, NOW) == touching
    with pytest.raises(Refusal, match="running since 09:00"):
        edited(entry(MONDAY + HOUR, NOW), [entry(end=None, number=9)], NOW)


def test_an_entry_does_not_overlap_what_it_was_before() -> None:
    longer = replace(entry(), stopped_at=MONDAY + 2 * HOUR)
    assert edited(longer, [entry()], NOW) == longer


@pytest.mark.parametrize("note", ["x" * 1_001, "a\0b"])
def test_a_note_that_cannot_be_kept_is_refused(note: str) -> None:
    with pytest.raises(Refusal, match="note: "):
        edited(entry(note=note), [], NOW)


def test_an_entry_is_named_by_what_it_went_to() -> None:
    assert named(entry()) == "entry 1, on #41"
    assert named(replace(entry(on=None), work=Work.INTERNAL)) == "entry 1, internal work"


# Left running


MARIAM = member("mariam", timezone="Africa/Cairo")


@pytest.mark.parametrize(
    ("start", "now", "since"),
    [
        ("2026-03-02 14:00", "2026-03-02 15:00", None),
        ("2026-03-02 14:00", "2026-03-02 15:59", None),
        ("2026-03-02 14:00", "2026-03-02 16:00", "2026-03-02 15:00"),
        ("2026-03-02 14:00", "2026-03-03 09:00", "2026-03-02 15:00"),
        ("2026-03-02 05:00", "2026-03-02 16:30", "2026-03-02 15:00"),
        ("2026-03-02 18:00", "2026-03-03 05:59", None),
        ("2026-03-02 18:00", "2026-03-03 06:01", "2026-03-03 06:00"),
        ("2026-03-06 16:00", "2026-03-09 09:00", "2026-03-07 04:00"),
    ],
)
def test_a_timer_looks_forgotten_after_the_working_hours(
    start: str, now: str, since: str | None
) -> None:
    found = left_running(entry(at(start), None), MARIAM, at(now))
    assert found == (None if since is None else at(since))


def test_without_hours_it_looks_forgotten_after_twelve() -> None:
    on_saturdays = member("noa", hours="Sat 09:00-11:00")
    for who in (None, on_saturdays):
        assert left_running(entry(end=None), who, MONDAY + 12 * HOUR) is None
        assert left_running(entry(end=None), who, MONDAY + 13 * HOUR) == MONDAY + 12 * HOUR


def test_what_was_stopped_was_not_forgotten() -> None:
    assert left_running(entry(), MARIAM, NOW + 3 * DAY) is None


minutes = st.integers(0, 30 * 60)


@settings(deadline=None)
@given(minutes, minutes)
def test_where_it_looks_forgotten_is_where_it_can_be_stopped(start: int, passed: int) -> None:
    running = entry(MONDAY + start * MINUTE, None)
    now = running.started_at + passed * MINUTE
    since = left_running(running, MARIAM, now)
    if since is not None:
        assert stopped(running, since, now).stopped_at == since


@given(st.lists(st.tuples(minutes, st.integers(1, 300)), max_size=12))
def test_whatever_is_recorded_one_after_the_other_never_overlaps(
    spans: list[tuple[int, int]],
) -> None:
    kept: list[TimeEntry] = []
    now = MONDAY + 4 * DAY
    for number, (start, length) in enumerate(spans, start=1):
        begin = MONDAY + start * MINUTE
        wanted = entry(begin, begin + length * MINUTE, number=number)
        try:
            kept.append(edited(wanted, kept, now))
        except Refusal:
            assert any(
                wanted.started_at < other.until(now) and other.started_at < wanted.until(now)
                for other in kept
            )
    in_order = sorted(kept, key=lambda each: each.started_at)
    assert all(one.until(now) <= other.started_at for one, other in pairwise(in_order))

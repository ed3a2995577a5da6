"""The level and the mode over a span of time: as they were found out at each instant of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.capacity.hard_choices import QueueCount, automatic_mode
from policy.capacity.levels import capacity
from policy.capacity.mode import ModeSetting, mode_in_force
from policy.report.levels_held import (
    Circumstances,
    ModeHeld,
    ModeSpan,
    mode_spans,
    modes_by_hand,
    time_in,
)
from policy.report.ticket_changes import Since, value_at
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.words import Mode
from tests.policy.teams import HOUR, MINUTE, MONDAY, at, member, off

END = MONDAY + 6 * HOUR
MINUTES = st.integers(-90, 7 * 60).map(lambda minutes: MONDAY + minutes * MINUTE)
LATER = st.integers(1, 359).map(lambda minutes: MONDAY + minutes * MINUTE)
CALMER = load_rulebook(
    '[capacity]\nhard_choices_from = 4\ncalm_for = "40m"\n[calendar]\nopen = ["Mon 08:00-12:30"]\n'
    'timezone = "UTC"',
    "calmer.toml",
)


def setting(mode: Mode, since: datetime, until: datetime | None = None) -> ModeSetting:
    return ModeSetting(mode=mode, by="lead", reason="It is so.", since=since, until=until)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    shifts = st.sampled_from(["Mon 07:30-12:00", "Mon 09:00-17:00", "Mon 11:10-13:00"])
    members = [member(str(each), draw(shifts)) for each in range(draw(st.integers(0, 4)))]
    ends = st.tuples(MINUTES, MINUTES).filter(lambda span: span[0] < span[1])
    time_off = [
        off(each.login, *span) for each in members for span in draw(st.lists(ends, max_size=2))
    ]
    return Roster(tuple(members), tuple(time_off))


@st.composite
def mode_settings(draw: st.DrawFn) -> list[Since[ModeSetting | None]]:
    held: list[Since[ModeSetting | None]] = [Since(MONDAY - 2 * HOUR, None)]
    for since in sorted(draw(st.lists(LATER, max_size=3, unique=True))):
        until = since + draw(st.integers(1, 200)) * MINUTE
        mode = draw(st.none() | st.sampled_from(Mode))
        chosen = draw(st.sampled_from([None, until]))
        held.append(Since(since, None if mode is None else setting(mode, since, chosen)))
    return held


@st.composite
def desks(draw: st.DrawFn) -> Circumstances:
    counts = draw(st.dictionaries(MINUTES, st.integers(0, 40), max_size=12))
    rulebooks: list[Since[Rulebook]] = [Since(MONDAY - 2 * HOUR, handbook())]
    rulebooks += [Since(each, CALMER) for each in draw(st.lists(LATER, max_size=1))]
    teams = [Since(MONDAY - 2 * HOUR, draw(rosters()))]
    teams += [Since(each, draw(rosters())) for each in draw(st.lists(LATER, max_size=1))]
    return Circumstances(
        rulebooks=rulebooks,
        rosters=teams,
        settings=draw(mode_settings()),
        counts=[QueueCount(at=each, tickets=counts[each]) for each in sorted(counts)],
    )


def found_out(desk: Circumstances, now: datetime) -> tuple[int, Mode]:
    """Return level and mode as a board finds them out that looks at one instant."""
    rulebook, roster = value_at(desk.rulebooks, now), value_at(desk.rosters, now)
    counts = [count for count in desk.counts if count.at <= now]
    automatic = automatic_mode(rulebook, roster, counts, now)
    tickets = counts[-1].tickets if counts else 0
    level = capacity(rulebook, roster, tickets, tickets, now).level
    return level, mode_in_force(value_at(desk.settings, now), now, UTC, automatic).mode


def there(spans: Sequence[ModeSpan], now: datetime) -> tuple[int, Mode]:
    (span,) = (each for each in spans if each.start <= now < each.end)
    return span.level, span.mode


@settings(max_examples=150, deadline=None)
@given(desks(), st.data())
def test_the_timeline_agrees_with_whoever_looked_at_any_instant(
    desk: Circumstances, data: st.DataObject
) -> None:
    spans = mode_spans(desk, MONDAY, END)
    turns = [span.start for span in spans]
    near = st.sampled_from(turns).flatmap(
        lambda turn: st.sampled_from([turn, turn - timedelta(microseconds=1), turn + MINUTE])
    )
    anywhere = st.integers(0, 6 * 3600 - 1).map(lambda seconds: MONDAY + timedelta(seconds=seconds))
    for now in data.draw(st.lists(near | anywhere, min_size=5, max_size=15)):
        if MONDAY <= now < END:
            assert there(spans, now) == found_out(desk, now), now


@settings(max_examples=50, deadline=None)
@given(desks())
def test_the_timeline_has_no_gap_and_no_two_spans_alike(desk: Circumstances) -> None:
    spans = mode_spans(desk, MONDAY, END)
    assert (spans[0].start, spans[-1].end) == (MONDAY, END)
    for one, following in pairwise(spans):
        assert one.end == following.start
        assert (one.level, one.mode) != (following.level, following.mode)
    hours = [time_in(mode, spans, MONDAY, END) for mode in Mode]
    assert sum(hours, timedelta(0)) == 6 * HOUR


def test_choices_stay_hard_for_the_calm_time_after_a_rush() -> None:
    desk = Circumstances(
        rulebooks=[Since(MONDAY, handbook())],
        rosters=[Since(MONDAY, Roster((member("mariam"),)))],
        settings=[Since(MONDAY, None)],
        counts=[
            QueueCount(at=at("2026-03-02 10:00"), tickets=8),
            QueueCount(at=at("2026-03-02 10:30"), tickets=2),
        ],
    )
    assert mode_spans(desk, MONDAY, END) == [
        (MONDAY, at("2026-03-02 10:00"), 1, Mode.NORMAL),
        (at("2026-03-02 10:00"), at("2026-03-02 10:30"), 3, Mode.HARD_CHOICES),
        (at("2026-03-02 10:30"), at("2026-03-02 10:45"), 1, Mode.HARD_CHOICES),
        (at("2026-03-02 10:45"), END, 1, Mode.NORMAL),
    ]


def set_at(minute: int, until: int | None, mode: Mode = Mode.NORMAL) -> ModeSetting:
    since = MONDAY + minute * MINUTE
    ends = None if until is None else MONDAY + until * MINUTE
    return ModeSetting(mode=mode, by="lee", reason="Storm", since=since, until=ends)


def test_the_modes_set_by_hand_are_told_with_when_each_ended() -> None:
    before = Since[ModeSetting | None](MONDAY - HOUR, None)
    over, ends, replaced = set_at(-30, -5), set_at(-3, 10), set_at(20, 500)
    automatic = Since[ModeSetting | None](MONDAY + 30 * MINUTE, None)
    still, later = set_at(40, None, Mode.HARD_CHOICES), set_at(90, None)
    by_hand = [
        Since[ModeSetting | None](each.since, each) for each in (over, ends, replaced, still, later)
    ]
    settings = [before, *by_hand[:3], automatic, *by_hand[3:]]
    assert modes_by_hand(settings, MONDAY, MONDAY + HOUR) == [
        ModeHeld(ends, MONDAY + 10 * MINUTE),  # at its own end
        ModeHeld(replaced, MONDAY + 30 * MINUTE),  # left to the level
        ModeHeld(still, None),  # in force
    ]
    assert modes_by_hand([before], MONDAY, MONDAY + HOUR) == []

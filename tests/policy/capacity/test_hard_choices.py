"""When choices get hard and stop being so: against a machine that is told of every event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.capacity.hard_choices import QueueCount, automatic_mode, hard_choices_now
from policy.capacity.mode import (
    NORMAL,
    ModeInForce,
    ModeSetting,
    calm_in_words,
    mode_in_force,
)
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.words import Mode, Role
from tests.policy.levels import level_by_design
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at, member, off

MICROSECOND = timedelta(microseconds=1)
STEP = timedelta(seconds=30)
STEPS = 3 * 60 * 2
"""Three hours, looked at every half minute."""


def counts(*at_and_tickets: tuple[datetime, int]) -> list[QueueCount]:
    return [QueueCount(at=at, tickets=tickets) for at, tickets in at_and_tickets]


class Machine:
    """On from level 3 up; off when the level has been lower for the calm time."""

    def __init__(self, calm_for: timedelta) -> None:
        self.is_hard = False
        self._calm_for = calm_for
        self._lower_since: datetime | None = None

    def hear(self, level: int, now: datetime) -> None:
        """Take in the level that holds from ``now`` on."""
        if level >= 3:
            self.is_hard, self._lower_since = True, None
        elif self._lower_since is None:
            self._lower_since = now
        if self._lower_since is not None and now - self._lower_since >= self._calm_for:
            self.is_hard = False


@dataclass(frozen=True)
class History:
    """Three hours of a team: when each is at work and out, and how the queue grew and shrank."""

    shifts: tuple[tuple[int, int], ...]
    away: tuple[tuple[int, int, int], ...]
    queue: tuple[tuple[int, int], ...]
    begin: datetime
    calm_for: int

    @property
    def rulebook(self) -> Rulebook:
        return load_rulebook(f'capacity.calm_for = "{self.calm_for}m"', "ours.toml")

    @property
    def roster(self) -> Roster:
        members = tuple(
            member(
                str(number),
                f"{self.begin + start * MINUTE:%a %H:%M}-{self.begin + end * MINUTE:%H:%M}",
            )
            for number, (start, end) in enumerate(self.shifts)
        )
        time_off = tuple(
            off(str(number), self.begin + start * STEP, self.begin + end * STEP)
            for number, start, end in self.away
        )
        return Roster(members, time_off)

    @property
    def counts(self) -> list[QueueCount]:
        return counts(*((self.begin + step * STEP, tickets) for step, tickets in self.queue))

    def level(self, step: int) -> int:
        on = [
            number
            for number, (start, end) in enumerate(self.shifts)
            if start <= step * STEP / MINUTE < end
        ]
        out = {number for number, start, end in self.away if start <= step < end}
        known = [tickets for since, tickets in self.queue if since <= step]
        now = self.begin + step * STEP
        return level_by_design(
            len(on), len(set(on) - out), known[-1] if known else 0, is_open=_is_open(now)
        )


def _is_open(now: datetime) -> bool:
    """Return whether the contract's hours run, in a week of winter time in Los Angeles."""
    opens, closes = at("2026-03-01 22:00"), at("2026-03-07 01:00")
    return opens <= now < closes


@st.composite
def histories(draw: st.DrawFn) -> History:
    minutes, steps = st.integers(0, STEPS // 2), st.integers(0, STEPS)
    people = draw(st.integers(1, 4))
    shift = st.tuples(minutes, minutes).filter(lambda ends: ends[0] < ends[1])
    whole = st.just((0, STEPS // 2))
    spans = st.tuples(st.integers(0, people - 1), steps, steps)
    queue = draw(st.lists(st.tuples(steps, st.integers(0, 40)), max_size=12))
    return History(
        shifts=tuple(draw(st.lists(whole | shift, min_size=people, max_size=people))),
        away=tuple(draw(st.lists(spans.filter(lambda span: span[1] < span[2]), max_size=5))),
        queue=tuple(sorted(queue, key=lambda each: each[0])),
        begin=draw(st.sampled_from([MONDAY, at("2026-03-06 23:00"), at("2026-03-01 20:00")])),
        calm_for=draw(st.sampled_from([1, 15, 40])),
    )


@settings(max_examples=30, deadline=None)
@given(histories())
def test_choices_are_hard_when_a_machine_says_so(history: History) -> None:
    machine = Machine(history.calm_for * MINUTE)
    rulebook, roster, queue = history.rulebook, history.roster, history.counts
    switched: list[datetime] = []
    for step in range(STEPS):
        now, was_hard = history.begin + step * STEP, machine.is_hard
        machine.hear(history.level(step), now)
        found = automatic_mode(rulebook, roster, queue, now)
        assert (found.mode is Mode.HARD_CHOICES) == machine.is_hard, now
        if machine.is_hard is not was_hard:
            switched.append(now)
    assert all(
        leaves - enters >= history.calm_for * MINUTE
        for enters, leaves in zip(switched[::2], switched[1::2], strict=False)
    )


def team(size: int, out: Sequence[tuple[datetime, datetime | None]]) -> Roster:
    members = tuple(member(str(number)) for number in range(size))
    return Roster(members, tuple(off(str(number), *span) for number, span in enumerate(out)))


def test_five_of_nine_out_and_two_back_again() -> None:
    """Marking two back returns to normal after the calm time, not before."""
    left, returned = MONDAY + HOUR, MONDAY + 2 * HOUR
    spans: list[tuple[datetime, datetime | None]] = [(left, returned)] * 2 + [(left, None)] * 3
    roster, few = team(9, spans), counts((MONDAY - DAY, 4))
    calm = returned + 15 * MINUTE

    def hard(now: datetime) -> bool:
        return hard_choices_now(handbook(), roster, few, now)

    assert [hard(now) for now in (left - MICROSECOND, left, returned)] == [False, True, True]
    assert [hard(now) for now in (calm - MICROSECOND, calm)] == [True, False]


def test_the_calm_time_begins_anew_when_the_level_rises_again() -> None:
    roster = team(2, [])
    queue = counts((MONDAY, 20), (MONDAY + 10 * MINUTE, 0), (MONDAY + 20 * MINUTE, 20),
                   (MONDAY + 21 * MINUTE, 0))  # fmt: skip

    def hard(minute: int) -> bool:
        return hard_choices_now(handbook(), roster, queue, MONDAY + minute * MINUTE)

    assert [hard(minute) for minute in (0, 10, 20, 25, 35)] == [True] * 5
    assert not hard(36)


def test_choices_get_hard_when_the_contracts_hours_begin_and_nobody_is_scheduled() -> None:
    opens, closes = at("2026-03-01 22:00"), at("2026-03-07 01:00")
    roster, queue = team(2, []), counts((opens - DAY, 3))

    def hard(now: datetime) -> bool:
        return hard_choices_now(handbook(), roster, queue, now)

    assert [hard(opens - MICROSECOND), hard(opens), hard(opens + MINUTE)] == [False, True, True]
    calm = closes + 15 * MINUTE
    assert [hard(closes), hard(calm - MICROSECOND), hard(calm)] == [True, True, False]


def test_why_and_until_when() -> None:
    roster, queue = team(2, []), counts((MONDAY, 20), (MONDAY + 10 * MINUTE, 11))

    def mode(minute: int) -> ModeInForce:
        return automatic_mode(handbook(), roster, queue, MONDAY + minute * MINUTE)

    assert mode(5) == ModeInForce(
        mode=Mode.HARD_CHOICES, why="Level 6, and choices are hard from 3 up."
    )
    assert mode(16) == ModeInForce(
        mode=Mode.HARD_CHOICES,
        why="Level 2 by now, and below 3 for 6 m; choices stay hard until that has lasted 15 m.",
        until=MONDAY + 25 * MINUTE,
        calm_since=MONDAY + 10 * MINUTE,
    )
    assert mode(25) == NORMAL


def test_how_long_it_has_been_calm_of_how_long_it_must_have_been() -> None:
    since = MONDAY + 10 * MINUTE

    def said(minute: int, calm_for: timedelta) -> str:
        calming = replace(NORMAL, until=since + calm_for, calm_since=since)
        return calm_in_words(calming, MONDAY + minute * MINUTE)

    quarter = 15 * MINUTE
    assert [said(minute, quarter) for minute in (9, 10, 16, 24, 40)] == [
        f"calm for {passed} of 15 m" for passed in (0, 0, 6, 14, 15)
    ]
    assert said(30, 90 * MINUTE) == "calm for 20 m of 1 h 30 m"
    assert calm_in_words(NORMAL, MONDAY) == ""


def test_of_several_counts_of_one_instant_the_last_one_counts() -> None:
    roster = team(1, [])
    assert not hard_choices_now(handbook(), roster, counts((MONDAY, 20), (MONDAY, 1)), MONDAY)
    assert hard_choices_now(handbook(), roster, counts((MONDAY, 1), (MONDAY, 20)), MONDAY)


def test_what_is_counted_after_now_does_not_count_yet() -> None:
    assert not hard_choices_now(handbook(), team(1, []), counts((MONDAY + MINUTE, 20)), MONDAY)


def test_without_a_team_choices_are_never_hard() -> None:
    for roster in (Roster(), Roster((member("lee", role=Role.LEAD),))):
        assert automatic_mode(handbook(), roster, counts((MONDAY - DAY, 999)), MONDAY) == NORMAL


def settings_by_hand() -> Iterator[tuple[Mode, Mode]]:
    return ((by_hand, automatic) for by_hand in Mode for automatic in Mode)


@pytest.mark.parametrize(("by_hand", "automatic"), list(settings_by_hand()))
def test_a_mode_set_by_hand_holds_until_its_end(by_hand: Mode, automatic: Mode) -> None:
    reckoned = ModeInForce(mode=automatic, why="As reckoned.")
    until = MONDAY + HOUR
    setting = ModeSetting(mode=by_hand, by="lee", reason="Storm", since=MONDAY, until=until)
    during = mode_in_force(setting, until - MICROSECOND, UTC, reckoned)
    assert (during.mode, during.why, during.until) == (
        by_hand, "Set by lee until 10:00: Storm.", until,
    )  # fmt: skip
    assert mode_in_force(setting, until, UTC, reckoned) == reckoned
    assert mode_in_force(None, MONDAY, UTC, reckoned) == reckoned

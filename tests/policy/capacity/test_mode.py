"""Which order is in force: by hand until its end, automatic otherwise."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest

from policy.capacity.mode import ModeInForce, ModeSetting, mode_in_force, set_by_hand
from policy.refusal import Refusal
from policy.words import Mode
from tests.examples import MONDAY

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
FAR = timezone(timedelta(hours=10))


def by_hand(
    mode: Mode, reason: str = "Half of us are out", until: datetime | None = None
) -> ModeSetting:
    return ModeSetting(mode=mode, by="lead", reason=reason, since=MONDAY, until=until)


def test_it_is_normal_unless_set_by_hand() -> None:
    assert mode_in_force(None, MONDAY, UTC) == ModeInForce(
        mode=Mode.NORMAL, why="A normal amount of work: we help when help is needed."
    )


@pytest.mark.parametrize("mode", Mode)
def test_what_is_set_by_hand_is_in_force_and_says_by_whom_why_and_until_when(mode: Mode) -> None:
    setting = by_hand(mode, until=MONDAY + HOUR)
    assert mode_in_force(setting, MONDAY, UTC) == ModeInForce(
        mode=mode,
        why="Set by lead until 10:00: Half of us are out.",
        until=MONDAY + HOUR,
        by_hand=setting,
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("", "Set by lead until 11:00."),
        ("Why not?", "Set by lead until 11:00: Why not?"),
        ("人が足りない。", "Set by lead until 11:00: 人が足りない。"),
    ],
)
def test_the_reason_is_a_sentence(reason: str, why: str) -> None:
    setting = by_hand(Mode.HARD_CHOICES, reason, MONDAY + 2 * HOUR)
    assert mode_in_force(setting, MONDAY, UTC).why == why


@pytest.mark.parametrize(
    ("until", "zone", "said"),
    [
        (MONDAY + HOUR, FAR, "until 20:00"),
        (MONDAY + 24 * HOUR, UTC, "until Tue 09:00"),
        (MONDAY + 20 * HOUR, FAR, "until Tue 15:00"),
        (None, UTC, "without an end"),
    ],
)
def test_the_end_is_as_the_readers_clocks_show_it(
    until: datetime | None, zone: tzinfo, said: str
) -> None:
    setting = by_hand(Mode.NORMAL, "Storm", until)
    assert mode_in_force(setting, MONDAY, zone).why == f"Set by lead {said}: Storm."


@pytest.mark.parametrize(
    ("now", "mode"),
    [
        (MONDAY, Mode.HARD_CHOICES),
        (MONDAY + HOUR - SECOND, Mode.HARD_CHOICES),
        (MONDAY + HOUR, Mode.NORMAL),
        (MONDAY + HOUR * 1000, Mode.NORMAL),
    ],
)
def test_it_ends_at_its_end(now: datetime, mode: Mode) -> None:
    """Intervals include their start and exclude their end."""
    assert mode_in_force(by_hand(Mode.HARD_CHOICES, until=MONDAY + HOUR), now, UTC).mode is mode


def test_without_an_end_it_stays() -> None:
    setting = by_hand(Mode.HARD_CHOICES)
    assert mode_in_force(setting, MONDAY + HOUR * 10_000, UTC).mode is Mode.HARD_CHOICES


def setting(reason: str, until: datetime | None) -> ModeSetting:
    return set_by_hand(Mode.NORMAL, by="lead", reason=reason, until=until, now=MONDAY, zone=FAR)


def test_it_is_set_with_a_reason_and_an_end() -> None:
    assert setting(" Half  of us\n", MONDAY + SECOND) == by_hand(
        Mode.NORMAL, "Half of us", MONDAY + SECOND
    )


@pytest.mark.parametrize(
    ("reason", "until", "refusal"),
    [
        ("", MONDAY + HOUR, "reason: missing; say in a sentence why the mode is set by hand"),
        (" \n", MONDAY + HOUR, "reason: missing; say in a sentence why the mode is set by hand"),
        ("Storm", None, "until: missing; say when it ends: 3h, 17:00, Fri 17:00"),
        ("Storm", MONDAY, "until: 19:00; expected a time after now"),
        ("Storm", MONDAY - 24 * HOUR, "until: Sun 19:00; expected a time after now"),
        ("x" * 1001, MONDAY + HOUR, "reason: 1,001 characters; expected at most 1,000"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(
    reason: str, until: datetime | None, refusal: str
) -> None:
    with pytest.raises(Refusal) as refused:
        setting(reason, until)
    assert refused.value.reason == refusal

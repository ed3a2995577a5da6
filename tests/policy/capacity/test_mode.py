"""Which order is in force: by hand until its end, automatic otherwise."""

from datetime import datetime, timedelta

import pytest

from policy.capacity.mode import ModeInForce, ModeSetting, mode_in_force
from policy.words import Mode
from tests.examples import MONDAY

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def by_hand(
    mode: Mode, reason: str = "Half of us are out", until: datetime | None = None
) -> ModeSetting:
    return ModeSetting(mode=mode, by="lead", reason=reason, since=MONDAY, until=until)


def test_it_is_normal_unless_set_by_hand() -> None:
    assert mode_in_force(None, MONDAY) == ModeInForce(
        mode=Mode.NORMAL, why="A normal amount of work: we help when help is needed."
    )


@pytest.mark.parametrize("mode", Mode)
def test_what_is_set_by_hand_is_in_force_and_says_by_whom(mode: Mode) -> None:
    until = MONDAY + HOUR
    assert mode_in_force(by_hand(mode, until=until), MONDAY) == ModeInForce(
        mode=mode,
        why="Set by lead: Half of us are out.",
        set_by="lead",
        since=MONDAY,
        until=until,
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("", "Set by lead."),
        ("Why not?", "Set by lead: Why not?"),
        ("人が足りない。", "Set by lead: 人が足りない。"),
    ],
)
def test_the_reason_is_a_sentence(reason: str, why: str) -> None:
    assert mode_in_force(by_hand(Mode.HARD_CHOICES, reason), MONDAY).why == why


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
    assert mode_in_force(by_hand(Mode.HARD_CHOICES, until=MONDAY + HOUR), now).mode is mode


def test_without_an_end_it_stays() -> None:
    assert mode_in_force(by_hand(Mode.HARD_CHOICES), MONDAY + HOUR * 10_000).mode is (
        Mode.HARD_CHOICES
    )

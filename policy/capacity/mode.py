"""Which order is in force now: the one set by hand, until its end, or the automatic one."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from policy.phrases import at, sentence, span
from policy.refusal import Refusal
from policy.tickets.actions import checked_reason
from policy.words import Mode

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSetting:
    """A mode set by hand, by whom, why and until when (UTC).

    ``until`` None is one that an older version set without an end: it "stays until `auto`". Such a
    one may lack a reason, too.
    """

    mode: Mode
    by: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeInForce:
    """The mode that decides the order now, and why in one sentence.

    ``until`` is when it ends by itself (UTC), None when that is not known. ``by_hand`` is who set
    it, why and until when; None while the level decides. ``calm_since`` is from when on (UTC) the
    level has been low while choices are still hard, None unless they are left only for that.
    """

    mode: Mode
    why: str
    until: datetime | None = None
    by_hand: ModeSetting | None = None
    calm_since: datetime | None = None


NORMAL = ModeInForce(mode=Mode.NORMAL, why="A normal amount of work: we help when help is needed.")
"""The mode while there is nothing to choose between."""


def set_by_hand(
    mode: Mode, *, by: str, reason: str, until: datetime | None, now: datetime, zone: tzinfo
) -> ModeSetting:
    """Return the mode as a lead sets it at ``now`` (UTC): it "needs a reason and an end".

    ``zone`` is the person's, in which a refusal says times.

    Raises:
        Refusal: the reason or the end is missing, the reason is no short line, or the end is not
            after now.
    """
    said = checked_reason(reason)
    if not said:
        raise Refusal("reason: missing; say in a sentence why the mode is set by hand")
    if until is None:
        raise Refusal("until: missing; say when it ends: 3h, 17:00, Fri 17:00")
    if until <= now:
        raise Refusal(f"until: {at(until, now, zone)}; expected a time after now")
    return ModeSetting(mode=mode, by=by, reason=said, since=now, until=until)


def mode_in_force(
    setting: ModeSetting | None, now: datetime, zone: tzinfo, automatic: ModeInForce = NORMAL
) -> ModeInForce:
    """Return the mode at ``now``: the one set by hand until its end, else the ``automatic`` one.

    "Wherever the mode is shown it then says by whom, why and until when", as the clocks of
    ``zone`` show it, the reader's.
    """
    if setting is None or (setting.until is not None and setting.until <= now):
        return automatic
    why = sentence(f"Set by {by_hand_in_words(setting, now, zone)}")
    return ModeInForce(mode=setting.mode, why=why, until=setting.until, by_hand=setting)


def calm_in_words(mode: ModeInForce, now: datetime) -> str:
    """Return ``calm for 6 of 15 m``, or nothing unless the level is low and choices still hard.

    "Left again only when the level has been lower for 15 minutes": how long it has been by ``now``
    (UTC), of how long it must have been.
    """
    if mode.calm_since is None or mode.until is None:
        return ""
    passed, needed = now - mode.calm_since, mode.until - mode.calm_since
    passed = min(max(passed, _NOTHING), needed)
    if needed >= _HOUR or needed % _MINUTE:
        return f"calm for {span(passed)} of {span(needed)}"
    return f"calm for {passed // _MINUTE} of {needed // _MINUTE} m"


def by_hand_in_words(setting: ModeSetting, now: datetime, zone: tzinfo) -> str:
    """Return ``mo until Fri 17:00: half of us are ill``, which follows a "by"."""
    end = "without an end" if setting.until is None else f"until {at(setting.until, now, zone)}"
    return f"{setting.by} {end}" + (f": {setting.reason}" if setting.reason else "")

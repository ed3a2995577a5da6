"""Which order is in force now: the one set by hand, until its end, or the automatic one."""

from dataclasses import dataclass
from datetime import datetime

from policy.phrases import sentence
from policy.words import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSetting:
    """A mode set by hand; ``until`` None means until somebody sets it again. Times are UTC."""

    mode: Mode
    by: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeInForce:
    """The mode that decides the order now, and why, in one sentence."""

    mode: Mode
    why: str
    set_by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


NORMAL = ModeInForce(mode=Mode.NORMAL, why="A normal amount of work: we help when help is needed.")
"""The mode while there is nothing to choose between."""


def mode_in_force(
    setting: ModeSetting | None, now: datetime, automatic: ModeInForce = NORMAL
) -> ModeInForce:
    """Return the mode at ``now``: "A lead may set the mode by hand, with a reason and an end.".

    Without such a setting, and from its end on, it is the ``automatic`` one.
    """
    if setting is None or (setting.until is not None and setting.until <= now):
        return automatic
    said = f"Set by {setting.by}: {setting.reason}" if setting.reason else f"Set by {setting.by}"
    return ModeInForce(
        mode=setting.mode,
        why=sentence(said),
        set_by=setting.by,
        since=setting.since,
        until=setting.until,
    )

"""Both sides changed a ticket: which change of a field holds, by the value they had in common.

"For each field the last common value decides: changed there only, theirs; here only, ours goes out;
on both, the safer for the customer (owed, open), else the later, and the history names both."
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from policy.words import ACTIONABLE_STATUSES, DECIDED_STATUSES, Status

T = TypeVar("T")


class Winner(StrEnum):
    """Whose value of a field holds."""

    SAME = "same"
    """Both say the same by now."""
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange(Generic[T]):
    """One field on both sides, and the value that they had in common; times are UTC.

    ``ours_at`` is when somebody here changed it, None where nobody did; ``theirs_at`` is when the
    ticket was changed over there.
    """

    common: T
    ours: T
    theirs: T
    ours_at: datetime | None
    theirs_at: datetime


def winner(change: FieldChange[T], is_safe: Callable[[T], bool] | None = None) -> Winner:
    """Return whose value holds; ``is_safe`` tells the values that are safer for the customer."""
    if change.ours == change.theirs:
        return Winner.SAME
    if change.theirs == change.common:
        return Winner.OURS
    if change.ours_at is None or change.ours == change.common:
        return Winner.THEIRS
    if is_safe is not None and is_safe(change.ours) != is_safe(change.theirs):
        return Winner.OURS if is_safe(change.ours) else Winner.THEIRS
    return Winner.OURS if change.ours_at >= change.theirs_at else Winner.THEIRS


def is_safe_status(status: Status | None) -> bool:
    """Return whether a status leaves the next step with us, where no customer is forgotten."""
    return status in ACTIONABLE_STATUSES


def is_echo(ours: Status, theirs: Status) -> bool:
    """Return whether a help desk may well say ``theirs`` where ``ours`` was written.

    Not all have our six statuses: one that knows no other team's step calls it pending, and one
    that closes nothing calls it solved.
    """
    kinds = (ACTIONABLE_STATUSES, frozenset({Status.PENDING, Status.ON_HOLD}), DECIDED_STATUSES)
    return any(ours in kind and theirs in kind for kind in kinds)

"""Shares as people read them, and where the time for customers went."""

from collections.abc import Sequence
from datetime import timedelta
from math import floor
from typing import TYPE_CHECKING, Final

from policy.refusal import one_of

if TYPE_CHECKING:  # it brings the rules, which help does without
    from policy.time.allocation import Allocation

NOTHING: Final = "–"
"""What stands where there is nothing to measure."""

_SLIP: Final = 1e-9
"""So that binary fractions do not make 57 % of 0.57 into 56.9 %."""


def percent(share: float | None) -> str:
    """Return a share as ``94.9 %``, never rounded up to one that was not reached."""
    if share is None:
        return NOTHING
    tenths = floor(share * 1000 + _SLIP)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def customers_time(found: "Allocation") -> list[str]:
    """Return where the team's time for customers went; nothing where none went to a ticket.

    "Of the customer share, how much went to p0 and p1 (meant to be rare) and to p2."
    """
    if not found.team.by_priority:
        return []
    said = []
    for kind in found.kinds:
        rare = ", meant to be rare" if kind == found.urgent else ""
        said.append(f"{percent(found.team.share_of(kind))} {priority_kind(kind)}{rare}")
    without = found.team.customer - sum(found.team.by_priority.values(), timedelta(0))
    if without:
        said.append(f"{percent(without / found.team.customer)} without a ticket")
    return said


def priority_kind(kind: Sequence[str]) -> str:
    """Return priorities of one kind as a person reads them: ``p0 and p1``."""
    return one_of(kind, "and")

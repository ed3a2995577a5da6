"""What the board shows of time: how it is split, and what the person's own timer runs on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.read_models import Overview
from store.time.time_models import MyTime

if TYPE_CHECKING:
    from policy.time.allocation import Allocation
    from store.desk import DeskReading


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeView:
    """The split as it was reckoned in this minute, and the own time of ``login`` as it is now."""

    login: str
    allocation: "Allocation"
    mine: MyTime


def read_time(desk: "DeskReading", overview: Overview, known: TimeView | None) -> TimeView:
    """Return how time stands; the split is reckoned anew without one ``known`` of this minute.

    Also when this person's timer was started or stopped since. For a thread.
    """
    allocation = desk.time.allocation() if known is None else known.allocation
    mine = desk.time.mine(allocation, overview.capacity)
    if known is not None and known.mine.running != mine.running:
        allocation = desk.time.allocation()
        mine = desk.time.mine(allocation, overview.capacity)
    return TimeView(login=desk.actor, allocation=allocation, mine=mine)

"""One ticket's life on the made-up desk: how it came in, and what people did to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from policy.clocks.calendar import Calendar, open_intervals
from store.desk import Desk
from tui.demo.translation import SaidWords

SYNC: Final = "helpdesk-sync"
"""Who brings in tickets, and what customers write."""

_LOOKED_BACK = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class ScriptedAction:
    """Something done to a ticket at ``at`` (UTC) by ``by``; ``do`` takes the ticket's number."""

    at: datetime
    by: str
    do: Callable[[Desk, int], object]


@dataclass(frozen=True, slots=True)
class ScriptedTicket:
    """An incoming ticket's fields, all but its id, and its actions, the earliest first.

    The desk hears of the ticket at ``arrives_at``; both times are UTC. ``said`` is what it is by
    the policy, ``zone`` where its customer is, None where nobody says.
    """

    received_at: datetime
    arrives_at: datetime
    said: SaidWords
    zone: str | None
    fields: Mapping[str, object]
    actions: tuple[ScriptedAction, ...] = ()


def received_for(calendar: Calendar, due: datetime, owed: timedelta) -> datetime:
    """Return the latest instant from which ``owed`` of open time has run out at ``due``, in UTC.

    Raises ValueError when four weeks before ``due`` have not that much open time.
    """
    for opening, closing in reversed(list(open_intervals(calendar, due - _LOOKED_BACK, due))):
        if owed <= closing - opening:
            return closing - owed
        owed -= closing - opening
    raise ValueError(f"no {owed} of open time in the four weeks before {due}")

"""The JSON about recorded time, with exactly the keys that the commands promise."""

from datetime import datetime
from typing import TYPE_CHECKING

from tui.cli.render.ticket_documents import Document, instant

if TYPE_CHECKING:  # these bring the rules, which help does without
    from policy.time.allocation import Allocation, Split, Suggestion
    from policy.time.entries import TimeEntry


def entry_document(
    entry: "TimeEntry", now: datetime, left_running: datetime | None = None
) -> Document:
    """Return an entry; ``seconds`` of a running one are those until now.

    ``left_running`` is since when a running one looks forgotten.
    """
    return {
        "id": entry.id,
        "login": entry.login,
        "work": entry.work,
        "ticket": entry.ticket,
        "started_at": instant(entry.started_at),
        "stopped_at": instant(entry.stopped_at),
        "note": entry.note,
        "seconds": int(entry.length(now).total_seconds()),
        "left_running": instant(left_running),
    }


def allocation_document(
    allocation: "Allocation", suggestion: "Suggestion | None", ticket: Document | None
) -> Document:
    """Return how time is split; shares are fractions of 1, null where nothing is recorded.

    ``ticket`` is the suggested one.
    """
    from policy.clocks.typed_time import format_duration  # noqa: PLC0415 - only where it is asked for

    return {
        "window": format_duration(allocation.window),
        "team": {
            **_shares(allocation, allocation.team),
            "meant": {
                "customer": _rounded(1 - allocation.internal_aim),
                "internal": _rounded(allocation.internal_aim),
            },
        },
        "members": [
            {
                "login": each.login,
                **_shares(allocation, each.split),
                "seconds": int(each.split.recorded.total_seconds()),
            }
            for each in allocation.members
        ],
        "suggestion": None
        if suggestion is None
        else {
            "login": suggestion.login,
            "ticket": ticket,
            "why": suggestion.why,
        },
    }


def _shares(allocation: "Allocation", split: "Split") -> Document:
    """Return the shares, and how the customers' went to priorities: the urgent "to be rare"."""
    return {
        "customer": _rounded(split.customer_share),
        "internal": _rounded(split.internal_share),
        "urgent": _rounded(split.share_of(allocation.urgent)),
        "usual": _rounded(split.share_of(allocation.usual)),
        "by_priority": {each: _rounded(split.share_of([each])) for each in allocation.priorities},
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)

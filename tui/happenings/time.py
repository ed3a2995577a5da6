"""What time was recorded, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from policy.phrases import span
from store.views import Event
from tui.happenings.words import Describe, Facts


def _timer_started(_: Facts, after: Facts, __: Event) -> str:
    return f"started the timer on {_spent_on(after)}"


def _timer_stopped(_: Facts, after: Facts, __: Event) -> str:
    return f"stopped the timer on {_spent_on(after)}{_lasted(after)}"


def _entry_edited(_: Facts, after: Facts, event: Event) -> str:
    return f"edited {_whose(after, event)}time on {_spent_on(after)}{_lasted(after)}"


def _entry_removed(before: Facts, _: Facts, event: Event) -> str:
    return f"removed {_whose(before, event)}time on {_spent_on(before)}{_lasted(before)}"


def _time_entry(facts: Facts) -> Facts:
    kept = facts.get("entry")
    return kept if isinstance(kept, dict) else {}


def _spent_on(facts: Facts) -> str:
    entry = _time_entry(facts)
    ticket, work = entry.get("ticket"), entry.get("work", "other")
    return f"{work} work" if ticket is None else f"#{ticket}"


def _lasted(facts: Facts) -> str:
    """Return how long an entry is, nothing for one that still ran."""
    entry = _time_entry(facts)
    try:
        start, end = (
            datetime.fromisoformat(str(entry.get(name))) for name in ("started_at", "stopped_at")
        )
    except ValueError:
        return ""
    return f", {span(end - start)}"


def _whose(facts: Facts, event: Event) -> str:
    login = _time_entry(facts).get("login", event.actor)
    return "" if login == event.actor else f"{login}'s "


TIME: Final[Mapping[str, Describe]] = {
    "timer_started": _timer_started,
    "timer_stopped": _timer_stopped,
    "entry_edited": _entry_edited,
    "entry_removed": _entry_removed,
}
"""How the events of each kind are said."""

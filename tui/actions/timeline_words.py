"""What the sentences about all kinds of events share."""

from collections.abc import Callable, Mapping
from datetime import datetime

from policy.phrases import STATUS_NAMES
from store.read_models import Event

Facts = Mapping[str, object]
"""What an event says was before, or after."""

Describe = Callable[[Facts, Facts, Event], str]
"""Gives an event in words without its actor, from before, after and the event itself.

When it happened is in the zone of whoever reads, and so are the times in the words.
"""


def noted(event: Event) -> str:
    """Return the note of an event as the end of a sentence."""
    return f": {event.note}" if event.note else ""


def when(fact: object, event: Event) -> str:
    """Return a time that an event names, in the zone of whoever reads of it; nothing for none."""
    try:
        at = datetime.fromisoformat(str(fact)).astimezone(event.at.tzinfo)
    except ValueError:
        return ""
    year = "" if at.year == event.at.year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M}"


def now(status: object) -> str:
    """Return what the status has become as the end of a sentence; nothing for none."""
    return f"; now {status_name(status)}" if status is not None else ""


def status_name(status: object) -> str:
    """Return a status as a person reads it."""
    return next((said for word, said in STATUS_NAMES.items() if word == status), str(status))

"""What the sentences about all kinds of events share."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from policy.phrases import STATUS_NAMES
from store.read_models import Event

Facts = Mapping[str, object]
"""What an event says was before, or after."""

Describe = Callable[[Facts, Facts, Event], str]
"""Gives an event in words without its actor, from before, after and the event itself."""


def noted(event: Event) -> str:
    """Return the note of an event as the end of a sentence."""
    return f": {event.note}" if event.note else ""


def when(fact: object) -> str:
    """Return a time in UTC, as a history is read in any zone; nothing for none."""
    try:
        at = datetime.fromisoformat(str(fact)).astimezone(UTC)
    except ValueError:
        return ""
    return f"{at:%a} {at.day} {at:%b %H:%M} UTC"


def now(status: object) -> str:
    """Return what the status has become as the end of a sentence; nothing for none."""
    return f"; now {status_name(status)}" if status is not None else ""


def status_name(status: object) -> str:
    """Return a status as a person reads it."""
    return next((said for word, said in STATUS_NAMES.items() if word == status), str(status))

"""What happened, one sentence an event, for the board's timeline and for ``show``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Final

from store.read_models import Event
from tui.actions.engineering_actions import ENGINEERING
from tui.actions.team_actions import DESK
from tui.actions.ticket_actions import TICKETS
from tui.actions.time_actions import TIME
from tui.actions.timeline_words import Describe, Facts
from tui.actions.waits_actions import WAITS
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone


def sentence(event: Event, zone: tzinfo | None) -> str:
    """Return the event in words, beginning with who did it: ``mariam took it``.

    Whoever entered it in that name comes last. Times in it are in ``zone``, that of whoever reads
    (None: the machine's).
    """
    by = "" if event.entered_by is None else f" (entered by {event.entered_by})"
    return plain_line(f"{event.actor} {_words(event, zone)}{by}")


def _words(event: Event, zone: tzinfo | None) -> str:
    event = _read_in(event, zone)
    describe = _DESCRIPTIONS.get(event.kind, _any_other)
    return plain_line(describe(event.before or {}, event.after or {}, event))


def reversal(did: str, events: Sequence[Event], zone: tzinfo | None) -> str:
    """Return what was taken back or done again, in a sentence: ``Took back: took it (#5).``.

    Of a merge and a split it names both tickets in their places. Times in it are in ``zone``
    (None: the machine's).
    """
    between = next(filter(None, map(_between_two, events)), None)
    if between is not None:
        return f"{did}: {between}."
    told = [event for event in events if event.kind not in _BESIDE] or list(events)
    first = told[0]
    said = _original_words(first, zone)
    tickets = sorted({event.ticket for event in told if event.ticket is not None})
    named = ", ".join(f"#{number}" for number in tickets[:_NAMED_AT_MOST])
    if len(tickets) > _NAMED_AT_MOST:
        named += f" and {len(tickets) - _NAMED_AT_MOST:,} more"
    return plain_line(f"{did}: {said}{f' ({named})' if named else ''}.")


def worded(events: Sequence[Event]) -> list[int]:
    """Return the tickets in which one of the events wrote an answer or a note."""
    return [each.ticket for each in events if each.kind == _WORDED and each.ticket is not None]


_WORDED: Final = "message_written"


def _between_two(event: Event) -> str | None:
    """Return what a merge or a split did to which ticket, None for any other event."""
    both = {**(event.before or {}), **{k: v for k, v in (event.after or {}).items() if v}}
    kind = event.note if event.kind in ("undone", "redone") else event.kind
    match kind, both:
        case "merged", {"merged_into": int(into)}:
            return f"merged #{event.ticket} into #{into}, where the customer is answered"
        case "opened", {"split_from": int(whole)}:
            return f"split #{event.ticket} off from #{whole}"
    return None


_NAMED_AT_MOST = 3


_BESIDE: Final = frozenset({"requester_updated", "ranked_again", "wait_cancelled"})
"""What follows from something else that was done, and is not told for itself."""


def _read_in(event: Event, zone: tzinfo | None) -> Event:
    """Return an event with its time in the reader's zone, in which all times in it are told."""
    return replace(event, at=event.at.astimezone(zone or LocalZone()))


def _undone(before: Facts, after: Facts, event: Event) -> str:
    return f"took back: {_original(after, before, event)}"


def _redone(before: Facts, after: Facts, event: Event) -> str:
    return f"did again: {_original(before, after, event)}"


def _original_words(event: Event, zone: tzinfo | None) -> str:
    """Return in words what an event did in the first place."""
    event = _read_in(event, zone)
    before, after = event.before or {}, event.after or {}
    if event.kind == "undone":
        return _original(after, before, event)
    if event.kind == "redone":
        return _original(before, after, event)
    return _words(event, zone)


def _original(before: Facts, after: Facts, event: Event) -> str:
    """Return in words what was taken back or done again; the note is its kind."""
    original = replace(event, kind=event.note, before=before, after=after, note="")
    return _DESCRIPTIONS.get(original.kind, _any_other)(before, after, original)


def _any_other(_: Facts, __: Facts, event: Event) -> str:
    said = event.kind.replace("_", " ")
    return f"{said}: {event.note}" if event.note else said


_DESCRIPTIONS: Final[Mapping[str, Describe]] = {
    **TICKETS,
    **ENGINEERING,
    **WAITS,
    **DESK,
    **TIME,
    "undone": _undone,
    "redone": _redone,
}

"""What a source says of a ticket: kept beside it, and read again as the policy takes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from policy.intake.incoming import IncomingTicket
from policy.tickets.sources import SourceWord
from policy.words import Status
from store.tickets.known_tickets import Said

OF_THE_CONVERSATION: Final = frozenset(field.name for field in fields(SourceWord)) - {"written"}
"""The fields that the policy makes of what they change here."""

FACTS: Final = "facts"
REFERENCES: Final = "references"
_DEFAULTS: Final = {
    name: field.get_default(call_default_factory=True)
    for name, field in IncomingTicket.model_fields.items()
    if not field.is_required()
}


def word_of(
    said: Said, received_at: datetime, written: Sequence[datetime] | None = None
) -> SourceWord:
    """Return what a source says of the conversation; ``received_at`` where it said nothing yet."""
    status = said.get("status")
    return SourceWord(
        received_at=time_said(said, "received_at") or received_at,
        status=None if status is None else Status(status),
        written=None if written is None else tuple(written),
        **{name: time_said(said, name) for name in OF_THE_CONVERSATION - {"received_at", "status"}},
    )


def first_word_of(incoming: IncomingTicket, written: Sequence[datetime] | None) -> SourceWord:
    """Return what a source says of the conversation of a ticket that comes for the first time."""
    return SourceWord(
        written=None if written is None else tuple(written),
        **{name: getattr(incoming, name) for name in OF_THE_CONVERSATION},
    )


def time_said(said: Said, name: str) -> datetime | None:
    """Return a time (UTC) that a source says, None where it says none."""
    return datetime.fromisoformat(said[name]) if said.get(name) else None


def said_by(
    incoming: IncomingTicket, names: Iterable[str], references: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the source says of some fields, as plain JSON values; of a body only its digest.

    What the fields hang on over there is kept with them, after what they did before.
    """
    said = incoming.model_dump(mode="json", include=set(names))
    if "body" in said:
        said["body"] = sha256(incoming.body.encode()).hexdigest() if incoming.body else ""
    if hanging := {**references, **incoming.references}:
        said[REFERENCES] = hanging
    return said


def facts_told(last: Said, said: Said) -> list[Any]:
    """Return all facts that a source has told: "what a file does not speak of stays as it is"."""
    told = {**dict(last.get(FACTS, ())), **dict(said[FACTS])}
    return [[name, value] for name, value in sorted(told.items())]


def value_said(said: Said, name: str) -> Any:
    """Return what was said of a field; nothing said is the same as nothing there."""
    value = said.get(name)
    default = _DEFAULTS.get(name)
    return None if value == default or value == list(default or ()) else value

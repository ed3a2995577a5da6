"""A ticket as plain JSON values, as the history keeps it, and back: as its own types say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from policy.ticket import Pause, Ticket

if TYPE_CHECKING:  # only what few tickets have asks for it, so most first looks do without
    from pydantic import TypeAdapter

Facts = dict[str, Any]
"""What is known of something, as plain JSON values; times are ISO 8601 in UTC."""

BESIDE = ("body", "imported")
"""What is kept beside a ticket's own facts, and stands in the history when it changes."""

_ONLY_WHERE_ANY = ("facts", "resolve_by", "update_by", "paused")
"""What a history tells of a ticket only where it has any, as no policy before named it."""

Stored = Mapping[str, Any] | None


@cache
def adapter(kind: Any) -> "TypeAdapter[Any]":
    """Return what writes and reads values of a type; made when it is first needed."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - heavy, and not each look's

    return TypeAdapter(kind)


def facts(ticket: Ticket) -> Facts:
    """Return all of a ticket as plain JSON values, for the history; times as ISO 8601 in UTC."""
    told: Facts = adapter(Ticket).dump_python(ticket, mode="json")
    told["context"] = dict(ticket.context)
    told["facts"] = dict(ticket.facts)
    for name in _ONLY_WHERE_ANY:
        if not told[name]:
            del told[name]
    told["priority"] = ticket.priority
    if told["internal"] == is_internal_by_tier(told):
        del told["internal"]
    return told


def told_difference(before: Ticket, after: Ticket) -> tuple[Facts, Facts]:
    """Return what ``facts`` tells otherwise of a ticket that another policy was applied to.

    As it was before and as it is after; so much is told of a whole queue at once that it is not
    looked for among all that a ticket has.
    """
    was, becomes = _assessed(before), _assessed(after)
    differing = [name for name in was | becomes if was.get(name) != becomes.get(name)]
    return (
        {name: was.get(name) for name in differing},
        {name: becomes.get(name) for name in differing},
    )


def _assessed(ticket: Ticket) -> Facts:
    """Return what a policy says of a ticket, as ``facts`` tells it."""
    told: Facts = {
        "defined_priority": ticket.defined_priority,
        "priority": ticket.priority,
        "declined": ticket.declined,
        "because": ticket.because,
        "respond_by": instant(ticket.respond_by),
        "aim_by": instant(ticket.aim_by),
    }
    if ticket.update_by is not None:
        told["update_by"] = instant(ticket.update_by)
    if ticket.resolve_by is not None:
        told["resolve_by"] = instant(ticket.resolve_by)
    if ticket.internal != (ticket.tier == "internal"):
        told["internal"] = ticket.internal
    return told


def is_internal_by_tier(facts: Mapping[str, Any]) -> bool:
    """Return whether a ticket was our own work, where its history does not say so.

    "Tier ``internal``": so it was in all that was written before policies had words of their own,
    and so the history goes on where it still holds.
    """
    return bool(facts.get("tier") == "internal")


def ticket_of(facts: Mapping[str, Any]) -> Ticket:
    """Return the ticket that ``facts`` says whole; what an older history lacks is empty.

    Raises:
        ValueError: they do not say a ticket.
    """
    pairs = {name: pairs_of(facts.get(name)) for name in ("context", "facts")}
    internal = facts.get("internal")
    known = {
        "internal": is_internal_by_tier(facts) if internal is None else internal,
        "paused": facts.get("paused") or (),
    }
    ticket: Ticket = read(Ticket, {**facts, **pairs, **known})
    return ticket


def read(kind: Any, stored: Mapping[str, Any] | Sequence[Any]) -> Any:
    """Return the value of a type that its facts say.

    Raises:
        ValueError: they say none; the one line names the field.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    try:
        return adapter(kind).validate_python(stored)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)[0]
        raise ValueError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None


def pauses_of(stored: Sequence[Sequence[str]] | None) -> tuple[Pause, ...]:
    """Return when the clocks of a ticket stood still, which is kept as pairs of times."""
    return tuple(read(tuple[Pause, ...], stored)) if stored else ()


def pauses_told(paused: tuple[Pause, ...]) -> list[list[str | None]] | None:
    """Return the same as plain JSON values, None for none."""
    return [[instant(since), instant(until)] for since, until in paused] or None


def pairs_of(stored: Stored) -> tuple[tuple[str, Any], ...]:
    """Return a table, such as what support has filled in for engineering, as a value keeps it."""
    return tuple(stored.items()) if stored else ()


def instant(value: datetime | None) -> str | None:
    """Return a time in UTC as ISO 8601 with ``Z``, None for none."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def moment(stored: str | None) -> datetime | None:
    """Return the time that ISO 8601 says, aware, None for none."""
    return None if stored is None else datetime.fromisoformat(stored)

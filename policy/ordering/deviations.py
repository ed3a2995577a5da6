"""Deviations: a person puts a ticket first against the order, with a reason and an end.

"In such situations, we will put forth our best effort and unless something about the situation
requires us to deviate, we follow this order of priority."
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from policy.phrases import at, sentence
from policy.refusal import Refusal
from policy.ticket import Deviation, Ticket
from policy.tickets.actions import checked_reason
from policy.words import Status

_MOMENT = timedelta(microseconds=1)
UNTIL_ANSWERED = "answered"
"""The word that a person types, and reads, where a deviation has no time as its end."""


def deviated(
    ticket: Ticket,
    *,
    by: str,
    reason: str,
    now: datetime,
    until: datetime | None,
    newest: datetime | None = None,
    zone: tzinfo = UTC,
) -> Ticket:
    """Return the ticket as put first by a person at ``now``: "with a reason and an end".

    ``until`` (UTC) None is "until answered". A deviation that it has already is replaced, so that
    it is the newest: "a newer deviation stands before an older one". ``newest`` is when the last
    one began, so that of two in the same second the second is the newer. ``zone`` is the person's,
    in which a refusal says times.

    Raises:
        Refusal: it does not stand in the queue, no reason is given, or the end is not after now.
    """
    refusal = why_not_first(ticket)
    if refusal is not None:
        raise Refusal(refusal)
    said = checked_reason(reason)
    if not said:
        raise Refusal("reason: missing; say in a sentence why it goes first")
    if until is not None and until <= now:
        raise Refusal(f"until: {at(until, now, zone)}; expected a time after now")
    since = now if newest is None else max(now, newest + _MOMENT)
    return replace(ticket, deviation=Deviation(by=by, reason=said, since=since, until=until))


def why_not_first(ticket: Ticket) -> str | None:
    """Return why a ticket cannot be put first at all, None when it can: it stands in the queue."""
    if ticket.declined is not None:
        return f"#{ticket.id} was declined, so it is never ranked"
    if ticket.status is Status.CLOSED:
        return f"#{ticket.id} is closed, which is final; open a new ticket instead"
    if not ticket.actionable:
        status = ticket.status.replace("_", " ")
        return f"#{ticket.id} is {status}, so it does not stand in the queue; open it first"
    return None


def ended(ticket: Ticket) -> Ticket:
    """Return the ticket in its place in the order again, before the end that was given.

    Raises:
        Refusal: nobody has put it first.
    """
    if ticket.deviation is None:
        raise Refusal(f"#{ticket.id} was not put first, so there is no deviation to end")
    return replace(ticket, deviation=None)


def in_force(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket as it counts at ``now`` (UTC): an expired deviation "counts no more".

    The end itself is past: at ``until`` it is over.
    """
    until = None if ticket.deviation is None else ticket.deviation.until
    return ticket if until is None or until > now else replace(ticket, deviation=None)


def why_first(deviation: Deviation, until: str) -> str:
    """Return who put it first and why; ``until`` is the end as the reader's clock shows it."""
    return sentence(f"First by deviation: {deviation.by} put it first {until}: {deviation.reason}")


def without_it(number_one: Ticket, first: Ticket) -> str:
    """Return the sentence about what would be ``first`` without the number one's deviation."""
    if first.id == number_one.id:
        return "It would be first without it too."
    return f"Without it {named(first)} would be first."


def foreseen(ticket: Ticket, number_one: Ticket | None) -> str:
    """Return what putting a ticket first does, in a sentence, while ``number_one`` is first."""
    if number_one is None or number_one.id == ticket.id:
        return f"#{ticket.id} is number one already, and stays so."
    return f"#{ticket.id} becomes number one before {named(number_one)}."


def foreseen_end(ticket: Ticket, number_one: Ticket, without: Ticket | None) -> str:
    """Return what ending a ticket's deviation does; ``without`` is what is first without it.

    ``without`` counts only where the ticket is the number one.
    """
    if number_one.id != ticket.id:
        return f"#{ticket.id} goes back to its place; {named(number_one)} stays number one."
    if without is None or without.id == ticket.id:
        return f"#{ticket.id} stays number one without it."
    return f"{named(without)} becomes number one."


def named(ticket: Ticket) -> str:
    """Return a ticket with what puts it where it stands: its priority, or who put it first."""
    if ticket.deviation is not None:
        return f"#{ticket.id} ({ticket.priority}, put first by {ticket.deviation.by})"
    return f"#{ticket.id} ({ticket.priority})"

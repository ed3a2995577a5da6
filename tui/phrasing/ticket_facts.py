"""The facts of a ticket in words, a label and its value each, for the board and for ``show``."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.ordering.deviations import UNTIL_ANSWERED
from policy.phrases import STATUS_NAMES
from policy.ticket import TOLD_AS_THEY_ARE, Deviation, Ticket
from policy.vocabulary import in_words
from policy.words import OpenedBy
from store.read_models import Card
from tui.phrasing import times
from tui.phrasing.holder_words import why_away
from tui.phrasing.text import plain_line

Span = tuple[str, str]
"""A piece of harmless text and its role: how it looks where it is shown."""

SOON: Final = timedelta(minutes=15)
"""A deadline this near is worth a warning."""

_NO_TIME: Final = timedelta(0)

PARKED_SIGN: Final = "‖"
"""Stands beside a ticket that is pending or on hold though its customer waits for an answer."""

DEVIATION_SIGN: Final = "▲"
"""Stands beside a ticket that a person put first."""

SOLVE_SIGN: Final = "◇"
"""Stands before the time left until a ticket is to be solved, where no answer is due."""

NOBODY_WAITS: Final = (
    "Nobody is waiting for us.",
    "The queue is empty: every customer has an answer.",
)
"""What stands where the number one would."""

FACTS_LABEL: Final = "facts"
"""What stands before what else a ticket carries by the policy."""

_OPENED_BY: Final = {
    OpenedBy.CUSTOMER: "the customer",
    OpenedBy.CE: "a CE, on the customer's behalf",
    OpenedBy.SUPPORT: "support",
    OpenedBy.ENGINEERING: "engineering",
}


def facts(card: Card, now: datetime, zone: tzinfo | None) -> Iterator[tuple[str, list[Span]]]:
    """Yield a label and its value for each fact that is known.

    Times are shown in ``zone`` (None: the terminal's), as of ``now`` (UTC).
    """
    ticket = card.ticket
    if ticket.respond_by is not None:
        yield "respond by", due(ticket.respond_by, now, zone)
    if ticket.aim_by is not None and ticket.aim_by != ticket.respond_by:
        yield "we aim for", due(ticket.aim_by, now, zone)
    yield from _clocks(card, now, zone)
    if card.position is not None:
        yield "place", [(f"{card.position:,}", ""), (" in the queue", "dim")]
    if ticket.deviation is not None:
        yield "put first", _put_first(ticket.deviation, now, zone)
    yield "assignee", _holder(card, now, zone)
    yield "status", _status(ticket)
    if ticket.severity is not None or ticket.assigned_priority is not None:
        yield "severity", _severity(ticket)
    yield from _moments(ticket, now, zone)
    yield from _origin(ticket)


def due_label(ticket: Ticket) -> str:
    """Return what stands before its time: ``respond by``, or ``update by`` where that comes first.

    "``respond_by`` is the earliest running of first response, next reply and update"; where none
    runs, ``resolve by`` stands before the time to solve it.
    """
    if ticket.update_first:
        return "update by"
    return "respond by" if ticket.respond_by else "resolve by"


def past_aim(ticket: Ticket, now: datetime) -> bool:
    """Return whether "the couple of hours we strive for" are over, and the contract has time still.

    That one is late is said instead, once it is.
    """
    if ticket.aim_by is None or ticket.respond_by is None or not ticket.owed:
        return False
    return times.until(ticket.aim_by, now) < _NO_TIME <= times.until(ticket.respond_by, now)


def _clocks(card: Card, now: datetime, zone: tzinfo | None) -> Iterator[tuple[str, list[Span]]]:
    """Yield the clocks beside that one which run or stand still; one that nobody has isn't told."""
    for clock in card.clocks:
        label = "resolve by" if clock.name == "resolution" else clock.name.replace("_", " ")
        if clock.due is None:
            status = STATUS_NAMES[card.ticket.status]
            yield label, [(f"stands still while it is {status}", "dim")]
        elif clock.can_be_late:
            yield label, due(clock.due, now, zone)
        else:
            yield label, _moment(clock.due, now, zone)


def carried_facts(card: Card) -> list[Span]:
    """Return what is known of a ticket by the policy's facts, in their order and in one line.

    Nothing where nothing is known.
    """
    carried = card.ticket.fact
    known = (name for name in card.words.fact_kinds if name in carried)
    names = dict.fromkeys([*known, *carried])
    spans: list[Span] = []
    for name in names:
        value = carried[name]
        said = plain_line(in_words(name).lower())
        if spans:
            spans.append((" · ", "dim"))
        if isinstance(value, bool):
            spans.append((said if value else f"not {said}", "" if value else "dim"))
        else:
            spans += [(f"{said} ", "dim"), (plain_line(value), "")]
    return spans


def until(end: datetime | None, now: datetime, zone: tzinfo | None) -> str:
    """Return the end of a deviation as the clock shows it, or that it is the answer."""
    if end is None:
        return f"until {UNTIL_ANSWERED}"
    return f"until {times.at(end, now, zone)}, {times.in_words(end, now)}"


def due(deadline: datetime, now: datetime, zone: tzinfo | None) -> list[Span]:
    """Return a deadline as the clock shows it and as the time left, which warns when it is soon."""
    role = "late-strong" if times.until(deadline, now) <= SOON else "strong"
    return [(f"{times.at(deadline, now, zone)}, ", ""), (times.in_words(deadline, now), role)]


def _holder(card: Card, now: datetime, zone: tzinfo | None) -> list[Span]:
    if card.ticket.assignee is None:
        return [("nobody", "")]
    away = card.holder_away
    why = "" if away is None else f", {why_away(away, now, zone)}"
    return [(plain_line(card.ticket.assignee), ""), (why, "late")]


def _put_first(deviation: Deviation, now: datetime, zone: tzinfo | None) -> list[Span]:
    said = f"{DEVIATION_SIGN} {until(deviation.until, now, zone)}"
    return [(said, "strong"), (f", by {plain_line(deviation.by)}", "")]


def _moments(
    ticket: Ticket, now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    yield "received", _moment(ticket.received_at, now, zone)
    if ticket.waiting_since is not None and ticket.waiting_since != ticket.received_at:
        yield "waiting", _moment(ticket.waiting_since, now, zone)
    if ticket.first_response_at is not None:
        yield "answered", _moment(ticket.first_response_at, now, zone)
    last = ticket.last_response_at
    if last is not None and last != ticket.first_response_at:
        yield "last answer", _moment(last, now, zone)
    if ticket.solved_at is not None:
        yield "solved", _moment(ticket.solved_at, now, zone)


def _origin(ticket: Ticket) -> Iterator[tuple[str, list[Span]]]:
    if ticket.split_from is not None:
        yield "split from", [(f"#{ticket.split_from}", "")]
    yield "opened by", [(_OPENED_BY[ticket.opened_by], "")]
    if ticket.requester is not None:
        email = f" <{plain_line(ticket.requester.email)}>" if ticket.requester.email else ""
        yield "requester", [(plain_line(ticket.requester.name), ""), (email, "dim")]
    yield "reference", [(plain_line(f"{ticket.source}:{ticket.external_id}"), "")]
    if ticket.url:
        yield "address", [(plain_line(ticket.url), "")]
    for name in TOLD_AS_THEY_ARE:
        if told := getattr(ticket, name):
            yield name, [(plain_line(told), "")]
    if ticket.tags:
        yield "tags", [(plain_line(", ".join(ticket.tags)), "")]


def _status(ticket: Ticket) -> list[Span]:
    said: list[Span] = [(STATUS_NAMES[ticket.status], "")]
    if ticket.merged_into is not None:
        said.append((f", merged into #{ticket.merged_into}", ""))
    elif ticket.continued_in is not None:
        said.append((f", goes on in #{ticket.continued_in}", ""))
    elif ticket.parked:
        said.append((", though the customer waits for an answer", "strong"))
    return said


def _severity(ticket: Ticket) -> list[Span]:
    spans = [("none" if ticket.severity is None else f"{ticket.severity}", "")]
    if ticket.assigned_priority is not None:
        spans.append((f", by definition {ticket.defined_priority}", "dim"))
    return spans


def _moment(moment: datetime, now: datetime, zone: tzinfo | None) -> list[Span]:
    return [(times.at(moment, now, zone), ""), (f", {times.ago(moment, now)}", "dim")]

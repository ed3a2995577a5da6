"""What has changed at the desk, in a sentence that can stand alone: for ears, logs and scripts."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Final

from policy.alerting.desk_changes import ChangeKind, DeskChange, WatchedDesk
from policy.ordering.deviations import in_force
from policy.phrases import MODE_NAMES, STATUS_NAMES, sentence
from policy.ticket import Ticket
from policy.words import Mode, Status
from tui.phrasing import times
from tui.phrasing.holder_words import whose
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import NOBODY_WAITS, due_label


def change_sentence(change: DeskChange, desk: WatchedDesk, zone: tzinfo | None) -> str:
    """Return what has changed, and what of it matters, on one harmless line.

    ``desk`` is how it stands since; times are shown in ``zone`` (None: the machine's).
    """
    return plain_line(_SENTENCES[change.kind](change, desk, zone))


def why_another(before: Ticket | None, number_one: Ticket, now: datetime) -> str:
    """Return a title for another number one: a person put it first, or did so no longer."""
    if before is not None and in_force(before, now) != before:
        return f"The deviation of #{before.id} is over"
    if number_one.deviation is not None:
        return f"Put first by {plain_line(number_one.deviation.by)}"
    return "Another number one"


def own_words(change: DeskChange) -> str:
    """Return what became of one of one's own tickets, in a few words without the ticket's."""
    ticket = change.ticket or change.earlier
    number = "" if ticket is None else f"#{ticket.id}"
    match change.kind:
        case ChangeKind.CAME:
            given = change.by not in (None, change.value)
            return f"{number} is yours now{f', {change.by} gave it to you' if given else ''}"
        case ChangeKind.WENT:
            return f"{number} is yours no longer: {_where_it_went(change)}"
        case ChangeKind.CUSTOMER_WROTE:
            return f"The customer wrote in {number}"
        case ChangeKind.STATUS:
            now, was = (STATUS_NAMES[Status(str(each))] for each in (change.value, change.before))
            return f"{number} is {now} now, it was {was}{_by(change)}"
        case _:
            rank, rank_before = (each or "declined" for each in (change.value, change.before))
            return f"{number} is {rank} now, it was {rank_before}{_by(change)}"


def _by(change: DeskChange) -> str:
    return "" if change.by is None else f", by {change.by}"


def _where_it_went(change: DeskChange) -> str:
    if change.ticket is None:
        return "it was deleted"
    if change.ticket.merged_into is not None:
        return f"it was merged into #{change.ticket.merged_into}"
    return "nobody has it" if change.value is None else f"{change.value} has it"


def _number_one(change: DeskChange, desk: WatchedDesk, zone: tzinfo | None) -> str:
    ticket = change.ticket
    if ticket is None:
        return f"Number one: none. {NOBODY_WAITS[0]}"
    title = "Number one"
    if change.before is not None:
        title = why_another(change.earlier, ticket, desk.now)
    why = " ".join(desk.why)
    return (
        f"{title}: {_named(ticket)}{_due(ticket, desk, zone)}; {_whose(ticket, desk, zone)}. {why}"
    )


def _level(change: DeskChange, desk: WatchedDesk, _: tzinfo | None) -> str:
    capacity = desk.capacity
    moved = ""
    if isinstance(change.before, int):
        moved = f", {'up' if capacity.level > change.before else 'down'} from {change.before}"
    said = f"{capacity.why} {sentence(capacity.contingency)}"
    return f"Level {capacity.level}{moved}: {said}"


def _mode(change: DeskChange, desk: WatchedDesk, _: tzinfo | None) -> str:
    was = "" if change.before is None else f", it was {MODE_NAMES[Mode(str(change.before))]}"
    return f"Mode {MODE_NAMES[desk.mode.mode]}{was}: {desk.mode.why}"


def _promise(change: DeskChange, _: WatchedDesk, __: tzinfo | None) -> str:
    return f"A promise to {change.value} cannot be kept: a renewed notice is ready."


def _own(change: DeskChange, desk: WatchedDesk, zone: tzinfo | None) -> str:
    ticket = change.ticket or change.earlier
    if ticket is None:
        raise AssertionError(change)
    due = _due(ticket, desk, zone) if change.ticket is not None and ticket.actionable else ""
    return f"{own_words(change)}: {_said_of(ticket)}{due}."


def _deadline(change: DeskChange, desk: WatchedDesk, zone: tzinfo | None) -> str:
    ticket = change.ticket
    if ticket is None or ticket.respond_by is None:
        raise AssertionError(change)
    what = "Update due" if ticket.update_first else "Due"
    left = times.in_words(ticket.respond_by, desk.now)
    title = f"{what} {left}" if change.kind is ChangeKind.DUE_SOON else "Late"
    return f"{title}: {_named(ticket)}{_due(ticket, desk, zone)}; {_whose(ticket, desk, zone)}."


_SENTENCES: Final[Mapping[ChangeKind, Callable[[DeskChange, WatchedDesk, tzinfo | None], str]]] = {
    ChangeKind.NUMBER_ONE: _number_one,
    ChangeKind.LEVEL: _level,
    ChangeKind.MODE: _mode,
    ChangeKind.PROMISE: _promise,
    ChangeKind.CAME: _own,
    ChangeKind.WENT: _own,
    ChangeKind.CUSTOMER_WROTE: _own,
    ChangeKind.STATUS: _own,
    ChangeKind.PRIORITY: _own,
    ChangeKind.DUE_SOON: _deadline,
    ChangeKind.LATE: _deadline,
}


def _named(ticket: Ticket) -> str:
    return f"#{ticket.id} {_said_of(ticket)}"


def _said_of(ticket: Ticket) -> str:
    return " · ".join(filter(None, (ticket.priority, ticket.customer, ticket.subject)))


def _due(ticket: Ticket, desk: WatchedDesk, zone: tzinfo | None) -> str:
    deadline = ticket.respond_by or ticket.resolve_by
    if deadline is None:
        return ""
    shown = times.at(deadline, desk.now, zone)
    return f"; {due_label(ticket)} {shown}, {times.in_words(deadline, desk.now)}"


def _whose(ticket: Ticket, desk: WatchedDesk, zone: tzinfo | None) -> str:
    return whose(ticket, desk.holders.away(ticket), desk.now, zone)

"""How a person's action changes a ticket, or several as one: one transaction, all or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from policy.conversation.steps import StepKind
from policy.ticket import Ticket
from policy.words import Action
from store.conversations.outgoing import queue_changes
from store.desk_reader import DeskReader
from store.notices import ledger
from store.notices.notice_events import notice_facts, tell
from store.session import Session
from store.tickets.ticket_writer import TicketUpdate, Writer

TicketAction = Callable[[Ticket, datetime], Ticket]
"""What becomes of a ticket at a time (UTC); it may refuse."""

_ALWAYS_RECORDED = frozenset({"replied", "heard"})
"""A second reply or message changes no time, but it happened."""


def change(
    session: Session,
    wanted: Action,
    ticket: int,
    kind: str,
    action: TicketAction,
    *,
    note: str = "",
    unsent: frozenset[StepKind] = frozenset(),
) -> Ticket:
    """Do one action to one ticket; doing what is so already changes nothing.

    Raises:
        Refusal: this person may not, or the action refuses.
    """
    with session.write(wanted) as (writer, reader):
        return carry_out(writer, reader, ticket, kind, action, note=note, unsent=unsent)


def carry_out(
    writer: Writer,
    reader: DeskReader,
    ticket: int,
    kind: str,
    action: TicketAction,
    *,
    note: str = "",
    unsent: frozenset[StepKind] = frozenset(),
) -> Ticket:
    """Do one action to one ticket in a transaction that has begun; see ``change``.

    What it changes goes into the outbox, too, where the ticket comes from a connection; ``unsent``
    are the kinds of steps that do not.
    """
    return carry_out_on(writer, reader.ticket(ticket), kind, action, note=note, unsent=unsent)


def carry_out_on(
    writer: Writer,
    before: Ticket,
    kind: str,
    action: TicketAction,
    *,
    note: str = "",
    unsent: frozenset[StepKind] = frozenset(),
) -> Ticket:
    """Do one action to a ticket that was read in the same transaction; see ``carry_out``."""
    after = action(before, writer.now)
    if after == before and kind not in _ALWAYS_RECORDED:
        return before
    update = TicketUpdate(before=before, after=after, kind=kind, note=note)
    (changed,) = write_each(writer, [update])
    queue_changes(writer, before, changed, unsent)
    return changed


def write_each(writer: Writer, updates: Sequence[TicketUpdate]) -> list[Ticket]:
    """Write what becomes of tickets, and cancel the notices on their way that nobody waits for."""
    changed = writer.write(updates)
    for update, ticket in zip(updates, changed, strict=True):
        before = update.before
        if before is not None and before.waiting_since is not None and ticket.waiting_since is None:
            _cancel_notices(writer, ticket)
    return changed


def _cancel_notices(writer: Writer, answered: Ticket) -> None:
    """Cancel the notices on their way for which nobody waits any more, as a reply came first."""
    needless = ledger.needless(writer.connection, answered.id)
    before = notice_facts(writer.connection, needless)
    cancelled = ledger.cancel(writer.connection, needless, writer.now)
    tell(writer, "wait_cancelled", cancelled, before)

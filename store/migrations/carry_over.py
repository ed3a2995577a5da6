"""Makes of what an older version kept what this one keeps, after the tables are the newest.

"Migrating an older database brings its hidden ones back": a customer who waits is in the queue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, null, or_, select, update
from sqlmodel import col

from policy.rulebook.renewals import renewed
from policy.rulebook.rulebook import Rulebook, describe
from policy.ticket import Ticket
from policy.tickets.actions import opened_again, settled
from policy.tickets.sources import written_to
from policy.words import DECIDED_STATUSES, Action, Mode, Status
from store.engines.kind import DatabaseKind
from store.engines.statements import streamed
from store.history.journal import PROGRAM, Journal
from store.migrations.untold import tell_untold
from store.progress import Told, nobody
from store.queue import counters, positions
from store.queue.search_documents import put_all_documents
from store.quick.statements import TICKETS
from store.schema.desk_settings import put_policy, stored_policy
from store.schema.settings_in_force import settings_of
from store.schema.tables import EventRow, OrderBlockRow, OrderRow, TallyRow, TicketRow
from store.tickets.ingest import continued
from store.tickets.people import renew_plain_names
from store.tickets.ticket_columns import OWED
from store.tickets.ticket_mapping import by_ids, to_ticket
from store.tickets.ticket_writer import TicketUpdate, Writer

_AT_ONCE: Final = 500
_ID, _STATUS = col(TicketRow.id), col(TicketRow.status)
_WAITING = col(TicketRow.waiting_since)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What an upgrade changed: the tickets of customers who waited in no list before it."""

    brought_back: tuple[int, ...] = ()


def carry_over(
    connection: Connection,
    kind: DatabaseKind,
    *,
    is_unchained: bool = False,
    told: Told = nobody,
) -> CarriedOver:
    """Carry over what an older version kept, in the transaction that changed its tables.

    ``is_unchained`` says that it is older than the chain of hashes: then what its history does not
    tell of a ticket is told now, and checked from then on. Every event that this writes is the
    program's own. Doing it again changes nothing.
    """
    writer = _writer(connection, kind)
    _renew_policy(writer)
    writer = _writer(connection, kind)
    _date_conversations(connection)
    _date_ends(connection)
    renew_plain_names(connection)
    rank_everything(connection, writer.rulebook, told)
    brought_back = _mend(writer)
    if is_unchained:
        tell_untold(writer, told)
    put_all_documents(connection, kind, told)
    return CarriedOver(tuple(sorted(brought_back)))


def rank_everything(connection: Connection, rulebook: Rulebook, told: Told) -> None:
    """Put every ticket where it stands in both orders, and count all, anew."""
    for table in (OrderRow, OrderBlockRow, TallyRow):
        connection.execute(delete(table))
    blocks = [{"mode": mode, "first_key": b"", "tickets": 0} for mode in Mode]
    connection.execute(insert(OrderBlockRow), blocks)
    with streamed(connection, TICKETS.order_by(_ID)) as pieces:
        for some in pieces:
            batch = [to_ticket(row) for row in some]
            positions.put(connection, batch, rulebook)
            counters.count_changes(connection, [(None, ticket) for ticket in batch])
            told(len(batch))


def _writer(connection: Connection, kind: DatabaseKind) -> Writer:
    journal = Journal(
        connection=connection,
        actor=PROGRAM,
        now=datetime.now(UTC).replace(microsecond=0),
        wanted=Action.LOOK,
        undoable=False,
    )
    return Writer(connection, kind, settings_of(connection).rulebook, journal)


def _renew_policy(writer: Writer) -> None:
    """Let what a kept policy says as the earlier handbook did be as the handbook says it now."""
    kept = stored_policy(writer.connection)
    if kept is None:
        return
    before, after = writer.rulebook, renewed(writer.rulebook, kept)
    if after != before:
        put_policy(writer.connection, after)
        writer.journal.append("policy_adopted", before=describe(before), after=describe(after))


def _date_conversations(connection: Connection) -> None:
    """Say when we answered last and when the customer wrote, as far as that was kept."""
    first, last = col(TicketRow.first_response_at), col(TicketRow.last_response_at)
    connection.execute(
        update(TicketRow).where(last.is_(None), first.is_not(None)).values(last_response_at=first)
    )
    replied = (
        select(func.max(col(EventRow.at)))
        .where(col(EventRow.ticket_id) == _ID, col(EventRow.kind) == "replied")
        .scalar_subquery()
    )
    connection.execute(
        update(TicketRow)
        .where(last.is_not(None), replied > last, or_(_WAITING.is_(None), replied < _WAITING))
        .values(last_response_at=replied)
    )
    connection.execute(
        update(TicketRow)
        .where(
            col(TicketRow.last_customer_message_at).is_(None),
            _WAITING.is_not(None),
            first.is_not(None),
        )
        .values(last_customer_message_at=_WAITING)
    )


def _date_ends(connection: Connection) -> None:
    """Say since when tickets are solved or closed, as the history tells it."""
    undated = and_(
        _STATUS.in_(DECIDED_STATUSES),
        col(TicketRow.solved_at).is_(None),
        col(TicketRow.merged_into).is_(None),
    )
    events = (
        select(col(EventRow.ticket_id), col(EventRow.at), col(EventRow.before), col(EventRow.after))
        .join(TicketRow, _ID == col(EventRow.ticket_id))
        .where(undated)
        .order_by(col(EventRow.id))
    )
    ends: dict[int, datetime] = {}
    with streamed(connection, events) as pieces:
        for row in chain.from_iterable(pieces):
            became, was = (row.after or {}).get("status"), (row.before or {}).get("status")
            if became in DECIDED_STATUSES and was not in DECIDED_STATUSES:
                ends[row.ticket_id] = row.at
    for number, at in ends.items():
        connection.execute(update(TicketRow).where(_ID == number).values(solved_at=at))


def _mend(writer: Writer) -> set[int]:
    """Bring back who waits in no list, settle who waited for nothing, and say so of each.

    Returns the numbers of the tickets in which somebody waited unseen.
    """
    connection = writer.connection
    brought_back: set[int] = set()
    parked = and_(OWED, _STATUS.in_((Status.PENDING, Status.ON_HOLD)))
    for ticket in _found(connection, parked):
        writer.write([TicketUpdate(before=ticket, after=ticket, kind="brought_back")])
        brought_back.add(ticket.id)
    ended = and_(OWED, _STATUS.in_(DECIDED_STATUSES))
    for ticket in _found(connection, ended):
        brought_back.update(_end(writer, ticket))
    unmerged = and_(
        col(TicketRow.merged_into).is_not(None),
        or_(_STATUS != Status.CLOSED, _WAITING.is_not(None)),
    )
    for ticket in _found(connection, unmerged):
        brought_back.update(_merge_again(writer, ticket))
    return brought_back


def _found(connection: Connection, condition: Any) -> Iterator[Ticket]:
    found = connection.scalars(select(_ID).where(condition).order_by(_ID))
    ids = [number for number in found if number is not None]
    for start in range(0, len(ids), _AT_ONCE):
        yield from by_ids(connection, ids[start : start + _AT_ONCE])


def _end(writer: Writer, ticket: Ticket) -> Iterator[int]:
    """Settle a ticket that was solved while its customer waited; yield who wrote after that."""
    at = ticket.solved_at or writer.now
    over = settled(ticket, at)
    since = over.waiting_since
    if since is None:
        writer.write([TicketUpdate(before=ticket, after=over, kind="settled", told=True)])
    elif ticket.status is Status.SOLVED:
        again = opened_again(over)
        writer.write([TicketUpdate(before=ticket, after=again, kind="brought_back")])
        yield ticket.id
    elif _is_closed_there(writer.connection, ticket):
        over = settled(ticket, writer.now)
        writer.write([TicketUpdate(before=ticket, after=over, kind="settled", told=True)])
    else:
        closed, new = continued(writer.connection, settled(ticket, writer.now), since)
        writer.write([TicketUpdate(before=ticket, after=closed, kind="heard", told=True)])
        writer.write(
            [TicketUpdate(before=None, after=new, kind="brought_back", note=f"#{ticket.id}")]
        )
        yield new.id


def _merge_again(writer: Writer, ticket: Ticket) -> Iterator[int]:
    """Close what was merged and came back to life; yield in which ticket its customer waits."""
    since = ticket.waiting_since
    closed = replace(ticket, status=Status.CLOSED, waiting_since=None, deviation=None)
    writer.write([TicketUpdate(before=ticket, after=closed, kind="merged", told=True)])
    number = ticket.merged_into
    found = by_ids(writer.connection, [number]) if number is not None else ()
    for into in found:
        if since is not None and into.status is not Status.CLOSED:
            woken = written_to(into, since)
            if woken != into:
                update = TicketUpdate(before=into, after=woken, kind="brought_back")
                writer.write([update])
                yield into.id


def _is_closed_there(connection: Connection, ticket: Ticket) -> bool:
    said = connection.scalar(
        select(col(TicketRow.imported)).where(_ID == ticket.id, col(TicketRow.imported) != null())
    )
    return (said or {}).get("status") == Status.CLOSED

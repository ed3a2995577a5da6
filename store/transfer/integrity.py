"""Looks for what cannot be: whether all that is kept of the tickets agrees with the tickets."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, pairwise
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Row,
    Table,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    text,
)
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.conversation.steps import StepState
from policy.intake.rules import assess
from policy.ordering.order import Order, order_of
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.actions import latest
from policy.words import Mode, Status
from store.engines.kind import DatabaseKind
from store.engines.statements import AT_ONCE, streamed
from store.queue import counters, positions
from store.quick.statements import TICKETS
from store.schema.conversation_tables import MessageRow, MessageTextRow, OutgoingStepRow
from store.schema.settings_in_force import settings_of
from store.schema.tables import KEYS, EventRow, OrderBlockRow, OrderRow, TallyRow, TicketRow
from store.team.roster_reading import entries_of
from store.tickets.ticket_mapping import to_ticket
from store.transfer.copying import tables

_DECIDED = (Status.SOLVED, Status.CLOSED)
_LAST_KEY: Final = b"\xff" * 64
"""Sorts behind every key."""

Part = Callable[[Connection, DatabaseKind], Iterator[str]]


def problems(connection: Connection, kind: DatabaseKind) -> Iterator[str]:
    """Yield all that is wrong with a database, a line each; nothing when it is sound.

    Damaged pages come first, and nothing else then, as all the rest would only repeat them.
    """
    kind.take_long(connection)
    damaged = False
    for part in _FIRST:
        for problem in _in_words(part, connection, kind):
            damaged = True
            yield problem
    if damaged:
        return
    for part in _PARTS:
        yield from _in_words(part, connection, kind)


def _in_words(part: Part, connection: Connection, kind: DatabaseKind) -> Iterator[str]:
    try:
        yield from part(connection, kind)
    except Refusal as refusal:
        yield refusal.reason
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        yield f"a value in the database is damaged: {' '.join(str(error).split())}"


def _engine(connection: Connection, kind: DatabaseKind) -> Iterator[str]:
    yield from kind.check_engine(connection)


def _references(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    for table in tables():
        for key in table.foreign_keys:
            for value in connection.scalars(_dangling(table, key)):
                yield f"{table.name}: {key.parent.name} {value} names nothing that is there"


def _dangling(table: Table, key: ForeignKey) -> Any:
    there = key.column.table.alias()
    column = key.parent
    found = there.c[key.column.name]
    missing = select(column).outerjoin_from(table, there, column == found)
    return missing.where(column.is_not(None), found.is_(None)).limit(AT_ONCE)


def _tickets(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    """Look at each ticket, its place in both orders, and the counts of all together."""
    rulebook = settings_of(connection).rulebook
    orders = {mode: order_of(rulebook, mode) for mode in Mode}
    counted = Counter[str]()
    query = TICKETS.add_columns(*_STANDS, col(TicketRow.priority).label("in_force"))
    query = query.outerjoin(OrderRow, col(OrderRow.ticket_id) == col(TicketRow.id))
    query = query.order_by(col(TicketRow.id))
    with streamed(connection, query) as pieces:
        for row in chain.from_iterable(pieces):
            ticket = to_ticket(row)
            counted.update(counters.names_of(ticket))
            for problem in _wrong_with(ticket, row, rulebook, orders):
                yield f"#{ticket.id}: {problem}"
    yield from _tallies(connection, counted)


def _wrong_with(
    ticket: Ticket, row: Row[Any], rulebook: Rulebook, orders: Mapping[Mode, Order]
) -> Iterator[str]:
    if row.in_force != ticket.priority:
        yield f"its priority is {row.in_force}; expected {ticket.priority}"
    if ticket.status not in _DECIDED and assess(rulebook, ticket) != ticket:
        yield "its priority or times are not what the policy gives"
    if ticket.status not in _DECIDED and not _stands_still_rightly(ticket, rulebook):
        yield "its clocks stand still, or run, against its status"
    yield from _hidden(ticket)
    stands = {name: getattr(row, f"stands_{name}") for name in positions.COLUMNS}
    if ticket.actionable and row.stands_ticket_id is None:
        yield "is actionable and not in the queue"
    elif not ticket.actionable and row.stands_ticket_id is not None:
        yield "is in the queue and not actionable"
    elif ticket.actionable and positions.place(ticket, orders) != stands:
        yield "its place in the queue is not the one that the policy gives"


def _stands_still_rightly(ticket: Ticket, rulebook: Rulebook) -> bool:
    """Return whether the clocks of a ticket stand still just where the policy says so."""
    if rulebook.pauses_in is None:
        return not ticket.paused
    still = bool(ticket.paused) and ticket.paused[-1].until is None
    return still is (ticket.status in rulebook.pauses_in)


def _hidden(ticket: Ticket) -> Iterator[str]:
    """Yield why the customer of a ticket may wait unseen: "no status, merge or source hides"."""
    if ticket.merged_into is not None and ticket.status is not Status.CLOSED:
        yield f"is merged into #{ticket.merged_into} and {ticket.status}; expected closed"
    if ticket.owed and ticket.status in _DECIDED:
        yield f"is {ticket.status} while its customer waits for an answer"
    written = ticket.last_customer_message_at
    ended = ticket.merged_into is not None or ticket.continued_in is not None
    if written is None or ended or ticket.waiting_since is not None:
        return
    answered = latest(ticket.last_response_at, ticket.settled_at)
    if answered is not None and written > answered:
        yield "its customer wrote after our last answer, and it says that nobody waits"


def _tallies(connection: Connection, counted: Counter[str]) -> Iterator[str]:
    rows = connection.execute(select(col(TallyRow.name), col(TallyRow.tickets)))
    kept = {row.name: row.tickets for row in rows}
    for name in sorted(kept.keys() | counted.keys()):
        if kept.get(name, 0) != counted[name]:
            yield f"the count {name} is {kept.get(name, 0):,}; expected {counted[name]:,}"


def _blocks(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    """Look at the counts by which places in the queue are found."""
    for mode, key in KEYS.items():
        first, tickets = col(OrderBlockRow.first_key), col(OrderBlockRow.tickets)
        rows = select(first, tickets).where(col(OrderBlockRow.mode) == mode).order_by(first)
        blocks = [(bytes(row.first_key), row.tickets) for row in connection.execute(rows)]
        if not blocks or blocks[0][0] != b"":
            yield f"the order {mode} has no first block"
        for (start, kept), (end, _tickets) in pairwise([*blocks, (_LAST_KEY, 0)]):
            within = select(func.count()).where(key >= start, key < end)
            if (found := connection.scalar(within)) != kept:
                yield f"the order {mode} counts {kept:,} tickets in a block; expected {found:,}"


def _searched(connection: Connection, kind: DatabaseKind) -> Iterator[str]:
    """Look whether every ticket can be found by its words, and nothing else."""
    key = kind.search_key
    unsearched = text(
        f"SELECT id FROM ticket WHERE id NOT IN (SELECT {key} FROM ticket_search)"  # noqa: S608 - our own names
    )
    stray = text(
        f"SELECT {key} FROM ticket_search WHERE {key} NOT IN (SELECT id FROM ticket)"  # noqa: S608 - our own names
    )
    for ticket_id in connection.scalars(unsearched):
        yield f"#{ticket_id}: is not found by its words"
    for ticket_id in connection.scalars(stray):
        yield f"#{ticket_id}: is found by its words and does not exist"


def _histories(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    """Look whether the history has an event for every version of a ticket, or more."""
    number, version = col(TicketRow.id), col(TicketRow.version)
    events = func.count(col(EventRow.id))
    told = (
        select(number, version, events.label("events"))
        .outerjoin(EventRow, col(EventRow.ticket_id) == number)
        .group_by(number, version)
        .having(events < version)
        .order_by(number)
    )
    for row in connection.execute(told):
        yield f"#{row.id}: its history has {row.events:,} events; expected {row.version:,} or more"


def _conversations(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    """Look whether every message has its text and its ticket, and every step its message."""
    number = col(MessageRow.id)
    untold = (
        select(number)
        .outerjoin(MessageTextRow, col(MessageTextRow.message_id) == number)
        .where(col(MessageTextRow.message_id).is_(None))
    )
    for message in connection.scalars(untold.order_by(number)):
        yield f"message {message}: has no text"
    told = select(col(EventRow.ticket_id)).where(col(EventRow.ticket_id) == _OF_TICKET)
    there = select(col(TicketRow.id)).where(col(TicketRow.id) == _OF_TICKET)
    stray = select(number).where(~exists(there), ~exists(told))
    for message in connection.scalars(stray.order_by(number)):
        yield f"message {message}: is in a ticket that never was"
    step, message_id = col(OutgoingStepRow.id), col(OutgoingStepRow.message_id)
    mute = (
        select(step)
        .outerjoin(MessageRow, number == message_id)
        .where(message_id.is_not(None), number.is_(None))
    )
    for each in connection.scalars(mute.order_by(step)):
        yield f"outgoing step {each}: its message is not there"
    for row in connection.execute(_OUT_OF_STEP):
        yield f"message {row.id}: is {row.state}, and its step is {row.step_state}"


_OF_TICKET: Any = col(MessageRow.ticket_id)
_SENDING_STATES = {
    MessageState.SENDING: [StepState.QUEUED, StepState.SENDING],
    MessageState.SENT: [StepState.SENT],
    MessageState.FAILED: [StepState.FAILED],
    MessageState.TAKEN_BACK: [StepState.TAKEN_BACK],
}
_OUT_OF_STEP: Any = (
    select(
        col(MessageRow.id),
        col(MessageRow.state),
        col(OutgoingStepRow.state).label("step_state"),
    )
    .join(OutgoingStepRow, col(OutgoingStepRow.message_id) == col(MessageRow.id))
    .where(
        not_(
            or_(
                *(
                    and_(
                        col(MessageRow.state) == state,
                        col(OutgoingStepRow.state).in_(steps),
                    )
                    for state, steps in _SENDING_STATES.items()
                )
            )
        )
    )
    .order_by(col(MessageRow.id))
)


def _team(connection: Connection, _: DatabaseKind) -> Iterator[str]:
    logins = [entry.login for entry in entries_of(connection)]
    for login, times in Counter(logins).items():
        if times > 1:
            yield f"{login} is in the team {times} times"


_STANDS = tuple(
    column.label(f"stands_{column.key}")
    for column in (col(OrderRow.ticket_id), *positions.COLUMNS.values())
)
_FIRST: tuple[Part, ...] = (_engine, _references)
_PARTS: tuple[Part, ...] = (*(_tickets, _blocks, _searched, _histories, _conversations, _team),)

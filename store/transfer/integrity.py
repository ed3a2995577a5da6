"""Looks for what cannot be: whether all that is kept of the tickets agrees with the tickets."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Row,
    Table,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from policy.intake.rules import assess
from policy.ordering.order import Order, order_of
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.actions import latest
from policy.words import Mode, Status
from store.engines.kind import DatabaseKind
from store.engines.statements import AT_ONCE
from store.history.hash_chain import events_of_tickets
from store.progress import Told, counted
from store.queue import counters, positions
from store.quick.statements import TICKETS
from store.schema.settings_in_force import settings_of
from store.schema.tables import (
    KEYS,
    BodyRow,
    EventRow,
    OrderBlockRow,
    OrderRow,
    TallyRow,
    TicketRow,
)
from store.stopping import ReadingStop, Stopped
from store.team.roster_reading import entries_of
from store.tickets.ticket_mapping import to_ticket
from store.transfer.action_check import check_actions
from store.transfer.conversation_check import check_conversations, check_messages
from store.transfer.copying import Progress, tables
from store.transfer.history_check import (
    BY_DAMAGE,
    check_history,
    check_told,
    events_in,
    lost_tickets,
)

MADE_ANEW: Final = "numberone db move makes it anew at another place"
"""What to do where only that is damaged which is made of the rest."""

_DECIDED = (Status.SOLVED, Status.CLOSED)
_LAST_KEY: Final = b"\xff" * 64
"""Sorts behind every key."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a database: on which connection, at what time (UTC), and whom it tells how far."""

    connection: Connection
    kind: DatabaseKind
    now: datetime
    told: Told
    stop: ReadingStop


Part = Callable[[Look], Iterator[str]]


def problems(
    connection: Connection,
    kind: DatabaseKind,
    now: datetime,
    progress: Progress | None = None,
    stop: ReadingStop | None = None,
) -> Iterator[str]:
    """Yield all that is wrong with a database, a line each; nothing when it is sound.

    Damaged pages come first, and nothing else then, as all the rest would only repeat them.

    Raises:
        Stopped: another thread gave it up.
    """
    kind.take_long(connection)
    stop = ReadingStop() if stop is None else stop
    look = Look(connection, kind, now, _teller(connection, progress, stop), stop)
    damaged = False
    for part in _FIRST:
        for problem in _in_words(part, look):
            damaged = True
            yield problem
    if damaged:
        return
    for part in _PARTS:
        yield from _in_words(part, look)


def _teller(connection: Connection, progress: Progress | None, stop: ReadingStop) -> Told:
    """Return what counts the events and tickets that were looked at, and tells how many of all."""
    total = connection.scalar(select(func.count()).select_from(TicketRow)) or 0
    tell = counted(total + events_in(connection), progress)

    def told(more: int) -> None:
        stop.check()
        tell(more)

    told(0)
    return told


def _in_words(part: Part, look: Look) -> Iterator[str]:
    look.stop.check()
    try:
        yield from part(look)
    except Stopped:
        raise
    except Refusal as refusal:
        yield refusal.reason
    except DBAPIError as error:
        look.stop.check()  # it ends a statement with an error, too
        yield look.kind.trouble(error)
    except BY_DAMAGE as error:
        yield f"a value in the database is damaged: {' '.join(str(error).split())}"


def _engine(look: Look) -> Iterator[str]:
    yield from look.kind.check_engine(look.connection)


def _references(look: Look) -> Iterator[str]:
    connection = look.connection
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


def _history(look: Look) -> Iterator[str]:
    yield from check_history(look.connection, look.told)
    yield from check_actions(look.connection)


def _tickets(look: Look) -> Iterator[str]:
    """Look at each ticket, its history, its place in both orders, and the counts of all."""
    connection, rulebook = look.connection, settings_of(look.connection).rulebook
    orders = {mode: order_of(rulebook, mode) for mode in Mode}
    counted, are_all_read = Counter[str](), True
    for ids in _pieces(connection):
        events = events_of_tickets(connection, ids)
        for number, read in _read(connection, ids):
            if isinstance(read, str):
                are_all_read = False
                yield read if read.startswith("#") else f"#{number}: cannot be read: {read}"
                continue
            ticket, row = read
            counted.update(counters.names_of(ticket))
            kept = {"body": row.kept_body, "imported": row.kept_imported}
            wrong = _wrong_with(ticket, row, rulebook, orders)
            for problem in chain(wrong, check_told(ticket, kept, events[number], look.now)):
                yield f"#{number}: {problem}"
        yield from check_messages(connection, events)
        look.told(len(ids))
    if are_all_read:
        yield from _tallies(connection, counted)


def _pieces(connection: Connection) -> Iterator[list[int]]:
    """Yield the numbers of all tickets, some hundred at a time."""
    number, after = col(TicketRow.id), 0
    query = select(number).order_by(number).limit(AT_ONCE)
    while ids := [each or 0 for each in connection.scalars(query.where(number > after))]:
        after = ids[-1]
        yield ids


def _read(
    connection: Connection, ids: Sequence[int]
) -> Iterator[tuple[int, tuple[Ticket, Row[Any]] | str]]:
    """Yield each of these tickets with its row, or why it cannot be read."""
    try:
        found = {
            row.id: (to_ticket(row), row) for row in connection.execute(_CHECKED, {"ids": ids})
        }
    except (Refusal, ValueError, DBAPIError) as error:
        if len(ids) == 1:
            yield ids[0], " ".join(str(error).split())
            return
        for number in ids:
            yield from _read(connection, [number])
        return
    for number in ids:
        yield number, found.get(number, "its customer is not there")


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


def _blocks(look: Look) -> Iterator[str]:
    """Look at the counts by which places in the queue are found."""
    connection = look.connection
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


def _searched(look: Look) -> Iterator[str]:
    """Look whether every ticket can be found by its words, and nothing else."""
    connection = look.connection
    if not look.kind.is_search_sound(connection):
        yield f"the index of the search is damaged; {MADE_ANEW}"
    key = look.kind.search_key
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


def _histories(look: Look) -> Iterator[str]:
    """Look whether the history has an event for every version of a ticket, or more."""
    connection = look.connection
    number, version = col(TicketRow.id), col(TicketRow.version)
    events = func.count(col(EventRow.id))
    told = (
        select(number, version, events.label("events"))
        .outerjoin(EventRow, col(EventRow.ticket_id) == number)
        .group_by(number, version)
        .having(events < version)
        .order_by(number)
    )
    yield from lost_tickets(connection)
    for row in connection.execute(told):
        yield f"#{row.id}: its history has {row.events:,} events; expected {row.version:,} or more"


def _conversations(look: Look) -> Iterator[str]:
    yield from check_conversations(look.connection)


def _team(look: Look) -> Iterator[str]:
    connection = look.connection
    logins = [entry.login for entry in entries_of(connection)]
    for login, times in Counter(logins).items():
        if times > 1:
            yield f"{login} is in the team {times} times"


_STANDS = tuple(
    column.label(f"stands_{column.key}")
    for column in (col(OrderRow.ticket_id), *positions.COLUMNS.values())
)
_CHECKED = (
    TICKETS.add_columns(
        *_STANDS,
        col(TicketRow.priority).label("in_force"),
        col(BodyRow.text).label("kept_body"),
        col(TicketRow.imported).label("kept_imported"),
    )
    .outerjoin(OrderRow, col(OrderRow.ticket_id) == col(TicketRow.id))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == col(TicketRow.id))
    .where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))
)
_FIRST: tuple[Part, ...] = (_engine, _references)
_PARTS: tuple[Part, ...] = (
    *(_history, _tickets, _blocks, _searched, _histories, _conversations, _team),
)

"""Ranks all that is not solved anew under another policy: reckoned beside, put in place at once.

What the policy makes of each ticket is gathered in a temporary table, which nobody else sees, while
others go on writing. Putting it in place is one short transaction: what changed meanwhile is
reckoned again, and the rest are a few statements for all tickets together.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import col

from policy.intake.rules import assess
from policy.ordering.order import Order, order_of, orders_differ
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Mode
from store.history.event_reading import latest_id
from store.history.hash_chain import written
from store.policies.ranked_tickets import (
    ranked_between,
    ranked_by_ids,
    ranked_ticket,
    says_the_same,
    touched_since,
    undecided,
)
from store.queue import counters, order_index, positions
from store.schema.column_types import Instant
from store.schema.kept_names import OWED, QUEUE
from store.schema.promise_tables import NoticeTicketRow, PickUpRow
from store.schema.tables import OrderRow, TicketRow
from store.tickets.pausing import renewed_pauses
from store.tickets.ticket_json import told_difference
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate, Writer

Progress = Callable[[int, int], None]
"""Called with how many tickets are done and how many there are."""

AT_ONCE = 500
Keys = Mapping[Mode, Order]
"""The orders of a policy, which key a ticket."""

_T = TypeVar("_T")

_SAID: Mapping[str, Any] = {
    "defined_priority": String,
    "priority": String,
    "because": String,
    "declined": String,
    "internal": Boolean,
    "respond_by": Instant,
    "aim_by": Instant,
    "update_by": Instant,
    "resolve_by": Instant,
}
"""The columns of a ticket that say what the policy makes of it."""

_NEW: Any = Table(
    "ranked_anew",
    MetaData(),
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, kind) for name, kind in _SAID.items()),
    Column("changed", Boolean),
    Column("turned", Boolean),
    Column("told_before", String),
    Column("told_after", String),
    Column("counted", JSON(none_as_null=True)),
    Column("stood", Boolean),
    Column("stands", Boolean),
    Column("normal_key", LargeBinary),
    Column("hard_choices_key", LargeBinary),
    Column("assignee", String),
    Column("deviation_until", Instant),
    prefixes=["TEMPORARY"],
)
"""What becomes of tickets: whether the policy ``changed`` what it says of one, what the history is
told of that and what the counts; whether it ``stood`` in the queue, ``stands`` there, and where.
One that ``turned`` joins or leaves the queue, or is owed no more or again."""

_ID, _NUMBER = col(TicketRow.id), col(OrderRow.ticket_id)
_GATHER = insert(_NEW)
_GATHERED = select(func.count()).select_from(_NEW)
_THOSE = _NEW.c.ticket_id.in_(bindparam("ids", expanding=True))
_DROP = delete(_NEW).where(_THOSE)
_DROPPED = select(_NEW.c.counted).where(_THOSE)
_KEEPS_MORE = (
    select(_NEW.c.ticket_id)
    .where(
        _NEW.c.turned,
        or_(
            exists(
                select(col(PickUpRow.ticket_id)).where(col(PickUpRow.ticket_id) == _NEW.c.ticket_id)
            ),
            exists(
                select(col(NoticeTicketRow.ticket_id)).where(
                    col(NoticeTicketRow.ticket_id) == _NEW.c.ticket_id
                )
            ),
        ),
    )
    .order_by(_NEW.c.ticket_id)
)
"""Those of which more is kept than their own rows: what was promised, and who has them in hand."""

_ASSESSED = (
    update(TicketRow)
    .where(_ID == _NEW.c.ticket_id, _NEW.c.changed)
    .values({name: _NEW.c[name] for name in _SAID} | {"version": col(TicketRow.version) + 1})
)
_TOLD = (
    select(_NEW.c.ticket_id, _NEW.c.told_before, _NEW.c.told_after)
    .where(_NEW.c.changed)
    .order_by(_NEW.c.ticket_id)
)
_PLACE = {name: _NEW.c[name] for name in positions.COLUMNS}
_COMES = insert(OrderRow).from_select(
    ["ticket_id", *_PLACE],
    select(_NEW.c.ticket_id, *_PLACE.values())
    .where(_NEW.c.stands, ~_NEW.c.stood)
    .order_by(_NEW.c.ticket_id),
)
_GOES = delete(OrderRow).where(
    _NUMBER.in_(select(_NEW.c.ticket_id).where(_NEW.c.stood, ~_NEW.c.stands))
)
_MOVES = (
    update(OrderRow).where(_NUMBER == _NEW.c.ticket_id, _NEW.c.stood, _NEW.c.stands).values(_PLACE)
)


@dataclass(slots=True)
class Reranking:
    """All unsolved tickets on their way from the ``present`` policy to the ``coming`` one.

    Gathered in a temporary table of one connection, which all that is done needs to be given.
    """

    present: Rulebook
    coming: Rulebook
    ids: list[int]
    since: int
    """The latest event when it began; what changed after that is reckoned again."""

    _old: Keys | None
    _new: Keys
    _plainly: set[int] = field(default_factory=set)
    """Tickets of which more is to be changed than what is gathered."""
    _counted: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begun(cls, connection: Connection, present: Rulebook, coming: Rulebook) -> Self:
        """Return what begins, with nothing gathered."""
        forget(connection)
        _NEW.create(connection)
        return cls(
            present,
            coming,
            undecided(connection),
            latest_id(connection),
            _keys(present) if orders_differ(present, coming) else None,
            _keys(coming),
        )

    def batches(self) -> Iterator[tuple[Sequence[int], int]]:
        """Yield the tickets to be gathered, a few hundred at a time, and how many were by then."""
        for start in range(0, len(self.ids), AT_ONCE):
            some = self.ids[start : start + AT_ONCE]
            yield some, start + len(some)

    def gather(self, connection: Connection, ids: Sequence[int]) -> None:
        """Reckon what becomes of a few hundred tickets that follow each other by their ids."""
        self._gather(connection, ranked_between(connection, ids[0], ids[-1]))

    def catch_up(self, connection: Connection) -> int:
        """Reckon again what changed meanwhile, and return how many tickets that were."""
        touched = touched_since(connection, self.since)
        self.since = latest_id(connection)
        for some in pieces(touched):
            self._drop(connection, some)
            self._gather(connection, ranked_by_ids(connection, some))
        return len(touched)

    def put_in_place(self, writer: Writer) -> None:
        """Make all tickets what was gathered, in the transaction that puts the policy in force.

        Only of those that the policy makes something else of is it told in their history.
        """
        connection = writer.connection
        self.catch_up(connection)
        more = list(connection.scalars(_KEEPS_MORE))
        for some in pieces(more):
            self._drop(connection, some)
        self._plainly.update(more)
        for some in pieces(sorted(self._plainly)):
            _write_plainly(writer, by_ids(connection, list(some)))
        gathered = connection.scalar(_GATHERED)
        if gathered:
            connection.execute(_ASSESSED)
            for statement in (_GOES, _MOVES, _COMES):
                connection.execute(statement)
            order_index.count_again(connection)
            writer.journal.append_told("ranked_again", _TOLD)
            counters.add_counts(connection, self._counted)
        if self._counted[QUEUE] or self._counted[OWED]:
            counters.put_count(connection, writer.now)
        forget(connection)

    def _gather(self, connection: Connection, found: Sequence[Row[Any]]) -> None:
        rows = []
        if self._old is None:
            found = [row for row in found if not says_the_same(self.coming, row)]
        tickets = [ranked_ticket(row) for row in found]
        renewed = renewed_pauses(connection, self.coming, tickets)
        for before, paused in zip(tickets, renewed, strict=True):
            after = assess(self.coming, paused)
            if after is before:
                if self._old is not None and before.actionable and self._moves(self._old, before):
                    rows.append(self._row(before, after, changed=False))
            elif before.deviation is not None or after.paused != before.paused:
                self._plainly.add(before.id)
            else:
                rows.append(self._row(before, after, changed=True))
        if rows:
            connection.execute(_GATHER, rows)

    def _moves(self, old: Keys, ticket: Ticket) -> bool:
        return any(old[mode].key(ticket) != self._new[mode].key(ticket) for mode in Mode)

    def _row(self, before: Ticket, after: Ticket, *, changed: bool) -> dict[str, Any]:
        """Return what is gathered of a ticket."""
        told_before, told_after, counted = None, None, Counter[str]()
        if changed:
            told_before, told_after = map(written, told_difference(before, after))
            counted.update(counters.names_of(after))
            counted.subtract(counters.names_of(before))
        steps = {name: step for name, step in counted.items() if step}
        self._counted.update(steps)
        stood, stands = before.actionable, after.actionable
        return {
            "ticket_id": after.id,
            **{name: getattr(after, name) for name in _SAID},
            **positions.place(after, self._new),
            "changed": changed,
            "turned": stood != stands or before.owed != after.owed,
            "told_before": told_before,
            "told_after": told_after,
            "counted": steps or None,
            "stood": stood,
            "stands": stands,
        }

    def _drop(self, connection: Connection, ids: Sequence[int]) -> None:
        """Gather no more what was gathered of a few hundred tickets."""
        for row in connection.execute(_DROPPED, {"ids": ids}):
            self._counted.subtract(row.counted or {})
        connection.execute(_DROP, {"ids": ids})
        self._plainly.difference_update(ids)


def forget(connection: Connection) -> None:
    """Let nothing of what was gathered on a connection be there any more."""
    _NEW.drop(connection, checkfirst=True)


def pieces(whole: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Yield a few hundred at a time."""
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]


def _keys(rulebook: Rulebook) -> Keys:
    return {mode: order_of(rulebook, mode) for mode in Mode}


def _write_plainly(writer: Writer, tickets: Sequence[Ticket]) -> None:
    """Assess and key tickets as with any change of them, of which all is kept that is kept."""
    same: list[Ticket] = []
    unlike: list[TicketUpdate] = []
    renewed = renewed_pauses(writer.connection, writer.rulebook, tickets)
    for each, after in zip(tickets, renewed, strict=True):
        if assess(writer.rulebook, after) is each:
            same.append(each)
        else:
            unlike.append(TicketUpdate(before=each, after=after, kind="ranked_again"))
    writer.write(unlike)
    positions.put(writer.connection, same, writer.rulebook)

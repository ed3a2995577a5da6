"""Everything that a database holds, as plain records one after the other, and the way back.

What is kept beside the tickets to find them quickly (their order, its counts, the search) is no
part of it: it is made anew from them.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, groupby, islice
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    Row,
    Select,
    Table,
    func,
    insert,
    select,
)
from sqlmodel import col

from policy.refusal import Refusal, shown
from store.engines.kind import DatabaseKind
from store.engines.statements import AT_ONCE, streamed
from store.history.hash_chain import CHAINED, hash_after, head_of
from store.migrations.carry_over import carry_over
from store.schema.column_types import Instant, SeverityWord, TierWord
from store.schema.tables import BodyRow, CustomerRow, RequesterRow, TicketRow
from store.tickets.ticket_json import is_internal_by_tier
from store.tickets.ticket_mapping import stored_tags
from store.transfer.copying import mend_numbering, tables
from store.transfer.integrity import problems

Record = Mapping[str, Any]
"""One row as plain JSON values, times as ISO 8601 in UTC; ``record`` says of which table."""

RECORD: Final = "record"
TICKET: Final = "ticket"
EVENT: Final = "event"

_AFTER_TICKETS = frozenset(
    {
        *("event", "action", "time_entry", "notice", "notice_ticket", "queue_count"),
        *("message", "message_text", "draft", "outgoing_step", "common_value"),
    }
)
"""What happened stands after what it happened to, for whoever reads the file."""

_DERIVED = frozenset({"ticket_order", "order_block", "tally", "body"})


class FieldShape(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    FLAG = "flag"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a record: the shape of its values, and whether there may be none."""

    shape: FieldShape
    optional: bool


def _archived() -> list[Table]:
    """Return the tables that have records, each after those that it refers to."""
    archived = [table for table in tables() if table.name not in _DERIVED]
    return sorted(archived, key=lambda table: table.name in _AFTER_TICKETS)


def _field(column: Column[Any]) -> RecordField:
    # A desk may have no tiers, whose column is older than that and holds an empty text then.
    return RecordField(_shape(column), bool(column.nullable) or isinstance(column.type, TierWord))


def _shape(column: Column[Any]) -> FieldShape:
    for kind, shape in _SHAPES:
        if isinstance(column.type, kind):
            return shape
    return FieldShape.TEXT


_SHAPES: tuple[tuple[type[Any], FieldShape], ...] = (
    (Instant, FieldShape.TEXT),
    (JSON, FieldShape.JSON),
    (SeverityWord, FieldShape.JSON),
    (Boolean, FieldShape.FLAG),
    (Integer, FieldShape.NUMBER),
    (Float, FieldShape.DECIMAL),
)
_OF_A_TICKET: Mapping[str, RecordField] = {
    "customer": RecordField(FieldShape.TEXT, optional=False),
    "requester_name": RecordField(FieldShape.TEXT, optional=True),
    "requester_email": RecordField(FieldShape.TEXT, optional=True),
    "requester_timezone": RecordField(FieldShape.TEXT, optional=True),
    "body": RecordField(FieldShape.TEXT, optional=True),
    "tags": RecordField(FieldShape.JSON, optional=False),
}
"""What a ticket's record says beside its row, so that it is a line of the import's own format."""

FIELDS: Final[Mapping[str, Mapping[str, RecordField]]] = {
    table.name: {
        **{column.name: _field(column) for column in table.columns},
        **(_OF_A_TICKET if table.name == TICKET else {}),
    }
    for table in _archived()
}
"""The fields of each kind of record, the kinds in the order in which they stand in an archive."""


def records_of(
    connection: Connection, only: Iterable[str] = tuple(FIELDS)
) -> Generator[Record, None, None]:
    """Yield every record of these kinds, as this transaction sees them, with flat memory."""
    for table in _archived():
        if table.name in only:
            yield from _tickets(connection) if table.name == TICKET else _rows(connection, table)


def counts_of(connection: Connection) -> dict[str, int]:
    """Return how many records of each kind there are."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in _archived()
    }


def take_back(connection: Connection, kind: DatabaseKind, records: Iterable[Record]) -> None:
    """Write the records into a database that has none, and make anew what is found by them.

    Raises:
        Refusal: a record is none of ours, or all together they cannot be.
    """
    kind.take_long(connection)
    try:
        _take_back(connection, kind, records)
    except (TypeError, AttributeError, LookupError, ValueError, ArithmeticError) as error:
        said = " ".join(str(error).split())
        raise Refusal(f"it cannot be taken back: a value is of a wrong kind: {said}") from None


def _take_back(connection: Connection, kind: DatabaseKind, records: Iterable[Record]) -> None:
    by_name = {table.name: table for table in _archived()}
    is_unchained = False
    for name, group in groupby(records, key=lambda record: record[RECORD]):
        if name not in by_name:
            raise Refusal(f"{shown(name)}: no record of ours; expected one of {', '.join(by_name)}")
        while some := list(islice(group, AT_ONCE)):
            _write(connection, by_name[name], some)
            is_unchained = is_unchained or (name == EVENT and "hash" not in some[0])
    mend_numbering(connection, kind)
    carry_over(connection, kind, is_unchained=is_unchained)
    problem = next(problems(connection, kind, datetime.now(UTC)), None)
    if problem is not None:
        raise Refusal(f"it cannot be taken back: {problem}")


def has_these_events(connection: Connection, records: Iterable[Record]) -> bool:
    """Return whether the database's history is the one that these records tell, event by event."""
    theirs = (record for record in records if record[RECORD] == EVENT)
    with closing(records_of(connection, [EVENT])) as ours:
        return all(_are_the_same(mine, their) for mine, their in _side_by_side(ours, theirs))


def _are_the_same(mine: Record | None, their: Record | None) -> bool:
    """Return whether two events are one; what an older version wrote says nothing of a hash."""
    if mine is None or their is None:
        return False
    return mine == {"hash": mine["hash"], **their}


def _side_by_side(
    ours: Iterator[Record], theirs: Iterator[Record]
) -> Iterator[tuple[Record | None, Record | None]]:
    while True:
        pair = next(ours, None), next(theirs, None)
        if pair == (None, None):
            return
        yield pair


def _rows(connection: Connection, table: Table) -> Iterator[Record]:
    query = select(table).order_by(*table.primary_key)
    with streamed(connection, query) as pieces:
        for row in chain.from_iterable(pieces):
            told = {name: _plain(value) for name, value in row._asdict().items()}
            yield {RECORD: table.name} | told


_TICKET_COLUMNS: tuple[Any, ...] = (
    *TicketRow.__table__.columns,  # type: ignore[attr-defined] # SQLModel's table
    col(CustomerRow.name).label("customer"),
    col(RequesterRow.name).label("requester_name"),
    col(RequesterRow.email).label("requester_email"),
    col(RequesterRow.timezone).label("requester_timezone"),
    col(BodyRow.text).label("body"),
)
_TICKETS: Select[Any] = (
    select(*_TICKET_COLUMNS)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == col(TicketRow.id))
    .order_by(col(TicketRow.id))
)


def _tickets(connection: Connection) -> Iterator[Record]:
    with streamed(connection, _TICKETS) as pieces:
        for row in chain.from_iterable(pieces):
            told = {name: _plain(value) for name, value in row._asdict().items()}
            told["tags"] = row.tags.strip("\n").split("\n\n") if row.tags else []
            told["last_customer_message_at"] = _plain(_last_message(row))
            yield {RECORD: TICKET} | told


def _last_message(row: Row[Any]) -> datetime | None:
    """Return what tells an import since when the customer has been waiting after our answer."""
    since: datetime | None = None if row.first_response_at is None else row.waiting_since
    written: datetime | None = row.last_customer_message_at
    return written if since is None else since


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def _write(connection: Connection, table: Table, records: list[Record]) -> None:
    rows = [_row(table, record) for record in records]
    if table.name == EVENT:
        _chain(connection, rows)
    connection.execute(insert(table), rows)
    bodies = [
        {"ticket_id": record["id"], "text": record["body"]}
        for record in records
        if table.name == TICKET and record.get("body") is not None
    ]
    if bodies:
        connection.execute(insert(BodyRow), bodies)


def _chain(connection: Connection, events: Sequence[dict[str, Any]]) -> None:
    """Give events their hashes where an older version wrote them, which had none."""
    before: str | None = None
    for event in events:
        if "hash" not in event:
            before = head_of(connection).hash if before is None else before
            event["hash"] = hash_after(before, [event.get(name) for name in CHAINED])
        before = event["hash"]


def _row(table: Table, record: Record) -> dict[str, Any]:
    unknown = record.keys() - FIELDS[table.name].keys() - {RECORD}
    if unknown:
        raise Refusal(f"{table.name}: {shown(min(unknown))} is no field of it")
    told = dict(record)
    if table.name == TICKET:
        tags = record["tags"]
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise Refusal(f"{table.name}: tags: {shown(tags)}; expected a list of texts")
        told["tags"] = stored_tags(tuple(tags))
        told.setdefault("internal", is_internal_by_tier(record))  # an older version wrote it
    return {
        column.name: _value(table, column, told[column.name])
        for column in table.columns
        if column.name in told
    }


def _value(table: Table, column: Column[Any], told: Any) -> Any:
    """Return what is written of a value, which must be of the column's shape."""
    if told is None or (told_as := _TOLD_AS[_shape(column)]) is None:
        return told
    if type(told) is not told_as:
        raise Refusal(f"{table.name}: {column.name}: {shown(told)}; expected {told_as.__name__}")
    if not isinstance(column.type, Instant):
        return told
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        raise Refusal(f"{table.name}: {column.name}: {shown(told)}; expected a time") from None


_TOLD_AS: Mapping[FieldShape, type[Any] | None] = {
    FieldShape.TEXT: str,
    FieldShape.NUMBER: int,
    FieldShape.DECIMAL: float,
    FieldShape.FLAG: bool,
    FieldShape.JSON: None,
}


def is_empty(connection: Connection) -> bool:
    """Return whether nothing has ever happened in a database."""
    return not any(counts_of(connection).values())

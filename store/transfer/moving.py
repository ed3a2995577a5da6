"""A whole desk moved to another database, from a file to a server or back, without a lost row.

Nobody writes to the one that is moved meanwhile; boards read on. Rows go over piece by piece, each
piece for good, so that a move that was interrupted goes on where it was: what is there already is
compared, not written again. At the end every row of both is compared, and only then the new
database opens and the old one opens no more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import DBAPIError

from policy.refusal import Refusal
from store.database import MOVED, MOVING, SCHEMA, VERSION_TABLE, Database
from store.engines.addresses import kind_of
from store.engines.kind import DatabaseKind
from store.engines.statements import streamed
from store.queue.search_documents import put_all_documents
from store.transfer.archive import is_empty
from store.transfer.copying import Progress, mend_numbering, tables

_FORGET_SEARCH: Final = "DELETE FROM ticket_search"

Key = tuple[Any, ...]
Rows = Mapping[Key, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What was moved where: places without passwords, and how many rows, all compared."""

    source: str
    target: str
    rows: int


def move(source: Database, address: str, progress: Progress | None = None) -> Move:
    """Make the database at ``address`` all that ``source`` is, and let ``source`` open no more.

    Progress is told in rows, each of which is written once and compared once.

    Raises:
        Refusal: something else is at the address, or it cannot be written; ``source`` is as it was,
            and the same call goes on from there.
    """
    kind = kind_of(address)
    engine = kind.engine()
    try:
        with source.write() as read:
            source.kind.take_long(read)
            with _in_words(kind):
                with engine.connect() as target:
                    if kind.identity(target) == source.kind.identity(read):
                        raise Refusal(f"{kind.place}: is the database itself; name another place")
                rows = _move(read, engine, kind, progress)
            _mark(read, MOVED)
    finally:
        engine.dispose()
    return Move(source=source.kind.place, target=kind.place, rows=rows)


def _move(source: Connection, engine: Engine, kind: DatabaseKind, progress: Progress | None) -> int:
    fresh = _make_ready(source, engine, kind)
    every = tables()
    rows = sum(_count(source, each) for each in every)
    steps = iter(range(1, 2 * rows + 1))

    def told(count: int) -> None:
        done = 0
        for _ in range(count):
            done = next(steps, done)
        if progress is not None and done:
            progress(done, 2 * rows)

    if not fresh:
        for table in reversed(every):
            _remove_what_is_not_there(source, engine, kind, table)
    for table in every:
        for some in _pieces(source, table):
            _bring(engine, kind, table, some)
            told(len(some))
    with _writing(engine, kind) as target:
        mend_numbering(target, kind)
        target.execute(text(_FORGET_SEARCH))
        put_all_documents(target, kind)
    for table in every:
        with engine.connect() as target, target.begin():
            kind.take_long(target)
            for some in _pieces(source, table):
                if (wrong := _first_otherwise(target, table, some)) is not None:
                    raise Refusal(f"{kind.place}: {wrong}: did not arrive as it is; move again")
                told(len(some))
            if _count(target, table) != _count(source, table):
                raise Refusal(f"{kind.place}: {table.name}: has rows too many; move again")
    with _writing(engine, kind) as target:
        _mark(target, SCHEMA)
    return rows


def _make_ready(source: Connection, engine: Engine, kind: DatabaseKind) -> bool:
    """Make tables where there are none and mark them as being moved to; return if they are empty.

    Raises:
        Refusal: something else is there.
    """
    with _writing(engine, kind, upgrading=True) as target:
        there = set(inspect(target).get_table_names())
        found = kind.schema_now(target) if there else None
        if not there:
            from store.migrations.upgrade import upgrade  # noqa: PLC0415 - heavy, and seldom needed

            upgrade(target, kind)
        elif found == SCHEMA and not is_empty(target) and not _are_equal(source, target):
            raise Refusal(f"{kind.place}: holds a desk of its own; expected a new place")
        elif found not in {SCHEMA, _marked(MOVING), _marked(MOVED)}:
            raise Refusal(f"{kind.place}: expected a new place, or one that was moved to before")
        _mark(target, MOVING)
        return not there


def _are_equal(source: Connection, target: Connection) -> bool:
    """Return whether the target has all rows, and no others, as when a move was all but done."""
    return all(
        _count(source, table) == _count(target, table)
        and all(_first_otherwise(target, table, some) is None for some in _pieces(source, table))
        for table in tables()
    )


def _pieces(source: Connection, table: Table) -> Iterator[Rows]:
    """Yield the rows of a table by their keys, piece by piece."""
    with streamed(source, select(table).order_by(*table.primary_key)) as pieces:
        for some in pieces:
            yield _by_key(table, some)


def _of_these(connection: Connection, table: Table, keys: Iterable[Key]) -> Rows:
    """Return the rows of some keys. Engines order texts differently, so that no range will do."""
    columns = tuple(table.primary_key)
    if len(columns) == 1:
        these = columns[0].in_([value for (value,) in keys])
    else:
        these = tuple_(*columns).in_(list(keys))
    return _by_key(table, connection.execute(select(table).where(these)).all())


def _first_otherwise(target: Connection, table: Table, ours: Rows) -> str | None:
    """Return which row is missing or another one in the target; None when none is."""
    theirs = _of_these(target, table, ours)
    wrong = (key for key, row in ours.items() if theirs.get(key) != row)
    return next((f"{table.name} {', '.join(map(str, key))}" for key in wrong), None)


def _bring(engine: Engine, kind: DatabaseKind, table: Table, ours: Rows) -> None:
    """Write what is missing or otherwise there, for good."""
    with _writing(engine, kind) as target:
        theirs = _of_these(target, table, ours)
        if new := [row for key, row in ours.items() if key not in theirs]:
            target.execute(insert(table), new)
        for key, row in ours.items():
            if key in theirs and theirs[key] != row:
                target.execute(update(table).where(*_is(table, row)).values(row))


def _remove_what_is_not_there(
    source: Connection, engine: Engine, kind: DatabaseKind, table: Table
) -> None:
    """Remove rows that the source has no more, as it changed after an interrupted move."""
    with engine.connect() as target, target.begin():
        kind.take_long(target)
        gone = [
            row
            for theirs in _pieces(target, table)
            for row in _without(theirs, _of_these(source, table, theirs))
        ]
    if gone:
        with _writing(engine, kind) as target:
            for row in gone:
                target.execute(delete(table).where(*_is(table, row)))


def _without(theirs: Rows, ours: Rows) -> Iterator[Mapping[str, Any]]:
    return (row for key, row in theirs.items() if key not in ours)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


@contextmanager
def _writing(
    engine: Engine, kind: DatabaseKind, *, upgrading: bool = False
) -> Iterator[Connection]:
    """Give a connection that writes to the target, which no desk has open yet."""
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            if upgrading:
                kind.lock_for_upgrading(connection)
            kind.take_long(connection)
            yield connection


@contextmanager
def _in_words(kind: DatabaseKind) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise Refusal(kind.trouble(error)) from error


def _mark(connection: Connection, mark: str) -> None:
    version = mark if mark == SCHEMA else _marked(mark)
    statement = text(f"UPDATE {VERSION_TABLE} SET version_num = :version")  # noqa: S608 - our own table's name
    connection.execute(statement, {"version": version})


def _marked(mark: str) -> str:
    return f"{mark}-{SCHEMA}"


def _key(table: Table, row: Row[Any]) -> Key:
    return tuple(row._mapping[column.name] for column in table.primary_key)


def _by_key(table: Table, rows: Sequence[Row[Any]]) -> Rows:
    return {_key(table, row): row._asdict() for row in rows}


def _is(table: Table, row: Mapping[str, Any]) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]

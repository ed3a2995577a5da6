"""Puts a backup in a database's place: looked at first, all in one go, the old one kept beside."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from policy.conversation.steps import UNSENT, StepState
from policy.refusal import Refusal
from policy.words import NoticeState
from store.database import Database
from store.engines.kind import DatabaseKind
from store.history.hash_chain import CHAINED, hash_after, head_of
from store.schema.conversation_tables import ConnectionRow, OutgoingStepRow
from store.schema.desk_settings import put_roster_version
from store.schema.promise_tables import NoticeRow
from store.schema.settings_in_force import settings_of
from store.schema.tables import EventRow, TicketRow
from store.transfer.copying import Progress, copy_database, replace_all
from store.transfer.integrity import problems

RESTORED: Final = "restored"
"""The kind of the event that says that a backup was put in the database's place."""

_SQLITE = b"SQLite format 3\0"
_MARK: Any = col(OutgoingStepRow.mark)
_UNSENT_STEPS = col(OutgoingStepRow.state).in_(sorted(UNSENT))
_ON_ITS_WAY = (NoticeState.QUEUED, NoticeState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBefore:
    """What boards knew of a database before: the numbers they compare, and what was not yet sent.

    Notices are known by their Message-IDs, steps to connections by their marks.
    """

    revision: int
    roster_version: int
    unsent: frozenset[str]
    unsent_steps: frozenset[str]


NOTHING_KNOWN: Final = KnownBefore(
    revision=0, roster_version=0, unsent=frozenset(), unsent_steps=frozenset()
)
"""What is known of a database that cannot be read."""


@contextmanager
def opened_backup(path: Path) -> Iterator[Database]:
    """Give a copy of a backup, whole and at our schema; the backup itself is left as it is.

    Raises:
        Refusal: it is no database of ours, a newer version made it, or it is damaged.
    """
    with TemporaryDirectory(prefix="numberone-restore-") as folder:
        copy = Path(folder) / "backup.db"
        _put_aside(path, copy)
        try:
            with closing(Database(str(copy))) as database:
                _refuse_damaged(database)
                yield database
        except Refusal as refusal:  # it is the backup that a person knows by name
            raise type(refusal)(refusal.reason.replace(str(copy), str(path))) from None


def replace_with(
    backup: Database, target: Connection, kind: DatabaseKind, progress: Progress | None = None
) -> KnownBefore:
    """Make the target what the backup has, and return what was known before."""
    known = _known(target)
    with backup.read() as stored:
        replace_all(stored, target, kind, progress)
    return known


def say_so(target: Connection, known: KnownBefore, *, by: str, now: datetime) -> tuple[int, int]:
    """Write into what was restored that it was, and return how many tickets and events it has.

    The numbers of the event and of the roster are beyond all that were known before, so that
    every board sees that all is new. A notice that was on its way in the backup and no longer
    was before may have gone out since: "sent, it is never sent twice", so it is in doubt. A step to
    a connection is looked for over there before it is written, as after an attempt without answer.
    """
    counts = [target.scalar(select(func.count()).select_from(row)) or 0 for row in _COUNTED]
    restored = _known(target)
    _doubt(target, known.unsent, now)
    _doubt_steps(target, known.unsent_steps, now)
    put_roster_version(target, max(restored.roster_version, known.roster_version) + 1)
    number = max(restored.revision, known.revision) + 1
    note = f"a backup with {counts[0]:,} tickets"
    said = (number, now, by, RESTORED, None, None, None, note, None, None, None)
    reckoned = hash_after(head_of(target).hash, said)
    event = dict(zip(CHAINED, said, strict=True))
    target.execute(insert(EventRow).values(**event, hash=reckoned))
    return counts[0], counts[1]


def replace_damaged(
    backup: Database, file: Path, *, by: str, now: datetime
) -> tuple[int, int, Path]:
    """Put a copy of the backup in the place of a file that is too damaged to be read.

    Returns how many tickets and events it has, and where the damaged file lies now.
    """
    kept = free_place_beside(file)
    try:
        for ending in ("", "-wal"):
            part = file.with_name(file.name + ending)
            if part.exists():
                shutil.copyfile(part, kept.with_name(kept.name + ending))
    except OSError as error:
        raise Refusal(f"{kept}: cannot be written: {error.strerror}") from None
    copy_database(backup, file)
    with closing(Database(str(file))) as database, database.write() as target:
        counts = say_so(target, NOTHING_KNOWN, by=by, now=now)
    return *counts, kept


_COUNTED = (TicketRow, EventRow)


def free_place_beside(path: Path) -> Path:
    """Return where the old database is kept: a name that nothing has yet."""
    names = (f"{path.name}.before-restore{'' if n == 1 else f'-{n}'}" for n in count(1))
    return next(place for place in map(path.with_name, names) if not place.exists())


def _put_aside(path: Path, copy: Path) -> None:
    try:
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                raise Refusal(
                    f"{path}: is no backup; expected a file that numberone db backup made"
                )
        shutil.copyfile(path, copy)
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists():  # a database's own file may have its last changes there
            shutil.copyfile(journal, copy.with_name(f"{copy.name}-wal"))
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from None
    _refuse_foreign(path, copy)


def _refuse_foreign(path: Path, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as connection:
            versions = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
            (ours,) = connection.execute(versions).fetchone()
            (first, *more) = [line for (line,) in connection.execute("PRAGMA integrity_check")]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # of what SQLite says is damaged
        raise Refusal(f"{path}: is damaged: {error}; take another backup") from None
    if first != "ok":
        raise Refusal(_damaged(str(path), [first, *more]))
    if not ours:
        raise Refusal(_no_backup(path))


def _no_backup(path: Path) -> str:
    return f"{path}: is no backup; expected a file that numberone db backup made"


def _refuse_damaged(database: Database) -> None:
    with database.read() as connection:
        found = list(problems(connection, database.kind, datetime.now(UTC)))
    if found:
        raise Refusal(_damaged(database.kind.place, found))


def _damaged(place: str, found: list[str]) -> str:
    first = found[0].splitlines()[-1]
    more = f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""
    return f"{place}: is damaged: {first}{more}; take another backup"


def _known(target: Connection) -> KnownBefore:
    unsent = select(col(NoticeRow.message_id)).where(col(NoticeRow.state).in_(_ON_ITS_WAY))
    return KnownBefore(
        revision=target.scalar(select(func.max(col(EventRow.id)))) or 0,
        roster_version=settings_of(target).roster_version,
        unsent=frozenset(target.scalars(unsent)),
        unsent_steps=frozenset(target.scalars(select(_MARK).where(_UNSENT_STEPS))),
    )


def _doubt_steps(target: Connection, unsent: frozenset[str], now: datetime) -> None:
    """Let every step that only the backup thinks unsent count as tried, and free every lease."""
    marks = list(target.scalars(select(_MARK).where(_UNSENT_STEPS)))
    for mark in marks:
        if mark not in unsent:
            doubted = update(OutgoingStepRow).where(mark == _MARK)
            target.execute(doubted.values(in_doubt_since=now, state=StepState.QUEUED))
    target.execute(update(ConnectionRow).values(lease_holder=None, lease_until=None))


def _doubt(target: Connection, unsent: frozenset[str], now: datetime) -> None:
    """Put into doubt every notice that only the backup thinks is on its way."""
    state, number = col(NoticeRow.state), col(NoticeRow.id)
    rows = select(number, col(NoticeRow.message_id)).where(state.in_(_ON_ITS_WAY))
    doubted = [row.id for row in target.execute(rows).all() if row.message_id not in unsent]
    values = {
        "state": NoticeState.IN_DOUBT,
        "claimed_by": None,
        "ended_at": now,
        "outcome": "It was on its way when the backup was made; whether it went out since"
        " is not known here.",
    }
    for each in doubted:
        target.execute(update(NoticeRow).where(number == each).values(values))

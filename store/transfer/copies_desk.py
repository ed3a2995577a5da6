"""The desk's part for the whole database: copied, checked, restored, taken out and in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from policy.roster.permissions import check
from policy.vocabulary import Vocabulary
from policy.words import Action
from store.database import SCHEMA, Database
from store.engines.addresses import kind_of
from store.history.hash_chain import head_of
from store.session import Session
from store.stopping import ReadingStop
from store.tickets.assignees import assigned_in_the_team
from store.tickets.ingest import Outcome, ingest
from store.tickets.known_tickets import are_known
from store.transfer import integrity, restoring
from store.transfer.archive import (
    EVENT,
    FIELDS,
    TICKET,
    Record,
    counts_of,
    has_these_events,
    is_empty,
    records_of,
    take_back,
)
from store.transfer.copy_models import Archive, Copied, HistoryEnd, Restored, Upgraded
from store.transfer.copying import Progress, copy_database
from store.transfer.history_check import events_in
from store.transfer.moving import Move, move
from store.unit_of_work import write_each


class TransferDesk:
    """The whole database: copied, checked, restored, and tickets taken in and out."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def upgraded(self) -> Upgraded:
        """Return from which schema to which opening brought the database."""
        database = self._session.database
        return Upgraded(
            before=database.found_schema,
            schema=SCHEMA,
            brought_back=database.brought_back,
            backup=database.backup,
        )

    def words(self) -> Vocabulary:
        """Return the words of the policy in force."""
        with self._session.read() as reader:
            return reader.words

    def problems(
        self, progress: Progress | None = None, stop: ReadingStop | None = None
    ) -> list[str]:
        """Return all that is wrong with the database, a line each; nothing when it is sound.

        Every page, event and ticket is looked at, until another thread gives it up.
        """
        with self._session.read(stop) as reader:
            found = integrity.problems(reader.connection, reader.kind, reader.now, progress, stop)
            return list(found)

    def history_end(self) -> HistoryEnd:
        """Return where the history ends."""
        with self._session.read() as reader:
            connection = reader.connection
            return HistoryEnd(events=events_in(connection), hash=head_of(connection).hash)

    def back_up(self, path: Path, progress: Progress | None = None) -> Copied:
        """Make ``path`` one SQLite file with everything as of this instant; others go on writing.

        What was there is replaced.

        Raises:
            Refusal: it cannot be written, or it is the database itself; or what was written is
                damaged, as the database is.
        """
        if _is_same_file(self._session.database, path):
            raise Refusal(f"{path}: is the database itself; expected another file")
        copy_database(self._session.database, path, progress)
        with closing(Database(str(path))) as copied, copied.read() as connection:
            counts = counts_of(connection)
            now = self._session.now()
            found = next(integrity.problems(connection, copied.kind, now), None)
        if found is not None:
            raise Refusal(f"{path}: was written, and cannot be restored: {found}; see db check")
        return Copied(
            schema=SCHEMA,
            size=path.stat().st_size,
            tickets=counts[TICKET],
            events=counts[EVENT],
        )

    def restore(self, backup: Path, progress: Progress | None = None) -> Restored:
        """Put a backup in the place of all that is here, in one go; what was here is kept beside.

        Raises:
            Refusal: this person may not, or the backup is damaged, a newer version's, or none.
            Damaged: what is here cannot be read; see ``restore_over_damaged``.
        """
        if _is_same_file(self._session.database, backup):
            raise Refusal(f"{backup}: is the database itself; expected a backup of it")
        with self._session.read() as reader:
            check(Action.RESTORE, self._session.actor, reader.roster)
        with (
            restoring.opened_backup(backup) as stored,
            self._session.write(Action.RESTORE) as (writer, _),
        ):
            writer.kind.take_long(writer.connection)
            kept = self._kept_beside(writer.connection, backup)
            target = writer.connection
            known = restoring.replace_with(stored, target, writer.kind, progress)
            tickets, events = restoring.say_so(
                target, known, by=self._session.actor, now=writer.now
            )
        return _restored(stored, tickets, events, kept)

    def move(self, address: str, progress: Progress | None = None) -> Move:
        """Move all that is here to the database at ``address``; this one opens no more then.

        Raises:
            Refusal: this person may not, or something else is there; here all is as it was, and
                the same call goes on with what was interrupted.
        """
        with self._session.read() as reader:
            check(Action.RESTORE, self._session.actor, reader.roster)
        return move(self._session.database, address, progress)

    def _kept_beside(self, connection: Connection, backup: Path) -> Path | None:
        """Keep a copy of all that is here, and return where; nobody else writes meanwhile."""
        if is_empty(connection):
            return None
        kept = restoring.free_place_beside(self._session.database.kind.file or backup)
        copy_database(self._session.database, kept)
        return kept

    @contextmanager
    def archive(self, only: Iterable[str] = tuple(FIELDS)) -> Iterator[Archive]:
        """Give everything as records one by one, all as of one instant; only inside the ``with``.

        ``only`` are the kinds of records wanted.
        """
        with (
            self._session.read() as reader,
            closing(records_of(reader.connection, only)) as records,
        ):
            reader.kind.take_long(reader.connection)
            yield Archive(
                schema=SCHEMA,
                at=reader.now,
                fact_kinds=reader.words.fact_kinds,
                counts=counts_of(reader.connection),
                records=records,
            )

    def take_back(self, records: Callable[[], Iterable[Record]], *, dry_run: bool = False) -> bool:
        """Take the records of an archive into an empty database, all of them or none.

        ``records`` is called for each reading of them. Returns False when the database has exactly
        their history already, and then nothing is changed; so it is in a dry run.

        Raises:
            Refusal: this person may not, the database has something else, or they cannot be.
        """
        with self._session.read() as reader:
            here_is_nothing = is_empty(reader.connection)
            if not here_is_nothing and has_these_events(reader.connection, records()):
                return False
            if not here_is_nothing:
                raise Refusal(_not_empty(self._session.place))
        if dry_run:
            return True
        with self._session.write(Action.IMPORT_TICKETS) as (writer, _):
            if not is_empty(writer.connection):  # somebody else was quicker
                raise Refusal(_not_empty(self._session.place))
            take_back(writer.connection, writer.kind, records())
        return True

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Take in what another help desk says of these tickets, and return what each one did.

        A dry run says what would be done, and does not do it.
        """
        if dry_run:
            with self._session.read() as reader:
                found = ingest(reader.connection, batch, reader.rulebook, reader.now)
                return found.outcomes(reader.rulebook)
        with self._session.write(Action.IMPORT_TICKETS) as (writer, reader):
            found = ingest(writer.connection, batch, writer.rulebook, writer.now)
            write_each(writer, assigned_in_the_team(found.updates, reader.roster))
            return found.outcomes(writer.rulebook)

    def known(self, batch: Sequence[IncomingTicket]) -> list[bool]:
        """Say of each of these tickets whether its source has told of it before."""
        with self._session.read() as reader:
            return are_known(reader.connection, batch)


def restore_over_damaged(address: str, backup: Path, *, actor: str, now: datetime) -> Restored:
    """Put a backup in the place of a database's file that is too damaged to be read.

    The damaged file is kept beside. Whoever still has it open has to open it again.

    Raises:
        Refusal: the backup is damaged, a newer version's, or none.
    """
    file = kind_of(address).file
    if file is None:
        raise AssertionError(address)  # only files are found damaged
    with restoring.opened_backup(backup) as stored:
        tickets, events, kept = restoring.replace_damaged(stored, file, by=actor, now=now)
    return _restored(stored, tickets, events, kept)


def _restored(stored: Database, tickets: int, events: int, kept: Path | None) -> Restored:
    return Restored(
        from_schema=stored.found_schema or SCHEMA,
        tickets=tickets,
        events=events,
        kept=kept,
        brought_back=stored.brought_back,
    )


def _is_same_file(database: Database, path: Path) -> bool:
    file = database.kind.file
    return file is not None and file.exists() and path.exists() and file.samefile(path)


def _not_empty(place: str) -> str:
    return (
        f"{place}: holds tickets or a history of its own, and an export is taken back into an empty"
        " database only; name a new file with --db"
    )

"""How the desk reaches its database: one person, one clock, and whole transactions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from threading import local

from sqlalchemy import Connection

from policy.names import same_name
from policy.roster.members import Roster
from policy.roster.permissions import check, check_acting_for, check_loop
from policy.words import Action
from store.access.in_force import keep_in_force
from store.access.logins import LOOP, Person, person
from store.database import Database
from store.desk_reader import DeskReader
from store.history.journal import Journal
from store.reader import RosterKey
from store.stopping import ReadingStop
from store.tickets.closing import due_to_close
from store.tickets.decided_on import Decision, changed_since
from store.tickets.ticket_writer import Writer

_CLOSED_BESIDE = 20
"""Of how many tickets at most each change writes down that they closed, unless told."""


class ReadSession:
    """Opens the transactions in which one person reads; any thread may."""

    def __init__(
        self,
        database: Database,
        *,
        actor: str | None,
        clock: Callable[[], datetime],
        zone: tzinfo,
        login: str | None = None,
    ) -> None:
        self._zone = zone
        self.database = database
        self._person = person(actor, login, database.login)
        self._clock = clock
        self._rosters: dict[RosterKey, Roster] = {}
        self._files = database.files
        self._here = _OfThisThread()

    @property
    def actor(self) -> str:
        """Who acts: by the login of the team's member, as far as the team was read already."""
        rosters = tuple(self._here.rosters.values()) or tuple(self._rosters.values())
        named = self._person.actor
        return rosters[0].login_of(named) if rosters else named

    @property
    def is_writing(self) -> bool:
        """Whether this thread is in a transaction that writes: it sees what may not stay."""
        return self._here.writing is not None

    def act_as(self, login: str) -> None:
        """Let another person read and write from now on."""
        self._person = Person(login, None)

    @property
    def place(self) -> str:
        """Where the database is, in words."""
        return self.database.kind.place

    def now(self) -> datetime:
        """Return the time it is, in UTC; inside one transaction it stands still."""
        return self._here.now or self._clock()

    @contextmanager
    def read(self, stop: ReadingStop | None = None) -> Iterator[DeskReader]:
        """Give what reads at one instant: that of the transaction this thread is in, or its own."""
        here = self._here
        if here.reader is not None:
            yield here.reader
        elif here.writing is not None:
            yield self._reader_on(here.writing, here.rosters)
        else:
            with self.database.read(here.connection, stop=stop) as connection:
                self._forget_another_file()
                yield self._reader_on(connection, self._rosters)

    @contextmanager
    def snapshot(self, stop: ReadingStop | None = None) -> Iterator[None]:
        """Let all that this thread reads inside the ``with`` be one transaction, at one instant.

        Another thread may ``stop`` it.
        """
        with self.read(stop) as reader:
            outside = self._here.reader, self._here.now
            self._here.reader, self._here.now = reader, reader.now
            try:
                yield
            finally:
                self._here.reader, self._here.now = outside

    def _forget_another_file(self) -> None:
        """Know nothing any more of the teams in a file that lies there no longer."""
        if self._files != self.database.files:
            self._files = self.database.files
            self._rosters = {}

    def _reader_on(self, connection: Connection, rosters: dict[RosterKey, Roster]) -> DeskReader:
        return DeskReader(
            reads=connection,
            name=self._person.actor,
            now=self.now(),
            rosters=rosters,
            machine_zone=self._zone,
            connection=connection,
            kind=self.database.kind,
        )


class Session(ReadSession):
    """Opens the transactions in which one person reads and writes; any thread may."""

    @contextmanager
    def write(
        self, *wanted: Action, undoable: bool = True, closed_beside: int = _CLOSED_BESIDE
    ) -> Iterator[tuple[Writer, DeskReader]]:
        """Give the only transaction that writes, with a reader that sees what it writes.

        ``undoable`` says whether what is written can be taken back by ``undo``, ``closed_beside``
        of how many tickets at most it writes down, too, that they closed by themselves.

        Raises:
            Refusal: this person may not do what is wanted.
            ChangedMeanwhile: others changed what it was ``decided_on``.
        """
        here = self._here
        with self._writing() as connection:
            reader = self._reader_on(connection, here.rosters)
            self._check_who_acts(wanted, reader)
            if not self._runs_by_itself(reader):
                for action in wanted:
                    check(action, reader.login, reader.roster)
            journal = Journal(
                connection=connection,
                actor=reader.login,
                now=reader.now,
                wanted=wanted[0] if wanted else Action.LOOK,
                undoable=undoable,
                action=here.action,
                entered_by=self._entered_by(reader),
            )
            writer = Writer(
                connection, self.database.kind, reader.rulebook, journal, roster=reader.roster
            )
            close_after = reader.rulebook.statuses.close_after
            writer.close_due(due_to_close(connection, reader.now, close_after, closed_beside))
            meanwhile = changed_since(reader, here.decided_on)
            yield writer, reader
            meanwhile.refuse_overwriting(journal)
            if reader.settings.in_force is not None:
                keep_in_force(self._reader_on(connection, here.rosters))
            if here.together:
                here.action = journal.action

    def _check_who_acts(self, wanted: Sequence[Action], reader: DeskReader) -> None:
        """Raise a Refusal unless whoever a server knows us by may do it in the actor's name."""
        login = self.database.login
        if login is None or not login.counts or self._person.login is None:
            return
        if LOOP not in login.groups:
            check_acting_for(login.name, reader.login, reader.roster)
            return
        for action in wanted:
            check_loop(action, login.name)

    def _runs_by_itself(self, reader: DeskReader) -> bool:
        """Return whether it is a server's loop that acts, in nobody's name."""
        login = self.database.login
        return login is not None and LOOP in login.groups and same_name(login.name, reader.login)

    def _entered_by(self, reader: DeskReader) -> str | None:
        """Return who does it in the actor's name, None where the actor does."""
        login = self._person.login
        is_oneself = login is None or same_name(reader.roster.login_of(login), reader.login)
        return None if is_oneself else login

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let all that this thread reads and writes inside the ``with`` be one transaction.

        It writes all or nothing, and begins as a writer, so what is read holds until it is done.
        """
        here = self._here
        with self._writing() as connection:
            outside = here.writing, here.now
            here.writing, here.now = connection, self.now()
            try:
                yield
            finally:
                here.writing, here.now = outside

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Let all that this thread does inside the ``with`` be a transaction that is taken back.

        What would be decided is read in it; afterwards nothing was written.
        """
        with suppress(_RehearsalEnded), self.transaction():
            yield
            raise _RehearsalEnded

    @contextmanager
    def one_connection(self) -> Iterator[None]:
        """Let the transactions of this thread inside the ``with`` share their temporary tables.

        Inside a transaction that is open already they are that one.
        """
        here = self._here
        if here.writing is not None:
            yield
            return
        with self.database.one_connection() as connection:
            here.connection = connection
            try:
                yield
            finally:
                here.connection = None

    @contextmanager
    def one_action(self) -> Iterator[None]:
        """Make all that this thread changes inside the ``with`` one action, to be undone whole."""
        here = self._here
        here.together, here.action = True, None
        try:
            yield
        finally:
            here.together, here.action = False, None

    @contextmanager
    def decided_on(self, decision: Decision) -> Iterator[None]:
        """Do what this thread does inside the ``with`` only if others changed nothing since."""
        here = self._here
        outside, here.decided_on = here.decided_on, decision
        try:
            yield
        finally:
            here.decided_on = outside

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        here = self._here
        if here.reader is not None:
            raise AssertionError("what is only read cannot be written in the same transaction")
        if here.writing is not None:
            yield here.writing
        else:
            # Its own rosters: what this transaction may write and take back, nobody else is to see.
            here.rosters = dict(self._rosters)
            try:
                with self.database.write(here.connection) as connection:
                    yield connection
            finally:
                here.rosters = {}


class _RehearsalEnded(Exception):  # noqa: N818 - the way out of a transaction, not an error
    """Ends a transaction without committing it."""


class _OfThisThread(local):
    """The transaction that a thread is in, and whether its changes are one action."""

    reader: DeskReader | None = None
    writing: Connection | None = None
    now: datetime | None = None
    connection: Connection | None = None
    """The one for all of its transactions, None where each has one of its own."""
    rosters: dict[RosterKey, Roster]
    """The teams that the transaction which writes has read."""
    together = False
    action: int | None = None
    """The number of the action that all changes belong to, once it has one."""
    decided_on = Decision()
    """What was seen of that which is changed."""

    def __init__(self) -> None:
        self.rosters = {}

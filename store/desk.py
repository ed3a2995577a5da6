"""Desk: the one door to the store, with a part for each thing that people work on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from policy.tickets import actions
from store.access.access_desk import AccessDesk
from store.alerting.alert_desk import AlertDesk, AlertReading
from store.conversations.connection_desk import ConnectionDesk, ConnectionReading
from store.conversations.conversation_desk import ConversationDesk, ConversationReading
from store.database import Database
from store.engineering.engineering_desk import EngineeringDesk, EngineeringReading
from store.engines.changes import ChangeNotices
from store.history.history_desk import HistoryDesk, HistoryReading
from store.history.rehearsal_desk import RehearsalReading
from store.history.report_desk import ReportReading
from store.history.shift_desk import ShiftReading
from store.notices.waits_desk import WaitsDesk, WaitsReading
from store.policies.policy_desk import PolicyDesk, PolicyReading
from store.queue.queue_desk import QueueReading
from store.quick.look import FirstLook
from store.session import ReadSession, Session
from store.stopping import ReadingStop
from store.team.team_desk import TeamDesk
from store.team.team_reading import TeamReading
from store.tickets.deviation_desk import DeviationDesk, DeviationReading
from store.tickets.merging_desk import MergingDesk, MergingReading
from store.tickets.ticket_desk import TicketDesk, TicketReading
from store.time.time_desk import TimeDesk, TimeReading
from store.transfer.copies_desk import TransferDesk


def whole_second() -> datetime:
    """Return the time now in UTC, without a fraction: what people read has none."""
    return datetime.now(UTC).replace(microsecond=0)


class DeskReading:
    """The support desk kept in one database, as one person reads it.

    Every method of its parts sees one instant of the database, and all that a thread reads inside
    one ``snapshot`` sees the same one. All times are aware UTC. Any thread may call.
    """

    def __init__(self, session: ReadSession) -> None:
        self._session = session
        self.tickets = TicketReading(session)
        self.queue = QueueReading(session)
        self.deviations = DeviationReading(session)
        self.merging = MergingReading(session)
        self.engineering = EngineeringReading(session)
        self.policy = PolicyReading(session)
        self.team = TeamReading(session)
        self.waits = WaitsReading(session)
        self.time = TimeReading(session)
        self.history = HistoryReading(session)
        self.reports = ReportReading(session)
        self.rehearsals = RehearsalReading(session)
        self.shift = ShiftReading(session)
        self.conversation = ConversationReading(session)
        self.connections = ConnectionReading(session)
        self.alerts = AlertReading(session)

    @property
    def actor(self) -> str:
        """The login of the person at the desk."""
        return self._session.actor

    @property
    def place(self) -> str:
        """Where the database is, in words."""
        return self._session.place

    @property
    def look_only(self) -> str | None:
        """Why the database can only be looked at, in one line; None where it can be changed."""
        return self._session.database.kind.look_only

    @property
    def files(self) -> int:
        """How often another file came into the database's place, and was opened."""
        return self._session.database.files

    def now(self) -> datetime:
        """Return the time it is for this desk, in UTC."""
        return self._session.now()

    def zone(self) -> tzinfo:
        """Return the person's zone: "the team file's for a member, else the machine's"."""
        with self._session.read() as reader:
            return reader.zone

    @contextmanager
    def first_look(self) -> Iterator[FirstLook]:
        """Give what is read first of a desk, all of it at one instant."""
        with self._session.read() as reader:
            yield FirstLook(reader, self.look_only)

    def snapshot(self, stop: ReadingStop | None = None) -> AbstractContextManager[None]:
        """Let all that this thread reads inside the ``with`` be one transaction, at one instant.

        Another thread may ``stop`` it; then it ends with a Refusal.
        """
        return self._session.snapshot(stop)

    def changes(self, on_change: Callable[[], None]) -> ChangeNotices:
        """Have ``on_change`` called in a thread after changes by anyone, until that is closed."""
        return ChangeNotices(self._session.database.kind.changes, on_change)

    def close(self) -> None:
        """Close the database."""
        self._session.database.close()


class Desk(DeskReading):
    """The support desk kept in one database, as one person works at it.

    Every changing method of its parts is one transaction that changes all it should or nothing,
    and refuses what this person may not do; inside a ``transaction`` they are one together.
    """

    _session: Session
    tickets: TicketDesk
    deviations: DeviationDesk
    merging: MergingDesk
    engineering: EngineeringDesk
    policy: PolicyDesk
    team: TeamDesk
    waits: WaitsDesk
    time: TimeDesk
    history: HistoryDesk
    conversation: ConversationDesk
    connections: ConnectionDesk
    alerts: AlertDesk

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.tickets = TicketDesk(session)
        self.deviations = DeviationDesk(session)
        self.merging = MergingDesk(session)
        self.engineering = EngineeringDesk(session)
        self.policy = PolicyDesk(session)
        self.team = TeamDesk(session)
        self.waits = WaitsDesk(session)
        self.time = TimeDesk(session)
        self.history = HistoryDesk(session)
        self.conversation = ConversationDesk(session)
        self.connections = ConnectionDesk(session)
        self.alerts = AlertDesk(session)
        self.transfer = TransferDesk(session)
        self.access = AccessDesk(session)

    @classmethod
    def open(
        cls,
        address: str,
        *,
        actor: str | None,
        clock: Callable[[], datetime] = whole_second,
        zone: tzinfo = UTC,
        login: str | None = None,
        backups: Path | None = None,
    ) -> "Desk":
        """Return the desk in the database at a path or an SQLAlchemy URL, made when it is new.

        ``zone`` is the machine's: what is said to somebody who is in no team file is said in it.
        ``login`` is that of the operating system, by which is known who really acts when another
        is the ``actor``; with None for one, it is who acts. A server has logins of its own.
        ``backups`` is the folder in which a server's database is kept before its schema changes.

        Raises:
            Refusal: it cannot be opened, or ``actor`` is no login.
        """
        if actor is not None:
            actions.check_login(actor)
        database = Database(address, backups=backups)
        return cls(Session(database, actor=actor, clock=clock, zone=zone, login=login))

    def act_as(self, login: str) -> None:
        """Let another person work at this desk from now on."""
        self._session.act_as(login)

    def transaction(self) -> AbstractContextManager[None]:
        """Let all that this thread reads and writes inside the ``with`` be one transaction."""
        return self._session.transaction()

    def rehearsal(self) -> AbstractContextManager[None]:
        """Let all that is done inside the ``with`` be one transaction, taken back at its end."""
        return self._session.rehearsal()

    def one_action(self) -> AbstractContextManager[None]:
        """Make all that this thread changes inside the ``with`` one action, to be undone whole."""
        return self._session.one_action()

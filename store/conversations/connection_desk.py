"""The desk's part for connections: which there are, how far each is read, and what goes out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from policy.conversation.connections import (
    ConnectionAge,
    ConnectionCursor,
    ConnectionEntry,
    ConnectionStatus,
    ConversationRead,
    TakenIn,
)
from policy.conversation.steps import ClaimedStep, StepState
from policy.refusal import Refusal, one_of
from policy.roster.permissions import check
from policy.words import Action
from store.conversations import connection_rows, outbox_ledger
from store.conversations.reading_in import ReadingIn
from store.conversations.step_ends import end_of_step
from store.notices.came_back import take_back_undelivered
from store.session import ReadSession, Session

_NOTHING: Final[Mapping[str, str]] = {}

READING_LEASE = timedelta(seconds=20)
"""For how long one reader has a connection to itself; whoever stops without a word loses it."""

CONNECTIONS_IMPORTED = "connections_imported"
"""The kind of the event by which a file became the connections."""

REFUSED_AT_MOST = 1_000
"""Of how many tickets that cannot be taken in a connection keeps the reason."""


class ConnectionReading:
    """Which connections there are, and how each fares."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def entries(self) -> tuple[ConnectionEntry, ...]:
        """Return the connections as their file says them, in its order."""
        with self._session.read() as reader:
            return connection_rows.entries(reader.connection)

    def statuses(self) -> tuple[ConnectionStatus, ...]:
        """Return how every connection fares, in the order of the file."""
        with self._session.read() as reader:
            return connection_rows.statuses(reader.connection)

    def ages(self) -> tuple[ConnectionAge, ...]:
        """Return how old what each connection told is, in the order of the file."""
        with self._session.read() as reader:
            return connection_rows.ages(reader.connection)

    def status(self, name: str) -> ConnectionStatus:
        """Return how one connection fares.

        Raises:
            Refusal: there is none of the name.
        """
        with self._session.read() as reader:
            connection_rows.row_of(reader.connection, name)
            found = connection_rows.statuses(reader.connection)
        return next(each for each in found if each.entry.name == name)

    def team_addresses(self) -> frozenset[str]:
        """Return the mail addresses of the team, in lower case: whoever writes from them is us."""
        with self._session.read() as reader:
            members = reader.roster.members
        return frozenset(each.email.lower() for each in members if each.email)

    def next_due(self, name: str) -> bool:
        """Return whether a step of ours is due to go out to a connection now."""
        with self._session.read() as reader:
            return outbox_ledger.is_any_due(reader.connection, name, reader.now)


class ConnectionDesk(ConnectionReading):
    """Connections for whoever may set them up, read them and write there."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def import_entries(self, entries: Sequence[ConnectionEntry]) -> None:
        """Make these the connections, in place of those before; tickets stay.

        Nothing takes that back but the file of before, as what was read since stays read.

        Raises:
            Refusal: this person may not, or one that is left out has steps waiting to go out.
        """
        with self._session.write(Action.SET_UP_CONNECTIONS, undoable=False) as (writer, _):
            before = connection_rows.statuses(writer.connection)
            staying = {entry.name for entry in entries}
            held = [each for each in before if each.waiting_out and each.entry.name not in staying]
            if held:
                names = one_of((each.entry.name for each in held), "and")
                raise Refusal(
                    f"connection {names}: steps of ours are still waiting to go out there;"
                    " run numberone sync first, or keep it in the file"
                )
            was = [connection_rows.entry_facts(each.entry) for each in before]
            becomes = [connection_rows.entry_facts(entry) for entry in entries]
            if was == becomes:
                return
            connection_rows.put_entries(writer.connection, entries)
            writer.journal.append(
                CONNECTIONS_IMPORTED,
                before={"connections": was},
                after={"connections": becomes},
            )

    def to_sync(self) -> tuple[ConnectionEntry, ...]:
        """Return the connections for somebody who is to keep them in step.

        Raises:
            Refusal: this person may not, or there is none.
        """
        with self._session.read() as reader:
            check(Action.SYNC, reader.login, reader.roster)
            found = connection_rows.entries(reader.connection)
        if not found:
            raise Refusal(connection_rows.NONE_YET)
        return found

    def lease(
        self,
        name: str,
        worker: str,
        *,
        rest: timedelta = timedelta(0),
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> bool:
        """Return whether ``worker`` alone may read a connection, for a while from now on.

        ``rest`` is how long it rests first. ``is_gone`` tells of another worker whether it is known
        to run no more: nobody waits for the end of its lease.

        Raises:
            Refusal: this person may not, or there is no such connection.
        """
        with self._session.read() as reader:
            check(Action.SYNC, reader.login, reader.roster)
            row = connection_rows.row_of(reader.connection, name)
            if not _is_free(row, worker, reader.now, is_gone):
                return False  # to look costs those who wait nothing
        with self._session.write(Action.SYNC, undoable=False) as (writer, _):
            row = connection_rows.row_of(writer.connection, name)
            is_free = _is_free(row, worker, writer.now, is_gone)
            if is_free:
                until = writer.now + rest + READING_LEASE
                connection_rows.set_values(
                    writer.connection, name, lease_holder=worker, lease_until=until
                )
            return is_free

    def is_present(self, name: str, login: str) -> None:
        """Say that somebody's own login is at work: for a while their steps are left to it."""
        with self._session.write(Action.SYNC, undoable=False) as (writer, _):
            outbox_ledger.put_present(writer.connection, name, login, writer.now)

    def release(self, name: str, worker: str) -> None:
        """Let others read a connection that ``worker`` has read."""
        with self._session.read() as reader:
            if connection_rows.row_of(reader.connection, name).lease_holder != worker:
                return
        with self._session.write(Action.SYNC, undoable=False) as (writer, _):
            row = connection_rows.row_of(writer.connection, name)
            if row.lease_holder == worker:
                connection_rows.set_values(
                    writer.connection, name, lease_holder=None, lease_until=None
                )

    def take_in(
        self,
        name: str,
        worker: str,
        conversations: Sequence[ConversationRead],
        *,
        since: ConnectionCursor,
        cursor: ConnectionCursor,
        read_until: datetime | None,
        came_back: Mapping[str, str] = _NOTHING,
    ) -> TakenIn:
        """Take in what a connection says since a cursor, and keep the cursor after it.

        Tickets, messages and cursor are one transaction: "killed at any point and started again,
        nothing is lost and nothing comes twice". ``read_until`` is when the reading began (UTC)
        where nothing was left unread: what was made here by then may go out. ``came_back`` says why
        mails of ours reached nobody, by their Message-IDs without brackets.

        Raises:
            Refusal: this person may not, or somebody else has read it meanwhile.
        """
        with self._session.write(Action.SYNC, undoable=False) as (writer, reader):
            row = connection_rows.row_of(writer.connection, name)
            if row.lease_holder != worker or row.cursor != since:
                raise Refusal(f"connection {name}: somebody else reads it now")
            taken = ReadingIn(writer, reader, name).taken_in(conversations)
            take_back_undelivered(writer, came_back)
            refused = {**(row.refused or {}), **taken.refused}
            for each in conversations:
                if each.external_id not in taken.refused:
                    refused.pop(each.external_id, None)
            kept = dict(list(refused.items())[:REFUSED_AT_MOST])
            values = {
                "cursor": cursor,
                "last_ok": writer.now,
                "refused": kept or None,
                "lease_until": writer.now + READING_LEASE,
                "error": "",
                "failing_since": None,
            }
            if read_until is not None:
                values |= {"is_caught_up": True, "read_until": read_until}
            connection_rows.set_values(writer.connection, name, **values)
            if row.error:
                writer.journal.append("connection_back", note=name)
            return taken

    def foreseen(self, name: str, conversations: Sequence[ConversationRead]) -> TakenIn:
        """Take in what a connection says without its cursor; for a rehearsal, to be taken back."""
        with self._session.write(Action.SYNC, undoable=False) as (writer, reader):
            return ReadingIn(writer, reader, name).taken_in(conversations)

    def failed(self, name: str, why: str) -> None:
        """Say that a connection gives no answer to rely on, and why."""
        with self._session.write(Action.SYNC, undoable=False) as (writer, _):
            row = connection_rows.row_of(writer.connection, name)
            since = row.failing_since or writer.now
            connection_rows.set_values(writer.connection, name, error=why, failing_since=since)
            if row.error != why:
                writer.journal.append("connection_failed", note=f"{name}: {why}")

    def claim(
        self, name: str, worker: str, lease: timedelta, *, own: str = ""
    ) -> ClaimedStep | None:
        """Give the next step that is due to go out to ``worker``, None when none is.

        In order per ticket, and none that was made after the last whole reading: "nothing of ours
        is sent while their change since is unread". Steps of those whose own login is at work are
        left to it; ``own`` is whose login this worker writes with, "" for one of nobody's.
        """
        with self._session.read() as reader:
            if not outbox_ledger.is_any_due(reader.connection, name, reader.now):
                return None
        with self._session.write(Action.SYNC, undoable=False) as (writer, reader):
            return outbox_ledger.claim(writer, reader, name, worker, lease, own=own)

    def write_again(self, claimed: ClaimedStep) -> None:
        """Say that a step that did not arrive is written once more, from now on in doubt again."""
        with self._session.write(Action.SYNC, undoable=False) as (writer, _):
            outbox_ledger.write_again(writer, claimed)

    def record(
        self,
        claimed: ClaimedStep,
        state: StepState,
        outcome: str,
        *,
        again_in: timedelta = timedelta(0),
        in_doubt: bool = False,
    ) -> bool:
        """Write down what came of a step; return whether it was still this worker's to say.

        It was sent, has failed for good, or is queued once more, to be tried ``again_in`` a while;
        ``in_doubt`` says that nobody knows whether it arrived.
        """
        with self._session.write(Action.SYNC, undoable=False) as (writer, reader):
            if state is StepState.QUEUED:
                return outbox_ledger.queue_again(writer, claimed, outcome, again_in, in_doubt)
            return end_of_step(
                writer, reader, claimed.id, state, outcome, attempts=claimed.step.attempts
            )


def _is_free(row: Any, worker: str, now: datetime, is_gone: Callable[[str], bool]) -> bool:
    """Return whether a worker may take the lease of a connection."""
    holder = row.lease_holder
    return holder is None or holder == worker or row.lease_until <= now or is_gone(holder)

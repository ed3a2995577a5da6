"""The outbox of steps: who has which, in order per ticket, and when one is tried again."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, and_, insert, select, update
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.conversation.steps import (
    MESSAGE_KINDS,
    UNSENT,
    ClaimedStep,
    OutgoingStep,
    StepKind,
    StepState,
)
from policy.intake.conversation import MessageRole
from policy.words import Status
from store.conversations.connection_rows import row_of
from store.desk_reader import DeskReader
from store.schema.conversation_tables import (
    MessageRow,
    MessageTextRow,
    OutgoingStepRow,
    PresentWriterRow,
)
from store.tickets.ticket_writer import Writer

_ID: Any = col(OutgoingStepRow.id)
_COLUMNS: Any = OutgoingStepRow.__table__.c  # type: ignore[attr-defined] # SQLModel's table
_UNSENT_STEPS = col(OutgoingStepRow.state).in_(sorted(UNSENT))
PRESENT_FOR: Final = timedelta(seconds=15)
"""For how long a login counts as at work after it was seen."""

LEFT_FOR: Final = timedelta(seconds=30)
"""For how long a step is left to its author's own login, before another one writes it."""

_LOOKED_AT: Final = 2_000
"""How many steps that wait are looked through for one that is due."""


def is_any_due(connection: Connection, name: str, now: datetime) -> bool:
    """Return whether a step for a connection is due; cheap, as it is asked all the time."""
    due = select(_ID).where(
        col(OutgoingStepRow.connection) == name,
        _UNSENT_STEPS,
        col(OutgoingStepRow.next_attempt_at) <= now,
    )
    return connection.scalar(due.limit(1)) is not None


def put_present(connection: Connection, name: str, login: str, now: datetime) -> None:
    """Keep that somebody's own login is at work at a connection."""
    this = and_(col(PresentWriterRow.connection) == name, col(PresentWriterRow.login) == login)
    if not connection.execute(update(PresentWriterRow).where(this).values(seen_at=now)).rowcount:
        row = {"connection": name, "login": login, "seen_at": now}
        connection.execute(insert(PresentWriterRow), row)


def _present(connection: Connection, name: str, now: datetime) -> frozenset[str]:
    """Return the logins that are at work at a connection."""
    found = connection.scalars(
        select(col(PresentWriterRow.login)).where(
            col(PresentWriterRow.connection) == name,
            col(PresentWriterRow.seen_at) > now - PRESENT_FOR,
        )
    )
    return frozenset(found)


def claim(
    writer: Writer, reader: DeskReader, name: str, worker: str, lease: timedelta, *, own: str
) -> ClaimedStep | None:
    """Give the first step that is due to ``worker``, until the lease is over.

    Of each ticket only the first that is not through is looked at, so that all go out in order.
    What is of somebody present is left to them for a while; ``own`` is whose login this one is.
    """
    connection, now = writer.connection, writer.now
    read_until = row_of(connection, name).read_until
    if read_until is None:
        return None
    waiting = connection.execute(
        select(*_COLUMNS)
        .where(col(OutgoingStepRow.connection) == name, _UNSENT_STEPS)
        .order_by(_ID)
        .limit(_LOOKED_AT)
    )
    others = _present(connection, name, now) - {own}
    tickets: set[str] = set()
    for row in waiting:
        is_first = row.external_id not in tickets
        tickets.add(row.external_id)
        is_theirs = row.author in others and now - row.next_attempt_at < LEFT_FOR
        if is_first and not is_theirs and row.next_attempt_at <= now and row.made_at <= read_until:
            return _claimed(writer, reader, row, worker, lease)
    return None


def queue_again(
    writer: Writer, claimed: ClaimedStep, outcome: str, again_in: timedelta, in_doubt: bool
) -> bool:
    """Queue a step once more; return whether it was still this worker's."""
    values: dict[str, Any] = {
        "state": StepState.QUEUED,
        "outcome": outcome,
        "claimed_by": None,
        "next_attempt_at": writer.now + again_in,
    }
    if not in_doubt:
        values["in_doubt_since"] = None
    return _update(writer.connection, claimed, values)


def write_again(writer: Writer, claimed: ClaimedStep) -> None:
    """Say that a step is written once more: from now on nobody knows whether it arrives."""
    _update(writer.connection, claimed, {"in_doubt_since": writer.now})


def _update(connection: Connection, claimed: ClaimedStep, values: dict[str, Any]) -> bool:
    still = and_(
        claimed.id == _ID,
        col(OutgoingStepRow.state) == StepState.SENDING,
        col(OutgoingStepRow.attempts) == claimed.step.attempts,
    )
    return connection.execute(update(OutgoingStepRow).where(still).values(values)).rowcount > 0


def _claimed(
    writer: Writer, reader: DeskReader, row: Any, worker: str, lease: timedelta
) -> ClaimedStep:
    values = {
        "state": StepState.SENDING,
        "claimed_by": worker,
        "attempts": row.attempts + 1,
        "next_attempt_at": writer.now + lease,
        "in_doubt_since": row.in_doubt_since or writer.now,
    }
    writer.connection.execute(update(OutgoingStepRow).where(row.id == _ID).values(values))
    is_message = row.kind in MESSAGE_KINDS
    author = reader.roster.by_login.get(row.author)
    holder = None if row.assignee is None else reader.roster.by_login.get(row.assignee)
    return ClaimedStep(
        id=row.id,
        ticket=row.ticket_id,
        in_doubt_since=row.in_doubt_since,
        step=OutgoingStep(
            mark=row.mark,
            kind=StepKind(row.kind),
            external_id=row.external_id,
            author=row.author,
            author_name=row.author if author is None else author.name,
            made_at=row.made_at,
            text=_text(writer.connection, row.message_id) if is_message else "",
            status=None if row.status is None else Status(row.status),
            assignee=row.assignee,
            assignee_email=None if holder is None else holder.email,
            priority=row.priority,
            answers=_answered(writer.connection, row) if is_message else None,
            attempts=row.attempts + 1,
        ),
    )


def _text(connection: Connection, message: int) -> str:
    text = connection.scalar(
        select(col(MessageTextRow.text)).where(col(MessageTextRow.message_id) == message)
    )
    return text or ""


def _answered(connection: Connection, row: Any) -> str | None:
    """Return the Message-ID of the customer's last mail before an answer."""
    return connection.scalar(
        select(col(MessageRow.message_id))
        .where(
            col(MessageRow.ticket_id) == row.ticket_id,
            col(MessageRow.role) == MessageRole.CUSTOMER,
            col(MessageRow.message_id).is_not(None),
            col(MessageRow.state) == MessageState.RECEIVED,
            col(MessageRow.at) <= row.made_at,
        )
        .order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc())
        .limit(1)
    )

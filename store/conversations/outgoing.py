"""Puts a person's steps into the outbox, in the transaction that makes them here.

"A person's step (assign, status, priority where it is mapped, an answer, an internal note) goes
into an outbox in the same transaction that makes it here." What was said by a source does not.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.conversation.steps import UNSENT, StepKind, StepState
from policy.conversation.unanswered import BeforeAnswer
from policy.ticket import Ticket
from store.conversations.origins import Origin, origin_of
from store.schema.conversation_tables import (
    CommonValueRow,
    MessageRow,
    OutgoingStepRow,
)
from store.tickets.people import free_id
from store.tickets.ticket_json import adapter
from store.tickets.ticket_writer import Writer

ANSWER_BEFORE: Final = "answer"
"""Under which name a step keeps how its ticket stood before the answer."""

_VALUE: Final = "value"
_COLUMNS: Final[Mapping[StepKind, str]] = {
    StepKind.ASSIGN: "assignee",
    StepKind.STATUS: "status",
    StepKind.PRIORITY: "priority",
    StepKind.ANSWER: "status",
}
"""The column that a step of a kind sets; a note sets none."""

_ID: Any = col(OutgoingStepRow.id)
_NEW_STEP = insert(OutgoingStepRow)
_UNSENT_OF = (
    select(*OutgoingStepRow.__table__.c)  # type: ignore[attr-defined] # SQLModel's table
    .where(
        col(OutgoingStepRow.ticket_id) == bindparam("of_ticket"),
        col(OutgoingStepRow.state).in_(sorted(UNSENT)),
    )
    .order_by(_ID)
)


def put_common_value(connection: Connection, ticket: int, field: str, value: str | None) -> None:
    """Keep what both sides say of a field since we wrote it there."""
    drop_common_value(connection, ticket, field)
    connection.execute(
        insert(CommonValueRow), {"ticket_id": ticket, "field": field, "value": value}
    )


def drop_common_value(connection: Connection, ticket: int, field: str) -> None:
    """Forget it, as the source has said the field itself since."""
    connection.execute(
        delete(CommonValueRow).where(
            col(CommonValueRow.ticket_id) == ticket, col(CommonValueRow.field) == field
        )
    )


def queue_changes(
    writer: Writer, before: Ticket, after: Ticket, unsent: frozenset[StepKind] = frozenset()
) -> None:
    """Queue what a person changed of a ticket that its help desk does not say already.

    ``unsent`` are the kinds that are not to go out. What puts a field back that has not gone out
    takes that step out of the outbox instead.
    """
    fields = [
        (kind, was, becomes)
        for kind, was, becomes in _fields(before, after)
        if was != becomes and kind not in unsent
    ]
    origin = origin_of(writer.connection, after) if fields else None
    if origin is None:
        return
    waiting = writer.connection.execute(_UNSENT_OF, {"of_ticket": after.id}).all()
    for kind, was, becomes in fields:
        last = next((row for row in reversed(waiting) if sets(row, kind)), None)
        if last is not None and is_untouched(last) and last.before[_VALUE] == plain(becomes):
            _take_out(writer, last, kind)
        elif kind is StepKind.PRIORITY and becomes not in origin.settings.get("priorities", ()):
            continue
        elif _there(last, kind, origin) != plain(becomes):
            put_step(writer, origin, after.id, kind, {_VALUE: plain(was)}, value=becomes)


def put_step(
    writer: Writer,
    origin: Origin,
    ticket: int,
    kind: StepKind,
    before: Mapping[str, Any],
    *,
    value: str | None = None,
    message: int | None = None,
    mark: str | None = None,
    hold: timedelta = timedelta(0),
) -> None:
    """Queue one step; ``value`` is what is set, and ``hold`` how long it can be taken back."""
    field = _COLUMNS.get(kind)
    row = {
        "id": free_id(writer.connection, OutgoingStepRow),
        "connection": origin.connection,
        "ticket_id": ticket,
        "external_id": origin.external_id,
        "mark": mark or new_mark(),
        "kind": kind,
        "author": writer.actor,
        "made_at": writer.now,
        "message_id": message,
        **{name: value if name == field else None for name in set(_COLUMNS.values())},
        "before": before,
        "state": StepState.QUEUED,
        "attempts": 0,
        "in_doubt_since": None,
        "next_attempt_at": writer.now + hold,
        "claimed_by": None,
        "ended_at": None,
        "outcome": "",
        "action": writer.journal.action,
    }
    writer.connection.execute(_NEW_STEP, row)


def before_of_answer(before: BeforeAnswer) -> dict[str, Any]:
    """Return what a step keeps of how its ticket stood, for the case that it never arrives."""
    known: dict[str, Any] = adapter(BeforeAnswer).dump_python(before, mode="json")
    return {_VALUE: before.status, ANSWER_BEFORE: known}


def answer_before(stored: Mapping[str, Any]) -> BeforeAnswer:
    """Return how a ticket stood before the answer of a step."""
    known: BeforeAnswer = adapter(BeforeAnswer).validate_python(stored[ANSWER_BEFORE])
    return known


def new_mark() -> str:
    """Return a mark that no other step has, by which a help desk finds what we wrote."""
    return f"n1-{token_hex(8)}"


def end_step(
    connection: Connection, number: int, state: StepState, outcome: str, now: datetime
) -> None:
    """Say that a step is through, and how it ended."""
    values = {"state": state, "outcome": outcome, "ended_at": now, "claimed_by": None}
    connection.execute(update(OutgoingStepRow).where(number == _ID).values(values))


def queue_failed_again(writer: Writer, message: int, before: Mapping[str, Any]) -> None:
    """Queue the step of a message once more that was refused for good, as if it were sent now."""
    values = {
        "state": StepState.QUEUED,
        "before": before,
        "made_at": writer.now,
        "next_attempt_at": writer.now,
        "ended_at": None,
        "outcome": "",
    }
    _of_message(writer, message, values, MessageState.SENDING)
    at = update(MessageRow).where(col(MessageRow.id) == message).values(at=writer.now, outcome="")
    writer.connection.execute(at)


def drop_failed(writer: Writer, message: int) -> None:
    """Give up a message that was refused for good, and the step that was to send it."""
    _of_message(writer, message, {"state": StepState.TAKEN_BACK}, MessageState.TAKEN_BACK)


def _of_message(
    writer: Writer, message: int, values: Mapping[str, Any], state: MessageState
) -> None:
    writer.connection.execute(
        update(OutgoingStepRow).where(col(OutgoingStepRow.message_id) == message).values(values)
    )
    writer.connection.execute(
        update(MessageRow).where(col(MessageRow.id) == message).values(state=state)
    )


def plain(value: object) -> str | None:
    """Return a value of a field as JSON keeps it."""
    return str(value) if value is not None else None


def _fields(before: Ticket, after: Ticket) -> list[tuple[StepKind, Any, Any]]:
    priority = (
        (StepKind.PRIORITY, before.priority, after.priority)
        if before.assigned_priority != after.assigned_priority
        else (StepKind.PRIORITY, None, None)
    )
    return [
        (StepKind.ASSIGN, before.assignee, after.assignee),
        priority,
        (StepKind.STATUS, before.status, after.status),
    ]


def sets(row: Any, kind: StepKind) -> bool:
    """Return whether a step sets the field that another kind of step is about."""
    return row.kind == kind or (kind is StepKind.STATUS and row.status is not None)


def is_untouched(row: Any) -> bool:
    """Return whether nobody has begun to write a step."""
    return bool(row.state == StepState.QUEUED and row.attempts == 0)


def _take_out(writer: Writer, row: Any, kind: StepKind) -> None:
    if row.kind != kind:  # an answer goes out all the same, without its status
        values = {"status": None}
        writer.connection.execute(update(OutgoingStepRow).where(row.id == _ID).values(values))
        return
    end_step(
        writer.connection, row.id, StepState.TAKEN_BACK, "Taken back before it went out.",
        writer.now,
    )  # fmt: skip


def _there(last: Any, kind: StepKind, origin: Origin) -> object:
    """Return what the help desk says of a field once all that waits has gone out."""
    name = _COLUMNS[kind]
    if last is not None:
        return getattr(last, name)
    if kind is StepKind.PRIORITY:
        return _UNKNOWN
    return origin.said.get(name, _UNKNOWN)


_UNKNOWN: Final = object()
"""What nobody has said; it is no value that a field could have."""

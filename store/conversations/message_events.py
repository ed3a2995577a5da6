"""What the history says of messages of ours, and how one is taken back, or written again."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlmodel import col

from policy.conversation.messages import ConversationMessage, MessageState
from policy.conversation.steps import StepState
from store.schema.conversation_tables import MessageRow, OutgoingStepRow

MESSAGE_WRITTEN: Final = "message_written"
"""The kind of the event by which one of us wrote an answer or a note."""

MESSAGE: Final = "message"
"""Under which name an event carries what was written."""

_ID: Any = col(MessageRow.id)
_STEP: Any = col(OutgoingStepRow.message_id)

Value = Mapping[str, Any] | None


def message_facts(message: ConversationMessage) -> dict[str, Any]:
    """Return what the history tells of a message."""
    return {
        MESSAGE: {
            "id": message.id,
            "public": message.public,
            "text": message.text,
            "state": message.state,
        }
    }


def why_gone(connection: Connection, value: Value) -> str | None:
    """Return why a message can be taken back, or written again, no more; None when it can."""
    if value is None:
        return None
    number, is_public = value[MESSAGE]["id"], value[MESSAGE]["public"]
    what = "the answer" if is_public else "the note"
    step = connection.execute(
        select(
            col(OutgoingStepRow.state),
            col(OutgoingStepRow.attempts),
            col(OutgoingStepRow.connection),
        ).where(number == _STEP)
    ).first()
    if step is None or (step.state == StepState.QUEUED and step.attempts == 0):
        return None
    if step.state == StepState.SENT:
        return f"{what} has gone out to {step.connection}, and cannot be taken back"
    if step.state == StepState.FAILED:
        return f"{what} was refused by {step.connection}; numberone messages says what to do"
    return f"{what} is on its way to {step.connection}, and may have arrived already"


def message_stands(connection: Connection, value: Value) -> bool:
    """Return whether a message is as an event left it."""
    number = None if value is None else value[MESSAGE]["id"]
    state = connection.scalar(select(col(MessageRow.state)).where(number == _ID))
    return number is None or (state is not None and state != MessageState.TAKEN_BACK)


def put_message(connection: Connection, was: Value, becomes: Value) -> None:
    """Take a message back, out of the outbox too, or write it again; its text is kept."""
    told = becomes or was or {}
    number = told[MESSAGE]["id"]
    state = MessageState.TAKEN_BACK if becomes is None else MessageState(told[MESSAGE]["state"])
    connection.execute(update(MessageRow).where(number == _ID).values(state=state))
    step = StepState.TAKEN_BACK if becomes is None else StepState.QUEUED
    was_step = StepState.QUEUED if becomes is None else StepState.TAKEN_BACK
    connection.execute(
        update(OutgoingStepRow)
        .where(number == _STEP, col(OutgoingStepRow.state) == was_step)
        .values(state=step)
    )

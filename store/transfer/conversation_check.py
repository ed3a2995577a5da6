"""Checks the conversations: that messages are whole, and are what the history tells of ours."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, not_, or_, select
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.conversation.steps import StepState
from store.conversations.message_events import MESSAGE, MESSAGE_WRITTEN
from store.history.hash_chain import StoredEvent
from store.schema.conversation_tables import MessageRow, MessageTextRow, OutgoingStepRow
from store.schema.tables import EventRow, TicketRow
from store.transfer.history_check import BY_DAMAGE, original_kind_of


def check_messages(
    connection: Connection, events: Mapping[int, Sequence[StoredEvent]]
) -> Iterator[str]:
    """Yield which messages are not as the events of their tickets tell them."""
    standing: dict[int, str | None] = {}
    for event in (each for some in events.values() for each in some):
        if event.values is not None and original_kind_of(event) == MESSAGE_WRITTEN:
            with suppress(*BY_DAMAGE):  # an event that says anything else is told of elsewhere
                after = event.told("after")
                said = (after or event.told("before"))[MESSAGE]
                standing[said["id"]] = said["text"] if after else None
    standing = {number: text for number, text in standing.items() if text is not None}
    if not standing:
        return
    rows = connection.execute(_TEXTS, {"messages": sorted(standing)})
    kept = {row.id: row.text for row in rows}  # given up is told by no event
    for number, text in standing.items():
        if kept.get(number) != text:
            yield f"message {number}: is not what the history tells"


def check_conversations(connection: Connection) -> Iterator[str]:
    """Yield which messages lack their text or ticket, or say another state than their step."""
    number = col(MessageRow.id)
    untold = (
        select(number)
        .outerjoin(MessageTextRow, col(MessageTextRow.message_id) == number)
        .where(col(MessageTextRow.message_id).is_(None))
    )
    for message in connection.scalars(untold.order_by(number)):
        yield f"message {message}: has no text"
    told = select(col(EventRow.ticket_id)).where(col(EventRow.ticket_id) == _OF_TICKET)
    there = select(col(TicketRow.id)).where(col(TicketRow.id) == _OF_TICKET)
    stray = select(number).where(~exists(there), ~exists(told))
    for message in connection.scalars(stray.order_by(number)):
        yield f"message {message}: is in a ticket that never was"
    step, message_id = col(OutgoingStepRow.id), col(OutgoingStepRow.message_id)
    mute = (
        select(step)
        .outerjoin(MessageRow, number == message_id)
        .where(message_id.is_not(None), number.is_(None))
    )
    for each in connection.scalars(mute.order_by(step)):
        yield f"outgoing step {each}: its message is not there"
    for row in connection.execute(_OUT_OF_STEP):
        yield f"message {row.id}: is {row.state}, and its step is {row.step_state}"


_OF_TICKET: Any = col(MessageRow.ticket_id)
_SENDING_STATES = {
    MessageState.SENDING: [StepState.QUEUED, StepState.SENDING],
    MessageState.SENT: [StepState.SENT],
    MessageState.FAILED: [StepState.FAILED],
    MessageState.TAKEN_BACK: [StepState.TAKEN_BACK],
}
_OUT_OF_STEP: Any = (
    select(
        col(MessageRow.id),
        col(MessageRow.state),
        col(OutgoingStepRow.state).label("step_state"),
    )
    .join(OutgoingStepRow, col(OutgoingStepRow.message_id) == col(MessageRow.id))
    .where(
        not_(
            or_(
                *(
                    and_(
                        col(MessageRow.state) == state,
                        col(OutgoingStepRow.state).in_(steps),
                    )
                    for state, steps in _SENDING_STATES.items()
                )
            )
        )
    )
    .order_by(col(MessageRow.id))
)

_TEXTS: Any = (
    select(col(MessageRow.id), col(MessageTextRow.text))
    .join(MessageTextRow, col(MessageTextRow.message_id) == col(MessageRow.id))
    .where(col(MessageRow.id).in_(bindparam("messages", expanding=True)))
)

"""Messages between rows and values: kept, read by their ticket, and found by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlmodel import col

from policy.conversation.messages import (
    SHOWN_STATES,
    Attachment,
    ConversationMessage,
    MessageState,
    opening_of,
)
from policy.ticket import Ticket
from store.conversations.conversation_end import merged_into, message_of
from store.desk_reader import DeskReader
from store.history.event_reading import latest_id
from store.quick.reads import Read
from store.schema.conversation_tables import MessageRow, MessageTextRow
from store.tickets.people import free_id

_ID: Any = col(MessageRow.id)
_TICKET: Any = col(MessageRow.ticket_id)
_STATE: Any = col(MessageRow.state)
_AT_ONCE: Final = 500
_NEW_MESSAGE = insert(MessageRow)
_NEW_TEXT = insert(MessageTextRow)
_MESSAGES: Select[Any] = (
    select(*MessageRow.__table__.c, col(MessageTextRow.text).label("text"))  # type: ignore[attr-defined] # SQLModel's table
    .join(MessageTextRow, col(MessageTextRow.message_id) == _ID)
    .where(_STATE.in_(sorted(SHOWN_STATES)))
)
_OF_TICKETS = _MESSAGES.where(
    _TICKET.in_(bindparam("tickets", expanding=True)), col(MessageRow.told_after) < bindparam("now")
).order_by(col(MessageRow.at), _ID)
_BODY = Read("body")
_NUMBERED = _MESSAGES.where(bindparam("number") == _ID)


def put_messages(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Keep new messages, each with its ``text``, and return their numbers; events tell of them.

    The events that tell of them are still to be appended, in the same transaction.
    """
    if not rows:
        return []
    told_after = latest_id(connection)
    numbered = [
        {**_DEFAULTS, **row, "id": number, "told_after": told_after}
        for number, row in enumerate(rows, free_id(connection, MessageRow))
    ]
    texts = [{"message_id": row["id"], "text": row.pop("text")} for row in numbered]
    connection.execute(_NEW_MESSAGE, numbered)
    connection.execute(_NEW_TEXT, texts)
    return [row["id"] for row in numbered]


_DEFAULTS: Final[Mapping[str, Any]] = {
    "external_id": None,
    "name": "",
    "public": True,
    "outcome": "",
    "attachments": None,
    "mark": None,
    "message_id": None,
}


def stored_attachments(attachments: Sequence[Attachment]) -> list[dict[str, Any]] | None:
    """Return attachments as they are kept, None for none."""
    return [asdict(each) for each in attachments] or None


def set_state(
    connection: Connection, number: int, state: MessageState, outcome: str | None = None
) -> None:
    """Say how far a message has come, and how sending it ended."""
    values: dict[str, Any] = {"state": state}
    if outcome is not None:
        values["outcome"] = outcome
    connection.execute(update(MessageRow).where(number == _ID).values(values))


def conversation_of(reader: DeskReader, ticket: Ticket) -> tuple[ConversationMessage, ...]:
    """Return a ticket's conversation, the first message first, with those merged into it.

    The description is the first message, unless its source tells the conversation as a whole.
    """
    connection = reader.connection
    tickets = [ticket.id, *merged_into(connection, ticket.id)]
    values = {"tickets": tickets, "now": latest_id(connection)}
    rows = connection.execute(_OF_TICKETS, values).all()
    messages = [message_of(row) for row in rows]
    if any(
        row.external_id is not None and row.ticket_id == ticket.id and row.source == ticket.source
        for row in rows
    ):
        return tuple(messages)
    body = _BODY.value(connection, {"of_ticket": ticket.id}) or ""
    opening = opening_of(ticket, body)
    first = () if opening is None else (opening,)
    return (*first, *messages)


def message_numbered(connection: Connection, number: int) -> ConversationMessage | None:
    """Return the message with this number, None where there is none or it was taken back."""
    row = connection.execute(_NUMBERED, {"number": number}).first()
    return None if row is None else message_of(row)


def state_of(connection: Connection, number: int) -> MessageState | None:
    """Return how far a message has come, None where there is none."""
    state = connection.scalar(select(_STATE).where(number == _ID))
    return None if state is None else MessageState(state)

"""Messages between rows and values: kept, read by their ticket, and found by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update
from sqlmodel import col

from policy.conversation.messages import (
    NO_CONVERSATION,
    SHOWN_STATES,
    Attachment,
    ConversationEnd,
    ConversationMessage,
    MessageState,
    opening_of,
)
from policy.intake.conversation import MessageRole
from policy.ticket import Ticket
from store.desk_reader import DeskReader
from store.history.events import latest_id
from store.schema.conversation_tables import MessageRow, MessageTextRow
from store.schema.tables import BodyRow, TicketRow
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
_CUT: Select[Any] = (
    select(
        *MessageRow.__table__.c,  # type: ignore[attr-defined] # SQLModel's table
        func.substr(col(MessageTextRow.text), 1, bindparam("characters")).label("text"),
        func.length(col(MessageTextRow.text)).label("length"),
    )
    .join(MessageTextRow, col(MessageTextRow.message_id) == _ID)
    .where(
        _TICKET.in_(bindparam("tickets", expanding=True)),
        col(MessageRow.told_after) < bindparam("now"),
    )
    .order_by(col(MessageRow.at).desc(), _ID.desc())
)
_LAST_OF_TICKETS = _CUT.where(_STATE.in_(sorted(SHOWN_STATES))).limit(bindparam("newest"))
_FAILED_OF_TICKETS = _CUT.where(_STATE == MessageState.FAILED)
_COUNT = select(
    func.count(),
    func.count(col(MessageRow.external_id)).filter(
        _TICKET == bindparam("of_ticket"), col(MessageRow.source) == bindparam("of_source")
    ),
    func.count().filter(_STATE == MessageState.FAILED),
).where(
    _STATE.in_(sorted(SHOWN_STATES)),
    _TICKET.in_(bindparam("tickets", expanding=True)),
    col(MessageRow.told_after) < bindparam("now"),
)
_NUMBERED = _MESSAGES.where(bindparam("number") == _ID)
_BODY = select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == bindparam("of_ticket"))
_MERGED_HERE = select(col(TicketRow.id)).where(
    col(TicketRow.merged_into).in_(bindparam("into", expanding=True))
)


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
    tickets = [ticket.id, *_merged_into(connection, ticket.id)]
    values = {"tickets": tickets, "now": latest_id(connection)}
    rows = connection.execute(_OF_TICKETS, values).all()
    messages = [_message(row) for row in rows]
    if any(
        row.external_id is not None and row.ticket_id == ticket.id and row.source == ticket.source
        for row in rows
    ):
        return tuple(messages)
    body = connection.scalar(_BODY, {"of_ticket": ticket.id}) or ""
    opening = opening_of(ticket, body)
    first = () if opening is None else (opening,)
    return (*first, *messages)


def end_of_conversation(
    reader: DeskReader, ticket: Ticket, newest: int, characters: int
) -> ConversationEnd:
    """Return the last ``newest`` messages of a ticket, of each text at most ``characters``.

    It costs the same however long the conversation is. Nothing is returned of a ticket in which
    nothing was written but its description. Its ``connection`` is not known here.
    """
    connection = reader.connection
    tickets = [ticket.id, *_merged_into(connection, ticket.id)]
    now = latest_id(connection)
    there, told_there, failed = connection.execute(
        _COUNT,
        {"tickets": tickets, "of_ticket": ticket.id, "of_source": ticket.source, "now": now},
    ).one()
    if not there:
        return NO_CONVERSATION
    values = {"tickets": tickets, "now": now, "characters": characters}
    rows = connection.execute(_LAST_OF_TICKETS, values | {"newest": newest}).all()
    messages = [_message(row) for row in rows]
    body = "" if told_there else connection.scalar(_BODY, {"of_ticket": ticket.id}) or ""
    opening = opening_of(ticket, body)
    if opening is not None:
        there += 1
        if len(messages) < newest:
            cut = replace(opening, text=body[:characters], more=len(body) - len(body[:characters]))
            messages.append(cut)
    lost = connection.execute(_FAILED_OF_TICKETS, values).all() if failed else ()
    return ConversationEnd(
        messages=tuple(messages),
        earlier=there - len(messages),
        failed=tuple(_message(row) for row in lost),
    )


def message_numbered(connection: Connection, number: int) -> ConversationMessage | None:
    """Return the message with this number, None where there is none or it was taken back."""
    row = connection.execute(_NUMBERED, {"number": number}).first()
    return None if row is None else _message(row)


def state_of(connection: Connection, number: int) -> MessageState | None:
    """Return how far a message has come, None where there is none."""
    state = connection.scalar(select(_STATE).where(number == _ID))
    return None if state is None else MessageState(state)


def _merged_into(connection: Connection, ticket: int) -> list[int]:
    """Return the tickets that were merged into one, and into those."""
    found: list[int] = []
    into = [ticket]
    while into:
        into = [each for each in connection.scalars(_MERGED_HERE, {"into": into}) if each]
        found += into
    return found


def rows_named(
    connection: Connection, source: str, external_ids: Sequence[str], marks: Sequence[str]
) -> list[Any]:
    """Return the messages of a source by their names there, and those that our steps sent."""
    found: dict[int, Any] = {}
    for start in range(0, max(len(external_ids), len(marks)), _AT_ONCE):
        names, ours = external_ids[start:][:_AT_ONCE], marks[start:][:_AT_ONCE]
        named = (col(MessageRow.source) == source) & col(MessageRow.external_id).in_(names)
        rows = connection.execute(
            select(*MessageRow.__table__.c).where(  # type: ignore[attr-defined] # SQLModel's table
                or_(named, col(MessageRow.mark).in_(ours))
            )
        )
        found.update((row.id, row) for row in rows)
    return list(found.values())


def _message(row: Any) -> ConversationMessage:
    return ConversationMessage(
        id=row.id,
        ticket=row.ticket_id,
        at=row.at,
        author=row.author,
        name=row.name,
        role=MessageRole(row.role),
        public=row.public,
        text=row.text,
        state=MessageState(row.state),
        attachments=tuple(Attachment(**each) for each in row.attachments or ()),
        outcome=row.outcome,
        message_id=row.message_id,
        source=row.source,
        more=max(0, getattr(row, "length", 0) - len(row.text)),
    )

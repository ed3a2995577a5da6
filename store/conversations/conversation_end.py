"""The end of a ticket's conversation, with what was merged into it, however long it is."""

from dataclasses import replace
from typing import Any

from policy.conversation.messages import (
    NO_CONVERSATION,
    Attachment,
    ConversationEnd,
    ConversationMessage,
    MessageState,
    opening_of,
)
from policy.intake.conversation import MessageRole
from policy.ticket import Ticket
from store.history.event_reading import latest_id
from store.quick.reads import Read, Reads
from store.reader import Reader

_COUNT = Read("message counts")
_LAST = Read("last messages")
_FAILED = Read("failed messages")
_BODY = Read("body")
_MERGED_HERE = Read("merged into")


def end_of_conversation(
    reader: Reader, ticket: Ticket, newest: int, characters: int
) -> ConversationEnd:
    """Return the last ``newest`` messages of a ticket, of each text at most ``characters``.

    It costs the same however long the conversation is. Nothing is returned of a ticket in which
    nothing was written but its description. Its ``connection`` is not known here.
    """
    reads = reader.reads
    tickets = [ticket.id, *merged_into(reads, ticket.id)]
    now = latest_id(reads)
    there, told_there, failed = _COUNT.first(
        reads,
        {"tickets": tickets, "of_ticket": ticket.id, "of_source": ticket.source, "now": now},
    )
    if not there:
        return NO_CONVERSATION
    values = {"tickets": tickets, "now": now, "characters": characters}
    rows = _LAST.rows(reads, values | {"newest": newest})
    messages = [message_of(row) for row in rows]
    body = "" if told_there else _BODY.value(reads, {"of_ticket": ticket.id}) or ""
    opening = opening_of(ticket, body)
    if opening is not None:
        there += 1
        if len(messages) < newest:
            cut = replace(opening, text=body[:characters], more=len(body) - len(body[:characters]))
            messages.append(cut)
    lost = _FAILED.rows(reads, values) if failed else ()
    return ConversationEnd(
        messages=tuple(messages),
        earlier=there - len(messages),
        failed=tuple(message_of(row) for row in lost),
    )


def merged_into(reads: Reads, ticket: int) -> list[int]:
    """Return the tickets that were merged into one, and into those."""
    found: list[int] = []
    into = [ticket]
    while into:
        into = [each for each in _MERGED_HERE.column(reads, {"into": into}) if each]
        found += into
    return found


def message_of(row: Any) -> ConversationMessage:
    """Return the message that a row says."""
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

"""What people have begun to write about tickets: one draft a ticket and person, theirs alone."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col

from policy.words import Status
from store.conversations.begun_drafts import draft_of
from store.conversations.message_events import MESSAGE, MESSAGE_WRITTEN
from store.read_models import Event
from store.schema.conversation_tables import DraftRow
from store.tickets.ticket_writer import Writer

_TICKET: Any = col(DraftRow.ticket_id)
_LOGIN: Any = col(DraftRow.login)


def keep_draft(
    writer: Writer, ticket: int, text: str, *, public: bool = True, status: Status | None = None
) -> None:
    """Keep what the person has begun to write, in place of before; an empty text forgets it."""
    drop_draft(writer, ticket)
    if text.strip():
        row = {"ticket_id": ticket, "login": writer.actor, "at": writer.now}
        row |= {"public": public, "status": status, "text": text}
        writer.connection.execute(insert(DraftRow), row)


def drop_draft(writer: Writer, ticket: int) -> None:
    """Forget what the person had begun to write about a ticket."""
    writer.connection.execute(delete(DraftRow).where(ticket == _TICKET, writer.actor == _LOGIN))


def keep_words(writer: Writer, taken_back: Iterable[Event]) -> None:
    """Make what was written in messages that are taken back the drafts of their tickets again.

    What had been begun since stands below it.
    """
    for ticket, message in _written(taken_back):
        begun = draft_of(writer.connection, ticket, writer.actor)
        texts = [message["text"], *([begun.text] if begun is not None else [])]
        keep_draft(writer, ticket, "\n\n".join(texts), public=message["public"])


def forget_words(writer: Writer, done_again: Iterable[Event]) -> None:
    """Forget the drafts that say no more than what is written again."""
    for ticket, message in _written(done_again):
        begun = draft_of(writer.connection, ticket, writer.actor)
        if begun is not None and begun.text == message["text"]:
            drop_draft(writer, ticket)


def _written(events: Iterable[Event]) -> Iterable[tuple[int, dict[str, Any]]]:
    for event in events:
        if MESSAGE_WRITTEN in (event.kind, event.note) and event.ticket is not None:
            told = event.after or event.before or {}
            yield event.ticket, told[MESSAGE]

"""Conversations of a connection as they are kept, for those that it tells of now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.conversation.connections import ConversationRead
from policy.conversation.messages import IncomingMessage, MessageState
from policy.intake.conversation import MessageRole
from store.engines.statements import AT_ONCE
from store.schema.conversation_tables import MessageRow, MessageTextRow
from store.tickets.ticket_mapping import by_ids

_MESSAGE: Any = MessageRow.__table__.c  # type: ignore[attr-defined] # SQLModel's table

Known = Mapping[tuple[str, str], tuple[int, Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation as it is kept: its messages by their names there, and ours without one."""

    kept: Sequence[Any]

    @property
    def names(self) -> frozenset[str]:
        """The names that its messages have there."""
        return frozenset(row.external_id for row in self.kept if row.external_id is not None)

    def ours(self, message: IncomingMessage) -> Any:
        """Return our own message that comes back, by its mark, or else by what it says."""
        unnamed = [row for row in self.kept if row.external_id is None and row.mark is not None]
        marked = (row for row in unnamed if message.mark is not None and row.mark == message.mark)
        found = next(marked, None)
        if found is not None or message.mark is not None or message.role is not MessageRole.US:
            return found
        said = _words(message.text)
        return next(
            (row for row in unnamed
             if row.public == message.public and _words(row.text) and
             said.startswith(_words(row.text)) and message.at >= row.at.replace(microsecond=0)),
            None,
        )  # fmt: skip


def _words(text: str) -> str:
    return " ".join(text.split())


def kept_conversations(
    connection: Connection, name: str, said: Sequence[ConversationRead], known: Known
) -> dict[str, KeptConversation]:
    """Return the conversations as they are kept, by the names of their tickets there."""
    of_ticket = {
        known[key][0]: each.external_id
        for each in said
        if (key := (name, each.external_id)) in known
    }
    tickets = by_ids(connection, sorted(of_ticket))
    while tickets:  # what a ticket goes on in is the same conversation there
        further = {each.continued_in: of_ticket[each.id] for each in tickets}
        new = {n: there for n, there in further.items() if n is not None and n not in of_ticket}
        of_ticket.update(new)
        tickets = by_ids(connection, sorted(new))
    rows: dict[str, list[Any]] = {each.external_id: [] for each in said}
    names = {message.external_id for each in said for message in each.messages}
    for row in _message_rows(connection, name, sorted(of_ticket)):
        there = of_ticket.get(row.ticket_id)
        if there is not None:
            rows[there].append(row)
    elsewhere = _named_elsewhere(connection, name, sorted(names), frozenset(of_ticket))
    for each in said:
        theirs = {message.external_id for message in each.messages}
        rows[each.external_id] += [row for row in elsewhere if row.external_id in theirs]
    return {there: KeptConversation(tuple(found)) for there, found in rows.items()}


def _message_rows(connection: Connection, name: str, tickets: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(tickets), AT_ONCE):
        some = tickets[start : start + AT_ONCE]
        found += connection.execute(
            select(*_MESSAGE, col(MessageTextRow.text))
            .join(MessageTextRow, col(MessageTextRow.message_id) == col(MessageRow.id))
            .where(
                col(MessageRow.ticket_id).in_(some),
                col(MessageRow.source) == name,
                col(MessageRow.state) != MessageState.TAKEN_BACK,
            )
        )
    return found


def _named_elsewhere(
    connection: Connection, name: str, names: Sequence[str], tickets: frozenset[int]
) -> list[Any]:
    """Return messages that are kept with other tickets: merged ones, and some that are gone."""
    found: list[Any] = []
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        rows = connection.execute(
            select(*_MESSAGE, col(MessageTextRow.text))
            .join(MessageTextRow, col(MessageTextRow.message_id) == col(MessageRow.id))
            .where(col(MessageRow.source) == name, col(MessageRow.external_id).in_(some))
        )
        found += [row for row in rows if row.ticket_id not in tickets]
    return found

"""What is searched of a ticket: its words, written the same as what is looked up."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.names import comparable
from store.engines.kind import DatabaseKind
from store.engines.statements import AT_ONCE, streamed
from store.progress import Told, nobody
from store.queue.words_in_text import plain, searchable
from store.schema.conversation_tables import MessageRow, MessageTextRow
from store.schema.tables import BodyRow, CustomerRow, RequesterRow, TicketRow

_COLUMNS: tuple[Any, ...] = (
    col(TicketRow.id),
    col(TicketRow.subject),
    col(CustomerRow.name).label("customer"),
    col(TicketRow.external_id),
    col(RequesterRow.name).label("requester"),
    col(RequesterRow.email).label("address"),
    col(BodyRow.text).label("body"),
)
_WORDS: Select[Any] = (
    select(*_COLUMNS)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == col(TicketRow.id))
    .order_by(col(TicketRow.id))
)
_SAID = (
    select(col(MessageRow.ticket_id), col(MessageTextRow.text))
    .join(MessageTextRow, col(MessageTextRow.message_id) == col(MessageRow.id))
    .where(
        col(MessageRow.ticket_id).in_(bindparam("tickets", expanding=True)),
        col(MessageRow.state) != MessageState.TAKEN_BACK,
    )
    .order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc())
)


def plain_name(name: str) -> str:
    """Return a customer's name as it is looked for: as it compares, and without accents."""
    return plain(comparable(name))


def document(
    *,
    subject: str,
    customer: str,
    external_id: str,
    requester: str | None,
    address: str | None,
    body: str | None,
    said: str = "",
) -> str:
    """Return the text in which a ticket is found: ``#4127`` finds the id that its source gave.

    ``said`` is its conversation, the latest message first.
    """
    people = f"{requester or ''}\n{address or ''}"
    return searchable(f"{subject}\n{customer}\n#{external_id}\n{people}\n{body or ''}\n{said}")


def said_in(connection: Connection, tickets: Sequence[int]) -> dict[int, str]:
    """Return what was said in the conversations of tickets, the latest message first, by ticket.

    Those without one are left out.
    """
    found: dict[int, list[str]] = {}
    for start in range(0, len(tickets), AT_ONCE):
        rows = connection.execute(_SAID, {"tickets": tickets[start : start + AT_ONCE]})
        for row in rows:
            found.setdefault(row.ticket_id, []).append(row.text)
    return {ticket: "\n".join(texts) for ticket, texts in found.items()}


def put_documents(connection: Connection, kind: DatabaseKind, tickets: Sequence[int]) -> None:
    """Make these tickets searchable anew, from what the tables say of them."""
    for start in range(0, len(tickets), AT_ONCE):
        these = col(TicketRow.id).in_(tickets[start : start + AT_ONCE])
        rows = connection.execute(_WORDS.where(these)).all()
        if rows:
            kind.put_search(connection, _documents(connection, rows))


def put_all_documents(connection: Connection, kind: DatabaseKind, told: Told = nobody) -> None:
    """Make every ticket searchable, from what the tables say of it."""
    with streamed(connection, _WORDS) as pieces:
        for some in pieces:
            kind.put_search(connection, _documents(connection, some))
            told(len(some))


def _documents(connection: Connection, rows: Sequence[Row[Any]]) -> list[tuple[int, str]]:
    said = said_in(connection, [row.id for row in rows])
    return [
        (
            row.id,
            document(
                subject=row.subject,
                customer=row.customer,
                external_id=row.external_id,
                requester=row.requester,
                address=row.address,
                body=row.body,
                said=said.get(row.id, ""),
            ),
        )
        for row in rows
    ]

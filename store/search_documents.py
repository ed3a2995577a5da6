"""What is searched of a ticket: its words, folded, as one document of the full-text search."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlmodel import col

from store.engines import DatabaseKind
from store.streaming import streamed
from store.tables import BodyRow, CustomerRow, RequesterRow, TicketRow
from store.words_in_text import folded

_COLUMNS: tuple[Any, ...] = (
    col(TicketRow.id),
    col(TicketRow.subject),
    col(CustomerRow.name).label("customer"),
    col(TicketRow.external_id),
    col(RequesterRow.name).label("requester"),
    col(BodyRow.text).label("body"),
)
_WORDS: Select[Any] = (
    select(*_COLUMNS)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == col(TicketRow.id))
    .order_by(col(TicketRow.id))
)


def document(
    *, subject: str, customer: str, external_id: str, requester: str | None, body: str | None
) -> str:
    """Return the folded text in which a ticket is found."""
    return folded(f"{subject}\n{customer}\n{external_id}\n{requester or ''}\n{body or ''}")


def put_all_documents(connection: Connection, kind: DatabaseKind) -> None:
    """Make every ticket searchable, from what the tables say of it."""
    with streamed(connection, _WORDS) as pieces:
        for some in pieces:
            kind.put_search(connection, _documents(some))


def _documents(rows: Sequence[Row[Any]]) -> list[tuple[int, str]]:
    return [
        (
            row.id,
            document(
                subject=row.subject,
                customer=row.customer,
                external_id=row.external_id,
                requester=row.requester,
                body=row.body,
            ),
        )
        for row in rows
    ]

"""What is searched of a ticket: its words, written the same as what is looked up."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlmodel import col

from policy.names import comparable
from store.engines import DatabaseKind
from store.engines.statements import streamed
from store.queue.words_in_text import plain, searchable
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
) -> str:
    """Return the text in which a ticket is found: ``#4127`` finds the id that its source gave."""
    people = f"{requester or ''}\n{address or ''}"
    return searchable(f"{subject}\n{customer}\n#{external_id}\n{people}\n{body or ''}")


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
                address=row.address,
                body=row.body,
            ),
        )
        for row in rows
    ]

"""What is searched of a ticket: its words, folded the same as what is looked up."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlmodel import col

from store.engines import DatabaseKind
from store.engines.statements import streamed
from store.schema.tables import BodyRow, CustomerRow, RequesterRow, TicketRow

LONGEST_DOCUMENT = 200_000
"""How many characters of a ticket are searched; a log file pasted whole is cut there."""

_TOKEN = re.compile(r"\w+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_WRITTEN_WITHOUT_SPACES = re.compile(
    "([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"  # and Han
)


def folded(text: str) -> str:
    """Return the tokens of a text, apart by single spaces, without case and accents.

    Chinese, Japanese, Thai and their neighbours are written without spaces: every sign is a
    token there, so that a word is found inside a sentence.
    """
    spaced = _WRITTEN_WITHOUT_SPACES.sub(r" \1 ", plain(text[:LONGEST_DOCUMENT]))
    return " ".join(_TOKEN.findall(spaced))


def plain(text: str) -> str:
    """Return a text without case and accents, its punctuation as it is."""
    return _BEYOND_ASCII.sub(_without_accents, text).casefold()


def _without_accents(piece: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", piece[0].casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


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

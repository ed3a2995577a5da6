"""How a person names a ticket: by our number, or by its id where it comes from."""

from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, select
from sqlmodel import col

from policy.refusal import Refusal, quoted
from policy.ticket import Ticket
from store.schema.tables import TicketRow
from store.tickets.ticket_mapping import TICKETS, to_ticket

_HAS_NUMBER = col(TicketRow.id) == bindparam("number", type_=BigInteger)
_WHOLE = TICKETS.where(_HAS_NUMBER)
_NUMBERED = select(col(TicketRow.id)).where(_HAS_NUMBER)
_NAMED = select(col(TicketRow.id)).where(
    col(TicketRow.source) == bindparam("of_source"),
    col(TicketRow.external_id) == bindparam("name_there"),
)

_LARGEST_NUMBER = 2**63 - 1


def ticket_numbered(connection: Connection, number: int) -> Ticket:
    """Return the ticket with this number, as it is kept.

    Raises:
        Refusal: there is none.
    """
    row = connection.execute(_WHOLE, {"number": number}).first()
    if row is None:
        raise Refusal(f"{quoted(str(number))}: no such ticket")
    return to_ticket(row, connection.dialect)


def number_of(connection: Connection, reference: str) -> int:
    """Return the number of the ticket that "12", "#12" or "source:external_id" means.

    Raises:
        Refusal: there is none, or the reference is of neither form.
    """
    found = connection.scalar(*_asked(reference))
    if found is None:
        raise Refusal(f"{quoted(reference)}: no such ticket")
    return int(found)


def _asked(reference: str) -> tuple[Select[Any], dict[str, Any]]:
    """Return the query for the number of the ticket that a reference names, and its values."""
    number = reference.removeprefix("#")
    if number.isascii() and number.isdecimal():
        digits = number.lstrip("0") or "0"
        short = len(digits) < len(str(_LARGEST_NUMBER))
        return _NUMBERED, {"number": int(digits) if short else _LARGEST_NUMBER}
    source, colon, name = reference.partition(":")
    if not colon:
        raise Refusal(
            f"{quoted(reference)}: no such ticket; expected a number or source:external_id"
        )
    return _NAMED, {"of_source": source, "name_there": name}

"""How a person names a ticket: by our number, or by its id where it comes from."""

from typing import Any

from policy.refusal import Refusal, quoted
from policy.ticket import Ticket
from store.quick.reads import Read, Reads
from store.tickets.ticket_mapping import to_ticket

_WHOLE = Read("ticket")
_NUMBERED = Read("ticket's number")
_NAMED = Read("number of a ticket's name")

_LARGEST_NUMBER = 2**63 - 1


def ticket_numbered(reads: Reads, number: int) -> Ticket:
    """Return the ticket with this number, as it is kept.

    Raises:
        Refusal: there is none.
    """
    row = _WHOLE.first(reads, {"number": number})
    if row is None:
        raise Refusal(f"{quoted(str(number))}: no such ticket")
    return to_ticket(row)


def number_of(reads: Reads, reference: str) -> int:
    """Return the number of the ticket that "12", "#12" or "source:external_id" means.

    Raises:
        Refusal: there is none, or the reference is of neither form.
    """
    read, values = _asked(reference)
    found = read.value(reads, values)
    if found is None:
        raise Refusal(f"{quoted(reference)}: no such ticket")
    return int(found)


def _asked(reference: str) -> tuple[Read, dict[str, Any]]:
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

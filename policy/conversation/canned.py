"""Canned answers: a text with the ticket's own fields in it, filled in or refused in one line."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from string import Template
from typing import Final

from policy.refusal import Refusal, one_of
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """A text that is kept to answer with: ``name`` is its file's, without the ending.

    ``wrong`` is why the file cannot be used, in one line.
    """

    name: str
    text: str
    wrong: str | None = None


FIELDS: Final = (
    "number",
    "subject",
    "customer",
    "name",
    "first_name",
    "email",
    "tier",
    "priority",
    "severity",
    "external_id",
    "url",
    "assignee",
    "me",
)
"""What a canned answer can say of a ticket, as ``$subject`` or ``${subject}``."""


def fields_of(ticket: Ticket, words: Vocabulary, me: str) -> dict[str, str]:
    """Return the values of the fields; what is not known of a ticket is empty.

    ``name`` is the requester's, the customer's where nobody is known; ``me`` is how whoever answers
    is called.
    """
    asker = ticket.requester
    name = (asker.name if asker is not None else "") or ticket.customer
    return {
        "number": str(ticket.id),
        "subject": ticket.subject,
        "customer": ticket.customer,
        "name": name,
        "first_name": name.split()[0] if name.split() else name,
        "email": (asker.email if asker is not None else None) or "",
        "tier": words.tier_name(ticket.tier) or "",
        "priority": ticket.priority or "",
        "severity": "" if ticket.severity is None else str(ticket.severity),
        "external_id": ticket.external_id,
        "url": ticket.url or "",
        "assignee": ticket.assignee or "",
        "me": me,
    }


def filled(canned: CannedAnswer, fields: Mapping[str, str]) -> str:
    """Return a canned answer with the fields in it; ``$$`` is a dollar sign.

    Raises:
        Refusal: its file is wrong, it names a field that there is not, or a lone dollar sign
            stands in it; the line says in which file, which, and what was expected.
    """
    if canned.wrong is not None:
        raise Refusal(f"canned answer {canned.name}: {canned.wrong}")
    template = Template(canned.text)
    if not template.is_valid():
        raise Refusal(
            f"canned answer {canned.name}: a $ that names no field; expected $$ for the sign itself"
        )
    for named in template.get_identifiers():
        if named not in fields:
            near = get_close_matches(named, fields, n=1)
            meant = f"did you mean ${near[0]}?" if near else f"expected {one_of(list(fields))}"
            raise Refusal(f"canned answer {canned.name}: ${named} is no field of a ticket; {meant}")
    return template.substitute(fields)

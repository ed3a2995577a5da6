"""By which reference a customer's answer to a notice finds its ticket.

"It carries each ticket's reference, so that a reply finds it": for a ticket of a connection in the
form that its help desk knows in subjects, for any other in ours.
"""

from collections.abc import Iterable, Mapping
from string import Template
from typing import Final

from policy.conversation.connections import ConnectionEntry
from policy.ticket import Ticket

ReferenceForms = Mapping[str, str]
"""How the help desks of connections write a ticket in subjects, by source: ``[desk #$id]``."""

REFERENCE_KEY: Final = "reference"
"""The key of a connection that says how its help desk writes a ticket in subjects."""

_OF_KIND: Final[ReferenceForms] = {"zendesk": "[#$id]"}
"""The forms that need no name of the help desk's own, by the kind of the connection."""


def reference_forms(entries: Iterable[ConnectionEntry]) -> dict[str, str]:
    """Return how the help desks of these connections write a ticket in subjects, by source."""
    forms = {
        each.name: each.settings.get(REFERENCE_KEY, _OF_KIND.get(each.kind)) for each in entries
    }
    return {name: form for name, form in forms.items() if isinstance(form, str)}


def reference_of(ticket: Ticket, forms: ReferenceForms) -> str:
    """Return a ticket's reference: ``[#623]`` for one of ours, its help desk's own for another."""
    form = forms.get(ticket.source)
    if form is None:
        return f"[#{ticket.id}]"
    return Template(form).safe_substitute(id=" ".join(ticket.external_id.split()))

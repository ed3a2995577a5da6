"""One line about the number one, for a status bar or a prompt, as ``next --format`` says it."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from string import Template
from typing import Final

from policy.refusal import Refusal, quoted
from policy.ticket import Ticket
from policy.words import OpenedBy, Status
from store.read_models import Overview
from tui.cli.render.ticket_documents import Document, ticket_document
from tui.phrasing import times
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import NOBODY_WAITS

_NO_TICKET: Final = Ticket(
    id=0,
    source="",
    external_id="",
    subject="",
    customer="",
    tier=None,
    severity=None,
    opened_by=OpenedBy.CUSTOMER,
    status=Status.NEW,
    received_at=times.NOT_YET,
    because="",
)
"""Stands for any ticket, as the names are the same while there is none."""

_OF_THE_TICKET: Final = (*ticket_document(_NO_TICKET, None, None, {}, None), "due", "why")
_FORECAST: Final = frozenset({"expected_by", "safe_by"})
_OF_THE_DESK: Final = ("level", "mode", "queue")


def checked_format(line: str) -> Template:
    """Return how a line is to be made, in the syntax of Python's ``string.Template``.

    Raises:
        Refusal: a name is not known, or a ``$`` stands for nothing.
    """
    template = Template(line)
    if not template.is_valid():
        raise Refusal(f"--format: {quoted(line)}; expected $name or ${{name}}, and $$ for a $")
    known = (*_OF_THE_TICKET, *_OF_THE_DESK)
    for name in template.get_identifiers():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f"did you mean ${near[0]}?" if near else f"expected one of {', '.join(known)}"
            raise Refusal(f"--format: ${plain_line(name)}: unknown name; {meant}")
    return template


def needs_forecast(template: Template) -> bool:
    """Return whether a line says when an answer is expected, which is not known at a glance."""
    return not _FORECAST.isdisjoint(template.get_identifiers())


def status_line(template: Template, number_one: Document | None, overview: Overview) -> str:
    """Return the line, harmless and without line breaks; ``number_one`` is as in JSON.

    While nobody waits, one that speaks of a ticket says so instead.
    """
    desk: dict[str, object] = {
        "level": overview.capacity.level,
        "mode": overview.mode.mode,
        "queue": overview.queue,
    }
    if number_one is not None and overview.number_one is not None:
        due = overview.number_one.respond_by
        words = {
            "due": "none due" if due is None else times.in_words(due, overview.now),
            "why": " ".join(overview.why),
        }
        return plain_line(template.substitute(_said(number_one | words | desk)))
    if not set(template.get_identifiers()).isdisjoint(_OF_THE_TICKET):
        return NOBODY_WAITS[0]
    return plain_line(template.substitute(_said(desk)))


def _said(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _in_line(value) for name, value in values.items()}


def _in_line(value: object) -> str:
    """Return a value as it stands in a line: nothing for null, all else as in JSON, unquoted."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""One line about the number one, for a status bar or a prompt, as ``next --format`` says it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
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

OF_THE_TICKET: Final = (*ticket_document(_NO_TICKET, None, None, {}, None), "due", "why")
"""The names of a ticket's fields, as in JSON, and of what is said of it in words."""

_FORECAST: Final = frozenset({"expected_by", "safe_by"})
_OF_THE_DESK: Final = ("level", "mode", "queue")


def checked_format(line: str) -> Template:
    """Return how a line is to be made, in the syntax of Python's ``string.Template``.

    Raises:
        Refusal: a name is not known, or a ``$`` stands for nothing.
    """
    return checked_template(line, "--format", (*OF_THE_TICKET, *_OF_THE_DESK))


def checked_template(text: str, said: str, known: Sequence[str]) -> Template:
    """Return how a text is to be filled in, with the names that are ``known``.

    Raises:
        Refusal: a name is not known, or a ``$`` stands for nothing; ``said`` is where.
    """
    template = Template(text)
    if not template.is_valid():
        raise Refusal(f"{said}: {quoted(text)}; expected $name or ${{name}}, and $$ for a $")
    for name in template.get_identifiers():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f"did you mean ${near[0]}?" if near else f"expected one of {', '.join(known)}"
            raise Refusal(f"{said}: ${plain_line(name)}: unknown name; {meant}")
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
        due, why = overview.number_one.respond_by, " ".join(overview.why)
        said = fields_said(number_one, due, why, overview.now)
        return plain_line(template.substitute(said | _said(desk)))
    if not set(template.get_identifiers()).isdisjoint(OF_THE_TICKET):
        return NOBODY_WAITS[0]
    return plain_line(template.substitute(_said(desk)))


def fields_said(ticket: Document, due: datetime | None, why: str, now: datetime) -> dict[str, str]:
    """Return a ticket's fields as they stand in a text, with when it is due and why it is there."""
    in_time = "none due" if due is None else times.in_words(due, now)
    return _said({**ticket, "due": in_time, "why": why})


def _said(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _in_line(value) for name, value in values.items()}


def _in_line(value: object) -> str:
    """Return a value as it stands in a line: nothing for null, all else as in JSON, unquoted."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

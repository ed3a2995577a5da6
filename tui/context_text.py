"""The context for engineering as one text, a heading a name, to be written in any editor."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from policy.refusal import Refusal
from policy.sentences import one_of, quoted
from policy.ticket import Ticket
from tui.text import plain_line

_HEADING: Final = re.compile(r"===\s*(\S(?:.*\S)?)\s*===\s*")
_REMARK: Final = "#"

Checklist = Sequence[tuple[str, str | None]]
"""The names of the context, each with its text or None."""


def context_text(ticket: Ticket, checklist: Checklist) -> str:
    """Return what is filled in so far, ready to be gone on with."""
    parts = [
        f"# Context for engineering: #{ticket.id} {plain_line(ticket.subject)}\n"
        "# Write below each heading. What is empty is missing, and the headings stay as they are.\n"
    ]
    parts += [f"{_heading(name)}\n{text or ''}\n" for name, text in checklist]
    return "\n".join(parts)


def read_context_text(text: str, checklist: Checklist) -> Mapping[str, str]:
    """Return the text of each name that is no longer what ``checklist`` says.

    A name whose heading was taken out stays as it was.

    Raises:
        Refusal: a heading is unknown or comes twice, or something stands above the first; the
            line of it is named.
    """
    known = dict(checklist)
    written: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            name = heading[1]
            _check_heading(number, name, known, written)
            lines = written.setdefault(name, [])
        elif lines is not None:
            lines.append(line)
        elif line.strip() and not line.startswith(_REMARK):
            raise Refusal(f"line {number}: {quoted(line)} stands above the first heading")
    answers = {name: "\n".join(lines).strip("\n") for name, lines in written.items()}
    return {name: said for name, said in answers.items() if said != (known[name] or "")}


def _check_heading(
    number: int, name: str, known: Mapping[str, object], written: Mapping[str, object]
) -> None:
    if name not in known:
        raise Refusal(
            f"line {number}: {quoted(name)}; expected one of the headings {one_of(known)}"
            " (a space before === makes it a line of the text)"
        )
    if name in written:
        raise Refusal(f"line {number}: the heading {quoted(name)} comes twice")


def _heading(name: str) -> str:
    return f"=== {name} ==="

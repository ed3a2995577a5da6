"""What there is of a ticket for engineering, in words, and as one text for any editor."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from policy.engineering.handover import asks_to_drop_everything
from policy.engineering.wording import decision, in_words
from policy.refusal import Refusal, one_of, quoted
from policy.ticket import Review, Ticket
from policy.vocabulary import Vocabulary
from store.read_models import TowardsEngineering
from tui.phrasing import times
from tui.phrasing.text import plain_block, plain_line
from tui.phrasing.ticket_facts import Span

FILLED: Final = "✓"
MISSING: Final = "○"

Line = tuple[str, list[Span]]
"""A label and its value."""


def is_begun(ticket: Ticket, towards: TowardsEngineering) -> bool:
    """Return whether anything was filled in, handed over, asked or said."""
    return bool(
        any(text for _, text in towards.checklist)
        or ticket.handed_over
        or ticket.escalation
        or ticket.review
    )


def checklist_title(towards: TowardsEngineering) -> str:
    """Return the heading of the checklist, with how much of it there is."""
    needed = len(towards.checklist)
    there = sum(text is not None for _, text in towards.checklist)
    return f"Context for engineering, {there} of {needed}"


def checklist_lines(
    checklist: tuple[tuple[str, str | None], ...], thin: Collection[str] = ()
) -> Iterator[Line]:
    """Yield each name of the context with its sign, and what was filled in; ``thin`` say little."""
    for name, text in checklist:
        label = plain_line(in_words(name))
        if text is None:
            yield f"{MISSING} {label}", [("missing", "soon")]
        else:
            little: list[Span] = [("  says little", "soon")] if name in thin else []
            yield f"{FILLED} {label}", [(plain_block(text), ""), *little]


def standing_lines(
    ticket: Ticket, words: Vocabulary, now: datetime, zone: tzinfo | None
) -> Iterator[Line]:
    """Yield how it stands with engineering; times are shown in ``zone`` as of ``now`` (UTC)."""
    rests, asked = ticket.handed_over, ticket.escalation
    if rests is not None:
        since = f"{times.at(rests.at, now, zone)}, {times.ago(rests.at, now)}"
        yield "with them", [(f"since {since}, from {plain_line(rests.by)}", "")]
    if asked is not None:
        yield "can it wait?", _answer(ticket, words)
    if ticket.review is not None:
        yield from _review_lines(ticket.review, now, zone)


def _answer(ticket: Ticket, words: Vocabulary) -> list[Span]:
    asked = ticket.escalation
    if asked is None:
        return []
    role = "late-strong" if asks_to_drop_everything(ticket, words) else ""
    because = f", because {plain_line(asked.because)}" if asked.because else ""
    said = "it cannot wait a day" if asked.cannot_wait else "it can wait a day"
    return [(said, role), (because, ""), (f" ({plain_line(asked.by)})", "dim")]


def _review_lines(review: Review, now: datetime, zone: tzinfo | None) -> Iterator[Line]:
    who = f" ({plain_line(review.by)}, {times.at(review.at, now, zone)})"
    if review.timing is None:
        yield "they ask", [(plain_line(review.note), "strong"), (who, "dim")]
        return
    yield "they decided", [(plain_line(decision(review)), "strong"), (who, "dim")]
    if review.note:
        yield "their note", [(plain_line(review.note), "")]
    yield "customer", [("told", "dim") if review.told else ("to be told", "soon")]


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

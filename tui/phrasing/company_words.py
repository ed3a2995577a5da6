"""Who else is at a ticket, in words: ``Luz is writing an answer · Gabe is looking``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from policy.refusal import one_of
from store.presence import Doing
from tui.phrasing.text import plain_line, width
from tui.phrasing.ticket_facts import Span

_NAMED_AT_MOST: Final = 3
_WORDS: Final = {
    Doing.ANSWERS: ("writing an answer", "soon"),
    Doing.NOTES: ("writing a note", "soon"),
    Doing.LOOKS: ("looking", "dim"),
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody else at a ticket: what they are called in the team, and what they do."""

    ticket: int
    name: str
    doing: Doing


def company_spans(company: Sequence[Neighbour], ticket: int, cells: int) -> list[Span]:
    """Return who else is at a ticket, whoever writes first; in fewer words where it is narrow."""
    here = [each for each in company if each.ticket == ticket]
    said = _said(here, verbs=True)
    return said if width("".join(text for text, _ in said)) <= cells else _said(here, verbs=False)


def _said(here: Sequence[Neighbour], *, verbs: bool) -> list[Span]:
    parts: list[Span] = []
    for doing, (what, role) in _WORDS.items():
        names = [each.name for each in here if each.doing is doing]
        if names:
            verb = ("is " if len(names) == 1 else "are ") if verbs else ""
            said = what if verbs else what.partition(" ")[0]
            parts.append((f"{_named(names)} {verb}{said}", role))
    spans: list[Span] = []
    for part in parts:
        spans += [(" · ", "dim"), part] if spans else [part]
    return spans


def who_answers(company: Iterable[Neighbour], ticket: int) -> str | None:
    """Return who else writes an answer in a ticket, None where nobody does."""
    names = (each.name for each in company if each.ticket == ticket and each.doing is Doing.ANSWERS)
    return next(names, None)


def _named(names: Sequence[str]) -> str:
    shown = [plain_line(name) for name in names[:_NAMED_AT_MOST]]
    more = len(names) - len(shown)
    return one_of([*shown, f"{more} more"] if more else shown, "and")

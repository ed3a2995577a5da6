"""Who else is at a ticket, in words: ``Luz is writing an answer · Gabe is looking``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from policy.refusal import one_of
from store.presence import Doing
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import Span

_NAMED_AT_MOST: Final = 3
_WRITES: Final = {Doing.ANSWERS: "is writing an answer", Doing.NOTES: "is writing a note"}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody else at a ticket: what they are called in the team, and what they do."""

    ticket: int
    name: str
    doing: Doing


def company_spans(company: Sequence[Neighbour], ticket: int) -> list[Span]:
    """Return who else is at a ticket, whoever writes first; empty where nobody is."""
    here = [each for each in company if each.ticket == ticket]
    said: list[Span] = [
        (f"{plain_line(each.name)} {_WRITES[each.doing]}", "soon")
        for each in here
        if each.doing in _WRITES
    ]
    if looking := [each.name for each in here if each.doing is Doing.LOOKS]:
        verb = "is" if len(looking) == 1 else "are"
        said.append((f"{_named(looking)} {verb} looking", "dim"))
    spans: list[Span] = []
    for each in said:
        spans += [(" · ", "dim"), each] if spans else [each]
    return spans


def who_answers(company: Iterable[Neighbour], ticket: int) -> str | None:
    """Return who else writes an answer in a ticket, None where nobody does."""
    names = (each.name for each in company if each.ticket == ticket and each.doing is Doing.ANSWERS)
    return next(names, None)


def _named(names: Sequence[str]) -> str:
    shown = [plain_line(name) for name in names[:_NAMED_AT_MOST]]
    more = len(names) - len(shown)
    return one_of([*shown, f"{more} more"] if more else shown, "and")

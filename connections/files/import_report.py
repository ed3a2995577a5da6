"""What an import says of a file: counts, and the lines that were wrong, grouped by their reason."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from connections.files.reading_limits import MOST_REJECTED
from store.tickets.ingest import Outcome

REJECTED_AT_MOST: Final = 10_000
"""How many rejected lines a report repeats; of further ones it only has the number."""

ALIKE_AT_MOST: Final = 5
"""How many lines with the same reason are named one by one; more are named together."""

_PLACES_NAMED: Final = 3
_GROUPS_AT_MOST: Final = 1_000
_VARYING = re.compile(r'"(?:[^"\\]|\\.)*"?|\d[\d,.]*')
"""What differs between reasons that are the same: values, places and numbers."""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A place in a file, counted from 1, whose ticket did not come in, and why, in one line."""

    line: int
    error: str


@dataclass(frozen=True, slots=True)
class LinesAlike:
    """Lines of which the same is to be said: ``count`` of them, ``lines`` are the first.

    ``reason`` is that of the first; where the others' differ in a value, ``is_example``.
    """

    lines: tuple[int, ...]
    count: int
    reason: str
    is_example: bool

    def places(self, word: str) -> str:
        """Return where they stand: ``line 5``, or ``lines 5, 6, 7 and 120 more``."""
        if self.count == 1:
            return f"{word} {self.lines[0]}"
        named = ", ".join(str(line) for line in self.lines)
        more = self.count - len(self.lines)
        return f"{word}s {named} and {more:,} more" if more else f"{word}s {named}"

    @property
    def sentence(self) -> str:
        """The reason, which is an example where the lines differ in what they say."""
        return f"{self.reason} (and others like it)" if self.is_example else self.reason


class Grouped:
    """Collects lines by their reason, in memory that does not grow with their number."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self.beyond = 0

    def add(self, line: int, reason: str) -> None:
        """Note that a line has this reason; of very many different reasons only the number."""
        key = _VARYING.sub("", reason)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) == _GROUPS_AT_MOST:
                self.beyond += 1
                return
            group = self._groups[key] = _Group()
        group.add(line, reason)

    def __iter__(self) -> Iterator[LinesAlike]:
        """Give what there is to say, in the order of the first line of each."""
        alike = [each for group in self._groups.values() for each in group.told()]
        return iter(sorted(alike, key=lambda each: each.lines[0]))


@dataclass(slots=True)
class _Group:
    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0
    is_mixed: bool = False

    def add(self, line: int, reason: str) -> None:
        self.count += 1
        if len(self.first) < ALIKE_AT_MOST:
            self.first.append((line, reason))
        self.is_mixed = self.is_mixed or reason != self.first[0][1]

    def told(self) -> Iterable[LinesAlike]:
        if self.count <= ALIKE_AT_MOST:
            return [LinesAlike((line,), 1, reason, False) for line, reason in self.first]
        places = tuple(line for line, _ in self.first[:_PLACES_NAMED])
        return [LinesAlike(places, self.count, self.first[0][1], self.is_mixed)]


@dataclass(slots=True)
class ImportReport:
    """What an import did, in tickets; ``place`` says what ``line`` counts, a line or a ticket.

    ``read`` is the sum of the others, but for a strict import that took in nothing: then it holds
    ``held_back`` good ones too. ``rejected`` has the first 10,000, ``rejected_in_all`` counts all,
    and ``faults`` has all of them, grouped. ``warnings`` name, grouped, what was left out of
    tickets that came in. ``notes`` are sentences on what the file as a whole does not tell.
    """

    place: str = "line"
    read: int = 0
    admitted: int = 0
    declined: int = 0
    updated: int = 0
    unchanged: int = 0
    held_back: int = 0
    rejected_in_all: int = 0
    rejected: list[RejectedLine] = field(default_factory=list)
    faults: Grouped = field(default_factory=Grouped)
    warnings: Grouped = field(default_factory=Grouped)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Give it as ``import --json`` prints it: lines with the same reason are one entry.

        Such an entry has the number of them as its ``count``; a last one counts what is left out.
        ``warnings`` are there when there are any.
        """
        counts = {name: getattr(self, name) for name in ("read", *map(str, Outcome))}
        told: dict[str, object] = {**counts, "rejected": self._entries(self.faults, "error")}
        if warnings := self._entries(self.warnings, "warning"):
            told["warnings"] = warnings
        return told

    def _entries(self, grouped: Grouped, what: str) -> list[dict[str, object]]:
        entries: list[dict[str, object]] = []
        for each in grouped:
            entry: dict[str, object] = {"line": each.lines[0], what: each.sentence}
            entries.append(entry if each.count == 1 else {**entry, "count": each.count})
        if grouped.beyond:
            more = f"and {grouped.beyond:,} more after this {self.place}"
            entries.append({"line": entries[-1]["line"], what: more})
        return entries

    def reject(self, line: int, error: str) -> bool:
        """Count a line that did not come in; give whether so many are bad that it is to end.

        A note says so then.
        """
        self.read += 1
        self.rejected_in_all += 1
        self.faults.add(line, error)
        if len(self.rejected) < REJECTED_AT_MOST:
            self.rejected.append(RejectedLine(line, error))
        if self.rejected_in_all < MOST_REJECTED:
            return False
        self.notes.append(f"not read beyond {self.place} {line:,}: {MOST_REJECTED:,} are bad")
        return True

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Count what became of tickets that came in."""
        self.read += len(outcomes)
        for outcome in outcomes:
            setattr(self, outcome, getattr(self, outcome) + 1)

"""What is printed: coloured and cut to its width on a terminal, plain and whole elsewhere."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

import click

from policy.vocabulary import Vocabulary
from tui.phrasing.text import left_aligned, plain_block, plain_line, right_aligned, shortened, width
from tui.phrasing.ticket_facts import Span

_GAP: Final = "  "
_STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "": {},
    "dim": {"dim": True},
    "strong": {"bold": True},
    "heading": {"bold": True},
    "late": {"fg": "red"},
    "late-strong": {"fg": "red", "bold": True},
    "soon": {"fg": "yellow"},
    "rank-1": {"fg": "red", "bold": True},
    "rank-2": {"fg": 208},
    "rank-3": {"fg": "blue"},
    "rank-4": {"fg": "bright_black"},
}


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints to standard output, with times in ``zone``, that of the person who reads.

    ``cells`` is the terminal's width, None without a terminal.
    """

    cells: int | None
    coloured: bool
    zone: tzinfo
    read_words: Callable[[], Vocabulary]

    @property
    def words(self) -> Vocabulary:
        """The words of the policy in force, which are read when they are first said."""
        return self.read_words()

    def line(self, *spans: Span) -> None:
        """Print spans as one line; the terminal breaks it where it is too long."""
        styled = (self._styled(text, role) for text, role in spans)
        sys.stdout.write("".join(styled).rstrip() + "\n")

    def say(self, sentence: str) -> None:
        """Print a sentence, made harmless."""
        self.line((plain_line(sentence), ""))

    def table(self, columns: Sequence["TableColumn"], rows: Sequence[Sequence[Span]]) -> None:
        """Print rows in columns; on a terminal none is wider than it."""
        widths = _widths(columns, rows, self.cells)
        for row in rows:
            self.line(*self._fitting(_row(columns, widths, row)))

    def _fitting(self, spans: Iterable[Span]) -> Iterable[Span]:
        """Yield as much of a line as there is room for, were every column at its narrowest."""
        left = self.cells
        for text, role in spans:
            if left is None:
                yield text, role
                continue
            yield shortened(text, left), role
            left = max(0, left - width(text))

    def _styled(self, text: str, role: str) -> str:
        style = _STYLES[role]
        return click.style(text, **style) if style and self.coloured and text else text


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; where there is too little room it shrinks to ``at_least`` cells."""

    right: bool = False
    at_least: int | None = None


def printer(zone: tzinfo, read_words: Callable[[], Vocabulary]) -> Printer:
    """Return what prints to standard output as it is now: a terminal or not, colours or not."""
    if not sys.stdout.isatty():
        return Printer(None, coloured=False, zone=zone, read_words=read_words)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    cells = shutil.get_terminal_size().columns
    return Printer(cells, coloured=not plain, zone=zone, read_words=read_words)


def print_file(text: str) -> None:
    """Print what a file would hold, exactly; on a terminal, which obeys signs, it is harmless."""
    sys.stdout.write(plain_block(text) if sys.stdout.isatty() else text)


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON document, in ASCII."""
    sys.stdout.write(json.dumps(document) + "\n")


def print_json_list(head: Mapping[str, object], name: str, items: Iterable[object]) -> None:
    """Print one JSON document whose last value is a list of any length, as it comes."""
    separator = ", " if head else ""
    sys.stdout.write(f"{json.dumps(head)[:-1]}{separator}{json.dumps(name)}: [")
    separator = ""
    for item in items:
        sys.stdout.write(f"{separator}{json.dumps(item)}")
        separator = ",\n"
    sys.stdout.write("]}\n")


def _row(
    columns: Sequence[TableColumn], widths: Sequence[int], row: Sequence[Span]
) -> Iterable[Span]:
    for column, cells, (text, role) in zip(columns, widths, row, strict=True):
        if cells:
            align = right_aligned if column.right else left_aligned
            yield align(text, cells), role
            yield _GAP, ""


def _widths(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[Span]], cells: int | None
) -> list[int]:
    """Return how wide each column is; a column of empty cells has no width and no gap."""
    widths = [
        max((width(row[place][0]) for row in rows), default=0) for place in range(len(columns))
    ]
    if cells is None:
        return widths
    too_many = sum(widths) + len(_GAP) * (sum(map(bool, widths)) - 1) - cells
    for _ in range(too_many):
        room = [
            0 if column.at_least is None else max(0, taken - column.at_least)
            for column, taken in zip(columns, widths, strict=True)
        ]
        if not any(room):
            break
        widths[room.index(max(room))] -= 1
    return widths

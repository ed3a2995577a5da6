"""Remembers each cell that a terminal shows, and lets through only what looks otherwise.

Textual writes whole widgets and whole screens: of a form that opens, or a list that moves on, most
cells look as they did. Whatever is written that is not understood makes it forget all.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from rich.cells import split_graphemes

from tui.board.terminal.terse_styles import behind_spaces
from tui.board.widgets.column_driver import is_uncertain

Cell = tuple[str, str]
"""What stands in a cell, and its style; of a sign as wide as two the second cell is empty."""

_PIECES: Final = re.compile(
    r"\x1b\[(?P<style>[0-9;]*)m"
    r"|\x1b\[(?P<place>[0-9;]*)H"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<aside>\a|\x1b\[\?(?!1049)[0-9]+[hl]|\x1b\](?!8;)[^\a\x1b]*(?:\a|\x1b\\))"
    r"|(?P<line>[\r\n]+)"
    r"|(?P<other>\x1b|.)",
    re.DOTALL,
)
"""What is aside changes no cell: a bell, a mode but another screen, a title, the clipboard."""

_RESET: Final = frozenset(("", "0"))
_GAP: Final = 8
"""So many cells that look the same are written rather than passed over: a move is as long."""


class ShownCells:
    """Follows what a terminal shows, over all that is written to it."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}
        self._size = (0, 0)
        self._style = ""
        self._is_lost = True
        self._at: tuple[int, int] | None = None
        self._here: tuple[int, int] | None = None
        self._run: list[Cell] = []

    def forget(self) -> None:
        """Take nothing for known from the next writing on; may be called from any thread."""
        self._is_lost = True

    def changed(self, output: str, size: tuple[int, int]) -> str:
        """Return what makes a terminal of so many columns and lines look as after ``output``."""
        if self._is_lost or size != self._size:
            self._is_lost, self._size = False, size
            self._lose()
        written: list[str] = []
        for piece in _PIECES.finditer(output):
            kind, text = piece.lastgroup, piece.group()
            if kind == "text" and self._here is not None:
                self._run += _cells(text, self._style)
            elif kind == "style":
                self._wear(piece["style"])
            else:
                written += self._written()
                if kind == "place":
                    self._here = _place(piece["place"])
                elif kind == "line":
                    self._here = self._at = None
                    written.append(text)
                else:
                    if kind != "aside":  # it may have changed anything
                        self._lose()
                    written.append(f"\x1b[{self._style}m{text}\x1b[0m" if kind == "text" else text)
        written += self._written()
        if self._here is not None and self._here != self._at:
            written.append(_move(*self._here))
            self._at = self._here
        return "".join(written)

    def _lose(self) -> None:
        self._lines = {}
        self._at = self._here = None

    def _wear(self, style: str) -> None:
        if style in _RESET:
            self._style = ""
        else:
            self._style = f"{self._style};{style}" if self._style else style

    def _written(self) -> Iterator[str]:
        """Yield what writes of the cells gathered those that look otherwise."""
        cells, here = self._run, self._here
        if not cells or here is None:
            return
        self._run = []
        (y, x), end = here, here[1] + len(cells)
        line = self._lines.setdefault(y, [])
        line += [None] * (end - len(line))
        before = line[x:end]
        self._here = (y, end)
        if before == cells:
            return
        _spoil_halves(line, x, end)
        line[x:end] = cells
        for first, last in _otherwise(before, cells):
            if self._at != (y, x + first):
                yield _move(y, x + first)
            for style, same in groupby(cells[first:last], key=itemgetter(1)):
                yield f"\x1b[{style}m{''.join(text for text, _ in same)}\x1b[0m"
            self._at = (y, x + last) if last < len(cells) else None
        columns, lines = self._size
        if end > columns or y >= lines:  # where that went, only the terminal knows
            del self._lines[y]


def _move(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def _place(numbers: str) -> tuple[int, int]:
    line, _, column = numbers.partition(";")
    return int(line or 1) - 1, int(column or 1) - 1


def _spoil_halves(line: list[Cell | None], start: int, end: int) -> None:
    """Take for unknown what is left of a wide sign that is written over by half."""
    if start and _is_half(line[start]):
        line[start - 1] = None
    if end < len(line) and _is_half(line[end]):
        line[end] = None


def _is_half(cell: Cell | None) -> bool:
    return cell is not None and not cell[0]


def _otherwise(before: Sequence[Cell | None], cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Yield from where to where cells are to be written: whole signs, and with short gaps."""
    differ = [place for place, cell in enumerate(cells) if before[place] != cell]
    if is_uncertain(_text(before)) or is_uncertain(_text(cells)):
        differ = [differ[0], len(cells) - 1]  # a terminal may have drawn it over what follows
        gap = len(cells)
    else:
        gap = _GAP
    first = last = differ[0]
    for place in differ[1:]:
        if place - last > gap:
            yield _whole(cells, first, last + 1)
            first = place
        last = place
    yield _whole(cells, first, last + 1)


def _text(cells: Sequence[Cell | None]) -> str:
    """Return what stands in cells, those apart that are not known."""
    return "".join(cell[0] if cell is not None else "\0" for cell in cells)


def _whole(cells: Sequence[Cell], first: int, last: int) -> tuple[int, int]:
    while first and not cells[first][0]:
        first -= 1
    while last < len(cells) and not cells[last][0]:
        last += 1
    return first, last


def _cells(text: str, style: str) -> list[Cell]:
    """Return the cells of a text; of a space only what is seen behind it counts."""
    space = behind_spaces(style)
    if text.isascii():
        return [(sign, space if sign == " " else style) for sign in text]
    cells: list[Cell] = []
    for start, end, size in split_graphemes(text)[0]:
        sign = text[start:end]
        if size:
            cells += [(sign, space if sign == " " else style), *[("", style)] * (size - 1)]
        elif cells:
            place = max(place for place, (before, _) in enumerate(cells) if before)
            cells[place] = (cells[place][0] + sign, style)
    return cells

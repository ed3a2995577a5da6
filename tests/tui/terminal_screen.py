"""What a terminal shows after all that was written to it: as much of one as the board uses."""

import re
from typing import Final

from rich.cells import get_character_cell_size

_TOKEN: Final = re.compile(
    r"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b(?P<escape>[78=>])|\x1b\][^\a\x1b]*(?:\a|\x1b\\)|\x1bP.*?\x1b\\|(?P<text>[^\x1b]+)",
    re.DOTALL,
)
_BEGUN: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P][^\a\x1b]*)?\Z")
_MOVES: Final = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1)}


class TerminalScreen:
    """Lines of cells, and a cursor that writing moves."""

    def __init__(self, columns: int, lines: int) -> None:
        self._rest = ""
        self.resize(columns, lines)

    def resize(self, columns: int, lines: int) -> None:
        """Become another size, and empty: whoever draws on it draws anew."""
        self._columns, self._lines = columns, lines
        self._row = self._column = 0
        self._saved = (0, 0)
        self._cells: dict[tuple[int, int], str] = {}

    def feed(self, written: str) -> None:
        """Show what is written."""
        text = self._rest + written
        begun = _BEGUN.search(text)
        self._rest = text[begun.start() :] if begun else ""
        for token in _TOKEN.finditer(text[: begun.start()] if begun else text):
            if token["text"]:
                self._write(token["text"])
            elif token["escape"] == "7":
                self._saved = (self._row, self._column)
            elif token["escape"] == "8":
                self._row, self._column = self._saved
            elif token["final"]:
                self._control(token["numbers"], token["final"])

    @property
    def text(self) -> str:
        """What stands on the screen, in lines without the spaces at their ends."""
        rows = ("".join(self._cells.get((row, column), " ") for column in range(self._columns))
                for row in range(self._lines))  # fmt: skip
        return "\n".join(row.rstrip() for row in rows)

    def _write(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._column = 0
            elif character == "\n":
                self._row += 1
            elif character >= " ":
                size = get_character_cell_size(character)
                if not size:  # a mark on the sign before it, which takes no cell
                    continue
                self._cells[self._row, self._column] = character
                if size > 1:
                    self._cells[self._row, self._column + 1] = ""
                self._column += size

    def _control(self, numbers: str, final: str) -> None:
        wanted = [int(number or 0) for number in re.findall(r"(\d*)(?:;|$)", numbers)]
        first = wanted[0] if wanted else 0
        if final in _MOVES:
            down, right = _MOVES[final]
            self._row += down * max(1, first)
            self._column += right * max(1, first)
        elif final in "Hf":
            column = wanted[1] if len(wanted) > 1 else 1
            self._row, self._column = max(1, first) - 1, max(1, column) - 1
        elif final == "G":
            self._column = max(1, first) - 1
        elif final == "J" or (final == "h" and numbers == "?1049"):
            self._cells.clear()
        elif final == "K":
            for column in range(self._column, self._columns):
                self._cells.pop((self._row, column), None)

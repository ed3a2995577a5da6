"""What is left out of what a terminal shows already changes nothing on its screen."""

from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import incoming
from tests.tui.board.terminal.test_terse_styles import apply, seen
from tests.tui.boards import minutes_ago
from tests.tui.pseudo_terminal import PseudoTerminal, board_in_a_terminal
from tests.tui.terminal_screen import TerminalScreen
from tui.board.terminal.shown_cells import ShownCells
from tui.board.terminal.terse_styles import TerseStyles
from tui.board.widgets.column_driver import steadied

SIZE: Final = (16, 4)
STYLES = st.sampled_from(["", "1", "38;5;200", "48;5;1", "1;38;5;200;48;5;1", "4", "7;31"])
TEXTS = st.sampled_from(["a", "ab", " ", "   ", "日", "日本", "é", "e\u0301x", "क्", "x  y", "👍"])
PIECES = st.builds(
    lambda y, x, spans: (
        f"\x1b[{y};{x}H" + "".join(f"\x1b[{style}m{text}\x1b[0m" for style, text in spans)
    ),
    st.integers(1, SIZE[1]),
    st.integers(1, 5),
    st.lists(st.tuples(STYLES, TEXTS), min_size=1, max_size=2),
)
FRAMES = st.lists(PIECES, max_size=4).map(lambda pieces: "".join([*pieces, "\x1b[1;1H"]))
BETWEEN = st.sampled_from(["", "", "", "\a", "\x1b]0;title\a", "\x1b[2J", "\x1b[?1049h"])


class StyledScreen(TerminalScreen):
    """A terminal that knows what is seen in each cell, its style, too."""

    def resize(self, columns: int, lines: int) -> None:
        super().resize(columns, lines)
        self._worn: dict[str, str] = {}
        self.looks: dict[tuple[int, int], tuple[str, frozenset[str]]] = {}

    def _control(self, numbers: str, final: str) -> None:
        super()._control(numbers, final)
        if final == "m":
            apply(self._worn, numbers.split(";"))
        if not self._cells:
            self.looks.clear()

    def _write(self, text: str) -> None:
        for character in text:
            row, column = self._row, self._column
            super()._write(character)
            for place in range(column, self._column):
                self.looks[row, place] = (self._cells[row, place], seen(character, self._worn))


@settings(max_examples=60)
@given(st.lists(st.tuples(BETWEEN, FRAMES), max_size=6), st.data())
def test_every_cell_looks_as_it_was_meant(
    frames: list[tuple[str, str]], data: st.DataObject
) -> None:
    meant, sent = StyledScreen(*SIZE), StyledScreen(*SIZE)
    cells, styles = ShownCells(), TerseStyles()
    for between, frame in frames:
        if data.draw(st.booleans()) and data.draw(st.booleans()):  # it comes back from an editor
            cells.forget()
            styles.forget()
        meant.feed(steadied(between + frame))
        for output in (between, frame):
            sent.feed(styles.terse(steadied(cells.changed(output, SIZE))))
    assert sent.looks == meant.looks


def test_what_is_shown_already_is_not_written_again() -> None:
    cells = ShownCells()
    frame = "\x1b[2;3H\x1b[1mab  cd\x1b[0m\x1b[1;1H"
    assert cells.changed(frame, SIZE) != ""
    assert cells.changed(frame, SIZE) == ""
    assert cells.changed("\x1b[2;4H\x1b[1mB\x1b[0m\x1b[1;1H", SIZE) == (
        "\x1b[2;4H\x1b[1mB\x1b[0m\x1b[1;1H"
    )
    assert "ab" in cells.changed(frame.replace("B", "b"), (40, 9)), "another size, another screen"


def test_what_has_no_room_in_the_terminal_is_not_taken_for_shown() -> None:
    cells = ShownCells()
    frame = f"\x1b[1;1H{'x' * (SIZE[0] + 4)}\x1b[1;1H"  # of before the window became so narrow
    assert cells.changed(frame, SIZE)
    assert "x" in cells.changed(frame, SIZE)


def test_a_board_shows_after_many_keys_what_it_draws_anew(tmp_path: Path) -> None:
    tickets = [
        incoming(number, subject=f"日本 {number}, é e\u0301 क्या 👍", body="It began.\n" * number,
                 received_at=minutes_ago(100 - number))
        for number in range(1, 40)
    ]  # fmt: skip
    with board_in_a_terminal(tmp_path, tickets=tickets) as terminal:
        for keys in (b"jjj", b"p", b"\x1b", b"\t\t", b"\x1b[6~", b"1", b"\x1b[F", b"?", b"\x1b"):
            terminal.press(keys)
            terminal.read_for(0.4)
        was = _settled(terminal)
        terminal.resize(100, 30)
        terminal.read_for(0.4)
        terminal.resize(120, 36)
        terminal.until("NUMBER ONE")
        assert _settled(terminal) == was


def _settled(terminal: PseudoTerminal) -> str:
    """Return what is on the screen once nothing more comes."""
    before = ""
    while before != terminal.screen.text:
        before = terminal.screen.text
        terminal.read_for(1.0)
    return before

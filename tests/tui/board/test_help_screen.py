"""The help says what every sign on the screen means, and cuts nothing off at any width."""

import ast
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pytest

import tui
from tests.examples import WORDS
from tui.board.help_screen import BARS, SIGNS, help_lines
from tui.environment.keymap import DEFAULT_KEYS
from tui.phrasing.text import width

ROOT = Path(tui.__file__).parent
BESIDE_TICKETS = ("phrasing/ticket_facts.py", "phrasing/holder_words.py")


def signs() -> dict[str, str]:
    """Return every sign that is declared for tickets, by its name."""
    found = {}
    for name in BESIDE_TICKETS:
        for node in ast.parse((ROOT / name).read_text("utf-8")).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
                said = ast.unparse(node.target)
                if said.endswith("_SIGN"):
                    found[said] = str(node.value.value)
    return found


def drawn(file: Path) -> Iterator[str]:
    """Yield every sign in the texts of a module, but in its docstrings."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from (each for each in node.value if ord(each) > 127 and category(each)[0] == "S")


SHAPES = "━─└┤╌┏┓┗┛┌┐┘←→↑↓⇧⌥⏎×≤▂▃▅▆▇"
"""Frames, keys, words in one sign, and the heights between those that the legend names."""

ABOUT_TEXT = ("text.py", "column_driver.py", "plain_ascii.py")
"""What names signs because of what stands in tickets, and draws none."""


def test_the_legend_has_every_sign_that_anything_on_the_board_is_drawn_with() -> None:
    legend = "".join(sign for sign, _ in (*SIGNS, *BARS))
    files = (*ROOT.glob("board/**/*.py"), *ROOT.glob("phrasing/*.py"))
    lacking = {
        f"{sign} in {file.name}"
        for file in files
        if file.name not in ABOUT_TEXT
        for sign in drawn(file)
        if sign not in legend + SHAPES
    }
    assert lacking == set()
    assert {"‖", "▲", "⌂", "◇", "✓", "▌", "◷", "▼", "░", "!"} <= set(legend)


@pytest.mark.parametrize("cells", [40, 78, 118, 200])
def test_each_sign_is_explained_at_every_width(cells: int) -> None:
    lines = [line.plain for line in help_lines(DEFAULT_KEYS, WORDS, cells)]
    assert len(signs()) >= 3
    for sign in signs().values():
        assert any(line.startswith(f"{sign} ") for line in lines), sign
    assert max(map(width, lines)) <= cells

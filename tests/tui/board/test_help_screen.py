"""The help says what every sign of the list means, and cuts nothing off at any width."""

import ast
from pathlib import Path

import pytest

import tui
from tests.examples import WORDS
from tui.board.help_screen import help_lines
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


@pytest.mark.parametrize("cells", [40, 78, 118, 200])
def test_each_sign_is_explained_at_every_width(cells: int) -> None:
    lines = [line.plain for line in help_lines(DEFAULT_KEYS, WORDS, cells)]
    assert len(signs()) >= 3
    for sign in signs().values():
        assert any(line.startswith(f"{sign} ") for line in lines), sign
    assert max(map(width, lines)) <= cells

"""Columns stay straight in every script: the cursor is put right after each uncertain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.board.widgets.column_driver import steadied
from tui.phrasing.text import plain_line, width


def cursor_after(output: str, drawn_width: int) -> int:
    """Return the column after ``output`` on a terminal that draws every text ``drawn_width`` wide.

    It knows what is sent here: saving and restoring the cursor, and moving it forward.
    """
    column = saved = 0
    for save, restore, forward, plain in re.findall(
        r"(\x1b7)|(\x1b8)|\x1b\[(\d+)C|([^\x1b]+)", output
    ):
        if save:
            saved = column
        elif restore:
            column = saved
        elif forward:
            column += int(forward)
        else:
            column += len(plain) if plain.isascii() else drawn_width
    return column


@pytest.mark.parametrize("text", ["नीलकंठ", "ผู้ใช้", "👩💻🏳🌈", "e\u0301", "ស្វាគមន៍"])
@pytest.mark.parametrize("drawn_width", [0, 1, 40])
def test_what_follows_stands_where_it_should_however_a_terminal_draws_the_text(
    text: str, drawn_width: int
) -> None:
    assert cursor_after(steadied(f"ab{text}"), drawn_width) == 2 + width(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x02FF)))
def test_plain_text_and_control_sequences_are_sent_as_they_are(text: str) -> None:
    assert steadied(f"\x1b[1m{text}\x1b[0m") == f"\x1b[1m{text}\x1b[0m"


@given(st.text())
def test_no_text_is_lost(text: str) -> None:
    shown = plain_line(text)
    sent = re.sub(r"\x1b7 +\x1b8|\x1b[78]|\x1b\[\d+C", "", steadied(shown))
    assert sent == shown

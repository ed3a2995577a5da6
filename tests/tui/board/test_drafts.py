"""What was half written in a form that was left is there again when the same is asked anew."""

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.tui.boards import Driver, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6))


def written(board: Driver) -> list[str]:
    form = board.app.screen
    fields = [each.value for each in form.query(Input)]
    return fields + [each.text for each in form.query(TextArea)]


@pytest.mark.parametrize(
    ("key", "tabs"), [("n", 1), ("d", 1), ("p", 1), ("S", 1), ("M", 1), ("C", 0)]
)
async def test_esc_keeps_the_words(path: Path, key: str, tabs: int) -> None:
    async with opened_board(path) as board:
        await board.press(key)
        first = written(board)
        assert "begun is back" not in board.said(".form-title")
        await board.press(*["tab"] * tabs, "h", "i", "shift+tab", "y", "o")
        begun = written(board)
        assert begun != first
        await board.press("escape", key)
        assert written(board) == begun
        assert "what you had begun is back" in board.said(".form-title")
        await board.press("escape", "j", key)
        if key not in "nM":
            assert written(board) == first, "another ticket is another question"


async def test_what_was_sent_is_no_draft_any_more(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("C")
        await board.paste("Seen it")
        await board.press("escape", "C", "enter")
        assert "Seen it" in board.ticket
        await board.press("C")
        assert written(board) == [""]


async def test_what_was_emptied_again_is_none_either(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("C", "x", "escape", "C", "backspace", "escape", "C")
        assert written(board) == [""]
        assert "begun is back" not in board.said(".form-title")


async def test_a_form_that_begins_otherwise_is_not_written_over(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("n")
        await board.paste("Acme")
        await board.press("escape", "o", "end", "escape", "n")
        assert written(board)[0] == "Acme"


@pytest.mark.parametrize("key", ["a", "m", "P"])
async def test_what_only_names_something_begins_anew(path: Path, key: str) -> None:
    async with opened_board(path) as board:
        await board.press(key)
        first = written(board)
        await board.press("7", "escape", key)
        assert written(board) == first


async def test_several_lines_in_a_field_of_one_are_one_line(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("n")
        await board.paste("one\r\n\n  two\nthree\n")
        assert written(board)[0] == "one two three"

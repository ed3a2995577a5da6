"""Every form alike: what comes in one packet is written where it would be, typed one by one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

from tests.tui.boards import Driver, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form

FORMS = {
    "new": ("n",),
    "deviate": ("d",),
    "priority": ("p",),
    "assign": ("a",),
    "out": ("o",),
    "merge": ("m",),
    "split": ("S",),
    "mode": ("M",),
    "past": ("P",),
    "context": ("e",),
    "comment": ("C",),
}
TYPED = ("2", "tab", "x", "shift+tab", "y", "tab", "tab", "3", "z", "shift+tab", "k", "tab", "9")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6))


def written(board: Driver) -> list[object]:
    """Return what all fields of the form say, and which of them has the keys."""
    form = board.app.screen
    fields: list[object] = [type(form).__name__]
    for each in form.query("*"):
        if isinstance(each, Input):
            fields.append(each.value)
        elif isinstance(each, TextArea):
            fields.append(each.text)
        elif isinstance(each, Choice):
            fields.append(each.value)
    fields.append(None if form.focused is None else form.focused.id)
    return fields


def at_once(board: Driver, keys: Sequence[str]) -> None:
    for key in keys:
        board.app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("name", FORMS)
async def test_a_packet_is_typed_as_its_keys_are(path: Path, name: str) -> None:
    async with opened_board(path) as board:
        await board.press(*FORMS[name])
        assert isinstance(board.app.screen, Form), name
        await board.press(*TYPED)
        one_by_one = written(board)
    async with opened_board(path) as board:
        await board.press(*FORMS[name])
        at_once(board, TYPED)
        await board.settle()
        assert written(board) == one_by_one


async def test_a_key_that_nobody_answers_holds_up_no_other(path: Path) -> None:
    """A screen that closes takes what was on its way in it along; what follows goes on."""
    async with opened_board(path) as board:
        await board.press("n")
        at_once(board, ["escape", "escape", "f12", "j", "j"])
        first = board.cursor
        await board.settle()
        await board.press("home", "j")
        assert board.cursor != first
        await board.press("question_mark")
        assert type(board.app.screen).__name__ == "HelpScreen"

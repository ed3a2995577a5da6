"""Text from outside becomes content in one way: nothing of it is read as markup, or obeyed."""

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.tui.boards import opened_board
from tests.tui.fuzz.desk import hostile_desk
from tests.tui.fuzz.runs import Report, look, watched
from tests.tui.fuzz.sent import HOSTILE

_TUI = Path(__file__).parents[3] / "tui"
_OPENING = "asdemSyonwvERIHPNf?"
"""Keys that open a form or a screen."""

_SHOWN_AS_MARKUP = frozenset({"Static", "Label", "Button"})


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(_TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                yield f"{file.relative_to(_TUI)}, line {node.lineno}", node


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_safe(call: ast.Call) -> bool:
    """Return whether a widget gets its text as content, as a word of ours, or without markup."""
    if any(word.arg == "markup" for word in call.keywords) or not call.args:
        return True
    first = call.args[0]
    return isinstance(first, ast.Constant) or (
        isinstance(first, ast.Call) and _name(first) in ("content", "Content")
    )


def test_nothing_is_given_to_a_widget_that_would_read_it_as_markup() -> None:
    wrong = [where for where, call in _calls() if _name(call) in _SHOWN_AS_MARKUP]
    assert wrong, "the search finds them"
    assert [
        where
        for where, call in _calls()
        if (_name(call) in _SHOWN_AS_MARKUP and not _is_safe(call))
        or _name(call) in ("from_markup", "render_str")
        or any(
            word.arg == "markup"
            and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in call.keywords
        )
    ] == []


async def test_every_screen_and_form_shows_it_harmless(tmp_path: Path) -> None:
    path = hostile_desk(tmp_path / "desk.db", Random(1))  # noqa: S311 - no secret
    report = Report()
    with watched(report, 1):
        async with opened_board(path) as board:
            for text in HOSTILE:
                board.app.notify(text, title=text, markup=True)
            for key in _OPENING:
                await board.press(key)
                look(board.app, report, 1)
                await board.pilot.press("ctrl+p")
                await board.settle()
                look(board.app, report, 1)
                await board.pilot.press("escape", "escape", "escape")
    assert report.findings == {}

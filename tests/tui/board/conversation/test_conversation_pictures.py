"""How a conversation and an answer look: pictures kept beside this file."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from policy.refusal import Refusal
from tests.tui.board.test_board_pictures import pressing, quiet
from tests.tui.boards import board_app
from tests.tui.conversations import Connected
from tui.board.conversation.answer_screen import AnswerScreen
from tui.board.widgets.theme import LIGHT

Compare = Callable[..., bool]

SIZES = [(80, 24), (120, 36), (160, 45)]
NAMES = ["80x24", "120x36", "160x45"]


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_a_ticket_with_its_thread(
    snap_compare: Compare, both: Connected, size: tuple[int, int]
) -> None:
    keys = ("2",) if size[0] < 90 else ()
    assert snap_compare(board_app(both.path), terminal_size=size, run_before=pressing(*keys))


def writing(*keys: str, text: str) -> Callable[[Pilot[Refusal]], Awaitable[None]]:
    """Return what writes an answer, and presses keys before it."""

    async def prepare(pilot: Pilot[Refusal]) -> None:
        await pressing(*keys)(pilot)
        assert isinstance(pilot.app.screen, AnswerScreen)
        pilot.app.screen.write(text)
        await quiet(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_an_answer_to_the_customer(
    snap_compare: Compare, both: Connected, size: tuple[int, int]
) -> None:
    write = writing("r", text="Dear Ada,\n\nthe pool is exhausted since the renewal on Friday.")
    assert snap_compare(board_app(both.path), terminal_size=size, run_before=write)


@pytest.mark.parametrize("theme", [None, LIGHT], ids=["dark", "light"])
def test_an_internal_note(snap_compare: Compare, both: Connected, theme: str | None) -> None:
    write = writing("r", "f3", text="The same as last week: ask for the pool's size.")
    app = board_app(both.path, theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=write)


def test_an_answer_on_its_way(snap_compare: Compare, both: Connected) -> None:
    async def send(pilot: Pilot[Refusal]) -> None:
        await writing("r", text="Dear Ada, we have found it.")(pilot)
        await pressing("f2", "r")(pilot)

    assert snap_compare(board_app(both.path), terminal_size=(80, 24), run_before=send)


def test_a_whole_conversation(snap_compare: Compare, both: Connected) -> None:
    app = board_app(both.path)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("V", "F"))

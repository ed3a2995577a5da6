"""One toast for one thing, gone when it is true no longer; and a keyboard of another alphabet."""

from contextlib import closing
from pathlib import Path

import pytest
from textual import events
from textual.widgets._toast import Toast

from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting
from tui.board.number_one.banner import Banner
from tui.board.widgets.footer import Footer
from tui.phrasing.text import other_alphabet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6))


def other(path: Path) -> Desk:
    return Desk.open(address_of(path), actor="m2", clock=lambda: NOW)


def first(board: Driver) -> int:
    overview = board.board.overview
    assert overview is not None
    assert overview.number_one is not None
    return overview.number_one.id


async def test_a_refusal_that_comes_again_is_counted_and_gone_with_the_next_step(
    path: Path,
) -> None:
    with closing(other(path)) as desk:
        number = desk.queue.overview().number_one
        assert number is not None
        desk.tickets.take(number.id)
    async with opened_board(path) as board:
        await board.press("t", "t", "t")
        (said,) = board.toasts
        assert said.startswith(f"Not done ×3 #{number.id} is m2's already")
        await board.press("i")
        (said,) = board.toasts
        assert "The timer runs on" in said


async def test_news_is_withdrawn_when_it_is_true_no_longer_and_when_the_person_acts(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        was = first(board)
        with closing(other(path)) as desk:
            desk.tickets.reply(was, Status.PENDING)
        await board.until(lambda: any("Another number one" in each for each in board.toasts))
        second = first(board)
        with closing(other(path)) as desk:
            desk.tickets.reply(second, Status.PENDING)
        await board.until(lambda: first(board) != second)
        await board.settle()
        (said,) = board.toasts
        assert f"Another number one #{first(board)}" in said
        await board.press("i")
        (said,) = board.toasts
        assert "The timer runs on" in said


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_a_toast_covers_neither_the_block_nor_the_footer_nor_the_ticket(
    path: Path, size: tuple[int, int]
) -> None:
    async with opened_board(path, size=size) as board:
        await board.press("z")
        toast = board.app.screen.query_one(Toast).region
        block = board.board.query_one(Banner).region
        assert toast.y >= block.bottom
        assert toast.bottom < board.board.query_one(Footer).region.y
        if size[0] >= 120:
            assert toast.right <= board.board.panes.text.region.x


async def test_a_key_of_another_alphabet_is_called_so_once(path: Path) -> None:
    async with opened_board(path) as board:
        for letter in "ке":
            board.app.post_message(events.Key(letter, letter))
        await board.settle()
        (said,) = board.toasts
        assert said.startswith("Not done к is a Cyrillic letter: the keyboard is set to another")
        await board.press("i")
        board.app.post_message(events.Key("λ", "λ"))
        await board.settle()
        assert not any("letter" in each for each in board.toasts), "not again and again"
        await board.press("C")
        for letter in "все":
            board.app.post_message(events.Key(letter, letter))
        await board.settle()
        assert "все" in board.app.screen.query_one("#sentence").text  # type: ignore[attr-defined] # of a Prose


@pytest.mark.parametrize(
    ("character", "alphabet"),
    [("к", "Cyrillic"), ("ρ", "Greek"), ("ر", "Arabic"), ("r", None), ("é", None), ("7", None),
     ("µ", None), (None, None), ("", None)],
)  # fmt: skip
def test_the_alphabet_of_a_letter(character: str | None, alphabet: str | None) -> None:
    assert other_alphabet(character) == alphabet

"""What happened, at the board: taken back, done again, and looked for."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Clock, Driver, filled, minutes_ago, opened_board, small_queue
from tui.board.history import history_screen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return filled(tmp_path / "desk.db", small_queue(), minutes_ago(90))


def as_(path: Path, login: str, minutes: int = 0) -> "closing[Desk]":
    return closing(
        Desk.open(address_of(path), actor=login, clock=lambda: NOW - timedelta(minutes=minutes))
    )


def standing(board: Driver) -> list[str]:
    """Return the lines of the queue, wherever the cursor is."""
    return [line.replace("▌", " ") for line in board.queue]


async def test_undo_says_what_it_takes_back_and_the_queue_is_as_it_was(path: Path) -> None:
    async with opened_board(path) as board:
        before = standing(board)
        await board.press("t", "r", "p")
        assert standing(board) != before
        await board.press("z")
        assert "Took back: answered the customer; now pending (#1)." in board.toasts
        await board.press("z")
        assert "Took back: took it (#1)." in board.toasts
        assert standing(board) == before
        await board.press("z")
        assert "nothing that mariam has done" in board.toasts[-1]
        await board.press("Z")
        assert "Did again: took it (#1)." in board.toasts
        await board.press("g")
        assert "mariam did again: took it" in board.ticket


async def test_undo_is_refused_when_somebody_changed_the_ticket_since(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("t")
        with as_(path, "gabe") as desk:
            desk.tickets.reply(1)
        await board.press("z")
        assert "#1 was changed since by gabe (replied)" in " ".join(board.toasts)
        assert any(each.startswith("Not done") for each in board.toasts)


async def test_the_history_is_filtered_by_person_kind_and_ticket(path: Path) -> None:
    with as_(path, "gabe", 30) as desk:
        desk.tickets.take(2)
        desk.tickets.reply(2)
    with as_(path, "ben", 20) as desk:
        desk.tickets.take(3)
    async with opened_board(path) as board:
        await board.press("H")
        assert board.history[:3] == [
            "▌ 13:45 #3 ben took it",
            "13:35 #2 gabe answered the customer",
            "13:35 #2 gabe took it",
        ]
        assert "history 9 things" in board.said(".over-heading")
        await board.press("slash")
        await board.paste("by:gabe kind:taken")
        assert board.history == ["▌ 13:35 #2 gabe took it"]
        await board.press("enter", "j", "slash")
        await board.paste(" nonsense")
        assert '"nonsense" is not known; expected #12' in board.said("FilterBar .wrong")
        await board.press("enter")
        assert board.app.screen.has_class("-filtering")
        await board.press("escape")
        assert len(board.history) == 9
        await board.press("t")
        assert board.history == ["▌ 12:35 #1 import took it in from test as p0"]
        assert "everything" in board.footer
        await board.press("t")
        assert len(board.history) == 9
        await board.press("slash")
        await board.paste("by:nobody")
        assert "Nothing like that has happened." in board.history
        await board.press("escape", "escape")
        assert board.app.screen is board.board


async def test_what_happens_meanwhile_comes_to_the_history_and_can_be_taken_back_there(
    path: Path,
) -> None:
    clock = Clock()
    async with opened_board(path, clock=clock) as board:
        await board.press("t", "H", "j")
        here = "Wed 4 Mar 2026 12:35:00, 1 h 30 m ago"
        assert here in board.said("#whole-event")
        with as_(path, "gabe") as desk:
            desk.tickets.take(2)
        await board.until(lambda: "14:05 #2 gabe took it" in board.history)
        assert here in board.said("#whole-event")  # the cursor stays on its event
        await board.press("z")
        await board.until(lambda: "14:05 #1 mariam took back: took it" in board.history)
        await board.press("Z")
        await board.until(lambda: "14:05 #1 mariam did again: took it" in board.history)


async def test_the_end_of_the_list_brings_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_screen, "AT_ONCE", 4)
    async with opened_board(path) as board:
        await board.press("H")
        assert len(board.history) == 4
        assert "the latest 4 things" in board.said(".over-heading")
        await board.press("end")
        assert len(board.history) == 6
        assert board.history[3].startswith("▌")
        await board.press("G", "k", "home", "pagedown", "pageup", "down")
        assert "history 6 things" in board.said(".over-heading")


async def test_a_desk_on_which_nothing_happened(tmp_path: Path) -> None:
    async with opened_board(filled(tmp_path / "desk.db", [])) as board:
        await board.press("H")
        assert "Nothing has happened yet." in board.history
        await board.press("enter")
        assert "there is nothing under the cursor" in board.toasts[0]
        await board.press("t")
        assert "there is no ticket to look for" in board.toasts[0]
        for size in ((40, 10), (20, 5), (1, 1), (160, 45)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
        await board.press("question_mark", "escape", "T", "H")
        assert board.app.screen is board.board

"""Solved tickets close by themselves while a board is open, and nobody waits for it."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from policy.intake.incoming import IncomingTicket
from tests.examples import incoming
from tests.tui.boards import NOW, Clock, filled, opened_board, small_queue
from tests.tui.pseudo_terminal import board_in_a_terminal
from tui.board.closing_client import AT_ONCE

THREE_DAYS = timedelta(hours=72)


def solved(count: int, *, ago: timedelta) -> list[IncomingTicket]:
    """Return so many tickets, solved so long ago and earlier, a minute each."""
    return [
        incoming(
            f"solved-{number}",
            subject=f"Solved {number}",
            received_at=NOW - ago - timedelta(days=60),
            first_response_at=NOW - ago - timedelta(days=59),
            status="solved",
            solved_at=NOW - ago - timedelta(minutes=number),
        )
        for number in range(count)
    ]


def asked(path: Path, question: str) -> int:
    """Return the number that a query gives, as another program reads it meanwhile."""
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(question).fetchone()[0])


def still_solved(path: Path) -> int:
    return asked(path, "SELECT count(*) FROM ticket WHERE status = 'solved'")


async def test_all_that_is_due_is_written_down_a_few_at_a_time(tmp_path: Path) -> None:
    count = 2 * AT_ONCE + 7
    path = filled(tmp_path / "desk.db", [*small_queue(), *solved(count, ago=THREE_DAYS)])
    assert still_solved(path) == count
    async with opened_board(path) as board:
        await board.until(lambda: still_solved(path) == 0)
        rows = board.rows
    events = "SELECT {what} FROM event WHERE kind = 'closed_by_itself'"
    assert asked(path, events.format(what="count(*)")) == count
    newest = int(NOW.timestamp()) * 1_000_000
    assert asked(path, events.format(what="max(at)")) == newest, "dated when it was due"
    assert asked(path, events.format(what="count(DISTINCT action)")) == count
    assert len(rows) == 5, "the queue is what it was"


async def test_what_falls_due_while_the_board_is_open_is_closed_at_its_minute(
    tmp_path: Path,
) -> None:
    soon = solved(1, ago=THREE_DAYS - timedelta(minutes=3))
    path = filled(tmp_path / "desk.db", [*small_queue(), *soon])
    clock = Clock()
    async with opened_board(path, clock=clock) as board:
        clock.now = NOW + timedelta(minutes=2)
        await board.until(lambda: board.board.now == clock.now)
        await board.settle()
        assert still_solved(path) == 1, "not yet"
        clock.now = NOW + timedelta(minutes=3)
        await board.until(lambda: still_solved(path) == 0)


def test_thousands_hold_up_neither_the_first_frame_nor_a_key(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", [*small_queue(), *solved(5_000, ago=THREE_DAYS)])
    with board_in_a_terminal(tmp_path) as terminal:  # the whole board is there
        assert still_solved(path) > 4_000, "and it did not wait for them"
        terminal.press(b"t")
        terminal.until("#1 is yours")
        assert still_solved(path) > 2_000, "nor did who took a ticket"
        before = still_solved(path)
        while still_solved(path) == before:
            terminal.read_for(0.05)
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert still_solved(path) > 0, "and who leaves waits for nothing, either"

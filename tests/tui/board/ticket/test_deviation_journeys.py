"""A ticket that is put first: at the board, and as every board and the command line see it."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Clock, Driver, filled, opened_board, small_queue
from tests.tui.teams import nine_in_a_room, staffed
from tui.board.number_one.banner import Banner

ROOT = Path(__file__).parents[4]
PROGRAM = "from tui.cli import main; main()"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return filled(tmp_path / "desk.db", small_queue())


def as_of(path: Path, actor: str, clock: Callable[[], datetime]) -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=clock)


async def first_by_command(path: Path, at: datetime) -> tuple[int, list[str]]:
    """Return what ``numberone next`` says at a time, as a process of its own: number and why."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, "next", "--json"),
        *("--db", address_of(path), "--at", at.isoformat()),
        env=os.environ | {"PYTHONPATH": str(ROOT), "NUMBERONE_STATE": str(path.parent / "state")},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    document = json.loads(out)
    return document["number_one"]["id"], document["why"]


async def all_show(boards: list[Driver], *words: str, toast: str) -> None:
    """Wait until each board's banner says all of these words, and tell so, with no key touched."""
    for board in boards:
        await board.until(
            lambda board=board: (  # type: ignore[misc] # mypy does not see a default argument's type
                all(word in board.banner for word in words)
                and any(said.startswith(toast) for said in board.toasts)
            )
        )


async def test_three_boards_and_the_command_line_agree_at_each_instant(path: Path) -> None:
    clock = Clock()
    async with (
        opened_board(path, clock=clock, actor="mariam") as one,
        opened_board(path, clock=clock, actor="jo", size=(80, 24)) as two,
        opened_board(path, clock=clock, actor="lee", size=(160, 45)) as three,
    ):
        boards = [one, two, three]
        with closing(as_of(path, "mariam", clock)) as desk:
            assert await first_by_command(path, clock.now) == (1, list(desk.queue.overview().why))
            end, later = clock.now + 40 * SECOND, clock.now + 2 * HOUR

            desk.deviations.put_first(5, reason="Their renewal is signed today", until=later)
            await all_show(
                boards,
                "#5",
                "mariam put it first until 16:05",
                "Without it #1 (p0)",
                toast="Put first by mariam #5",
            )
            number, why = await first_by_command(path, clock.now)
            assert number == 5
            assert why[:2] == [
                "#5 was put first by mariam: Their renewal is signed today.",
                "Without it #1 (p0) would be first.",
            ]

            clock.now += 10 * SECOND
            desk.deviations.put_first(4, reason="The board asked", until=end)
            await all_show(
                boards,
                "#4",
                "until 14:05",
                "“The board asked”",
                "Without it #5 (p3",
                toast="Put first by mariam #4",
            )
            assert (await first_by_command(path, clock.now))[0] == 4

            revision = desk.history.revision()
            clock.now = end - SECOND
            assert (await first_by_command(path, clock.now))[0] == 4
            for board in boards:
                await board.settle()
                assert "#4" in board.banner

            clock.now = end  # within the same minute, and nobody touches a key
            await all_show(
                boards,
                "#5",
                "mariam put it first until 16:05, in 2 h",
                toast="The deviation of #4 is over #5",
            )
            assert (await first_by_command(path, end))[0] == 5
            assert [board.rows[0] for board in boards] == ["1 p3▲free"] * 3

            clock.now = later
            await all_show(
                boards,
                "NUMBER ONE  #1",
                "The only p0 in the queue",
                toast="The deviation of #5 is over #1",
            )
            assert (await first_by_command(path, later))[0] == 1
            for board in boards:
                await board.settle()
                assert board.rows[0] == "1 p0"
            assert desk.history.revision() == revision  # nobody wrote anything at either end


async def test_it_is_put_first_with_one_form_and_ended_with_the_same_key(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("j", "j", "d")
        assert board.said(".said") == (
            "#3 becomes number one before #1 (p0). It is first until answered."
        )
        await board.press("enter")
        assert "! reason: missing; say in a sentence why it goes first" in board.said(".said")
        await board.paste("their [launch]")
        await board.press("tab", *"noon")
        assert "! until: expected a time such as" in board.said(".said")
        await board.press("ctrl+u", *"17:00")
        assert "It is first until 17:00, in 2 h 55 m." in board.said(".said")
        await board.press("enter")
        assert "#3 is first by deviation." in board.toasts
        assert "▲ First by deviation: mariam put it first until 17:00, in 2 h 55 m" in board.banner
        assert "“their [launch]”" in board.banner
        assert "! Without it #1 (p0) would be first." in board.banner
        assert board.cursor == 3
        assert "put first ▲ until 17:00, in 2 h 55 m, by mariam" in board.ticket
        assert "put it first until Wed 4 Mar 17:00: their [launch]" in board.ticket
        await board.press("d")
        assert board.said(".said") == "#1 (p0) becomes number one."
        await board.press("enter")
        assert "#3 is back in its place." in board.toasts
        assert "NUMBER ONE  #1" in board.banner
        assert "mariam put it back into its place in the order" in board.ticket


async def test_one_that_is_first_already_can_be_put_first_anew(path: Path) -> None:
    with closing(as_of(path, "jo", lambda: NOW)) as desk:
        desk.deviations.put_first(3, reason="One", until=NOW + HOUR)
    async with opened_board(path) as board:
        await board.press("d", "p", "tab", *"Two", "enter")
        assert "mariam put it first until answered" in board.banner
        assert "“Two”" in board.banner
        await board.press("r", "enter")
        assert "NUMBER ONE  #1" in board.banner


async def test_above_a_p0_the_form_says_who_may(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), small_queue())
    async with opened_board(path, actor="m1") as board:
        await board.press("j", "d")
        assert "#1 in the queue is p0: m1 is in support" in board.said(".said")
        await board.paste("Now!")
        await board.press("enter")
        assert "that is for a lead (mariam)" in board.said(".said")
        await board.press("escape")
        assert "NUMBER ONE  #1" in board.banner
    async with opened_board(path, actor="erin") as board:
        await board.press("escape", "d")
        assert "not put tickets first" in board.toasts[0]
    async with opened_board(path) as board:
        await board.press("j", "d", *"Now", "enter")
        assert "NUMBER ONE  #2" in board.banner


async def test_what_is_not_in_the_queue_says_why_it_cannot_be_first(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("x", "d")
        assert board.toasts == ["Not done #6 was declined, so it is never ranked"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_the_banner_leaves_nothing_out_that_matters(
    path: Path, size: tuple[int, int]
) -> None:
    reason = "Contract renewal at four; [they] must see it work, says " + "their manager " * 30
    with closing(as_of(path, "a-rather-long-login-of-somebody", lambda: NOW)) as desk:
        desk.deviations.put_first(5, reason=reason, until=NOW + timedelta(days=2, hours=3))
    async with opened_board(path, size=size) as board:
        banner = board.app.board.query_one(Banner)
        lines = board.banner.splitlines()
        assert len(lines) == banner.content_size.height == 6
        assert all(len(line) <= banner.content_size.width for line in lines)
        assert lines[1].endswith("nobody has it")
        assert lines[2].startswith("Next: take it, and send the first answer")
        assert "put it first until Fri 17:05" in lines[3]
        assert "“Contract renewal at four; [they] must see it work, says" in lines[4]
        assert lines[4].endswith("…")
        assert lines[5] == "  ! Without it #1 (p0) would be first."


async def test_the_banner_is_as_tall_as_ever_once_it_is_over(path: Path) -> None:
    clock = Clock()
    with closing(as_of(path, "jo", clock)) as desk:
        desk.deviations.put_first(5, reason="Now!", until=NOW + HOUR)
    async with opened_board(path, size=(80, 24), clock=clock) as board:
        banner = board.app.board.query_one(Banner)
        assert banner.size.height == 5
        clock.now += HOUR
        await board.until(lambda: "NUMBER ONE  #1" in board.banner)
        await board.settle()
        assert banner.size.height == 4

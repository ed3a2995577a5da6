"""Times on the board are those of the person who sits at it, as the team file says."""

from contextlib import closing
from datetime import UTC
from pathlib import Path

from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, filled, opened_board, small_queue
from tests.tui.teams import member, staffed, waiting
from tui.phrasing.times import ReaderZone

TEAM = "\n".join([member("mariam", role="lead"), member("luz", role="lead", shift=3)])
"""mariam in Cairo, two hours ahead of UTC, and luz in Los Angeles, eight behind."""


def in_utc() -> ReaderZone:
    return ReaderZone(lambda: UTC)


async def test_each_sees_and_types_times_in_their_own_zone(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", TEAM, waiting(2))
    async with (
        opened_board(path, zone=in_utc()) as cairo,
        opened_board(path, actor="luz", zone=in_utc()) as angeles,
    ):
        assert cairo.header.rstrip().endswith("16:05")
        assert angeles.header.rstrip().endswith("06:05")
        await cairo.press("j", "d")
        await cairo.paste("Launch")
        await cairo.press("tab")
        await cairo.paste("17:00")
        assert "It is first until 17:00, in 55 m" in cairo.said(".said")
        await cairo.press("enter")
        for board, until in ((cairo, "17:00"), (angeles, "07:00")):
            await board.until(lambda board=board: "put it first" in board.banner)  # type: ignore[misc] # mypy does not see a default argument's type
            await board.settle()
            await board.press("g")
            assert f"put it first until Wed 4 Mar {until}: Launch" in board.ticket
            await board.press("M")
            await board.press("tab")
            await board.paste("Storm")
            await board.press("tab")
            await board.paste("20:00")
            assert "It holds until 20:00" in board.said(".said")
            await board.press("escape")
    with closing(Desk.open(address_of(path), actor="luz", clock=lambda: NOW)) as desk:
        first = desk.queue.overview().number_one
        assert first is not None
        assert first.deviation is not None
        assert first.deviation.until == NOW.replace(hour=15, minute=0)


async def test_a_zone_that_the_team_file_changes_is_learnt(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path, zone=in_utc()) as board:
        assert board.header.rstrip().endswith("14:05")
        staffed(path, TEAM, [])
        await board.until(lambda: board.header.rstrip().endswith("16:05"))

"""A board stays open over midnight, over a change of the clocks, and when its own clock is set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.examples import incoming
from tests.tui.boards import Clock, Driver, opened_board
from tests.tui.teams import member, staffed
from tui.phrasing.times import ReaderZone

BEFORE_SUMMER = datetime(2026, 4, 23, 21, 50, tzinfo=UTC)
"""Ten minutes before midnight in Cairo, whose clocks go from twelve to one that night."""

HOUR = timedelta(hours=1)


async def set_to(board: Driver, clock: Clock, now: datetime, shown: str) -> None:
    """Set the clock, and wait until the header shows it."""
    clock.now = now
    await board.until(lambda: board.header.rstrip().endswith(shown))
    await board.settle()


async def test_a_board_stays_true_whatever_its_clock_does(tmp_path: Path) -> None:
    tickets = [
        incoming(number, severity=number - 1, received_at=BEFORE_SUMMER - HOUR * number)
        for number in (1, 2, 3)
    ]
    team = member("mariam", role="lead")
    path = staffed(tmp_path / "desk.db", team, tickets, now=BEFORE_SUMMER)
    clock = Clock(BEFORE_SUMMER)
    async with opened_board(path, clock=clock, zone=ReaderZone(lambda: UTC)) as board:
        await board.press("j")
        followed, title = board.cursor, board.title
        assert "respond by Fri 01:50, in 1 h" in board.banner
        for now, shown, left in (
            (BEFORE_SUMMER + HOUR / 3, "01:10", "by 01:50, in 40 m"),  # midnight, an hour skipped
            (BEFORE_SUMMER - HOUR, "22:50", "by Fri 01:50, in 2 h"),  # set back
            (BEFORE_SUMMER + 24 * HOUR, "00:50", "by Fri 01:50, ! 23 h late"),  # a day forth
            (BEFORE_SUMMER, "23:50", "by Fri 01:50, in 1 h"),  # and back again
        ):
            await set_to(board, clock, now, shown)
            assert left in board.banner
            assert board.cursor == followed
        assert board.title == title
        await board.press("t")
        assert f"#{followed} is yours." in board.toasts

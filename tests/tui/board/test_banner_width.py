"""The banner says what decides in whole words at 80 columns, whoever has the number one."""

from pathlib import Path

import pytest

from policy.words import Mode
from store.desk import Desk
from tests.tui.boards import NOW, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting

HOUR_LATER = NOW.replace(hour=NOW.hour + 1)


def prepared(desk: Desk) -> None:
    """Let choices be hard, and give the number one to somebody who is out."""
    desk.policy.set_mode(Mode.HARD_CHOICES, reason="Half of us are ill.", until=HOUR_LATER)
    first = desk.queue.overview().number_one
    assert first is not None
    desk.tickets.assign(first.id, "m1")
    desk.team.mark_out("m1", until=HOUR_LATER)


@pytest.mark.parametrize("columns", [80, 90, 120, 160])
async def test_the_reason_that_decides_is_whole(tmp_path: Path, columns: int) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6), then=prepared)
    async with opened_board(path, size=(columns, 36)) as board:
        overview = board.board.overview
        assert overview is not None
        _, whose, step, *why = board.banner.splitlines()
        assert "! m1⌂ has it, and is out until" in whose
        assert step.startswith("Next: take it over, and send the first answer")
        assert overview.why_in_short in " ".join([step, *why])

"""A lead sets the mode by hand at the board, and everybody sees by whom, why and until when.

They all live in Cairo, where it is five past four.
"""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from policy.roster.team_file import load_team
from policy.words import Mode
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting
from tui.board.team.mode_form import ModeForm
from tui.phrasing.times import ReaderZone


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(3))


async def test_it_is_set_with_a_reason_and_an_end_and_left_to_the_level_again(path: Path) -> None:
    async with (
        opened_board(path, zone=ReaderZone()) as board,
        opened_board(path, actor="m9", zone=ReaderZone()) as second,
    ):
        await board.press("M")
        assert isinstance(board.app.screen, ModeForm)
        assert "Normal now. A normal amount of work" in board.said(".said")
        assert "It needs a reason and an end." in board.said(".said")
        await board.press("enter")
        assert "! reason: missing; say in a sentence" in board.said(".said")
        await board.paste("half of [us] are ill")
        await board.press("enter")
        assert "! until: missing; say when it ends" in board.said(".said")
        await board.paste("noon")
        assert "! until: expected a time such as" in board.said(".said")
        await board.press("ctrl+u")
        await board.paste("16:30")
        assert "It holds until 16:30, in 25 m; then the level decides" in board.said(".said")
        await board.press("enter")
        said = "Set by mariam until 16:30: half of [us] are ill."
        assert f"Hard choices now. {said}" in board.toasts
        for each in (board, second):
            await each.until(lambda each=each: "HARD CHOICES" in each.header)  # type: ignore[misc] # mypy does not see a default argument's type
            await each.settle()
            assert (
                "LEVEL 1 · HARD CHOICES by mariam until 16:30: half of [us] are ill" in each.header
            )
            assert f"the order for hard choices holds now. {said}" in each.prompt
        await board.press("v")
        assert said in board.said("#reasons")
        await board.press("escape")
        await board.press("M", "enter")
        assert "The mode is left to the level: normal." in board.toasts
        assert "by mariam" not in board.header


async def test_refused_when_it_is_done_the_form_keeps_every_word(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("M")
        form = board.app.screen
        await board.press("tab")
        await board.paste("half of us are ill")
        await board.press("tab")
        await board.paste("3h")
        with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
            team = nine_in_a_room().replace("mariam", "lee")
            desk.team.import_members(load_team(team, "team.toml"))
        await board.press("enter")
        assert board.app.screen is form
        assert "! " in board.said(".said")
        values = [form.query_one(f"#{name}", Input).value for name in ("reason", "until")]
        assert values == ["half of us are ill", "3h"]


async def test_the_palette_offers_it_and_only_a_lead_may(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press(":")
        await board.paste("mode by hand")
        await board.press("enter")
        assert isinstance(board.app.screen, ModeForm)
        await board.press("escape")
        assert board.header.count("NORMAL") == 1
    async with opened_board(path, actor="m9") as board:
        await board.press("M")
        assert "not set the mode; that is for a lead" in board.toasts[-1]


@pytest.mark.parametrize("cells", [80, 90, 100, 120, 160])
async def test_the_header_says_it_at_any_width(path: Path, cells: int) -> None:
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        until = NOW + timedelta(days=2)
        desk.policy.set_mode(Mode.NORMAL, reason="The auditors are here today", until=until)
    async with opened_board(path, size=(cells, 36), zone=ReaderZone()) as board:
        assert "LEVEL 1 · NORMAL by mariam until Fri 16:05: The auditor" in board.header
        assert len(board.header) == cells

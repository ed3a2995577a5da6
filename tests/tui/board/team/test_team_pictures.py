"""How the team, who is out and who waits look: pictures to be looked at when they change."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from policy.refusal import Refusal
from store.desk import Desk
from store.notices.notice_models import Waits
from tests.databases import address_of
from tests.tui.board.test_board_pictures import Compare, pressing, quiet
from tests.tui.boards import NOW, board_app, settle
from tests.tui.teams import nine_in_a_room, spread_team, staffed, waiting
from tui.board.app import BoardApp
from tui.board.widgets.theme import DARK, LIGHT


def short_staffed(desk: Desk) -> None:
    desk.tickets.assign(1, "m1")
    for number in range(2, 6):
        desk.team.mark_out(f"m{number}", reason="sick")


def one_more_out(path: Path) -> Callable[[Pilot[Refusal]], object]:
    """Return what marks m6 out while the board looks on, and waits until it says so."""

    async def prepare(pilot: Pilot[Refusal]) -> None:
        await quiet(pilot)
        with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
            desk.team.mark_out("m6", reason="sick")
        await happened(pilot, lambda waits: bool(waits.drafts))

    return prepare


async def happened(pilot: Pilot[Refusal], done: Callable[[Waits], bool]) -> None:
    """Wait until the board has read of something, and all is drawn."""
    app = pilot.app
    assert isinstance(app, BoardApp)
    async with asyncio.timeout(10):
        while app.board.waiting.waits is None or not done(app.board.waiting.waits):
            await pilot.pause(0.02)
    await settle(pilot)


@pytest.mark.parametrize(
    ("people", "size", "theme"),
    [
        (3, (80, 24), DARK),
        (12, (80, 24), DARK),
        (12, (120, 36), LIGHT),
        (80, (120, 36), DARK),
        (80, (160, 45), DARK),
    ],
    ids=["3-80x24", "12-80x24", "12-120x36-light", "80-120x36", "80-160x45"],
)
def test_the_team(
    snap_compare: Compare, tmp_path: Path, people: int, size: tuple[int, int], theme: str
) -> None:
    path = staffed(tmp_path / "desk.db", spread_team(people), waiting(9))
    app = board_app(path, theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=pressing("3"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_what_marking_somebody_out_does(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(12), then=short_staffed)
    assert snap_compare(board_app(path), terminal_size=size, run_before=pressing("o"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_a_prompt(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(12), then=short_staffed)
    app = board_app(path)
    assert snap_compare(app, terminal_size=size, run_before=one_more_out(path))


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), LIGHT)],
    ids=["80x24", "120x36-light"],
)
def test_who_waits(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    def all_out(desk: Desk) -> None:
        short_staffed(desk)
        desk.team.mark_out("m6", reason="sick")

    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(12), then=all_out)

    async def prepare(pilot: Pilot[Refusal]) -> None:
        await quiet(pilot)
        await happened(pilot, lambda waits: bool(waits.drafts))
        for key in ("w", "m"):
            await pilot.press(key)
            await quiet(pilot)
        await happened(pilot, lambda waits: bool(waits.ledger))
        await pilot.press("space")
        await quiet(pilot)
        pilot.app.clear_notifications()
        await settle(pilot)

    assert snap_compare(board_app(path, theme=theme), terminal_size=size, run_before=prepare)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_time_off_of_one_person(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    def overlapping(desk: Desk) -> None:
        desk.team.mark_out("m6", None, NOW + timedelta(hours=2), "dentist")
        desk.team.mark_out("m6", date(2026, 3, 5), date(2026, 3, 11), "holidays")

    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(3), then=overlapping)
    keys = pressing("o", "end", *["up"] * 3)
    assert snap_compare(board_app(path), terminal_size=size, run_before=keys)

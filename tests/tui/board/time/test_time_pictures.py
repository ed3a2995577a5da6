"""How time looks: pictures to be looked at when they change."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from policy.words import Work
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.board.test_board_pictures import Compare, pressing
from tests.tui.boards import NOW, Clock, board_app
from tests.tui.teams import nine_in_a_room, staffed
from tui.board.widgets.theme import DARK, LIGHT

HOUR = timedelta(hours=1)
_WEEK = (
    ("m1", Work.CUSTOMER, 30, 3.5),
    ("m1", Work.INTERNAL, 26, 0.5),
    ("m1", Work.CUSTOMER, 5, 2.25),
    ("m2", Work.CUSTOMER, 29, 6),
    ("m2", Work.INTERNAL, 4, 2),
    ("m3", Work.CUSTOMER, 8, 3),
)


def recorded(path: Path) -> Path:
    """Make a desk with a team, tickets of customers and our own, and time recorded."""
    tickets = [
        *(incoming(number, subject="Search is slow") for number in (1, 2)),
        incoming(3, tier="internal", severity=3, subject="Write the runbook of the log search"),
    ]
    staffed(path, nine_in_a_room(), tickets)
    for login, work, ago, hours in _WEEK:
        clock = Clock(NOW - ago * HOUR)
        with closing(Desk.open(address_of(path), actor=login, clock=clock)) as desk:
            desk.time.start_timer(work=work, note="[/] as agreed" if hours == 2.25 else "")
            clock.now += hours * HOUR
            desk.time.stop_timer()
    return path


def left_running(path: Path) -> datetime:
    """Start m1's timer, and return a time at which it looks left running."""
    with closing(Desk.open(address_of(path), actor="m1", clock=lambda: NOW)) as desk:
        desk.time.start_timer(1)
    return NOW + 3 * HOUR


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), LIGHT), ((160, 45), DARK)],
    ids=["80x24", "120x36-light", "160x45"],
)
def test_time(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    app = board_app(recorded(tmp_path / "desk.db"), theme=theme, actor="m1")
    assert snap_compare(app, terminal_size=size, run_before=pressing("I"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_protected_time_in_passing(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = board_app(recorded(tmp_path / "desk.db"), actor="m1")
    assert snap_compare(app, terminal_size=size, run_before=pressing())


def test_a_timer_left_running(snap_compare: Compare, tmp_path: Path) -> None:
    path = recorded(tmp_path / "desk.db")
    now = left_running(path)
    app = board_app(path, actor="m1", clock=lambda: now)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing())


def test_an_entry_being_edited(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(recorded(tmp_path / "desk.db"), actor="m1")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("I", "e"))

"""A shift with the timer at the board: one key, entries edited, the split, and protected time."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policy.words import Work
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Clock, Driver, opened_board
from tests.tui.teams import nine_in_a_room, staffed
from tui.board.time.entry_form import EntryForm
from tui.board.time.time_screen import TimeScreen

HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with a team of nine, three customers' tickets and our own #4 and #5."""
    ours = [incoming(n, tier="internal", severity=3, subject=f"Runbook {n}") for n in (4, 5)]
    return staffed(tmp_path / "desk.db", nine_in_a_room(), [*map(incoming, (1, 2, 3)), *ours])


def other(path: Path, actor: str, now: datetime = NOW) -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=lambda: now)


def recorded(path: Path, actor: str, *pieces: tuple[Work, datetime, float]) -> None:
    """Let somebody record some hours of work from a time on."""
    for work, start, hours in pieces:
        with closing(other(path, actor, start)) as desk:
            desk.time.start_timer(work=work)
        with closing(other(path, actor, start + hours * HOUR)) as desk:
            desk.time.stop_timer()


YESTERDAY = NOW - 26 * HOUR
CUSTOMER, INTERNAL = Work.CUSTOMER, Work.INTERNAL


async def passing(board: Driver, clock: Clock, by: timedelta, until: Callable[[], bool]) -> None:
    """Let time pass, and wait for what comes of it."""
    clock.now += by
    await board.until(until)
    await board.settle()


async def test_one_key_starts_and_stops_the_timer(path: Path) -> None:
    clock = Clock()
    async with opened_board(path, clock=clock, actor="m1") as board:
        assert "◷" not in board.header
        await board.press("j", "i")
        assert "The timer runs on #2 Ticket 2." in board.toasts[-1]
        assert "◷ 1 m   14:05" in board.header
        await passing(board, clock, 25 * HOUR / 60, lambda: "◷ 25 m   14:30" in board.header)
        await board.press("k", "i")
        assert "Stopped after 25 m on #2." in board.toasts[-1]
        assert "◷" not in board.header
    with closing(other(path, "m1", clock.now)) as desk:
        (entry,) = desk.time.entries()
    assert (entry.ticket, entry.length(clock.now)) == (2, timedelta(minutes=25))


async def test_without_a_ticket_under_the_cursor_only_what_runs_can_be_stopped(
    tmp_path: Path,
) -> None:
    empty = staffed(tmp_path / "desk.db", nine_in_a_room(), [])
    async with opened_board(empty, actor="m1") as board:
        await board.press("i")
        assert "there is no ticket under the cursor" in board.toasts[-1]
        await board.press("I", "n", "escape")
        assert "The timer runs on internal work." in board.toasts[-1]
        await board.press("i")
        assert "Stopped after 0 s on internal work." in board.toasts[-1]


async def test_an_engineer_is_told_whose_it_is(path: Path) -> None:
    async with opened_board(path, actor="erin") as board:
        await board.press("escape", "i")
        assert "not record time" in board.toasts[-1]


async def test_left_running_overnight_is_told_and_stopped_where_the_hours_ended(
    path: Path,
) -> None:
    clock = Clock()
    async with opened_board(path, clock=clock, actor="m1") as board:
        await board.press("i")
        morning = NOW + 18 * HOUR
        await passing(board, clock, morning - NOW, lambda: "still runs" in board.prompt)
        assert board.prompt.startswith("◷ The timer still runs, since Wed 14:05")
        assert "It is on #1 Ticket 1, and looks left running." in board.prompt
        assert "i stop at Wed 15:00 esc dismiss" in board.prompt
        await board.press("i")
        assert "Stopped as of Wed 15:00 after 55 m on #1." in board.toasts[-1]
        assert "still runs" not in board.prompt
        assert "Protected time" in board.prompt, "between one piece of work and the next"
    with closing(other(path, "m1", clock.now)) as desk:
        assert desk.time.entries()[0].stopped_at == datetime(2026, 3, 4, 15, tzinfo=UTC)


async def test_what_was_dismissed_is_not_said_again(path: Path) -> None:
    clock = Clock()
    async with opened_board(path, clock=clock, actor="m1") as board:
        await board.press("i")
        await passing(board, clock, 9 * HOUR, lambda: "still runs" in board.prompt)
        await board.press("escape")
        await passing(board, clock, HOUR / 60, lambda: "23:06" in board.header)
        assert board.prompt == ""
        await board.press("i")
        assert "Stopped after 9 h 1 m on #1." in board.toasts[-1], "now, as nothing else is said"


async def test_the_header_shows_the_split_of_the_team_and_the_person(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 9), (INTERNAL, YESTERDAY + 10 * HOUR, 1))
    recorded(path, "m2", (CUSTOMER, YESTERDAY, 5), (INTERNAL, YESTERDAY + 8 * HOUR, 5))
    async with opened_board(path, actor="m1", size=(160, 45)) as board:
        assert "customers 70 % of 80 · you 90 %" in board.header
    async with opened_board(path, actor="m1", size=(120, 36)) as board:
        assert "customers 70 % of 80 · you 90 %" in board.header
    async with opened_board(path, actor="m1", size=(80, 24)) as board:
        assert "you" not in board.header


async def test_at_level_3_and_above_it_is_paused(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 9))
    with closing(other(path, "mariam")) as desk:
        for number in range(1, 7):
            desk.team.mark_out(f"m{number}", reason="sick")
    async with opened_board(path, actor="m1") as board:
        assert "customers 100 % of 80, paused" in board.header
        await board.press("I")
        assert "Internal work pauses at this level" in board.said("#split-text > Static")
        await board.press("t")
        assert "no protected time is offered now" in board.toasts[-1]


async def test_protected_time_is_offered_once_and_taken(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 9))
    clock = Clock()
    async with opened_board(path, clock=clock, actor="m1") as board:
        assert board.prompt.startswith("◷ Protected time: #4 Runbook 4")
        assert "I show esc dismiss" in board.prompt
        assert "0 % of your last 7 days was internal, 20 % is meant" in board.prompt
        await board.press("escape")
        await passing(board, clock, HOUR / 60, lambda: "14:06" in board.header)
        assert board.prompt == ""
        await board.press("I")
        assert "Protected time: #4 Runbook 4" in board.said(".over-note")
        await board.press("t")
        assert "#4 is yours, and the timer runs on it" in board.toasts[-1]
        assert board.said(".over-note") == ""
        assert "◷ 0 s on #4, since 14:06" in board.said(".over-heading")
        await board.press("escape")
        assert "◷ 1 m" in board.header
    with closing(other(path, "m1", clock.now)) as desk:
        assert desk.tickets.get(4).assignee == "m1"
        desk.history.undo()
        assert desk.tickets.get(4).assignee is None, "both were one action"
        assert desk.time.timer() is None


async def test_a_p1_that_comes_takes_the_offer_back(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 9))
    async with opened_board(path, actor="m1") as board:
        assert "Protected time" in board.prompt
        with closing(other(path, "m2")) as desk:
            desk.transfer.take_in([incoming(77, severity=1)])
        await board.until(lambda: board.prompt == "")


async def test_the_days_are_listed_and_an_entry_is_edited(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 2), (INTERNAL, YESTERDAY + 3 * HOUR, 1.5))
    async with opened_board(path, actor="m1") as board:
        await board.press("i", "I")
        assert isinstance(board.app.screen, TimeScreen)
        assert board.time == [
            "Today 0 s",
            "14:05 – now #1 Ticket 1 0 s",
            "Yesterday 3 h 30 m",
            "15:05 – 16:35 internal work 1 h 30 m",
            "12:05 – 14:05 customer work 2 h",
        ]
        await board.press("j", "j", "e")
        form = board.app.screen
        assert isinstance(form, EntryForm)
        await board.press("home", *["delete"] * 16)
        await board.paste("soon")
        await board.press("enter")
        assert "! from: expected a time such as" in board.said(".said")
        await board.press(*["backspace"] * 4)
        await board.paste("Tue 13:00")
        await board.press("tab", "tab", "home", *["delete"] * 8)
        await board.paste("#4")
        await board.press("tab")
        await board.paste("after the call")
        await board.press("enter")
        assert "Changed: 1 h 5 m on #4." in board.toasts[-1]
        assert board.time[-1] == "13:00 – 14:05 #4 Runbook 4 · after the call 1 h 5 m"
        await board.press("x")
        assert "Removed: 1 h 5 m on #4." in board.toasts[-1]
        assert len(board.time) == 4
        await board.press("c")
        assert "The timer runs on customer work." in board.toasts[-1]
        await board.press("I")
        assert not isinstance(board.app.screen, TimeScreen)


async def test_what_overlaps_is_refused_with_what_it_overlaps(path: Path) -> None:
    recorded(path, "m1", (CUSTOMER, YESTERDAY, 2), (INTERNAL, YESTERDAY + 3 * HOUR, 1))
    async with opened_board(path, actor="m1") as board:
        await board.press("I", "e", *["delete"] * 16)
        await board.paste("2026-03-03 13:00")
        await board.press("enter")
        assert "! the time overlaps entry 1, customer work" in board.said(".said")


async def test_nothing_recorded_is_a_friendly_sentence(path: Path) -> None:
    async with opened_board(path, actor="m1", size=(80, 24)) as board:
        await board.press("I")
        assert board.time == ["No time is recorded yet.", "The timer is one key, on any ticket."]
        await board.press("e")
        assert "there is no entry under the cursor" in board.toasts[-1]
        assert "no timer runs" in board.said(".over-heading")

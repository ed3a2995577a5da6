"""Yesterday on the board: what was number one then, read only, and the way back to now."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policy.refusal import Refusal
from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Clock, Driver, opened_board
from tests.tui.command_runs import CommandLine
from tests.tui.teams import nine_in_a_room, staffed
from tui.actions.commands import COMMANDS
from tui.board.past.past_form import typed_moment

YESTERDAY = NOW - timedelta(days=1)
_IN_THE_PAST = "the past is for looking only; going back a step leads to now"


def living(path: Path) -> Path:
    """Make a desk on which tickets came in, were taken, answered and solved since yesterday."""
    came = YESTERDAY - timedelta(hours=2)
    tickets = [
        incoming(number, severity=severity, received_at=came - timedelta(minutes=10 * number))
        for number, severity in enumerate((0, 1, 2, 2), start=1)
    ]
    staffed(path, nine_in_a_room(), tickets, now=came)
    clock = Clock(came)
    with closing(Desk.open(address_of(path), actor="m1", clock=clock)) as desk:
        for hours, number in ((1, 1), (2, 2), (3, 3)):
            clock.now = came + timedelta(hours=hours)
            desk.tickets.take(number)
            clock.now += timedelta(minutes=20)
            desk.tickets.reply(number, Status.PENDING)
        clock.now = NOW - timedelta(hours=1)
        desk.tickets.heard(2)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return living(tmp_path / "desk.db")


def number_one_of(board: Driver) -> int | None:
    overview = board.board.overview
    return overview.number_one.id if overview is not None and overview.number_one else None


async def test_a_lead_steps_through_yesterday(path: Path, numberone: CommandLine) -> None:
    async with opened_board(path) as board:
        now = board.queue
        await board.press("P", "enter")
        assert board.header.startswith(" PAST")
        assert board.past == [
            "PAST Tue 3 Mar 14:05 1 d ago esc leads to now",
            "last 14:05 #2 m1 took it",
            "next 14:25 #2 m1 answered the customer; now pending",
        ]
        seen = []
        for key in ("left_square_bracket",) * 3 + ("right_square_bracket",) * 8:
            await board.press(key)
            seen.append((board.board.past, number_one_of(board)))
        assert len({number for _, number in seen}) > 2
        await board.press("q")
        assert board.board is board.app.board
        assert board.queue == now
    for time, number in seen:
        said = numberone.plain(
            ["--db", address_of(path), "--at", f"{time:%Y-%m-%dT%H:%M:%SZ}", "--json", "next"]
        )
        first = json.loads(said.out)["number_one"]
        assert (first["id"] if first else None) == number


async def test_another_number_one_before_and_after(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter")
        first = number_one_of(board)
        await board.press("right_curly_bracket")
        assert number_one_of(board) != first
        await board.press("left_curly_bracket")
        assert number_one_of(board) == first
        for _ in range(9):
            await board.press("right_curly_bracket")
        there = board.past
        assert "no other ticket was number one after that" in board.toasts[-1]
        await board.press("right_curly_bracket")
        assert board.past == there


async def test_hours_go_no_further_than_now_and_the_beginning(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter", "less_than_sign")
        assert "Tue 3 Mar 13:05" in board.past[0]
        await board.press("greater_than_sign", "greater_than_sign")
        assert "Tue 3 Mar 15:05" in board.past[0]
        await board.press("P")
        await board.paste("30m")
        await board.press("enter", "greater_than_sign")
        assert "Wed 4 Mar 14:05 now" in board.past[0]
        assert "nothing since" in board.past[2]
        await board.press("greater_than_sign")
        assert "this is now" in board.toasts[-1]
        await board.press("right_square_bracket")
        assert "nothing has happened since" in board.toasts[-1]
        for _ in range(30):
            await board.press("less_than_sign")
        assert "the history begins here" in board.past[1]
        await board.press("left_square_bracket")
        assert "the history begins here" in board.toasts[-1]


async def test_nothing_of_the_past_can_be_changed(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter")
        changing = [command for command in COMMANDS.values() if command.action is not None]
        assert {"take", "undo", "redo", "new", "out"} <= {command.id for command in changing}
        for command in changing:
            board.app.clear_notifications()
            board.board.action_command(command.id)
            await board.settle()
            assert board.toasts == [f"Not done {_IN_THE_PAST}"], command.id
        await board.press("w")
        assert "that is reckoned for now alone" in board.toasts[-1]
        assert len(board.app.screen_stack) == 2


async def test_the_present_goes_on_below_and_says_so(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter")
        with closing(Desk.open(address_of(path), actor="m1", clock=lambda: NOW)) as desk:
            desk.tickets.reply(2, Status.PENDING)
        await board.until(lambda: any("Now: Another number one" in each for each in board.toasts))
        assert "1 d ago" in board.past[0]
        assert not board.prompt


async def test_a_step_back_leads_out_of_a_filter_and_then_to_now(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter", "slash")
        await board.paste("assignee:m1")
        await board.press("enter", "2", "escape", "escape")
        assert board.board.past is not None
        await board.press("question_mark", "escape", "T", "ctrl+p", "escape", "escape")
        assert board.board is board.app.board


async def test_the_history_leads_to_the_past_and_so_does_the_past_history(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("H", "j", "j", "enter")
        assert board.board.past is not None
        assert "Tue 3 Mar 15:05" in board.past[0]
        await board.press("H")
        assert board.history[0].startswith("▌ 15:05")
        assert "PAST" in board.said(".over-heading")
        await board.press("j", "j", "enter")
        assert "Tue 3 Mar 14:05" in board.past[0]
        await board.press("H", "q")
        assert board.board is board.app.board


async def test_a_time_that_is_none_or_not_past_or_before_the_history(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P")
        assert "Tuesday 3 March 2026 14:05, 1 d ago" in board.said(".said")
        await board.paste("soon")
        await board.press("enter")
        assert "expected a time such as" in board.said(".said")
        await board.press("ctrl+u")
        await board.paste("2027-01-01")
        await board.press("enter")
        assert "that is still to come" in board.said(".said")
        await board.press("ctrl+u")
        assert "3h for three hours ago" in board.said(".said")
        await board.paste("90d")
        await board.press("enter")
        assert "Not done the history begins on Tue 3 Mar 2026 at 12:05" in board.toasts
        assert board.board is board.app.board


async def test_a_desk_without_history_has_no_past(tmp_path: Path) -> None:
    Desk.open(address_of(tmp_path / "desk.db"), actor="mariam").close()
    async with opened_board(tmp_path / "desk.db") as board:
        await board.press("P", "enter")
        assert "nothing has happened yet, so there is no past to look at" in board.toasts[-1]


async def test_the_first_frame_says_that_it_goes_back(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P")
        await board.pilot.press("enter")
        await board.until(lambda: board.board is not board.app.board)
        assert board.past[0].startswith("PAST Tue 3 Mar 14:05")
        await board.press("escape")
        assert board.board is board.app.board


async def test_the_board_ends_well_from_the_past(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("P", "enter")
        copies = board.board.client.desk
        assert copies is not None
        board.app.exit()
    with pytest.raises(Refusal, match="the past was left"):
        copies.queue.overview()


def test_a_time_of_yesterday() -> None:
    def meant(text: str) -> datetime:
        return typed_moment(text, NOW, UTC)

    assert meant("yesterday") == YESTERDAY
    assert meant("yesterday 9:30") == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert meant("Yesterday 17:00") == datetime(2026, 3, 3, 17, tzinfo=UTC)
    assert meant("3h") == NOW - timedelta(hours=3)
    with pytest.raises(Refusal, match="time: expected a time such as"):
        meant("yesterdays")

"""Holders on the board: who is away is seen, a ticket is taken over, and given to who is in."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting
from tui.board.ticket.assign_form import AssignForm

UNTIL = NOW + timedelta(hours=3)


def prepared(desk: Desk) -> None:
    """Give the first two tickets to m1, who is out, m2 one, and say that m3 is at capacity."""
    for number, login in ((1, "m1"), (2, "m1"), (4, "m2")):
        desk.tickets.assign(number, login)
    desk.team.mark_out("m1", until=UNTIL)
    desk.team.set_at_capacity("m3", True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6), then=prepared)


def holder(path: Path, number: int) -> str | None:
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        return desk.tickets.get(number).assignee


def line_of(board: Driver, number: int) -> str:
    return next(line for line in board.queue if f"Search is slow ({number})" in line)


def people(board: Driver) -> list[str]:
    """Return the people of the form, the cursor's sign before whom it stands on."""
    form = board.app.screen
    assert isinstance(form, AssignForm)
    lines = form.query_one("PeopleLines")
    shown = [lines.render_line(y).text for y in range(lines.size.height)]
    return [" ".join(line.split()) for line in shown]


async def test_who_is_away_is_seen_and_the_ticket_taken_over(path: Path) -> None:
    async with opened_board(path, size=(160, 45)) as board:
        first = board.cursor
        assert first is not None
        assert holder(path, first) == "m1"
        assert "! m1⌂ has it, and is out until 17:05" in board.banner
        assert "m1⌂" in line_of(board, first)
        assert "m1 has it and is out until 17:05: take it over, and send" in board.ticket
        assert "assignee m1, out until 17:05" in board.ticket
        await board.press("t")
        assert f"#{first} is yours." in board.toasts
        assert holder(path, first) == "mariam"
        assert "took it over from m1, who was away" in board.ticket
        assert "m1⌂" not in line_of(board, first)
        await board.press("z")
        assert holder(path, first) == "m1"


async def test_what_somebody_has_who_is_in_is_not_taken(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("/")
        await board.paste("assignee:m2")
        await board.press("enter", "t")
        assert any("#4 is m2's already" in each for each in board.toasts)


async def test_the_filter_and_the_team_know_whose_count_as_nobodys(path: Path) -> None:
    async with opened_board(path, size=(160, 45)) as board:
        assert "nobody's 5" in board.team
        await board.press("/")
        await board.paste("is:away")
        await board.press("enter")
        assert len(board.rows) == 2


async def test_the_form_starts_on_who_is_in_with_the_fewest(path: Path) -> None:
    async with opened_board(path) as board:
        first = board.cursor or 0
        await board.press("a")
        assert people(board)[0] == "▌ 4 m4 in until 15:00 no tickets"
        await board.press("enter")
        assert f"#{first} is m4's now." in board.toasts
        await board.press("a")
        assert people(board)[0] == "▌ 5 m5 in until 15:00 no tickets", "m4 has it already"


async def test_somebody_away_or_at_capacity_takes_a_second_enter(path: Path) -> None:
    async with opened_board(path) as board:
        first = board.cursor or 0
        await board.press("a")
        await board.paste("M3")
        await board.press("enter")
        said = board.said(".said")
        assert "m3 is at capacity and takes no new tickets; m4 is in with the fewest" in said
        assert holder(path, first) == "m1"
        await board.press("backspace", "1", "enter")
        assert "m1 is out until 17:05; m4 is in with the fewest, no tickets" in board.said(".said")
        assert isinstance(board.app.screen, AssignForm)
        await board.press("backspace", "3", "enter", "enter")
        assert f"#{first} is m3's now." in board.toasts


async def test_two_enters_in_one_packet_do_not_pass_the_warning_unseen(path: Path) -> None:
    async with opened_board(path) as board:
        first = board.cursor or 0
        await board.press("a")
        await board.paste("m3")
        form = board.app.screen
        assert isinstance(form, AssignForm)
        form.send()
        form.send()
        await board.settle()
        assert isinstance(board.app.screen, AssignForm)
        assert holder(path, first) == "m1"
        await board.press("enter")
        assert holder(path, first) == "m3"


async def test_a_name_that_is_nearly_one_is_asked_about(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("a")
        await board.paste("eirn")
        await board.press("enter")
        assert "did you mean erin?" in board.said(".said")
        assert isinstance(board.app.screen, AssignForm)


async def test_the_beginning_of_a_name_is_enough_and_arrows_choose_too(path: Path) -> None:
    async with opened_board(path) as board:
        first = board.cursor or 0
        await board.press("a")
        await board.paste("zo")
        assert any(line.startswith("▌ z zoe comes 18:00") for line in people(board))
        await board.press("up", "enter")
        assert holder(path, first) == "m2"


async def test_marked_tickets_are_warned_of_as_well(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("space", "space", "a")
        await board.paste("m3")
        await board.press("enter")
        assert "m3 is at capacity" in board.said(".said")
        await board.press("enter")
        assert any("2 tickets are m3's now" in each for each in board.toasts)

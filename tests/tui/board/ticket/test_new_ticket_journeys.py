"""A ticket is opened on the board: a CE finds that first, and what is refused keeps the form."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input

from docs.roles import TEAM_FILE
from policy.roster.team_file import load_team
from policy.ticket import Ticket
from policy.words import OpenedBy, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, filled, opened_board, small_queue
from tui.board.ticket.new_ticket_form import NewTicketForm

WITHOUT_THE_CE = "\n".join(
    f"[[member]]{part}" for part in TEAM_FILE.split("[[member]]")[1:] if '"ce"' not in part
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with a member of each role, called like it, and six tickets."""
    path = filled(tmp_path / "desk.db", small_queue())
    become(path, TEAM_FILE)
    return path


def become(path: Path, team: str) -> None:
    """Make others the team, from another place."""
    with closing(Desk.open(address_of(path), actor="lead", clock=lambda: NOW)) as desk:
        desk.team.import_members(load_team(team, "team.toml"))


def tickets(path: Path) -> Sequence[Ticket]:
    """Return the tickets that were opened on the board."""
    with closing(Desk.open(address_of(path), actor="lead", clock=lambda: NOW)) as desk:
        everything = desk.queue.page(Query(scope=Scope.ALL), 0, None)
        return [ticket for ticket in everything if ticket.source == "numberone"]


def written(board: Driver) -> list[str]:
    """Return what is written in the form."""
    form = board.app.screen
    assert isinstance(form, NewTicketForm)
    return [field.value for field in form.query(Input)]


async def test_a_ce_finds_it_first(path: Path) -> None:
    for size in ((80, 24), (120, 36), (40, 24)):
        async with opened_board(path, actor="ce", size=size) as board:
            assert board.footer.startswith(" n new ")
            assert "t take" not in board.footer  # which a CE never may
            assert next(iter(board.board.offers())).title == "Open a new ticket"
            assert "Open a ticket for a trial customer who needs one" in board.ticket
            await board.press("question_mark")
            page = board.said("_HelpText")
            assert page.index("Yours to do n Open a new") < page.index("t Take the")


async def test_nobody_else_does(path: Path) -> None:
    for login in ("support", "lead", "stranger"):
        async with opened_board(path, actor=login) as board:
            assert board.footer.startswith(" t take ")
            assert next(iter(board.board.offers())).title == "Take the ticket"
            assert "Take it" in board.ticket
            await board.press("question_mark")
            assert "Yours to do" not in board.said("_HelpText")


async def test_a_ces_is_refused_mended_and_in(path: Path) -> None:
    async with opened_board(path, actor="ce", size=(80, 24)) as board:
        await board.press("n", "enter")
        assert board.said(".said") == "! customer: missing; say who reports it"
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("Trial blocked")
        assert "→ p1 A CE opened it for a trial customer" in board.said(".said")
        await board.press("tab", "tab", "2")
        assert "→ declined" in board.said(".said")
        await board.press("enter")
        assert "! intake would decline it: For trial customers" in board.said(".said")
        await board.press("shift+tab", "e")
        assert "! ce is a CE, who may look" in board.said(".said")
        await board.press("enter")
        assert "! ce is a CE, who may look" in board.said(".said")
        assert written(board) == ["Umbra", "Trial blocked"]
        assert tickets(path) == []
        await board.press("p", "tab", "1", "enter")
        assert board.app.screen is board.board
        assert "#7 is open as p1." in board.toasts
    (opened,) = tickets(path)
    assert (opened.customer, opened.tier, opened.severity, opened.opened_by) == (
        "Umbra", "presales", 1, OpenedBy.CE,
    )  # fmt: skip
    assert (opened.priority, opened.status) == ("p1", Status.NEW)


async def test_enter_twice_in_one_go_opens_one(path: Path) -> None:
    async with opened_board(path, actor="ce") as board:
        await board.press("n")
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("Trial blocked")
        await board.pilot.press("enter", "enter", "enter")
        await board.settle()
    assert len(tickets(path)) == 1


async def test_what_the_desk_refuses_is_said_in_the_form(path: Path) -> None:
    async with opened_board(path, actor="ce") as board:
        await board.press("n")
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("Trial blocked")
        become(path, WITHOUT_THE_CE)
        await board.press("enter")
        assert '! "ce" is not in the team and may only look' in board.said(".said")
        assert written(board) == ["Umbra", "Trial blocked"]
        assert tickets(path) == []
        become(path, TEAM_FILE)
        await board.press("enter")
        assert board.app.screen is board.board
    assert len(tickets(path)) == 1


async def test_what_was_left_meanwhile_is_told_on_the_board(path: Path) -> None:
    async with opened_board(path, actor="ce") as board:
        await board.press("n")
        form = board.app.screen
        assert isinstance(form, NewTicketForm)
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("Trial blocked")
        become(path, WITHOUT_THE_CE)
        form.send()
        form.action_leave()
        await board.settle()
        assert board.app.screen is board.board
        assert 'Not done "ce" is not in the team' in " ".join(board.toasts)


async def test_the_palette_over_it_keeps_it_from_being_opened_twice(path: Path) -> None:
    async with opened_board(path, actor="ce") as board:
        await board.press("n")
        form = board.app.screen
        assert isinstance(form, NewTicketForm)
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("Trial blocked")
        form.send()
        board.app.action_command_palette()
        await board.settle()
        assert board.app.screen is not form
        await board.press("escape")
        assert board.app.screen is board.board
    assert len(tickets(path)) == 1


async def test_support_keeps_what_intake_declines(path: Path) -> None:
    async with opened_board(path, actor="support") as board:
        await board.press("n")
        await board.paste("Umbra")
        await board.press("tab")
        await board.paste("How do I?")
        await board.press("tab", "p", "enter")
        assert board.app.screen is board.board
    (opened,) = tickets(path)
    assert opened.declined is not None
    assert opened.opened_by is OpenedBy.CUSTOMER

"""A new ticket's form has a field for each fact of the policy, and the pane shows what it says."""

from contextlib import closing
from pathlib import Path

import pytest
from textual.containers import Vertical
from textual.widgets import Input

from policy.rulebook.book import book, text_in_the_book
from policy.rulebook.rulebook import load_rulebook
from policy.ticket import Ticket
from store.desk import Desk
from tests.databases import address_of, made
from tests.own_words import NEITHER
from tests.tui.boards import NOW, Driver, opened_board
from tui.board.ticket.new_ticket_form import NewTicketForm
from tui.board.widgets.choice import Choice


def desk_under(folder: Path, policy: str) -> Path:
    """Make a desk without tickets under a policy, and return its path."""
    path = folder / "desk.db"
    with closing(Desk.open(made(path), actor="lead", clock=lambda: NOW)) as desk:
        desk.policy.adopt(load_rulebook(policy, "ours.toml"))
    return path


def opened(path: Path) -> Ticket:
    """Return the ticket that was opened."""
    with closing(Desk.open(address_of(path), actor="lead", clock=lambda: NOW)) as desk:
        return desk.tickets.get(1)


async def begin(board: Driver) -> NewTicketForm:
    """Open the form, write what it needs, and return it; the first fact has the keys."""
    await board.press("n")
    await board.paste("Bo")
    await board.press("tab")
    await board.paste("Broken")
    await board.press("tab")
    form = board.app.screen
    assert isinstance(form, NewTicketForm)
    return form


async def test_a_matrix_decides_while_facts_are_chosen(tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book("bu"))
    async with opened_board(path, size=(80, 24)) as board:
        await begin(board)
        assert board.said(".said") == "→ P4 Its impact and urgency are not known yet."
        await board.press("tab", "m", "tab", "h")
        assert board.said(".said") == (
            "→ P2 By its impact (multiple_groups) and urgency (high) it is P2."
        )
        await board.press("enter")
        assert "#1 is open as P2." in board.toasts
        await board.press("2")
        assert "facts impact multiple_groups · urgency high" in board.ticket
    assert opened(path).fact == {"impact": "multiple_groups", "urgency": "high"}


async def test_flags_and_money_are_asked_and_what_is_wrong_keeps_the_form(tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book("skyltmax"))
    async with opened_board(path, size=(80, 24)) as board:
        form = await begin(board)
        await board.press("3", "tab", "y", "tab", "tab", "tab")
        await board.paste("16000")
        await board.press("enter")
        wrong = '! amount: expected an amount and its currency such as "16000 SEK", not "16000"'
        assert board.said(".said") == wrong
        assert form.focused is form.query_one("#fact-amount")
        await board.paste(" sek")
        assert board.said(".said").startswith("→ normal")
        await board.press("enter")
        assert board.app.screen is board.board
        await board.press("2")
        assert "facts kind wrong_item · special · amount 16000 SEK" in board.ticket
    assert opened(path).fact == {"amount": "16000 SEK", "kind": "wrong_item", "special": True}


async def test_the_list_is_filtered_by_facts(tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book("skyltmax"))
    async with opened_board(path, size=(120, 36)) as board:
        for kind in ("b", "m"):
            await begin(board)
            await board.press(kind, "enter")
        await board.press("slash", *"kind:missing-order", "enter")
        assert len(board.queue) == 1
        await board.press("escape", "slash", *"kind:missing")
        assert "did you mean missing_order?" in board.said(".wrong")


async def test_what_nobody_says_is_not_kept(tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book("skyltmax"))
    async with opened_board(path, size=(80, 24)) as board:
        await begin(board)
        await board.press("enter")
        assert "facts" not in board.ticket
    assert opened(path).facts == ()


async def test_a_policy_without_facts_asks_for_none(tmp_path: Path) -> None:
    path = desk_under(tmp_path, NEITHER)
    async with opened_board(path, size=(80, 24)) as board:
        form = await begin(board)
        assert len(form.query(Choice)) == 1
        assert len(form.query(Input)) == 2


@pytest.mark.parametrize("name", [each.name for each in book()])
async def test_each_policy_of_the_book_fits_a_small_screen(name: str, tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book(name))
    async with opened_board(path, size=(80, 24)) as board:
        await board.press("n")
        whole = board.app.screen.query_one(".form", Vertical)
        assert whole.virtual_size.height <= whole.size.height
        assert whole.region.bottom <= 24
        for choice in board.app.screen.query(Choice):
            assert all(len(line) <= choice.size.width for line in choice.render().plain.split("\n"))


MANY_FACTS = "[facts]\n" + "".join(
    f'fact_{number} = ["one", "another_one", "a_third_that_is_longer", "and_the_last_of_them"]\n'
    for number in range(9)
)


async def test_with_more_facts_than_fit_the_field_with_the_keys_is_in_sight(
    tmp_path: Path,
) -> None:
    path = desk_under(tmp_path, NEITHER + MANY_FACTS)
    async with opened_board(path, size=(80, 24)) as board:
        form = await begin(board)
        for _ in range(9):
            focused = form.focused
            assert focused is not None
            assert focused.region.height == 2
            assert form.query_one(".form").region.contains_region(focused.region)
            await board.press("2", "tab")
        await board.press("enter")
        assert board.app.screen is board.board
    assert opened(path).fact == {f"fact_{number}": "another_one" for number in range(9)}


async def test_an_option_on_the_second_line_is_chosen_by_a_click(tmp_path: Path) -> None:
    path = desk_under(tmp_path, text_in_the_book("skyltmax"))
    async with opened_board(path, size=(80, 24)) as board:
        form = await begin(board)
        kind = form.query_one("#fact-kind", Choice)
        await board.press("1")
        assert kind.value == "b2b_quote"
        await board.pilot.click(kind, offset=(3, 1))
        assert kind.value is None
        await board.pilot.click(kind, offset=(20, 0))
        assert kind.value == "missing_order"
        await board.pilot.click(kind, offset=(60, 1))
        assert kind.value == "missing_order"

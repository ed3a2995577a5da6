"""The board in the words of the policy in force: badges, filter, forms and help."""

from contextlib import closing
from pathlib import Path

import pytest

from policy.intake.incoming import incoming_ticket
from store.desk import Desk
from store.queue.query import Query
from tests.databases import address_of, made
from tests.own_words import NEITHER, OURS, ours
from tests.tui.boards import NOW, Driver, minutes_ago, opened_board


def filled_with(path: Path, policy: str, *told: dict[str, object]) -> Path:
    """Make a desk under a policy, with tickets of these fields."""
    with closing(Desk.open(made(path), actor="lead", clock=lambda: NOW)) as desk:
        desk.policy.adopt(ours(policy))
        plain = {"customer": "Acme", "received_at": minutes_ago(30)}
        desk.transfer.take_in(
            [
                incoming_ticket({"external_id": number, **plain, **each}, desk.policy.words())
                for number, each in enumerate(told, 1)
            ]
        )
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with a ticket of each tier of customers."""
    return filled_with(
        tmp_path / "desk.db",
        OURS,
        {"subject": "Down", "tier": "standard", "severity": "critical"},
        {"subject": "Slow", "tier": "premium", "severity": 2},
        {"subject": "A question", "tier": "self_support", "severity": "low"},
    )


def rows(board: Driver) -> list[str]:
    """Return the lines of the list, without the spaces between their words."""
    return [" ".join(line.replace("▌", "").split()) for line in board.queue]


async def test_rows_have_its_badges_and_help_says_what_they_mean(path: Path) -> None:
    async with opened_board(path, size=(120, 36)) as board:
        assert [line.split()[:3] for line in rows(board)] == [
            ["1", "sev1", "sta"], ["2", "sev3", "pre"], ["3", "sev4", "sel"],
        ]  # fmt: skip
        assert "sev1   Standard" in board.banner
        await board.press("question_mark")
        page = board.said("_HelpText")
        assert "pre Premium, sta Standard, sel Self support, ours Ours" in page
        assert "tier:premium,standard" in page
        assert "Pre-sales" not in page


async def test_it_is_filtered_by_its_words(path: Path) -> None:
    async with opened_board(path, size=(120, 36)) as board:
        await board.press("slash", *"p:sev4", "enter")
        assert [line.split()[0] for line in rows(board)] == ["sev4"]
        await board.press("escape", "slash", *"p:p0")
        assert "expected sev1, sev2, sev3, sev4, sev5" in board.said(".wrong")


async def test_a_ticket_is_opened_and_its_priority_assigned_in_its_words(path: Path) -> None:
    async with opened_board(path, size=(120, 36)) as board:
        await board.press("n")
        await board.paste("Globex")
        await board.press("tab")
        await board.paste("Fails")
        await board.press("tab", "right", "tab", "c", "enter")
        await board.press("p", "2")
        await board.paste("Why")
        await board.press("enter")
    with closing(Desk.open(address_of(path), actor="lead", clock=lambda: NOW)) as desk:
        queue = desk.queue.page(Query(), 0, None)
    assert {(each.id, each.tier, each.severity, each.priority) for each in queue} == {
        (1, "standard", "critical", "sev2"),
        (2, "premium", 2, "sev3"),
        (3, "self_support", "low", "sev4"),
        (4, "standard", "critical", "sev1"),
    }


async def test_a_digit_is_the_rank_where_no_word_has_one(tmp_path: Path) -> None:
    path = filled_with(tmp_path / "desk.db", NEITHER, {"subject": "Slow"})
    async with opened_board(path, size=(80, 24)) as board:
        await board.press("p", "2")
        await board.paste("Why")
        await board.press("enter")
        assert [line.split()[1] for line in rows(board)] == ["high"]


async def test_a_desk_without_tiers_shows_and_asks_for_none(tmp_path: Path) -> None:
    path = filled_with(tmp_path / "desk.db", NEITHER, {"subject": "Slow"}, {"subject": "Down"})
    async with opened_board(path, size=(80, 24)) as board:
        assert rows(board)[0].startswith("1 low Acme Slow")
        await board.press("n")
        await board.paste("Globex")
        await board.press("tab")
        await board.paste("Fails")
        await board.press("enter")
        assert board.app.screen is board.board
    with closing(Desk.open(address_of(path), actor="lead", clock=lambda: NOW)) as desk:
        new = desk.tickets.get(3)
    assert (new.tier, new.severity, new.priority) == (None, None, "low")

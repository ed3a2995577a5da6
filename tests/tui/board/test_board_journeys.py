"""A support engineer's shift at the board, on a real database under a fixed clock."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from policy.words import OpenedBy, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import (
    NOW,
    Clock,
    Driver,
    board_app,
    filled,
    minutes_ago,
    opened_board,
    small_queue,
)
from tui.environment.keymap import keymap


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return filled(tmp_path / "desk.db", small_queue())


def other(path: Path, actor: str = "gabe") -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=lambda: NOW)


def form(board: Driver) -> str:
    """Return the text of the form that is asked."""
    lines = board.app.screen.query("Static, Label")
    return " ".join(" ".join(str(line.render()).split()) for line in lines)


async def test_the_board_shows_the_number_one_and_why(path: Path) -> None:
    async with opened_board(path) as board:
        assert "NUMBER ONE  #1   p0   Enterprise · Acme" in board.banner
        assert "Instance down for all users" in board.banner
        assert (
            "Next: take it, and send the first answer, a thoughtful one   t  take" in board.banner
        )
        assert "The only p0 in the queue." in board.banner
        assert "respond by 15:10, in 1 h 5 m" in board.banner
        assert "LEVEL 1 · NORMAL   1 declined" in board.header
        assert board.title == "Queue 5 · 5 nobody's · 1 late"
        assert board.header.endswith("14:05 ")
        assert board.rows == ["1 p0", "2 p1", "3 p2", "4 p2", "5 p3"]
        assert board.cursor == 1


async def test_the_columns_have_headings_however_few_tickets_there_are(tmp_path: Path) -> None:
    path = filled(tmp_path / "one.db", small_queue()[:1])
    async with opened_board(path) as board:
        assert "place&#160;tier&#160;customer" in board.app.export_screenshot()
        await board.press("t", "r", "s")
        await board.until(lambda: board.title == "Queue 0")
        await board.settle()
        assert "place&#160;tier" not in board.app.export_screenshot()


async def test_taking_the_number_one_makes_it_mine(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("t")
        assert "#1 is yours." in board.toasts
        assert "mariam has it\nNext: send the first answer" in board.banner
        assert "mariam took it" in board.ticket
        with closing(other(path)) as desk:
            assert desk.tickets.get(1).assignee == "mariam"


async def test_taking_what_somebody_else_has_says_why_not(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.take(1)
    async with opened_board(path) as board:
        await board.press("t")
        assert "Not done #1 is gabe's already" in board.toasts[0]


async def test_a_reply_that_leaves_the_step_to_the_customer_brings_up_the_next_ticket(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        await board.press("r", "p")
        assert "NUMBER ONE  #2" in board.banner
        assert board.cursor == 2
        assert any(toast.startswith("Another number one #2  p1  Globex") for toast in board.toasts)
        with closing(other(path)) as desk:
            assert desk.tickets.get(1).status is Status.PENDING
            assert desk.tickets.get(1).first_response_at == NOW


async def test_a_form_left_with_escape_does_nothing(path: Path) -> None:
    async with opened_board(path) as board:
        before = revision(path)
        for key in ("r", "s", "p", "a", "n", "question_mark", "ctrl+p"):
            await board.press(key)
            assert len(board.app.screen_stack) == 2
            await board.press("escape")
            assert len(board.app.screen_stack) == 1
        assert revision(path) == before


async def test_the_customer_wrote_and_the_status_changes(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("down", "c")
        assert any("#2: the customer wrote" in toast for toast in board.toasts)
        await board.press("s", "h")
        assert "#2 is on hold." in board.toasts
        assert board.cursor == 2
        assert "‖" in board.queue[1], "who waits stays in the queue"
        await board.press("r", "r")
        assert board.cursor == 3


async def test_a_ticket_that_is_owed_is_solved_only_with_a_reason(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("s", "s")
        assert "#1: a customer waits for an answer. Why does nobody need one?" in form(board)
        await board.press("enter")
        assert "Say in a sentence why nobody needs an answer" in form(board)
        await board.press("escape")
        assert len(board.app.screen_stack) == 1
        assert board.cursor == 1
        with closing(other(path)) as desk:
            before = desk.tickets.get(1)
        assert (before.status, before.owed, before.version) == (Status.NEW, True, 1)
        await board.press("s", "s")
        await board.paste("They found it themselves")
        await board.press("enter")
        assert "#1 is solved." in board.toasts
        assert board.cursor == 2
        with closing(other(path)) as desk:
            after, event = desk.tickets.get(1), desk.tickets.history(1)[-1]
        assert (after.status, after.owed) == (Status.SOLVED, False)
        assert (event.kind, event.note) == ("solved_unanswered", "They found it themselves")


async def test_one_that_is_answered_is_solved_without_a_question(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("r", "r", "s", "s")
        assert "#1 is solved." in board.toasts
        assert len(board.app.screen_stack) == 1


async def test_a_priority_needs_a_reason_and_moves_the_ticket_with_the_cursor(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("G", "p", "0", "enter")
        assert len(board.app.screen_stack) == 2
        await board.paste("They cannot ship")
        await board.press("enter")
        assert board.cursor == 5
        assert board.rows[:2] == ["1 p0", "2 p0"]
        assert board.queue[0].startswith("▌")
        assert "They cannot ship" in board.ticket
        with closing(other(path)) as desk:
            assigned = desk.tickets.get(5).assigned_priority
            assert assigned is not None
            assert (assigned.priority, assigned.rests_on) == ("p0", PriorityInput.CUSTOMER)


async def test_assigning_to_somebody_and_to_nobody(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("a")
        await board.paste("gabe")
        await board.press("enter")
        assert "#1 is gabe's now." in board.toasts
        await board.press("a")
        await board.paste("nobody")
        await board.press("enter")
        assert "#1 is nobody's now." in board.toasts
        await board.press("a", "enter")
        assert "#1 is mariam's now." in board.toasts, "never nobody at first"


async def test_a_new_ticket_says_live_what_intake_decides(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("n")
        await board.paste("Wayne")
        await board.press("tab")
        await board.paste("Nobody can log in")
        await board.press("tab", "f", "tab", "0")
        assert "→ p0" in said(board)
        await board.press("shift+tab", "p")
        assert "→ declined  Tier 1 support is no longer offered" in said(board)
        await board.press("tab", "tab", "a")
        assert "→ p0" in said(board)
        await board.press("enter")
        assert len(board.app.screen_stack) == 1
        with closing(other(path)) as desk:
            opened = desk.tickets.get(7)
        assert (opened.customer, opened.subject) == ("Wayne", "Nobody can log in")
        assert (opened.tier, opened.severity, opened.opened_by, opened.source) == (
            "presales", 0, OpenedBy.CE, "numberone",
        )  # fmt: skip
        assert "#7 is open as p0." in board.toasts


async def test_a_new_ticket_without_a_subject_is_not_sent(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("n", "enter")
        assert "! customer: missing; say who reports it" in said(board)
        await board.paste("Wayne")
        await board.press("enter")
        assert "! subject: missing; say what it is, in a line" in said(board)
        assert len(board.app.screen_stack) == 2


async def test_the_declined_have_their_reason_and_a_reply_to_copy(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("x")
        assert board.cursor == 6
        assert "Why it was declined" in board.ticket
        assert "Hello Art," in board.ticket
        await board.press("y", "r")
        assert board.app.clipboard.startswith("Hello Art,")
        await board.press("x")
        assert board.cursor == 1


async def test_the_filter_follows_what_is_typed(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("slash")
        await board.paste("p:p2")
        assert board.rows == ["p2 ent", "p2 ent"]
        await board.paste(" zzz")
        assert "Nothing matches." in "".join(board.queue)
        await board.press("escape")
        assert len(board.queue) == 5
        await board.press("slash")
        await board.paste("colour:red")
        assert "colour" in str(board.app.board.query_one("FilterBar .wrong").render())
        await board.press("enter")
        assert board.app.board.has_class("-filtering")
        await board.press("escape")
        assert len(board.queue) == 5


async def test_a_person_of_the_team_shows_what_they_are_assigned(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.take(4)
    async with opened_board(path) as board:
        await board.press("3", "enter")
        assert board.cursor == 4
        assert len(board.queue) == 1
        await board.press("escape")
        assert len(board.queue) == 5


async def test_what_another_process_changes_appears_by_itself_and_the_cursor_stays_on_its_ticket(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        await board.press("j", "j", "j")
        assert board.cursor == 4
        with closing(other(path)) as desk:
            desk.tickets.assign_priority(5, "p0", reason="x", rests_on=PriorityInput.CONTRACT)
            desk.tickets.reply(2, Status.SOLVED)
        await board.until(lambda: board.title.startswith("Queue 4"))
        await board.settle()
        assert board.cursor == 4
        assert board.queue[3].startswith("▌")


async def test_the_cursor_stays_in_its_row_when_its_ticket_leaves(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("j", "j")
        with closing(other(path)) as desk:
            desk.tickets.reply(3, Status.SOLVED)
        await board.until(lambda: board.title.startswith("Queue 4"))
        await board.settle()
        assert board.cursor == 4
        assert board.queue[2].startswith("▌")


async def test_time_alone_counts_down_and_warns(path: Path) -> None:
    clock = Clock()
    async with opened_board(path, clock=clock) as board:
        clock.now = NOW + timedelta(minutes=52)
        await board.until(lambda: "! in 13 m" in board.banner)
        await board.until(lambda: any(toast.startswith("Due in 13 m #1") for toast in board.toasts))
        assert board.header.endswith("14:57 ")
        clock.now = NOW + timedelta(minutes=66)
        await board.until(lambda: "! 1 m late" in board.banner)
        await board.until(lambda: not any(each.startswith("Due in") for each in board.toasts))


async def test_a_thousand_tickets_are_drawn_a_screen_at_a_time(tmp_path: Path) -> None:
    many = [incoming(number, received_at=minutes_ago(number % 300)) for number in range(1, 1001)]
    async with opened_board(filled(tmp_path / "desk.db", many)) as board:
        await board.press("end")
        assert board.rows[-1] == "1000 p2"
        await board.press("pageup", "pageup", "home", "pagedown", "down")
        assert board.queue[-1].startswith("▌")
        await board.press("g")
        assert board.rows[0] == "1 p2"


async def test_every_size_is_drawn_and_narrow_ones_show_one_pane(path: Path) -> None:
    async with opened_board(path, size=(80, 24)) as board:
        panes = board.app.board.panes
        assert panes.list.region.width > 70
        assert not panes.team.region
        await board.press("3")
        assert panes.team.region.width > 70
        await board.press("tab", "enter")
        assert panes.text.region.width > 70
        for size in ((40, 10), (20, 5), (1, 1), (100, 30), (160, 45)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
        assert panes.list.region
        assert panes.text.region
        assert panes.team.region


async def test_an_empty_queue_is_a_friendly_sentence(tmp_path: Path) -> None:
    async with opened_board(filled(tmp_path / "desk.db", [])) as board:
        assert "Nobody is waiting for us." in "".join(board.queue)
        assert "Nobody is waiting for us." in board.banner
        await board.press("t")
        assert "Not done there is no ticket under the cursor" in board.toasts
        await board.press("x")
        assert "No ticket is declined." in "".join(board.queue)


async def test_the_mouse_moves_the_cursor_and_uses_the_footer(path: Path) -> None:
    async with opened_board(path) as board:
        await board.pilot.click("TicketList", offset=(5, 2))
        await board.settle()
        assert board.cursor == 3
        await board.pilot.click("Footer", offset=(board.footer.index("t take"), 0))
        await board.settle()
        assert "#3 is yours." in board.toasts


async def test_keys_from_the_config_file(path: Path) -> None:
    keys = keymap({"take": "a", "assign": ["t", ","], "theme": "f9"}, Path("config.toml"))
    async with opened_board(path, keys=keys) as board:
        await board.press("a")
        assert "#1 is yours." in board.toasts
        assert " a take" in board.footer
        await board.press("comma")
        assert len(board.app.screen_stack) == 2
        await board.press("escape", "t")
        assert len(board.app.screen_stack) == 2


async def test_the_theme_is_remembered(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("T")
        assert board.app.theme == "numberone-light"
        assert (path.parent / "state" / "theme").read_text() == "numberone-light\n"


async def test_the_palette_finds_a_command_and_says_why_one_cannot_be_used(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("colon")
        await board.paste("light")
        await board.press("enter")
        await board.until(lambda: board.app.theme == "numberone-light")


async def test_a_database_that_stops_answering_is_one_line_and_is_asked_again(path: Path) -> None:
    async with opened_board(path) as board:
        link = board.app.board.client
        desk, link.desk = link.desk, Unanswering()  # type: ignore[assignment] # the disk went away
        await board.until(lambda: "no answer from the database" in board.header)
        await board.press("t")
        assert "Not done the database does not answer yet" in board.toasts
        link.desk = desk
        await board.until(lambda: "LEVEL 1" in board.header)


class Unanswering:
    """A desk whose database went away."""

    actor = "mariam"

    def now(self) -> object:
        raise OSError("the disk is gone")


@pytest.mark.on_files("what lies there is a text")
async def test_a_database_that_cannot_be_opened_ends_the_board_with_its_reason(
    tmp_path: Path,
) -> None:
    (tmp_path / "desk.db").write_text("this is no database, but a text of some length\n" * 100)
    app = board_app(tmp_path / "desk.db")
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.return_value is not None
    assert "desk.db" in app.return_value.reason


def said(board: Driver) -> str:
    return str(board.app.screen.query_one(".said").render())


def revision(path: Path) -> int:
    with closing(other(path)) as desk:
        assert desk.queue.total(Query(scope=Scope.ALL)) > 0
        return desk.history.revision()

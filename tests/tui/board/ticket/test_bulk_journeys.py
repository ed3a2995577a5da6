"""Work in bulk and in a hurry at the board: marks, merging, splitting, going to, copying."""

import webbrowser
from contextlib import closing
from pathlib import Path

import pytest

from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Driver, filled, minutes_ago, opened_board, small_queue
from tests.tui.teams import nine_in_a_room, staffed, waiting

HOSTILE = "[/] **bold** `code` <b>\x1b[31m \u202etxt | [link](https://example.com)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with the small queue, and two more tickets of Acme: one open, one solved."""
    more = [
        incoming(
            7, subject=HOSTILE, received_at=minutes_ago(20), url="https://desk.example.com/7?a=b"
        ),
        incoming(8, subject="Old", status="solved", received_at=minutes_ago(900),
                 first_response_at=minutes_ago(800)),
    ]  # fmt: skip
    return filled(tmp_path / "desk.db", [*small_queue(), *more])


def other(path: Path, actor: str = "gabe") -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=lambda: NOW)


def marks(board: Driver) -> list[bool]:
    return ["✓" in line[:6] for line in board.queue]


def title(board: Driver) -> str:
    return board.app.board.query_one("#queue").render_line(0).text


def form(board: Driver) -> str:
    lines = board.app.screen.query("Static, Label")
    return " ".join(" ".join(str(line.render()).split()) for line in lines)


# Marks


async def test_marks_are_tied_to_tickets_and_survive_another_order_and_filters(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        await board.press("down", "space", "space")
        assert marks(board) == [False, True, True, False, False, False]
        assert board.cursor == 4
        assert "late · 2 marked" in title(board)
        assert "take" in board.footer
        assert "draft" in board.footer
        with closing(other(path)) as desk:
            desk.tickets.reply(1, Status.PENDING)
        await board.until(lambda: len(board.queue) == 5)
        assert marks(board) == [True, True, False, False, False]
        await board.press("slash")
        await board.paste("tier:free")
        await board.press("enter")
        assert marks(board) == [False]
        assert "2 marked" in title(board)
        await board.press("space")
        assert marks(board) == [True]
        await board.press("space")
        assert "2 marked" in title(board)
        await board.press("escape")
        assert "marked" not in title(board)
        assert "tier:free" in title(board)
        await board.press("escape")
        assert marks(board) == [False] * 5


async def test_all_marked_are_assigned_at_once_and_it_says_so_before_and_after(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        await board.press("space", "space", "space", "a")
        assert form(board).startswith("Assign 3 tickets")
        await board.paste("gabe")
        await board.press("enter")
        assert "3 tickets are gabe's now: #1, #2, #3." in board.toasts
        assert "marked" not in title(board)
        with closing(other(path)) as desk:
            assignees = [desk.tickets.get(number).assignee for number in (1, 2, 3, 4)]
            assert assignees == ["gabe"] * 3 + [None]


async def test_one_that_refuses_leaves_all_as_they_were_and_marked(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.take(2)
    async with opened_board(path) as board:
        await board.press("space", "space", "t")
        assert "Not done #2 is gabe's already" in board.toasts[-1]
        assert "2 marked" in title(board)
        with closing(other(path)) as desk:
            assert desk.tickets.get(1).assignee is None
        await board.press("up", "space", "t")
        assert "1 ticket is yours: #1." in board.toasts


async def test_all_marked_get_a_status(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("space", "space", "s")
        assert form(board).startswith("Status of 2 tickets. Whose step is next?")
        await board.press("h")
        assert "2 tickets are on hold: #1, #2." in board.toasts
        assert board.rows[:2] == ["1 p0‖ent", "2 p1‖ent"], "who waits stays in the queue"
        assert len(board.rows) == 6
        with closing(other(path)) as desk:
            desk.tickets.reply(1)
            desk.tickets.reply(2)
        await board.until(lambda: len(board.rows) == 4)


async def test_marked_ones_that_are_owed_are_ended_with_a_reason_only(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.reply(1)
    async with opened_board(path) as board:
        await board.press("space", "space", "s", "s")
        assert form(board).startswith("2 tickets: a customer waits for an answer. Why does nobody")
        await board.press("escape")
        assert len(board.rows) == 6
        assert "2 marked" in title(board)
        await board.press("s", "s")
        await board.paste("The outage is over")
        await board.press("enter")
        assert "2 tickets are solved: #1, #2." in board.toasts
        assert len(board.rows) == 4
        with closing(other(path)) as desk:
            told = [desk.tickets.history(number)[-1] for number in (1, 2)]
        assert [(each.kind, each.note) for each in told] == [
            ("status_changed", ""), ("solved_unanswered", "The outage is over"),
        ]  # fmt: skip


async def test_drafts_to_all_marked_are_shown_to_be_sent(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(6))
    async with opened_board(path) as board:
        await board.press("space", "space", "D")
        assert board.waits[0].startswith("To tell 2")
        await board.press("m")
        await board.until(lambda: "Before 1" in board.waits)
        assert board.waits[0].startswith("To tell 1")
        await board.press("escape", "home", "D")
        assert board.waits[0].startswith("To tell 1")
        assert "Before 1" in board.waits
        with closing(other(path, "mariam")) as desk:
            desk.tickets.reply(1, Status.PENDING)
        await board.press("escape", "number_sign", "1", "enter", "space", "g", "space", "D")
        assert "No customer waits for us in 1 of them." in board.toasts


async def test_without_a_team_there_is_nobody_to_tell_of(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("D")
        assert "Not done there is no team yet, so nobody's arrival can be told" in board.toasts


async def test_who_may_not_change_tickets_may_not_change_several(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(3))
    async with opened_board(path, actor="erin") as board:
        await board.press("escape")  # out of the engineer's view
        for key in ("t", "a", "s", "D", "m", "S"):
            await board.press("space", key)
            assert "Not done erin is an engineer" in board.toasts[-1]
            assert len(board.app.screen_stack) == 1


# Merging and splitting


async def test_a_duplicate_is_merged_into_one_of_the_customers_other_tickets(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("number_sign", "7", "enter", "m")
        assert "Merge #7 into which ticket?" in form(board)
        assert "the customer waits in #1 from then on" in form(board)
        await board.press("enter")
        assert "#7 is merged into #1, where the customer waits now." in board.toasts
        assert len(board.queue) == 5
        await board.press("home")
        assert "merged #7 into it" in board.ticket
        with closing(other(path)) as desk:
            assert desk.tickets.get(7).merged_into == 1
        await board.press("m", "2", "enter")
        assert "! #1 is Acme's and #2 is Globex's" in form(board)


async def test_a_merge_into_a_number_that_is_typed_or_none(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("down", "m")
        assert "Globex has no other ticket that is open" in form(board)
        await board.press("enter")
        assert "number: missing" in form(board)
        await board.press("escape")
        await board.press("home", "m", "8", "enter")
        assert "#1 is merged into #8, where the customer waits now." in board.toasts
        await board.until(lambda: any("Old" in line for line in board.queue))


async def test_a_mixed_ticket_is_split(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("S", "enter")
        assert "subject: missing" in form(board)
        await board.paste("And the bill")
        await board.press("tab", "2", "tab")
        await board.paste("Too high.")
        await board.press("shift+tab", "enter")
        assert "#9 is split off from #1 as p2." in board.toasts
        assert "split #9 off from it" in board.ticket
        with closing(other(path)) as desk:
            new = desk.tickets.get(9)
            assert (new.subject, new.severity, new.split_from) == (
                "And the bill", 2, 1,
            )  # fmt: skip
            assert desk.tickets.card(9).body == "Too high."


# Going to a ticket, copying, opening


async def test_going_to_a_number(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("slash")
        await board.paste("tier:free")
        await board.press("enter", "number_sign")
        await board.paste("#3")
        await board.press("enter")
        assert board.cursor == 3
        assert "Queue 6" in title(board)
        await board.press("number_sign")
        await board.paste("test:8")
        await board.press("enter")
        assert board.cursor == 8
        assert len(board.queue) == 1
        assert "number:8" in title(board)
        assert "Old" in board.ticket
        await board.press("number_sign")
        await board.paste("99")
        await board.press("enter")
        assert '! "99": no such ticket' in form(board)
        await board.press("escape", "escape")
        assert len(board.queue) == 6


async def test_going_far_down_a_long_queue(tmp_path: Path) -> None:
    tickets = [incoming(number, received_at=minutes_ago(2000 - number)) for number in range(1, 900)]
    path = filled(tmp_path / "desk.db", tickets)
    async with opened_board(path) as board:
        await board.press("number_sign")
        await board.paste("700")
        await board.press("enter")
        assert board.cursor == 700
        assert any(line.startswith("▌700 p2") for line in board.queue)
        await board.press("down")
        assert board.cursor == 701
        await board.press("g")
        assert board.cursor == 1


async def test_copying_number_link_and_summary(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("y", "n")
        assert board.app.clipboard == "#1"
        assert board.toasts[-1].startswith("The number is copied, ")
        await board.press("number_sign")
        await board.paste("7")
        await board.press("enter", "y", "l")
        assert board.app.clipboard == "https://desk.example.com/7?a=b"
        await board.press("y", "s")
        assert board.app.clipboard.startswith(
            "#7 p2 Acme (Enterprise) · [/] **bold** `code` <b>␛[31m"
        )
        assert board.app.clipboard.endswith(
            " · new, nobody has it, respond by 21:45 · https://desk.example.com/7?a=b"
        )


async def test_opening_the_link_near_and_over_ssh(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002 - webbrowser's own
            opened.append(url)
            return True

    monkeypatch.setattr(webbrowser, "get", lambda: Browser("test"))
    monkeypatch.setenv("DISPLAY", ":0")
    async with opened_board(path) as board:
        await board.press("O")
        assert "Not done #1 came without a link" in board.toasts
        await board.press("number_sign", "7", "enter", "O")
        assert opened == ["https://desk.example.com/7?a=b"]
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 22")
        await board.press("O")
        assert len(opened) == 1
        assert board.app.clipboard == "https://desk.example.com/7?a=b"
        assert any("No browser can be seen from here; the link is copied" in each
                   for each in board.toasts)  # fmt: skip


# Saved filters


async def test_a_filter_is_saved_picked_and_removed(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("f")
        assert "Nothing is saved yet" in form(board)
        await board.press("escape", "slash")
        await board.paste("p:p2")
        await board.press("enter", "f")
        await board.paste("twos")
        await board.press("enter")
        assert "@twos is saved; numberone list @twos knows it too." in board.toasts
        await board.press("escape")
        assert len(board.queue) == 6
        await board.press("f", "enter")
        assert len(board.queue) == 3
        assert "p:p2" in title(board)
        await board.press("f", "d")
        assert "d once more removes twos" in form(board)
        await board.press("d")
        assert "@twos is removed; it was: p:p2" in board.toasts
        await board.press("f")
        assert "now p:p2" in form(board)


# The end of a shift


async def test_the_note_is_read_copied_and_saved_without_overwriting(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(other(path, "mariam")) as desk:
        desk.tickets.take_each([1, 7])
        desk.tickets.reply(1, Status.PENDING)
    async with opened_board(path) as board:
        await board.press("N")
        note = board.said("#note-text")
        assert note.startswith("Hand-over: mariam")
        assert "#7 · p2 · Acme (Enterprise) · [/] **bold** `code` <b>␛[31m" in note
        assert "Pending: the next step is the customer's (1)" in note
        await board.press("y")
        assert board.app.clipboard.startswith("# Hand-over: mariam\n")
        assert "\\[/\\] \\*\\*bold\\*\\*" in board.app.clipboard
        await board.press("s", "enter")
        file = tmp_path / "handover-mariam-2026-03-04.md"
        assert file.read_text(encoding="utf-8") == board.app.clipboard
        assert f"The note is in {file}." in board.toasts
        file.write_text("mine", encoding="utf-8")
        await board.press("s", "enter")
        assert "handover-mariam-2026-03-04.md exists already." in form(board)
        await board.press("k")
        assert file.read_text(encoding="utf-8") == "mine"
        await board.press("s", "enter", "o")
        assert file.read_text(encoding="utf-8") == board.app.clipboard
        await board.press("s")
        await board.press(*["backspace"] * 200)
        await board.paste(str(tmp_path / "nowhere" / "note.md"))
        await board.press("enter")
        assert "cannot be written" in form(board)


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (160, 45)])
async def test_every_form_opens_and_closes_at_every_size(path: Path, size: tuple[int, int]) -> None:
    async with opened_board(path, size=size) as board:
        for key in ("m", "S", "y", "number_sign", "f", "N"):
            await board.press(key)
            assert len(board.app.screen_stack) == 2, key
            await board.press("escape")
            assert len(board.app.screen_stack) == 1, key

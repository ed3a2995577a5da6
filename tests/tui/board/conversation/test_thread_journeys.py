"""The conversation on the board: first in the ticket's pane, whole on a screen of its own."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest

from policy.conversation.messages import ConversationMessage, MessageState
from policy.intake.conversation import MessageRole
from policy.intake.incoming import IncomingTicket
from policy.words import Status
from store.desk import Desk
from store.tickets.card import EVENTS_ON_A_CARD
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Driver, filled, opened_board, small_queue
from tests.tui.conversations import CUSTOMER, US, Connected, attach, pane
from tui.board.conversation.conversation_screen import ConversationScreen
from tui.board.conversation.thread_lines import ThreadLook, thread_lines


def whole(board: Driver) -> ConversationScreen:
    """Return the whole conversation that is read."""
    screen = board.app.screen
    assert isinstance(screen, ConversationScreen)
    return screen


def seen(board: Driver) -> list[str]:
    """Return the lines of the whole conversation that are on the screen."""
    thread = whole(board).thread
    return [thread.render_line(y).text.strip() for y in range(thread.page_height)]


async def test_the_customers_words_come_first(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        said = pane(board)
        order = [
            said.index(each)
            for each in (
                "ada@acme.example · 10 m ago",
                "the same error again",
                "attached: search.log, text/plain, 4.4 kB",
                "Before that",
                "a program",
                "internal note",
                "our answer",
                "It began at half past one.",
                "Why here",
                "Next",
                "What the policy says",
                "Facts",
                "respond by",
                "History",
            )
        ]
        assert order == sorted(order)
        assert "Description" not in said


def more() -> list[IncomingTicket]:
    """Return two tickets like the first, received a minute after each other."""
    return [incoming(number, received_at=NOW + timedelta(minutes=number)) for number in (2, 3)]


async def test_facts_are_folded_and_unfold(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        assert "opened by, reference: F unfolds" in pane(board)
        assert "opened by the customer" not in pane(board)
        await board.press("F")
        assert "opened by the customer" in pane(board)
        assert "unfolds" not in pane(board)


async def test_a_long_history_is_read_further_as_one_goes_down(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with closing(Desk.open(address_of(path), actor="mo", clock=lambda: NOW)) as desk:
        for number in range(EVENTS_ON_A_CARD + 260):
            desk.tickets.assign(1, f"p{number}")
    async with opened_board(path) as board:
        assert "… 261 more events before these" in pane(board)
        await board.press("2", "G")
        assert "… 61 more events before these" in pane(board)
        await board.press("G")
        assert "took it in from" in pane(board)
        assert "more event" not in pane(board)
        assert pane(board).count("mo assigned it to") == EVENTS_ON_A_CARD + 260
        with closing(Desk.open(address_of(path), actor="mo", clock=lambda: NOW)) as desk:
            desk.tickets.assign(1, "last")
        await board.until(lambda: "mo assigned it to last" in pane(board))
        assert pane(board).count("mo assigned it to") == EVENTS_ON_A_CARD + 261


async def test_a_step_that_was_refused_for_good_is_shown(both: Connected) -> None:
    both.there.refuses = "It may not be written to."
    with closing(both.opened()) as desk:
        desk.tickets.set_status(2, Status.ON_HOLD)
    both.round()
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("G")
        assert "! desk did not take the status: It may not be written to. Set it" in pane(board)


async def test_quotations_are_folded_and_unfold(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        assert "6 quoted lines, F unfolds" in pane(board)
        assert "> Dear Ada" not in pane(board)
        await board.press("F")
        assert "> Dear Ada," in pane(board)
        await board.press("F")
        assert "> Dear Ada," not in pane(board)


async def test_without_a_conversation_the_description_comes_first(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", [incoming(1, body="It is down.\n\nSince nine."), *more()])
    async with opened_board(path) as board:
        said = pane(board)
        assert "Before that" not in said
        order = [said.index(each) for each in ("Since nine.", "Why here", "Next", "Facts")]
        assert order == sorted(order)
        assert "behind Nothing: it is the first." in said
        await board.press("j")
        assert "Nothing was written in it." in pane(board)
        assert "behind Both are p2; #1 is due" in pane(board)
        assert "before Both are p2; #2 is due" in pane(board)
        await board.press("k")
        await board.press("V")
        assert whole(board).footer() == ("reply", "fold_quotes", "attachments", "back")
        await board.press("escape")
        assert board.app.screen is board.board


async def test_the_whole_conversation_is_read_by_the_keys_of_every_page(both: Connected) -> None:
    for number in range(60):
        both.later(minutes=1)
        both.there.now = both.now
        both.there.says("1", CUSTOMER if number % 2 else US, f"Message {number}.\n" * 5)
    both.round()
    async with opened_board(both.path, clock=both.clock, size=(80, 24)) as board:
        assert "earlier: V shows it all" in board.ticket
        await board.press("V")
        assert "Message 59." in seen(board)[1]
        await board.press("pagedown", "j")
        assert "Message 59." not in "".join(seen(board))
        await board.press("G")
        assert "It began at half past one." in "".join(seen(board))
        await board.press("home")
        assert "Message 59." in seen(board)[1]


async def test_words_of_a_conversation_are_found(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("slash", *"search node", "enter")
        assert len(board.rows) == 1
        assert board.cursor == 1


async def test_what_is_hostile_is_shown_and_not_obeyed(both: Connected) -> None:
    both.there.says("1", CUSTOMER, "[red]x[/] \x1b[31m \u202etxt", author="[@click=app.quit]x")
    attach(both.there, "1", "a\u202e\x1b[2Jb.txt", b"x")
    both.round()
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("V")
        shown = "\n".join(seen(board))
        assert "[red]x[/] ␛[31m ⟨U+202E⟩txt" in shown
        assert "[@click=app.quit]x" in shown
        assert "\x1b" not in shown


# Attachments


async def test_an_attachment_is_saved_where_it_is_said_and_never_over_another(
    both: Connected, tmp_path: Path
) -> None:
    there = tmp_path / "files"
    there.mkdir()
    (there / "mine.log").write_bytes(b"mine")
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("A", "f2")
        assert "Only you can read it there" in board.said(".said")
        await board.press(*["backspace"] * 120)
        await board.paste(str(there / "mine.log"))
        await board.press("enter")
        await board.until(lambda: any("It is in" in each for each in board.toasts))
        assert "mine (2).log" in board.toasts[-1]
    saved = there / "mine (2).log"
    assert saved.read_bytes() == b"error: pool exhausted\n" * 200
    assert saved.stat().st_mode & 0o777 == 0o600
    assert (there / "mine.log").read_bytes() == b"mine"


async def test_where_nothing_can_be_shown_it_is_said_where_the_file_is(
    both: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("A", "enter")
        await board.until(lambda: any("nothing can be shown" in each for each in board.toasts))
    (kept,) = (both.path.parent / "state" / "attachments" / "1").iterdir()
    assert kept.name == "search.log"


async def test_what_could_run_is_never_opened(both: Connected) -> None:
    attach(both.there, "1", "../../start.desktop", b"[Desktop Entry]")
    both.there.feed.append("1")
    both.there.says("1", CUSTOMER, "See this.")
    attach(both.there, "1", "../../start.desktop", b"[Desktop Entry]")
    both.round()
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("A", "enter")
        assert any("never opened from here" in each for each in board.toasts)
        await board.press("escape")
    assert not (both.path.parent / "state" / "attachments").exists()


async def test_a_file_that_does_not_come_is_one_line(
    both: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBERONE_DESK_TOKEN")
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("A", "enter")
        await board.until(lambda: any("not logged in to desk" in each for each in board.toasts))


async def test_where_nothing_is_attached_that_is_said(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("j", "A")
        assert "nothing is attached to any message of #2" in board.toasts[-1]


# A very long thread


def long_thread(messages: int, characters: int) -> tuple[ConversationMessage, ...]:
    """Return many long messages."""
    text = ("It failed again, and nobody knows why. " * 30 + "\n> quoted\n> more\n> yet more\n") * (
        characters // 1200 + 1
    )
    return tuple(
        ConversationMessage(
            id=number,
            ticket=1,
            at=NOW + timedelta(minutes=number),
            author="ada",
            name="Ada",
            role=MessageRole.CUSTOMER,
            public=True,
            text=text[:characters],
            state=MessageState.RECEIVED,
        )
        for number in range(messages, 0, -1)
    )


def test_no_more_lines_are_made_than_are_asked_for() -> None:
    look = ThreadLook(now=NOW, zone=None, cells=70, folded=True, fold_key="F")
    lines = thread_lines(long_thread(5_000, 40_000), look)
    began = perf_counter()
    first = [next(lines).plain for _ in range(40)]
    assert "Ada" in first[0]
    assert perf_counter() - began < 1, "two hundred million characters are not looked at"


def test_lines_that_a_mail_program_broke_are_whole_again_and_a_log_keeps_its_own() -> None:
    prose = "we restarted the search node twice and it came back for ten minutes only"
    log = "2026-03-04 13:45:01 worker 7 died while it held the lock of the main queue"
    look = ThreadLook(now=NOW, zone=None, cells=40, folded=True, fold_key="F")
    (message,) = long_thread(1, 1)
    message = replace(message, text=f"{prose}\nand then failed.\n{log}\nand no more")

    def drawn(cells: int) -> list[str]:
        lines = thread_lines([message], replace(look, cells=cells))
        return [line.plain.removeprefix("┃ ") for line in lines][1:]

    assert drawn(40)[:3] == [
        "we restarted the search node twice and",
        "it came back for ten minutes only and",
        "then failed.",
    ]
    assert drawn(40)[-1] == "and no more"
    assert drawn(100) == [prose, "and then failed.", log, "and no more"]


async def test_a_key_costs_no_more_in_a_long_thread(both: Connected) -> None:
    with closing(both.opened()) as desk:
        for number in range(40):
            desk.conversation.note(1, f"{number} " + "It failed again. " * 3_000)
    async with opened_board(both.path, clock=both.clock) as board:
        text = board.board.panes.text.text
        thread_in_pane, _, _ = text.partition("Why here")
        assert 300 < len(thread_in_pane.splitlines()) < 400
        await board.press("V")
        thread = whole(board).thread
        assert len(thread.lines) < 300
        await board.press("j")
        assert len(thread.lines) < 300


async def test_the_past_is_read_and_not_answered(both: Connected) -> None:
    both.later(minutes=30)
    with closing(both.opened()) as desk:
        desk.conversation.answer(1, "Later words.")
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("P", *"10m", "enter")
        await board.until(lambda: board.board.past is not None)
        assert "the same error again" in pane(board)
        await board.press("V")
        assert "Later words." not in "".join(seen(board))
        assert "Thank you, that is quick." in "".join(seen(board))
        await board.press("r")
        assert any("the past is for looking only" in each for each in board.toasts)

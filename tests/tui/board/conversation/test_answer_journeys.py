"""An answer is written on the board: under the thread, sent, taken back, refused, or kept."""

from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from policy.conversation.canned import CannedAnswer
from policy.conversation.messages import MessageState
from policy.words import Status
from store.desk import Desk
from store.presence import AtTicket, Doing
from tests.databases import address_of
from tests.tui.boards import Driver, filled, opened_board, small_queue
from tests.tui.conversations import CUSTOMER, WROTE_AGAIN, Connected, pane
from tui.actions.conversation_actions import HOLD_SECONDS
from tui.board.change_follower import CompanyChanged
from tui.board.conversation.answer_screen import AnswerScreen
from tui.board.conversation.conversation_screen import ConversationScreen
from tui.board.conversation.sending_line import SendingLine


def editor(board: Driver) -> AnswerScreen:
    """Return the answer that is written."""
    screen = board.app.screen
    assert isinstance(screen, AnswerScreen)
    return screen


def texts(both: Connected, ticket: int = 1) -> list[tuple[str, bool, str]]:
    """Return what of ours was written here in a ticket: its text, whether public, how far it is."""
    with closing(both.opened()) as desk:
        return [
            (each.text, each.public, each.state)
            for each in desk.conversation.of(ticket)
            if each.author == "mariam"
        ]


def draft(both: Connected, actor: str = "mariam") -> str | None:
    """Return what somebody has begun to write in the number one."""
    with closing(both.opened(actor)) as desk:
        found = desk.conversation.draft(1)
    return None if found is None else found.text


def sending(board: Driver) -> str:
    """Return the line that counts down, empty where nothing waits."""
    line = board.board.query_one(SendingLine)
    line.draw()
    return str(line.render()) if line.display else ""


async def test_an_answer_goes_out_after_ten_seconds_with_its_status(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        assert "the customer reads it" in board.said("#answer-rule")
        await board.paste("Dear Ada,\n\nwe have found it.")
        await board.press("f2")
        assert texts(both) == []
        await board.press("p")
        assert board.app.screen is board.board
        assert sending(board) == "◷ #1 answered, pending: sending in 10 s, z takes it back"
        both.later(seconds=4)
        assert both.round().sent == 0, "not before the ten seconds are over"
        assert "sending in  6 s" in sending(board)
        both.later(seconds=7)
        assert sending(board) == ""
        assert both.round().sent == 1
        assert both.there.texts("1")[-1] == "Dear Ada,\n\nwe have found it."
        assert both.there.tickets["1"].status == Status.PENDING
    assert texts(both) == [("Dear Ada,\n\nwe have found it.", True, MessageState.SENT)]


async def test_what_has_gone_out_is_said_without_anything_else_happening(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("On it.")
        await board.press("f2", "r")
        assert "our answer · on its way" in pane(board)
        both.later(seconds=HOLD_SECONDS)
        both.round()
        await board.until(lambda: "on its way" not in pane(board))
        assert "our answer" in pane(board)


async def test_undo_takes_it_back_and_its_words_are_the_draft(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("Too quick.")
        await board.press("f2", "p", "z")
        assert sending(board) == ""
        assert any("Its words are the draft again" in each for each in board.toasts)
        both.later(seconds=HOLD_SECONDS + 1)
        assert both.round().sent == 0
        await board.press("r")
        assert editor(board).written.text == "Too quick."
        assert "is back" in board.said("#answer-said")
    with closing(both.opened()) as desk:
        assert desk.tickets.get(1).owed


async def test_undo_is_offered_for_the_answer_only_while_it_is_the_last_thing_done(
    both: Connected,
) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("On it.")
        await board.press("f2", "r", "t")
        assert sending(board) == f"◷ #1 answered, open: sending in {HOLD_SECONDS} s"
        await board.press("z")
        assert "answered" in sending(board)


async def test_leaving_the_board_meanwhile_says_that_it_goes_out(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("On it.")
        await board.press("f2", "p")
        both.later(seconds=3)
        said = board.app.board.sending.parting_words()
        assert said is not None
        assert said.startswith("The answer to #1 goes out in 7 s")
        assert all(len(line) <= 80 for line in said.splitlines())
        both.later(seconds=7)
        assert board.app.board.sending.parting_words() is None
    assert both.round().sent == 1


async def test_an_internal_note_is_told_apart_and_answers_nobody(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r", "f3")
        assert "Internal note: only we read it" in board.said("#answer-rule")
        assert editor(board).has_class("-internal")
        await board.paste("Ask the vendor.")
        await board.press("f3", "f3", "f2")
        assert "solved" not in board.said("_Options")
        await board.press("h")
        both.later(seconds=HOLD_SECONDS)
        both.round()
    assert texts(both) == [("Ask the vendor.", False, MessageState.SENT)]
    assert [each.public for each in both.there.tickets["1"].messages][-1] is False
    with closing(both.opened()) as desk:
        ticket = desk.tickets.get(1)
    assert (ticket.owed, ticket.status) == (True, Status.ON_HOLD)


async def test_a_paste_of_two_hundred_lines_is_kept_whole(both: Connected) -> None:
    text = "\n".join(f"{number:03}: ünï\tcode" for number in range(200))
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste(text.replace("\n", "\r\n"))
        assert editor(board).written.text == text
        await board.press("f2", "r")
    assert texts(both)[0][0] == text


async def test_esc_keeps_the_draft_over_a_restart_for_its_writer_alone(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r", "f3")
        await board.paste("Half a th")
        await board.press("escape")
        assert "#1: the draft is kept." in board.toasts[-1]
        await board.until(lambda: "You have begun an answer: r goes on" in pane(board))
    assert draft(both, "gabe") is None
    async with opened_board(both.path, clock=both.clock, actor="gabe") as board:
        await board.press("r")
        assert editor(board).written.text == ""
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        assert (editor(board).written.text, editor(board).public) == ("Half a th", False)
        await board.press(*["backspace"] * 9, "escape")
    assert draft(both) is None


async def test_what_is_written_is_kept_while_it_is_written(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("A power cut would")
        editor(board)._keep()
        await board.settle()
        assert draft(both) == "A power cut would"


async def test_nothing_is_sent_of_nothing_and_the_line_says_why(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r", "space", "enter", "f2")
        assert board.said("#answer-said").startswith("! the answer: empty")
        await board.press("x")
        assert board.said("#answer-said") == ""


async def test_keys_in_one_packet_and_a_key_held_down_do_no_harm(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        for key in ("r", *"take it", *["f2"] * 8, *["p"] * 6):
            await board.pilot.press(key)
        await board.settle()
        assert len(texts(both)) == 1
        assert texts(both)[0][0] == "take it"
        with closing(both.opened()) as desk:
            assert desk.tickets.get(1).assignee != "mariam", "the t was a letter"


async def test_a_refused_answer_keeps_every_word(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("We close it.")
        with closing(both.opened("gabe")) as desk:
            desk.conversation.answer(1, "It is done.", Status.SOLVED)
            desk.tickets.set_status(1, Status.CLOSED)
        await board.press("f2", "r")
        assert editor(board).written.text == "We close it."
        assert "closed" in board.said("#answer-said")


async def test_who_writes_meanwhile_is_said(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("Dear Ada")
        both.later(minutes=1)
        both.there.now = both.now
        both.there.says("1", CUSTOMER, "It works again!", author="ada@acme.example")
        both.round()
        await board.until(lambda: "has written meanwhile" in board.said("#answer-said"))
        assert "ada@acme.example" in board.said("#answer-said")


async def test_what_is_refused_for_good_is_sent_again_given_up_or_copied(both: Connected) -> None:
    both.there.refuses = "It may not be written to."
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("U")
        assert "no answer of ours in this ticket was refused" in board.toasts[-1]
        await board.press("r")
        await board.paste("Please restart.")
        await board.press("f2", "p")
        both.later(seconds=HOLD_SECONDS)
        assert both.round().failed == 1
        await board.until(lambda: len(board.queue) == 2)
        await board.press("g")
        await board.until(lambda: "Our answer was not sent: It may not be written" in pane(board))
        await board.press("U", "s")
        assert texts(both)[0][2] == MessageState.SENDING
        both.later(minutes=1)
        both.round()
        await board.until(lambda: "Our answer was not sent" in pane(board))
        await board.press("U", "c")
        assert any("What was not sent is copied" in each for each in board.toasts)
        await board.press("U", "g")
        assert texts(both) == []
        await board.until(lambda: "Our answer was not sent" not in pane(board))
        await board.press("r")
        assert editor(board).written.text == "Please restart."


async def test_the_persons_own_editor_goes_on_with_it(
    both: Connected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nprintf " and more\\n" >> "$1"\n', encoding="utf-8")
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("Some")
        await board.press("f4")
        said = board.said("#answer-said")  # a terminal under a pilot cannot be lent
        assert said.startswith("! this terminal does not let the board step aside")
        assert editor(board).written.text == "Some"


def canned() -> tuple[CannedAnswer, ...]:
    """Return three canned answers, of which one names what there is not and one is no text."""
    return (
        CannedAnswer("restart", "Dear $name, please restart #$number for $$5."),
        CannedAnswer("broken", "Dear $custmer"),
        CannedAnswer("picture", "", "is not UTF-8 text"),
    )


async def test_a_canned_answer_is_put_in_with_the_tickets_fields(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock, canned=canned) as board:
        await board.press("r", *"Hi. ", "f5")
        await board.paste("rest")
        await board.press("enter")
        assert editor(board).written.text == "Hi. Dear Acme, please restart #1 for $5."
        await board.press("f5")
        await board.paste("brok")
        await board.press("enter")
        assert "$custmer is no field of a ticket; did you mean $customer?" in board.said(
            "#answer-said"
        )
        await board.press("f5", "down", "down", "enter")
        assert "canned answer picture: is not UTF-8 text" in board.said("#answer-said")


async def test_without_a_canned_answer_it_says_where_they_belong(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r", "f5")
        assert "there is no canned answer yet" in board.said("#answer-said")


async def test_without_a_connection_r_records_the_answer_as_ever(tmp_path: Path) -> None:
    async with opened_board(filled(tmp_path / "desk.db", small_queue())) as board:
        await board.press("r")
        assert board.said(".form-title") == "#1: we answered. And now?"
        await board.press("p")
        assert any("#1: answered; it is pending." in each for each in board.toasts)


async def test_an_answer_is_written_from_the_whole_conversation_to_its_own_ticket(
    both: Connected,
) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("V")
        screen = board.app.screen
        assert isinstance(screen, ConversationScreen)
        with closing(both.opened("gabe")) as desk:
            desk.deviations.put_first(2, reason="Their launch", until=None)
        await board.press("r")
        assert editor(board).ticket.id == 1
        await board.paste("On it.")
        await board.press("f2", "p")
        assert screen.is_active
        assert WROTE_AGAIN.split("\n", 1)[0] in str(screen.thread.lines)
    assert texts(both)[0][:2] == ("On it.", True)


async def test_an_answer_to_what_others_changed_is_asked_about(both: Connected) -> None:
    async with opened_board(both.path, clock=both.clock) as board:
        await board.press("r")
        await board.paste("We have found it.")
        with closing(both.opened("jo")) as desk:
            desk.tickets.set_status(1, Status.ON_HOLD)
        await board.press("f2", "r")
        assert board.said(".both-versions").endswith("Yours Reply: We have found it.")
        await board.press("l")
        assert editor(board).editor.text == "We have found it."
        assert texts(both) == []
        await board.press("f2", "r")
        assert texts(both) == [("We have found it.", True, MessageState.SENDING)]


async def test_others_are_told_that_an_answer_is_written(both: Connected) -> None:
    heard: SimpleQueue[tuple[AtTicket, ...]] = SimpleQueue()
    with (
        closing(Desk.open(address_of(both.path), actor="jo")) as jo,
        closing(jo.changes(lambda: None, heard.put)),
    ):
        async with opened_board(both.path, clock=both.clock) as board:
            await board.press("r")
            await board.paste("We are on it.")
            board.board.post_message(CompanyChanged((AtTicket(1, "luz", Doing.ANSWERS),)))
            await board.settle()
            assert "luz is writing an answer" in board.said("#answer-rule")
            await board.until(lambda: not heard.empty())
            found = heard.get()
            while found != (AtTicket(1, "mariam", Doing.ANSWERS),):
                await board.until(lambda: not heard.empty())
                found = heard.get()
        assert heard.get(timeout=60.0) == ()

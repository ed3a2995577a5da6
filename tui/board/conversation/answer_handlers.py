"""What is done with an answer on the board: it is written, sent, taken back, or decided on."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from policy.conversation.canned import CannedAnswer, fields_of, filled
from policy.conversation.messages import ConversationMessage
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Status
from tui.actions.conversation_actions import HOLD_SECONDS
from tui.board.conversation.answer_screen import AnswerHandlers, AnswerScreen, Written
from tui.board.conversation.choosing_form import Choosable, ChoosingForm
from tui.board.conversation.conversation_screen import OnTicket
from tui.board.conversation.sending_line import SendingAnswer
from tui.board.form_answers import act, carry_out
from tui.board.screen import BoardScreen
from tui.board.seen import Seen
from tui.board.terminal.stepping_aside import step_aside
from tui.board.ticket.status_form import after_answer
from tui.board.widgets.pick import Option, Pick, Picked
from tui.environment.editor import kept_on_board, write_in_editor, written
from tui.phrasing.text import plain_line, shortened

if TYPE_CHECKING:
    from store.desk import Desk

HOLD: Final = timedelta(seconds=HOLD_SECONDS)

_WORDS_SHOWN: Final = 60


def answer(board: BoardScreen, ticket: Ticket, on_ticket: OnTicket) -> None:
    """Open the editor under a ticket's conversation."""
    handlers = AnswerHandlers(
        send=partial(_send, board, Seen([ticket])),
        keep=partial(_keep, board),
        edit=partial(_edit, board),
        canned=partial(_put_in_canned, board),
    )
    board.app.push_screen(AnswerScreen(board, ticket, on_ticket, board.sending, handlers))


def _send(board: BoardScreen, seen: Seen, screen: AnswerScreen, said: Written) -> None:
    """Ask whose step is next, and send it; until it is in, the screen stays.

    ``seen`` is how the ticket was when it was begun, or as the person was told of it since.
    """
    ticket = screen.ticket

    def answered(answer: Picked[Status | None] | None) -> None:
        if answer is None or not screen.begin_sending():
            return
        written = list[Ticket]()

        def writing(desk: "Desk") -> str:
            write = desk.conversation.answer if said.public else desk.conversation.note
            written[:] = [write(ticket.id, said.text, answer.value, hold=HOLD)]
            return ""  # the line that counts down says it

        def is_written() -> None:
            screen.taken()
            (changed,) = written
            sending = SendingAnswer(
                ticket=changed.id,
                public=said.public,
                status=changed.status,
                until=board.context.clock() + HOLD,
            )
            board.sending.begin(sending)

        act(
            board,
            "reply",
            writing,
            is_written,
            screen.refuse,
            on=seen,
            mine=_first_words_of(said.text),
            again=screen.begin_sending,
        )

    board.app.push_screen(after_answer(ticket, public=said.public), answered)


def _keep(board: BoardScreen, number: int, said: Written, told: bool) -> None:
    """Keep a draft, and say so where it is asked for."""

    def keeping(desk: "Desk") -> str:
        desk.conversation.keep_draft(number, said.text, public=said.public)
        return f"#{number}: the draft is kept." if told else ""

    board.client.act("draft", keeping, board.panes.text.forget)


def _edit(board: BoardScreen, screen: AnswerScreen, said: Written) -> None:
    """Step aside for the person's own editor, and come back with what it left."""
    context = board.context
    file = kept_on_board(context.state_folder, context.place, screen.ticket.id)

    def editing() -> None:
        file.unlink(missing_ok=True)
        write_in_editor(file, said.text)

    try:
        step_aside(board.app, editing, context.state_folder)
        with written(file) as text:
            screen.write(text.rstrip("\n"))
    except Refusal as refusal:
        screen.refuse(refusal.reason)


def _put_in_canned(board: BoardScreen, screen: AnswerScreen) -> None:
    """Ask for a canned answer, and put it in with the ticket's fields."""

    def chosen(canned: CannedAnswer | None) -> None:
        if canned is None:
            return
        me = board.team.name(board.actor)
        try:
            screen.put_in(filled(canned, fields_of(screen.ticket, board.words, me)))
        except Refusal as refusal:
            screen.refuse(refusal.reason)

    def choose(found: tuple[CannedAnswer, ...]) -> None:
        if not found:
            screen.refuse(
                f"there is no canned answer yet: {board.context.canned_in} is a folder for text"
                " files, one an answer"
            )
            return
        choices = [Choosable(each.name, _first_words(each), each) for each in found]
        board.app.push_screen(ChoosingForm("Which canned answer?", choices, verb="put in"), chosen)

    board.client.fetch("canned", lambda _: board.context.canned(), choose)


def _first_words(canned: CannedAnswer) -> str:
    if canned.wrong is not None:
        return f"! {canned.wrong}"
    return _first_words_of(canned.text)


def _first_words_of(text: str) -> str:
    return shortened(plain_line(" ".join(text.split())), _WORDS_SHOWN)


def refused(board: BoardScreen, ticket: Ticket) -> None:
    """Ask what becomes of the latest answer of a ticket that was refused for good."""

    def show(failed: tuple[ConversationMessage, ...]) -> None:
        if not failed:
            board.refuse(f"no answer of ours in #{ticket.id} was refused")
            return
        menu = _what_becomes(failed[0], len(failed))
        menu.stay_for(lambda answer: _DECISIONS[answer.value](board, failed[0], menu))
        board.app.push_screen(menu)

    board.client.fetch(
        "refused_answer", lambda desk: desk.tickets.card(ticket.id).conversation.failed, show
    )


def _what_becomes(message: ConversationMessage, count: int) -> Pick[str]:
    what = "answer" if message.public else "note"
    others = f" ({count - 1} more after it)" if count > 1 else ""
    title = f"#{message.ticket}: the {what} was not sent{others}: {message.outcome}"
    return Pick(
        plain_line(title),
        [
            Option("again", "s", "send it again", "as it is"),
            Option("give up", "g", "give it up", "its words are the draft again, for r"),
            Option("copy", "c", "copy it", "to the clipboard of the terminal"),
        ],
    )


def _send_again(board: BoardScreen, message: ConversationMessage, menu: Pick[str]) -> None:
    def sending(desk: "Desk") -> str:
        return f"#{desk.conversation.send_again(message.id).id}: it is on its way again."

    carry_out(board, menu, "refused_answer", sending)


def _give_up(board: BoardScreen, message: ConversationMessage, menu: Pick[str]) -> None:
    def dropping(desk: "Desk") -> str:
        with desk.transaction():
            (whole,) = [
                each.text for each in desk.conversation.of(message.ticket) if each.id == message.id
            ]
            desk.conversation.drop(message.id)
            begun = desk.conversation.draft(message.ticket)
            texts = [whole, *([begun.text] if begun is not None else [])]
            desk.conversation.keep_draft(message.ticket, "\n\n".join(texts), public=message.public)
        return f"#{message.ticket}: it is given up; its words are the draft."

    carry_out(board, menu, "refused_answer", dropping)


def _copy(board: BoardScreen, message: ConversationMessage, menu: Pick[str]) -> None:
    menu.taken()
    board.copy(message.text, "What was not sent")


_DECISIONS: Final[dict[str, Callable[[BoardScreen, ConversationMessage, Pick[str]], None]]] = {
    "again": _send_again,
    "give up": _give_up,
    "copy": _copy,
}

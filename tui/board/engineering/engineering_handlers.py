"""What is done with a ticket and engineering: the menu, and what each of its answers does."""

from typing import TYPE_CHECKING, Final, TypeAlias

from policy.engineering.handover import Way
from policy.engineering.wording import in_words
from policy.refusal import Refusal, one_of
from policy.ticket import Ticket
from policy.words import Status
from tui.board.engineering.context_form import ContextForm, FilledContext
from tui.board.engineering.engineers_screen import EngineersScreen
from tui.board.form_answers import act, ask, carry_out
from tui.board.screen import BoardScreen
from tui.board.seen import Seen
from tui.board.terminal.stepping_aside import step_aside
from tui.board.widgets.line_forms import SentenceForm
from tui.board.widgets.pick import Option, Pick, Picked
from tui.environment.editor import kept_file, write_in_editor, written
from tui.phrasing.engineering_facts import context_text, read_context_text
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from store.desk import Desk
    from store.read_models import Card, TowardsEngineering

_EDIT: Final = "edit"
_AS_IT_IS: Final = "as_it_is"

_Menu: TypeAlias = Pick[str]


def engineering(board: BoardScreen, ticket: Ticket) -> None:
    """Ask what there is to do with the ticket and engineering, and do it."""
    card = board.panes.text.card(ticket.id)
    if card is None:
        board.refuse("the ticket is not read yet; try again")
        return

    menu = which_way(card)
    menu.stay_for(lambda answer: _WAYS[answer.value](board, card, menu))
    board.app.push_screen(menu)


def which_way(card: "Card") -> Pick[str]:
    """Return the question what to do; what cannot be done says why."""
    towards = card.engineering
    there = sum(text is not None for _, text in towards.checklist)
    how_much = f"{there} of {len(towards.checklist)} is there"
    return Pick(
        f"#{card.ticket.id} and engineering",
        [
            _option(towards, Way.FILL, "f", "fill in the context", how_much),
            Option(_EDIT, "v", "… in $EDITOR", "as one text", towards.ways[Way.FILL]),
            _option(towards, Way.HAND_OVER, "h", "hand it over", "it rests on hold with them"),
            _option(
                towards, Way.CANNOT_WAIT, "n", "it cannot wait, because …", "they drop everything"
            ),
            _option(towards, Way.CAN_WAIT, "w", "it can wait", "then it is handed over"),
            _option(towards, Way.TAKE_BACK, "b", "take it back", "it is open, and ours again"),
        ],
    )


def _option(
    towards: "TowardsEngineering", way: Way, key: str, label: str, meaning: str
) -> Option[str]:
    return Option(way.value, key, label, meaning, towards.ways[way])


def _fill(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    """Ask for the context, keep it, and hand the ticket over with it once it is complete."""
    number = card.ticket.id

    def filling(desk: "Desk", filled: FilledContext) -> str:
        with desk.transaction(), desk.one_action():
            if filled.answers:
                desk.engineering.fill_context(number, filled.answers)
            if not filled.hand_over:
                return _filled(desk, number) if filled.answers else ""
            why_not = desk.tickets.card(number).engineering.ways[Way.HAND_OVER]
            if why_not is not None:
                return f"#{number}: the context is complete, and not handed over: {why_not}"
            desk.engineering.hand_over(number, as_it_is=filled.as_it_is)
        return f"#{number} is with engineering."

    menu.taken()
    form = ContextForm(card.ticket, card.engineering)
    ask(board, form, "context", filling, on=Seen([card.ticket]))


def _edit(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    """Step aside for the person's editor, and take what they wrote."""
    menu.taken()
    ticket, checklist = card.ticket, card.engineering.checklist
    file = kept_file(board.context.state_folder, board.context.place, ticket.id)

    def editing() -> None:
        write_in_editor(file, context_text(ticket, checklist))

    try:
        step_aside(board.app, editing, board.context.state_folder)
    except Refusal as refusal:
        board.refuse(refusal.reason)
        return

    def filling(desk: "Desk") -> str:
        with written(file) as text, desk.transaction():
            answers = read_context_text(text, checklist)
            if not answers:
                return f"#{ticket.id}: the context is as it was."
            desk.engineering.fill_context(ticket.id, answers)
            return _filled(desk, ticket.id)

    act(board, "context", filling, on=Seen([ticket]))


def _filled(desk: "Desk", number: int) -> str:
    lacking = len(desk.tickets.card(number).engineering.missing)
    if not lacking:
        return f"#{number}: the context is complete; it can be handed over."
    return f"#{number}: the context is kept; {lacking} of it is missing still."


def _hand_over(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    """Hand it over; where some of the context is thin, a second word is asked for."""
    thin = card.engineering.thin
    if not thin:
        handing = _handing(card, as_it_is=False)
        carry_out(board, menu, "hand_over", handing, on=Seen([card.ticket]))
        return
    menu.taken()
    named = one_of(map(in_words, thin), "and")
    question = Pick(
        f"#{card.ticket.id} says little in {plain_line(named)}. Hand it over all the same?",
        [
            Option(_AS_IT_IS, "h", "hand it over as it is", "it rests on hold with them", None),
            Option(Way.FILL.value, "f", "say more", "in the context", None),
        ],
    )

    def answered(answer: Picked[str]) -> None:
        if answer.value == _AS_IT_IS:
            handing = _handing(card, as_it_is=True)
            carry_out(board, question, "hand_over", handing, on=Seen([card.ticket]))
        else:
            _fill(board, card, question)

    question.stay_for(answered)
    board.app.push_screen(question)


def _handing(card: "Card", *, as_it_is: bool) -> "Callable[[Desk], str]":
    def handing(desk: "Desk") -> str:
        handed = desk.engineering.hand_over(card.ticket.id, as_it_is=as_it_is)
        return f"#{handed.id} is with engineering."

    return handing


def _cannot_wait(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    number = card.ticket.id

    def asking(desk: "Desk", because: str) -> str:
        desk.engineering.escalate(number, cannot_wait=True, because=because)
        return f"#{number}: engineering is asked to drop everything."

    menu.taken()
    form = SentenceForm(
        f"#{number}: it cannot wait a day, because …",
        "because",
        verb="ask engineering to drop everything",
        hint="It is counted, because it should be rare.",
        missing="because: missing; say in a sentence why it cannot wait a day",
        example="e.g. their ships cannot leave the harbour",
    )
    ask(board, form, "escalate", asking, on=Seen([card.ticket]))


def _can_wait(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    def answering(desk: "Desk") -> str:
        ticket = desk.engineering.escalate(card.ticket.id, cannot_wait=False)
        return f"#{ticket.id} can wait; hand it over once its context is complete."

    carry_out(board, menu, "escalate", answering, on=Seen([card.ticket]))


def _take_back(board: BoardScreen, card: "Card", menu: _Menu) -> None:
    def taking(desk: "Desk") -> str:
        ticket = desk.tickets.set_status(card.ticket.id, Status.OPEN)
        return f"#{ticket.id} is ours again."

    carry_out(board, menu, "take_back_from_engineering", taking, on=Seen([card.ticket]))


_WAYS: "Final[Mapping[str, Callable[[BoardScreen, Card, _Menu], None]]]" = {
    Way.FILL: _fill,
    _EDIT: _edit,
    Way.HAND_OVER: _hand_over,
    Way.CANNOT_WAIT: _cannot_wait,
    Way.CAN_WAIT: _can_wait,
    Way.TAKE_BACK: _take_back,
}


def engineers_view(board: BoardScreen) -> None:
    """Show what waits for engineering."""
    board.app.push_screen(EngineersScreen(board))

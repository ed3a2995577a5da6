"""The engineer's view: what waits for engineering, each with its whole context on one screen."""

from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from policy.engineering.wording import in_words
from policy.refusal import Refusal
from policy.words import Role
from tui.actions import COMMANDS
from tui.actions.engineering_actions import ENGINEERS_COMMANDS
from tui.board.engineering.decision_form import Decision, DecisionForm
from tui.board.engineering.engineers_list import (
    EMPTY,
    EngineersList,
    Shown,
    heading_spans,
    shown_lines,
    timing_keys,
)
from tui.board.keyed_screen import MOVES, KeyedScreen, rows_of
from tui.board.widgets.footer import Footer, FooterKey
from tui.board.widgets.line_forms import SentenceForm
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content
from tui.environment.fault_log import note_fault
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading
    from store.read_models import AtEngineering, Card, Engineering
    from tui.board.screen import BoardScreen

_NARROWEST: Final = 20


class EngineeringRead(Message):
    """What waits was read, with the whole ticket under the cursor; ``trouble`` is why not."""

    def __init__(self, found: "Engineering | None", card: "Card | None", trouble: str = "") -> None:
        super().__init__()
        self.found = found
        self.card = card
        self.trouble = trouble


class EngineersScreen(KeyedScreen):
    """Shows what waits; what it does goes through the board, which lives on below it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - the same

    def __init__(self, board: "BoardScreen") -> None:
        super().__init__(board, "engineers")
        self.list = EngineersList(board.setting.clock())
        self._heading = Static("", markup=False, classes="waits-heading")
        self._text = Static("", markup=False)
        self._whole = VerticalScroll(self._text, id="context-text")
        self._pane = Pane(self._whole, title="Context", id="context-pane")
        self._footer = Footer()
        self._found: Engineering | None = None
        self._card: Card | None = None
        self._unfolded = False
        self._reading = self._asked_again = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._heading
        with Container(id="engineers-body"):
            yield Pane(self.list, title="Waiting", id="engineers-list")
            yield self._pane
        yield self._footer

    def on_mount(self) -> None:
        """Read what waits, and keep the ages right."""
        self.list.focus()
        self.set_interval(1.0, lambda: self.list.tick(self.board.setting.clock()))
        self.read()
        self._draw()

    # Reading

    def read(self) -> None:
        """Read what waits, and the ticket under the cursor; one reading at a time."""
        desk = self.board.link.desk
        if desk is None or self._reading:
            self._asked_again = True
            return
        self._reading, self._asked_again = True, False
        waiting = self.list.waiting
        number = None if waiting is None else waiting.ticket.id
        self.run_worker(
            lambda: self._read(desk, number), name="engineering", group="engineering", thread=True
        )

    def _read(self, desk: "DeskReading", number: int | None) -> None:
        try:
            with desk.snapshot():
                found = desk.engineering.waiting()
                there = [each.ticket.id for each in found.waiting]
                shown = number if number in there else next(iter(there), None)
                card = None if shown is None else desk.tickets.card(shown)
            self.post_message(EngineeringRead(found, card))
        except Refusal as refusal:
            self.post_message(EngineeringRead(None, None, refusal.reason))
        except Exception as fault:  # a board on the wall outlives a bad moment
            told = note_fault(self.board.setting.state_folder, fault)
            self.post_message(EngineeringRead(None, None, f"that cannot be read; {told}"))

    @on(EngineeringRead)
    def _came(self, message: EngineeringRead) -> None:
        self._reading = False
        if message.found is None:
            self.board.refuse(message.trouble)
        else:
            self._found, self._card = message.found, message.card
            self.list.show(message.found.waiting)
        self._draw()
        if self._asked_again:
            self.read()

    # What is shown

    @on(EngineersList.Moved)
    def _moved(self) -> None:
        waiting = self.list.waiting
        if waiting is not None and (
            self._card is None or self._card.ticket.id != waiting.ticket.id
        ):
            self._unfolded = False
            self._whole.scroll_home(animate=False, immediate=True)
            self.read()
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self._heading.update(content(heading_spans(self._found, self.size.width)))
        waiting = self.list.waiting
        self._footer.show(tuple(self._footer_keys()))
        if waiting is None:
            self._pane.entitle("Context")
            self._text.update("")
            return
        region = self._whole.scrollable_content_region
        card = self._card
        shown = Shown(
            waiting=waiting,
            card=card if card is not None and card.ticket.id == waiting.ticket.id else None,
            now=self.board.setting.clock(),
            zone=self.board.setting.zone,
            unfolded=self._unfolded,
        )
        cells = max(_NARROWEST, region.width - 1)
        lines, cut = shown_lines(shown, cells, region.height)
        self._text.update(Content("\n").join(lines))
        key = display(self.board.setting.keys["unfold"][0])
        note: list[Span] = [(key, "key"), (" unfolds", "dim")] if cut else []
        self._pane.entitle(f"#{waiting.ticket.id}", *note)

    def _timing_keys(self) -> dict[str, str]:
        """Return the timing of each key."""
        timings = self._found.timings if self._found is not None else ()
        return {key: timing for timing, key in timing_keys(timings, self.keys_of_commands).items()}

    def _footer_keys(self) -> list[FooterKey]:
        keys = self.board.setting.keys
        can = self._why_not("decide") is None
        shown = [
            FooterKey(f"timing {timing}", key, plain_line(in_words(timing)), usable=can)
            for key, timing in self._timing_keys().items()
        ]
        for each in (ENGINEERS_COMMANDS["ask_support"], COMMANDS["comment"]):
            usable = self._why_not(each.id) is None
            shown.append(FooterKey(each.id, display(keys[each.id][0]), each.label, usable=usable))
        return [*shown, FooterKey("back", display(keys["back"][0]), "board", usable=True)]

    # What the person does

    def command_for(self, event: events.Key) -> str | None:
        """Return what a key stands for on this screen, the timings of the policy included."""
        timing = self._timing_keys().get(event.character or "")
        return super().command_for(event) or (None if timing is None else f"timing {timing}")

    def use(self, command: str) -> None:
        """Use a command, or decide a timing, or say why that cannot be done now."""
        timing = command.removeprefix("timing ") if command.startswith("timing ") else None
        name = command if timing is None else "decide"
        reason = self._why_not(name)
        waiting = self.list.waiting
        if name in ("back", "engineers_view"):
            self.dismiss()
        elif name in MOVES:
            self._move(name)
        elif name in _ON_A_TICKET and reason is not None:
            self.board.refuse(reason)
        elif name == "unfold":
            self._unfolded = not self._unfolded
            self._draw()
        elif name == "decide" and waiting is not None and self._found is not None:
            self._decide(waiting, self._found.timings, timing)
        elif name == "ask_support" and waiting is not None:
            self._ask_support(waiting)
        elif name == "comment" and waiting is not None:
            self._comment(waiting)
        else:
            super().use(name)

    def _why_not(self, name: str) -> str | None:
        if name not in _ON_A_TICKET:
            return None
        if self.list.waiting is None:
            return EMPTY[0].rstrip(".").lower()
        command = ENGINEERS_COMMANDS.get(name)
        situation = self.board.situation()
        if command is not None:
            return command.disabled(situation)
        return situation.refusals.get(name)

    def _move(self, command: str) -> None:
        page = max(1, self.list.page_height - 1)
        rows = rows_of(command, page)
        if self._whole.has_focus:
            self._whole.scroll_relative(y=rows, animate=False, immediate=True)
        else:
            self.list.move(rows)

    def _decide(
        self, waiting: "AtEngineering", timings: tuple[str, ...], chosen: str | None
    ) -> None:
        ticket = waiting.ticket

        def answered(decision: Decision | None) -> None:
            if decision is None:
                return

            def reviewing(desk: "Desk") -> str:
                desk.engineering.review(
                    ticket.id,
                    decision.timing,
                    scheduled_for=decision.scheduled_for,
                    note=decision.note,
                    seen=ticket.version,
                )
                return f"#{ticket.id}: {in_words(decision.timing)}; support tells the customer."

            self.board.link.act("review", reviewing)

        setting = self.board.setting
        form = DecisionForm(ticket, timings, chosen, setting.clock, setting.zone)
        self.app.push_screen(form, answered)

    def _ask_support(self, waiting: "AtEngineering") -> None:
        ticket = waiting.ticket

        def answered(question: str | None) -> None:
            if question is None:
                return

            def sending(desk: "Desk") -> str:
                desk.engineering.send_back(ticket.id, question, seen=ticket.version)
                return f"#{ticket.id} is back with support, with the question."

            self.board.link.act("send_back", sending)

        form = SentenceForm(
            f"#{ticket.id}: back to support",
            "question",
            verb="send it back",
            hint="What is missing to decide? The ticket is support's again until they answer.",
            missing="question: missing; say in a sentence what engineering lacks",
        )
        self.app.push_screen(form, answered)

    def _comment(self, waiting: "AtEngineering") -> None:
        from tui.board.engineering.engineering_handlers import comment  # noqa: PLC0415 - it shows this screen

        comment(self.board, waiting.ticket)


_ON_A_TICKET: Final = frozenset({*ENGINEERS_COMMANDS, "comment"})


def keep_up(board: "BoardScreen") -> None:
    """Let the engineer's view of a board read again."""
    for screen in board.app.screen_stack:
        if isinstance(screen, EngineersScreen) and screen.board is board:
            screen.read()


def show_to_an_engineer(board: "BoardScreen") -> None:
    """Show the engineer's view to an engineer.

    "The engineer's view (what an `engineer` sees first)."
    """
    roster = board.team.of
    member = roster.by_login.get(board.actor) if roster is not None else None
    if member is not None and member.role is Role.ENGINEER:
        board.app.push_screen(EngineersScreen(board))

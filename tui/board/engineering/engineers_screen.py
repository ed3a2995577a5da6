"""The engineer's view: what waits for engineering, each with its whole context on one screen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from policy.engineering.wording import in_words
from policy.ticket import Ticket
from policy.vocabulary import NO_WORDS
from policy.words import Role
from tui.actions.declaration import Offer
from tui.actions.screens import SCREENS
from tui.board.client import Answered, Client, GoOn
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.engineering import review_handlers
from tui.board.engineering.engineers_list import (
    EMPTY,
    TIMING_KEYS,
    EngineersList,
    Shown,
    heading_spans,
    shown_lines,
    timing_keys,
)
from tui.board.over_screen import OverScreen
from tui.board.widgets.footer import FooterKey
from tui.board.widgets.page import Page
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from store.desk import DeskReading
    from store.engineering.engineering_models import Engineering
    from store.read_models import Card

_TIMING: Final = "timing"
_NARROWEST: Final = 20


@dataclass(frozen=True, slots=True)
class AtEngineeringNow:
    """What waits for engineering, and the whole ticket under the cursor."""

    found: "Engineering"
    card: "Card | None"


class EngineeringRead(Answered[AtEngineeringNow]):
    """What waits was read."""


class _Body(Container):
    """Holds list and context. Its keys are asked before the screen's, whatever these are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"screen.{_TIMING}('{key}')", show=False) for key in TIMING_KEYS
    ]


class EngineersScreen(OverScreen):
    """Shows what waits for engineering.

    Beside the declared keys, each timing of the policy has a letter or a digit that is free.
    """

    NAME = "engineers"
    LEAVING = ("back", "engineers_view")
    BINDINGS = bindings_of("engineers")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - the same

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        self.list = EngineersList(self.now)
        self._heading = Static("", markup=False, classes="over-heading")
        self._text = Static("", markup=False)
        self._whole = Page(self._text, id="context-text")
        self._pane = Pane(self._whole, title="Context", id="context-pane")
        self._found: Engineering | None = None
        self._card: Card | None = None
        self._unfolded = False
        self._reading: Client[tuple[DeskReading, int | None], AtEngineeringNow] = Client(
            self,
            _read,
            EngineeringRead,
            name="engineering",
            fault_folder=self.context.state_folder,
            sentence="that cannot be read; {told}",
        )

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        with _Body(id="engineers-body"):
            yield Pane(self.list.data_bind(DeskScreen.now), title="Waiting", id="engineers-list")
            yield self._pane
        yield self._footer

    def on_mount(self) -> None:
        """Read what waits."""
        self.list.focus()
        self._ask()
        self._draw()

    # Reading

    def watch_state(self) -> None:
        """Read again, as something has changed."""
        self._ask()

    def _ask(self) -> None:
        desk = self.client.desk
        if desk is not None:
            self._reading.ask_in_turn(lambda: (desk, self._number))

    @property
    def _number(self) -> int | None:
        waiting = self.list.waiting
        return None if waiting is None else waiting.ticket.id

    @on(EngineeringRead)
    def _came(self, message: EngineeringRead) -> None:
        if message.found is None:
            self.refuse(message.trouble)
        else:
            self._found, self._card = message.found.found, message.found.card
            self.list.show(self._found.waiting, self._found.words)
        self._draw()
        self._reading.came(message)

    # What is shown

    @on(EngineersList.Moved)
    def _moved(self) -> None:
        waiting = self.list.waiting
        if waiting is not None and (
            self._card is None or self._card.ticket.id != waiting.ticket.id
        ):
            self._unfolded = False
            self._whole.scroll_home(animate=False, immediate=True)
            self._ask()
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self._heading.update(content(heading_spans(self._found, self.size.width)))
        waiting = self.list.waiting
        self.draw_footer()
        if waiting is None:
            self._pane.entitle("Context")
            self._text.update("")
            return
        region = self._whole.scrollable_content_region
        card = self._card
        shown = Shown(
            waiting=waiting,
            words=NO_WORDS if self._found is None else self._found.words,
            card=card if card is not None and card.ticket.id == waiting.ticket.id else None,
            now=self.now,
            zone=self.context.zone,
            unfolded=self._unfolded,
        )
        cells = max(_NARROWEST, region.width - 1)
        lines, cut = shown_lines(shown, cells, region.height)
        self._text.update(Content("\n").join(lines))
        key = display(self.context.keys["unfold"][0])
        note: list[Span] = [(key, "key"), (" unfolds", "dim")] if cut else []
        self._pane.entitle(f"#{waiting.ticket.id}", *note)

    # What the person does

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names, behind the timings."""
        return ("ask_support", "comment", "back")

    def footer_keys(self) -> Iterator[FooterKey]:
        """Yield the key of each timing, and of the commands."""
        can = self.why_not("decide") is None
        for key, timing in self._timings().items():
            yield FooterKey(f"{_TIMING} {key}", key, _title(timing), usable=can)
        yield from super().footer_keys()

    def offers(self) -> Iterator[Offer]:
        """Yield the timings, and the commands."""
        for key, timing in self._timings().items():
            yield self.offer(f"{_TIMING} {key}", _title(timing), "Decide this timing, with a note")
        yield from super().offers()

    def label_of(self, command: str) -> str:
        """Return a command's word: what it leads back to is the board."""
        return "board" if command == "back" else super().label_of(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for a key that is no timing's: then it may be something else."""
        if action == _TIMING:
            return parameters[0] in self._timings()
        return super().check_action(action, parameters)

    def action_timing(self, key: str) -> None:
        """Decide the timing of a key."""
        self.use(f"{_TIMING} {key}")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does, and each timing's key."""
        return {
            "decide": self._decide,
            "ask_support": lambda: self._with_ticket(review_handlers.ask_support),
            "comment": lambda: self._with_ticket(review_handlers.comment),
            "unfold": self._unfold,
            **{
                f"{_TIMING} {key}": partial(self._decide, timing)
                for key, timing in self._timings().items()
            },
        }

    def own_why_not(self, command: str) -> str | None:
        """Return why a command of the screen cannot be used now."""
        if self.list.waiting is None:
            return EMPTY[0].rstrip(".").lower()
        if command == "comment":
            return self.situation().refusals.get(command)
        return super().own_why_not("decide" if command.startswith(_TIMING) else command)

    def mover(self) -> EngineersList | Page:
        """Return the context while it has the keys, else the list."""
        return self._whole if self._whole.has_focus else self.list

    def _timings(self) -> dict[str, str]:
        """Return the timing of each key."""
        timings = self._found.timings if self._found is not None else ()
        taken = {key for command in SCREENS[self.NAME] for key in self.context.keys[command]}
        return {key: timing for timing, key in timing_keys(timings, taken).items()}

    def _unfold(self) -> None:
        self._unfolded = not self._unfolded
        self._draw()

    def _decide(self, timing: str | None = None) -> None:
        waiting, found = self.list.waiting, self._found
        if waiting is not None and found is not None:
            review_handlers.decide(self, waiting.ticket, found.timings, timing)

    def _with_ticket(self, handle: Callable[[DeskScreen, Ticket], None]) -> None:
        if self.list.waiting is not None:
            handle(self, self.list.waiting.ticket)


def _read(wanted: "tuple[DeskReading, int | None]", _: GoOn) -> AtEngineeringNow:
    desk, number = wanted
    with desk.snapshot():
        found = desk.engineering.waiting()
        there = [each.ticket.id for each in found.waiting]
        shown = number if number in there else next(iter(there), None)
        return AtEngineeringNow(found, None if shown is None else desk.tickets.card(shown))


def _title(timing: str) -> str:
    return plain_line(in_words(timing))


def show_to_an_engineer(board: DeskScreen) -> None:
    """Show the engineer's view to an engineer.

    "The engineer's view (what an `engineer` sees first)."
    """
    if board.situation().role is Role.ENGINEER:
        board.app.push_screen(EngineersScreen(board))

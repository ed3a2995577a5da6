"""A screen over the board, or a page over any screen: commands of its own, and those below."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar, Final, Protocol

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.actions.declaration import ActionContext, Offer
from tui.actions.screens import ALL_COMMANDS
from tui.board.desk_screen import DeskScreen
from tui.board.number_one.banner import Banner
from tui.board.widgets.footer import Footer, FooterKey
from tui.environment.keymap import display

_TICK_EVERY: Final = 1.0
_BEYOND_ALL: Final = 10_000_000
_LINES_OF_A_SPACE: Final = 10
MOVES: Final = {
    "down": 1,
    "up": -1,
    "page_down": 0,
    "page_up": 0,
    "first": -_BEYOND_ALL,
    "last": _BEYOND_ALL,
}
"""The commands that move, by so many rows; how long a page is, says what moves."""


class Movable(Protocol):
    """A list or a text that can be gone about in."""

    @property
    def page_height(self) -> int:
        """How many rows are seen."""

    def move(self, rows: int) -> None:
        """Move by some rows, down when positive."""


class OverScreen(DeskScreen):
    """Has handlers for its own commands; of all others the screen below knows what to do.

    ``LEAVING`` are the commands that lead back from it.
    """

    LEAVING: ClassVar[tuple[str, ...]] = ("back",)

    def __init__(self, below: DeskScreen) -> None:
        super().__init__()
        self.context, self.client = below.context, below.client
        self._below = below
        self._footer = Footer()
        keys = None if below.situation().past is not None else below.context.keys
        self._block = Banner(below.context.zone, below.context.clock(), keys, over=True)
        self.set_reactive(OverScreen.state, below.state)
        self.set_reactive(OverScreen.waiting, below.waiting)
        self.set_reactive(OverScreen.company, below.company)
        self.set_reactive(OverScreen.now, below.context.clock())

    def block(self) -> Banner:
        """Return the number one, which stands above everything "on every screen"."""
        return self._block.data_bind(
            DeskScreen.now, DeskScreen.state, DeskScreen.waiting, DeskScreen.company
        )

    def on_mount(self) -> None:
        """Let time go on, and see what comes from below."""
        self.set_interval(_TICK_EVERY, self._tick)
        self._below.flow_into(self)

    def on_unmount(self) -> None:
        """Keep nothing of this screen below it."""
        self._below.flow_no_more_into(self)

    def situation(self) -> ActionContext:
        """Return what the commands look at, as the screen below has it."""
        return self._below.situation()

    def look_at(self, time: datetime) -> None:
        """Look at the desk as it was at ``time`` (UTC), from the board below."""
        self._below.look_at(time)

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each of the screen's own commands does."""
        raise NotImplementedError

    def mover(self) -> Movable:
        """Return what has the keys that move."""
        raise NotImplementedError

    def own_why_not(self, command: str) -> str | None:
        """Return why one of the screen's own commands cannot be used now."""
        return super().why_not(command)

    def why_not(self, command: str) -> str | None:
        """Return why a command cannot be used now in one sentence, None when it can."""
        if command in self.LEAVING or command in MOVES:
            return None
        if command in self.handlers():
            return self.own_why_not(command)
        return self._below.why_not(command)

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        reason, own = self.why_not(command), self.handlers().get(command)
        if reason is not None:
            self.refuse(reason)
        elif own is not None:
            own()
        elif command in self.LEAVING:
            self.dismiss()
        elif command in MOVES:
            mover = self.mover()
            page = max(1, mover.page_height - 1)
            mover.move({**MOVES, "page_down": page, "page_up": -page}[command])
        elif command == "number_one":
            self.dismiss()
            self._below.use(command)
        else:
            self._below.use(command)

    def offers(self) -> Iterator[Offer]:
        """Yield what the palette offers; of what leads back, once is enough."""
        again = {ALL_COMMANDS[each].title for each in self.LEAVING if each != "back"}
        yield from (offer for offer in super().offers() if offer.title not in again)

    def draw_footer(self) -> None:
        """Show the keys as they can be used now."""
        self._footer.show(tuple(self.footer_keys()))

    def footer_keys(self) -> Iterator[FooterKey]:
        """Yield the keys that the footer names."""
        keys = self.context.keys
        for each in self.footer():
            usable = self.why_not(each) is None
            yield FooterKey(each, display(keys[each][0]), self.label_of(each), usable=usable)

    def label_of(self, command: str) -> str:
        """Return a command's word in the footer."""
        return ALL_COMMANDS[command].label

    @on(Footer.Clicked)
    def _footer_clicked(self, message: Footer.Clicked) -> None:
        message.stop()
        self.use(message.command)

    def _tick(self) -> None:
        self.now = self.context.clock()


class OverPage(OverScreen, ModalScreen[None]):
    """A page to read that lies over a screen; whatever leaves something leaves it."""

    LEAVING: ClassVar[tuple[str, ...]] = ("back", "quit")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "command('back')", "Leave", show=False),
        Binding("space", f"scroll({_LINES_OF_A_SPACE})", show=False),
    ]

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return that a page has nothing of its own to do."""
        return {}

    def footer(self) -> tuple[str, ...]:
        """Return that a page names no more than how it is left."""
        return ("back",)

    def action_scroll(self, rows: int) -> None:
        """Scroll by some lines."""
        self.mover().move(rows)

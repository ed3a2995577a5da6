"""A screen on which commands are used: their keys, why one cannot be used now, and what it says."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.reactive import var

from policy.vocabulary import NO_WORDS, Vocabulary
from store.read_models import Overview
from tui.actions.commands import FIRST_OF
from tui.actions.declaration import ActionContext, Command, CommandGroup, Offer
from tui.actions.screens import ALL_COMMANDS, SCREENS
from tui.board.context import BoardContext
from tui.board.desk_client import DeskClient, ReadingWanted
from tui.board.resting_place import Place
from tui.board.snapshot import BoardState
from tui.board.team.team_model import NO_TEAM, TeamView
from tui.board.time.time_model import TimeView
from tui.board.waits.waits_client import WaitsState
from tui.board.widgets.once import OnceScreen
from tui.board.widgets.toasts import ToastsApp
from tui.environment.desktop import clipboard_doubt
from tui.environment.keymap import DEFAULT_KEYS, textual_keys
from tui.phrasing.company_words import Neighbour
from tui.phrasing.text import plain_line
from tui.phrasing.times import NOT_YET


def bindings_of(screen: str) -> list[BindingType]:
    """Return the bindings of a screen's commands, with the commands' ids, for keymaps.

    Each key has two: the second one is asked when the command is disabled, and says why.
    """
    keys = textual_keys(DEFAULT_KEYS)
    return [
        Binding(
            keys[command],
            f"{action}('{command}')",
            ALL_COMMANDS[command].title,
            tooltip=ALL_COMMANDS[command].tooltip,
            show=False,
            id=command,
        )
        for command in SCREENS[screen]
        for action in ("command", "say_why_not")
    ]


class TellingScreen(OnceScreen[None]):
    """Says what was done and what was not, and copies."""

    def tell(self, text: str) -> None:
        """Say in a toast what was done; where there is nothing to be said, no refusal stays."""
        if text:
            self.notify(plain_line(text), markup=False)
        elif isinstance(self.app, ToastsApp):
            self.app.step_done()

    def refuse(self, reason: str) -> None:
        """Say in a toast why something was not done."""
        self.notify(plain_line(reason), title="Not done", severity="warning", markup=False)

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard of the terminal (OSC 52); ``what`` begins a sentence."""
        self.app.copy_to_clipboard(text)
        self.tell(f"{what} is copied, {clipboard_doubt()}.")


class DeskScreen(TellingScreen):
    """Uses commands on a desk; ``NAME`` is under which ``SCREENS`` says which.

    ``state`` is how the board stands and ``waiting`` who waits, as they were read last; ``now``
    is UTC, ``company`` who else is at which ticket. They flow down: from a board to its panes, and
    to the screens over it.
    """

    NAME: ClassVar[str] = "board"

    now: var[datetime] = var(NOT_YET, init=False)
    state: var[BoardState | None] = var(None, init=False, always_update=True)
    waiting: var[WaitsState] = var(WaitsState(""), init=False, always_update=True)
    company: var[tuple[Neighbour, ...]] = var((), init=False)

    context: BoardContext
    client: DeskClient

    def __init__(self) -> None:
        super().__init__()
        self._over: set[DeskScreen] = set()

    def on_mount(self) -> None:
        """Let what comes here flow on to the screens over this one."""
        self.watch(self, "state", self._pass_state_on, init=False)
        self.watch(self, "waiting", self._pass_waiting_on, init=False)
        self.watch(self, "company", self._pass_company_on, init=False)

    def flow_into(self, over: "DeskScreen") -> None:
        """Let what comes here flow on to a screen over this one, until it flows there no more.

        Textual's own watchers stay until the next change, with all of a screen that was left.
        """
        self._over.add(over)

    def flow_no_more_into(self, over: "DeskScreen") -> None:
        """Let go of a screen that was left."""
        self._over.discard(over)

    def _pass_state_on(self) -> None:
        for each in tuple(self._over):
            each.state = self.state

    def _pass_waiting_on(self) -> None:
        for each in tuple(self._over):
            each.waiting = self.waiting

    def _pass_company_on(self) -> None:
        for each in tuple(self._over):
            each.company = self.company

    def place(self) -> Place | None:
        """Return at which ticket the person is on this screen, and what they do there."""
        return None

    def situation(self) -> ActionContext:
        """Return what the commands look at to say whether they can be used now."""
        raise NotImplementedError

    def why_not(self, command: str) -> str | None:
        """Return why a command cannot be used now in one sentence, None when it can."""
        return self.declared(command).disabled(self.situation())

    def declared(self, command: str) -> Command:
        """Return a command's declaration, the person's own commands included."""
        own = self.context.own.get(command)
        return ALL_COMMANDS[command] if own is None else own.command

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        raise NotImplementedError

    def look_at(self, time: datetime) -> None:
        """Look at the desk as it was at ``time`` (UTC)."""
        raise NotImplementedError

    def footer(self) -> tuple[str, ...]:
        """Return the commands that the footer names now, in its order."""
        raise NotImplementedError

    def offers(self) -> Iterator[Offer]:
        """Yield what the palette offers: every command but what only moves about.

        What this person's role finds first comes first.
        """
        named, role = self.footer(), self.situation().role
        first = () if role is None else FIRST_OF.get(role, ())
        own = self.context.own if self.NAME == "board" else ()
        for name in sorted((*SCREENS[self.NAME], *own), key=lambda each: each not in first):
            command = self.declared(name)
            moves = command.group is CommandGroup.MOVE and name not in named
            if not moves and name != "palette":
                yield self.offer(name, command.title, command.tooltip)

    def offer(self, command: str, title: str, tooltip: str) -> Offer:
        """Return how the palette offers a command."""
        return Offer(title, tooltip, self.why_not(command), lambda: self.use(command))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return None where a command is disabled; its key says why instead."""
        if action not in ("command", "say_why_not"):
            return super().check_action(action, parameters)
        (command,) = parameters
        enabled = self.why_not(str(command)) is None
        if action == "command":
            return True if enabled else None
        return not enabled

    @on(ReadingWanted)
    def _reading_wanted(self, message: ReadingWanted) -> None:
        self.client.fetch(message.name, message.read, message.show)

    def action_command(self, command: str) -> None:
        """Do what a key asks for."""
        self.use(command)

    def action_say_why_not(self, command: str) -> None:
        """Say why what a key asks for cannot be done now."""
        self.refuse(self.why_not(command) or "")

    @property
    def words(self) -> Vocabulary:
        """The words of the policy in force, as it was read last."""
        return self.state.overview.words if self.state else NO_WORDS

    @property
    def team(self) -> TeamView:
        """The team as it was read last."""
        return self.state.team if self.state else NO_TEAM

    @property
    def overview(self) -> Overview | None:
        """How the desk stands, as it was read last."""
        return self.state.overview if self.state else None

    @property
    def time(self) -> TimeView | None:
        """How time stands, as it was read last."""
        return self.state.time if self.state else None

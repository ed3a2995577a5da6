"""The command palette: every command by its name, with why it cannot be used now."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial

from textual import work
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.message import Message

from tui.actions import COMMANDS, Command, CommandGroup
from tui.board.screen import BoardScreen
from tui.board.widgets.once import OnceScreen, once
from tui.board.widgets.styles import unmarked

_gather: Callable[[CommandPalette, str], Awaitable[None]]
_gather = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined] # what @work wraps


class Palette(CommandPalette, OnceScreen[None]):
    """Textual's palette, which closes once however often Enter comes, and pages when it can."""

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # it may be closed meanwhile
            await _gather(self, search_value)

    async def _on_message(self, message: Message) -> None:
        with suppress(NoWidget, NoMatches):  # a click before it is laid out, a word too late
            await super()._on_message(message)

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # Textual's list has lines only once it is laid out
            super()._action_command_list(action)


class BoardCommands(Provider):
    """Offers the commands of the board that lies under the palette."""

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for command, help_text, use in self._offered():
            yield DiscoveryHit(command.title, use, help=help_text)

    async def search(self, query: str) -> Hits:
        """Yield the commands whose name matches."""
        matcher = self.matcher(query)
        for command, help_text, use in self._offered():
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), use, help=help_text)

    @property
    def _board(self) -> "BoardScreen | None":
        """The board, of now or of the past, while no other screen lies over it."""
        return self.screen if isinstance(self.screen, BoardScreen) else None

    def _offered(self) -> Iterator[tuple[Command, str, Callable[[], None]]]:
        board = self._board
        if board is None:
            return
        situation = board.situation()
        for command in COMMANDS.values():
            if command.group is not CommandGroup.MOVE and command.id != "palette":
                reason = command.disabled(situation)
                help_text = f"not now: {reason}" if reason else command.tooltip
                use = once(partial(board.action_command, command.id))
                yield command, unmarked(help_text), use

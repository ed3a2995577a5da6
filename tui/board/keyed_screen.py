"""A screen over the board with keys of its own, and the moves that all of them know."""

from typing import TYPE_CHECKING, Final

from textual import events, on

from tui.actions.screens import SCREENS
from tui.board.widgets.footer import Footer
from tui.board.widgets.once import OnceScreen

if TYPE_CHECKING:
    from tui.board.screen import BoardScreen

_BEYOND_ALL: Final = 10_000_000
MOVES: Final = {
    "down": 1,
    "up": -1,
    "page_down": 0,
    "page_up": 0,
    "first": -_BEYOND_ALL,
    "last": _BEYOND_ALL,
}
"""The commands that move, by so many rows; how long a page is, is for the screen to say."""


class KeyedScreen(OnceScreen[None]):
    """Uses a command for each of its keys; what it does goes through the board below it.

    ``name`` is under which ``SCREENS`` says its commands; where two share a key, it is the own.
    """

    def __init__(self, board: "BoardScreen", name: str) -> None:
        super().__init__()
        self.board = board
        keys = board.setting.keys
        self.keys_of_commands = {
            key: command for command in reversed(SCREENS[name]) for key in keys[command]
        }

    def command_for(self, event: events.Key) -> str | None:
        """Return what a key stands for on this screen, None for nothing."""
        keys = self.keys_of_commands
        return keys.get(event.key) or keys.get(event.character or "")

    def on_key(self, event: events.Key) -> None:
        """Do what the key stands for on this screen."""
        command = self.command_for(event)
        if command is not None:
            event.prevent_default().stop()
            self.use(command)

    @on(Footer.Clicked)
    def _footer_clicked(self, message: Footer.Clicked) -> None:
        message.stop()
        self.use(message.command)

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        self.board.action_command(command)


def rows_of(command: str, page: int) -> int:
    """Return by how many rows a command moves, down when positive, where a page has so many."""
    return {**MOVES, "page_down": page, "page_up": -page}[command]

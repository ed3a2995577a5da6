"""The board as a program: its themes, its start, and how it ends whatever happens."""

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.app import App
from textual.driver import Driver
from textual.scrollbar import ScrollBar
from textual.worker import WorkerFailed

from policy.refusal import Refusal
from tui.board.context import BoardContext, Posting
from tui.board.handlers import HANDLERS
from tui.board.palette import BoardCommands
from tui.board.present_screen import PresentScreen
from tui.board.sending import posting_of
from tui.board.widgets.column_driver import steady
from tui.board.widgets.pane import ThinScrollBar
from tui.board.widgets.theme import DARK, THEMES
from tui.environment.config import (
    config_file,
    read_config,
    receipts_folder,
    remembered_theme,
    state_folder,
)
from tui.environment.fault_log import note_fault
from tui.environment.keymap import changed_keys, display, keymap
from tui.environment.terminal import require_terminal

if TYPE_CHECKING:
    from store.desk import Desk


class BoardApp(App[Refusal]):
    """Shows the board; ends with the Refusal when the database cannot be opened.

    ``fault`` is the error that ended it, if one did.
    """

    CSS_PATH = "board.tcss"
    COMMANDS = {BoardCommands}  # noqa: RUF012 - Textual's own declaration
    TITLE = "numberone"

    def __init__(self, context: BoardContext, *, theme: str | None = None) -> None:
        super().__init__()
        self.fault: BaseException | None = None
        self._opened_with = context
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme if theme in {known.name for known in THEMES} else DARK
        self.set_keymap(changed_keys(context.keys))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the board's colours, for the moment before its theme is set."""
        return THEMES[0].variables

    def get_driver_class(self) -> type[Driver]:
        """Return this platform's driver, made to keep columns straight in every script."""
        return steady(super().get_driver_class())

    def on_load(self) -> None:
        """Make the scroll bars quiet, in the way that Textual offers for a whole program."""
        ScrollBar.renderer = ThinScrollBar

    def get_default_screen(self) -> PresentScreen:
        """Return the board's screen."""
        self.board = PresentScreen(self._opened_with, HANDLERS)
        return self.board

    def action_help_quit(self) -> None:
        """Say how to leave, to whoever presses ctrl+c out of habit."""
        self.notify(f"{display(self._opened_with.keys['quit'][0])} leaves the board.", markup=False)

    def _handle_exception(self, error: Exception) -> None:
        # Textual has no public hook for an error nobody handled; it would print a traceback.
        self.fault = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()


def run_board(
    open_desk: "Callable[[], Desk]",
    *,
    clock: Callable[[], datetime],
    place: str,
    zone: tzinfo | None = None,
    environment: Mapping[str, str] = os.environ,
    posting: Callable[[], Posting | None] | None = None,
) -> None:
    """Open the board in this terminal and return when the person leaves it.

    ``open_desk`` is called in a thread after the first frame, so what it imports costs no time
    before. ``clock`` gives aware UTC, ``place`` names the database in the header, ``zone`` is how
    times are shown (None: the terminal's). ``posting`` gives, in a thread too, how wait notices go
    out (None: as the config file says).

    Raises:
        Refusal: there is no terminal, the config file is wrong, the database cannot be opened,
            or the board failed; then it says where the details are.
    """
    require_terminal()
    file, folder = config_file(environment), state_folder(environment)
    config = read_config(file)
    worker = f"board of {os.getpid()} on {socket.gethostname()}"

    def configured() -> Posting | None:
        return posting_of(config, file, receipts_folder(environment), worker)

    context = BoardContext(
        open_desk=open_desk,
        clock=clock,
        place=place,
        state_folder=folder,
        keys=keymap(config.get("keys", {}), file),
        zone=zone,
        posting=posting or configured,
        config=str(file),
    )
    app = BoardApp(context, theme=remembered_theme(folder))
    refusal = app.run()
    if app.board.client.desk is not None:
        app.board.client.desk.close()
    if app.fault is not None:
        raise Refusal(f"the board stopped by a fault of its own; {note_fault(folder, app.fault)}")
    if refusal is not None:
        raise refusal

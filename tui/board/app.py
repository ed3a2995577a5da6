"""The board as a program: its themes, its start, and how it ends whatever happens."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from textual import events
from textual.driver import Driver
from textual.filter import Monochrome
from textual.scrollbar import ScrollBar
from textual.worker import WorkerFailed

from policy.refusal import Refusal
from tui.board import garbage
from tui.board.context import BoardContext, nothing_at_first
from tui.board.handlers import HANDLERS
from tui.board.present_screen import PresentScreen
from tui.board.screen import BoardScreen
from tui.board.terminal.colours import first_theme
from tui.board.terminal.ending_signals import ended_by_signals, exit_code, let_go_of_terminal
from tui.board.terminal.input_reader import TerminalBackground
from tui.board.terminal.stepping_aside import AsideApp
from tui.board.widgets.column_driver import steady
from tui.board.widgets.few_colours import SixteenColours, WithoutColour
from tui.board.widgets.once import OnceScreen
from tui.board.widgets.pane import ThinScrollBar
from tui.board.widgets.theme import COUNTERPARTS, DARK, PLAIN, THEMES, is_light
from tui.board.widgets.toasts import ToastsApp
from tui.environment.canned_answers import answers_folder, canned_answers
from tui.environment.config import (
    config_file,
    read_config,
    remembered_theme,
    state_folder,
)
from tui.environment.configured_alerts import BY_A_BOARD, configured_alerting
from tui.environment.configured_outbox import configured_outbox
from tui.environment.fault_log import note_fault
from tui.environment.keymap import changed_keys, display, keymap
from tui.environment.one_heap import share_one_heap
from tui.environment.own_commands import own_commands
from tui.environment.sync_process import SyncProcess
from tui.environment.terminal import require_terminal
from tui.phrasing.text import other_alphabet
from tui.phrasing.times import ReaderZone

if sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

    from tui.board.terminal.terminal_driver import TerminalDriver

if TYPE_CHECKING:
    from textual.command import Provider

    from connections.delivery.outbox import Outbox
    from store.desk import Desk
    from tui.board.snapshot import FirstSight
    from tui.board.widgets.pick import Picked


STYLESHEETS: Final[list[str | PurePath]] = [
    "screen.tcss",
    "over_screen.tcss",
    "help_screen.tcss",
    "widgets/filter_bar.tcss",
    "widgets/form.tcss",
    "widgets/toasts.tcss",
    "team/out_form.tcss",
    "team/capacity_panel.tcss",
    "report/note_screen.tcss",
    "report/report_screen.tcss",
    "waits/waits_screen.tcss",
    "engineering/engineers_screen.tcss",
    "time/time_screen.tcss",
    "history/history_screen.tcss",
    "conversation/conversation_screen.tcss",
    "past/past_screen.tcss",
]
"""What stands beside each screen, read at the start.

Were they the screens' own, Textual would read all of them, and its own, anew whenever one of them
is opened first: 50 to 100 ms on the way from a key to its screen.
"""


_LIGHT_FROM: Final = 0.5
"""How light a terminal's ground is, from 0 to 1, from which on dark text is read better on it."""


_SWITCH_AFTER: Final = 0.0005
"""Seconds that a thread which reads may keep a key waiting: Python's own 5 ms add up on its way."""


def _commands() -> "type[Provider]":
    """Return what offers the commands in the palette."""
    from tui.board.palette import BoardCommands  # noqa: PLC0415 - not before it is opened

    return BoardCommands


class BoardApp(ToastsApp[Refusal], AsideApp[Refusal]):
    """Shows the board; ends with the Refusal when the database cannot be opened.

    ``asks_background`` is whether the terminal is asked for its ground, and has not answered yet.
    ``fault`` is the error that ended it, and ``ended_by`` the signal that did, if there was one.
    """

    CSS_PATH = STYLESHEETS
    COMMANDS = {_commands}  # noqa: RUF012 - Textual's own declaration
    TITLE = "numberone"

    def __init__(
        self, context: BoardContext, *, theme: str | None = None, asks_background: bool = False
    ) -> None:
        super().__init__()
        self.asks_background = asks_background
        self.fault: BaseException | None = None
        self.ended_by: int | None = None
        self._opened_with = context
        self._spoke_of_alphabet = False
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme if theme in {known.name for known in THEMES} else DARK
        self._first_theme = self.theme
        # Textual reads its styles in its own theme first, and once more in the one that is set.
        self.stylesheet.set_variables(self.get_css_variables())
        self._styled_in = self.theme
        self._show_few_colours()
        self.set_keymap(changed_keys(context.keys))
        for name, own in context.own.items():
            self.bind(own.command.keys[0], f"own_command('{name}')", show=False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the board's colours, for the moment before its theme is set."""
        return THEMES[0].variables

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew where the theme is another one than it is styled in."""
        if self._styled_in != self.theme:
            self._styled_in = self.theme
            super().refresh_css(animate)

    def _show_few_colours(self) -> None:
        """Say how a theme of few colours is shown; Textual has no public way to say so."""
        if self.theme == PLAIN:
            self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
            self._filters.append(WithoutColour())
        elif self.current_theme.ansi:
            self._filters.append(SixteenColours())

    def on_terminal_background(self, message: TerminalBackground) -> None:
        """Show the theme for the terminal's own ground, unless a person has chosen one."""
        if self.asks_background and self.theme == self._first_theme:
            self.asks_background = False
            if (message.lightness >= _LIGHT_FROM) is not is_light(self.theme):
                self.theme = COUNTERPARTS[self.theme]

    def get_driver_class(self) -> type[Driver]:
        """Return the board's own driver, or another one made to keep columns straight."""
        driver = super().get_driver_class()
        if sys.platform != "win32" and driver is LinuxDriver:
            return TerminalDriver
        return steady(driver)

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

    def on_key(self, event: events.Key) -> None:
        """Say once that a key is of another alphabet, which nobody took."""
        alphabet = None if self._spoke_of_alphabet else other_alphabet(event.character)
        bound = {key for keys in self._opened_with.keys.values() for key in keys}
        if alphabet is not None and event.character not in bound:
            self._spoke_of_alphabet = True
            self.notify(
                f"{event.character} is a {alphabet} letter: the keyboard is set to another"
                " alphabet, and the keys here are Latin ones",
                title="Not done",
                severity="warning",
            )

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard of the terminal (OSC 52); nothing never empties it."""
        if text:
            super().copy_to_clipboard(text)

    def action_own_command(self, name: str) -> None:
        """Use a command of the person's own, where there is a ticket under a cursor."""
        if isinstance(self.screen, BoardScreen):
            self.screen.use(name)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from tui.board.palette import Palette  # noqa: PLC0415 - not before it is opened

        self.push_screen(Palette())  # without an id: the one before may still be closing

    async def action_quit(self) -> None:
        """Leave, but ask first when something is half written."""

        def answered(answer: "Picked[bool] | None") -> None:
            if answer is not None and answer.value:
                self.exit()

        if any(isinstance(each, OnceScreen) and each.is_begun for each in self.screen_stack):
            from tui.board.leaving_form import LeavingForm  # noqa: PLC0415 - as above

            self.push_screen(LeavingForm(), answered)
        else:
            self.exit()

    def end(self, number: int) -> None:
        """End soon, because of the signal of a number; may be called from any thread."""
        if self.ended_by is None and self._loop is not None and not self._loop.is_closed():
            self.ended_by = number
            self._loop.call_soon_threadsafe(self.exit)

    def hung_up(self) -> None:
        """End, because the terminal is gone; may be called from any thread."""
        if sys.platform != "win32":
            self.end(signal.SIGHUP)

    def end_at_once(self) -> None:
        """Give the terminal back without waiting for anything; the process is ended after it."""
        if sys.platform != "win32" and isinstance(self._driver, TerminalDriver):
            self._driver.give_back_at_once()

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
    environment: Mapping[str, str] = os.environ,
    sync: SyncProcess | None = None,
    first_sight: "Callable[[], FirstSight | None]" = nothing_at_first,
) -> None:
    """Open the board in this terminal and return when the person leaves it.

    ``open_desk`` is called in a thread after the first frame, so what it imports costs no time
    before. ``clock`` gives aware UTC, ``place`` names the database in the header. Times are in the
    machine's zone until the team says the person's. Wait notices go out as the config file says
    that the ``environment`` names. ``first_sight`` gives, in a thread before that one, what can be
    shown at once. ``sync`` is started where there is a connection to keep in step.

    Raises:
        Refusal: there is no terminal that can show it, the config file is wrong, the database
            cannot be opened, or the board failed; then it says where the details are.
        SystemExit: a signal ended it, or its terminal was gone.
    """
    require_terminal(environment)
    file, folder = config_file(environment), state_folder(environment)
    config = read_config(file)

    def outbox() -> "Outbox | None":
        configured = configured_outbox(environment)
        return configured if configured.is_set_up else None

    zone, keys = ReaderZone(), keymap(config.get("keys", {}), file)
    canned_in = answers_folder(environment)
    context = BoardContext(
        open_desk=open_desk,
        clock=clock,
        place=place,
        state_folder=folder,
        keys=keys,
        own=own_commands(config.get("commands", {}), keys, file),
        zone=zone,
        learn_zone=zone.settle,
        outbox=outbox,
        alerting=partial(configured_alerting, BY_A_BOARD, environment),
        worker=f"board of {os.getpid()} on {socket.gethostname()}",
        config=str(file),
        sync=sync,
        canned=lambda: canned_answers(canned_in),
        canned_in=str(canned_in),
        first_sight=first_sight,
    )
    theme, asks_background = first_theme(environment, remembered_theme(folder))
    app = BoardApp(context, theme=theme, asks_background=asks_background)
    sys.setswitchinterval(_SWITCH_AFTER)
    share_one_heap()
    with ended_by_signals(app), garbage.put_off():
        refusal = app.run()
    _keep_half_written(app)
    if sync is not None:
        sync.stop()
    if app.board.client.desk is not None:
        app.board.client.desk.close()
    for reason in app.board.client.steps.parting_words:
        sys.stderr.write(f"numberone: {reason}\n")
    if (said := app.board.sending.parting_words()) is not None:
        sys.stderr.write(f"{said}\n")
    if app.ended_by is not None:
        if sys.platform != "win32" and app.ended_by == signal.SIGHUP:
            let_go_of_terminal()
        raise SystemExit(exit_code(app.ended_by))
    if app.fault is not None:
        raise Refusal(f"the board stopped by a fault of its own; {note_fault(folder, app.fault)}")
    if refusal is not None:
        raise refusal


def _keep_half_written(app: BoardApp) -> None:
    """Keep an answer that is written as the board ends, whatever ends it."""
    unkept, desk = app.board.sending.unkept(), app.board.client.present
    if unkept is None or desk is None:
        return
    try:
        desk.conversation.keep_draft(unkept.ticket, unkept.text, public=unkept.public)
    except Refusal as refusal:
        sys.stderr.write(f"numberone: the draft for #{unkept.ticket} is lost: {refusal.reason}\n")

"""Whether somebody sits at a terminal, and whether it can show the board."""

import os
import sys
from collections.abc import Mapping
from typing import Final

from policy.refusal import Refusal

WEB_DRIVER: Final = "textual.drivers.web_driver:WebDriver"
"""What draws in a browser, by pipes to the server that shows it there."""

_INSTEAD: Final = "`numberone next` prints the number one"
_CANNOT_MOVE_ITS_CURSOR: Final = frozenset({"", "dumb", "unknown", "emacs", "network", "dialup"})
_AS_XTERM: Final = (
    "alacritty", "contour", "cygwin", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole",
    "linux", "mintty", "ms-terminal", "mlterm", "putty", "rio", "rxvt", "screen", "st", "tmux",
    "vscode", "vt100", "vt220", "vte", "wezterm", "xterm",
)  # fmt: skip
"""Families whose newest members a system may not know yet; all move the cursor alike."""


def at_a_terminal() -> bool:
    """Return whether input, output and errors are all a terminal's, as the board needs them."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def require_terminal(environment: Mapping[str, str] = os.environ) -> None:
    """Raise a Refusal that says what to type instead, unless the board can be shown."""
    if environment.get("TEXTUAL_DRIVER") == WEB_DRIVER:
        return
    if not at_a_terminal():
        raise Refusal(f"the board needs a terminal; {_INSTEAD}")
    name = environment.get("TERM", "")
    if sys.platform != "win32" and not moves_its_cursor(name):
        said = f"TERM={name}" if name else "TERM is not set, and a terminal without a name"
        raise Refusal(f"{said} cannot show the board; {_INSTEAD}")


def moves_its_cursor(name: str) -> bool:
    """Return whether a terminal of this name (as TERM has it) is known to draw anywhere."""
    if name in _CANNOT_MOVE_ITS_CURSOR:
        return False
    if name.partition("-")[0] in _AS_XTERM:
        return True
    try:
        import curses  # noqa: PLC0415 - only for a name that is not known here
    except ImportError:
        return False
    try:
        curses.setupterm(name, sys.stdout.fileno())
    except curses.error:
        return False
    return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")

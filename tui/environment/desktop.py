"""What leaves the terminal: a text for the clipboard, a link for the browser, a file to be shown.

Text is copied by an escape sequence (OSC 52) that the terminal carries out, so it works over ssh
too, and the program never learns whether it did. A browser opens only where a screen is near.
"""

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset({"http", "https"})
_SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
_FROM_AFAR: Final = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


def clipboard_doubt(environment: Mapping[str, str] = os.environ) -> str:
    """Return what may keep the terminal from copying, in a few words; it never says."""
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return "though Apple's Terminal does not take what programs copy"
    if environment.get("TERM") == "linux":
        return "though a console without windows has no clipboard"
    if environment.get("TMUX"):
        return "if tmux is told to pass it on: set -g set-clipboard on"
    if environment.get("STY"):
        return "though GNU screen may keep it to itself"
    if environment.get("VTE_VERSION"):
        return "though this terminal may not take what programs copy"
    return "where the terminal allows it"


def is_web_address(url: str) -> bool:
    """Return whether a link leads to the web; no other is ever opened."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.isprintable() and " " not in url and parts.scheme in _SCHEMES and bool(parts.netloc)


def open_link(url: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Open a link in a browser; return False where none can be seen, and then nothing is opened.

    Over ssh a browser would open on the machine far away, and one without windows would take the
    terminal from the board: neither is started.
    """
    if not is_web_address(url) or not _has_screen(environment):
        return False
    try:
        browser = webbrowser.get()
        return not _takes_the_terminal(browser) and browser.open(url)
    except (webbrowser.Error, OSError):
        return False


def open_file(path: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Show a file in whatever shows its kind; return False where that cannot be seen from here.

    The program is started beside the board, with nothing of its terminal.
    """
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None or not _has_screen(environment):
        return False
    try:
        subprocess.Popen(  # noqa: S603 - the system's own opener, with a path of our making
            [opener, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def _has_screen(environment: Mapping[str, str]) -> bool:
    if any(environment.get(name) for name in _SCREENS):
        return True
    near = not any(environment.get(name) for name in _FROM_AFAR)
    return near and sys.platform in ("darwin", "win32")


def _takes_the_terminal(browser: webbrowser.BaseBrowser) -> bool:
    generic = isinstance(browser, webbrowser.GenericBrowser)
    return generic and not isinstance(browser, webbrowser.BackgroundBrowser)

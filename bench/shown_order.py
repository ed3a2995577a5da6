"""The whole order that a board in a terminal shows, read page by page off its screen."""

import os
import re
import signal
from codecs import getincrementaldecoder
from typing import Final

from rich.cells import set_cell_size

from bench.processes import STOPPED, state
from bench.terminal import Terminal
from tests.tui.terminal_screen import TerminalScreen

_HOME, _PAGE_DOWN = "\x1b[H", "\x1b[6~"
_PATIENCE: Final = 1.5
"""Seconds without a word after which a board has drawn all, however loaded the machine is."""

_TIMES: Final = 3
"""How often all pages are gone through, where a line was not seen."""

_SHORT: Final = 0.05

_LINE: Final = re.compile(r"^[ ┃▌]*(\d[\d,]*) (\S.*)")
"""A line's place, and what stands behind it."""

_STANDS: Final = 56
"""In how many cells behind the place nothing goes on with the time."""

_utf8 = getincrementaldecoder("utf-8")
"""Puts letters together that come in two pieces."""


def shown_order(terminal: Terminal, size: tuple[int, int], lines: int) -> dict[int, str]:
    """Return what stands at each place, as far as ``lines`` go, on a terminal of a size."""
    seen: dict[int, str] = {}
    for _ in range(_TIMES):
        screen = _drawn_anew(terminal, size)
        _press(terminal, screen, _HOME)
        _look(screen, seen)
        pages = lines // (size[1] // 2) + 2
        for _ in range(pages):
            if max(seen, default=0) >= lines:
                break
            _press(terminal, screen, _PAGE_DOWN)
            _look(screen, seen)
        if len(seen) >= lines:
            break
    return seen


def _drawn_anew(terminal: Terminal, size: tuple[int, int]) -> TerminalScreen:
    """Stop the board and let it go on, after which it draws all cells, and return its screen."""
    os.kill(terminal.process, signal.SIGTSTP)
    while state(terminal.process) != STOPPED:
        terminal.read(_SHORT)
    os.kill(terminal.process, signal.SIGCONT)
    screen = TerminalScreen(*size)
    _feed(terminal, screen)
    return screen


def _press(terminal: Terminal, screen: TerminalScreen, key: str) -> None:
    terminal.press(key)
    _feed(terminal, screen)


def _feed(terminal: Terminal, screen: TerminalScreen) -> None:
    letters = _utf8("replace")
    while piece := terminal.read(_PATIENCE):
        screen.feed(letters.decode(piece))


def _look(screen: TerminalScreen, seen: dict[int, str]) -> dict[int, str]:
    """Add to ``seen`` what stands at each place on the screen, and return it."""
    for line in screen.text.splitlines():
        if found := _LINE.match(line):
            seen[int(found[1].replace(",", ""))] = set_cell_size(found[2], _STANDS)
    return seen

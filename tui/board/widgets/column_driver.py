"""Keeps columns straight where terminals disagree about how wide a text is.

Scripts that combine letters and signs, and emoji, are drawn wider or narrower than reckoned by
some terminals and multiplexers, which shifts all that follows on the line. So the cursor is put
where it belongs after each such text, whatever the terminal made of it.
"""

import re
from typing import TYPE_CHECKING, cast

from tui.phrasing.text import width

if TYPE_CHECKING:
    from textual.driver import Driver

_SAVE, _RESTORE = "\x1b7", "\x1b8"

_UNCERTAIN = re.compile(
    "["
    "\u0900-\u109f"  # the scripts of India, Thailand, Tibet, Burma and their neighbours
    "\u1100-\u11ff"  # Korean written in parts
    "\u1780-\u18af"  # Khmer, Mongolian
    "\u1a00-\u1cff"  # more scripts of South and South-East Asia
    "\ua840-\uabff"
    "\U0001f000-\U0001faff"  # emoji
    "]+"
    "|[^\x00-\x1f\x7f][\u0300-\u036f\u20d0-\u20ff]+"  # a letter and the marks on it
)


def is_uncertain(text: str) -> bool:
    """Return whether terminals disagree about how wide a text is."""
    return not text.isascii() and _UNCERTAIN.search(text) is not None


def steadied(output: str) -> str:
    """Return what is sent to a terminal with the cursor put right after each uncertain text.

    The room that the text was given is cleared first, in the colours of the moment.
    """
    return output if output.isascii() else _UNCERTAIN.sub(_in_its_room, output)


def _in_its_room(found: re.Match[str]) -> str:
    text = found.group()
    cells = width(text)
    if not cells:
        return text
    return f"{_SAVE}{' ' * cells}{_RESTORE}{text}{_RESTORE}\x1b[{cells}C"


def steady(driver: "type[Driver]") -> "type[Driver]":
    """Return a driver like ``driver`` that keeps columns straight."""

    class SteadyDriver(driver):  # type: ignore[misc, valid-type] # a base known at run time
        def write(self, data: str) -> None:
            super().write(steadied(data))

    return cast("type[Driver]", SteadyDriver)

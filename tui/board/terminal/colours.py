"""Which theme a terminal is shown: by how many colours it has, and how bright its ground is."""

import sys
from collections.abc import Mapping
from enum import StrEnum

from tui.board.widgets.theme import COUNTERPARTS, DARK, DARK_16, PLAIN, is_light

_DARKEST_LIGHT = 7
"""The first of the sixteen colours that is light, but for the one after it, a dark grey."""

_DARK_GREY = 8
_WITHOUT_COLOURS = ("vt1", "vt2", "vt3")
"""How the names of terminals begin that never had any."""

_DOES_NOT_ANSWER = ("linux", "vt", "dumb", "cygwin")
"""How the names of terminals begin that know no question for their ground; some would print it."""


class ColourDepth(StrEnum):
    """How many colours a terminal shows."""

    NONE = "none"
    SIXTEEN = "sixteen"
    MANY = "many"


def colour_depth(environment: Mapping[str, str]) -> ColourDepth:
    """Return how many colours are to be shown; ``NO_COLOR``, unless it is empty, asks for none."""
    if environment.get("NO_COLOR"):
        return ColourDepth.NONE
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColourDepth.MANY
    name = environment.get("TERM", "").strip().lower()
    if sys.platform == "win32" or name.rpartition("-")[2] in ("256color", "kitty"):
        return ColourDepth.MANY
    return ColourDepth.SIXTEEN if _has_colours(name) else ColourDepth.NONE


def theme_for(depth: ColourDepth, *, light: bool) -> str:
    """Return the name of the theme for so many colours on a ground that is light, or dark."""
    dark = {ColourDepth.MANY: DARK, ColourDepth.SIXTEEN: DARK_16, ColourDepth.NONE: PLAIN}[depth]
    return COUNTERPARTS[dark] if light else dark


def first_theme(environment: Mapping[str, str], remembered: str | None) -> tuple[str, bool]:
    """Return the theme to begin with, and whether the terminal is to be asked for its ground.

    The choice that a person made once goes before all; else ``COLORFGBG`` is believed until the
    terminal has answered.
    """
    depth = colour_depth(environment)
    if remembered in COUNTERPARTS:
        return theme_for(depth, light=is_light(remembered)), False
    answers = not environment.get("TERM", "").startswith(_DOES_NOT_ANSWER)
    asked = answers and depth is not ColourDepth.NONE and sys.platform != "win32"
    return theme_for(depth, light=_said_to_be_light(environment)), asked


def _said_to_be_light(environment: Mapping[str, str]) -> bool:
    """Return whether ``COLORFGBG``, such as ``0;15``, names a light ground."""
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return ground.isdecimal() and int(ground) >= _DARKEST_LIGHT and int(ground) != _DARK_GREY


def _has_colours(name: str) -> bool:
    """Return whether a terminal that shows few colours shows any."""
    return not (name.startswith(_WITHOUT_COLOURS) or name.endswith(("-mono", "-m")))

"""What is shown where a terminal has sixteen colours, or none at all."""

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColour
from textual.filter import LineFilter

from tui.board.widgets.theme import BADGES, DIM_MARK

_DIM = TextualColour.parse(DIM_MARK).ansi
_OWN = Color.default()
_BADGES = frozenset(TextualColour.parse(each).ansi for each in BADGES)


class SixteenColours(LineFilter):
    """Shows what is dim as the terminal's own text, faint: it can be read in every scheme."""

    def apply(self, segments: list[Segment], background: TextualColour) -> list[Segment]:  # noqa: ARG002 - as in LineFilter
        """Return the segments as they are shown."""
        return [Segment(text, _faint(style), control) for text, style, control in segments]


class WithoutColour(LineFilter):
    """Takes all colours away; what is filled is shown in reverse, and a badge in it is not."""

    def apply(self, segments: list[Segment], background: TextualColour) -> list[Segment]:  # noqa: ARG002 - as in LineFilter
        """Return the segments as they are shown."""
        return [Segment(text, _colourless(style), control) for text, style, control in segments]


@lru_cache(maxsize=1024)
def _faint(style: Style | None) -> Style | None:
    if style is None or _number(style.color) != _DIM:
        return style
    return style + Style(color=_OWN, dim=True)


@lru_cache(maxsize=1024)
def _colourless(style: Style | None) -> Style | None:
    if style is None:
        return None
    filled = style.bgcolor is not None and not style.bgcolor.is_default
    attributes = Style(
        color=_OWN,
        bgcolor=_OWN,
        dim=True if _number(style.color) == _DIM else None,
        reverse=True if filled and _number(style.bgcolor) not in _BADGES else None,
    )
    return style + attributes


def _number(colour: Color | None) -> int | None:
    return None if colour is None else colour.number

"""Puts parts of a screen together: of each that looks otherwise only the widget that is seen there.

Textual's own way renders every line of every widget between the first and the last part, from a row
of the list to a line of the footer, and cuts all of them to pieces: most of what a key cost.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate  # its only home
from textual.geometry import Region
from textual.strip import Strip

_MOVE: Final = "\x1b[{};{}H"


class Piece(NamedTuple):
    """What is seen from a cell of a line on."""

    y: int
    x: int
    strip: Strip


class PiecesUpdate(CompositorUpdate):
    """Writes pieces of lines, each where it belongs."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """Return what shows the pieces in a terminal."""
        return "".join(
            _MOVE.format(y + 1, x + 1) + strip.render(console) for y, x, strip in self.pieces
        )


class PartCompositor(Compositor):
    """Renders of what has changed no more than is seen of it."""

    def render_partial_update(self) -> ChopsUpdate | PiecesUpdate | None:  # type: ignore[override] # Textual only writes what comes
        """Return the parts that look otherwise, None where that is nothing."""
        regions, screen = self._dirty_regions.copy(), self.size.region
        self._dirty_regions.clear()
        pieces = [
            piece
            for block in _blocks(self._regions_to_spans(regions))
            if (part := block.intersection(screen))
            for piece in self._seen_in(part)
        ]
        return PiecesUpdate(sorted(pieces, key=attrgetter("y", "x"))) if pieces else None

    def _seen_in(self, part: Region) -> Iterator[Piece]:
        """Yield what is seen in a part of the screen: of widgets that overlap the one in front."""
        hidden = [part]
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            for each in [each for each in hidden if each.overlaps(shown)]:
                seen = each.intersection(shown)
                hidden.remove(each)
                hidden += _rest(each, seen)
                strips = widget.render_lines(seen.translate(-region.offset))
                for y, strip in zip(seen.line_range, strips, strict=False):
                    yield Piece(y, seen.x, strip)
            if not hidden:
                return


def _blocks(spans: Iterable[tuple[int, int, int]]) -> list[Region]:
    """Return spans of lines as blocks: those below each other that are as wide are one."""
    found: dict[tuple[int, int], list[Region]] = {}
    for y, start, end in spans:
        column = found.setdefault((start, end), [])
        if column and column[-1].bottom == y:
            column[-1] = column[-1].grow((0, 0, 1, 0))
        else:
            column.append(Region(start, y, end - start, 1))
    return [block for column in found.values() for block in column]


def _rest(whole: Region, taken: Region) -> list[Region]:
    """Return what is left of a region without a part of it."""
    left, right = taken.x, taken.right
    around = (
        Region(whole.x, whole.y, whole.width, taken.y - whole.y),
        Region(whole.x, taken.bottom, whole.width, whole.bottom - taken.bottom),
        Region(whole.x, taken.y, left - whole.x, taken.height),
        Region(right, taken.y, whole.right - right, taken.height),
    )
    return [each for each in around if each]

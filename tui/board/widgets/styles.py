"""Text and roles put together: for whole widgets as content, for single lines as strips."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final

from rich.segment import Segment
from rich.style import Style as LineStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from tui.board.widgets.theme import ROLES
from tui.phrasing.text import is_harmless, plain_block, plain_line, shortened, width

Span = tuple[str, str]
"""A piece of harmless text and its role."""


def content(spans: Iterable[Span]) -> Content:
    """Return the spans as content; nothing in their text is read as markup, or obeyed.

    Their text should be harmless already; what is not is made so here, lines kept.
    """
    return Content.assemble(*((_gated(text), ROLES[role]) for text, role in spans))


def unmarked(text: str) -> str:
    """Return any text as markup that shows it, harmless, for what of Textual reads only markup.

    Textual's own ``escape`` lets some tags through, one after a backslash among them.
    """
    return plain_line(text).replace("[", r"\[")


def strip(widget: Widget, spans: Sequence[Span], cells: int) -> Strip:
    """Return the spans as one line of a widget, ``cells`` wide, on the widget's own ground."""
    base, theme = widget.visual_style, widget.app.theme
    segments = [
        Segment(text if is_harmless(text) else plain_line(text), _line_style(theme, role, base))
        for text, role in spans
    ]
    return Strip(segments).adjust_cell_length(cells, base.rich_style)


def content_strip(widget: Widget, line: Content, cells: int) -> Strip:
    """Return a line of content that has room in ``cells`` as a line of a widget.

    It looks as Textual draws it, which wraps, aligns and measures it for that once more.
    """
    base, theme, text = widget.visual_style, widget.app.theme, line.plain
    plain = _plain_text(base)
    segments, done = [], 0
    for start, end, style in sorted(line.spans, key=itemgetter(0)):
        if start < done:  # one within another
            return _as_textual_draws(widget, line, cells)
        if start > done:
            segments.append(Segment(text[done:start], plain))
        segments.append(Segment(text[start:end], _styled(theme, style, base)))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:], plain))
    left = cells - width(text)
    if left < 0 or not is_harmless(text):
        return _as_textual_draws(widget, line, cells)
    if left:
        segments.append(Segment(" " * left, base.rich_style))
    return Strip(segments, cells)


def _as_textual_draws(widget: Widget, line: Content, cells: int) -> Strip:
    base = widget.visual_style
    first, *_ = Visual.to_strips(widget, line, cells, 1, base)
    return first.adjust_cell_length(cells, base.rich_style)


def _gated(text: str) -> str:
    return text if is_harmless(text) else plain_block(text)


def spread(left: Sequence[Span], right: Sequence[Span], cells: int) -> list[Span]:
    """Return one line of ``cells`` cells with ``left`` at its start and ``right`` at its end.

    Where both do not fit, the left side is cut: what stands right is a number or a time.
    """
    wanted = spans_width(right)
    kept = cut(left, max(0, cells - wanted - 1))
    gap = cells - spans_width(kept) - wanted
    return [*kept, (" " * gap, ""), *right] if gap > 0 else cut([*kept, *right], cells)


def cut(spans: Sequence[Span], cells: int) -> list[Span]:
    """Return as much of the spans as ``cells`` cells take, ending in ``…`` when cut."""
    kept: list[Span] = []
    for text, role in spans:
        size = width(text)
        if size > cells:
            return [*kept, (shortened(text, cells), role)]
        kept.append((text, role))
        cells -= size
    return kept


_BELOW: Final = 2
_UNBROKEN: Final = re.compile("[!-~]+")
"""What is written without a space in letters that no line is broken between."""


def hanging(label: Span, value: Sequence[Span], indent: int, cells: int) -> list[Content]:
    """Return lines with a label before the value, whose further lines hang under its first.

    A value with an address, or another long word, that fits only a line of its own stands below.
    """
    longest = max(map(len, _UNBROKEN.findall("".join(text for text, _ in value))), default=0)
    if cells - indent < longest <= cells - _BELOW < cells:
        below = content(value).wrap(cells - _BELOW)
        return [content([label]), *(Content(" " * _BELOW) + line for line in below)]
    first, *further = content(value).wrap(max(1, cells - indent)) or [Content()]
    head = content([label]).pad_right(max(0, indent - width(label[0])))
    return [head + first, *(Content(" " * indent) + line for line in further)]


_LABEL_SHARE: Final = 0.45

Labelled = Sequence[tuple[str, Sequence[Span]]]
"""Labels, each with its value."""


def labelled_lines(labelled: Labelled, cells: int) -> list[Content]:
    """Return lines of at most ``cells`` with the labels in one column before their values."""
    return [line for block in labelled_blocks(labelled, cells) for line in block]


def labelled_blocks(labelled: Labelled, cells: int) -> list[list[Content]]:
    """Return the lines of each label with its value.

    Where the labels would take too much of the width, a value stands below its label.
    """
    indent = max((width(label) for label, _ in labelled), default=0) + 2
    if indent <= cells * _LABEL_SHARE:
        return [hanging((label, "dim"), value, indent, cells) for label, value in labelled]
    below = max(1, cells - 2)
    return [
        [
            *content([(label, "dim")]).wrap(cells),
            *(Content("  ") + line for line in content(value).wrap(below)),
        ]
        for label, value in labelled
    ]


def spans_width(spans: Iterable[Span]) -> int:
    """Return how many cells the spans take."""
    return sum(width(text) for text, _ in spans)


@lru_cache(maxsize=64)
def _plain_text(base: Style) -> LineStyle:
    """Return the style of a text that has none of its own: told from its padding, as Textual's."""
    return base.rich_style + LineStyle(meta={"text": True})


def _line_style(theme: str, role: str, base: Style) -> LineStyle:
    return _styled(theme, ROLES[role], base)


@lru_cache(maxsize=512)
def _styled(theme: str, style: str | Style, base: Style) -> LineStyle:  # noqa: ARG001 - its colours are the theme's
    if isinstance(style, str):
        return (base + Style.parse(style)).rich_style if style else base.rich_style
    return (base + style).rich_style

"""The list of the engineer's view, and one ticket with its whole context, line by line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from string import ascii_lowercase
from typing import Final

from textual.content import Content

from policy.engineering.wording import in_words
from policy.vocabulary import NO_WORDS, Vocabulary
from store.engineering.engineering_models import AtEngineering, Engineering
from store.read_models import Card
from tui.actions import timeline
from tui.board.ticket.detail_lines import earlier_line
from tui.board.widgets.cursor_list import CursorList
from tui.board.widgets.styles import (
    Span,
    content,
    hanging,
    labelled_blocks,
    labelled_lines,
    spans_width,
    spread,
)
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.engineering_facts import MISSING, Line, checklist_lines, standing_lines
from tui.phrasing.text import left_aligned, plain_block, plain_line, right_aligned, width

_AGE: Final = 4
_CUSTOMER_SHARE: Final = 0.3
_CUSTOMER_AT_MOST: Final = 22
_HAPPENED_LABEL: Final = 12
_DIGITS: Final = "123456789"

TIMING_KEYS: Final = f"{ascii_lowercase}{_DIGITS}"
"""The keys that a timing may have."""

EMPTY: Final = ("Nothing waits for engineering.", "What is handed over appears here by itself.")
"""What stands where the tickets would."""


def timing_keys(timings: Sequence[str], taken: Collection[str]) -> Mapping[str, str]:
    """Return a key for each timing: a letter of its name that is free, else a digit.

    The first letters of its words come first; ``taken`` are the keys that mean something else. A
    timing for which nothing is left has no key: Enter offers all of them.
    """
    used = set(taken)
    keys: dict[str, str] = {}
    for timing in timings:
        words = in_words(timing).lower().split()
        letters = [*(word[0] for word in words), *chain.from_iterable(words)]
        usable = [letter for letter in letters if letter.isascii() and letter.isalpha()]
        key = next((each for each in (*usable, *_DIGITS) if each not in used), None)
        if key is not None:
            keys[timing] = key
            used.add(key)
    return keys


def heading_spans(found: Engineering | None, cells: int) -> list[Span]:
    """Return the top line: how much there is, and how often engineering was asked to drop all."""
    name: Span = (" engineering", "name")
    if found is None:
        return [name, ("   reading …", "dim")]
    urgent = sum(each.urgent for each in found.waiting)
    left: list[Span] = [name]
    if urgent:
        left.append((f"  {urgent} cannot wait", "late-strong"))
    left.append((f"  {found.total - urgent:,} to review", "strong"))
    asked, can = found.escalations.cannot_wait, found.escalations.can_wait
    room = cells - spans_width(left) - 1
    counted = (
        f"in 7 days: asked to drop everything {asked}×, could wait {can}× ",
        f"7 days: drop all {asked}×, can wait {can}× ",
        f"7 days: {asked}×, {can}× ",
    )
    said = next((each for each in counted if width(each) <= room), "")
    return spread(left, [(said, "dim")], cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineersRow:
    """A ticket with how its line is drawn, as of ``now`` (UTC)."""

    waiting: AtEngineering
    words: Vocabulary
    now: datetime
    here: bool
    focused: bool


def row_spans(row: EngineersRow, cells: int) -> list[Span]:
    """Return one line of the list in exactly ``cells`` cells."""
    ticket = row.waiting.ticket
    mark = ("▌", "mark" if row.focused else "dim") if row.here else (" ", "")
    text = ("bright" if row.focused else "strong") if row.here else ""
    since = ticket.with_engineering_since
    age = "" if since is None else times.age_in_column(since, row.now)
    sign: Span = ("! ", "late-strong") if row.waiting.urgent else ("  ", "")
    customer = min(_CUSTOMER_AT_MOST, max(0, round(cells * _CUSTOMER_SHARE)))
    cells_of_badge = row.words.priority_cells
    left: list[Span] = [
        mark,
        sign,
        (
            f"{left_aligned(row.words.priority_badge(ticket.priority) or '–', cells_of_badge)} ",
            role_of(row.words, ticket.priority),
        ),
        (f"{left_aligned(plain_line(ticket.customer), customer)}  ", text or "dim"),
        (plain_line(ticket.subject), text),
    ]
    return spread(left, [(right_aligned(age, _AGE), "dim"), (" ", "")], cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The ticket that is shown whole; ``card`` None while it is not read, times as of ``now``.

    Unless it is ``unfolded``, long answers are so short that all are seen at once.
    """

    waiting: AtEngineering
    words: Vocabulary
    card: Card | None
    now: datetime
    zone: tzinfo | None
    unfolded: bool


def shown_lines(shown: Shown, cells: int, rows: int) -> tuple[list[Content], bool]:
    """Return the ticket in lines of at most ``cells``, its context within ``rows`` of them.

    And whether some of the answers are cut for that.
    """
    ticket = shown.waiting.ticket
    head = content([(plain_line(ticket.subject), "bright")]).wrap(cells)
    head += content(_summary(shown)).wrap(cells)
    head += labelled_lines(list(standing_lines(ticket, shown.words, shown.now, shown.zone)), cells)
    blocks = labelled_blocks(list(_checklist(shown.waiting)), cells)
    room = rows - len(head) - 1
    heights = [len(block) for block in blocks]
    sizes = heights if shown.unfolded else _sizes(heights, room)
    blocks = [_cut(block, size, cells) for block, size in zip(blocks, sizes, strict=True)]
    airy = sum(map(len, blocks)) + len(blocks) - 1 <= room
    between = [Content()] if airy else []
    context = [line for block in blocks for line in (*between, *block)]
    lines = [*head, *([] if airy else [Content()]), *context, *_further(shown, cells)]
    return lines, sizes != heights


def _checklist(waiting: AtEngineering) -> Iterator[Line]:
    """Yield the context; of what cannot wait a day nobody has written all of it yet."""
    if not waiting.urgent:
        yield from checklist_lines(waiting.checklist)
        return
    yield from checklist_lines(tuple(each for each in waiting.checklist if each[1] is not None))
    missing = [plain_line(in_words(name)) for name, text in waiting.checklist if text is None]
    if missing:
        yield f"{MISSING} not filled in", [(", ".join(missing), "dim")]


def _summary(shown: Shown) -> list[Span]:
    ticket = shown.waiting.ticket
    whose = f" · {plain_line(ticket.assignee)} has it" if ticket.assignee else ""
    tier = shown.words.tier_name(ticket.tier)
    return [
        (f"#{ticket.id} ", ""),
        (ticket.priority or "", role_of(shown.words, ticket.priority)),
        (f"  {plain_line(ticket.customer)}", ""),
        (f" · {tier}{whose}" if tier else whose, "dim"),
    ]


def _sizes(heights: Sequence[int], room: int) -> list[int]:
    """Return how many lines each answer gets: all it has, or else alike, a line at least."""
    most = max(heights, default=1)
    while most > 1 and sum(min(height, most) for height in heights) > room:
        most -= 1
    sizes = [min(height, most) for height in heights]
    for place, height in enumerate(heights):
        if sizes[place] < height and sum(sizes) < room:
            sizes[place] += 1
    return sizes


def _cut(block: list[Content], size: int, cells: int) -> list[Content]:
    if len(block) <= size:
        return block
    more = content([(f" … {len(block) - size:,} more", "dim")])
    last = block[size - 1].truncate(max(0, cells - more.cell_length), ellipsis=False)
    return [*block[: size - 1], last.rstrip() + more]


def _further(shown: Shown, cells: int) -> list[Content]:
    """Return what else there is of a ticket that is read whole: its description and history."""
    card = shown.card
    if card is None:
        return []
    body = plain_block(card.body).strip()
    lines = [Content(), content([("Description", "heading")])] if body else []
    lines += content([(body, "")]).wrap(cells) if body else []
    lines += [Content(), content([("What happened", "heading")])]
    whens = [times.at(event.at, shown.now, shown.zone) for event in card.history]
    indent = times.column(whens, _HAPPENED_LABEL)
    for when, event in zip(whens, card.history, strict=True):
        lines += hanging((when, "dim"), [(timeline.sentence(event, shown.zone), "")], indent, cells)
    return lines + earlier_line(card.earlier_events)


class EngineersList(CursorList):
    """Draws the tickets that are on the screen."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._waiting: Sequence[AtEngineering] | None = None
        self._words = NO_WORDS

    @property
    def waiting(self) -> AtEngineering | None:
        """The ticket under the cursor."""
        return self._waiting[self.place] if self._waiting else None

    def show(self, waiting: Sequence[AtEngineering], words: Vocabulary) -> None:
        """Show other tickets, in the policy's ``words``."""
        self._waiting, self._words = waiting, words
        self.lay_out([each.ticket.id for each in waiting])

    def sentences(self) -> Sequence[str]:
        """Return that nothing waits, once it is read."""
        return () if self._waiting is None else EMPTY

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return a ticket in a line."""
        waiting = (self._waiting or ())[number]
        row = EngineersRow(
            waiting=waiting,
            words=self._words,
            now=self.now,
            here=here,
            focused=self.has_focus,
        )
        return row_spans(row, cells)

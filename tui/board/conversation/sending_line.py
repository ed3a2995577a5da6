"""What of ours can still be taken back: one calm line, and the only thing in it that moves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Final

from textual.widgets import Static

from policy.phrases import STATUS_NAMES
from policy.words import Status
from tui.board.desk_client import title_of
from tui.board.steps import StepsUnderWay, waiting_spans
from tui.board.widgets.styles import Span, content, cut

_SHOWN: Final = "-sends"
_TICK: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingAnswer:
    """An answer, or a note, that a person has sent and that waits until ``until`` (UTC).

    ``status`` is what the ticket is with it, and ``is_last`` whether the person has done nothing
    since, so that undo takes just this back.
    """

    ticket: int
    public: bool
    status: Status
    until: datetime
    is_last: bool = True

    def seconds_left(self, now: datetime) -> int:
        """Return in how many seconds it goes out, 0 once it may."""
        return max(0, ceil((self.until - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Unkept:
    """What was written about a ticket, and is not in the database yet."""

    ticket: int
    text: str
    public: bool


def nothing_unkept() -> Unkept | None:
    """Return that nothing is half written."""
    return None


class AnswersOnTheirWay:
    """What one board has sent last, as long as it can be taken back, and what is half written.

    ``unkept`` gives the latter, for the moment at which the board is ended from outside. ``lines``
    draw what is on its way, and are called whenever that changes. ``steps`` are what the database
    has not answered yet: those are said first.
    """

    def __init__(self, clock: Callable[[], datetime], steps: StepsUnderWay) -> None:
        self.clock = clock
        self.steps = steps
        self.last: SendingAnswer | None = None
        self.unkept: Callable[[], Unkept | None] = nothing_unkept
        self.lines: set[Callable[[], None]] = set()

    def begin(self, sending: SendingAnswer) -> None:
        """Say that something is on its way now."""
        self._change(sending)

    def more_was_done(self) -> None:
        """Say that the person has done something else: undo would take that back first."""
        if self.last is not None:
            self._change(replace(self.last, is_last=False))

    def was_taken_back(self, ticket: int) -> None:
        """Say that what was written in a ticket does not go out."""
        if self.last is not None and self.last.ticket == ticket:
            self._change(None)

    def parting_words(self) -> str | None:
        """Return what is said when the board is left now, None where nothing waits."""
        return None if self.last is None else parting_words(self.last, self.clock())

    def _change(self, sending: SendingAnswer | None) -> None:
        self.last = sending
        self.draw()

    def draw(self) -> None:
        """Say at once what is so now."""
        for draw in tuple(self.lines):
            draw()


class SendingLine(Static):
    """Says in how many seconds an answer goes out and what takes it back; not seen without one."""

    def __init__(self, on_their_way: AnswersOnTheirWay, undo_key: str) -> None:
        super().__init__("", markup=False, classes="sending-line")
        self._on_their_way = on_their_way
        self._undo_key = undo_key
        self._spans: list[Span] = []

    def on_mount(self) -> None:
        """Count down."""
        self._on_their_way.lines.add(self.draw)
        self.set_interval(_TICK, self.draw)
        self.draw()

    def on_unmount(self) -> None:
        """Draw no more."""
        self._on_their_way.lines.discard(self.draw)

    def draw(self) -> None:
        """Show what is on its way now."""
        sending = self._on_their_way.last
        spans: list[Span] = []
        if (step := self._on_their_way.steps.waiting) is not None:
            spans = waiting_spans(step, title_of(step.name), self._undo_key)
        elif sending is not None:
            spans = sending_spans(sending, self._on_their_way.clock(), self._undo_key)
        if spans != self._spans:
            self._spans = spans
            self.set_class(bool(spans), _SHOWN)
            self.update(content(cut(spans, max(1, self.app.size.width - 2))))


def sending_spans(sending: SendingAnswer, now: datetime, undo_key: str) -> list[Span]:
    """Return the line about an answer on its way; nothing once it may go out."""
    left = sending.seconds_left(now)
    if not left:
        return []
    done = "answered" if sending.public else "noted"
    spans: list[Span] = [
        ("◷ ", "soon"),
        (f"#{sending.ticket} {done}, {STATUS_NAMES[sending.status]}: sending in {left:>2} s", ""),
    ]
    if sending.is_last:
        spans += [(", ", ""), (undo_key, "key"), (" takes it back", "")]
    return spans


def parting_words(sending: SendingAnswer, now: datetime) -> str | None:
    """Return what is said when the board is left while an answer waits, None once it may go out."""
    left = sending.seconds_left(now)
    if not left:
        return None
    what = "answer to" if sending.public else "note in"
    return (
        f"The {what} #{sending.ticket} goes out in {left} s, by another board or numberone sync.\n"
        "numberone undo takes it back until then; its words are the draft again."
    )

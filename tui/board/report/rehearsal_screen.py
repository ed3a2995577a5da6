"""The screen of a rehearsal: the last days played twice, in two columns beside each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.board.client import Answered, Client, GoOn, NoLongerWantedError
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverScreen
from tui.board.widgets.page import Page
from tui.board.widgets.styles import Span, content, cut, spread
from tui.phrasing.text import left_aligned, plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from policy.rehearsal.play_figures import Rehearsal
    from policy.rehearsal.rehearsed_file import Rehearsed
    from store.desk import DeskReading

_DAYS: Final = {"report_day": 1, "report_week": 7, "report_month": 28}
"""How many days each command plays; at first it is a month of them."""

_FIRST_DAYS: Final = 30
_LABEL: Final = 24
_GAP: Final = 2
_BAR: Final = 20


@dataclass(frozen=True, slots=True)
class ToRehearse:
    """What is rehearsed, and the name of the file it is from."""

    rehearsed: "Rehearsed"
    name: str


class RehearsalBegun(Message):
    """A rehearsal has come so far; ``share`` is from 0 to 1."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share


class RehearsalRead(Answered["Rehearsal"]):
    """A rehearsal is there, or why it is not."""


class RehearsalScreen(OverScreen):
    """Shows one rehearsal; whoever leaves before it is there stops it."""

    NAME = "rehearsal"
    LEAVING = ("back",)
    BINDINGS = bindings_of("rehearsal")

    def __init__(self, below: DeskScreen, wanted: ToRehearse) -> None:
        super().__init__(below)
        self.rehearsal: Rehearsal | None = None
        self._wanted = wanted
        self._days = _FIRST_DAYS
        self._trouble = ""
        self._share: float | None = None
        self._rehearsals: Client[tuple[DeskReading, int], Rehearsal] = Client(
            self,
            self._play,
            RehearsalRead,
            name="rehearsal",
            fault_folder=self.context.state_folder,
        )
        self._heading = Static("", markup=False, classes="report-heading")
        self._columns = Static("", markup=False, classes="report-text")
        self._body = Page(self._columns, id="rehearsal-body")

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """Begin to play."""
        self._body.focus()
        self._read()

    def on_unmount(self) -> None:
        """Let nobody go on with a rehearsal that nobody waits for."""
        self._rehearsals.stop()

    def on_resize(self) -> None:
        """Cut anew for another width."""
        self.call_after_refresh(self._draw)

    def _read(self) -> None:
        desk = self.client.desk
        if desk is not None:
            self._share, self._trouble = 0.0, ""
            self._rehearsals.ask((desk, self._days))
        self._draw()

    def _play(self, wanted: "tuple[DeskReading, int]", go_on: GoOn) -> "Rehearsal":
        """Play the last days, in a thread that says how far it is."""

        def step(share: float) -> None:
            if not go_on():
                raise NoLongerWantedError
            self.post_message(RehearsalBegun(share))

        desk, days = wanted
        what = self._wanted
        return desk.rehearsals.rehearse(timedelta(days=days), what.rehearsed, what.name, step)

    @on(RehearsalBegun)
    def _begun(self, message: RehearsalBegun) -> None:
        if self._rehearsals.reading:
            self._share = message.share
            self._draw_heading()

    @on(RehearsalRead)
    def _came(self, message: RehearsalRead) -> None:
        if not self._rehearsals.came(message):
            return
        self._share, self._trouble = None, message.trouble
        if message.found is not None:
            self.rehearsal = message.found
        self._draw()

    # Drawing

    def _draw(self) -> None:
        self._draw_heading()
        self._draw_columns()
        self.draw_footer()

    def _draw_heading(self) -> None:
        days = "1 day" if self._days == 1 else f"{self._days} days"
        name = plain_line(self._wanted.name)
        left: list[Span] = [(" rehearsal", "name"), (f"   {name} · {days}", "")]
        self._heading.update(content(spread(left, self._progress(), self.size.width)))

    def _progress(self) -> list[Span]:
        if self._trouble:
            return [("! ", "late"), (f"{plain_line(self._trouble)} ", "late")]
        if self._share is None:
            return []
        filled = round(_BAR * self._share)
        bar: list[Span] = [("█" * filled, "frame"), ("░" * (_BAR - filled), "rule")]
        return [("playing … ", "dim"), *bar, (" ", "")]

    def _draw_columns(self) -> None:
        found = self.rehearsal
        if found is None:
            self._columns.update("")
            return
        from tui.report.rehearsal_columns import (  # noqa: PLC0415 - there is one, so it is here
            HEADINGS,
            HOW_IT_IS_PLAYED,
            lines_of_rehearsal,
            title_of_rehearsal,
        )

        cells = max(40, self._body.scrollable_content_region.width - 2)
        wide = (cells - _LABEL) // 2
        zone: tzinfo = self.context.zone or LocalZone()
        lines = [content([(plain_line(title_of_rehearsal(found, zone)), "heading")]), Content()]
        lines.append(_row("", HEADINGS, "dim", wide))
        lines += [
            _row(each.label, each[1:], "strong" if each.differs else "", wide)
            for each in lines_of_rehearsal(found, zone)
        ]
        lines += [Content(), *content([(HOW_IT_IS_PLAYED, "dim")]).wrap(cells)]
        self._columns.update(Content("\n").join(lines))

    # What the person does

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names."""
        return (*_DAYS, "rehearse", "back")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        return {command: partial(self._read_of, days) for command, days in _DAYS.items()}

    def mover(self) -> Page:
        """Return the text."""
        return self._body

    def _read_of(self, days: int) -> None:
        self._days = days
        self._read()


def _row(label: str, values: tuple[str, ...], role: str, wide: int) -> Content:
    """Return a line of the two columns, each cut to its width."""
    cells: list[Span] = [(f"{label:<{_LABEL}}", "dim")]
    for value, said in zip(values, ("", role), strict=True):
        (text, _), *_ = cut([(plain_line(value), said)], wide - _GAP) or [("", "")]
        cells.append((left_aligned(text, wide), said))
    return content(cells)

"""The list of the time screen: entries under their days, and the split of each person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Final

from policy.phrases import span
from tui.board.time.time_model import TimeView
from tui.board.widgets.cursor_list import CursorList
from tui.board.widgets.styles import Span, cut, spread
from tui.phrasing import times
from tui.phrasing.shares import percent, priority_kind
from tui.phrasing.text import left_aligned, plain_line, right_aligned

if TYPE_CHECKING:
    from policy.time.allocation import Allocation, Split
    from policy.time.entries import TimeEntry
    from tui.board.team.team_model import TeamView

_DAY: Final = timedelta(days=1)
_CLOCK: Final = 5
_NAME: Final = 12
_SHARE: Final = 3
_SHARES: Final = 2 * _SHARE + 1
_LENGTH: Final = 10
_LONGEST_BAR: Final = 24
_SHORTEST_BAR: Final = 6


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day of the person who reads, and what was recorded from its start on."""

    title: str
    recorded: timedelta
    entries: "tuple[TimeEntry, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntryLine:
    """An entry with how its line is to be drawn; times are shown in ``zone``, as of ``now``."""

    entry: "TimeEntry"
    subjects: Mapping[int, str]
    now: datetime
    zone: tzinfo | None
    here: bool
    focused: bool


def days(entries: "Sequence[TimeEntry]", now: datetime, zone: tzinfo | None) -> list[RecordedDay]:
    """Return the entries, the latest first, under the days on which they began."""
    today = now.astimezone(zone).date()
    return [
        RecordedDay(
            _day(day, today), sum((each.length(now) for each in found), timedelta(0)), found
        )
        for day, found in (
            (day, tuple(group))
            for day, group in groupby(
                entries, key=lambda each: each.started_at.astimezone(zone).date()
            )
        )
    ]


def day_spans(day: RecordedDay, cells: int) -> list[Span]:
    """Return a day's heading with what was recorded on it."""
    return spread([(f" {day.title}", "heading")], [(f"{span(day.recorded)} ", "dim")], cells)


def entry_spans(line: TimeEntryLine, cells: int) -> list[Span]:
    """Return the line of one entry in exactly ``cells`` cells."""
    entry = line.entry
    mark = ("▌", "mark" if line.focused else "dim") if line.here else (" ", "")
    text = ("bright" if line.focused else "strong") if line.here else ""
    start = f"{entry.started_at.astimezone(line.zone):%H:%M}"
    if entry.stopped_at is None:
        until: Span = ("now", "mark")
    else:
        until = (f"{entry.stopped_at.astimezone(line.zone):%H:%M}", "dim")
    left: list[Span] = [
        mark,
        (f" {start}", "dim"),
        (" – ", "rule"),
        (left_aligned(until[0], _CLOCK), until[1]),
        ("  ", ""),
        *_what(entry, line.subjects, text),
    ]
    return spread(left, [(f" {span(entry.length(line.now))} ", text or "")], cells)


def _what(entry: "TimeEntry", subjects: Mapping[int, str], text: str) -> list[Span]:
    note = plain_line(entry.note)
    if entry.ticket is None:
        said: list[Span] = [(f"{entry.work} work", text)]
    else:
        subject = plain_line(subjects.get(entry.ticket, ""))
        said = [(f"#{entry.ticket}", text), (f" {subject}" if subject else "", text)]
    return [*said, (f" · {note}" if note else "", "dim")]


def heading_spans(time: TimeView, now: datetime, zone: tzinfo | None, cells: int) -> list[Span]:
    """Return the screen's first line: what the timer runs on, and the clock."""
    mine = time.mine
    left: list[Span] = [(" time", "name"), ("   ", "")]
    if mine.running is None:
        left.append(("no timer runs", "dim"))
    else:
        since = times.at(mine.running.started_at, now, zone)
        on = f"#{mine.running.ticket}" if mine.running.ticket else f"{mine.running.work} work"
        left += [("◷ ", "mark"), (span(mine.running.length(now)), "strong")]
        left += [(f" on {on}, since {since}", "dim")]
    return spread(left, [(f"{now.astimezone(zone):%H:%M} ", "strong")], cells)


def split_lines(
    allocation: "Allocation", team: "TeamView", login: str, cells: int
) -> Iterator[list[Span]]:
    """Yield the split of the team, of the person, and of everybody else, each with a bar."""
    yield split_line("team", allocation.team, cells, "bright")
    yield from _where_it_went(allocation, cells)
    yield []
    own = [each for each in allocation.members if each.login == login]
    others = [each for each in allocation.members if each.login != login]
    for each in (*own, *others):
        role = "strong" if each.login == login else ""
        yield split_line(team.name(each.login), each.split, cells, role)


def _where_it_went(allocation: "Allocation", cells: int) -> Iterator[list[Span]]:
    """Yield what of the team's time for customers went to which priorities, a line a kind.

    Nothing where none of it went to a ticket.
    """
    if not allocation.team.by_priority:
        return
    for kind in allocation.kinds:
        rare = kind == allocation.urgent
        left: list[Span] = [
            (left_aligned(f"  {plain_line(priority_kind(kind))}", _NAME), "dim"),
            (percent(allocation.team.share_of(kind)), ""),
            (" of customers', meant to be rare" if rare else " of customers'", "dim"),
        ]
        yield cut(left, cells)


def split_line(name: str, split: "Split", cells: int, role: str) -> list[Span]:
    """Return ``name  83 ▏17  ━━━━╌  12 h`` in exactly ``cells`` cells."""
    left: list[Span] = [(left_aligned(name, _NAME), role), *_shares(split), ("  ", "")]
    room = cells - _NAME - _SHARES - 2 - _LENGTH
    if split.customer_share is not None and room >= _SHORTEST_BAR:
        bar = min(_LONGEST_BAR, room)
        customer = round(bar * split.customer_share)
        left += [("━" * customer, "frame"), ("╌" * (bar - customer), "dim")]
    recorded = span(split.recorded) if split.recorded else ""
    return spread(left, [(right_aligned(recorded, _LENGTH - 1), "dim")], cells)


def _shares(split: "Split") -> list[Span]:
    """Return both shares in a column each."""
    if split.customer_share is None:
        return [(right_aligned("–", _SHARE), "dim"), (" ▏", "rule"), (" –", "dim")]
    customer = round(100 * split.customer_share)
    return [
        (right_aligned(str(customer), _SHARE), ""),
        (" ▏", "rule"),
        (right_aligned(str(100 - customer), _SHARE - 1), ""),
    ]


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - _DAY:
        return "Yesterday"
    return f"{day:%a} {day.day} {day:%b}"


_EMPTY: Final = ("No time is recorded yet.", "The timer is one key, on any ticket.")


class TimeList(CursorList):
    """Draws the entries that are on the screen, under their days."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__(now)
        self._zone = zone
        self._recorded: Sequence[TimeEntry] | None = None
        self._subjects: Mapping[int, str] = {}
        self._lines: list[RecordedDay | TimeEntry | None] = []

    @property
    def entry(self) -> "TimeEntry | None":
        """The entry under the cursor."""
        return self._recorded[self.place] if self._recorded else None

    def show(self, entries: "Sequence[TimeEntry]", subjects: Mapping[int, str]) -> None:
        """Show other entries."""
        self._recorded, self._subjects = entries, subjects
        self._divide_into_days()

    def watch_now(self) -> None:
        """Show times as of another time, under the days as they are called by then."""
        self._divide_into_days()

    def sentences(self) -> Sequence[str]:
        """Return that nothing is recorded, once it is read."""
        return () if self._recorded is None else _EMPTY

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return an entry, a day's heading, or the gap before it."""
        line = self._lines[number]
        if line is None:
            return []
        if isinstance(line, RecordedDay):
            return day_spans(line, cells)
        drawn = TimeEntryLine(
            entry=line,
            subjects=self._subjects,
            now=self.now,
            zone=self._zone,
            here=here,
            focused=self.has_focus,
        )
        return entry_spans(drawn, cells)

    def _divide_into_days(self) -> None:
        self._lines = []
        for day in days(self._recorded or (), self.now, self._zone):
            self._lines += [None] if self._lines else []
            self._lines += [day, *day.entries]
        self.lay_out(
            [
                None if line is None or isinstance(line, RecordedDay) else line.id
                for line in self._lines
            ]
        )

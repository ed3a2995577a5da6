"""The team in a line or two that always fit: who is in and how long, who is next, out, the gap."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from textual.content import Content
from textual.reactive import var
from textual.widget import Widget

from tui.board.team.cover_strip import cover_row, gap_in_short
from tui.board.team.team_lines import TeamFacts
from tui.board.team.team_model import NO_TEAM, Person, TeamView
from tui.board.widgets.styles import Span, content, cut, spans_width
from tui.phrasing import times
from tui.phrasing.text import shortened
from tui.phrasing.times import NOT_YET

_EMPTY: Final = TeamFacts(view=NO_TEAM, loads=(), unassigned=0)
_BETWEEN: Final[Span] = (" · ", "dim")
_NAME: Final = 16
_COVER: Final = 24
_COVER_AT_LEAST: Final = 8


class TeamStrip(Widget):
    """Draws the team as wide as it is, in a line, or in two where it is two lines high."""

    now: var[datetime] = var(NOT_YET, init=False)

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._facts = _EMPTY
        self.set_reactive(TeamStrip.now, now)

    def show(self, facts: TeamFacts) -> None:
        """Show the team as it stands."""
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def watch_now(self) -> None:
        """Show times as of another time."""
        self.refresh()

    def render(self) -> Content:
        """Return the lines."""
        cells, lines = self.content_size
        drawn = strip_lines(self._facts.view, self.now, self._zone, cells, max(1, lines))
        return Content("\n").join(map(content, drawn))


def strip_lines(
    view: TeamView, now: datetime, zone: tzinfo | None, cells: int, lines: int
) -> list[list[Span]]:
    """Return the team in one to three lines of at most ``cells``; times are shown in ``zone``.

    A second line has who is next, out, and the gap to itself, a third one the cover and the gap.
    """
    if not view.people:
        return []
    if lines == 1:
        return [_first_fitting(_in_a_line(view, now, zone), cells)]
    there = _first_fitting(_there(view, now), cells)
    if lines == 2:  # noqa: PLR2004 - who is in, and the rest
        return [there, _first_fitting(_not_there(view, now, zone), cells)]
    coming = _first_fitting(_not_there(view, now, zone, gap=False), cells)
    return [there, coming, _cover(view, now, zone, cells)]


def _in_a_line(view: TeamView, now: datetime, zone: tzinfo | None) -> Iterator[list[Span]]:
    """Yield the line, ever shorter: the last one counts them all."""
    rest = list(_not_there(view, now, zone))
    there = list(_there(view, now))
    for each in rest:
        yield [*there[0], *_joined(each)]
    for folded in there[1:]:
        yield [*folded, *_joined(rest[-1])]
    counted = _counted(view, now, zone)
    yield counted
    yield [*there[-1], *_joined(_out(view, named=False))]


def _counted(view: TeamView, now: datetime, zone: tzinfo | None) -> list[Span]:
    """Return ``6 in, next Gabe 1h14m, 3 out, gap Sun 08:30``."""
    parts = [
        _how_many_in(view),
        _next(view, now, short=True),
        _out(view, named=False),
        _gap(view, now, zone, start_only=True),
    ]
    return _all_of(parts, (", ", "dim"))


def _there(view: TeamView, now: datetime) -> Iterator[list[Span]]:
    """Yield who is in with the time left, then the first of them, then how many they are."""
    if not view.in_now:
        yield [("nobody in", "soon")]
        return
    people = [_left(person, now) for person in view.in_now]
    for named in range(len(people), 0, -1):
        more = len(people) - named
        spans: list[Span] = [("in ", "dim")]
        for person in people[:named]:
            spans += [(" ", ""), *person, (" ", "")]
        yield [*spans[:-1], (f"  +{more}", "dim")] if more else spans[:-1]
    yield _how_many_in(view)


def _left(person: Person, now: datetime) -> list[Span]:
    left = "" if person.at is None else f" {times.in_column(person.at, now)}"
    full: list[Span] = [(" full", "soon")] if person.at_capacity else []
    return [(shortened(person.name, _NAME), ""), (left, "dim"), *full]


def _how_many_in(view: TeamView) -> list[Span]:
    if not view.in_now:
        return [("nobody in", "soon")]
    return [(f"{len(view.in_now)}", "strong"), (" in", "")]


def _not_there(
    view: TeamView, now: datetime, zone: tzinfo | None, *, gap: bool = True
) -> Iterator[list[Span]]:
    """Yield who is next, who is out and the gap, ever shorter."""
    for named, start_only in ((True, False), (False, False), (False, True)):
        shown = _gap(view, now, zone, start_only=start_only) if gap else []
        said = _all_of([_next(view, now), _out(view, named=named), shown], _BETWEEN)
        yield said or [("nobody is out", "dim")]


def _next(view: TeamView, now: datetime, *, short: bool = False) -> list[Span]:
    if not view.arriving or view.arriving[0].at is None:
        return []
    person = view.arriving[0]
    wait = times.in_column(view.arriving[0].at, now)
    name = shortened(person.name, _NAME)
    return [("next ", "dim"), (name, ""), (f" {wait}" if short else f" in {wait}", "dim")]


def _out(view: TeamView, *, named: bool) -> list[Span]:
    if not view.out:
        return []
    if named:
        return [
            ("out ", "dim"),
            (", ".join(shortened(person.name, _NAME) for person in view.out), ""),
        ]
    return [(f"{len(view.out)}", ""), (" out", "dim")]


def _gap(
    view: TeamView, now: datetime, zone: tzinfo | None, *, start_only: bool = False
) -> list[Span]:
    if not view.gaps:
        return []
    when = gap_in_short(view, now, zone, start_only=start_only)
    return [("gap ", "late-strong"), (when, "late")]


def _cover(view: TeamView, now: datetime, zone: tzinfo | None, cells: int) -> list[Span]:
    """Return ``cover ▇▇▅▃!!!▂▅  gap Sun 08:30–15:00``, the chart as wide as there is room for."""
    label: list[Span] = [("cover ", "dim")]
    for start_only in (False, True):
        gap = _gap(view, now, zone, start_only=start_only)
        said: list[Span] = [("  ", ""), *gap] if gap else []
        room = min(_COVER, cells - spans_width([*label, *said]))
        if room >= _COVER_AT_LEAST:
            return [*label, *cover_row(view, room), *said]
    return cut(_gap(view, now, zone) or [*label, *cover_row(view, max(1, cells - 6))], cells)


def _all_of(parts: Sequence[Sequence[Span]], between: Span) -> list[Span]:
    spans: list[Span] = []
    for part in filter(None, parts):
        spans += [between, *part] if spans else part
    return spans


def _joined(rest: Sequence[Span]) -> list[Span]:
    return [_BETWEEN, *rest] if rest else []


def _first_fitting(candidates: Iterator[list[Span]], cells: int) -> list[Span]:
    """Return the first that fits into ``cells``, and if none does, the last one cut."""
    spans: list[Span] = []
    for spans in candidates:
        if spans_width(spans) <= cells:
            return spans
    return cut(spans, cells)

"""The line at the top: how the desk stands, in a few words, and the time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import var
from textual.widget import Widget

from policy.capacity.mode import by_hand_in_words, calm_in_words
from policy.phrases import MODE_NAMES, span
from policy.words import Mode
from store.read_models import Overview
from tui.board.snapshot import BoardState
from tui.board.team.team_model import NO_TEAM, TeamView
from tui.board.time.time_model import TimeView
from tui.board.waits.waits_client import WaitsState
from tui.board.widgets.styles import Span, content, spans_width, spread
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened, width
from tui.phrasing.times import NOT_YET, LocalZone

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.waits.promises import PromisesKept

_ALL = 100
_NAME = 16
_REASON = 12
_GAP = "   "
_MINUTE = timedelta(minutes=1)
_SECONDS = 120
"""Up to which age seconds are told, not minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderState:
    """What the header says; ``trouble`` is why the database does not answer, if it does not.

    ``silent`` is for how many seconds nothing has been heard from it, 0 for as good as none.
    ``past`` is whether the time is not now. ``promises`` are how those of 30 days were kept, None
    while that is not read. ``connections`` is how old what they told is, in words,
    and the style of these.
    """

    place: str
    now: datetime
    overview: Overview | None = None
    team: TeamView = NO_TEAM
    time: TimeView | None = None
    promises: "PromisesKept | None" = None
    trouble: str | None = None
    silent: int = 0
    past: bool = False
    connections: tuple[str, str] = ("", "")


class Header(Widget):
    """Draws the heading in one line."""

    now: var[datetime] = var(NOT_YET, init=False)
    state: var[BoardState | None] = var(None, init=False, always_update=True)
    waiting: var[WaitsState] = var(WaitsState(""), init=False, always_update=True)
    trouble: var[str | None] = var(None, init=False)
    silent: var[int] = var(0, init=False)
    connections: var[tuple[str, str]] = var(("", ""), init=False)

    def __init__(self, place: str, now: datetime, zone: tzinfo | None, *, past: bool) -> None:
        super().__init__()
        self.set_reactive(Header.now, now)
        self._heading = HeaderState(place=place, now=now, past=past)
        self._zone = zone

    def watch_now(self) -> None:
        """Show another time."""
        self._show()

    def watch_state(self) -> None:
        """Show how the desk stands now."""
        self._show()

    def watch_waiting(self) -> None:
        """Show how promises were kept by now."""
        self._show()

    def watch_trouble(self) -> None:
        """Show that the database does not answer, or does again."""
        self._show()

    def watch_silent(self) -> None:
        """Say for how long nothing has been heard from the database."""
        self._show()

    def watch_connections(self) -> None:
        """Say how old what the connections told is."""
        self._show()

    def render(self) -> Content:
        """Return the line."""
        return content(heading_line(self._heading, self.size.width, self._zone))

    def _show(self) -> None:
        waits = self.waiting.waits
        heading = replace(
            self._heading,
            now=self.now,
            trouble=self.trouble,
            silent=self.silent,
            connections=self.connections,
            promises=None if waits is None else waits.promises,
        )
        if self.state is not None:
            state = self.state
            heading = replace(heading, overview=state.overview, team=state.team, time=state.time)
        if heading != self._heading:
            self._heading = heading
            self.refresh()


def heading_line(heading: HeaderState, cells: int, zone: tzinfo | None) -> list[Span]:
    """Return the header's spans in exactly ``cells`` cells; times are shown in ``zone``."""
    left = [(" PAST", "loud") if heading.past else (" numberone", "name"), (_GAP, "")]
    clock = [
        (_GAP, ""),
        *_timer(heading),
        (f"{heading.now.astimezone(zone):%H:%M}", "strong"),
        (" ", ""),
    ]
    room = cells - spans_width(left) - spans_width(clock)
    if heading.trouble is not None or heading.silent:
        left.append((f"! {_no_answer(heading)}", "late"))
    elif heading.overview is None:
        left.append(("going back …" if heading.past else "opening …", "dim"))
    else:
        said, style = heading.connections
        told: list[Span] = [(_GAP, ""), (shortened(said, room // 2), style)] if said else []
        kept = spans_width(told) if style != "dim" else 0  # what is wrong goes before the rest
        left += _standing(heading, heading.overview, room - kept, zone)
        if kept or spans_width([*left, *told, *clock]) <= cells:
            left += told
    room = cells - spans_width(left) - spans_width(clock) - 1
    return spread(left, [*_place(heading.place, room), *clock], cells)


def _no_answer(heading: HeaderState) -> str:
    """Return that the database does not answer, how old what is shown is, and why, if known."""
    said = "no answer from the database, trying again"
    if heading.silent:
        age = _age(heading.silent)
        said = f"nothing heard from the database for {age}; what is shown is that old"
    if heading.trouble is None:
        return said
    return f"{said}: {heading.trouble.removeprefix(f'{heading.place}: ')}"


def _age(seconds: int) -> str:
    return f"{seconds} s" if seconds < _SECONDS else span(timedelta(seconds=seconds))


def _timer(heading: HeaderState) -> list[Span]:
    """Return how long the person's timer runs, loud when it looks left running."""
    mine = heading.time.mine if heading.time is not None else None
    if mine is None or mine.running is None:
        return []
    forgotten = mine.left_running is not None
    length = span(max(times.until(heading.now, mine.running.started_at), _MINUTE))
    sign, text = ("loud", "loud") if forgotten else ("mark", "")
    return [("◷ ", sign), (length, text), (_GAP, "")]


def _place(place: str, cells: int) -> list[Span]:
    """Return where the database is: all of it, or its name, or nothing where that is too long."""
    whole = plain_line(place)
    name = whole.replace("\\", "/").rpartition("/")[2]
    return next(([(shown, "dim")] for shown in (whole, name) if width(shown) <= cells), [])


def _standing(
    heading: HeaderState, overview: Overview, room: int, zone: tzinfo | None
) -> list[Span]:
    """Return level, mode and who is in, and of the rest, in the order of use, what has room."""
    hard = overview.mode.mode is Mode.HARD_CHOICES
    mode = MODE_NAMES[overview.mode.mode].upper()
    spans = [(f"LEVEL {overview.capacity.level} · {mode}", "loud" if hard else "dim")]
    if calm := calm_in_words(overview.mode, heading.now):  # else level and mode contradict
        spans.append((f", {calm}", "dim"))
    closed, arriving, out = _who_is_in(heading, overview, zone)
    left = room - spans_width([*spans, *closed])
    spans += [*_by_hand(heading, overview, left, zone), *closed]
    declined = [(_GAP, ""), (f"{overview.declined:,}", "strong"), (" declined", "dim")]
    more_to_say = (arriving, out, *_splits(heading), _promises(heading))
    for more in (*more_to_say, declined if overview.declined else []):
        if spans_width([*spans, *more]) > room:
            break  # what comes later matters less, and may go on from what was left out
        spans += more
    return spans


def _by_hand(
    heading: HeaderState, overview: Overview, room: int, zone: tzinfo | None
) -> list[Span]:
    """Return `` by mo until 17:00: half of us are ill``: "by whom, why and until when".

    It is cut where there is no room for all of the reason, and never below the rest.
    """
    setting = overview.mode.by_hand
    if setting is None:
        return []
    said = plain_line(f" by {by_hand_in_words(setting, heading.now, zone or LocalZone())}")
    least = width(said) - width(plain_line(setting.reason)) + _REASON
    return [(shortened(said, max(room, least)), "")]


def _splits(heading: HeaderState) -> list[list[Span]]:
    """Return ``customers 87 % of 80``, that it is paused, and the person's own split."""
    time = heading.time
    if time is None or time.allocation.team.customer_share is None:
        return []
    share, own = time.allocation.team.customer_share, time.allocation.of(time.login).customer_share
    aim = round(_ALL * (1 - time.allocation.internal_aim))
    team = [(f"{_GAP}customers ", "dim"), (f"{round(_ALL * share)} %", "strong")]
    found = [[*team, (f" of {aim}", "dim"), (", paused" if time.mine.paused else "", "soon")]]
    if own is not None:
        found.append([(" · you ", "dim"), (f"{round(_ALL * own)} %", "strong")])
    return found


def _promises(heading: HeaderState) -> list[Span]:
    """Return ``promises 87 % of 90``: how many were kept in 30 days, beside what was meant."""
    promises = heading.promises
    if promises is None or promises.share is None:
        return []
    kept = (f"{round(_ALL * promises.share)} %", "strong")
    return [(f"{_GAP}promises ", "dim"), kept, (f" of {round(_ALL * promises.meant)}", "dim")]


def _who_is_in(
    heading: HeaderState, overview: Overview, zone: tzinfo | None
) -> tuple[list[Span], list[Span], list[Span]]:
    """Return ``5 of 9 in``, ``, next Gabe 2 h 10 m`` and ``3 out``; or until when it is closed."""
    capacity, now = overview.capacity, heading.now
    if not heading.team.people:
        return [], [], []
    out: list[Span] = []
    if heading.team.out:
        out = [(_GAP, ""), (f"{len(heading.team.out)}", "strong"), (" out", "dim")]
    if capacity.closed_until is not None:
        opens = times.at(capacity.closed_until, now, zone)
        return [(_GAP, ""), ("closed", "strong"), (f" until {opens}", "dim")], [], out
    available = set(capacity.available)
    said: list[Span] = [
        (_GAP, ""),
        (f"{len(available)} of {len(capacity.scheduled)}", "strong"),
        (" in", "dim"),
    ]
    coming = next((turn for turn in capacity.next_arrivals if turn.login not in available), None)
    if coming is None:
        return said, [], out
    name, wait = heading.team.name(coming.login), times.until(coming.at, now)
    return said, [(f", next {shortened(name, _NAME)} {span(wait)}", "dim")], out

"""Why the level and the mode are what they are, and who is in: a calm panel over the board."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from policy.capacity.mode import calm_in_words
from policy.phrases import MODE_NAMES
from store.notices.notice_models import Waits
from store.read_models import Overview
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverPage
from tui.board.team.team_model import TeamView
from tui.board.widgets.page import Page
from tui.board.widgets.styles import Span, content, hanging
from tui.environment.keymap import display
from tui.phrasing import times
from tui.phrasing.text import plain_line

_LABEL: Final = 13
_NAMED: Final = 12
_ARRIVING: Final = 5


class CapacityPanel(OverPage):
    """Shows the reasons."""

    NAME = "capacity"
    LEAVING = ("back", "quit", "capacity")
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("capacity"),
        Binding("space", "command('back')", "Leave", show=False),
    ]

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        self._heading = Static("", classes="form-title")
        self._reasons = Static("", id="reasons")
        self._page = Page(classes="form", can_focus=False)

    def compose(self) -> ComposeResult:
        """Lay out the panel."""
        leave = display(self.context.keys["back"][0])
        with self._page:
            yield self._heading
            yield self._reasons
            yield Static(content([(leave, "key"), (" leave", "dim")]), classes="form-keys")

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def watch_state(self) -> None:
        """Say how it stands by now."""
        self._draw()

    def watch_waiting(self) -> None:
        """Say who waits by now."""
        self._draw()

    def mover(self) -> Page:
        """Return the panel."""
        return self._page

    def _draw(self) -> None:
        if self.state is None or not self.is_mounted:
            return
        overview, cells = self.state.overview, max(_LABEL + 10, self._reasons.size.width)
        said = [
            *capacity_lines(overview, self.state.team, self.now, self.context.zone),
            *waits_lines(self.waiting.waits),
        ]
        lines = (
            line for label, value in said for line in hanging((label, "dim"), value, _LABEL, cells)
        )
        self._heading.update(content([(capacity_title(overview, self.now), "bright")]))
        self._reasons.update(Content("\n").join(lines))


def capacity_title(overview: Overview, now: datetime) -> str:
    """Return level and mode in a few words, and how long it has been calm by ``now`` (UTC)."""
    calm = calm_in_words(overview.mode, now)
    standing = f"Level {overview.capacity.level}, {MODE_NAMES[overview.mode.mode]}"
    return f"{standing}, {calm}" if calm else standing


def capacity_lines(
    overview: Overview, team: TeamView, now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    """Yield what there is to say, each with its label; times are shown in ``zone``."""
    capacity, mode = overview.capacity, overview.mode
    yield "level", [(capacity.why, "")]
    yield "so", [(capacity.contingency, "")]
    ends = None if mode.by_hand is not None else mode.until  # by hand the why says it
    until = f" Until {times.at(ends, now, zone)}." if ends else ""
    yield "mode", [(plain_line(mode.why) + until, "")]
    if not team.people:
        return
    available = set(capacity.available)
    yield "in", [(_named(team, capacity.available) or "nobody", "")]
    missing = [login for login in capacity.scheduled if login not in available]
    if missing:
        yield "out", [(f"{_named(team, missing)}: scheduled now", "")]
    coming = [turn for turn in capacity.next_arrivals if turn.login not in available][:_ARRIVING]
    for number, turn in enumerate(coming):
        when = f"{times.at(turn.at, now, zone)}, {times.in_words(turn.at, now)}"
        yield "" if number else "arriving", [(f"{team.name(turn.login)} ", ""), (when, "dim")]


def waits_lines(waits: Waits | None) -> Iterator[tuple[str, list[Span]]]:
    """Yield who is to be told that they will wait, and what the forecast of answers rests on."""
    if waits is None:
        return
    from policy.capacity.advice import waits_sentence  # noqa: PLC0415 - heavy before the first frame
    from policy.waits.forecast_basis import (  # noqa: PLC0415 - the same
        basis_sentences,
        rush_sentence,
    )

    if waits.drafts:
        yield "waits", [(waits_sentence(waits.drafts, waits.words), "")]
    if rush := rush_sentence(waits.basis.arrivals):
        yield "rush", [(rush, "")]
    for number, (priority, said) in enumerate(basis_sentences(waits.basis)):
        yield "" if number else "answers", [(f"{plain_line(priority)} ", ""), (said, "dim")]


def _named(team: TeamView, logins: Sequence[str]) -> str:
    names = [team.name(login) for login in logins[:_NAMED]]
    more = len(logins) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")

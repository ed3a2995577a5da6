"""The team pane: who is in, arriving and out with what they are assigned, and who covers when."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var

from tui.board.team.team_lines import Room, TeamFacts, TeamLine, Whose, team_lines
from tui.board.team.team_model import NO_TEAM
from tui.board.team.team_strip import strip_lines
from tui.board.widgets.drawn_lines import DrawnLines
from tui.board.widgets.styles import Span, cut
from tui.phrasing.times import NOT_YET

_FEW: Final = 10
"""With fewer lines than that the team is told in a strip while it has not the keys."""

_NOBODY_YET: Final = "Nobody is assigned anything."
_EMPTY: Final = TeamFacts(view=NO_TEAM, loads=(), unassigned=0)


class TeamList(DrawnLines):
    """The people with their tickets; the cursor goes from person to person."""

    now: var[datetime] = var(NOT_YET, init=False)

    class PersonChosen(Message):
        """A person was chosen; ``login`` None stands for nobody, the unassigned."""

        def __init__(self, login: str | None) -> None:
            super().__init__()
            self.login = login

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self.set_reactive(TeamList.now, now)
        self._facts = _EMPTY
        self._unfolded: set[str] = set()
        self._lines: Sequence[TeamLine] = ()
        self._stops: list[Whose] = []
        self._at: Whose | None = None
        self._laid_out_for = Room(0, 0)

    @property
    def login(self) -> str | None:
        """The login of the person under the cursor, None when it stands on nobody."""
        return self._at.name if self._at is not None and self._at.kind == "person" else None

    def show(self, facts: TeamFacts) -> None:
        """Show the team as it stands; the cursor stays on its person."""
        self._facts = facts
        self._lay_out()

    def watch_now(self) -> None:
        """Show times as of another time."""
        self._lay_out()

    def move(self, rows: int) -> None:
        """Go some people further, down when positive."""
        self.move_to(self._place() + rows)

    def move_to(self, row: int) -> None:
        """Go to a person by their place, or to the nearest there is."""
        if not self._stops:
            return
        self._at = self._stops[min(max(row, 0), len(self._stops) - 1)]
        self.redraw()
        own = [number for number, line in enumerate(self._lines) if line.whose == self._at]
        if self._at == self._stops[0]:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif own[0] < self.scroll_offset.y:
            self.scroll_to(y=own[0], animate=False, immediate=True)
        elif own[-1] >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=own[-1] - self.size.height + 1, animate=False, immediate=True)

    @property
    def page_height(self) -> int:
        """How many people a page goes on."""
        height = max(1, self.size.height)
        return height // 2 if self._facts.view.people else max(1, height // 5)

    def choose(self) -> None:
        """Ask for what the person under the cursor is assigned, or unfold the rest of a section."""
        if self._at is None:
            return
        if self._at.kind == "more":
            self._unfold(self._at.name)
        else:
            self.post_message(self.PersonChosen(self.login))

    def line_at(self, y: int) -> list[Span]:
        """Return what stands in a line of the screen."""
        if self._room() != self._laid_out_for:
            self._lay_out()
        number = self.scroll_offset.y + y
        if not self._lines:
            cells = self.scrollable_content_region.width
            return cut([(f" {_NOBODY_YET}", "dim")], cells) if y == 0 else []
        if number >= len(self._lines):
            return []
        line = self._lines[number]
        marked = line.whose is not None and line.whose == self._at and self.has_focus
        mark = ("▌", "mark") if marked and line.spans else (" ", "")
        return [mark, *line.spans]

    def on_resize(self) -> None:
        """Lay out anew for another size."""
        self._lay_out()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor and whoever was folded, or fold where there is little room."""
        super().watch_has_focus(has_focus)
        self._lay_out()

    def on_click(self, event: events.Click) -> None:
        """Choose the person that was clicked."""
        number = self.scroll_offset.y + event.y
        whose = self._lines[number].whose if number < len(self._lines) else None
        if whose is not None:
            self._at = whose
            self.choose()

    def _unfold(self, section: str) -> None:
        """Show all of a section, the cursor on the first that was hidden."""
        place = self._place()
        self._unfolded.add(section)
        self._lay_out()
        self.move_to(place)

    def _place(self) -> int:
        return self._stops.index(self._at) if self._at in self._stops else 0

    def _lay_out(self) -> None:
        before = self._place()
        self._laid_out_for = self._room()
        if folded := self._folded_lines():  # the cursor stays where it was, for when it is back
            self._lines = folded
            self.virtual_size = Size(self._laid_out_for.cells, len(folded))
            self.redraw()
            return
        self._lines = team_lines(
            self._facts, self.now, self._zone, self._laid_out_for, self._unfolded
        )
        stops = (line.whose for line in self._lines if line.whose is not None)
        self._stops = list(dict.fromkeys(stops))
        if self._at not in self._stops:
            self._at = self._stops[min(before, len(self._stops) - 1)] if self._stops else None
        self.virtual_size = Size(self._laid_out_for.cells, max(1, len(self._lines)))
        self.redraw()

    def _folded_lines(self) -> list[TeamLine]:
        """Return the team in a few lines, where there is room for no more and no cursor in it."""
        room, view = self._laid_out_for, self._facts.view
        if self.has_focus or room.lines >= _FEW:
            return []
        lines = strip_lines(view, self.now, self._zone, room.cells, room.lines)
        return [TeamLine(spans) for spans in lines]

    def _room(self) -> Room:
        """Return the room for lines, which a scroll bar that has just come makes less."""
        region = self.scrollable_content_region
        return Room(max(2, region.width - 1), max(1, region.height))

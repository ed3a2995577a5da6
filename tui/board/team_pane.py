"""Who is assigned what: a person a block, the most loaded first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from policy.ticket import Ticket
from store.views import Load
from tui.board.paint import Span, cut, spread, strip
from tui.board.theme import role_of
from tui.text import plain_line

_NOBODY_YET: Final = "Nobody is assigned anything."


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the pane and the person it belongs to, by their place in the list."""

    person: int
    spans: Sequence[Span]


class TeamList(ScrollView, can_focus=True, inherit_bindings=False):
    """The people with their tickets; the cursor goes from person to person."""

    class PersonChosen(Message):
        """A person was chosen; ``login`` None stands for nobody, the unassigned."""

        def __init__(self, login: str | None) -> None:
            super().__init__()
            self.login = login

    def __init__(self) -> None:
        super().__init__()
        self._people: list[str | None] = []
        self._lines: list[_Line] = []
        self._laid_out_for = 0
        self._loads: tuple[Load, ...] = ()
        self._unassigned = 0
        self._person = 0

    def show(self, loads: tuple[Load, ...], queue: int) -> None:
        """Show who is assigned what of ``queue`` tickets; the cursor stays on its person."""
        chosen = self._people[self._person : self._person + 1]
        self._loads = loads
        self._unassigned = max(0, queue - sum(load.total for load in loads))
        self._people = [load.login for load in loads] + ([None] if self._unassigned else [])
        same = [place for place, login in enumerate(self._people) if [login] == chosen]
        self._person = same[0] if same else 0
        self._lay_out()

    def move(self, rows: int) -> None:
        """Go some people further, down when positive."""
        self.move_to(self._person + rows)

    def move_to(self, row: int) -> None:
        """Go to a person by their place, or to the nearest there is."""
        self._person = min(max(row, 0), max(0, len(self._people) - 1))
        self.refresh()
        own = [number for number, line in enumerate(self._lines) if line.person == self._person]
        if own and own[0] < self.scroll_offset.y:
            self.scroll_to(y=own[0], animate=False, immediate=True)
        elif own and own[-1] >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=own[-1] - self.size.height + 1, animate=False, immediate=True)

    @property
    def page_height(self) -> int:
        """How many people a page goes on."""
        return max(1, self.size.height // 5)

    def choose(self) -> None:
        """Ask for what the person under the cursor is assigned."""
        if self._people:
            self.post_message(self.PersonChosen(self._people[self._person]))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, number = self._width(), self.scroll_offset.y + y
        if cells != self._laid_out_for:
            self._lay_out()
        if not self._people:
            spans = cut([(f" {_NOBODY_YET}", "dim")], cells) if y == 0 else []
            return strip(self, spans, self.size.width)
        if number >= len(self._lines):
            return strip(self, [], self.size.width)
        line = self._lines[number]
        marked = line.person == self._person and self.has_focus and bool(line.spans)
        mark = ("▌", "mark") if marked else (" ", "")
        return strip(self, [mark, *line.spans], self.size.width)

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        self._lay_out()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the person that was clicked."""
        number = self.scroll_offset.y + event.y
        if number < len(self._lines):
            self.move_to(self._lines[number].person)
            self.choose()

    def _lay_out(self) -> None:
        self._laid_out_for = self._width()
        cells = self._laid_out_for - 1
        self._lines = [
            _Line(person, spans)
            for person, load in enumerate(self._loads)
            for spans in [*load_lines(load, cells), []]
        ]
        if self._unassigned:
            spans = spread([("unassigned", "dim")], [(f"{self._unassigned:,} ", "dim")], cells)
            self._lines.append(_Line(len(self._loads), spans))
        self.virtual_size = Size(cells, max(1, len(self._lines)))
        self.refresh()

    def _width(self) -> int:
        """Return the cells of a line, which a scroll bar that has just come makes fewer."""
        return max(2, self.scrollable_content_region.width)


def load_lines(load: Load, cells: int) -> list[list[Span]]:
    """Return a person's lines: who and how many, how many of each priority, the first ones."""
    name = plain_line(load.login)
    total = [(f"{load.total:,} ", "strong")]
    counts: list[Span] = []
    for priority, count in sorted(load.by_priority.items()):
        if count:
            counts += [(f"{priority}", role_of(priority)), (f" {count:,}  ", "dim")]
    firsts = [cut(_ticket(ticket), cells) for ticket in load.first]
    return [spread([(name, "strong")], total, cells), cut(counts, cells), *firsts]


def _ticket(ticket: Ticket) -> list[Span]:
    said = f"#{ticket.id} {plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    return [(said, "dim")]

"""A list of the team's people with a cursor, to choose one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.board.paint import Span, strip
from tui.text import left_aligned, width

_NAME_AT_MOST: Final = 28
_LINES_AT_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the list shows them: the login, the name made harmless, and how they stand."""

    login: str
    name: str
    state: str
    out: bool


class MemberList(Widget, can_focus=True):
    """Draws the members that have room, the one under the cursor among them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "move(-100000)", show=False),
        Binding("end,G", "move(100000)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on somebody else."""

    def __init__(self, members: Sequence[Listed], login: str | None) -> None:
        super().__init__()
        self._members = members
        places = [place for place, each in enumerate(members) if each.login == login]
        self._place = places[0] if places else 0
        self._top = 0
        self._name_cells = min(
            _NAME_AT_MOST, max((width(each.name) for each in members), default=0)
        )

    @property
    def member(self) -> Listed:
        """Who is under the cursor."""
        return self._members[self._place]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return as many lines as there are members, up to a sixth of the screen."""
        return min(len(self._members), max(_LINES_AT_LEAST, viewport.height // 6))

    def render_line(self, y: int) -> Strip:
        """Return one member's line."""
        self._top = self._first()
        number = self._top + y
        if number >= len(self._members):
            return strip(self, [], self.size.width)
        return strip(self, self._line(number), self.size.width)

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive."""
        place = min(max(self._place + rows, 0), len(self._members) - 1)
        if place != self._place:
            self._place = place
            self.refresh()
            self.post_message(self.Moved())

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many as there are on the screen."""
        self.action_move(pages * max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on who was clicked."""
        self.action_move(self._top + event.y - self._place)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _first(self) -> int:
        """Return who stands on the first line, so that the cursor is seen."""
        height = max(1, self.size.height)
        lowest = max(0, len(self._members) - height)
        return min(max(self._top, self._place - height + 1), self._place, lowest)

    def _line(self, number: int) -> list[Span]:
        member, here = self._members[number], number == self._place
        mark = ("▌ ", "mark" if self.has_focus else "dim") if here else ("  ", "")
        name = left_aligned(member.name, self._name_cells)
        role = ("bright" if self.has_focus else "strong") if here else ""
        hidden = len(self._members) - self._top - self.size.height
        last = number == self._top + self.size.height - 1
        more = f"   ↓ {hidden} more" if last and hidden > 0 else ""
        return [mark, (name, role), (f"   {member.state}", "dim"), (more, "dim")]

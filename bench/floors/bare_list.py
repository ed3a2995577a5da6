"""The least that Textual does for a key: a cursor goes a line down or up, and no more changes."""

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

READY: Final = "the last of the lines"
"""What it shows once it is there."""

_PLAIN, _CURSOR = Style(), Style(reverse=True)


class BareList(Widget, can_focus=True):
    """Lines of text, one of them reversed."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "move(1)", ""), ("k", "move(-1)", "")]

    cursor = 0

    def render_line(self, y: int) -> Strip:
        """Return a line."""
        text = READY if y == self.size.height - 1 else f"{y} a line of the list"
        style = _CURSOR if y == self.cursor else _PLAIN
        return Strip([Segment(text.ljust(self.size.width), style)])

    def action_move(self, lines: int) -> None:
        """Move the cursor, and draw the two lines that this changes."""
        left, self.cursor = self.cursor, (self.cursor + lines) % self.size.height
        self.refresh(*(Region(0, line, self.size.width, 1) for line in (left, self.cursor)))


class BareApp(App[None]):
    """Shows the list."""

    def compose(self) -> ComposeResult:
        """Yield the list."""
        yield BareList()


if __name__ == "__main__":
    BareApp().run()

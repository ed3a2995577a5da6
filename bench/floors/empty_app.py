"""The least that Textual can show: what the board's start is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "nothing but a line of text"
"""What it shows."""


class EmptyApp(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        """Yield the line."""
        yield Static(READY)


if __name__ == "__main__":
    EmptyApp().run()

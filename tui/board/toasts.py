"""What a screen says to the person at it, in toasts, and what it shows once it is read."""

from textual import on

from tui.board.client import Fetched
from tui.board.widgets.once import OnceScreen
from tui.environment.desktop import clipboard_doubt
from tui.phrasing.text import plain_line


class TellingScreen(OnceScreen[None]):
    """Says what was done and what was not, copies, and shows what was asked for when it comes."""

    def tell(self, text: str) -> None:
        """Say in a toast what was done."""
        self.notify(plain_line(text), markup=False)

    def refuse(self, reason: str) -> None:
        """Say in a toast why something was not done."""
        self.notify(plain_line(reason), title="Not done", severity="warning", markup=False)

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard of the terminal (OSC 52); ``what`` begins a sentence."""
        self.app.copy_to_clipboard(text)
        self.tell(f"{what} is copied, {clipboard_doubt()}.")

    @on(Fetched)
    def _fetched(self, message: Fetched) -> None:
        message.show()

"""A file on its way from the help desk: how long it takes, and Esc gives it up."""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from tui.actions.declaration import Offer
from tui.board.client import Answered, Client, GoOn
from tui.board.context import BoardContext
from tui.board.widgets.form import Form
from tui.board.widgets.styles import Span, content
from tui.phrasing.text import plain_line

_TICK: Final = 1.0


class FileFetched(Answered[bytes]):
    """A file is here, or it is known why it is not."""


class FetchingForm(Form[bytes]):
    """Waits for a file, and is dismissed with what is in it; None where it was given up.

    ``refused`` is told, with the reason, that there is none.
    """

    keeps_draft = False

    def __init__(
        self,
        what: str,
        fetch: Callable[[], bytes],
        context: BoardContext,
        refused: Callable[[str], None],
    ) -> None:
        super().__init__(f"Fetching {plain_line(what)}")
        self._refused = refused
        self._began = monotonic()
        self._passed = Static("", markup=False)

        def fetching(_: None, __: GoOn) -> bytes:
            return fetch()

        self._client: Client[None, bytes] = Client(
            self,
            fetching,
            FileFetched,
            name="fetching",
            fault_folder=context.state_folder,
            sentence="it was not fetched; {told}",
        )

    def fields(self) -> ComposeResult:
        """Yield how long it has taken."""
        yield self._passed

    def keys(self) -> list[Span]:
        """Return the key that the last line names."""
        return [("esc", "key"), (" give it up", "dim")]

    def offers(self) -> Iterator[Offer]:
        """Yield to give it up."""
        yield Offer("Give it up", "Leave without the file", None, self.action_leave)

    def on_mount(self) -> None:
        """Begin."""
        self._client.ask(None)
        self.set_interval(_TICK, self._tick)
        self._tick()

    def action_leave(self) -> None:
        """Give it up; what still comes is let go."""
        self._client.stop()
        super().action_leave()

    def send(self) -> None:
        """Do nothing: there is nothing to be sent."""

    @on(FileFetched)
    def _came(self, message: FileFetched) -> None:
        if not self._client.came(message):
            return
        self.dismiss(message.found)
        if message.found is None:
            self._refused(message.trouble)

    def _tick(self) -> None:
        self._passed.update(content([(f"{monotonic() - self._began:.0f} s …", "dim")]))

"""The board at this time: it says what is new, tells who waits, and sends what is due."""

from textual import on

from tui.board import client
from tui.board.alerts import Alert, Notices, interrupt, ring
from tui.board.context import BoardContext
from tui.board.engineering.engineers_screen import show_to_an_engineer
from tui.board.screen import BoardScreen
from tui.board.snapshot import BoardState, Snapshot
from tui.board.waits import waits_client
from tui.board.waits.waits_screen import WaitsScreen


class PresentScreen(BoardScreen):
    """Shows the desk as it is now, and rings when something is worth it."""

    def __init__(self, setting: BoardContext) -> None:
        super().__init__(setting)
        self._notices = Notices()

    @on(client.DeskOpened)
    def _find_posting(self) -> None:
        self.waits_link.find_posting()

    @on(client.Acted)
    def _may_have_changed_who_waits(self) -> None:
        self.waits_link.read_again()

    @on(waits_client.PostingKnown)
    def _posting_known(self, message: waits_client.PostingKnown) -> None:
        self.waits_link.posting, self.waits_link.why_not = message.posting, message.why_not

    @on(waits_client.DeliveringEnded)
    def _delivering_ended(self, message: waits_client.DeliveringEnded) -> None:
        self.waits_link.ended(message)
        self._ask()

    @on(waits_client.WaitsRead)
    def _waits_read(self, message: waits_client.WaitsRead) -> None:
        self.waits_link.came(message)
        if message.waits is None:
            return
        for notice in self._notices.see_waits(message.waits):
            interrupt(self.app, notice)
        for screen in self.app.screen_stack:
            if isinstance(screen, WaitsScreen):
                screen.show(message.waits)
        self.advice.remind(message.waits)
        self._draw_footer()

    def _ask(self) -> None:
        super()._ask()
        self._look_at_waits()

    def _show(self, snapshot: Snapshot) -> None:
        super()._show(snapshot)
        self._look_at_waits()

    def _look_at_waits(self) -> None:
        if self.link.present is not None and self._read is not None:
            at = (self._read.revision, self._read.minute)
            may_send = "send" not in self.situation().refusals
            self.waits_link.look(self.link.present, at, may_send=may_send)

    def _stand(self, standing: BoardState, snapshot: Snapshot) -> None:
        first = self._standing is None
        super()._stand(standing, snapshot)
        for notice in self._notices.see(standing, snapshot.minute):
            interrupt(self.app, notice)
        said = self.advice.see(standing, self.waits_link.waits)
        if said is not None:
            ring(self.app, Alert(said.title, said.text))
        if first:
            show_to_an_engineer(self)

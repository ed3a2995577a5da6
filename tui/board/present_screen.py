"""The board at this time: it says what is new, tells who waits, sends and closes what is due."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from textual import on

from store.presence import AtTicket, Doing
from tui.board import desk_client, garbage
from tui.board.alerting_client import AlertingClient, AlertingEnded
from tui.board.alerts import Alert, Notices, interrupt, ring, together
from tui.board.change_follower import (
    ChangeFollower,
    CompanyChanged,
    DeskChanged,
    NumberOneLookedAt,
    Stands,
)
from tui.board.closing_client import ClosingClient, TicketsClosed
from tui.board.context import BoardContext
from tui.board.desk_screen import DeskScreen
from tui.board.queue.queue_view import listed_of
from tui.board.resting_place import Place, RestingPlace
from tui.board.screen import BoardHandlers, BoardScreen
from tui.board.snapshot import BoardState, Snapshot
from tui.board.sync_beside import SyncBeside
from tui.board.waits import waits_client
from tui.board.widgets.key_turns import KeyTurnsApp
from tui.board.widgets.toasts import ToastKind, ToastsApp
from tui.phrasing.company_words import Neighbour
from tui.phrasing.connection_words import connection_words

_READ_AT_LEAST_EVERY: Final = 5.0
_SILENT_AFTER: Final = 5.0
"""From how many seconds on it is said that nothing is heard from the database."""

_GONE_AFTER: Final = 10.0
"""After how many seconds of silence a reading is begun again on another connection."""

_LOOK_ONLY: Final = "read-only: to look at, not to change"


class PresentScreen(BoardScreen):
    """Shows the desk as it is now, and rings when something is worth it."""

    def __init__(self, context: BoardContext, handlers: BoardHandlers) -> None:
        super().__init__(context, handlers)
        self._notices = Notices()
        self._news: Alert | None = None
        self._closing_client = ClosingClient(self, context)
        self._alerting_client = AlertingClient(self, context)
        self._sync = SyncBeside(context)
        self._files = 0
        self._follower = ChangeFollower(
            self, self._ask, self._number_one_stands, context.state_folder
        )
        self._rests = RestingPlace()
        self._is_used: Callable[[], bool] = lambda: True

    def on_mount(self) -> None:
        """Read now and then though nothing was told, for what is not told of."""
        self.set_interval(_READ_AT_LEAST_EVERY, self._ask)

    def on_unmount(self) -> None:
        """Follow no longer what others change."""
        self.client.leave()
        self._follower.leave()

    @on(desk_client.DeskOpened)
    def _follow(self, message: desk_client.DeskOpened) -> None:
        self._follower.follow(message.desk)

    @on(DeskChanged)
    def _desk_changed(self) -> None:
        self._follower.changed()

    def _number_one_stands(self) -> Stands | None:
        desk, state = self.client.desk, self.state
        if desk is None or state is None:
            return None
        overview = state.overview
        return lambda: desk.queue.still_stands(overview)

    @on(NumberOneLookedAt)
    def _number_one_looked_at(self, message: NumberOneLookedAt) -> None:
        self._follower.looked(message)

    @on(desk_client.DeskOpened)
    def _find_outbox(self) -> None:
        self.waits_client.find_outbox()

    def why_not(self, command: str) -> str | None:
        """Return why a command cannot be used now: a step without an answer can be taken back."""
        if command == "undo" and self.client.steps.waiting is not None:
            return None
        return super().why_not(command)

    def use(self, command: str) -> None:
        """Do what is asked for; undo first takes back what has no answer yet."""
        if command == "undo" and self.client.steps.take_back():
            self.sending.draw()
        else:
            super().use(command)

    def _tick(self) -> None:
        super()._tick()
        self._say_where()
        silent = self._follower.silent_for
        self.silent = int(silent) if silent >= _SILENT_AFTER else 0
        if silent >= _GONE_AFTER:
            self.client.give_up_reading()

    def place(self) -> Place | None:
        """Return the ticket under the cursor, which is looked at."""
        followed = self._list.followed
        return None if followed is None else (followed, Doing.LOOKS)

    def _say_where(self) -> None:
        """Let others know at which ticket this person rests, by the screen that is seen."""
        seen = next(
            each for each in reversed(self.app.screen_stack) if isinstance(each, DeskScreen)
        )
        place = self._rests.look(seen.place(), monotonic(), used=self._is_used())
        if isinstance(self.app, KeyTurnsApp):
            self._is_used = self.app.sight()
        at = None if place is None or not self.actor else AtTicket(place[0], self.actor, place[1])
        self._follower.be_at(at, self.actor)

    @on(CompanyChanged)
    def _company_changed(self, message: CompanyChanged) -> None:
        self.company = tuple(
            Neighbour(each.ticket, self.team.name(each.login), each.doing)
            for each in message.others
        )

    def open_desk(self) -> None:
        """Show what can be seen at once; what is heavy comes once that is on the screen."""
        self.client.look_first(self.context.first_sight)

    @on(desk_client.LookedFirst)
    def _looked_first(self, message: desk_client.LookedFirst) -> None:
        if message.found is not None and self.view.query.whole_queue:
            state = message.found.board_state
            self.context.learn_zone(state.zone)
            self._list.pages.replace({0: message.found.page})
            self._list.show(listed_of(state, self.view), self._list.row, None)
            self.state = state
            self._banner.followed = self._list.followed
            self._draw()
        self.call_after_refresh(self.client.open)

    def _say_who_is_back(self) -> None:
        """Say whom the upgrade brought back, where opening the desk was one."""
        desk = self.client.present
        tickets = desk.transfer.upgraded().brought_back if desk is not None else ()
        if tickets:
            said = self.advice.say_who_is_back(tickets)
            ring(self.app, Alert(said.title, said.text))

    @on(desk_client.Acted)
    def _may_have_changed_who_waits(self) -> None:
        self.waits_client.read_again()

    @on(waits_client.OutboxKnown)
    def _outbox_known(self, message: waits_client.OutboxKnown) -> None:
        self.waiting = self.waits_client.came(message)

    @on(waits_client.DeliveringEnded)
    def _delivering_ended(self, message: waits_client.DeliveringEnded) -> None:
        self.waiting = self.waits_client.came(message)
        self._ask()

    @on(waits_client.WaitsRead)
    def _waits_read(self, message: waits_client.WaitsRead) -> None:
        self.waiting = self.waits_client.came(message)
        if message.found is None:
            return
        for notice in self._notices.see_waits(message.found):
            self._tell_news(notice)
        self.advice.remind(message.found)
        self._draw_footer()

    @on(TicketsClosed)
    def _tickets_closed(self, message: TicketsClosed) -> None:
        if self.client.present is not None:
            self._closing_client.came(message, self.client.present)

    @on(AlertingEnded)
    def _alerting_ended(self, message: AlertingEnded) -> None:
        self._alerting_client.came(message)

    @on(desk_client.SnapshotRead)
    def _connections_read(self, message: desk_client.SnapshotRead) -> None:
        self._follower.came(message.took)
        desk = self.client.present
        if message.found is None or desk is None:
            return
        if desk.files != self._files:
            self._files = desk.files
            self.tell("Another file is in the database's place: the board shows what it holds.")
        if desk.look_only is not None:
            self.connections = (_LOOK_ONLY, "soon")
            return
        ages = message.found.connections
        if ages is None:
            return
        self._sync.look(is_needed=bool(ages))
        self.connections = connection_words(
            ages, self.present(), self.context.zone, why=self._sync.said
        )

    def _tell_news(self, news: Alert) -> None:
        interrupt(self.app, news)
        self._news = news

    def _withdraw_news(self) -> None:
        """Say no more what is true no longer."""
        self._news = None
        if isinstance(self.app, ToastsApp):
            self.app.withdraw(ToastKind.NEWS)

    def _look(self) -> None:
        super()._look()
        self._look_beside()

    def _ask(self) -> None:
        super()._ask()
        self._look_beside()

    def _show(self, snapshot: Snapshot) -> None:
        super()._show(snapshot)
        self.call_after_refresh(self._look_beside)  # what was read is seen first

    def _look_beside(self) -> None:
        """Begin what threads do beside the board's own reading, once that was there."""
        if self.client.present is not None and self._read is not None:
            at = (self._read.revision, self._read.minute)
            may_send = "send" not in self.situation().refusals
            self.waits_client.look(self.client.present, at, may_send=may_send)
            if self.client.present.look_only is None:
                self._closing_client.look(self.client.present, self.now)
            self._alerting_client.look(self.client.present, may_send=may_send)

    def _stand(self, state: BoardState, snapshot: Snapshot) -> None:
        first = self.state is None or self.state.watched is None
        self.context.learn_zone(state.zone)
        super()._stand(state, snapshot)
        if self._news is not None and self._news.is_over(state):
            self._withdraw_news()
        if state.watched is not None:
            for notice in together(self._notices.see(state.watched, self.actor)):
                self._tell_news(notice)
        if first:
            self._say_who_is_back()
            self.call_after_refresh(garbage.settle)
        said = self.advice.see(state, self.waiting.waits)
        if said is not None:
            ring(self.app, Alert(said.title, said.text))
        if first:
            from tui.board.engineering.engineers_screen import (  # noqa: PLC0415 - after the first frame
                show_to_an_engineer,
            )

            show_to_an_engineer(self)

"""The board's one screen: its panes, what is drawn when something is read, and what keys do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.reactive import var

from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.actions.declaration import ActionContext
from tui.board import desk_client
from tui.board.board_advice import BoardAdvice
from tui.board.context import BoardContext
from tui.board.conversation.sending_line import AnswersOnTheirWay, SendingLine
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.header import Header
from tui.board.number_one.banner import Banner
from tui.board.panes import Panes
from tui.board.queue.queue_view import (
    DECLINED,
    View,
    assigned_to,
    counts_of,
    example_of,
    listed_of,
)
from tui.board.queue.ticket_list import TicketList
from tui.board.snapshot import BoardState, Cache, Request, Snapshot
from tui.board.team.team_lines import facts_of
from tui.board.team.team_widget import TeamList
from tui.board.ticket.detail_lines import Detail
from tui.board.waits.waits_client import WaitsClient
from tui.board.widgets.filter_bar import FilterBar
from tui.board.widgets.footer import Footer, footer_keys, shown_commands
from tui.environment.keymap import display
from tui.environment.own_commands import OwnCommand
from tui.phrasing import times

_LOOK_EVERY: Final = 0.5
_TICK_EVERY: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardHandlers:
    """What each command does: to the ticket under the cursor, to marked ones, or to neither.

    ``look_at`` looks at the desk as it was at a time (UTC), ``run_own`` starts a person's program.
    """

    on_ticket: Mapping[str, Callable[["BoardScreen", Ticket], None]]
    on_marked: Mapping[str, Callable[["BoardScreen", Sequence[int]], None]]
    on_board: Mapping[str, Callable[["BoardScreen"], None]]
    look_at: Callable[["BoardScreen", datetime], None]
    run_own: Callable[["BoardScreen", Ticket, OwnCommand], None]


_SEEN: Final = (DeskScreen.now, DeskScreen.state, DeskScreen.waiting)
"""What flows down from the screen to what stands above its panes."""


class BoardScreen(DeskScreen):
    """Puts the panes together; its handlers only draw what threads have read."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own declaration
        (0, "-narrow"),
        (90, "-medium"),
        (120, "-wide"),
        (150, "-vast"),
        (190, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - the same
        (0, "-tiny"),
        (14, "-short"),
        (34, "-tall"),
    ]
    BINDINGS = bindings_of("board")

    is_ground = True
    trouble: var[str | None] = var(None, init=False)
    silent: var[int] = var(0, init=False)
    connections: var[tuple[str, str]] = var(("", ""), init=False)
    view: View

    def __init__(self, context: BoardContext, handlers: BoardHandlers) -> None:
        super().__init__()
        self.context = context
        self.handlers = handlers
        self._read: Snapshot | None = None
        self._time_is_stale = False
        self.view = View()
        now = times.whole_minute(context.clock())
        self.client = desk_client.DeskClient(self, context.open_desk, context.state_folder)
        self.waits_client = WaitsClient(self, context)
        self.set_reactive(DeskScreen.now, now)
        self.set_reactive(DeskScreen.waiting, self.waits_client.state)
        self._header = Header(context.place, now, context.zone, past=self.past is not None)
        self._banner = Banner(context.zone, now, None if self.past is not None else context.keys)
        self.advice = BoardAdvice(context)
        self.panes = Panes(context.zone, now, context.keys)
        self.sending = AnswersOnTheirWay(context.clock, self.client.steps)
        self._list = self.panes.list
        self._footer, self._filter = Footer(), FilterBar()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        told = (BoardScreen.trouble, BoardScreen.silent, BoardScreen.connections)
        yield self._header.data_bind(*_SEEN, *told)
        yield self._banner.data_bind(*_SEEN, DeskScreen.company)
        yield self.advice.bar
        yield self.panes.data_bind(DeskScreen.now, DeskScreen.waiting, DeskScreen.company)
        yield SendingLine(self.sending, display(self.context.keys["undo"][0]))
        yield from (self._filter, self._footer)

    def on_mount(self) -> None:
        """Begin: the first frame is painted before the store is even imported."""
        self.panes.focus_pane("queue")
        self._draw()
        self.call_after_refresh(self.open_desk)
        self.set_interval(_LOOK_EVERY, self._look)
        self.set_interval(_TICK_EVERY, self._tick)

    def open_desk(self) -> None:
        """Open the desk, in a thread."""
        self.client.open()

    @property
    def actor(self) -> str:
        """The login of the person at the board."""
        return self.client.desk.actor if self.client.desk else ""

    @property
    def past(self) -> datetime | None:
        """The time that is looked at when it is not now (UTC)."""
        return None

    def present(self) -> datetime:
        """Return the time it is now (UTC)."""
        return self.context.clock()

    def situation(self) -> ActionContext:
        """Return what the commands look at to say whether they can be used now."""
        ticket, overview = self._list.ticket, self.overview
        return ActionContext(
            actor=self.actor,
            now=self.now,
            connected=self.client.desk is not None and self.trouble is None,
            ticket=ticket,
            holder_away=overview.holders.away(ticket) if ticket and overview else None,
            refusals=self.state.refusals if self.state else {},
            team=bool(self.team.people),
            role=self.team.role(self.actor),
            timing=self.time is not None and self.time.mine.running is not None,
            marked=len(self._list.marked),
            past=self.past,
            conversation=self.panes.text.conversation(self._list.followed),
        )

    # What the person does

    def use(self, command: str) -> None:
        """Do what a key, the palette or a click asks for, or say why that cannot be done now."""
        reason, handlers = self.why_not(command), self.handlers
        if reason is not None:
            self.refuse(reason)
        elif command in handlers.on_marked and self._list.marked:
            handlers.on_marked[command](self, self._list.marked)
        elif command in handlers.on_ticket and self._list.ticket is not None:
            handlers.on_ticket[command](self, self._list.ticket)
        elif command in self.context.own and self._list.ticket is not None:
            handlers.run_own(self, self._list.ticket, self.context.own[command])
        else:
            handlers.on_board[command](self)

    def look_at(self, time: datetime) -> None:
        """Look at the desk as it was at ``time`` (UTC)."""
        self.handlers.look_at(self, time)

    def footer(self) -> tuple[str, ...]:
        """Return the commands that the footer names now, in its order."""
        back, own = self.view.changed or self.advice.said is not None, self.context.own
        return shown_commands(
            self.situation(), declined=self.view.declined, goes_back=back, own=own
        )

    def unmark(self) -> None:
        """Take all marks away."""
        self._list.unmark()
        self.draw_marks()

    def draw_marks(self) -> None:
        """Say how many tickets are marked."""
        self._draw_titles()
        self._draw_footer()

    def leave(self, refusal: Refusal | None = None) -> None:
        """Leave the board, because of a refusal when there is one."""
        self.app.exit(refusal)

    def dismiss_advice(self) -> bool:
        """Let what was said in passing go; return whether there was anything."""
        said = self.advice.dismiss()
        self._draw_footer()
        return said

    def look(self, view: View, *, sought: int | None = None) -> None:
        """Show another list, from its first row or from the ticket sought in it."""
        if view.query != self.view.query or sought is not None:
            self._list.restart(sought)
        self.view = view
        self._draw_titles()
        self._draw_footer()
        self._ask()

    def open_filter(self) -> None:
        """Begin to type a filter."""
        self.add_class("-filtering")
        self._filter.open(self.view.typed, example_of(self.words))

    # What comes back from the threads

    @on(desk_client.DeskOpened)
    def _opened(self, message: desk_client.DeskOpened) -> None:
        self.client.desk = message.desk
        self._ask()

    @on(desk_client.NotOpened)
    def _not_opened(self, message: desk_client.NotOpened) -> None:
        self.leave(message.refusal)

    @on(desk_client.SnapshotRead)
    def _snapshot_read(self, message: desk_client.SnapshotRead) -> None:
        snapshot, trouble = message.found, self.trouble
        self.trouble = message.trouble if snapshot is None else None
        if snapshot is None:
            self._read = None  # what comes after trouble may be another file: nothing is known
        elif snapshot.query == self.view.query and not snapshot.empty:
            self._show(snapshot)
        if trouble or self.trouble is not None:
            self._draw()
        self.client.came(message)

    @on(desk_client.Acted)
    def _acted(self, message: desk_client.Acted) -> None:
        self.tell(message.said)
        self._time_is_stale = True
        if message.said:
            self.sending.more_was_done()
        if message.then is not None:
            message.then()
        self._ask()

    @on(desk_client.Fetched)
    def _fetched(self, message: desk_client.Fetched) -> None:
        message.show()

    @on(desk_client.Refused)
    def _refused(self, message: desk_client.Refused) -> None:
        (message.then or self.refuse)(message.reason)
        self._ask()

    # What the panes say

    @on(TicketList.CursorMoved)
    @on(TicketList.WindowMoved)
    def _list_moved(self) -> None:
        self._banner.followed = self._list.followed
        self._draw_footer()
        self.client.ask(self._wants)  # what is done beside the board waits for no key

    @on(TicketList.Opened)
    def _ticket_opened(self) -> None:
        self.panes.focus_pane("ticket")

    @on(TeamList.PersonChosen)
    def _person_chosen(self, message: TeamList.PersonChosen) -> None:
        self.look(assigned_to(message.login))
        self.panes.focus_pane("queue")

    @on(Footer.Clicked)
    def _footer_clicked(self, message: Footer.Clicked) -> None:
        self.use(message.command)

    @on(FilterBar.Typed)
    def _filter_typed(self, message: FilterBar.Typed) -> None:
        try:
            view = self.view.filtered(message.text, self.words)
        except Refusal as refusal:
            self._filter.say_wrong(refusal.reason)
        else:
            self._filter.say_wrong("")
            self.look(view)

    @on(FilterBar.Closed)
    def _filter_closed(self, message: FilterBar.Closed) -> None:
        self.remove_class("-filtering")
        if not message.keep:
            self.look(DECLINED if self.view.declined else View())
        self.panes.focus_pane("queue")

    def on_resize(self) -> None:
        """Name the other panes in the titles where only one is seen."""
        self.call_after_refresh(self._another_size)

    def _another_size(self) -> None:
        self.panes.show_current()
        self._draw_titles()

    # Reading and drawing

    def _look(self) -> None:
        """Read again where time alone is a reason to, or the database did not answer."""
        known = self._known()
        holds = known and known.holds(known.query, known.revision, self.context.clock())
        if not holds and self.client.is_due:
            self._ask()

    def _ask(self) -> None:
        self.client.ask(self._wants)

    def _wants(self) -> Request:
        return Request(
            query=self.view.query,
            followed=self._list.followed,
            row=self._list.row,
            top=self._list.top,
            height=self._list.page_height,
            known=self._known(),
            watched=None if self.state is None else self.state.watched,
        )

    def _known(self) -> Cache | None:
        if self._read is None or self.state is None or self._list.is_seeking:
            return None
        detail = self.panes.text.detail
        return Cache(
            query=self._read.query,
            revision=self._read.revision,
            minute=self._read.minute,
            valid_until=self.state.overview.valid_until,
            total=self._list.total,
            pages=self._list.pages.held(),
            card=None if detail is None or self.panes.text.is_stale else detail.card.ticket.id,
            state=self.state,
            time=None if self._time_is_stale else self.state.time,
        )

    def _show(self, snapshot: Snapshot) -> None:
        self._read = snapshot
        if snapshot.board_state is not None:
            self._stand(snapshot.board_state, snapshot)
        elif snapshot.pages:
            self._list.pages.add(snapshot.pages)
            self._list.add_pages()
        card = snapshot.card
        if card is not None and card.ticket.id == self._list.followed:
            self.panes.text.show(Detail(card, snapshot.ready_reply))
        elif self._list.followed is None:
            self.panes.text.show(None)
        self._draw()

    def _stand(self, state: BoardState, snapshot: Snapshot) -> None:
        """Show how the list stands anew, the cursor where its ticket is now."""
        self._time_is_stale = False
        followed, row = self._list.followed, state.row
        self._list.pages.replace(snapshot.pages)
        if followed is not None and followed != state.followed:  # the cursor moved meanwhile
            moved = self._list.pages.row_of(followed)
            row = self._list.row if moved is None else moved
        self._list.show(listed_of(state, self.view), row, state.followed)
        self.panes.team.show(
            facts_of(state.team, state.loads, state.overview.queue, state.overview.words)
        )
        self.state = state
        self._banner.followed = self._list.followed

    def _tick(self) -> None:
        self.now = times.whole_minute(self.context.clock())

    def watch_now(self) -> None:
        """Say anew what depends on the time."""
        self._draw()

    def _draw(self) -> None:
        self._draw_titles()
        self._draw_footer()

    @on(Panes.Changed)
    def _draw_titles(self) -> None:
        keys = self.context.keys if self.has_class("-narrow") else None
        self.panes.entitle(self.view if self.state else None, keys, counts_of(self.state))

    def _draw_footer(self) -> None:
        waits = self.waiting.waits
        counts = {"waits": len(waits.drafts) if waits is not None else 0}
        named = [self.declared(each) for each in self.footer()]
        self._footer.show(footer_keys(named, self.context.keys, self.situation(), counts))

"""The board's one screen: its panes, what is drawn when something is read, and what keys do."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.signal import Signal

from policy.refusal import Refusal
from tui.actions import COMMANDS, ActionContext
from tui.board import client
from tui.board.advice import BoardAdvice
from tui.board.banner import Banner
from tui.board.context import BoardContext
from tui.board.engineering.engineers_screen import keep_up
from tui.board.handlers import BOARD_HANDLERS, BULK_HANDLERS, TICKET_HANDLERS
from tui.board.header import Header, HeaderState
from tui.board.panes import Panes
from tui.board.queue.queue_view import DECLINED, View, assigned_to
from tui.board.queue.ticket_list import ListState, TicketList
from tui.board.snapshot import BoardState, Cache, Request, Snapshot
from tui.board.team.team_lines import facts_of
from tui.board.team.team_model import NO_TEAM, TeamView
from tui.board.team.team_widget import TeamList
from tui.board.ticket.ticket_pane import Detail
from tui.board.time.time_model import TimeView
from tui.board.toasts import TellingScreen
from tui.board.waits import waits_client
from tui.board.widgets.filter_bar import FilterBar
from tui.board.widgets.footer import Footer, footer_keys, shown_commands
from tui.environment.keymap import DEFAULT_KEYS, textual_keys
from tui.phrasing import times

if TYPE_CHECKING:
    from store.read_models import Overview

POLL_EVERY: Final = 0.5
"""Seconds between two looks at the revision: others' changes show well within a second."""

_TICK_EVERY: Final = 1.0


class BoardScreen(TellingScreen):
    """Puts the panes together; its handlers only draw what threads have read."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own declaration
        (0, "-narrow"),
        (90, "-medium"),
        (120, "-wide"),
        (150, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - the same
        (0, "-tiny"),
        (14, "-short"),
        (34, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, f"command('{command}')", COMMANDS[command].title, show=False, id=command)
        for command, keys in textual_keys(DEFAULT_KEYS).items()
        if command in COMMANDS
    ]

    is_ground = True
    link: client.DeskLink
    panes: Panes
    view: View

    def __init__(self, setting: BoardContext) -> None:
        super().__init__()
        self.setting = setting
        self._now = times.whole_minute(setting.clock())
        self._standing: BoardState | None = None
        self._read: Snapshot | None = None
        self._trouble: str | None = None
        self._time_is_stale = False
        self.view = View()
        self.stood: Signal[BoardState] = Signal(self, "stood")
        self.link = client.DeskLink(self, setting.open_desk, setting.state_folder)
        self.waits_link = waits_client.WaitsLink(self, setting)
        self._header = Header(HeaderState(place=setting.place, now=self._now), setting.zone)
        self._banner = Banner(setting.zone)
        self.advice = BoardAdvice(setting)
        self.panes = Panes(setting.zone, self._now)
        self._list = self.panes.list
        self._footer = Footer()
        self._filter = FilterBar()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield from (self._header, self._banner, self.advice.bar, self.panes)
        yield from (self._filter, self._footer)

    def on_mount(self) -> None:
        """Begin: the first frame is painted before the store is even imported."""
        self.panes.focus_pane("queue")
        self._draw()
        self.call_after_refresh(self.link.open)
        self.set_interval(POLL_EVERY, self._ask)
        self.set_interval(_TICK_EVERY, self._tick)

    @property
    def actor(self) -> str:
        """The login of the person at the board."""
        return self.link.desk.actor if self.link.desk else ""

    @property
    def past(self) -> datetime | None:
        """The time that is looked at when it is not now (UTC)."""
        return None

    def present(self) -> datetime:
        """Return the time it is now (UTC)."""
        return self.setting.clock()

    @property
    def team(self) -> TeamView:
        """The team as it was read last."""
        return self._standing.team if self._standing else NO_TEAM

    @property
    def overview(self) -> "Overview | None":
        """How the desk stands, as it was read last."""
        return self._standing.overview if self._standing else None

    @property
    def time(self) -> TimeView | None:
        """How time stands, as it was read last."""
        return self._standing.time if self._standing else None

    @property
    def logins(self) -> list[str]:
        """The team, and before there is one who is assigned something, the most loaded first."""
        assigned = [load.login for load in self._standing.loads] if self._standing else []
        return [*assigned, *(login for login, _ in self.team.names if login not in assigned)]

    def situation(self) -> ActionContext:
        """Return what the commands look at to say whether they can be used now."""
        return ActionContext(
            actor=self.actor,
            now=self._now,
            connected=self.link.desk is not None and self._trouble is None,
            ticket=self._list.ticket,
            refusals=self._standing.refusals if self._standing else {},
            team=bool(self.team.people),
            timing=self.time is not None and self.time.mine.running is not None,
            marked=len(self._list.marked),
            past=self.past,
        )

    # What the person does

    def action_command(self, command: str) -> None:
        """Do what a key, the palette or a click asks for, or say why that cannot be done now."""
        reason = COMMANDS[command].disabled(self.situation())
        if reason is not None:
            self.refuse(reason)
        elif command in BULK_HANDLERS and self._list.marked:
            BULK_HANDLERS[command](self, self._list.marked)
        elif command in TICKET_HANDLERS and self._list.ticket is not None:
            TICKET_HANDLERS[command](self, self._list.ticket)
        else:
            BOARD_HANDLERS[command](self)

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
        self._filter.open(self.view.typed)

    # What comes back from the threads

    @on(client.DeskOpened)
    def _opened(self, message: client.DeskOpened) -> None:
        self.link.desk = message.desk
        self._ask()

    @on(client.NotOpened)
    def _not_opened(self, message: client.NotOpened) -> None:
        self.leave(message.refusal)

    @on(client.SnapshotRead)
    def _snapshot_read(self, message: client.SnapshotRead) -> None:
        snapshot, trouble = message.snapshot, self._trouble
        self._trouble = None
        if snapshot.query == self.view.query and not snapshot.empty:
            self._show(snapshot)
        elif trouble:
            self._draw()
        self.link.answered(self._wants)

    @on(client.NotAnswered)
    def _not_answered(self, message: client.NotAnswered) -> None:
        self._trouble = message.reason
        self._draw()
        self.link.answered(self._wants)

    @on(client.Acted)
    def _acted(self, message: client.Acted) -> None:
        self.tell(message.said)
        self._time_is_stale = True
        if message.then is not None:
            message.then()
        self._ask()

    @on(client.Refused)
    def _refused(self, message: client.Refused) -> None:
        self.refuse(message.reason)
        self._ask()

    # What the panes say

    @on(TicketList.CursorMoved)
    @on(TicketList.WindowMoved)
    def _list_moved(self) -> None:
        self._draw_footer()
        self._ask()

    @on(TicketList.Opened)
    def _ticket_opened(self) -> None:
        self.panes.focus_pane("ticket")

    @on(TeamList.PersonChosen)
    def _person_chosen(self, message: TeamList.PersonChosen) -> None:
        self.look(assigned_to(message.login))
        self.panes.focus_pane("queue")

    @on(Footer.Clicked)
    def _footer_clicked(self, message: Footer.Clicked) -> None:
        self.action_command(message.command)

    @on(FilterBar.Typed)
    def _filter_typed(self, message: FilterBar.Typed) -> None:
        try:
            view = self.view.filtered(message.text)
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

    @on(Panes.Changed)
    def _pane_changed(self) -> None:
        self._draw_titles()

    def on_resize(self) -> None:
        """Name the other panes in the titles where only one is seen."""
        self.call_after_refresh(self._draw_titles)

    # Reading and drawing

    def _ask(self) -> None:
        self.link.ask(self._wants)

    def _wants(self) -> Request:
        return Request(
            query=self.view.query,
            followed=self._list.followed,
            row=self._list.row,
            top=self._list.top,
            height=self._list.page_height,
            known=self._known(),
        )

    def _known(self) -> Cache | None:
        if self._read is None or self._standing is None or self._list.is_seeking:
            return None
        return Cache(
            query=self._read.query,
            revision=self._read.revision,
            minute=self._read.minute,
            valid_until=self._standing.overview.valid_until,
            total=self._list.total,
            pages=self._list.pages.held(),
            card=detail.card.ticket.id if (detail := self.panes.text.detail) else None,
            team=self._standing.team,
            time=None if self._time_is_stale else self._standing.time,
        )

    def _show(self, snapshot: Snapshot) -> None:
        self._read = snapshot
        if snapshot.standing is not None:
            self._stand(snapshot.standing, snapshot)
        else:
            self._list.pages.add(snapshot.pages)
            self._list.add_pages()
        card = snapshot.card
        if card is not None and card.ticket.id == self._list.followed:
            self.panes.text.show(Detail(card, snapshot.ready_reply))
        elif self._list.followed is None:
            self.panes.text.show(None)
        self._draw()

    def _stand(self, standing: BoardState, snapshot: Snapshot) -> None:
        """Show how the list stands anew, the cursor where its ticket is now."""
        self._standing, self._time_is_stale = standing, False
        followed, row = self._list.followed, standing.row
        self._list.pages.replace(snapshot.pages)
        if followed is not None and followed != standing.followed:  # the cursor moved meanwhile
            moved = self._list.pages.row_of(followed)
            row = self._list.row if moved is None else moved
        view = self.view
        listed = ListState(standing.total, ranked=view.ranked, empty=view.empty())
        self._list.show(listed, row, standing.followed)
        self.set_class(bool(standing.team.people), "-with-team")
        self.panes.team.show(facts_of(standing.team, standing.loads, standing.overview.queue))
        keep_up(self)
        self.stood.publish(standing)

    def _tick(self) -> None:
        now = times.whole_minute(self.setting.clock())
        if now != self._now:
            self._now = now
            self.panes.tick(now)
            self._draw()

    def _draw(self) -> None:
        self._header.show(
            HeaderState(
                place=self.setting.place,
                now=self._now,
                overview=self.overview,
                team=self.team,
                time=self.time,
                trouble=self._trouble,
                past=self.past is not None,
            )
        )
        self._banner.show(self.overview, self._now)
        self._draw_titles()
        self._draw_footer()

    def _draw_titles(self) -> None:
        keys = self.setting.keys if self.has_class("-narrow") else None
        self.panes.entitle(self.view if self._standing else None, keys)

    def _draw_footer(self) -> None:
        situation = self.situation()
        goes_back = self.view.changed or self.advice.said is not None
        shown = shown_commands(situation, declined=self.view.declined, goes_back=goes_back)
        waits = self.waits_link.waits
        counts = {"waits": len(waits.drafts) if waits is not None else 0}
        self._footer.show(footer_keys(shown, self.setting.keys, situation, counts))

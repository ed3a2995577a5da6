"""What the board reads, all in one go and off the screen's thread, and when it reads again.

A reading is asked for whenever the board shows something else and twice a second besides. It
looks at the revision first, which costs next to nothing, and reads no more than what is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING

from policy.alerting.desk_changes import WatchedDesk
from policy.conversation.connections import ConnectionAge
from policy.refusal import Refusal
from policy.roster.members import Roster
from policy.ticket import Ticket
from store.queue.query import Query
from store.read_models import Card, Overview
from store.stopping import ReadingStop
from store.team.team_models import Load
from tui.actions.screens import ALL_COMMANDS
from tui.board.client import NoLongerWantedError
from tui.board.queue.pages import PAGE, Pages, pages_around
from tui.board.team.team_model import TeamView, read_team
from tui.board.time.time_model import TimeView, read_time
from tui.phrasing.ready_replies import reply_of

if TYPE_CHECKING:
    from store.desk import DeskReading
    from store.quick.look import FirstLook


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the board shows now, and what it knows already.

    ``followed`` is the ticket that the cursor is tied to, ``row`` where it was last seen, ``top``
    and ``height`` are the rows on the screen. ``watched`` is how the desk stood that is shown.
    """

    query: Query
    followed: int | None
    row: int
    top: int
    height: int
    known: "Cache | None"
    watched: WatchedDesk | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """What the last readings left behind, so that the next one reads only what is new.

    ``minute`` (UTC) is that of the last whole reading: a new one is read anew, as time alone
    brings deadlines near. ``valid_until`` (UTC) is when time ends a deviation or a mode: from that
    instant on, all is read anew. ``card`` is the id of the ticket shown whole, None while one of
    our answers in it is on its way: that it is there is no change of the ticket.
    ``state`` is how the list stood, ``time`` None where it is to be read anew.
    """

    query: Query
    revision: int
    minute: datetime
    valid_until: datetime | None
    total: int
    pages: frozenset[int]
    card: int | None
    state: "BoardState"
    time: TimeView | None

    def holds(self, query: Query, revision: int, now: datetime) -> bool:
        """Return whether nothing has changed of a query's list, by anybody or by time alone."""
        return self.query == query and self.stands(revision, now)

    def stands(self, revision: int, now: datetime) -> bool:
        """Return whether nothing has changed of any list, by anybody or by time alone."""
        minute = now.replace(second=0, microsecond=0)
        same = (self.revision, self.minute) == (revision, minute)
        return same and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardState:
    """How the whole list stands at one revision.

    ``followed`` is the ticket that the cursor was tied to when this was asked for, ``row`` where
    the cursor belongs now: on that ticket, or where it was when the ticket has left the list.
    ``watched`` is None at a first look, by which nothing is compared.
    ``refusals`` are why this person may not do something at all, by the commands' ids; ``zone`` is
    theirs: the team file's, else the machine's.
    """

    overview: Overview
    loads: tuple[Load, ...]
    watched: WatchedDesk | None
    total: int
    followed: int | None
    row: int
    team: TeamView
    time: TimeView | None = None
    refusals: Mapping[str, str]
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One reading, frozen: ``board_state`` when anything changed, and what of the rest was missing.

    ``ready_reply`` is the reply of the card's ticket when it was declined, or when engineering
    decided something that the customer is to be told. ``connections`` are as old as it is said,
    None in a reading that brings another ticket's card alone: the next one tells.
    """

    query: Query
    revision: int
    minute: datetime
    board_state: BoardState | None
    pages: Pages
    card: Card | None
    ready_reply: str | None
    connections: tuple[ConnectionAge, ...] | None

    @property
    def empty(self) -> bool:
        """Whether nothing was new."""
        return self.board_state is None and not self.pages and self.card is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """What is on the screen before the whole desk is open: of the queue only the first page."""

    board_state: BoardState
    page: tuple[Ticket, ...]


def first_sight(look: "FirstLook") -> FirstSight:
    """Return what the board shows first, as far as a first look sees it."""
    overview = look.overview
    state = BoardState(
        overview=overview,
        loads=(),
        watched=None,
        total=overview.queue,
        followed=None,
        row=0,
        team=read_team(look.roster, look, look.now, None),
        refusals=_refusals(look.roster, look.actor, look.look_only),
        zone=look.zone,
    )
    return FirstSight(board_state=state, page=look.first(PAGE))


def read(desk: "DeskReading", wants: Request, stop: ReadingStop | None = None) -> Snapshot:
    """Return what the board lacks, all of it as one transaction sees it, unless it is stopped.

    Raises:
        Refusal: the database does not answer.
        NoLongerWantedError: it was stopped.
    """
    try:
        with desk.snapshot(stop):
            return _read(desk, wants)
    except Refusal as refusal:
        if stop is not None and stop.is_wanted:
            raise NoLongerWantedError from refusal
        raise


def _read(desk: "DeskReading", wants: Request) -> Snapshot:
    now = desk.now()
    minute = now.replace(second=0, microsecond=0)
    revision = desk.history.revision()
    known = wants.known
    if known and known.holds(wants.query, revision, now):
        board_state, total, row, held = None, known.total, wants.row, known.pages
        top = wants.top
    else:
        board_state = _board_state(desk, wants, revision)
        total, row, held = board_state.total, board_state.row, frozenset()
        top = wants.top + row - wants.row
    pages = _pages(desk, wants, top, total, held)
    card = _card(
        desk, wants, _ticket_at(pages, row) or wants.followed, fresh=board_state is not None
    )
    return Snapshot(
        query=wants.query,
        revision=revision,
        minute=minute,
        board_state=board_state,
        pages=pages,
        card=card,
        ready_reply=None if card is None else reply_of(card),
        connections=None if card and board_state is None else desk.connections.ages(),
    )


def _board_state(desk: "DeskReading", wants: Request, revision: int) -> BoardState:
    """Return how the list stands; of another list of the same desk only what is the list's own."""
    now = desk.now()
    known = wants.known
    same_minute = known is not None and known.minute == now.replace(second=0, microsecond=0)
    total = desk.queue.total_in_sight(wants.query)
    place = None if wants.followed is None else desk.queue.row_of(wants.followed, wants.query)
    row = min(wants.row, max(0, total - 1)) if place is None else place
    if known is not None and known.time is not None and known.stands(revision, now):
        return replace(
            known.state,
            watched=desk.queue.watched(known.state.overview, wants.watched),
            total=total,
            followed=wants.followed,
            row=row,
        )
    overview = desk.queue.overview()
    return BoardState(
        overview=overview,
        loads=desk.queue.loads(),
        watched=desk.queue.watched(overview, wants.watched),
        total=total,
        followed=wants.followed,
        row=row,
        team=read_team(
            desk.team.roster(),
            desk.team,
            now,
            known.state.team if known is not None and same_minute else None,
        ),
        time=read_time(desk, overview, known.time if known is not None and same_minute else None),
        refusals=_refusals(desk.team.roster(), desk.actor, desk.look_only),
        zone=desk.zone(),
    )


def _refusals(roster: Roster, actor: str, look_only: str | None) -> dict[str, str]:
    """Return why this person may not use a command whatever it is used on."""
    from policy.roster.permissions import refusal_for  # noqa: PLC0415 - not before the first frame

    reasons = {
        name: look_only or refusal_for(command.action, actor, roster)
        for name, command in ALL_COMMANDS.items()
        if command.action is not None
    }
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _pages(
    desk: "DeskReading", wants: Request, top: int, total: int, held: frozenset[int]
) -> Pages:
    first = 0  # the way back to the number one is short, from wherever the reader stands
    missing = sorted({first, *pages_around(top, wants.height, total)} - held)
    pages: dict[int, tuple[Ticket, ...]] = {}
    for _, run in groupby(enumerate(missing), lambda each: each[1] - each[0]):
        numbers = [page for _, page in run]
        tickets = desk.queue.page(wants.query, numbers[0] * PAGE, len(numbers) * PAGE)
        pages |= {
            number: tickets[place * PAGE : (place + 1) * PAGE]
            for place, number in enumerate(numbers)
        }
    return pages


def _ticket_at(pages: Pages, row: int) -> int | None:
    number, place = divmod(row, PAGE)
    page = pages.get(number, ())
    return page[place].id if place < len(page) else None


def _card(
    desk: "DeskReading", wants: Request, ticket_id: int | None, *, fresh: bool
) -> Card | None:
    if ticket_id is None:
        return None
    shown = wants.known.card if wants.known else None
    if not fresh and shown == ticket_id:
        return None
    try:
        return desk.tickets.card(ticket_id)
    except Refusal:  # the cursor is tied to a ticket that was taken back
        return None

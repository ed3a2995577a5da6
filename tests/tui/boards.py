"""A board on a real desk, driven by keys under a fixed clock; what it shows, read as text."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from connections.delivery.alerting import Alerting
from connections.delivery.outbox import Outbox
from policy.conversation.canned import CannedAnswer
from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from store.desk import Desk
from tests.databases import address_of, made
from tests.examples import incoming
from tui.board.advice_bar import AdviceBar
from tui.board.app import BoardApp
from tui.board.context import (
    BoardContext,
    nobody_to_alert,
    none_canned,
    not_told,
    nothing_to_send_with,
)
from tui.board.header import Header
from tui.board.history.history_list import HistoryList
from tui.board.number_one.banner import Banner
from tui.board.past.past_banner import PastLine
from tui.board.screen import BoardScreen
from tui.board.time.time_list import TimeList
from tui.board.waits.waits_list import WaitsList
from tui.board.widgets.footer import Footer
from tui.board.widgets.pane import Pane
from tui.environment.keymap import DEFAULT_KEYS, Keys
from tui.environment.own_commands import OwnCommand
from tui.phrasing.times import ReaderZone

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
"""A Wednesday afternoon inside the handbook's open hours."""

_LONG_ENOUGH = 60.0
_LONG_FOR_ONE_ROUND = 5.0
BoardApp.NOTIFICATION_TIMEOUT = 3600.0  # a toast is still there, however slow the machine is
_IDLE_IN_A_ROW = 3
"""Rounds of messages that must find nothing more to do."""


def minutes_ago(minutes: int) -> datetime:
    """Return a time before now."""
    return NOW - timedelta(minutes=minutes)


def small_queue() -> list[IncomingTicket]:
    """Return five tickets in the order in which they stand, and a sixth that is declined."""
    return [
        incoming(1, subject="Instance down for all users", severity=0, received_at=minutes_ago(55)),
        incoming(
            2, customer="Globex", subject="Search fails", severity=1, received_at=minutes_ago(99)
        ),
        incoming(
            3, customer="Initech", subject="Export drops columns", received_at=minutes_ago(500)
        ),
        incoming(4, customer="Hooli", subject="Webhooks are late", received_at=minutes_ago(60)),
        incoming(5, customer="Piper", subject="Help", tier="free", received_at=minutes_ago(70)),
        incoming(
            6,
            customer="Vandelay",
            subject="A trial",
            tier="presales",
            requester_name="Art",
            received_at=minutes_ago(30),
        ),
    ]


def filled(path: Path, tickets: Sequence[IncomingTicket], now: datetime = NOW) -> Path:
    """Make a desk in ``path`` with these tickets, and return the path."""
    with closing(Desk.open(made(path), actor="import", clock=lambda: now)) as desk:
        desk.transfer.take_in(tickets)
    return path


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def board_app(
    path: Path, *, clock: Callable[[], datetime] = lambda: NOW, keys: Keys = DEFAULT_KEYS,
    theme: str | None = None, open_desk: Callable[[], Desk] | None = None,
    actor: str = "mariam", outbox: Callable[[], Outbox | None] = nothing_to_send_with,
    zone: ReaderZone | None = None,
    alerting: Callable[[], Alerting] = nobody_to_alert,
    canned: Callable[[], tuple[CannedAnswer, ...]] = none_canned,
    own: Mapping[str, OwnCommand] | None = None,
) -> BoardApp:  # fmt: skip
    """Return a board for mariam, or another ``actor``, on the desk in ``path``.

    Times are in UTC, unless a ``zone`` is given that is to learn the person's own.
    """

    def opened() -> Desk:
        return Desk.open(address_of(path), actor=actor, clock=clock)

    setting = BoardContext(
        open_desk=open_desk or opened,
        clock=clock,
        place="demo",
        state_folder=path.parent / "state",
        keys=keys,
        zone=zone or UTC,
        learn_zone=not_told if zone is None else zone.settle,
        outbox=outbox,
        alerting=alerting,
        canned=canned,
        own=own or {},
    )
    return BoardApp(setting, theme=theme)


@dataclass(frozen=True)
class Driver:
    """A board under test: keys in, text out."""

    app: BoardApp
    pilot: Pilot[Refusal]

    @property
    def board(self) -> BoardScreen:
        """The board that is seen, or the next below: of the past, or of now."""
        boards = [each for each in self.app.screen_stack if isinstance(each, BoardScreen)]
        return boards[-1]

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when all that the one before began is done."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def paste(self, text: str) -> None:
        """Write a text into the field that has the keys, all of it at once."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until every worker is done and all that they read is drawn."""
        await settle(self.pilot)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that the board does by itself."""
        async with asyncio.timeout(_LONG_ENOUGH):
            while not happened():
                await self.pilot.pause(0.02)

    @property
    def queue(self) -> list[str]:
        """The lines of the list that are on the screen, without the spaces at their ends."""
        tickets = self.board.panes.list
        lines = [tickets.render_line(y).text.rstrip() for y in range(tickets.page_height)]
        return [line for line in lines if line]

    @property
    def rows(self) -> list[str]:
        """The first two columns of each line of the list."""
        return [" ".join(line.removeprefix("▌").split()[:2]) for line in self.queue]

    @property
    def cursor(self) -> int | None:
        """The number of the ticket under the cursor."""
        ticket = self.board.panes.list.ticket
        return ticket.id if ticket else None

    @property
    def ticket(self) -> str:
        """The text about the ticket, in one line."""
        return " ".join(self.board.panes.text.text.split())

    @property
    def banner(self) -> str:
        """The text of the banner."""
        return str(self.board.query_one(Banner).render())

    @property
    def header(self) -> str:
        """The text of the header."""
        return str(self.board.query_one(Header).render())

    @property
    def title(self) -> str:
        """The title of the list: its name, and what is counted of it."""
        return self.board.query_one("#queue", Pane).render_line(0).text.strip("┏━┓─ ")

    @property
    def footer(self) -> str:
        """The text of the footer of the screen that is seen."""
        return str(self.app.screen.query_one(Footer).render())

    @property
    def prompt(self) -> str:
        """What the board says in passing, in one line; empty when it says nothing."""
        bar = self.board.query_one(AdviceBar)
        return " ".join(str(bar.render()).split()) if bar.display else ""

    @property
    def team(self) -> list[str]:
        """The lines of the team pane that are on the screen, without the spaces around them."""
        pane = self.board.panes.team
        lines = [pane.render_line(y).text.strip("▌ ") for y in range(pane.size.height)]
        return [" ".join(line.split()) for line in lines if line]

    @property
    def waits(self) -> list[str]:
        """The lines of the waits screen's list, without the spaces between their words."""
        lines = self.app.screen.query_one(WaitsList)
        texts = [lines.render_line(y).text for y in range(lines.size.height)]
        return [" ".join(text.replace("▌", "").split()) for text in texts if text.strip()]

    @property
    def time(self) -> list[str]:
        """The lines of the time screen's list, without the spaces between their words."""
        lines = self.app.screen.query_one(TimeList)
        texts = [lines.render_line(y).text for y in range(lines.size.height)]
        return [" ".join(text.replace("▌", "").split()) for text in texts if text.strip()]

    @property
    def history(self) -> list[str]:
        """The lines of the history screen's list, without the spaces between their words."""
        lines = self.app.screen.query_one(HistoryList)
        texts = [lines.render_line(y).text for y in range(lines.size.height)]
        return [" ".join(text.split()) for text in texts if text.strip()]

    @property
    def past(self) -> list[str]:
        """The lines that mark the past, without the spaces between their words."""
        said = str(self.board.query_one(PastLine).render())
        return [" ".join(line.split()) for line in said.splitlines()]

    def said(self, selector: str) -> str:
        """Return the text of a part of the screen that is seen, in one line."""
        return " ".join(str(self.app.screen.query_one(selector).render()).split())

    @property
    def toasts(self) -> list[str]:
        """What the toasts say, title and text."""
        return [f"{each.title} {each.message}".strip() for each in self.app._notifications]


class Fingers:
    """Press keys on a board, and count them; what is written in one go is not counted."""

    def __init__(self, board: Driver) -> None:
        self._board = board
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        self.pressed += len(keys)
        await self._board.press(*keys)


async def settle(pilot: Pilot[Refusal]) -> None:
    """Wait until a board under a pilot has nothing left to do."""
    app = pilot.app
    assert isinstance(app, BoardApp)
    async with asyncio.timeout(_LONG_ENOUGH):
        idle = 0
        while idle < _IDLE_IN_A_ROW:
            with suppress(TimeoutError):  # a widget that goes while it is asked never answers
                async with asyncio.timeout(_LONG_FOR_ONE_ROUND):
                    await pilot.pause(0)
            with suppress(WorkerCancelled):  # a newer reading took its place
                await app.workers.wait_for_complete()
            boards = [each for each in app.screen_stack if isinstance(each, BoardScreen)]
            at_rest = all(board.client.idle for board in boards) and not list(app.workers)
            at_rest = at_rest and not app.has_keys_waiting
            idle = idle + 1 if at_rest else 0


@asynccontextmanager
async def opened_board(
    path: Path, *, size: tuple[int, int] = (120, 36), clock: Callable[[], datetime] = lambda: NOW,
    keys: Keys = DEFAULT_KEYS, actor: str = "mariam",
    outbox: Callable[[], Outbox | None] = nothing_to_send_with, zone: ReaderZone | None = None,
    alerting: Callable[[], Alerting] = nobody_to_alert,
    canned: Callable[[], tuple[CannedAnswer, ...]] = none_canned,
    open_desk: Callable[[], Desk] | None = None,
    own: Mapping[str, OwnCommand] | None = None,
) -> AsyncIterator[Driver]:  # fmt: skip
    """Open a board on the desk in ``path``, and wait until it shows it."""
    app = board_app(
        path,
        clock=clock,
        keys=keys,
        actor=actor,
        outbox=outbox,
        zone=zone,
        alerting=alerting,
        canned=canned,
        open_desk=open_desk,
        own=own,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver
    if app.board.client.desk is not None:
        app.board.client.desk.close()

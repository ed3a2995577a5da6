"""Makes the pictures in the docs from the real program: python docs/screenshots.py."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from store.desk import Desk
from store.queue.query import Query, QueryField, Term
from tui.board.app import BoardApp
from tui.board.context import BoardContext
from tui.board.screen import BoardScreen
from tui.demo.filling import fill
from tui.environment.keymap import DEFAULT_KEYS

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
FOLDER = Path(__file__).parent
SIZE = (132, 36)
_SHORT = 60


async def take(database: Path, picture: Path, *keys: str) -> None:
    """Write the board on a database to an SVG file, as it is after some keys, once all is drawn."""
    setting = BoardContext(
        open_desk=lambda: Desk.open(str(database), actor="mariam", clock=lambda: NOW),
        clock=lambda: NOW,
        place="demo",
        state_folder=database.parent,
        keys=DEFAULT_KEYS,
        zone=UTC,
    )
    app = BoardApp(setting)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            while not all(board.client.idle for board in boards(app)):
                await pilot.pause(0.1)
            await pilot.pause(1)
        picture.write_text(app.export_screenshot(title="numberone"), encoding="utf-8")


def boards(app: BoardApp) -> list[BoardScreen]:
    """Return the boards that are open: that of now, and that of the past over it."""
    return [screen for screen in app.screen_stack if isinstance(screen, BoardScreen)]


def main() -> None:
    """Take every picture on the desk of the demo, always at the same time."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "demo.db"
        fill(str(database), NOW)
        asyncio.run(take(database, FOLDER / "board.svg"))
        asyncio.run(take(database, FOLDER / "report.svg", "R"))
        asyncio.run(take(database, FOLDER / "engineering.svg", "E"))
        asyncio.run(take(database, FOLDER / "past.svg", "P", "enter", "{"))
        with closing(Desk.open(str(database), actor="mariam", clock=lambda: NOW)) as desk:
            first = put_first(desk)
            asyncio.run(take(database, FOLDER / "deviation.svg"))
            desk.deviations.end(first)
            for login in ("luz", "tomasz", "ayodele"):
                desk.team.mark_out(login, reason="the flu")
        asyncio.run(take(database, FOLDER / "waits.svg", "w"))


def put_first(desk: Desk) -> int:
    """Put a ticket first that is not, and return its number."""
    waiting = desk.queue.page(Query(terms=(Term(QueryField.PRIORITY, ("p2",)),)), 0, None)
    plain = (each for each in waiting if each.subject.isascii() and each.subject[0].isalpha())
    ticket = next(each for each in plain if len(each.subject) < _SHORT)
    reason = "Their launch is tonight, and their people are on the phone."
    desk.deviations.put_first(ticket.id, reason=reason, until=NOW + timedelta(hours=3))
    return ticket.id


if __name__ == "__main__":
    main()

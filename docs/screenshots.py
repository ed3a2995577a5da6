"""Makes the pictures in the docs from the real program: python docs/screenshots.py."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from store.desk import Desk
from tui.board.app import BoardApp
from tui.board.screen import Setting
from tui.demo.filling import fill
from tui.keymap import DEFAULT_KEYS

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
FOLDER = Path(__file__).parent
SIZE = (132, 36)


async def take(database: Path, picture: Path) -> None:
    """Write the board on a database, as it is once everything is drawn, to an SVG file."""
    setting = Setting(
        open_desk=lambda: Desk.open(str(database), actor="mariam", clock=lambda: NOW),
        clock=lambda: NOW,
        place="demo",
        state_folder=database.parent,
        keys=DEFAULT_KEYS,
        zone=UTC,
    )
    app = BoardApp(setting)
    async with app.run_test(size=SIZE) as pilot:
        while not app.board.link.idle:
            await pilot.pause()
        await pilot.pause()
        picture.write_text(app.export_screenshot(title="numberone"), encoding="utf-8")


def main() -> None:
    """Take every picture on the desk of the demo, always at the same time."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "demo.db"
        fill(str(database), NOW)
        asyncio.run(take(database, FOLDER / "board.svg"))


if __name__ == "__main__":
    main()

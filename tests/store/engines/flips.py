"""One bit of a desk's file after the other flips: whether the check finds it, and what is said.

``python -m tests.store.engines.flips 50`` flips 50, each at random in a copy of its own of a desk
with some thousand events, and says of each where it was, what ``db check`` said, and how commands
and the board took it. It asserts that nobody gets a fault, and that what the check does not find
changed nothing of what is kept.
"""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

from policy.words import Status
from store.desk import Desk
from tests.examples import incoming

RARE: Final = "Xylophones"
"""A word that stands in one ticket only."""

LOOKS: Final = ("list", "next", "show 1", "show 7", "history --limit 20", "list xylophones")
"""What a person does next."""

_TICKETS: Final = 600
_PAGE: Final = 4096
_NOTICED, _FREE = "found", "nothing that is kept"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and all that it wrote."""

    code: int
    said: str


def make_desk(path: Path, tickets: int) -> None:
    """Make a desk with six events for each ticket, all of it in the file itself."""
    with closing(Desk.open(str(path), actor="mo")) as desk:
        bodies = {7: f"{RARE} are out of tune."}
        for start in range(1, tickets + 1, 100):
            numbers = range(start, min(start + 100, tickets + 1))
            desk.transfer.take_in(
                [incoming(each, body=bodies.get(each, f"Body {each}")) for each in numbers]
            )
            for each in numbers:
                with desk.transaction():
                    desk.tickets.take(each)
                    desk.tickets.reply(each)
                    desk.tickets.set_status(each, Status.ON_HOLD)
                    desk.tickets.set_status(each, Status.OPEN)
                    desk.conversation.note(each, f"A note on {each}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def flip(path: Path, offset: int, bit: int = 0) -> None:
    """Flip a bit of the byte at ``offset``."""
    with path.open("rb+") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes([byte ^ 1 << bit]))


def ran(path: Path, command: str) -> Ran:
    """Return how the program ends on this file, in this process."""
    from tui.cli.run import run  # noqa: PLC0415 - its settings stand in the environment

    with TemporaryFile() as file, TextIOWrapper(file, "utf-8", write_through=True) as written:
        with redirect_stdout(written), redirect_stderr(written):
            code = run(["--db", str(path), "--as", "mo", *command.split()])
        written.flush()
        file.seek(0)
        return Ran(code, file.read().decode())


def on_the_board(path: Path) -> str:
    """Return what the board says first of this file."""
    from tests.tui.boards import opened_board  # noqa: PLC0415 - brings Textual

    async def said() -> str:
        async with opened_board(path) as board:
            return " ".join(f"{board.header} | {board.prompt or board.banner}".split())

    return asyncio.run(said())


def contents(path: Path) -> Iterator[tuple[str, object]]:
    """Yield every row of every table of a file, as bytes say it, and the tables themselves."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        for (name,) in names.fetchall():
            for row in connection.execute(f'SELECT * FROM "{name.decode()}"'):  # noqa: S608 - our own names
                yield name.decode(), row


def first_difference(sound: Path, flipped: Path) -> str:
    """Return in which table a flip changed a row; empty where it changed none."""
    try:
        for ours, theirs in zip(contents(sound), contents(flipped), strict=True):
            if ours != theirs:
                return ours[0]
    except (sqlite3.Error, ValueError) as error:
        return f"the file itself ({error})"
    return ""


def table_at(path: Path, offset: int) -> str:
    """Return of which table or index a byte's page is, as SQLite tells it where it can."""
    query = "SELECT name FROM dbstat WHERE pageno = ?"
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = connection.execute(query, [offset // _PAGE + 1]).fetchone()
        except sqlite3.Error:
            return "?"
    return "a free page" if found is None else str(found[0])


def _one(sound: Path, offset: int, bit: int) -> tuple[str, list[str]]:
    """Return what came of one flip, in a word, and lines about it."""
    flipped = sound.with_name("flipped.db")
    shutil.copyfile(sound, flipped)
    flip(flipped, offset, bit)
    checked = ran(flipped, "db check")
    lines = [f"check: {checked.code}: {(checked.said.splitlines() or ['-'])[0]}"]
    changed = first_difference(sound, flipped)
    missed = f"NOT FOUND: {changed}" if changed else _FREE
    came = _NOTICED if checked.code else missed
    looks = {look: ran(flipped, look) for look in LOOKS}
    for look, end in looks.items():
        if end.code:
            lines.append(f"{look}: {end.code}: {(end.said.splitlines() or ['-'])[-1]}")
    faults = [look for look, end in [("db check", checked), *looks.items()] if _is_fault(end)]
    lines.append(f"board: {on_the_board(flipped)}")
    for leftover in sound.parent.glob("flipped.db*"):
        leftover.unlink()
    return (f"FAULT in {', '.join(faults)}; {came}" if faults else came), lines


def _is_fault(end: Ran) -> bool:
    return "a fault of its own" in end.said or "Traceback" in end.said


def main(arguments: Sequence[str]) -> None:
    """Flip so many bits, one in each copy; a second number begins another series."""
    count, seed = (*map(int, arguments), *(50, 1)[len(arguments) :])
    random = Random(seed)  # noqa: S311 - nothing here is a secret
    came: Counter[str] = Counter()
    with TemporaryDirectory(prefix="numberone-flips-") as folder:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = folder
        sound = Path(folder) / "sound.db"
        make_desk(sound, _TICKETS)
        for number in range(1, count + 1):
            offset, bit = random.randrange(sound.stat().st_size), random.randrange(8)
            how, lines = _one(sound, offset, bit)
            came[how] += 1
            print(f"{number}. byte {offset:,} bit {bit}, {table_at(sound, offset)}: {how}")
            for line in lines:
                print(f"     {line}", flush=True)
    print(", ".join(f"{many} {how}" for how, many in came.most_common()))
    assert not any("FAULT" in how or "NOT" in how for how in came)


if __name__ == "__main__":
    main(sys.argv[1:])

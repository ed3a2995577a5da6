"""What can go wrong under an open board, each as often as is wanted, on each engine it can hit.

``python -m tests.tui.board.board_faults 20`` does each 20 times and says what the person was told.
Each asserts that what was told as done is there, that what was told as not done is not, that no
fault of the program was noted, and that the board still answers keys.
"""

import asyncio
import io
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from policy.refusal import Refusal
from store.database import SCHEMA
from store.desk import Desk
from tests.databases import Files, Schemas, address_of, execute, used
from tests.examples import incoming
from tests.store.checking import EVERYTHING
from tests.store.postgres_server import PostgresServer
from tests.tui.boards import NOW, Clock, Driver, filled, opened_board, small_queue
from tui.cli.run import run
from tui.environment.fault_log import LOG

Fault = Callable[[Path, Random], Awaitable[str]]
"""Does something to the database that a path stands for, and returns what the person was told."""

NOISE: Final = 100_000
"""Letters of a text for which a database needs more room."""

_ROOM: Final = 1_200_000
"""Bytes to which a file of a server may grow: more than a file of its log is large."""

_COMMANDS: Final = ("next", "list", "show 1", "history", "take 2", "db check")


async def clock_set_back(path: Path, chance: Random) -> str:
    """Set the clock back an hour again and again, while the number one is worked on."""
    clock = Clock()
    async with opened_board(path, clock=clock) as board:
        for _ in range(3):
            clock.now -= timedelta(hours=1)
            await board.press("t")
            await assert_answers(board)
            clock.now += timedelta(minutes=chance.randrange(50))
            await board.press("home", "c", "r", "enter")
            said = board.toasts[-1]
        assert_no_fault(path)
    with closing(Desk.open(address_of(path), actor="mariam", clock=clock)) as desk:
        kinds = [event.kind for event in desk.tickets.history(1)]
        assert kinds[0] == "imported", "the history is in the order in which things were done"
        assert len(kinds) > 1
    assert_whole(path)
    assert_commands_answer(path)
    return said.split(maxsplit=1)[0]


async def newer_version(path: Path, _: Random) -> str:
    """Let a newer version make another schema of the database under the board."""
    async with opened_board(path) as board:
        execute(path, "UPDATE alembic_version SET version_num = '9999'")
        await board.press("t")
        said = board.toasts[-1]
        assert "made by a newer numberone" in said
        await assert_answers(board)
        execute(path, f"UPDATE alembic_version SET version_num = '{SCHEMA}'")  # noqa: S608 - ours
        assert holder(path) is None
        await board.until(lambda: "LEVEL 1" in board.header)
        await board.press("home", "t")
        assert_told_truly(board, path)
        assert_no_fault(path)
    return "made by a newer numberone"


async def disk_full(path: Path, _: Random, server: PostgresServer | None = None) -> str:
    """Leave no room while the board takes the number one, and somebody brings a long ticket."""
    with closing(Desk.open(address_of(path), actor="import", clock=lambda: NOW)) as desk:
        long = [incoming(number, body=os.urandom(NOISE // 2).hex()) for number in range(50, 75)]
        if server is not None:  # whose files are to be larger than the room already
            desk.transfer.take_in(long)
        async with opened_board(path) as board:
            with no_room(server):
                try:
                    desk.transfer.take_in([incoming(99, body=os.urandom(NOISE // 2).hex())])
                except Refusal as refusal:
                    told = refusal.reason
                else:
                    told = "done"
                await board.press("t")
                assert_told_truly(board, path)
                await assert_answers(board)
            await board.press("home", "t")
            assert_told_truly(board, path)
            assert holder(path) == "mariam"
            assert_no_fault(path)
        there = [each.external_id for each in desk.queue.page(EVERYTHING, 0, None)]
        assert there.count("99") == (told == "done"), "what was told as not done is not there"
        desk.transfer.take_in([incoming(99)])
    assert_whole(path)
    return told.rpartition(": ")[2]


async def file_truncated(path: Path, chance: Random) -> str:
    """Cut the file off somewhere under the board."""
    size = path.stat().st_size
    return await _damaged(path, lambda: os.truncate(path, chance.randrange(size)))


async def bytes_flipped(path: Path, chance: Random) -> str:
    """Turn fifty bytes of the file round under the board."""

    def flip() -> None:
        size = path.stat().st_size
        with path.open("r+b") as file:
            for place in [chance.randrange(size) for _ in range(50)]:
                file.seek(place)
                byte = file.read(1)
                file.seek(place)
                file.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))

    return await _damaged(path, flip)


async def _damaged(path: Path, damage: Callable[[], None]) -> str:
    """Damage the file under the board; then its backup brings back all that there was."""
    backup = path.with_name("backup.db")
    command("db", "backup", str(backup), "--force", path=path)
    with closing(Desk.open(address_of(path), actor="mo")) as desk:
        before = desk.queue.page(EVERYTHING, 0, None)
    async with opened_board(path) as board:
        damage()
        await board.press("t", "enter", "slash", "a", "enter", "escape", "w", "escape", "home")
        await assert_answers(board)
        assert_no_fault(path)
        told = "damaged" if any("damaged" in each for each in _told(board)) else "nothing"
    assert_commands_answer(path)
    command("db", "restore", str(backup), path=path, code=0)
    with closing(Desk.open(address_of(path), actor="mo")) as desk:
        assert desk.queue.page(EVERYTHING, 0, None) == before
    assert_whole(path)
    return told


FAULTS_OF_FILES: Final[tuple[Fault, ...]] = (
    bytes_flipped,
    clock_set_back,
    disk_full,
    file_truncated,
    newer_version,
)
FAULTS_OF_SERVERS: Final[tuple[Fault, ...]] = (clock_set_back, newer_version)
"""And a disk that is full, for which the server is needed itself."""


# What is looked at afterwards


def holder(path: Path) -> str | None:
    """Return who has ticket #1."""
    with closing(Desk.open(address_of(path), actor="mo")) as desk:
        return desk.tickets.get(1).assignee


def assert_told_truly(board: Driver, path: Path) -> None:
    """Assert that #1 is the person's if the board said so, and else nobody's."""
    told = any(each.startswith("#1 is yours") for each in board.toasts)
    assert holder(path) == ("mariam" if told else None)


async def assert_answers(board: Driver) -> None:
    """Assert that the board draws what keys ask for, the help, which needs no database."""
    below = board.app.screen
    await board.press("question_mark")
    assert board.app.screen is not below, (below, board.toasts, board.header)
    await board.press("escape")
    assert board.app.screen is below
    assert board.app.return_value is None


def assert_no_fault(path: Path) -> None:
    """Assert that no fault of the program itself was noted."""
    log = path.parent / "state" / LOG
    assert not log.exists(), log.read_text()


def assert_commands_answer(path: Path) -> None:
    """Assert that each command does its work, or says in one line why not."""
    for typed in _COMMANDS:
        command(*typed.split(), path=path)
    assert_no_fault(path)


def assert_whole(path: Path) -> None:
    """Assert that the check finds nothing wrong."""
    command("db", "check", path=path, code=0)


def command(*typed: str, path: Path, code: int | None = None) -> None:
    """Run a command, which ends as expected and never with more than a line of what is wrong."""
    out, err = _Stream(), _Stream()
    at = ("--db", address_of(path), "--as", "mariam", "--at", NOW.isoformat())
    with own_settings(path.parent), redirect_stdout(out), redirect_stderr(err):
        ended = run([*at, *typed])
    assert ended in ((0, 1) if code is None else (code,)), (typed, err.getvalue())
    if typed != ("db", "check"):  # a line for each thing that is wrong
        assert err.getvalue().count("\n") <= 1, err.getvalue()
    assert_no_fault(path)


class _Stream(io.StringIO):
    """Takes what a command prints, as a terminal's stream does."""

    def reconfigure(self, **_: object) -> None:
        """Change nothing: every letter can be taken."""


@contextmanager
def own_settings(folder: Path) -> Iterator[None]:
    """Let commands in the ``with`` find no settings but those in a folder."""
    ours = {
        "NUMBERONE_CONFIG": str(folder / "config.toml"),
        "NUMBERONE_STATE": str(folder / "state"),
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def no_room(server: PostgresServer | None) -> Iterator[None]:
    """Let no file grow: of this process, or of a server's, of which small ones still can."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if server is None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    else:
        server.limit_files(_ROOM)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if server is not None:
            server.limit_files(None)


def _told(board: Driver) -> list[str]:
    return [*board.toasts, board.header, board.prompt, str(board.board.trouble)]


def on_files(empty: Path, fault: Fault, folder: Path, chance: Random) -> str:
    """Do a fault to a new file, and return what was told."""
    with used(Files(lambda: empty)):
        return asyncio.run(_on_a_desk(fault, folder, chance))  # type: ignore[arg-type] # a coroutine


def on_a_server(server: PostgresServer, fault: Fault, folder: Path, chance: Random) -> str:
    """Do a fault to a schema that a server lends, and return what was told."""
    with server.lent_schema() as lent, used(Schemas(server, lent)):
        return asyncio.run(_on_a_desk(fault, folder, chance))  # type: ignore[arg-type] # the same


def _on_a_desk(fault: Fault, folder: Path, chance: Random) -> Awaitable[str]:
    return fault(filled(folder / "desk.db", small_queue()), chance)


def main(times: int, wanted: str) -> None:
    """Do each so many times, or those with a word in their name; print what was told."""
    with ExitStack() as opened:
        server = opened.enter_context(PostgresServer())
        place = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        empty = place / "empty.db"
        Desk.open(str(empty), actor="maker").close()
        faults: list[tuple[str, Callable[[Path, Random], str]]] = [
            *(
                (f"{each.__name__}, file", partial(on_files, empty, each))
                for each in FAULTS_OF_FILES
            ),
            *(
                (f"{each.__name__}, server", partial(on_a_server, server, each))
                for each in FAULTS_OF_SERVERS
            ),
            (
                "disk_full, server",
                partial(on_a_server, server, partial(disk_full, server=server)),
            ),
        ]
        for name, fault in faults:
            if wanted not in name:
                continue
            began, told = monotonic(), Counter[str]()
            for number in range(times):
                folder = Path(tempfile.mkdtemp(dir=place))
                told[fault(folder, Random(number))] += 1  # noqa: S311 - no secret
            said = ", ".join(f"{count} × {each}" for each, count in sorted(told.items()))
            print(f"{name}: {said} ({monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), " ".join(sys.argv[2:]))

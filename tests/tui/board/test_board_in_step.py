"""A board on a desk with a connection: its own loop works beside it, and ends with it."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from policy.conversation.connections import ConnectionEntry
from store.desk import Desk
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import RequestTrackerServer
from tests.databases import address_of, made
from tests.tui.pseudo_terminal import LONG_ENOUGH, program_in_a_terminal
from tui.environment.sync_process import SyncProcess


@pytest.fixture(scope="module")
def there() -> Iterator[RequestTrackerOverThere]:
    """Give the other side of a help desk with one ticket."""
    with RequestTrackerServer() as server:
        over_there = RequestTrackerOverThere(server)
        over_there.opens("The ferry is late", "Where is it?", tier="enterprise")
        yield over_there


def connected(folder: Path, there: RequestTrackerOverThere) -> Path:
    """Return a database with a connection to it, in which nothing has been read."""
    database = folder / "desk.db"
    with closing(Desk.open(made(database), actor="mariam")) as desk:
        entry = ConnectionEntry(
            name="desk", kind="request_tracker", address=there.server.address, settings={}
        )
        desk.connections.import_entries([entry])
    return database


def environment(there: RequestTrackerOverThere, database: Path) -> dict[str, str]:
    """Return what tells the loop of a board which desk it is for."""
    of_a_terminal = {"COLUMNS", "LINES"}
    rest = {name: value for name, value in os.environ.items() if name not in of_a_terminal}
    return rest | {
        "NUMBERONE_DB": address_of(database),
        "NUMBERONE_AS": "mariam",
        "NUMBERONE_DESK_TOKEN": there.server.tokens["numberone"],
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }


def has_ended(process: int) -> bool:
    """Wait until a process has ended, and return whether it has."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], LONG_ENOUGH)[0])
    finally:
        os.close(watched)


def test_what_happens_there_is_on_the_board_by_itself(
    there: RequestTrackerOverThere, tmp_path: Path
) -> None:
    database = connected(tmp_path, there)
    told = environment(there, database)
    with program_in_a_terminal(tmp_path, environment=told, size=(160, 45)) as terminal:
        terminal.until("The ferry is late")
        terminal.until("desk just now")
        there.opens("The harbour is closed", "Is it?", tier="enterprise")
        terminal.until("The harbour is closed")
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_without_a_login_the_board_says_how_one_gets_one(
    there: RequestTrackerOverThere, tmp_path: Path
) -> None:
    database = connected(tmp_path, there)
    told: dict[str, str | None] = {
        **environment(there, database),
        "NUMBERONE_DESK_TOKEN": None,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    with program_in_a_terminal(tmp_path, environment=told, size=(160, 45)) as terminal:
        terminal.until("! desk: mariam is not logged in to desk: run numberone login desk")
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_the_loop_ends_when_it_is_told_to(there: RequestTrackerOverThere, tmp_path: Path) -> None:
    beside = SyncProcess(environment(there, connected(tmp_path, there)))
    assert not beside.runs
    beside.start()
    assert beside.runs
    process = beside._process
    assert process is not None
    beside.stop()
    assert not beside.runs
    assert process.wait(LONG_ENOUGH) == 0


def test_the_loop_ends_with_a_board_that_is_killed(
    there: RequestTrackerOverThere, tmp_path: Path
) -> None:
    board = """
import os, sys
from tui.environment.sync_process import SyncProcess
beside = SyncProcess(os.environ)
beside.start()
print(beside._process.pid, flush=True)
sys.stdin.read()
"""
    told = environment(there, connected(tmp_path, there))
    with subprocess.Popen(
        [sys.executable, "-c", board],
        env=told,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert has_ended(child)

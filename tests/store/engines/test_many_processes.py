"""Several boards and command lines at one database: nothing lost, and one number one."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from store.desk import Desk
from store.queue.query import Query
from tests.examples import MONDAY, incoming
from tests.store.checking import EVERYTHING, check
from tests.store.conftest import OpenDesk
from tests.store.postgres_server import PostgresServer

ROOT = Path(__file__).parents[3]
WRITERS = 4
CHANGES = int(os.environ.get("NUMBERONE_TEST_CHANGES", "120"))
"""How many changes all writers make together; 2000 shows more, and takes longer."""


def crowd(*arguments: object) -> list[dict[str, Any]]:
    """Return what became of many processes, none of which said anything on its way."""
    command = [sys.executable, "-m", "tests.store.crowd", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert ended.stderr == ""
    answers: list[dict[str, Any]] = json.loads(ended.stdout)
    return answers


def filled(open_desk: OpenDesk) -> Desk:
    desk = open_desk("mo")
    desk.transfer.take_in(
        [
            incoming(number, severity=number % 4, received_at=MONDAY - timedelta(minutes=number))
            for number in range(60)
        ]
    )
    return desk


def test_boards_and_writers_settle_on_the_same_number_one(
    open_desk: OpenDesk, address: str
) -> None:
    desk = filled(open_desk)
    answers = crowd("change", address, WRITERS, CHANGES // WRITERS)
    boards = [answer for answer in answers if "board" in answer]
    number_one = desk.queue.overview().number_one
    assert number_one
    assert [board["number_one"] for board in boards] == [number_one.id] * 2
    assert [board["revision"] for board in boards] == [desk.history.revision()] * 2

    # Every change made a version of its own, and none was lost.
    made = [tuple(each) for answer in answers for each in answer.get("made", ())]
    assert len(made) == CHANGES
    tickets = desk.queue.page(EVERYTHING, 0, None)
    assert sorted(made) == sorted(
        (each.id, version) for each in tickets for version in range(2, each.version + 1)
    )
    check(desk, address)


def test_ten_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    address = str(tmp_path / "folder" / "new.db")
    assert sorted(each["opened"] for each in crowd("new", address, 10)) == list(range(10))
    with closing(Desk.open(address, actor="mo")) as desk:
        assert desk.history.revision() == 10


def test_ten_processes_open_a_new_database_at_once(postgres: PostgresServer) -> None:
    address = postgres.new_database()
    assert sorted(each["opened"] for each in crowd("new", address, 10)) == list(range(10))
    with closing(Desk.open(address, actor="mo")) as desk:
        assert desk.history.revision() == 10


def test_a_writer_killed_in_the_middle_loses_only_its_own_change(
    open_desk: OpenDesk, address: str
) -> None:
    desk = filled(open_desk)
    desk.tickets.take(2)
    before = desk.history.revision(), desk.queue.page(EVERYTHING, 0, None)
    command = [sys.executable, "-m", "tests.store.crowd", "hang", address]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as hanging:
        assert hanging.stdout
        assert hanging.stdout.readline() == "in the middle\n"
        # Whoever reads is not held up, and sees nothing of what is not done.
        assert (desk.history.revision(), desk.queue.page(EVERYTHING, 0, None)) == before
        hanging.kill()
    taken = desk.tickets.take(3)
    assert taken.version == 2
    assert desk.tickets.get(1).version == 1
    assert [event.kind for event in desk.tickets.history(1)] == ["imported"]
    check(desk, address)


def test_any_thread_may_use_the_same_desk(open_desk: OpenDesk, address: str) -> None:
    """As the board does, whose workers read while others write."""
    desk = filled(open_desk)

    def work(number: int) -> int:
        made = (
            desk.tickets.heard(number % 7 + 1) if number % 2 else desk.tickets.reply(number % 5 + 1)
        )
        assert desk.queue.overview().number_one
        assert len(desk.queue.page(Query(words=("ticket",)), 0, 9)) <= 9
        return made.version

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(40)))
    check(desk, address)


def test_a_change_by_one_is_seen_by_another_at_its_next_look(
    open_desk: OpenDesk,
) -> None:
    desk, other = filled(open_desk), open_desk("jo")
    revision = desk.history.revision()
    assert desk.history.revision() == revision
    changed = other.tickets.take(5)
    assert desk.history.revision() > revision
    assert desk.tickets.get(5) == changed
    assert changed in desk.queue.page(Query(), 0, None)

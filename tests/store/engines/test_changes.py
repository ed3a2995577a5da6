"""What tells of changes: no commit is missed, whoever commits, and nothing stays behind."""

import os
import select
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, active_count

import pytest

from policy.refusal import Refusal
from store.database import Database
from store.desk import Desk
from store.engines.file_changes import FileChanges, why_not_told
from store.stopping import ReadingStop
from tests.examples import incoming
from tests.store.conftest import OpenDesk

_LONG_ENOUGH = 60.0
_ENDLESS = (
    "WITH RECURSIVE numbers(number) AS (SELECT CAST(1 AS BIGINT) UNION ALL"
    " SELECT number + 1 FROM numbers WHERE number > 0) SELECT count(*) FROM numbers"
)


def test_after_each_commit_of_another_desk_it_can_be_read(open_desk: OpenDesk) -> None:
    mo, jo = open_desk("mo"), open_desk("jo")
    told: SimpleQueue[int] = SimpleQueue()
    with closing(mo.changes(lambda: told.put(mo.history.revision()))):
        for number in range(1, 30):
            jo.transfer.take_in([incoming(number)])
            while told.get(timeout=_LONG_ENOUGH) < jo.history.revision():
                pass


def test_nothing_stays_behind(open_desk: OpenDesk) -> None:
    mo = open_desk("mo")
    told: SimpleQueue[bool] = SimpleQueue()
    held = []
    for _ in range(3):
        notices = mo.changes(lambda: told.put(True))
        assert told.get(timeout=_LONG_ENOUGH)
        notices.close()
        notices.close()
        held.append((len(os.listdir("/proc/self/fd")), active_count()))  # noqa: PTH208 - a count
    assert len({*held}) == 1  # SQLite may keep one file for the next that opens it


def test_a_file_tells_of_commits_and_of_another_file_in_its_place(tmp_path: Path) -> None:
    path, other = tmp_path / "desk.db", tmp_path / "other.db"
    assert why_not_told(path) is None
    for each in (path, other):
        Desk.open(str(each), actor="mo").close()
    with closing(FileChanges(path)) as changes, closing(Desk.open(str(path), actor="jo")) as jo:
        seen = [changes.state()]
        for change in (
            lambda: jo.transfer.take_in([incoming(1)]),
            path.unlink,
            lambda: other.rename(path),
        ):
            change()
            told = changes.fileno()
            assert told is not None
            assert select.select([told], [], [], _LONG_ENOUGH)[0]
            changes.take()
            assert changes.state() not in seen
            seen.append(changes.state())


def test_a_file_over_a_network_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    mounts = tmp_path / "mounts"
    shared = str(tmp_path).replace("/", "\\057", 1)
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/desks {shared} nfs4 rw 0 0\n")
    why = why_not_told(path, mounts)
    assert why == "the file lies in a file system (nfs4) that tells nothing of other machines"


def test_a_reading_that_nobody_waits_for_ends(address: str) -> None:
    stop = ReadingStop()
    refused: list[str] = []
    with closing(Database(address)) as database:

        def read() -> None:
            try:
                with database.read(stop=stop) as connection:
                    connection.exec_driver_sql(_ENDLESS).all()
            except Refusal as refusal:
                refused.append(refusal.reason)

        reading = Thread(target=read)
        reading.start()
        while reading.is_alive():
            stop.stop()
            reading.join(0.01)
        assert refused
        with pytest.raises(Refusal, match="nobody waits"), database.read(stop=stop):
            pass
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1

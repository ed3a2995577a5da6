"""Whose files are: their owner's alone, or a group's where their folder is one."""

from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from store.file_access import who_else
from store.migrations import before_upgrading
from tests.examples import incoming
from tests.tui.older_databases import made_older


@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o775, 0o600), (0o2770, 0o660)])
def test_a_database_its_journal_and_its_copies_are(tmp_path: Path, folder: int, file: int) -> None:
    tmp_path.chmod(folder)
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo")) as desk:
        desk.transfer.take_in([incoming(1)])
        desk.transfer.back_up(tmp_path / "copy.db")
        modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("desk.db", "desk.db-wal", "desk.db-shm", "copy.db"), file)
    assert who_else(tmp_path / "desk.db") is None


def test_before_it_is_brought_up_to_date_it_is_kept_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(Desk.open(str(path), actor="mo")) as desk:
        desk.transfer.take_in([incoming(number) for number in (1, 2)])
    kept: list[Path] = []
    for _ in range(before_upgrading.KEPT + 1):
        made_older(path, [])
        with closing(Desk.open(str(path), actor="mo")) as desk:
            backup = desk.transfer.upgraded().backup
            assert backup is not None
            kept.append(backup)
    assert sorted(tmp_path.glob("*.backup*")) == kept[1:]
    assert kept[-1].name.startswith("desk.db.schema-0004.")
    assert kept[-1].stat().st_mode & 0o777 == 0o600
    with closing(Desk.open(str(kept[-1]), actor="mo")) as desk:
        assert desk.transfer.problems() == []

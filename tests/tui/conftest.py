"""What the tests of the board and the command line share."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import ENGINES
from tests.tui.command_runs import CommandLine

_HAS_DATABASES = {"numberone", "tmp_path"}
"""The fixtures without which a test has no database."""

_ON_BOTH = {"cli", "ticket", "conversation"}
"""The folders whose commands and journeys run on each engine without ``--postgresql``."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run commands, and journeys that change tickets, on each engine, unless marked ``on_files``.

    So is all else that has a database with ``--postgresql``; but what a picture shows comes from
    what others test on each.
    """
    asked, marked = {*metafunc.fixturenames}, metafunc.definition.get_closest_marker("on_files")
    wanted = metafunc.config.getoption("--postgresql") or _is_on_both(metafunc.definition.path)
    if wanted and marked is None and asked & _HAS_DATABASES and "snap_compare" not in asked:
        metafunc.parametrize("engine", ENGINES, indirect=True)


def _is_on_both(file: Path) -> bool:
    """Return whether the tests in a file are commands, journeys of tickets, or whole shifts."""
    is_journey = file.parent.name == "cli" or "journeys" in file.name
    return file.stem == "test_three_shifts" or (is_journey and file.parent.name in _ON_BOTH)


@pytest.fixture(autouse=True)
def _databases(engine: str) -> None:
    """Let the paths of every test stand for databases of its engine."""


@pytest.fixture
def numberone(
    engine: str,  # noqa: ARG001 - the database is of that
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[CommandLine]:
    """Give the command line on a new database, away from the settings of whoever runs this."""
    monkeypatch.setenv("LOGNAME", "mo")  # as whom commands are typed
    for name in ("NUMBERONE_DB", "NUMBERONE_POLICY", "NUMBERONE_AS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NUMBERONE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NUMBERONE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)
    with pytest.MonkeyPatch.context() as zone:
        zone.setenv("TZ", "UTC")
        time.tzset()
        yield CommandLine(tmp_path, capsys)
    time.tzset()

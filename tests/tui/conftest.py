"""What the tests of the board and the command line share."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.command_runs import CommandLine


@pytest.fixture
def numberone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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

"""A desk that is connected to a small help desk, for every test of conversations on the board."""

from pathlib import Path

import pytest

from tests.tui.conversations import Connected, connected


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Give a connected desk, with a thread in its number one."""
    return connected(tmp_path / "desk.db", monkeypatch)

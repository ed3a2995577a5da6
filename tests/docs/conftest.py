"""What the tests of the docs share with those of the board and the command line, and the desk."""

from pathlib import Path

import pytest

from tests.docs.a_desk import fill
from tests.tui.conftest import numberone

__all__ = ["numberone"]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the desk of the examples."""
    folder = tmp_path_factory.mktemp("docs")
    fill(folder / "desk.db")
    return folder

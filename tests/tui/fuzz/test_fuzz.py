"""The fuzzer for about a minute: the same seeds each time, so that what it finds is found again.

By hand it runs for as long as one likes, with other seeds: ``python -m tests.tui.fuzz``.
"""

from pathlib import Path
from random import Random
from shutil import copy

import pytest

from tests.tui.fuzz.desk import hostile_desk
from tests.tui.fuzz.runs import Report, pilot_episode, terminal_episode

_STEPS = 120


@pytest.fixture(scope="module")
def desk_as_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return hostile_desk(folder / "desk.db", Random(1))  # noqa: S311 - no secret


@pytest.fixture
def database(desk_as_made: Path, tmp_path: Path) -> Path:
    return Path(copy(desk_as_made, tmp_path / "desk.db"))


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_whatever_is_pressed_pasted_or_clicked_ends_nothing(database: Path, seed: int) -> None:
    report = Report()
    pilot_episode(report, database, seed, _STEPS)
    assert report.keys
    assert report.findings == {}


def test_nor_does_it_in_a_real_terminal(database: Path) -> None:
    report = Report()
    terminal_episode(report, database.parent, 7, _STEPS)
    assert report.findings == {}

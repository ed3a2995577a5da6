"""Under an open board the disk is full, a file is damaged, a clock goes back: told, and endured."""

from pathlib import Path
from random import Random

import pytest

from tests.store.postgres_server import PostgresServer
from tests.tui.board.board_faults import (
    Fault,
    bytes_flipped,
    clock_set_back,
    disk_full,
    file_truncated,
    newer_version,
    on_a_server,
    on_files,
)

_CHANCE = 7


@pytest.mark.on_files("each says itself what it is done to")
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (bytes_flipped, {"damaged", "nothing"}),
        (clock_set_back, {"#1:"}),
        (disk_full, {"the disk reports an error; nothing was changed"}),
        (file_truncated, {"damaged", "nothing"}),
        (newer_version, {"made by a newer numberone"}),
    ],
)
def test_on_a_file(empty_file: Path, tmp_path: Path, fault: Fault, told: set[str]) -> None:
    assert on_files(empty_file, fault, tmp_path, Random(_CHANCE)) in told  # noqa: S311 - no secret


@pytest.mark.on_files("each says itself what it is done to")
@pytest.mark.parametrize(
    ("fault", "told"),
    [(clock_set_back, "#1:"), (newer_version, "made by a newer numberone")],
)
def test_on_a_server(postgres: PostgresServer, tmp_path: Path, fault: Fault, told: str) -> None:
    assert on_a_server(postgres, fault, tmp_path, Random(_CHANCE)) == told  # noqa: S311 - no secret


def test_where_a_server_has_no_room(postgres: PostgresServer, tmp_path: Path) -> None:
    async def fault(path: Path, chance: Random) -> str:
        return await disk_full(path, chance, postgres)

    told = on_a_server(postgres, fault, tmp_path, Random(_CHANCE))  # noqa: S311 - no secret
    assert told == "File too large; nothing was changed"

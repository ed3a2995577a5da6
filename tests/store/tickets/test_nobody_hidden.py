"""A few shifts of several people, after each step of which nobody who waits is hidden.

``python -m tests.store.shifts`` runs many.
"""

from pathlib import Path

from tests.store.postgres_server import PostgresServer
from tests.store.shifts import files, run


def test_in_a_file(tmp_path: Path) -> None:
    with files(tmp_path) as new_address:
        done = run(new_address, shifts=5, steps=25)
    assert done["owed"] > 0


def test_on_a_server(postgres: PostgresServer) -> None:
    done = run(postgres.new_schema, shifts=2, steps=15)
    assert done["owed"] > 0

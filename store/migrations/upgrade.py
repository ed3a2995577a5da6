"""Runs the migrations inside a transaction that somebody else began and will end."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from store.engines.kind import DatabaseKind
from store.progress import Told, nobody

STEPS = Path(__file__).parent
"""The folder with Alembic's ``env.py`` and the steps in ``versions``."""


def upgrade(
    connection: Connection, kind: DatabaseKind, revision: str = "head", told: Told = nobody
) -> None:
    """Bring the database behind ``connection`` to ``revision``."""
    config = Config(attributes={"connection": connection, "kind": kind, "told": told})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    command.upgrade(config, revision)

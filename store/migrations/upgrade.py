"""Runs the migrations inside a transaction that somebody else began and will end."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from store.engines import DatabaseKind


def upgrade(connection: Connection, kind: DatabaseKind, revision: str = "head") -> None:
    """Bring the database behind ``connection`` to ``revision``."""
    config = Config(attributes={"connection": connection, "kind": kind})
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    command.upgrade(config, revision)

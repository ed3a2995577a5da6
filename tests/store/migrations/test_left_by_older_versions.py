"""Databases that the program left at each earlier schema: brought up to date, read in both ways.

``left_by`` holds their rows, a line each, as that version wrote them to SQLite for the same steps:
tickets imported, a team, one taken and answered, one first by deviation, somebody out.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
)

from store import database as database_module
from store.desk import Desk
from store.migrations import upgrade
from tests.store.checking import EVERYTHING, check, check_what_is_kept
from tests.store.clock import Clock
from tests.store.looks import check_first_look
from tests.store.migrations.opening_older import opened

LEFT_BY = Path(__file__).parent / "left_by"
SCHEMAS = sorted(each.stem for each in LEFT_BY.glob("*.jsonl"))
COPIED = (SCHEMAS[0], SCHEMAS[-1])
"""Of which a backup is made on a server, too."""
TELLING = "0005"
"""From which schema on the history tells all of a ticket: this step reckoned some of it anew."""
AFTERWARDS = datetime(2026, 2, 2, 10, 11, tzinfo=UTC)


@contextmanager
def program_of(schema: str, folder: Path) -> Iterator[None]:
    """Let the program know the steps up to a schema, and none after it."""
    steps = Path(shutil.copytree(upgrade.STEPS, folder / "steps"))
    for step in (steps / "versions").glob("step_*.py"):
        if step.stem > f"step_{schema}":
            step.unlink()
    with pytest.MonkeyPatch.context() as older:
        older.setattr(upgrade, "STEPS", steps)
        older.setattr(database_module, "SCHEMA", schema)
        yield


def value_of(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - what a row has is anything
    """Return what an engine takes for a value; a line cannot say truths and bytes as they are."""
    match column.type:
        case Boolean():
            return bool(value)
        case LargeBinary():
            return bytes.fromhex(value["bytes"])
        case JSON():
            return json.loads(value)
    return value


def count_on(connection: Connection, table: Table) -> None:
    """Let a table that counts its rows count on from the last one."""
    counter = select(func.pg_get_serial_sequence(table.name, "id"))
    if "id" in table.c and (name := connection.scalar(counter)):
        connection.execute(select(func.setval(name, func.max(table.c.id))).select_from(table))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_it_is_read_quickly_as_it_is_read_whole(unmade: str, schema: str, tmp_path: Path) -> None:
    with program_of(schema, tmp_path), opened(unmade) as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in reversed(tables.sorted_tables):
            if not table.name.startswith(("alembic", "ticket_search")):
                connection.execute(delete(table))
        for line in (LEFT_BY / f"{schema}.jsonl").read_text("utf-8").splitlines():
            name, row = json.loads(line)
            table = tables.tables[name]
            values = {each: value_of(table.c[each], value) for each, value in row.items()}
            connection.execute(insert(table).values(values))
        if connection.dialect.name == "postgresql":
            for table in tables.sorted_tables:
                count_on(connection, table)
    clock = Clock()
    clock.now = AFTERWARDS
    backups = tmp_path if schema in COPIED else None
    with closing(Desk.open(unmade, actor="mo", clock=clock, backups=backups)) as desk:
        assert desk.queue.total(EVERYTHING) == 6
        (check if schema >= TELLING else check_what_is_kept)(desk, unmade)
        check_first_look(desk, unmade, clock)
        backup = desk.transfer.upgraded().backup
    if schema in COPIED:
        assert backup is not None
        assert backup.parent == tmp_path
        check_backup(backup, schema, clock)


def check_backup(backup: Path, schema: str, clock: Clock) -> None:
    """Check that a backup is the desk as it was at a schema."""
    with closing(Desk.open(str(backup), actor="mo", clock=clock)) as before:
        assert before.transfer.upgraded().before == schema
        check_what_is_kept(before, str(backup))

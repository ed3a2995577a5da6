"""From nothing, and from an older schema, to the newest: in one transaction, or not at all."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

import store.schema.tables
from policy.refusal import Refusal
from policy.words import Status
from store import database as database_module
from store.database import SCHEMA
from store.desk import Desk
from store.engines.addresses import kind_of
from store.migrations import upgrade
from tests.examples import incoming
from tests.store.checking import EVERYTHING, check
from tests.store.migrations.opening_older import opened
from tests.store.teams import team

NEXT = f"{int(SCHEMA) + 1:04}"
NEXT_STEP = '''
"""What a later version could need."""

import sqlalchemy as sa
from alembic import op

revision = "NEXT"
down_revision = "PRESENT"


def upgrade() -> None:
    """Give every ticket a colour."""
    op.create_table("colour", sa.Column("name", sa.String(), nullable=False))
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("colour", sa.String(), nullable=True))
    op.get_bind().execute(sa.text("UPDATE ticket SET colour = 'red'"))
'''.replace("NEXT", NEXT).replace("PRESENT", SCHEMA)


BESIDE = ("ticket_search", "change_id")
"""How what only one engine has begins, beside the tables that are declared."""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make this program a later version, with one more step; return the step's file."""
    steps = Path(shutil.copytree(upgrade.STEPS, tmp_path / "steps"))
    step = steps / "versions" / f"step_{NEXT}.py"
    step.write_text(NEXT_STEP)
    monkeypatch.setattr(upgrade, "STEPS", steps)
    monkeypatch.setattr(database_module, "SCHEMA", NEXT)
    return step


def test_the_schema_is_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_the_steps_make_the_tables_as_they_are_declared(unmade: str) -> None:
    assert store.schema.tables.TicketRow.__tablename__ in SQLModel.metadata.tables
    with opened(unmade) as connection:
        ours = {"include_object": lambda _, name, *__: not str(name).startswith(BESIDE)}
        context = MigrationContext.configure(connection, opts={"compare_type": True, **ours})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_an_empty_version_table_is_nothing_yet(unmade: str) -> None:
    kind = kind_of(unmade)
    with kind.engine().connect() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.commit()
    connection.engine.dispose()
    with opened(unmade) as connection:
        assert version(connection) == SCHEMA


def test_a_database_of_the_first_version_gets_a_team(
    unmade: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as older:
        first_steps = Path(shutil.copytree(upgrade.STEPS, tmp_path / "first"))
        for step in (first_steps / "versions").glob("step_*.py"):
            if step.stem != "step_0001":
                step.unlink()
        older.setattr(database_module, "SCHEMA", "0001")
        older.setattr(upgrade, "STEPS", first_steps)
        with opened(unmade) as connection:
            connection.execute(
                text(
                    "INSERT INTO customer (id, name, plain_name, tier) VALUES (1, 'A', 'a', 'free')"
                )
            )
            assert "member" not in inspect(connection).get_table_names()
    with closing(Desk.open(unmade, actor="lee")) as desk:
        desk.team.import_members(team())
        desk.transfer.take_in([incoming(1, customer="A")])
        assert len(desk.team.roster().support) == 11
        check(desk, unmade)


def test_an_older_database_is_brought_up_to_date(
    unmade: str, monkeypatch: pytest.MonkeyPatch, next_version: Path
) -> None:
    with monkeypatch.context() as older:
        older.setattr(database_module, "SCHEMA", SCHEMA)
        older.setattr(upgrade, "STEPS", Path(upgrade.__file__).parent)
        with closing(Desk.open(unmade, actor="mo")) as desk:
            desk.transfer.take_in([incoming(number) for number in range(20)])
    assert next_version.exists()
    with closing(Desk.open(unmade, actor="mo")) as desk:
        assert desk.queue.total(EVERYTHING) == 20
        desk.tickets.take(1)
        check(desk, unmade)
    with opened(unmade) as connection:
        assert version(connection) == NEXT
        colours = connection.scalars(text("SELECT DISTINCT colour FROM ticket")).all()
        assert colours == ["red"]


OF_CONVERSATIONS = (
    "message_text",
    "message",
    "draft",
    "outgoing_step",
    "connection",
    "present_writer",
    "common_value",
)


def without_conversations(connection: Connection) -> None:
    """Make of a database one from before conversations, and what is newer, were kept."""
    for table in ("staffed_work", "pick_up", "duration", "learnt"):
        connection.execute(text(f"DROP TABLE {table}"))
    for table, column in (
        ("event", "entered_by"),
        ("event", "hash"),
        ("queue_count", "owed"),
        ("notice", "expect_by"),
        ("notice", "promised"),
        ("notice_ticket", "answered_at"),
        ("notice_ticket", "ended_at"),
    ):
        connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    for table in OF_CONVERSATIONS:
        connection.execute(text(f"DROP TABLE {table}"))
    connection.execute(text("DROP INDEX order_block_tickets"))
    for index in ("merged", "tier", "priority", "severity"):
        connection.execute(text(f"DROP INDEX ticket_{index}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION tell_of_change CASCADE"))
        connection.execute(text("DROP TABLE change_id"))


def test_tickets_of_the_fifth_schema_keep_their_severity_and_whose_work_they_are(
    unmade: str,
) -> None:
    with closing(Desk.open(unmade, actor="mo")) as desk:
        tiers = ("enterprise", "internal", "internal")
        desk.transfer.take_in([incoming(number, tier=each) for number, each in enumerate(tiers)])
        desk.tickets.set_status(3, Status.CLOSED)
        before = desk.queue.page(EVERYTHING, 0, None)
    with opened(unmade) as connection:
        without_conversations(connection)
        for column in ("internal", "facts", "resolve_by", "update_by", "paused"):
            connection.execute(text(f"ALTER TABLE ticket DROP COLUMN {column}"))
        if connection.dialect.name != "sqlite":
            numbers = "TYPE INTEGER USING severity::integer"
            connection.execute(text(f"ALTER TABLE ticket ALTER COLUMN severity {numbers}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    with closing(Desk.open(unmade, actor="mo")) as desk:
        assert desk.queue.page(EVERYTHING, 0, None) == before
        assert [each.internal for each in sorted(before, key=lambda each: each.id)] == [
            False, True, True,
        ]  # fmt: skip
        check(desk, unmade)


def test_a_database_from_before_facts_has_none(unmade: str) -> None:
    with closing(Desk.open(unmade, actor="mo")) as desk:
        desk.transfer.take_in([incoming(number) for number in range(3)])
        before = desk.queue.page(EVERYTHING, 0, None)
    with opened(unmade) as connection:
        without_conversations(connection)
        for column in ("facts", "resolve_by", "update_by", "paused"):
            connection.execute(text(f"ALTER TABLE ticket DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))
    told: list[tuple[int, int]] = []
    with closing(
        Desk.open(unmade, actor="mo", progress=lambda done, total: told.append((done, total)))
    ) as desk:
        assert told[-1] == (12, 12)  # each event once, each ticket three times
        assert desk.queue.page(EVERYTHING, 0, None) == before
        assert {each.facts for each in before} == {()}
        check(desk, unmade)


def test_a_new_database_goes_through_all_steps(unmade: str, next_version: Path) -> None:
    assert next_version.exists()
    with opened(unmade) as connection:
        assert version(connection) == NEXT


def test_a_step_that_fails_leaves_the_older_database_as_it_was(
    unmade: str, monkeypatch: pytest.MonkeyPatch, next_version: Path
) -> None:
    with monkeypatch.context() as older:
        older.setattr(database_module, "SCHEMA", SCHEMA)
        older.setattr(upgrade, "STEPS", Path(upgrade.__file__).parent)
        with closing(Desk.open(unmade, actor="mo")) as desk:
            desk.transfer.take_in([incoming(number) for number in range(20)])
    next_version.write_text(f'{NEXT_STEP}    op.get_bind().execute(sa.text("SELECT no_such"))\n')
    with pytest.raises(Refusal, match="no_such"):
        Desk.open(unmade, actor="mo")
    monkeypatch.setattr(database_module, "SCHEMA", SCHEMA)
    with closing(Desk.open(unmade, actor="mo")) as desk:
        check(desk, unmade)
    with opened(unmade) as connection:
        assert version(connection) == SCHEMA
        assert "colour" not in inspect(connection).get_table_names()


def test_a_first_step_that_fails_leaves_nothing(unmade: str, next_version: Path) -> None:
    next_version.write_text(f'{NEXT_STEP}    raise RuntimeError("power cut")\n')
    with pytest.raises(RuntimeError, match="power cut"):
        Desk.open(unmade, actor="mo")
    with kind_of(unmade).engine().connect() as connection:
        assert inspect(connection).get_table_names() == []
    connection.engine.dispose()


def version(connection: Connection) -> object:
    return connection.scalar(text("SELECT version_num FROM alembic_version"))

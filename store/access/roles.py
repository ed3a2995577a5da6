"""What ``db roles`` does on a server: groups, grants, functions, triggers and views."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from store.access.functions import functions, triggers
from store.access.logins import GROUPS, READER
from store.access.views import VIEWS

_WORKING: Final = tuple(group for group in GROUPS if group != READER)
_ADDED_TO: Final = frozenset({"event", "action"})
"""The history: nobody but the owner may alter or take away of it."""

_SCHEMA: Final = text("SELECT quote_ident(current_schema())")
_OWNER: Final = text(
    "SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'ticket'"
)
_MISSING: Final = text(
    "SELECT wanted FROM unnest(CAST(:wanted AS text[])) AS wanted"
    " WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)"
)
_NAMES: Final = text(
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on a server: what it is in words, and the statements, in order."""

    does: str
    statements: tuple[str, ...]
    makes_role: bool = False


def steps_to_roles(connection: Connection) -> tuple[Step, ...]:
    """Return what makes the roles on the server, as far as they are not made already."""
    schema = str(connection.scalar(_SCHEMA))
    owner = str(connection.scalar(_OWNER))
    missing = connection.scalars(_MISSING, {"wanted": list(GROUPS)}).all()
    tables = connection.scalars(_NAMES).all()
    return tuple(_steps(schema, owner, missing, tables))


def _steps(
    schema: str, owner: str, missing: Sequence[str], tables: Sequence[str]
) -> Iterator[Step]:
    for group in missing:
        yield Step(f"the group {group} is made", (f"CREATE ROLE {group} NOLOGIN",), makes_role=True)
    yield Step(
        "who works may read, and write what is theirs to write", tuple(_grants(schema, tables))
    )
    made = tuple(
        f"CREATE OR REPLACE FUNCTION {schema}.{signature} RETURNS {returns}"
        f" SET search_path = {schema}, pg_temp {body}"
        for signature, returns, body in functions(owner)
    )
    yield Step("what they write is looked at by the server", (*made, *_triggers(schema)))
    yield Step("the readers see the views alone", tuple(_views(schema)))


def _grants(schema: str, tables: Sequence[str]) -> Iterator[str]:
    groups = ", ".join(_WORKING)
    yield f"GRANT USAGE ON SCHEMA {schema} TO {', '.join(GROUPS)}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {', '.join(GROUPS)}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {groups}"
    for name in tables:
        may = "SELECT"
        if name in _ADDED_TO:
            may = "SELECT, INSERT"
        elif name != "alembic_version":
            may = "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {may} ON {schema}.{name} TO {groups}"
    yield f"GRANT UPDATE (undone) ON {schema}.action TO {groups}"


def _triggers(schema: str) -> Iterator[str]:
    for table, when, function in triggers():
        name = function.removesuffix("()")
        fires = when.replace(f" ON {table} ", f" ON {schema}.{table} ")
        yield f"CREATE OR REPLACE TRIGGER {name} {fires} EXECUTE FUNCTION {schema}.{function}"


def _views(schema: str) -> Iterator[str]:
    for name, query in VIEWS.items():
        yield f"DROP VIEW IF EXISTS {schema}.{name}"
        yield f"CREATE VIEW {schema}.{name} AS {query}"
        yield f"GRANT SELECT ON {schema}.{name} TO {', '.join(GROUPS)}"

"""Makes the statements of the first look ready for each engine, as modules to be imported.

``python -m docs.generate`` writes them; a test sees that they are as they would be made now.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from store.database import SCHEMA
from store.quick.statements import STATEMENTS
from store.schema.column_types import Instant, SeverityWord, TierWord

DIALECTS: Final[Mapping[str, Dialect]] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": psycopg.dialect(),  # type: ignore[no-untyped-call] # as SQLAlchemy has it
}
FOLDER: Final = Path(__file__).parent
_STORED: Final[Mapping[type[Any], str]] = {
    Instant: "instant",
    JSON: "json",
    Boolean: "boolean",
    TierWord: "tier",
    SeverityWord: "severity",
}
"""How a column is stored by its type; all others give what they hold."""

_WIDE: Final = 80


def module_of(engine: str) -> Path:
    """Return the file of an engine's statements."""
    return FOLDER / f"compiled_{engine}.py"


def text_of(engine: str) -> str:
    """Return the module that holds all statements as an engine takes them."""
    lines = [
        f'"""The statements of ``store.quick.statements`` for {engine}, made of them.',
        "",
        "``python -m docs.generate`` makes them anew; nobody writes here.",
        '"""',
        "",
        "from store.quick.driver import Compiled",
        "",
        f'SCHEMA = "{SCHEMA}"',
        '"""The schema that they ask."""',
        "",
        "STATEMENTS = {",
    ]
    for name, statement in sorted(STATEMENTS.items()):
        lines += [f"    {name!r}: Compiled(", *_compiled(statement, DIALECTS[engine]), "    ),"]
    return "\n".join([*lines, "}", '"""The statements by their names."""', ""])


def _compiled(statement: Select[Any], dialect: Dialect) -> Iterator[str]:
    """Yield the lines that say a statement, its own values and lists, and its columns."""
    plain = statement.compile(dialect=dialect)
    if not isinstance(plain, SQLCompiler):
        raise AssertionError(plain)
    asked = {name: each.expanding for name, each in plain.binds.items() if each.required}
    lists = [name for name, several in asked.items() if several]
    samples = {name: [1] if several else 1 for name, several in asked.items()}
    found = plain.construct_expanded_state(samples)
    listed = {f"{name}_1" for name in lists}
    values = {
        name: str(each) if isinstance(each, str) else each  # no word of an enumeration
        for name, each in found.parameters.items()
        if name not in asked.keys() | listed
    }
    for piece in wrap(found.statement, _WIDE, break_long_words=False, drop_whitespace=False):
        yield f"        {piece!r}"
    yield f"        , {values!r},"
    yield f"        { {name: _one(plain, found.statement, f'{name}_1') for name in lists}!r},"
    yield f"        {tuple(_columns(statement))!r},"


def _one(compiler: SQLCompiler, statement: str, name: str) -> str:
    """Return how one value of a list stands in a statement, with the type that it is given."""
    token = compiler.bindtemplate % {"name": name}
    begin = statement.index(token)
    return statement[begin : statement.index(")", begin + len(token))].strip()


def _columns(statement: Select[Any]) -> Iterator[tuple[str, str]]:
    for column in statement.selected_columns:
        kinds = (stored for kind, stored in _STORED.items() if isinstance(column.type, kind))
        yield str(column.key or "value"), next(kinds, "")

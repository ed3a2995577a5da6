"""Reads with a database's own driver what was made ready of the schema's statements."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from policy.words import Mode
from store.access.logins import WHO_IS_IT, ServerLogin, server_login
from store.engines.damage import read_json
from store.schema.stored_values import (
    moment_of,
    number_of,
    severity_as_it_is,
    severity_in_text,
    tier_of,
)

SCHEMA_NOW: Final = "SELECT version_num FROM alembic_version"
"""Asks for the schema that a database is at."""

Convert = Callable[[Any], Any]


class Compiled(NamedTuple):
    """A statement as one engine takes it.

    ``values`` are those that it always has; ``lists`` says of what takes a list how one of its
    values stands in the ``text``; ``columns`` are the names of a row's columns, each with how it
    is stored where that is not as it is.
    """

    text: str
    values: Mapping[str, Any]
    lists: Mapping[str, str]
    columns: Sequence[tuple[str, str]]


def named_in(name: str, mode: Mode) -> str:
    """Return the name of a statement in one mode."""
    return f"{name} in {mode}"


class Driver(Protocol):
    """What is used of a connection of sqlite3 or psycopg."""

    def execute(self, text: Any, values: Any = ..., /) -> Any:
        """Run a statement, and return what gives its rows."""
        ...


_IN_SQLITE: Final[Mapping[str, Convert]] = {
    "instant": moment_of,
    "json": lambda stored: None if stored is None else read_json(stored),
    "boolean": lambda stored: None if stored is None else bool(stored),
    "tier": tier_of,
    "severity": severity_as_it_is,
}
_IN_POSTGRESQL: Final[Mapping[str, Convert]] = {
    "instant": moment_of,
    "tier": tier_of,
    "severity": severity_in_text,
}
CONVERSIONS: Final[Mapping[str, Mapping[str, Convert]]] = {
    "sqlite": _IN_SQLITE,
    "postgresql": _IN_POSTGRESQL,
}
"""How each engine's driver gives what is stored otherwise; it gives all else as it is."""


class DriverConnection:
    """A read transaction of a bare driver, with the statements made ready for its engine."""

    def __init__(self, driver: Driver, engine: str, compiled: Mapping[str, Compiled]) -> None:
        self._driver = driver
        self._is_server = engine == "postgresql"
        self._compiled = compiled
        self._conversions = CONVERSIONS[engine]
        self._kinds = dict[str, _RowKind]()

    def login(self) -> ServerLogin | None:
        """Return the login that a server knows this connection by, None where there is none."""
        return server_login(self._driver.execute(WHO_IS_IT).fetchone()) if self._is_server else None

    def rows(self, name: str, values: Mapping[str, Any]) -> Iterable[Any]:
        """Return the rows of a statement by its name, as SQLAlchemy would give them."""
        statement = self._compiled[name]
        text, bound = statement.text, dict(statement.values)
        for key, value in values.items():
            one = statement.lists.get(key)
            if one is None:
                bound[key] = number_of(value) if isinstance(value, datetime) else value
                continue
            # A list of nothing is of one that equals nothing.
            listed = {f"{key}_{place}": each for place, each in enumerate(value or (None,), 1)}
            bound |= listed
            first = next(iter(listed))
            text = text.replace(one, ", ".join(one.replace(first, each) for each in listed))
        found = self._driver.execute(text, bound)
        return self._kind(name, statement.columns).of_each(found)

    def _kind(self, name: str, columns: Sequence[tuple[str, str]]) -> "_RowKind":
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = _RowKind(columns, self._conversions)
        return kind


class _RowKind:
    """Makes the rows of one statement: tuples whose values have names, too."""

    def __init__(
        self, columns: Sequence[tuple[str, str]], conversions: Mapping[str, Convert]
    ) -> None:
        named = {name: property(itemgetter(place)) for place, (name, _) in enumerate(columns)}
        self._row = type("Row", (tuple,), {"__slots__": (), **named})
        self._converted = [
            (place, conversions[stored])
            for place, (_, stored) in enumerate(columns)
            if stored in conversions
        ]

    def of_each(self, found: Iterable[Sequence[Any]]) -> Iterator[Any]:
        for each in found:
            values = list(each)
            for place, convert in self._converted:
                values[place] = convert(values[place])
            yield self._row(values)

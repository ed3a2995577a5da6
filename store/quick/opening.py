"""A read transaction with nothing but the driver: of a database as it is expected, else none."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

from store.engines.file_place import ways_to_open, why_look_only
from store.engines.server_settings import with_settings
from store.quick.driver import SCHEMA_NOW, DriverConnection

PATIENCE_SECONDS: Final = 0.25
"""How long a file is waited for that somebody has locked; the full reading waits longer."""


class NotQuickly(Exception):  # noqa: N818 - what it says is no error: the full reading will do
    """This database cannot be read quickly, whatever the reason: the full reading says it."""


@contextmanager
def quick_transaction(address: str) -> Iterator[DriverConnection]:
    """Give a transaction that reads at one instant and can write nothing.

    Raises:
        NotQuickly: nothing lies there, it is not at our schema, or does not answer.
    """
    if "://" not in address:
        with _file(address) as reads:
            yield reads
    else:
        with _server(address) as reads:
            yield reads


def look_only(address: str) -> str | None:
    """Return why what lies there can only be looked at; None where it can be changed."""
    return None if "://" in address else why_look_only(_path(address))


def _path(address: str) -> Path:
    return Path(address).expanduser().absolute()


@contextmanager
def _file(address: str) -> Iterator[DriverConnection]:
    from store.quick.compiled_sqlite import SCHEMA, STATEMENTS  # noqa: PLC0415 - of this engine

    try:
        path = _path(address)
        if not path.is_file() or not path.stat().st_size:
            raise NotQuickly
        ways = "&".join(
            f"{name}={way}" for name, way in ({"mode": "rw"} | ways_to_open(path)).items()
        )
        opened = sqlite3.connect(
            f"file:{quote(str(path))}?{ways}",
            uri=True,
            isolation_level=None,
            timeout=PATIENCE_SECONDS,
        )
        with closing(opened) as driver:
            driver.execute("PRAGMA query_only = ON").close()
            driver.execute("BEGIN").close()
            _check(driver, SCHEMA)
            yield DriverConnection(driver, "sqlite", STATEMENTS)
    except (sqlite3.Error, OSError, RuntimeError, UnicodeError) as error:
        raise NotQuickly from error


@contextmanager
def _server(address: str) -> Iterator[DriverConnection]:
    options = options_of(address)
    if options is None:
        raise NotQuickly
    try:
        import psycopg  # noqa: PLC0415 - of this engine, and only there if it is installed
    except ImportError as error:
        raise NotQuickly from error
    from store.quick.compiled_postgresql import SCHEMA, STATEMENTS  # noqa: PLC0415 - of this engine

    try:
        with closing(psycopg.connect(**with_settings(options))) as driver:
            driver.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            driver.read_only = True
            _check(driver, SCHEMA)
            yield DriverConnection(driver, "postgresql", STATEMENTS)
    except (psycopg.Error, OSError) as error:
        raise NotQuickly from error


def _check(driver: Any, schema: str) -> None:
    """Raise NotQuickly when a database is not at the schema that the statements ask."""
    found = driver.execute(SCHEMA_NOW).fetchone()
    if found is None or found[0] != schema:
        raise NotQuickly


_SERVER: Final = re.compile(
    r"postgresql(?:\+psycopg)?://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>[^/:?@,\[\]]+)?(?::(?P<port>[0-9]+))?"
    r"/(?P<dbname>[^?/]+)"
    r"(?:\?(?P<options>[^?]*))?"
)


def options_of(address: str) -> dict[str, Any] | None:
    """Return what psycopg is to be told of a server's address, as SQLAlchemy would tell it.

    None where an address says more than the usual: several servers, for example.
    """
    parts = _SERVER.fullmatch(address)
    if parts is None:
        return None
    found: dict[str, Any] = {"host": parts["host"]} if parts["host"] else {}
    found |= {name: unquote(parts[name]) for name in _UNQUOTED if parts[name]}
    if parts["port"]:
        found["port"] = int(parts["port"])
    for name, value in parse_qsl(parts["options"] or ""):
        several_hosts = name == "host" and not _SEVERAL.isdisjoint(value)
        if name in found or name == "port" or several_hosts:
            return None
        found[name] = value
    return found


_UNQUOTED: Final = ("user", "password", "dbname")
_SEVERAL: Final = frozenset(",:")
"""What stands between hosts, and before a port."""

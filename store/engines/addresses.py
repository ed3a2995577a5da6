"""Which kind of database an address names."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from policy.refusal import Refusal, expected
from store.engines.file_connection import BUSY_SECONDS
from store.engines.kind import DatabaseKind
from store.engines.postgresql import PostgreSQL
from store.engines.sqlite import SQLite


def kind_of(address: str) -> DatabaseKind:
    """Return the kind of database that a path or an SQLAlchemy URL names.

    Raises:
        Refusal: it is neither, or names an engine that is not known here.
    """
    if address == IN_MEMORY:
        raise Refusal(_SEEN_BY_ONE_THREAD)
    if "://" not in address:
        return SQLite(address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # may hold a password, so it is not repeated
        raise Refusal(
            f"--db: no such address; expected a path or a URL such as {_EXAMPLE}"
        ) from None
    match url.get_backend_name():
        case "sqlite" if url.host:
            raise Refusal(f"--db: {address!r}; expected three slashes before the path of a file")
        case "sqlite" if url.database and url.database != IN_MEMORY:
            return SQLite(url.database, busy_seconds=_busy_seconds(url.query.get("timeout")))
        case "sqlite":
            raise Refusal(_SEEN_BY_ONE_THREAD)
        case "postgresql":
            return PostgreSQL(url)
        case other:
            raise Refusal(f"--db: {other!r}; expected an SQLite file or a {_EXAMPLE} address")


def _busy_seconds(said: object) -> float:
    """Return how long a writer waits for another, as an address says after its question mark.

    Raises:
        Refusal: it says something else.
    """
    if said is None:
        return BUSY_SECONDS
    try:
        return max(0.0, float(str(said)))
    except ValueError:
        raise Refusal(f"--db: timeout: {expected('seconds', said)}") from None


IN_MEMORY = ":memory:"
_SEEN_BY_ONE_THREAD = "--db: a database in memory is seen by one thread only; name a file"
_EXAMPLE = "postgresql://host/name"

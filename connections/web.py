"""A client for the web that checks certificates, waits only so long and tells no secrets.

httpx2 is imported only when a client is made: it takes longer to come than the board to start.
"""

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from connections.connection_errors import how_it_ended
from connections.web_addresses import is_loopback

if TYPE_CHECKING:
    import httpx2

_LOGGERS = ("httpx2", "httpcore")


class WebOptions(TypedDict):
    """What a client of httpx2 is made with, whichever it is."""

    timeout: float
    verify: ssl.SSLContext
    limits: "httpx2.Limits"
    trust_env: bool
    headers: dict[str, str]


def web_client(host: str, timeout: float, ca_file: Path | None = None) -> "httpx2.Client":
    """Return a client for ``host``; each step may take ``timeout`` seconds.

    The system's certificates are trusted, or those of ``ca_file`` instead. The system's proxy is
    used, but not on the way to this machine itself. No redirect is followed, and no connection is
    used twice.
    """
    import httpx2  # noqa: PLC0415 - see above

    return httpx2.Client(**web_options(host, timeout, ca_file))


def web_options(host: str, timeout: float, ca_file: Path | None = None) -> WebOptions:
    """Return what makes any client of httpx2 one like ``web_client``."""
    import httpx2  # noqa: PLC0415 - see above

    for name in _LOGGERS:  # they would log whole addresses, and those are secrets
        logging.getLogger(name).setLevel(logging.WARNING)
    return WebOptions(
        timeout=timeout,
        verify=ssl.create_default_context(cafile=ca_file),
        limits=httpx2.Limits(max_keepalive_connections=0),
        trust_env=not is_loopback(host),
        headers={"User-Agent": "numberone"},
    )


def words_for(error: Exception) -> str:
    """Return in words what a client's error comes from."""
    import httpx2  # noqa: PLC0415 - see above

    if isinstance(error, httpx2.TimeoutException):
        return how_it_ended(TimeoutError())
    causes = (each for each in _causes(error) if isinstance(each, OSError))
    return how_it_ended(next(causes, None))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, the first of all first."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    yield from reversed(chain)

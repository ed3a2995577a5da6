"""What every help desk that is spoken to over HTTP is told: where it is, and how long to wait."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import SplitResult

from pydantic import BeforeValidator

from connections.web_addresses import is_loopback, web_address
from policy.refusal import Refusal, expected, one_of
from policy.words import Status

_SCHEMES: Final = ("https", "http")
_LONGEST_WAIT: Final = 3600


def secure_address(value: object) -> SplitResult:
    """Return the parts of an address, which must be asked over TLS wherever a network is.

    Raises:
        ValueError: it is none, is open to whoever listens, or has a login or more in it.
    """
    try:
        parts = web_address(value if isinstance(value, str) else "", _SCHEMES)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("expected an address that starts with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("expected an address without a login and without ? or # in it")
    return parts


def table_of_statuses(value: object) -> Mapping[str, Any]:
    """Return a table of what our statuses are over there, each of them one of ours.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, dict):
        raise ValueError(expected("a table of our statuses and theirs", value))
    known = [str(each) for each in Status]
    for ours in value:
        if ours not in known:
            raise ValueError(expected(one_of(known), ours))
    return value


def _whole(least: int, most: int, what: str) -> BeforeValidator:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(expected(f"{what}, from {least} to {most:,}", value))
        return value

    return BeforeValidator(check)


ClosedDays = Annotated[int, _whole(0, 100_000, "a number of days")]
"""How many days ago a ticket may have been closed that comes with the first reading."""

GivesUpAfter = Annotated[int, _whole(1, _LONGEST_WAIT, "a number of seconds")]
"""For how many seconds a server may work on a request after we have stopped waiting."""

"""What every connection to a server is told: how long it waits, and who it is.

Each value can stand in the address instead, under its own name: ``?lock_timeout=5s``. What stands
there counts. libpq knows the first ones itself; the server is told the others as ``options``.
"""

import os
from collections.abc import Mapping
from typing import Any, Final

_OF_THE_CLIENT: Final = {
    "connect_timeout": "5",  # seconds, for each of its hosts
    "keepalives": "1",
    "keepalives_idle": "5",  # seconds of silence until the other end is asked whether it is there
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds that what was sent may stay unconfirmed
}
"""What libpq is told: a network that is dead is known to be so after some ten seconds."""

_OF_THE_SERVER: Final = {
    "statement_timeout": "40s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "15s",
}
"""What the server is told: a client that stands still in its change stops nobody for longer."""

LONG_IDLE: Final = "10min"
"""For how long a long work may reckon, or write elsewhere, between two statements."""

_LONGER_THAN_THE_SERVER: Final = 5.0
_NAME_AT_MOST: Final = 63
"""How many bytes of an application's name a server keeps."""

_UNITS: Final = {"": 1e-3, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}
"""How many seconds each unit has that a server takes; without one it means milliseconds."""


def with_settings(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a driver is to be told, of what an address says after its question mark."""
    ours = {**_OF_THE_CLIENT, "application_name": application_name()}
    told = {name: value for name, value in said.items() if name not in _OF_THE_SERVER}
    server = " ".join(f"-c {name}={_escaped(value)}" for name, value in _server_side(said).items())
    options = f"{server} {said.get('options', '')}".strip()  # of one said twice, the last counts
    return {**ours, **told, "options": options}


def answer_within(said: Mapping[str, Any]) -> float:
    """Return after how many seconds without any answer to a statement nobody waits any longer.

    It is a little more than the server's own limit, which says more; without that, no end.
    """
    limit = _seconds(str(_server_side(said)["statement_timeout"]))
    return limit + _LONGER_THAN_THE_SERVER if limit else float("inf")


def in_words(said: Mapping[str, Any]) -> str:
    """Return the settings in force as people read them: names and values, no secret."""
    client = {name: said.get(name, value) for name, value in _OF_THE_CLIENT.items()}
    return ", ".join(f"{name} {value}" for name, value in (client | _server_side(said)).items())


def application_name() -> str:
    """Return who this is to whoever looks at the server's list: person, machine and process."""
    from getpass import getuser  # noqa: PLC0415 - of no use to a file
    from platform import node  # noqa: PLC0415 - the same

    try:
        who = getuser()
    except (OSError, KeyError):  # no such person in the system
        who = "somebody"
    name = f"numberone {who}@{node()} {os.getpid()}"
    return name.encode("ascii", "replace")[:_NAME_AT_MOST].decode("ascii")


def _server_side(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said.get(name, value) for name, value in _OF_THE_SERVER.items()}


def _escaped(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace(" ", "\\ ")


def _seconds(value: str) -> float:
    """Return a time as a server takes it, in seconds; none where it is no time."""
    number = value.strip().rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = value.strip().removeprefix(number).strip()
    try:
        return float(number) * _UNITS.get(unit, 0.0)
    except ValueError:  # the server itself refuses it
        return 0.0

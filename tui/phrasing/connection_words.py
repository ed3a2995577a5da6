"""How old what the connections told is, in the few words of the header."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.conversation.connections import ConnectionAge
from policy.phrases import span
from tui.phrasing import times
from tui.phrasing.text import plain_line

OLD: Final = timedelta(minutes=1)
"""From then on it is said loudly: a change there is here within seconds, as a rule."""

_MINUTE: Final = timedelta(minutes=1)
_STEP: Final = 5
"""Seconds between two words for an age, so that they do not flicker."""


def connection_words(
    ages: Sequence[ConnectionAge], now: datetime, zone: tzinfo | None, *, why: str = ""
) -> tuple[str, str]:
    """Return what the header says of the connections at ``now`` (UTC), and its style.

    The one that fares worst is told: "a connection that fails says since when and why". ``why`` is
    what the loop beside this board says is wrong. It is nothing at all without a connection.
    """
    failing = next((each for each in ages if each.failing_since is not None), None)
    if failing is not None and failing.failing_since is not None:
        since = times.at(failing.failing_since, now, zone)
        said = f"! {failing.name} since {since}: {failing.error}{_waiting(failing)}"
        return plain_line(said), "late"
    unread = next((each for each in ages if each.read_until is None), None)
    if unread is not None:
        said = f"! {why}" if why else f"{unread.name} is read for the first time"
        return plain_line(said), "late" if why else "dim"
    read = [(each.read_until, each) for each in ages if each.read_until is not None]
    if not read:
        return "", ""
    read_until, oldest = min(read, key=lambda pair: pair[0])
    age = max(timedelta(0), now - read_until)
    if age < OLD:
        return plain_line(f"{oldest.name} {_seconds(age)}"), "dim"
    said = f"{oldest.name} {span(age // _MINUTE * _MINUTE)} ago{_waiting(oldest)}"
    if why:
        said = f"{said}; {why}"
    return plain_line(said), "late"


def _seconds(age: timedelta) -> str:
    seconds = int(age.total_seconds()) // _STEP * _STEP
    return f"{seconds} s ago" if seconds else "just now"


def _waiting(age: ConnectionAge) -> str:
    return f", {age.waiting_out:,} waiting to go out" if age.waiting_out else ""

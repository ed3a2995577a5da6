"""What belongs to the whole desk: policy, mode set by hand, how far some numbers are, alerts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.capacity.mode import ModeSetting
from policy.rulebook.rulebook import Rulebook, handbook, rulebook_from_json
from policy.words import Mode
from store.engines.statements import put_into
from store.schema.tables import SettingRow

_POLICY = "policy"
_MODE = "mode"
_ROSTER = "roster"
_LAST_TIME_ENTRY = "last_time_entry"
_ALERTS = "alerts "
_ALL_VALUES = select(col(SettingRow.value))
_EACH = select(col(SettingRow.name), col(SettingRow.value))
_OF_ALERTS = col(SettingRow.name).startswith(_ALERTS, autoescape=True)
_ALL = _EACH.where(~_OF_ALERTS)


@dataclass(frozen=True, slots=True)
class Settings:
    """The policy that the keys were written under, the mode set by hand, the roster's version."""

    rulebook: Rulebook
    mode: ModeSetting | None
    roster_version: int


def settings_of(connection: Connection) -> Settings:
    """Return what is in force in this database; ``mode`` None when it is automatic."""
    stored = {row.name: row.value for row in connection.execute(_ALL)}
    policy = stored.get(_POLICY)
    return Settings(
        rulebook=handbook() if policy is None else _parsed(policy["rulebook"]),
        mode=mode_of(stored.get(_MODE)),
        roster_version=stored.get(_ROSTER, {}).get("version", 0),
    )


def stored_policy(connection: Connection) -> Mapping[str, Any] | None:
    """Return the policy that was adopted, as it was kept; None while it is the handbook."""
    kept = connection.scalar(_ALL_VALUES.where(col(SettingRow.name) == _POLICY))
    return None if kept is None else json.loads(kept["rulebook"])


def put_policy(connection: Connection, rulebook: Rulebook) -> None:
    """Make ``rulebook`` the policy of this database."""
    _put(connection, _POLICY, {"rulebook": rulebook.model_dump_json()})


def put_mode(connection: Connection, setting: ModeSetting | None) -> None:
    """Keep the mode set by hand; None makes it automatic again."""
    _put(connection, _MODE, mode_facts(setting) or {"mode": None})


def mode_facts(setting: ModeSetting | None) -> dict[str, Any] | None:
    """Return the mode set by hand as plain JSON values; times are ISO 8601 in UTC."""
    if setting is None:
        return None
    return {
        "mode": setting.mode,
        "by": setting.by,
        "reason": setting.reason,
        "since": setting.since.isoformat(),
        "until": None if setting.until is None else setting.until.isoformat(),
    }


def count_roster_change(connection: Connection) -> None:
    """Say that the roster is another one now, so that nobody goes on with the one they know."""
    put_roster_version(connection, settings_of(connection).roster_version + 1)


def put_roster_version(connection: Connection, version: int) -> None:
    """Keep the roster's version, by which everybody sees whether the one they know is the same."""
    _put(connection, _ROSTER, {"version": version})


def next_time_entry(connection: Connection, free: int) -> int:
    """Return ``free``, or the first number after all that time entries ever had, and keep it.

    What was removed keeps its number, under which ``undo`` brings it back.
    """
    stored = connection.scalar(_ALL_VALUES.where(col(SettingRow.name) == _LAST_TIME_ENTRY))
    number = max(free, int((stored or {}).get("number", 0)) + 1)
    _put(connection, _LAST_TIME_ENTRY, {"number": number})
    return number


def alert_memory(connection: Connection, receiver: str) -> Mapping[str, Any]:
    """Return what is remembered of telling somebody, as it was kept; nothing the first time."""
    kept = connection.scalar(_ALL_VALUES.where(col(SettingRow.name) == f"{_ALERTS}{receiver}"))
    return kept or {}


def alert_memories(connection: Connection) -> dict[str, Mapping[str, Any]]:
    """Return what is remembered of telling each, by their names."""
    found = connection.execute(_EACH.where(_OF_ALERTS)).all()
    return {row.name.removeprefix(_ALERTS): row.value for row in found}


def put_alert_memory(connection: Connection, receiver: str, memory: dict[str, Any]) -> None:
    """Remember how telling somebody stands."""
    _put(connection, f"{_ALERTS}{receiver}", memory)


@lru_cache(maxsize=8)
def _parsed(rulebook: str) -> Rulebook:
    """Return the rulebook kept as JSON; parsed once, as every transaction asks for it."""
    return rulebook_from_json(rulebook)


def mode_of(stored: Mapping[str, Any] | None) -> ModeSetting | None:
    """Return the mode set by hand that ``mode_facts`` says."""
    if stored is None or stored["mode"] is None:
        return None
    until = stored["until"]
    return ModeSetting(
        mode=Mode(stored["mode"]),
        by=stored["by"],
        reason=stored["reason"],
        since=datetime.fromisoformat(stored["since"]),
        until=None if until is None else datetime.fromisoformat(until),
    )


def _put(connection: Connection, name: str, value: dict[str, Any]) -> None:
    put = put_into(connection, SettingRow, "name", "value")
    connection.execute(put, {"name": name, "value": value})

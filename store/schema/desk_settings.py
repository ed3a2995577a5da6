"""Keeps what belongs to the whole desk: policy, mode, how far some numbers are, alerts."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.capacity.mode import ModeSetting
from policy.rulebook.rulebook import Rulebook, rulebook_json
from store.engines.statements import put_into
from store.schema.kept_names import ALERTS, IN_FORCE, MODE, POLICY, ROSTER
from store.schema.settings_in_force import settings_of
from store.schema.tables import SettingRow

_LAST_TIME_ENTRY = "last_time_entry"
_ALL_VALUES = select(col(SettingRow.value))
_EACH = select(col(SettingRow.name), col(SettingRow.value))
_OF_ALERTS = col(SettingRow.name).startswith(ALERTS, autoescape=True)


def stored_policy(connection: Connection) -> Mapping[str, Any] | None:
    """Return the policy that was adopted, as it was kept; None while it is the handbook."""
    kept = connection.scalar(_ALL_VALUES.where(col(SettingRow.name) == POLICY))
    return None if kept is None else json.loads(kept["rulebook"])


def put_policy(connection: Connection, rulebook: Rulebook) -> None:
    """Make ``rulebook`` the policy of this database."""
    _put(connection, POLICY, {"rulebook": rulebook_json(rulebook)})


def put_mode(connection: Connection, setting: ModeSetting | None) -> None:
    """Keep the mode set by hand; None makes it automatic again."""
    _put(connection, MODE, mode_facts(setting) or {"mode": None})


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
    _put(connection, ROSTER, {"version": version})


def put_in_force(connection: Connection, said: dict[str, Any]) -> None:
    """Keep what the views of a server need and cannot reckon."""
    _put(connection, IN_FORCE, said)


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
    kept = connection.scalar(_ALL_VALUES.where(col(SettingRow.name) == f"{ALERTS}{receiver}"))
    return kept or {}


def alert_memories(connection: Connection) -> dict[str, Mapping[str, Any]]:
    """Return what is remembered of telling each, by their names."""
    found = connection.execute(_EACH.where(_OF_ALERTS)).all()
    return {row.name.removeprefix(ALERTS): row.value for row in found}


def put_alert_memory(connection: Connection, receiver: str, memory: dict[str, Any]) -> None:
    """Remember how telling somebody stands."""
    _put(connection, f"{ALERTS}{receiver}", memory)


def _put(connection: Connection, name: str, value: dict[str, Any]) -> None:
    put = put_into(connection, SettingRow, "name", "value")
    connection.execute(put, {"name": name, "value": value})

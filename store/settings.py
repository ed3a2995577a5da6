"""What belongs to the whole desk: the policy in force and the mode set by hand."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.mode import ModeSetting
from policy.rulebook import Rulebook, handbook, rulebook_from_json
from policy.words import Mode
from store.tables import SettingRow
from store.upsert import insert_into

_POLICY = "policy"
_MODE = "mode"


def policy_of(connection: Connection) -> Rulebook:
    """Return the policy that the keys in this database were written under."""
    stored = _value(connection, _POLICY)
    return handbook() if stored is None else _parsed(stored["rulebook"])


def put_policy(connection: Connection, rulebook: Rulebook) -> None:
    """Make ``rulebook`` the policy of this database."""
    _put(connection, _POLICY, {"rulebook": rulebook.model_dump_json()})


def mode_of(connection: Connection) -> ModeSetting | None:
    """Return the mode that was set by hand, None when it is automatic; times are UTC."""
    stored = _value(connection, _MODE)
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


def put_mode(connection: Connection, setting: ModeSetting | None) -> None:
    """Keep the mode set by hand; None makes it automatic again."""
    if setting is None:
        _put(connection, _MODE, {"mode": None})
        return
    value = {
        "mode": setting.mode,
        "by": setting.by,
        "reason": setting.reason,
        "since": setting.since.isoformat(),
        "until": None if setting.until is None else setting.until.isoformat(),
    }
    _put(connection, _MODE, value)


@lru_cache(maxsize=8)
def _parsed(rulebook: str) -> Rulebook:
    """Return the rulebook kept as JSON; parsed once, as every transaction asks for it."""
    return rulebook_from_json(rulebook)


def _value(connection: Connection, name: str) -> Any:
    return connection.scalar(select(col(SettingRow.value)).where(col(SettingRow.name) == name))


def _put(connection: Connection, name: str, value: dict[str, Any]) -> None:
    put = insert_into(connection, SettingRow).values(name=name, value=value)
    connection.execute(
        put.on_conflict_do_update(index_elements=["name"], set_={"value": put.excluded.value})
    )

"""What is in force for the whole desk: the policy, the mode set by hand, the roster's version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from policy.capacity.mode import ModeSetting
from policy.rulebook.rulebook import Rulebook, handbook, rulebook_from_json
from policy.words import Mode
from store.quick.reads import Read, Reads
from store.schema.kept_names import IN_FORCE, MODE, POLICY, ROSTER

_ALL = Read("settings")


@dataclass(frozen=True, slots=True)
class Settings:
    """The policy that the keys were written under, the mode set by hand, the roster's version.

    ``in_force`` is what is kept for the views of a server, None where none are made.
    """

    rulebook: Rulebook
    mode: ModeSetting | None
    roster_version: int
    in_force: Mapping[str, Any] | None


def settings_of(reads: Reads) -> Settings:
    """Return what is in force in this database; ``mode`` None when it is automatic."""
    stored = {row.name: row.value for row in _ALL.rows(reads)}
    policy = stored.get(POLICY)
    return Settings(
        rulebook=handbook() if policy is None else _parsed(policy["rulebook"]),
        mode=mode_of(stored.get(MODE)),
        roster_version=stored.get(ROSTER, {}).get("version", 0),
        in_force=stored.get(IN_FORCE),
    )


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


@lru_cache(maxsize=8)
def _parsed(rulebook: str) -> Rulebook:
    """Return the rulebook kept as JSON; parsed once, as every transaction asks for it."""
    return rulebook_from_json(rulebook)

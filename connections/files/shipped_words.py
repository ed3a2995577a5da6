"""The mappings that come with the program, put into the words of a team's own policy."""

from collections.abc import Mapping
from typing import Any

from policy.vocabulary import Vocabulary
from policy.words import Severity

Tables = Mapping[str, Any]
"""A mapping as its TOML file says it."""

_REST = "*"


def in_words_of_the_policy(mapping: Tables, words: Vocabulary) -> dict[str, Any]:
    """Return a shipped mapping with a policy's own tiers and severities.

    It was written for the handbook's. A tier that the policy does not know is left out, and each
    that it knows stands for itself. A severity is the one at the same place from the worst on, the
    last where there are fewer. Of what the desk has none, nothing is said.
    """
    told = {
        name: dict(table) if isinstance(table, dict) else table for name, table in mapping.items()
    }
    _without_what_there_is_none_of(told, "tier", none=not words.tiers)
    _without_what_there_is_none_of(told, "severity", none=not words.severities)
    values = told.get("values", {})
    if "tier" in values:
        values["tier"] = _tiers(values["tier"], words)
    if "severity" in values:
        values["severity"] = {
            theirs: _at_the_same_place(ours, words) for theirs, ours in values["severity"].items()
        }
    constants = told.get("constants", {})
    if "severity" in constants:
        constants["severity"] = _at_the_same_place(constants["severity"], words)
    if "tier" in constants and constants["tier"] not in words.tiers:
        constants["tier"] = words.tiers[-1]
    return told


def _tiers(table: Mapping[str, str], words: Vocabulary) -> dict[str, str]:
    known = {theirs: ours for theirs, ours in table.items() if ours in words.tiers}
    if _REST in table:
        known.setdefault(_REST, words.tiers[-1])
    return {**{tier: tier for tier in words.tiers}, **known}


def _at_the_same_place(severity: Severity, words: Vocabulary) -> Severity:
    known = words.severities
    if severity in known or not isinstance(severity, int):
        return severity
    return known[min(severity, len(known) - 1)]


def _without_what_there_is_none_of(told: dict[str, Any], field: str, *, none: bool) -> None:
    for name in ("columns", "values", "constants"):
        if none and name in told:
            told[name].pop(field, None)

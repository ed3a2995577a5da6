"""What changed for the whole desk: the team, the mode, the policy; in words."""

from collections.abc import Mapping
from typing import Final

from policy.phrases import MODE_NAMES
from store.views import Event
from tui.happenings.words import Describe, Facts, noted


def _team_imported(_: Facts, __: Facts, event: Event) -> str:
    return f"changed the team{noted(event)}"


def _marked_out(_: Facts, __: Facts, event: Event) -> str:
    return f"marked somebody out{noted(event)}"


def _marked_back(_: Facts, __: Facts, event: Event) -> str:
    return f"marked somebody back{noted(event)}"


def _at_capacity_set(_: Facts, after: Facts, __: Event) -> str:
    said = "is at capacity" if after.get("at_capacity") else "takes new tickets again"
    return f"recorded that {after.get('login')} {said}"


def _calendar_read(before: Facts, after: Facts, event: Event) -> str:
    come, gone = _count(after), _count(before)
    return f"read the calendar {event.note}: {come} came, {gone} went"


def _count(facts: Facts) -> int:
    time_off = facts.get("time_off")
    return len(time_off) if isinstance(time_off, list) else 0


def _mode_set(_: Facts, after: Facts, event: Event) -> str:
    mode = next((said for word, said in MODE_NAMES.items() if word == after.get("mode")), "")
    said = f"set the mode to {mode}" if mode else "left the mode to the level again"
    return f"{said}{noted(event)}"


def _policy_adopted(_: Facts, __: Facts, event: Event) -> str:
    return f"adopted a policy{noted(event)}"


DESK: Final[Mapping[str, Describe]] = {
    "team_imported": _team_imported,
    "marked_out": _marked_out,
    "marked_back": _marked_back,
    "at_capacity_set": _at_capacity_set,
    "calendar_read": _calendar_read,
    "mode_set": _mode_set,
    "policy_adopted": _policy_adopted,
}
"""How the events of each kind are said."""

"""Who is in and why the level is what it is: the commands, and what changed in words."""

from collections.abc import Mapping
from typing import Final

from policy.phrases import MODE_NAMES
from policy.refusal import one_of
from policy.words import Action
from store.read_models import Event
from tui.actions.declaration import (
    Command,
    CommandGroup,
    of_now_only,
    without_database,
    without_team,
)
from tui.actions.timeline_words import Describe, Facts, noted, when

TEAM_COMMANDS: Final = (
    Command(
        id="out",
        title="Mark somebody out or back",
        label="out",
        keys=("o",),
        tooltip="Mark somebody out or back, after seeing what that does",
        help="Marks somebody of the team out, now or from a time, or back again; changes or ends"
        " any time off that runs or is to come. Before it is done the form says what it does:"
        " level, mode, number one, who will wait, and whose tickets need another hand. Everybody"
        " may mark themselves, a lead anybody.",
        typed=("out", "out --hand-over", "team --out", "back"),
        group=CommandGroup.TEAM,
        action=Action.MARK_ONESELF,
        unusable=without_team,
    ),
    Command(
        id="waits",
        title="Who waits, and what they are told",
        label="waits",
        keys=("w",),
        tooltip="Tell customers that they will wait, and until when",
        help="Shows who is to be told now that they will wait, with the notice for each, and what"
        " became of the notices before.",
        typed=("waits",),
        group=CommandGroup.TEAM,
        unusable=of_now_only,
    ),
    Command(
        id="capacity",
        title="Why this level and mode",
        label="level",
        keys=("v",),
        tooltip="Say why the level and the mode are what they are",
        help="Says why the level and the mode are what they are, what that means for everybody, and"
        " who is in and who arrives next.",
        typed=("capacity",),
        group=CommandGroup.TEAM,
        unusable=without_database,
    ),
    Command(
        id="mode",
        title="Set the mode by hand, or no longer",
        label="mode",
        keys=("M",),
        tooltip="Set the mode, with a reason and an end, or leave it to the level",
        help="Sets the mode by hand, for a lead, with a reason and an end; everybody then sees by"
        " whom, why and until when. Leaves it to the level again, too.",
        typed=("mode",),
        group=CommandGroup.TEAM,
        action=Action.SET_MODE,
        unusable=without_database,
    ),
    Command(
        id="at_capacity",
        title="At capacity, or not any more",
        label="at capacity",
        keys=("b",),
        tooltip="Say that somebody takes no new tickets for now",
        help="Says that you take no new tickets until the queue is healthy, and that you do again."
        " While the team has the keys it is the person under the cursor, for whom a lead speaks.",
        typed=("at-capacity", "at-capacity --end"),
        group=CommandGroup.TEAM,
        action=Action.LOOK,  # everybody may say it of themselves
        unusable=without_team,
    ),
    Command(
        id="allocation",
        title="Your time, and how it is split",
        label="time",
        keys=("I",),
        tooltip="Show what you recorded, and how time is split",
        help="Shows what you recorded, to be edited, and how your time and the team's is split"
        " between customer and internal work. Who is short of internal work is offered some.",
        typed=("allocation", "timer list"),
        group=CommandGroup.TEAM,
        unusable=without_database,
    ),
)


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
    if not mode:
        return f"left the mode to the level again{noted(event)}"
    until = when(after.get("until"), event)
    end = f"until {until}" if until else "without an end"
    return f"set the mode to {mode} {end}{noted(event)}"


def _policy_adopted(_: Facts, __: Facts, event: Event) -> str:
    return f"adopted a policy{noted(event)}"


def _connections_imported(_: Facts, after: Facts, __: Event) -> str:
    told = after.get("connections")
    names = [each["name"] for each in told] if isinstance(told, list) else []
    return f"made these the connections: {one_of(names, 'and')}" if names else "left no connection"


def _connection_failed(_: Facts, __: Facts, event: Event) -> str:
    return f"got no answer from {event.note}"


def _connection_back(_: Facts, __: Facts, event: Event) -> str:
    return f"got an answer from {event.note} again"


DESK: Final[Mapping[str, Describe]] = {
    "team_imported": _team_imported,
    "marked_out": _marked_out,
    "marked_back": _marked_back,
    "at_capacity_set": _at_capacity_set,
    "calendar_read": _calendar_read,
    "mode_set": _mode_set,
    "policy_adopted": _policy_adopted,
    "connections_imported": _connections_imported,
    "connection_failed": _connection_failed,
    "connection_back": _connection_back,
}
"""How the events of each kind are said."""

"""Time: the commands of its screen, and what was recorded in words."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from policy.phrases import span
from policy.words import Action
from store.read_models import Event
from tui.actions.declaration import Command, CommandGroup, without_database
from tui.actions.timeline_words import Describe, Facts

_of_time = partial(
    Command, group=CommandGroup.TIME, unusable=without_database, action=Action.RECORD_TIME
)

TIME_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_time(
            id="protected_time",
            title="Take the protected time",
            label="take it",
            keys=("t",),
            tooltip="Make the ticket that is offered yours, and start the timer on it",
            help="Makes the internal ticket that is offered yours, and starts the timer on it.",
            typed=("timer start --protected",),
        ),
        _of_time(
            id="customer_work",
            title="Start on customer work",
            label="customer work",
            keys=("c",),
            tooltip="Run the timer without a ticket; one that runs is stopped",
            help="Starts the timer on customer work without a ticket; one that runs is stopped.",
            typed=("timer start --customer",),
        ),
        _of_time(
            id="internal_work",
            title="Start on internal work",
            label="internal work",
            keys=("n",),
            tooltip="Run the timer without a ticket; one that runs is stopped",
            help="Starts the timer on internal work without a ticket; one that runs is stopped.",
            typed=("timer start --internal",),
        ),
        _of_time(
            id="edit_entry",
            title="Edit the entry",
            label="edit",
            keys=("e",),
            tooltip="Change its begin, its end, what it went to, its note",
            help="Changes when the entry under the cursor began and ended, what it went to,"
            " and its note.",
            typed=("timer edit",),
        ),
        _of_time(
            id="remove_entry",
            title="Remove the entry",
            label="remove",
            keys=("x",),
            tooltip="Take out the entry under the cursor",
            help="Takes the entry out.",
            typed=("timer remove",),
        ),
    )
}
"""Every command of the time screen by its id, in the order in which help lists them."""

SHARED_WITH_TIME: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "timer", "allocation", "capacity", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good on the time screen."""


def _timer_started(_: Facts, after: Facts, __: Event) -> str:
    return f"started the timer on {_spent_on(after)}"


def _timer_stopped(_: Facts, after: Facts, __: Event) -> str:
    return f"stopped the timer on {_spent_on(after)}{_lasted(after)}"


def _entry_edited(_: Facts, after: Facts, event: Event) -> str:
    return f"edited {_whose(after, event)}time on {_spent_on(after)}{_lasted(after)}"


def _entry_removed(before: Facts, _: Facts, event: Event) -> str:
    return f"removed {_whose(before, event)}time on {_spent_on(before)}{_lasted(before)}"


def _time_entry(facts: Facts) -> Facts:
    kept = facts.get("entry")
    return kept if isinstance(kept, dict) else {}


def _spent_on(facts: Facts) -> str:
    entry = _time_entry(facts)
    ticket, work = entry.get("ticket"), entry.get("work", "other")
    return f"{work} work" if ticket is None else f"#{ticket}"


def _lasted(facts: Facts) -> str:
    """Return how long an entry is, nothing for one that still ran."""
    entry = _time_entry(facts)
    try:
        start, end = (
            datetime.fromisoformat(str(entry.get(name))) for name in ("started_at", "stopped_at")
        )
    except ValueError:
        return ""
    return f", {span(end - start)}"


def _whose(facts: Facts, event: Event) -> str:
    login = _time_entry(facts).get("login", event.actor)
    return "" if login == event.actor else f"{login}'s "


TIME: Final[Mapping[str, Describe]] = {
    "timer_started": _timer_started,
    "timer_stopped": _timer_stopped,
    "entry_edited": _entry_edited,
    "entry_removed": _entry_removed,
}
"""How the events of each kind are said."""

"""What happened to a ticket, in words."""

from collections.abc import Mapping
from typing import Final

from policy.deviations import UNTIL_ANSWERED
from policy.words import Status
from store.views import Event
from tui.happenings.words import Describe, Facts, noted, now, status_name, when

_FIELD_NAMES: Final = {
    "opened_by": "who opened it",
    "first_response_at": "our first response",
    "waiting_since": "the time waiting",
    "external_id": "its number",
    "body": "its description",
    "url": "its address",
}


_FOLLOW_FROM_OTHERS: Final = frozenset(
    {
        "respond_by",
        "aim_by",
        "because",
        "defined_priority",
        "version",
        "waiting_since",
        "imported",
    }
)


def _came_in(_: Facts, after: Facts, __: Event) -> str:
    return f"took it in from {after.get('source', 'a file')}{_as_what(after)}"


def _opened(_: Facts, after: Facts, __: Event) -> str:
    whole = after.get("split_from")
    said = "opened it" if whole is None else f"split it off from #{whole}"
    return f"{said}{_as_what(after)}"


def _merged(_: Facts, after: Facts, __: Event) -> str:
    return f"merged it into #{after.get('merged_into')}, where the customer is answered"


def _merged_here(_: Facts, after: Facts, event: Event) -> str:
    waits = ", and so its wait" if after.get("waiting_since") else ""
    return f"merged {event.note} into it{waits}{now(after.get('status'))}"


def _split_off(_: Facts, __: Facts, event: Event) -> str:
    return f"split {event.note} off from it"


def _as_what(after: Facts) -> str:
    if after.get("declined"):
        return "; intake declined it"
    priority = after.get("priority")
    return f" as {priority}" if priority else ""


def _updated(_: Facts, after: Facts, __: Event) -> str:
    named = [name for name in after if name not in _FOLLOW_FROM_OTHERS] or list(after)
    fields = ", ".join(_FIELD_NAMES.get(name, name.replace("_", " ")) for name in named)
    return f"took in a change of {fields}" if fields else "took it in again"


def _taken(_: Facts, __: Facts, ___: Event) -> str:
    return "took it"


def _assigned(before: Facts, after: Facts, _: Event) -> str:
    if after.get("assignee"):
        return f"assigned it to {after['assignee']}"
    return f"took it off {before['assignee']}" if before.get("assignee") else "assigned it"


def _replied(_: Facts, after: Facts, __: Event) -> str:
    status = after.get("status")
    says_more = status is not None and status != Status.OPEN
    return f"answered the customer{now(status) if says_more else ''}"


def _heard(_: Facts, after: Facts, __: Event) -> str:
    return f"recorded that the customer wrote{now(after.get('status'))}"


def _status_changed(before: Facts, after: Facts, _: Event) -> str:
    was, became = status_name(before.get("status")), status_name(after["status"])
    return f"changed the status from {was} to {became}"


def _priority_assigned(before: Facts, after: Facts, event: Event) -> str:
    change = f"changed the priority from {before.get('priority')} to {after.get('priority')}"
    said = change if "priority" in after else "gave another reason for the priority"
    return f"{said}: {event.note}" if event.note else said


def _deviated(_: Facts, after: Facts, event: Event) -> str:
    deviation = after.get("deviation")
    end = when(deviation.get("until")) if isinstance(deviation, Mapping) else ""
    return f"put it first until {end or UNTIL_ANSWERED}{noted(event)}"


def _deviation_ended(_: Facts, __: Facts, ___: Event) -> str:
    return "put it back into its place in the order"


def _commented(_: Facts, __: Facts, event: Event) -> str:
    return f"commented{noted(event)}"


def _requester_updated(_: Facts, after: Facts, __: Event) -> str:
    said = after.get("requester")
    name = said.get("name") if isinstance(said, dict) else None
    return f"took in what became known of {name or 'a requester'}"


TICKETS: Final[Mapping[str, Describe]] = {
    "imported": _came_in,
    "opened": _opened,
    "merged": _merged,
    "merged_here": _merged_here,
    "split_off": _split_off,
    "updated": _updated,
    "taken": _taken,
    "assigned": _assigned,
    "replied": _replied,
    "heard": _heard,
    "status_changed": _status_changed,
    "priority_assigned": _priority_assigned,
    "commented": _commented,
    "deviated": _deviated,
    "deviation_ended": _deviation_ended,
    "requester_updated": _requester_updated,
}
"""How the events of each kind are said."""

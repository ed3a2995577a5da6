"""What happened to a ticket, one sentence an event, for the board's timeline and for ``show``."""

from collections.abc import Callable, Mapping
from typing import Final

from policy.phrases import STATUS_NAMES
from policy.words import Status
from store.views import Event
from tui.text import plain_line

Facts = Mapping[str, object]

_FIELD_NAMES: Final = {
    "opened_by": "who opened it",
    "first_response_at": "our first response",
    "waiting_since": "the time waiting",
    "external_id": "its number",
    "url": "its address",
}
_FOLLOW_FROM_OTHERS: Final = frozenset(
    {"respond_by", "aim_by", "because", "defined_priority", "version", "waiting_since"}
)


def sentence(event: Event) -> str:
    """Return the event in words, beginning with who did it: ``mariam took it``."""
    describe = _DESCRIPTIONS.get(event.kind, _any_other)
    words = describe(event.before or {}, event.after or {}, event)
    return plain_line(f"{event.actor} {words}")


def _came_in(_: Facts, after: Facts, __: Event) -> str:
    return f"took it in from {after.get('source', 'a file')}{_as_what(after)}"


def _opened(_: Facts, after: Facts, __: Event) -> str:
    return f"opened it{_as_what(after)}"


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
    return f"answered the customer{_now(status) if says_more else ''}"


def _heard(_: Facts, after: Facts, __: Event) -> str:
    return f"recorded that the customer wrote{_now(after.get('status'))}"


def _status_changed(before: Facts, after: Facts, _: Event) -> str:
    return f"changed the status from {_status(before.get('status'))} to {_status(after['status'])}"


def _priority_assigned(before: Facts, after: Facts, event: Event) -> str:
    change = f"changed the priority from {before.get('priority')} to {after.get('priority')}"
    said = change if "priority" in after else "gave another reason for the priority"
    return f"{said}: {event.note}" if event.note else said


def _any_other(_: Facts, __: Facts, event: Event) -> str:
    said = event.kind.replace("_", " ")
    return f"{said}: {event.note}" if event.note else said


def _now(status: object) -> str:
    return f"; now {_status(status)}" if status is not None else ""


def _status(status: object) -> str:
    return next((said for word, said in STATUS_NAMES.items() if word == status), str(status))


_DESCRIPTIONS: Final[Mapping[str, Callable[[Facts, Facts, Event], str]]] = {
    "imported": _came_in,
    "opened": _opened,
    "updated": _updated,
    "taken": _taken,
    "assigned": _assigned,
    "replied": _replied,
    "heard": _heard,
    "status_changed": _status_changed,
    "priority_assigned": _priority_assigned,
}

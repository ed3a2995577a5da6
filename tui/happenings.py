"""What happened, one sentence an event, for the board's timeline and for ``show``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from policy.deviations import UNTIL_ANSWERED
from policy.engineering_words import in_words
from policy.phrases import MODE_NAMES, STATUS_NAMES, span
from policy.sentences import one_of
from policy.words import Status
from store.views import Event
from tui.text import plain_line

Facts = Mapping[str, object]

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


def sentence(event: Event) -> str:
    """Return the event in words, beginning with who did it: ``mariam took it``."""
    describe = _DESCRIPTIONS.get(event.kind, _any_other)
    words = describe(event.before or {}, event.after or {}, event)
    return plain_line(f"{event.actor} {words}")


def reversal(did: str, events: Sequence[Event]) -> str:
    """Return what was taken back or done again, in a sentence: ``Took back: mo took it (#5).``."""
    told = [event for event in events if event.kind not in _BESIDE] or list(events)
    first = told[0]
    said = _original_words(first)
    tickets = sorted({event.ticket for event in told if event.ticket is not None})
    named = ", ".join(f"#{number}" for number in tickets[:_NAMED_AT_MOST])
    if len(tickets) > _NAMED_AT_MOST:
        named += f" and {len(tickets) - _NAMED_AT_MOST:,} more"
    return plain_line(f"{did}: {said}{f' ({named})' if named else ''}.")


_NAMED_AT_MOST = 3
_BESIDE: Final = frozenset({"requester_updated", "ranked_again", "wait_cancelled"})
"""What follows from something else that was done, and is not told for itself."""


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
    return f"merged {event.note} into it{waits}{_now(after.get('status'))}"


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
    return f"answered the customer{_now(status) if says_more else ''}"


def _heard(_: Facts, after: Facts, __: Event) -> str:
    return f"recorded that the customer wrote{_now(after.get('status'))}"


def _status_changed(before: Facts, after: Facts, _: Event) -> str:
    return f"changed the status from {_status(before.get('status'))} to {_status(after['status'])}"


def _priority_assigned(before: Facts, after: Facts, event: Event) -> str:
    change = f"changed the priority from {before.get('priority')} to {after.get('priority')}"
    said = change if "priority" in after else "gave another reason for the priority"
    return f"{said}: {event.note}" if event.note else said


def _deviated(_: Facts, after: Facts, event: Event) -> str:
    deviation = after.get("deviation")
    end = _when(deviation.get("until")) if isinstance(deviation, Mapping) else ""
    return f"put it first until {end or UNTIL_ANSWERED}{_noted(event)}"


def _deviation_ended(_: Facts, __: Facts, ___: Event) -> str:
    return "put it back into its place in the order"


def _wait_promised(_: Facts, after: Facts, __: Event) -> str:
    promised = _promised(after)
    what = f"that help arrives {promised}" if promised else "that no arrival is known yet"
    return f"sent the requester notice that they wait, and {what}"


def _wait_taken_back(_: Facts, __: Facts, ___: Event) -> str:
    return "took the notice about the wait back before it went out"


def _wait_told(_: Facts, after: Facts, event: Event) -> str:
    promised = _promised(after)
    what = f"help arrives {promised}" if promised else "they wait"
    return f"delivered the notice that {what}{_noted(event)}"


def _wait_undeliverable(_: Facts, __: Facts, event: Event) -> str:
    return f"could not deliver the notice about the wait{_noted(event)}"


def _wait_in_doubt(_: Facts, __: Facts, event: Event) -> str:
    return f"does not know whether the notice about the wait arrived{_noted(event)}"


def _promised(after: Facts) -> str:
    when = _when(after.get("arrive_at"))
    return f"by {when}" if when else ""


def _when(fact: object) -> str:
    """Return a time in UTC, as a history is read in any zone; nothing for none."""
    try:
        at = datetime.fromisoformat(str(fact)).astimezone(UTC)
    except ValueError:
        return ""
    return f"{at:%a} {at.day} {at:%b %H:%M} UTC"


def _noted(event: Event) -> str:
    return f": {event.note}" if event.note else ""


def _context_filled(before: Facts, after: Facts, event: Event) -> str:
    had, has = _context(before), _context(after)
    gone = [name for name in had if name not in has]
    written = [name for name, text in has.items() if had.get(name) != text]
    if not written and gone:
        return f"cleared {_names(gone)} in the context for engineering"
    cleared = f", and cleared {_names(gone)}" if gone else ""
    return f"filled in {_names(written) or event.note} for engineering{cleared}"


def _context(facts: Facts) -> Facts:
    context = facts.get("context")
    return context if isinstance(context, dict) else {}


def _names(names: list[str]) -> str:
    return one_of(map(in_words, names), "and")


def _handed_over(_: Facts, __: Facts, ___: Event) -> str:
    return "handed it over to engineering"


def _escalated(_: Facts, __: Facts, event: Event) -> str:
    return f"asked engineering to drop everything: it cannot wait a day, because {event.note}"


def _can_wait(_: Facts, __: Facts, event: Event) -> str:
    return f"said that it can wait a day{_noted(event)}"


def _reviewed(_: Facts, after: Facts, event: Event) -> str:
    review = after.get("review")
    said = review if isinstance(review, dict) else {}
    day = f" for {said['scheduled_for']}" if said.get("scheduled_for") else ""
    return f"decided the timing: {in_words(str(said.get('timing')))}{day}{_noted(event)}"


def _sent_back(_: Facts, __: Facts, event: Event) -> str:
    return f"sent it back to support{_noted(event)}"


def _commented(_: Facts, __: Facts, event: Event) -> str:
    return f"commented{_noted(event)}"


def _team_imported(_: Facts, __: Facts, event: Event) -> str:
    return f"changed the team{_noted(event)}"


def _marked_out(_: Facts, __: Facts, event: Event) -> str:
    return f"marked somebody out{_noted(event)}"


def _marked_back(_: Facts, __: Facts, event: Event) -> str:
    return f"marked somebody back{_noted(event)}"


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
    return f"{said}{_noted(event)}"


def _policy_adopted(_: Facts, __: Facts, event: Event) -> str:
    return f"adopted a policy{_noted(event)}"


def _wait_cancelled(_: Facts, __: Facts, ___: Event) -> str:
    return "made the notice about the wait needless, as the reply came first"


def _wait_retried(_: Facts, __: Facts, ___: Event) -> str:
    return "sent the notice about the wait on its way once more"


def _requester_updated(_: Facts, after: Facts, __: Event) -> str:
    said = after.get("requester")
    name = said.get("name") if isinstance(said, dict) else None
    return f"took in what became known of {name or 'a requester'}"


def _undone(before: Facts, after: Facts, event: Event) -> str:
    return f"took back: {_original(after, before, event)}"


def _redone(before: Facts, after: Facts, event: Event) -> str:
    return f"did again: {_original(before, after, event)}"


def _original_words(event: Event) -> str:
    """Return in words what an event did in the first place."""
    before, after = event.before or {}, event.after or {}
    if event.kind == "undone":
        return _original(after, before, event)
    if event.kind == "redone":
        return _original(before, after, event)
    return sentence(event).removeprefix(f"{event.actor} ")


def _original(before: Facts, after: Facts, event: Event) -> str:
    """Return in words what was taken back or done again; the note is its kind."""
    original = replace(event, kind=event.note, before=before, after=after, note="")
    return _DESCRIPTIONS.get(original.kind, _any_other)(before, after, original)


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
    "context_filled": _context_filled,
    "handed_over": _handed_over,
    "escalated": _escalated,
    "can_wait": _can_wait,
    "reviewed": _reviewed,
    "sent_back": _sent_back,
    "commented": _commented,
    "deviated": _deviated,
    "deviation_ended": _deviation_ended,
    "wait_promised": _wait_promised,
    "wait_taken_back": _wait_taken_back,
    "wait_told": _wait_told,
    "wait_undeliverable": _wait_undeliverable,
    "wait_cancelled": _wait_cancelled,
    "wait_retried": _wait_retried,
    "requester_updated": _requester_updated,
    "undone": _undone,
    "redone": _redone,
    "wait_in_doubt": _wait_in_doubt,
    "team_imported": _team_imported,
    "marked_out": _marked_out,
    "marked_back": _marked_back,
    "at_capacity_set": _at_capacity_set,
    "calendar_read": _calendar_read,
    "mode_set": _mode_set,
    "policy_adopted": _policy_adopted,
    "timer_started": _timer_started,
    "timer_stopped": _timer_stopped,
    "entry_edited": _entry_edited,
    "entry_removed": _entry_removed,
}

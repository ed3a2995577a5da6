"""What a person does with the ticket under the cursor: the commands, and what happened in words."""

from collections.abc import Mapping
from typing import Final

from policy.ordering.deviations import UNTIL_ANSWERED, why_not_first
from policy.words import Action, Status
from store.read_models import Event
from tui.actions.bulk_actions import for_all_marked
from tui.actions.declaration import (
    ActionContext,
    Command,
    CommandGroup,
    refused,
    without_ticket,
    without_ticket_or_timer,
)
from tui.actions.timeline_words import Describe, Facts, noted, now, status_name, when


def _nothing_to_put_first(situation: ActionContext) -> str | None:
    ticket = situation.ticket
    if ticket is None or not situation.connected:
        return without_ticket(situation)
    return why_not_first(ticket) if ticket.deviation is None else None


TICKET_COMMANDS: Final = (
    Command(
        id="take",
        title="Take the ticket",
        label="take",
        keys=("t",),
        tooltip="Make it yours",
        help="Makes the ticket yours: from then on you are accountable for it."
        " Refused when somebody else has it, unless they are away: then it counts as nobody's, and"
        " you take it over. Assign changes hands.",
        typed=("take",),
        group=CommandGroup.TICKET,
        action=Action.TAKE,
        unusable=for_all_marked(refused("take")),
    ),
    Command(
        id="assign",
        title="Assign to somebody",
        label="assign",
        keys=("a",),
        tooltip="Give it to somebody, or to nobody",
        help="Makes somebody else accountable for the ticket, or nobody. Whoever is in with the"
        " fewest tickets is proposed; giving it to somebody who is away or at capacity is asked"
        " about.",
        typed=("assign", "assign --nobody"),
        group=CommandGroup.TICKET,
        action=Action.ASSIGN,
        unusable=for_all_marked(refused("assign")),
    ),
    Command(
        id="reply",
        title="Reply",
        label="reply",
        keys=("r",),
        tooltip="Answer, or record that we answered, and whose step is next",
        help="Answers the customer, and says whose step is next. Where the ticket comes from a"
        " connection the board opens an editor under the conversation, and sends what is written."
        " Elsewhere it records that we answered now: the message itself is written where you always"
        " write it, or typed with --text or --edit: then it is kept in the conversation.",
        typed=("reply",),
        group=CommandGroup.TICKET,
        action=Action.REPLY,
        unusable=refused("reply"),
    ),
    Command(
        id="heard",
        title="The customer wrote",
        label="customer wrote",
        keys=("c",),
        tooltip="Record that the customer wrote again",
        help="Records that the customer wrote now: the next step is ours and the clock runs from"
        " their first message since our last reply. A pending or solved ticket is open again.",
        typed=("heard",),
        group=CommandGroup.TICKET,
        action=Action.HEARD,
        unusable=refused("heard"),
    ),
    Command(
        id="status",
        title="Change the status",
        label="status",
        keys=("s",),
        tooltip="Say whose step is next",
        help="Says whose step is next: ours (open), the customer's (pending), another team's"
        " (on hold), or nobody's (solved, closed). Whoever waits for us stays in the queue; solved"
        " or closed without an answer, it asks why nobody needs one.",
        typed=("status",),
        group=CommandGroup.TICKET,
        action=Action.SET_STATUS,
        unusable=for_all_marked(refused("status")),
    ),
    Command(
        id="priority",
        title="Assign a priority",
        label="priority",
        keys=("p",),
        tooltip="Assign another priority, with a reason",
        help="Assigns another priority than the definition's, with the reason and what it rests"
        " on: the customer, another team or the contract. The ticket then shows both.",
        typed=("priority",),
        group=CommandGroup.TICKET,
        action=Action.ASSIGN_PRIORITY,
        unusable=refused("priority"),
    ),
    Command(
        id="deviate",
        title="Put the ticket first, or no longer",
        label="deviate",
        keys=("d",),
        tooltip="Put it first against the order, with a reason and an end",
        help="Puts the ticket first against the order, with a reason and an end: a time, a length"
        " of time, or until it is answered. Above one of the first priority only a lead may."
        " Everybody sees by whom, why, until when, and what would be first without it. Ends a"
        " deviation, too.",
        typed=("deviate", "deviate --end"),
        group=CommandGroup.TICKET,
        action=Action.DEVIATE,
        unusable=_nothing_to_put_first,
    ),
    Command(
        id="engineering",
        title="For engineering",
        label="engineering",
        keys=("e",),
        tooltip="Fill in the context, hand over, or say whether it can wait",
        help="Asks what there is to do with engineering: fill in the context that they need, hand"
        " the ticket over, say whether an urgent one can wait a day, or take it back.",
        typed=("context", "context --edit", "handover", "escalate", "status"),
        group=CommandGroup.TICKET,
        action=Action.FILL_CONTEXT,
        unusable=without_ticket,
    ),
    Command(
        id="comment",
        title="Comment",
        label="comment",
        keys=("C",),
        tooltip="Write a comment into the history",
        help="Writes a comment into the ticket's history, for the team; no customer sees it, and"
        " nothing else of the ticket changes.",
        typed=("comment",),
        group=CommandGroup.TICKET,
        action=Action.COMMENT,
        unusable=without_ticket,
    ),
    Command(
        id="timer",
        title="Start or stop the timer",
        label="timer",
        keys=("i",),
        tooltip="Start your timer on the ticket, or stop the one that runs",
        help="Starts your timer on the ticket, or stops the one that runs, whatever it is on."
        " One that was left running stops where your working hours ended, while the board says so.",
        typed=("timer start", "timer stop"),
        group=CommandGroup.TICKET,
        action=Action.RECORD_TIME,
        unusable=without_ticket_or_timer,
    ),
)


_FIELD_NAMES: Final = {
    "opened_by": "who opened it",
    "first_response_at": "our first response",
    "last_response_at": "our last response",
    "last_customer_message_at": "the customer's last message",
    "settled_at": "until when nobody needs an answer",
    "solved_at": "when it was solved",
    "continued_in": "where it goes on",
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
    return f"merged {event.note or 'another ticket'} into it{waits}{now(after.get('status'))}"


def _split_off(_: Facts, __: Facts, event: Event) -> str:
    return f"split {event.note or 'a part'} off from it"


def _as_what(after: Facts) -> str:
    if after.get("declined"):
        return "; intake declined it"
    priority = after.get("priority")
    return f" as {priority}" if priority else ""


def _updated(_: Facts, after: Facts, __: Event) -> str:
    named = [name for name in after if name not in _FOLLOW_FROM_OTHERS]
    named = named or [name for name in after if name != "imported"]
    fields = ", ".join(_FIELD_NAMES.get(name, name.replace("_", " ")) for name in named)
    return f"took in a change of {fields}" if fields else "took it in again"


def _taken(before: Facts, _: Facts, __: Event) -> str:
    had = before.get("assignee")
    return f"took it over from {had}, who was away" if had else "took it"


def _assigned(before: Facts, after: Facts, _: Event) -> str:
    if after.get("assignee"):
        return f"assigned it to {after['assignee']}"
    return f"took it off {before['assignee']}" if before.get("assignee") else "assigned it"


def _assignee_matched(before: Facts, after: Facts, _: Event) -> str:
    return f"knew {before.get('assignee')} for {after.get('assignee')} of the team"


def _replied(_: Facts, after: Facts, __: Event) -> str:
    status = after.get("status")
    says_more = status is not None and status != Status.OPEN
    return f"answered the customer{now(status) if says_more else ''}"


def _heard(_: Facts, after: Facts, event: Event) -> str:
    if goes_on := after.get("continued_in"):
        return f"recorded that the customer wrote, after it was closed; it goes on in #{goes_on}"
    return f"recorded that the customer wrote{now(after.get('status'))}{noted(event)}"


def _solved_unanswered(before: Facts, after: Facts, event: Event) -> str:
    return f"{_status_changed(before, after, event)} without an answer{noted(event)}"


def _closed_by_itself(_: Facts, __: Facts, ___: Event) -> str:
    return "closed it, as it was solved for long enough"


def _continued(_: Facts, after: Facts, event: Event) -> str:
    return f"opened it for what the customer wrote after {event.note} was closed{_as_what(after)}"


def _heard_in_merged(before: Facts, after: Facts, event: Event) -> str:
    if after.get("continued_in"):
        return _heard(before, after, event)
    return f"took in a message of the customer in a ticket merged into it{now(after.get('status'))}"


def _brought_back(_: Facts, after: Facts, event: Event) -> str:
    said = f" after {event.note} was closed" if event.note else ""
    return (
        f"found the customer waiting in no list{said}, at the upgrade; it is in the queue"
        f"{now(after.get('status'))}"
    )


def _settled(_: Facts, __: Facts, ___: Event) -> str:
    return "noted at the upgrade that it was ended without an answer, and nobody waits"


def _status_changed(before: Facts, after: Facts, _: Event) -> str:
    was, became = status_name(before.get("status")), status_name(after["status"])
    return f"changed the status from {was} to {became}"


def _priority_assigned(before: Facts, after: Facts, event: Event) -> str:
    change = f"changed the priority from {before.get('priority')} to {after.get('priority')}"
    said = change if "priority" in after else "gave another reason for the priority"
    return f"{said}: {event.note}" if event.note else said


def _deviated(_: Facts, after: Facts, event: Event) -> str:
    deviation = after.get("deviation")
    end = when(deviation.get("until"), event) if isinstance(deviation, Mapping) else ""
    return f"put it first until {end or UNTIL_ANSWERED}{noted(event)}"


def _deviation_ended(_: Facts, __: Facts, ___: Event) -> str:
    return "put it back into its place in the order"


def _message_written(before: Facts, after: Facts, _: Event) -> str:
    message = after.get("message") or before.get("message")
    if not isinstance(message, Mapping):
        return "wrote a message"
    what = "an answer" if message.get("public") else "an internal note"
    first = str(message.get("text", "")).strip().partition("\n")[0]
    said = first if len(first) <= _WORDS_SHOWN else f"{first[:_WORDS_SHOWN]}…"
    return f"wrote {what}: {said}"


def _messages_came(_: Facts, __: Facts, event: Event) -> str:
    return f"took in {event.note}"


def _read_back(_: Facts, __: Facts, event: Event) -> str:
    return f"read at {event.note} what was done here"


def _both_changed(_: Facts, __: Facts, event: Event) -> str:
    return f"found it changed on both sides{noted(event)}"


def _answer_failed(_: Facts, after: Facts, event: Event) -> str:
    status = now(after.get("status"))
    return f"found an answer lost, and the customer waits again{status}{noted(event)}"


def _message_dropped(_: Facts, __: Facts, event: Event) -> str:
    what = "an answer" if event.kind == "answer_dropped" else "a note"
    return f"gave up {what} that was refused"


def _step_failed(_: Facts, __: Facts, event: Event) -> str:
    return f"found a step refused for good{noted(event)}"


def _deleted_there(_: Facts, __: Facts, event: Event) -> str:
    return f"found it deleted at {event.note or 'its source'}"


_WORDS_SHOWN: Final = 80
"""How much of a message the timeline repeats."""


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
    "assignee_matched": _assignee_matched,
    "replied": _replied,
    "heard": _heard,
    "status_changed": _status_changed,
    "solved_unanswered": _solved_unanswered,
    "closed_by_itself": _closed_by_itself,
    "continued": _continued,
    "heard_in_merged": _heard_in_merged,
    "brought_back": _brought_back,
    "settled": _settled,
    "priority_assigned": _priority_assigned,
    "commented": _commented,
    "message_written": _message_written,
    "messages_came": _messages_came,
    "read_back": _read_back,
    "both_changed": _both_changed,
    "answer_failed": _answer_failed,
    "step_failed": _step_failed,
    "answer_dropped": _message_dropped,
    "note_dropped": _message_dropped,
    "deleted_there": _deleted_there,
    "deviated": _deviated,
    "deviation_ended": _deviation_ended,
    "requester_updated": _requester_updated,
}
"""How the events of each kind are said."""

"""What a person does with the ticket under the cursor."""

from typing import Final

from policy.deviations import why_not_first
from policy.words import Action
from tui.commands.bulk import for_all_marked
from tui.commands.declaration import (
    Command,
    Group,
    Situation,
    refused,
    without_ticket,
    without_ticket_or_timer,
)


def _nothing_to_put_first(situation: Situation) -> str | None:
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
        " Refused when somebody else has it; assign changes hands.",
        group=Group.TICKET,
        action=Action.TAKE,
        unusable=for_all_marked(refused("take")),
    ),
    Command(
        id="assign",
        title="Assign to somebody",
        label="assign",
        keys=("a",),
        tooltip="Give it to somebody, or to nobody",
        help="Makes somebody else accountable for the ticket, or nobody.",
        group=Group.TICKET,
        action=Action.ASSIGN,
        unusable=for_all_marked(refused("assign")),
    ),
    Command(
        id="reply",
        title="We replied",
        label="reply",
        keys=("r",),
        tooltip="Record that we answered, and whose step is next",
        help="Records that we answered the customer now, so nobody waits any longer,"
        " and whose step is next. The message itself is written where you always write it.",
        group=Group.TICKET,
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
        group=Group.TICKET,
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
        " (on hold), or nobody's (solved, closed). Only new and open tickets are in the queue.",
        group=Group.TICKET,
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
        group=Group.TICKET,
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
        " of time, or until it is answered. Above a p0 only a lead may. Everybody sees by whom,"
        " why, until when, and what would be first without it. Ends a deviation, too.",
        group=Group.TICKET,
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
        " the ticket over, say whether a p0 or p1 can wait a day, or take it back.",
        group=Group.TICKET,
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
        group=Group.TICKET,
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
        group=Group.TICKET,
        action=Action.RECORD_TIME,
        unusable=without_ticket_or_timer,
    ),
)

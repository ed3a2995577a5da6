"""What a person does with the ticket under the cursor."""

from typing import Final

from policy.deviations import why_not_first
from policy.words import Action
from tui.commands.declaration import Command, Group, Situation, refused, without_ticket


def _not_declined(situation: Situation) -> str | None:
    if situation.ticket is not None and situation.ticket.declined is None:
        return f"#{situation.ticket.id} was not declined, so there is no ready reply to copy"
    return without_ticket(situation)


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
        unusable=refused("take"),
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
        unusable=refused("assign"),
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
        unusable=refused("status"),
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
        id="copy_reply",
        title="Copy the ready reply",
        label="copy reply",
        keys=("y",),
        tooltip="Copy the ready reply of a declined ticket",
        help="Copies the reply that tells the customer why a declined ticket is not ours.",
        group=Group.TICKET,
        unusable=_not_declined,
    ),
)

"""Several tickets at once, two that are one, one that is two, and what leaves the board."""

from typing import Final

from policy.tickets.merging import why_not_merged
from policy.words import Action, Status
from tui.actions.declaration import (
    ActionContext,
    Command,
    CommandGroup,
    Reason,
    without_database,
    without_ticket,
)
from tui.actions.only_here import OnlyHere


def for_all_marked(reason: Reason) -> Reason:
    """Return what says why a command cannot be used on the marked tickets, or else on one.

    Of marked ones only the desk knows how each stands, and names the one that it refuses.
    """

    def of_all(situation: ActionContext) -> str | None:
        return without_database(situation) if situation.marked else reason(situation)

    return of_all


def _merged(situation: ActionContext) -> str | None:
    if situation.ticket is None:
        return without_ticket(situation)
    return without_database(situation) or why_not_merged(situation.ticket)


def _not_split(situation: ActionContext) -> str | None:
    ticket = situation.ticket
    if ticket is not None and ticket.status is Status.CLOSED:
        return f"#{ticket.id} is closed, which is final; open a new ticket instead"
    return without_ticket(situation)


def _without_link(situation: ActionContext) -> str | None:
    if situation.ticket is not None and situation.ticket.url is None:
        return f"#{situation.ticket.id} came without a link"
    return without_ticket(situation)


BULK_COMMANDS: Final = (
    Command(
        id="mark",
        title="Mark the ticket",
        label="mark",
        keys=("space",),
        tooltip="Mark it, to do something to several at once",
        help="Marks the ticket under the cursor, or takes its mark away, and goes on to the next."
        " Take, assign, status and draft then are for all that are marked, or for none when one"
        " of them refuses. The marks stay whatever the list shows; Esc takes them away.",
        typed=OnlyHere("several tickets are several IDs in one command"),
        group=CommandGroup.TICKET,
        unusable=without_ticket,
    ),
    Command(
        id="message",
        title="Draft a wait notice",
        label="draft",
        keys=("D",),
        tooltip="Draft a notice about the wait, to all that are marked",
        help="Drafts a notice about the wait to each requester of the marked tickets, or of the one"
        " under the cursor, whether or not it is due, and shows the drafts to be sent.",
        typed=("waits draft", "waits draft --send"),
        group=CommandGroup.TICKET,
        action=Action.SEND_WAITS,
        unusable=for_all_marked(without_ticket),
    ),
    Command(
        id="merge",
        title="Merge into another ticket",
        label="merge",
        keys=("m",),
        tooltip="Close a duplicate; its customer waits in the other ticket",
        help="Merges a duplicate into another ticket of the same customer: it is closed for good,"
        " whoever waits in it waits in the other since the earlier time, and the history of both"
        " says so.",
        typed=("merge",),
        group=CommandGroup.TICKET,
        action=Action.MERGE,
        unusable=_merged,
    ),
    Command(
        id="split",
        title="Split a part off",
        label="split",
        keys=("S",),
        tooltip="Make a part of a mixed ticket a ticket of its own",
        help="Makes a part of a mixed ticket a ticket of its own: the same customer's, as old as"
        " it is, and with a priority of its own.",
        typed=("split",),
        group=CommandGroup.TICKET,
        action=Action.SPLIT,
        unusable=_not_split,
    ),
    Command(
        id="copy",
        title="Copy number, link or summary",
        label="copy",
        keys=("y",),
        tooltip="Copy something of the ticket to the clipboard",
        help="Copies the ticket's number, link or summary in a line, the reply that"
        " tells the customer of a declined one why it is not ours, and the drafted answer that"
        " tells them what engineering decided. Over ssh it is copied to the terminal"
        " in front of you.",
        typed=("show", "show --reply"),
        group=CommandGroup.TICKET,
        unusable=without_ticket,
    ),
    Command(
        id="open_link",
        title="Open the link",
        label="open link",
        keys=("O",),
        tooltip="Open the ticket where it came from, in the browser",
        help="Opens the ticket's link in the browser; where none can be seen, as over ssh, the link"
        " is copied instead.",
        typed=OnlyHere("it opens a browser; numberone show says the address"),
        group=CommandGroup.TICKET,
        unusable=_without_link,
    ),
)
"""What is done to one ticket or to several, beside the everyday."""


LOOK_FOR_COMMANDS: Final = (
    Command(
        id="go_to",
        title="Go to a ticket by its number",
        label="go to",
        keys=("#",),
        tooltip="In the queue where it stands in it, else alone",
        help="Goes to a ticket by our number or by source:external_id: in the whole queue where it"
        " stands in it, else to the ticket alone.",
        typed=("show",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="filters",
        title="Saved filters",
        label="filters",
        keys=("f",),
        tooltip="Pick a saved filter, or save the present one",
        help="Shows the filters that you saved: picks one, saves the present one under a name, or"
        " removes one. numberone list @name uses the same.",
        typed=("filters", "filters save", "filters remove"),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="handover_note",
        title="Hand over the shift",
        label="hand over",
        keys=("N",),
        tooltip="See, copy or save what you hand over at the end of the shift",
        help="Shows what you hand over at the end of a shift: what is yours, where it stands, what"
        " is next, whose step and by when. It is copied, or written to a Markdown file.",
        typed=("handover-note", "handover-note --output"),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
)
"""Going to what one looks for, and the page for the end of a shift."""

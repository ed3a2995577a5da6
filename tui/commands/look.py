"""What the board shows."""

from typing import Final

from policy.words import Action
from tui.commands.declaration import Command, Group, never, without_database

LOOK_COMMANDS: Final = (
    Command(
        id="new",
        title="Open a new ticket",
        label="new",
        keys=("n",),
        tooltip="Open a ticket and see what the policy decides",
        help="Opens a ticket. The form says while you type what intake would decide, and why.",
        group=Group.LOOK,
        action=Action.OPEN_TRIAL_TICKET,
        unusable=without_database,
    ),
    Command(
        id="filter",
        title="Filter the list",
        label="find",
        keys=("/",),
        tooltip="Show only what matches",
        help="Shows only what matches, for example: tier:enterprise p:p1 assignee:me login page."
        " The same words work in numberone list. Esc shows everything again.",
        group=Group.LOOK,
        unusable=without_database,
    ),
    Command(
        id="declined",
        title="Declined tickets",
        label="declined",
        keys=("x",),
        tooltip="Show the declined tickets, or the queue again",
        help="Shows the tickets that intake declined, each with its reason and a ready reply;"
        " once more shows the queue again.",
        group=Group.LOOK,
        unusable=without_database,
    ),
    Command(
        id="number_one",
        title="Go to number one",
        label="number one",
        keys=("g",),
        tooltip="Show the whole queue from its number one",
        help="Shows the whole queue again with the cursor on its number one.",
        group=Group.LOOK,
        unusable=without_database,
    ),
    Command(
        id="back",
        title="Back",
        label="back",
        keys=("escape",),
        tooltip="Back to the list, out of a filter, and to the queue",
        help="Goes back a step: dismisses what the board says in passing, then to the list, takes"
        " the marks away, out of the filter, and from the declined tickets to the queue.",
        group=Group.LOOK,
        unusable=never,
    ),
)

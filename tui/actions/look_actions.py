"""What the board shows."""

from typing import Final

from policy.words import Action
from tui.actions.declaration import Command, CommandGroup, never, without_database
from tui.actions.only_here import OnlyHere

LOOK_COMMANDS: Final = (
    Command(
        id="new",
        title="Open a new ticket",
        label="new",
        keys=("n",),
        tooltip="Open a ticket and see what the policy decides",
        help="Opens a ticket. The form says while you type what intake would decide, and why. That"
        " of a CE is a trial customer's, and stays in the form until intake would take it in.",
        typed=("new",),
        group=CommandGroup.LOOK,
        action=Action.OPEN_TRIAL_TICKET,
        unusable=without_database,
    ),
    Command(
        id="filter",
        title="Filter the list",
        label="find",
        keys=("/",),
        tooltip="Show only what matches",
        help="Shows only what matches, for example: assignee:me status:pending login page."
        " The same words work in numberone list. Esc shows everything again.",
        typed=("list",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="mine",
        title="Mine",
        label="mine",
        keys=("4",),
        tooltip="Show what of the queue is yours, or the queue again",
        help="Shows what of the queue you have; once more shows the whole queue again.",
        typed=("list",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="mine_pending",
        title="Mine, and pending",
        label="mine, pending",
        keys=("5",),
        tooltip="Show which of yours wait for their customers, or the queue again",
        help="Shows which of yours are pending: the next step is their customers'. Once more shows"
        " the whole queue again.",
        typed=("list",),
        group=CommandGroup.LOOK,
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
        typed=("list --declined",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="engineers_view",
        title="The engineer's view",
        label="engineer's view",
        keys=("E",),
        tooltip="What waits for engineering, each with its whole context",
        help="Shows what waits for engineering: what cannot wait, then the oldest hand-over first,"
        " each with its whole context, to decide its timing or to ask back. An engineer's board"
        " opens on it.",
        typed=("review",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="number_one",
        title="Go to number one",
        label="number one",
        keys=("g",),
        tooltip="Show the whole queue from its number one",
        help="Shows the whole queue again with the cursor on its number one.",
        typed=("next",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="report",
        title="What the shift looked like",
        label="report",
        keys=("R",),
        tooltip="First responses, number ones, load and level over the days",
        help="Shows what the last days looked like: first responses within contract and against the"
        " aim, number ones and who picked them up, promises, deviations, load and level.",
        typed=("report",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="rehearse",
        title="Rehearse another policy or team",
        label="what if",
        keys=("W",),
        tooltip="Play the last days again under a policy file or with a team file",
        help="Plays the last 30 days of the desk's own tickets again, as it is and under a policy"
        " or with a team from a file, side by side: within contract, promises kept, hours of hard"
        " choices, who waits longest. Nothing is changed by it.",
        typed=("rehearse",),
        group=CommandGroup.LOOK,
        unusable=without_database,
    ),
    Command(
        id="back",
        title="Back",
        label="back",
        keys=("escape",),
        tooltip="Back to the list, out of a filter, and to the queue",
        help="Goes back a step: dismisses what the board says in passing, then to the list, takes"
        " the marks away, out of the filter, from the declined tickets to the queue, and from the"
        " past to now.",
        typed=OnlyHere("it leads back on the screen"),
        group=CommandGroup.LOOK,
        unusable=never,
    ),
)

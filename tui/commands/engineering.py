"""The commands of the engineer's view, declared once like the board's.

The keys that decide a timing are not here: they follow from the names that the policy gives.
"""

from typing import Final

from policy.words import Action
from tui.commands.declaration import Command, Group, never

ENGINEERS_COMMANDS: Final = {
    command.id: command
    for command in (
        Command(
            id="decide",
            title="Decide the timing",
            label="decide",
            keys=("enter",),
            tooltip="Review the ticket and decide its timing, with a note",
            help="Reviews the ticket under the cursor and decides its timing, with a note for"
            " support. Every timing of the policy also has a key of its own, named at the bottom.",
            group=Group.ENGINEERS,
            action=Action.REVIEW,
            unusable=never,
        ),
        Command(
            id="ask_support",
            title="Back to support",
            label="ask",
            keys=("a",),
            tooltip="Send the ticket back with the question what is missing",
            help="Sends the ticket under the cursor back to support with a question: what is"
            " missing to decide.",
            group=Group.ENGINEERS,
            action=Action.REVIEW,
            unusable=never,
        ),
        Command(
            id="unfold",
            title="Unfold",
            label="unfold",
            keys=("space",),
            tooltip="Show long answers in full, or short again",
            help="Shows long answers of the context in full, or so short that all are seen at"
            " once.",
            group=Group.ENGINEERS,
            unusable=never,
        ),
    )
}
"""Every command of the engineer's view by its id, in the order in which help lists them."""

SHARED_WITH_ENGINEERS: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "engineers_view", "comment", "capacity", "help", "theme", "quit"),
)
"""The board's commands that are as good in the engineer's view; Space unfolds there."""

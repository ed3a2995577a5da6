"""The commands of the time screen, declared once like the board's; they have keys of their own."""

from typing import Final

from policy.words import Action
from tui.commands.declaration import Command, Group, without_database


def _of_time(
    id: str,  # noqa: A002 - as in Command
    title: str,
    label: str,
    key: str,
    help: str,  # noqa: A002 - as in Command
) -> Command:
    return Command(
        id=id,
        title=title,
        label=label,
        keys=(key,),
        tooltip=title,
        help=help,
        group=Group.TIME,
        unusable=without_database,
        action=Action.RECORD_TIME,
    )


TIME_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_time(
            "protected_time",
            "Take the protected time",
            "take it",
            "t",
            "Makes the internal ticket that is offered yours, and starts the timer on it.",
        ),
        _of_time(
            "customer_work",
            "Start on customer work",
            "customer work",
            "c",
            "Starts the timer on customer work without a ticket; one that runs is stopped.",
        ),
        _of_time(
            "internal_work",
            "Start on internal work",
            "internal work",
            "n",
            "Starts the timer on internal work without a ticket; one that runs is stopped.",
        ),
        _of_time(
            "edit_entry",
            "Edit the entry",
            "edit",
            "e",
            "Changes when the entry under the cursor began and ended, what it went to, its note.",
        ),
        _of_time("remove_entry", "Remove the entry", "remove", "x", "Takes the entry out."),
    )
}
"""Every command of the time screen by its id, in the order in which help lists them."""

SHARED_WITH_TIME: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "timer", "allocation", "capacity", "help", "theme", "quit"),
)
"""The board's commands that are as good on the time screen."""

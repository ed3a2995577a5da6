"""What happened, taking it back, and looking at the desk as it was."""

from typing import Final

from policy.words import Action
from tui.actions.declaration import ActionContext, Command, CommandGroup, never, without_database
from tui.actions.only_here import OnlyHere


def _in_the_past_only(situation: ActionContext) -> str | None:
    if situation.past is None:
        return "that leads about in the past, and this is now"
    return without_database(situation)


def _about(id: str, title: str, label: str, key: str, help: str) -> Command:  # noqa: A002 - as in Command
    return Command(
        id=id,
        title=title,
        label=label,
        keys=(key,),
        tooltip=help,
        help=help,
        typed=OnlyHere(
            "it steps about in the past that is shown; numberone history lists the steps"
        ),
        group=CommandGroup.HISTORY,
        unusable=_in_the_past_only,
    )


HISTORY_COMMANDS: Final = (
    Command(
        id="undo",
        title="Take back",
        label="take back",
        keys=("z",),
        tooltip="Take back the last thing you did",
        help="Takes back the last thing you did, whole, and says what that was. Refused where"
        " somebody has changed the ticket since.",
        typed=("undo",),
        group=CommandGroup.HISTORY,
        action=Action.LOOK,  # whether they may do what is reversed, the desk decides
        unusable=without_database,
    ),
    Command(
        id="redo",
        title="Do again",
        label="do again",
        keys=("Z",),
        tooltip="Do again what you took back last",
        help="Does again what you took back last, unless you have done something else since.",
        typed=("redo",),
        group=CommandGroup.HISTORY,
        action=Action.LOOK,  # the same
        unusable=without_database,
    ),
    Command(
        id="history",
        title="What happened",
        label="history",
        keys=("H",),
        tooltip="Show what happened, by ticket, person, kind and time",
        help="Shows what happened, the latest first, by ticket, person, kind and time. Enter"
        " looks at the desk as it was right after.",
        typed=("history",),
        group=CommandGroup.HISTORY,
        unusable=without_database,
    ),
    Command(
        id="past",
        title="Look at the past",
        label="past",
        keys=("P",),
        tooltip="Look at the desk as it was at some time",
        help="Looks at the whole desk as it was at some time: what was number one then, and why."
        " Nothing of it can be changed; going back leads to now.",
        typed=("next --at", "list --at", "explain --at"),
        group=CommandGroup.HISTORY,
        unusable=without_database,
    ),
    _about("earlier", "Earlier", "earlier", "[", "In the past: one thing earlier."),
    _about("later", "Later", "later", "]", "In the past: one thing later."),
    _about(
        "number_one_before",
        "The number one before",
        "no. 1 before",
        "{",
        "In the past: to where another ticket was number one before.",
    ),
    _about(
        "number_one_after",
        "The number one after",
        "no. 1 after",
        "}",
        "In the past: to where another ticket was number one next.",
    ),
    _about("hour_earlier", "An hour earlier", "-1 h", "<", "In the past: an hour earlier."),
    _about("hour_later", "An hour later", "+1 h", ">", "In the past: an hour later."),
)

IN_HISTORY_COMMANDS: Final = {
    command.id: command
    for command in (
        Command(
            id="only_ticket",
            title="Only this ticket",
            label="only this ticket",
            keys=("t",),
            tooltip="Only what happened to the ticket, or everything again",
            help="Shows only what happened to the ticket that the board's cursor is on, or"
            " everything again.",
            typed=("history --ticket",),
            group=CommandGroup.IN_HISTORY,
            unusable=never,
        ),
    )
}
"""The commands that only the history screen has, by their ids."""

SHARED_WITH_HISTORY: Final = (
    *("down", "up", "page_down", "page_up", "first", "last", "open"),
    *("filter", "undo", "redo", "back", "history", "capacity", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good on the history screen."""

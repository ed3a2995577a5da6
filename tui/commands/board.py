"""The board itself."""

from typing import Final

from tui.commands.declaration import Command, Group, never

BOARD_COMMANDS: Final = (
    Command(
        id="help",
        title="Help",
        label="help",
        keys=("?", "f1"),
        tooltip="All keys and the words of the filter",
        help="Shows this page.",
        group=Group.BOARD,
        unusable=never,
    ),
    Command(
        id="palette",
        title="Commands",
        label="commands",
        keys=("ctrl+p", ":"),
        tooltip="Find a command by its name",
        help="Finds a command by its name.",
        group=Group.BOARD,
        unusable=never,
    ),
    Command(
        id="theme",
        title="Light or dark",
        label="theme",
        keys=("T",),
        tooltip="Change between the light and the dark theme",
        help="Changes between the light and the dark theme; the board remembers which.",
        group=Group.BOARD,
        unusable=never,
    ),
    Command(
        id="quit",
        title="Quit",
        label="quit",
        keys=("q",),
        tooltip="Leave the board",
        help="Leaves the board; everything done is kept already. In the past it leads to now.",
        group=Group.BOARD,
        unusable=never,
    ),
)

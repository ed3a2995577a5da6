"""The board itself, and moving about it."""

from typing import Final

from tui.actions.declaration import Command, CommandGroup, never
from tui.actions.only_here import OnlyHere

BOARD_COMMANDS: Final = (
    Command(
        id="help",
        title="Help",
        label="help",
        keys=("?", "f1"),
        tooltip="All keys and the words of the filter",
        help="Shows this page.",
        typed=OnlyHere("it is about the keys; every command has --help"),
        group=CommandGroup.BOARD,
        unusable=never,
    ),
    Command(
        id="palette",
        title="Commands",
        label="all",
        keys=("ctrl+p", ":"),
        tooltip="Find a command by its name",
        help="Finds a command by its name.",
        typed=OnlyHere("it finds a command on the board; a shell completes them"),
        group=CommandGroup.BOARD,
        unusable=never,
    ),
    Command(
        id="theme",
        title="Light or dark",
        label="theme",
        keys=("T",),
        tooltip="Change between the light and the dark theme",
        help="Changes between the light and the dark theme; the board remembers which.",
        typed=OnlyHere("it is about the colours of the board"),
        group=CommandGroup.BOARD,
        unusable=never,
    ),
    Command(
        id="quit",
        title="Quit",
        label="quit",
        keys=("q",),
        tooltip="Leave the board",
        help="Leaves the board; everything done is kept already. In the past it leads to now.",
        typed=OnlyHere("it closes the board"),
        group=CommandGroup.BOARD,
        unusable=never,
    ),
)


def _move(id: str, title: str, keys: tuple[str, ...], help: str) -> Command:  # noqa: A002 - as in Command
    return Command(
        id=id,
        title=title,
        label=title.lower(),
        keys=keys,
        tooltip=help,
        help=help,
        typed=OnlyHere("it moves the cursor"),
        group=CommandGroup.MOVE,
        unusable=never,
    )


MOVE_COMMANDS: Final = (
    _move("down", "Down", ("j", "down"), "One line down."),
    _move("up", "Up", ("k", "up"), "One line up."),
    _move("page_down", "Page down", ("pagedown",), "One page down."),
    _move("page_up", "Page up", ("pageup",), "One page up."),
    _move("first", "First", ("home",), "To the first line."),
    _move("last", "Last", ("G", "end"), "To the last line."),
    _move("next_pane", "Next pane", ("tab", "l", "right"), "To the next pane."),
    _move("previous_pane", "Previous pane", ("shift+tab", "h", "left"), "To the pane before."),
    _move("queue", "Queue", ("1",), "To the queue."),
    _move("ticket", "Ticket", ("2",), "To the ticket."),
    _move("team", "Team", ("3",), "To the team."),
    _move(
        "open",
        "Open",
        ("enter",),
        "In the queue: to the ticket. In the team: only what the person is assigned.",
    ),
)

"""Every command of the board, declared once.

The board's keys, footer, palette and help page all read this. Nothing heavy is imported here.
"""

from collections.abc import Mapping
from typing import Final

from policy.words import Role
from tui.actions.board_actions import BOARD_COMMANDS, MOVE_COMMANDS
from tui.actions.bulk_actions import BULK_COMMANDS, LOOK_FOR_COMMANDS
from tui.actions.conversation_actions import CONVERSATION_COMMANDS
from tui.actions.history_actions import HISTORY_COMMANDS
from tui.actions.look_actions import LOOK_COMMANDS
from tui.actions.team_actions import TEAM_COMMANDS
from tui.actions.ticket_actions import TICKET_COMMANDS

COMMANDS: Final = {
    command.id: command
    for command in (
        *TICKET_COMMANDS,
        *CONVERSATION_COMMANDS,
        *BULK_COMMANDS,
        *TEAM_COMMANDS,
        *LOOK_COMMANDS,
        *LOOK_FOR_COMMANDS,
        *HISTORY_COMMANDS,
        *MOVE_COMMANDS,
        *BOARD_COMMANDS,
    )
}
"""Every command by its id, in the order in which help lists them."""

FOOTER: Final = (
    "take",
    "reply",
    "heard",
    "status",
    "engineering",
    "assign",
    "new",
    "out",
    "waits",
    "filter",
    "help",
    "palette",
)
"""The commands that the footer names, in the order of their use, which is the same everywhere."""

FIRST_OF: Final[Mapping[Role, tuple[str, ...]]] = {Role.CE: ("new",)}
"""The commands that a role finds first, in the footer, the palette and the help; of the others it
finds in the footer only those that it may use."""

FOOTER_OF_MARKED: Final = ("take", "assign", "status", "message", "mark", "help", "palette")
"""The commands that the footer names while tickets are marked."""

FOOTER_OF_DECLINED: Final = ("copy", "new", "filter", "help", "palette")
"""The commands that the footer names while the declined tickets are shown."""

FOOTER_OF_PAST: Final = (
    *("earlier", "later", "number_one_before", "number_one_after", "hour_earlier", "hour_later"),
    *("filter", "history", "past", "help"),
)
"""The commands that the footer names in the past; how to leave it stands above all the time."""

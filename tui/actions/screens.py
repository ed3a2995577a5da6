"""Which commands each screen has, and every command there is."""

from collections.abc import Mapping
from typing import Final

from tui.actions.commands import COMMANDS
from tui.actions.conversation_actions import (
    ANSWER_COMMANDS,
    SHARED_WITH_ANSWER,
    SHARED_WITH_CONVERSATION,
)
from tui.actions.engineering_actions import ENGINEERS_COMMANDS, SHARED_WITH_ENGINEERS
from tui.actions.history_actions import IN_HISTORY_COMMANDS, SHARED_WITH_HISTORY
from tui.actions.report_actions import REPORT_COMMANDS, SHARED_WITH_REPORT
from tui.actions.time_actions import SHARED_WITH_TIME, TIME_COMMANDS
from tui.actions.waits_actions import SHARED, WAITS_COMMANDS

_PAGES: Final = ("down", "up", "page_down", "page_up", "back", "quit", "palette")
"""The board's commands that are as good on a page over it."""

SCREENS: Final[Mapping[str, tuple[str, ...]]] = {
    "board": tuple(COMMANDS),
    "conversation": SHARED_WITH_CONVERSATION,
    "answer": (*ANSWER_COMMANDS, *SHARED_WITH_ANSWER),
    "waits": (*WAITS_COMMANDS, *SHARED),
    "engineers": (*ENGINEERS_COMMANDS, *SHARED_WITH_ENGINEERS),
    "history": (*IN_HISTORY_COMMANDS, *SHARED_WITH_HISTORY),
    "time": (*TIME_COMMANDS, *SHARED_WITH_TIME),
    "report": (*REPORT_COMMANDS, *SHARED_WITH_REPORT),
    "rehearsal": (
        *("report_day", "report_week", "report_month", "rehearse"),
        *("down", "up", "page_down", "page_up", "first", "last"),
        *("back", "help", "palette", "theme", "quit"),
    ),
    "note": ("report_copy", "report_save", "handover_note", *_PAGES),
    "capacity": ("capacity", *_PAGES),
    "help": ("help", *_PAGES),
}
"""The ids of the commands of each screen, the board's that are as good there included."""

ALL_COMMANDS: Final = {
    **COMMANDS,
    **ANSWER_COMMANDS,
    **WAITS_COMMANDS,
    **ENGINEERS_COMMANDS,
    **IN_HISTORY_COMMANDS,
    **TIME_COMMANDS,
    **REPORT_COMMANDS,
}
"""Every command there is, by its id."""

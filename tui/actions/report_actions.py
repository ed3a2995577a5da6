"""The commands of the report screen, declared once like the board's; they have their own keys."""

from functools import partial
from typing import Final

from tui.actions.declaration import Command, CommandGroup, never

_of_report = partial(Command, group=CommandGroup.REPORT, unusable=never)

REPORT_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_report(
            id="report_day",
            title="The last day",
            label="a day",
            keys=("d",),
            tooltip="Show the last 24 hours",
            help="Shows the last 24 hours.",
            typed=("report --days",),
        ),
        _of_report(
            id="report_week",
            title="The last 7 days",
            label="7 days",
            keys=("w",),
            tooltip="Show a week, up to now",
            help="Shows the last 7 days.",
            typed=("report",),
        ),
        _of_report(
            id="report_month",
            title="The last 28 days",
            label="28 days",
            keys=("m",),
            tooltip="Show four weeks, up to now",
            help="Shows the last 28 days.",
            typed=("report --days",),
        ),
        _of_report(
            id="report_copy",
            title="Copy as Markdown",
            label="copy",
            keys=("y",),
            tooltip="Put it on the clipboard, for a wiki or a message",
            help="Copies the report as Markdown, for a wiki or a message.",
            typed=("report --format", "handover-note"),
        ),
        _of_report(
            id="report_save",
            title="Save as Markdown",
            label="save",
            keys=("s",),
            tooltip="Write it to a file where the board was opened",
            help="Saves the report as Markdown, in the folder from which the board was opened.",
            typed=("report --output", "handover-note --output"),
        ),
    )
}
"""Every command of the report screen by its id, in the order in which help lists them."""

SHARED_WITH_REPORT: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "report", "rehearse", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good on the report screen."""

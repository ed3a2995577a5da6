"""The commands of the report screen, declared once like the board's; they have their own keys."""

from typing import Final

from tui.actions.declaration import Command, CommandGroup, never


def _of_report(
    id: str,  # noqa: A002 - as in Command
    label: str,
    key: str,
    title: str,
    *,
    tooltip: str,
    help: str,  # noqa: A002 - as in Command
    typed: tuple[str, ...],
) -> Command:
    return Command(
        id=id,
        title=title,
        label=label,
        keys=(key,),
        tooltip=tooltip,
        help=help,
        typed=typed,
        group=CommandGroup.REPORT,
        unusable=never,
    )


REPORT_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_report(
            "report_day",
            "a day",
            "d",
            "The last day",
            tooltip="Show the last 24 hours",
            help="Shows the last 24 hours.",
            typed=("report --days",),
        ),
        _of_report(
            "report_week",
            "7 days",
            "w",
            "The last 7 days",
            tooltip="Show a week, up to now",
            help="Shows the last 7 days.",
            typed=("report",),
        ),
        _of_report(
            "report_month",
            "28 days",
            "m",
            "The last 28 days",
            tooltip="Show four weeks, up to now",
            help="Shows the last 28 days.",
            typed=("report --days",),
        ),
        _of_report(
            "report_copy",
            "copy",
            "y",
            "Copy as Markdown",
            tooltip="Put it on the clipboard, for a wiki or a message",
            help="Copies the report as Markdown, for a wiki or a message.",
            typed=("report --format", "handover-note"),
        ),
        _of_report(
            "report_save",
            "save",
            "s",
            "Save as Markdown",
            tooltip="Write it to a file where the board was opened",
            help="Saves the report as Markdown, in the folder from which the board was opened.",
            typed=("report --output", "handover-note --output"),
        ),
    )
}
"""Every command of the report screen by its id, in the order in which help lists them."""

SHARED_WITH_REPORT: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "report", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good on the report screen."""

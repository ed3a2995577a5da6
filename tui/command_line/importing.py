"""The command that takes tickets in from a file."""

import sys
from typing import TYPE_CHECKING

import click

from policy.words import Action
from tui.command_line import printing
from tui.command_line.endings import REFUSED
from tui.command_line.grammar import Command, Heading, OneOf, pass_session
from tui.command_line.progress import progress_bar
from tui.command_line.session import Session
from tui.text import plain_line

if TYPE_CHECKING:
    from channels.importing import ImportReport

FORMATS = ("jsonl", "csv", "zendesk")


@click.command(
    "import",
    cls=Command,
    action=Action.IMPORT_TICKETS,
    heading=Heading.TEAM,
    short_help="Take tickets in from a file.",
    examples=[
        ("numberone import tickets.jsonl", "one JSON object a line"),
        ("numberone import export.json --format zendesk", "tickets of Zendesk's API"),
        ("numberone import old.csv.gz --map old.toml", "any other CSV"),
        ("numberone import tickets.csv --dry-run", "say what would be done"),
    ],
)
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "format_",
    type=OneOf(FORMATS),
    help="What the file is, if its name and beginning do not say it.",
)
@click.option(
    "--map",
    "mapping",
    metavar="FILE",
    type=click.Path(),
    help="A mapping, which says what is which in another file: a TOML file, or one that"
    " comes with the program: incident_event_log or zendesk.",
)
@click.option("--strict", is_flag=True, help="Take in nothing when one line is bad.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@pass_session
def import_command(
    session: Session,
    *,
    file: str,
    format_: str | None,
    mapping: str | None,
    strict: bool,
    dry_run: bool,
) -> None:
    """Take tickets in from a file, plain or .gz, or from standard input (-).

    The same file again changes nothing, a later one updates what differs. Bad lines are named,
    and the good ones beside them go in.
    """
    from channels.formats import Format  # noqa: PLC0415 - heavy, and help is not
    from channels.importing import import_file  # noqa: PLC0415 - heavy

    with (
        session.desk() as desk,
        desk.one_action(),
        progress_bar("Importing", shown=not session.json) as progress,
    ):
        report = import_file(
            desk,
            file,
            format=None if format_ is None else Format(format_),
            mapping=mapping,
            strict=strict,
            dry_run=dry_run,
            progress=progress,
        )
    _tell_rejected(file, report)
    if session.json:
        printing.print_json(report.as_json())
    else:
        printing.printer().say(_sentence(report, strict=strict, dry_run=dry_run))
    if report.rejected_in_all:
        raise click.exceptions.Exit(REFUSED)


def _tell_rejected(file: str, report: "ImportReport") -> None:
    """Name every rejected line on the error stream, in a line of its own."""
    for rejected in report.rejected:
        place = f"{file}, {report.place} {rejected.line}"
        sys.stderr.write(f"numberone: {plain_line(f'{place}: {rejected.error}')}\n")
    if report.left_out:
        sys.stderr.write(f"numberone: {plain_line(file)}: and {report.left_out:,} more\n")


def _sentence(report: "ImportReport", *, strict: bool, dry_run: bool) -> str:
    counts = [
        (report.admitted, "admitted"),
        (report.declined, "declined"),
        (report.updated, "updated"),
        (report.unchanged, "unchanged"),
        (report.rejected_in_all, "rejected"),
        (report.held_back, "good but held back"),
    ]
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    read = f"{report.read:,} read"
    outcome = f"{read}: {said}." if said else f"{read}."
    if dry_run:
        return f"{outcome} Nothing was changed: this was a dry run."
    if strict and report.rejected_in_all:
        return f"{outcome} Nothing was taken in."
    return outcome

"""The commands that take tickets in from a file, and write everything out."""

import sys
from typing import TYPE_CHECKING

import click

from policy.words import Action
from tui.actions.only_here import OnlyHere
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, OneOf, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.progress import progress_bar
from tui.cli.render import printing
from tui.phrasing.text import plain_block, plain_line

if TYPE_CHECKING:
    from connections.files.import_report import Grouped, ImportReport

EXPORT_FORMATS = ("jsonl", "csv")


@click.command(
    "export",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    short_help="Write everything out, to be imported elsewhere.",
    examples=[
        ("numberone export all.jsonl", "everything: tickets, history, team, notices, time"),
        ("numberone --db new.db import all.jsonl", "the same again, in a new database"),
        ("numberone export all.csv", "for a spreadsheet"),
        ("numberone export --tickets-only > tickets.jsonl", "tickets, as import reads them"),
    ],
)
@click.argument("file", type=click.Path(), default="-")
@click.option(
    "--format",
    "format_",
    type=OneOf(EXPORT_FORMATS),
    help="By default what the file's ending says.",
)
@click.option("--tickets-only", is_flag=True, help="Only the tickets, in the import's own format.")
@click.option("--force", is_flag=True, help="Replace the file when there is one.")
@pass_invocation
def export_command(
    invocation: Invocation, *, file: str, format_: str | None, tickets_only: bool, force: bool
) -> None:
    """Write everything out as of one instant, to a file or to standard output (-).

    On a terminal, which obeys control characters, they are shown instead: say a file, or pipe it.
    JSON lines or CSV. import takes it back without loss into an empty database; a line that was
    changed or is missing is found. In a CSV what a spreadsheet would take for a formula has a '
    in front.
    """
    from connections.files.exporting import export_file, format_of_export  # noqa: PLC0415 - heavy
    from connections.files.formats import Format  # noqa: PLC0415 - heavy, and help is not

    chosen = format_of_export(file, None if format_ is None else Format(format_))
    at_terminal = file == "-" and sys.stdout.isatty()
    with invocation.desk() as desk, progress_bar("Exporting", shown=file != "-") as progress:
        export_file(
            desk.transfer,
            file,
            chosen,
            tickets_only=tickets_only,
            force=force,
            progress=progress,
            as_shown=plain_block if at_terminal else str,
        )


IMPORT_FORMATS = ("jsonl", "csv", "zendesk")


@click.command(
    "import",
    cls=ShellCommand,
    action=Action.IMPORT_TICKETS,
    only_here=OnlyHere("it reads a file, and says line by line what is wrong with it"),
    heading=CommandHeading.TEAM,
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
    type=OneOf(IMPORT_FORMATS),
    help="What the file is, if its name and beginning do not say it.",
)
@click.option(
    "--map",
    "mapping",
    metavar="FILE",
    type=click.Path(),
    help="A mapping, which says what is which in another file: a TOML file, or one that"
    " comes with the program: zendesk, incident_event_log or"
    " incident_event_log_first_and_last.",
)
@click.option("--strict", is_flag=True, help="Take in nothing when one line is bad.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@pass_invocation
def import_command(
    invocation: Invocation,
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
    from connections.files.formats import Format  # noqa: PLC0415 - heavy, and help is not
    from connections.files.importing import import_file  # noqa: PLC0415 - heavy

    with (
        invocation.desk() as desk,
        desk.one_action(),
        progress_bar("Importing", shown=not invocation.json) as progress,
    ):
        report = import_file(
            desk.transfer,
            file,
            format=None if format_ is None else Format(format_),
            mapping=mapping,
            strict=strict,
            dry_run=dry_run,
            progress=progress,
        )
    _tell_lines(file, report)
    for note in report.notes:
        sys.stderr.write(f"numberone: {plain_line(f'{file}: {note}')}\n")
    if invocation.json:
        printing.print_json(report.as_json())
    else:
        invocation.printer().say(_sentence(report, strict=strict, dry_run=dry_run))
    if report.rejected_in_all:
        raise click.exceptions.Exit(REFUSED)


def _tell_lines(file: str, report: "ImportReport") -> None:
    """Name on the error stream what is wrong in which lines; many with the same are one."""
    _tell(file, report.place, report.faults, "")
    _tell(file, report.place, report.warnings, "warning: ")


def _tell(file: str, place: str, grouped: "Grouped", what: str) -> None:
    for each in grouped:
        line = f"{file}, {each.places(place)}: {what}{each.sentence}"
        sys.stderr.write(f"numberone: {plain_line(line)}\n")
    if grouped.beyond:
        sys.stderr.write(f"numberone: {plain_line(file)}: {what}and {grouped.beyond:,} more\n")


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

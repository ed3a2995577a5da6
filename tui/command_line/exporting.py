"""The command that writes everything out, for another place or another program."""

import click

from policy.words import Action
from tui.command_line.grammar import Command, Heading, OneOf, pass_session
from tui.command_line.progress import progress_bar
from tui.command_line.session import Session

FORMATS = ("jsonl", "csv")


@click.command(
    "export",
    cls=Command,
    action=Action.LOOK,
    heading=Heading.TEAM,
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
    "--format", "format_", type=OneOf(FORMATS), help="By default what the file's ending says."
)
@click.option("--tickets-only", is_flag=True, help="Only the tickets, in the import's own format.")
@click.option("--force", is_flag=True, help="Replace the file when there is one.")
@pass_session
def export_command(
    session: Session, *, file: str, format_: str | None, tickets_only: bool, force: bool
) -> None:
    """Write everything out as of one instant, to a file or to standard output (-).

    JSON lines or CSV. import takes it back without loss into an empty database; a line that was
    changed or is missing is found. In a CSV what a spreadsheet would take for a formula has a '
    in front.
    """
    from channels.exporting import export_file, format_of_export  # noqa: PLC0415 - heavy
    from channels.formats import Format  # noqa: PLC0415 - heavy, and help is not

    chosen = format_of_export(file, None if format_ is None else Format(format_))
    with session.desk() as desk, progress_bar("Exporting", shown=file != "-") as progress:
        export_file(desk, file, chosen, tickets_only=tickets_only, force=force, progress=progress)

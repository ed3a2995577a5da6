"""Duplicates made one ticket, mixed ones made two, and the note at the end of a shift."""

from pathlib import Path

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.actions.commands import COMMANDS
from tui.cli.decided_on import on_tickets, takes_versions
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import PlacedTicket, placed, tell_placed
from tui.cli.policy_words import WordKind, WordOf, meant
from tui.cli.render import printing
from tui.cli.render.ticket_documents import shift_note_document
from tui.report.shift_note_page import markdown, write


@click.command(
    "merge",
    cls=ShellCommand,
    action=COMMANDS["merge"].action,
    heading=CommandHeading.WORK,
    help=COMMANDS["merge"].help,
    short_help=f"{COMMANDS['merge'].tooltip}.",
    examples=[("numberone merge 4130 4127", "4130 is a duplicate; 4127 goes on")],
)
@click.argument("reference", metavar="ID", type=Text())
@click.argument("into", metavar="INTO", type=Text())
@takes_versions
@pass_invocation
def merge_command(invocation: Invocation, reference: str, into: str) -> None:
    """Close a duplicate; its customer waits in the other ticket."""
    with on_tickets(invocation, [reference, into]) as (desk, (number, goes_on)):
        both = desk.merging.merge(number, goes_on)
        stand = {
            "ticket": placed(invocation, desk, both.duplicate),
            "into": placed(invocation, desk, both.into),
        }
    _tell(invocation, stand, "into", f"#{both.duplicate.id} is merged into it.")


@click.command(
    "split",
    cls=ShellCommand,
    action=COMMANDS["split"].action,
    heading=CommandHeading.WORK,
    help=COMMANDS["split"].help,
    short_help=f"{COMMANDS['split'].tooltip}.",
    examples=[
        ('numberone split 4127 --subject "And the bill is wrong"', "a ticket for the bill"),
        ('numberone split 4127 --subject "The bill" --severity 3', "of another severity"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--subject", metavar="TEXT", type=Text(), required=True, help="What the part is.")
@click.option("--body", metavar="TEXT", type=Text(), default="", help="More about it.")
@click.option(
    "--severity", type=WordOf(WordKind.SEVERITY), help="When it is not that of the whole."
)
@takes_versions
@pass_invocation
def split_command(
    invocation: Invocation, *, reference: str, subject: str, body: str, severity: str | None
) -> None:
    """Make a part of a mixed ticket a ticket of its own."""
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        severe = (
            None if severity is None else meant("--severity", severity, invocation.words.severities)
        )
        new = desk.merging.split(number, subject, body, severe)
        stand = {
            "ticket": placed(invocation, desk, new),
            "from": placed(invocation, desk, desk.tickets.get(number)),
        }
    _tell(invocation, stand, "ticket", f"It is split off from #{number}.")


@click.command(
    "handover-note",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="What you hand over at the end of a shift, as Markdown.",
    examples=[
        ("numberone handover-note", "what is yours, where it stands, what is next"),
        ("numberone handover-note --of mariam", "what is mariam's, who has left"),
        ("numberone handover-note --output note.md", "into a file"),
    ],
)
@click.option("--of", "login", metavar="LOGIN", type=Text(), help="Whose; you, unless said.")
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file."
)
@click.option("--overwrite", is_flag=True, help="Even where there is a file already.")
@pass_invocation
def handover_note_command(
    invocation: Invocation, *, login: str | None, output: Path | None, overwrite: bool
) -> None:
    """Say what somebody hands over at the end of a shift, as Markdown.

    What is theirs, where it stands, the last steps and whose, the next step, whose and by when, and
    what customers were promised.
    """
    if overwrite and output is None:
        raise click.UsageError("--overwrite is for --output.")
    with invocation.snapshot() as desk:
        note = desk.shift.handover_note(login)
        targets_of = desk.policy.targets_of()
        forecasts = desk.waits.forecasts(None if invocation.json else ())
    text = markdown(note, invocation.zone)
    if output is not None and not write(output, text, overwrite=overwrite):
        raise Refusal(f"{output} exists already; name another file, or say --overwrite")
    if invocation.json:
        printing.print_json(shift_note_document(note, targets_of, forecasts))
    elif output is not None:
        invocation.printer().say(f"The note is in {output}.")
    else:
        click.echo(text, nl=False)


def _tell(invocation: Invocation, tickets: dict[str, PlacedTicket], told: str, done: str) -> None:
    """Print the tickets by their names in JSON, or in words the one that matters from now on."""
    if invocation.json:
        printing.print_json({name: each.document for name, each in tickets.items()})
    else:
        tell_placed(invocation, tickets[told], done)

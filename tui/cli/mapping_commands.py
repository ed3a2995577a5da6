"""The commands about mappings, which say what is which in files of another shape."""

import sys
from pathlib import Path

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.cli.grammar import CommandHeading, OneOf, ShellGroup, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.cli.transfer_commands import IMPORT_FORMATS
from tui.phrasing.text import plain_line


@click.group(
    "mapping",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    short_help="Make a mapping for files of another shape.",
    examples=[
        ("numberone mapping draft export.csv > ours.toml", "a first one, from what is in the file"),
        ("numberone import export.csv --map ours.toml --dry-run", "see what it does"),
    ],
)
def mapping_group() -> None:
    """Make a mapping, which says what is which in a file of another program. Nothing is changed."""


@mapping_group.command(
    "draft",
    action=Action.LOOK,
    short_help="Write a first mapping from a file's headings and values.",
    examples=[
        ("numberone mapping draft export.csv", "print it"),
        ("numberone mapping draft issues.json -o jira.toml", "write it to a new file"),
    ],
)
@click.argument("file", type=click.Path())
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Write it to a new file.")
@click.option(
    "--format",
    "format_",
    type=OneOf(IMPORT_FORMATS),
    help="What the file is, if its name and beginning do not say it.",
)
@pass_invocation
def draft_command(
    invocation: Invocation, *, file: str, output: str | None, format_: str | None
) -> None:
    """Write a first mapping for a file, from its headings and values; import --map reads it.

    What it could not decide is marked as undecided, with what it took instead.
    """
    from connections.files.drafting.mapping_draft import (  # noqa: PLC0415 - heavy
        draft_mapping,
        undecided_in,
    )
    from connections.files.formats import Format  # noqa: PLC0415 - heavy, and help is not
    from connections.files.ticket_file import TicketFile  # noqa: PLC0415 - heavy

    words = invocation.rulebook_in_force().vocabulary
    with TicketFile.open(file) as opened:
        text = draft_mapping(opened, None if format_ is None else Format(format_), words)
    if output is None:
        printing.print_file(text)
    else:
        _write_anew(output, text)
    count = undecided_in(text)
    things = "1 thing is" if count == 1 else f"{count} things are"
    if count:
        where = f'{things} undecided in it; look for "undecided"'
        sys.stderr.write(f"numberone: {plain_line(f'{output or file}: {where}')}\n")


def _write_anew(path: str, text: str) -> None:
    """Write a file that is not there yet; raises Refusal when it is, or cannot be written."""
    try:
        with Path(path).open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise Refusal(f"{path} is there already; name a new file") from None
    except (OSError, ValueError) as error:
        words = (getattr(error, "strerror", None) or str(error)).lower()
        raise Refusal(f"{path} cannot be written: {words}") from None

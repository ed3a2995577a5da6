"""The command that plays the last days again under something else: ``rehearse``."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.words import Action
from tui.cli.grammar import CommandHeading, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.progress import progress_bar
from tui.cli.render import printing
from tui.phrasing.text import plain_line
from tui.report.rehearsed_path import rehearsed_at

if TYPE_CHECKING:
    from policy.rehearsal.play_figures import Rehearsal

# What a rehearsal is made of brings the roster and the policy: help and completion do without.
# ruff: noqa: PLC0415

_DAY = timedelta(days=1)
_MOST_DAYS = 366
_OF_A_THOUSAND = 1_000
_ROOM_TO_READ = 12


@click.command(
    "rehearse",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="Play the last days again under another policy, or with another team.",
    examples=[
        ("numberone rehearse ours.toml", "the last 30 days under that policy"),
        ("numberone rehearse team.toml --days 7", "the last week with that team"),
        ("numberone rehearse ours.toml --json", "for a program"),
    ],
)
@click.argument("file", type=click.Path())
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, _MOST_DAYS),
    default=30,
    help="The last N days; by default 30.",
)
@pass_invocation
def rehearse_command(invocation: Invocation, file: str, days: int) -> None:
    """Say what the last days would have been like; nothing is changed.

    FILE is a policy, or a team as team --export writes it; what it says tells which. The desk's
    own tickets are played through intake, order and hours twice: as it is, and under the file.
    How many first responses within contract, promises kept, hours of hard choices, who waits
    longest.
    """
    rehearsed = rehearsed_at(file)
    # As played under the policy in force: a --policy beside the file would have changed the desk.
    now_in_force = replace(invocation, policy=None)
    with now_in_force.snapshot() as desk, progress_bar("Playing", shown=True) as progress:

        def step(share: float) -> None:
            if progress is not None:
                progress(round(share * _OF_A_THOUSAND), _OF_A_THOUSAND)

        found = desk.rehearsals.rehearse(days * _DAY, rehearsed, Path(file).name, step)
    if invocation.json:
        from tui.report.rehearsal_columns import rehearsal_document

        printing.print_json(rehearsal_document(found))
    else:
        _tell(now_in_force, found)


def _tell(invocation: Invocation, found: "Rehearsal") -> None:
    from tui.report.rehearsal_columns import (
        HEADINGS,
        HOW_IT_IS_PLAYED,
        lines_of_rehearsal,
        title_of_rehearsal,
    )

    out, zone = invocation.printer(), invocation.zone
    out.line((plain_line(title_of_rehearsal(found, zone)), "heading"))
    rows = [
        [
            (each.label, "dim"),
            (plain_line(each.as_it_is), ""),
            (plain_line(each.rehearsed), "strong" if each.differs else ""),
        ]
        for each in lines_of_rehearsal(found, zone)
    ]
    columns = [
        printing.TableColumn(),
        *(printing.TableColumn(at_least=_ROOM_TO_READ) for _ in HEADINGS),
    ]
    out.table(columns, [[("", "dim"), *((each, "dim") for each in HEADINGS)], *rows])
    out.say(HOW_IT_IS_PLAYED)

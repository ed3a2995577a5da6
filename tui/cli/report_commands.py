"""The command that says what a shift looked like: ``report``."""

import io
import json
from contextlib import redirect_stdout
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.vocabulary import NO_WORDS, Vocabulary
from policy.words import Action
from tui.cli.grammar import CommandHeading, OneOf, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.progress import Progress, progress_bar
from tui.cli.render import printing
from tui.report.saving import save

if TYPE_CHECKING:
    from policy.report.report import Report, Step

# What a report is made of brings the roster and the policy: help and completion do without.
# ruff: noqa: PLC0415

_DAY = timedelta(days=1)
_MOST_DAYS = 3_660


class ReportFormat(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


@click.command(
    "report",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="What the last days looked like, in figures.",
    examples=[
        ("numberone report", "the last seven days"),
        ("numberone report --days 1", "the last 24 hours"),
        ("numberone report --from 2026-03-02 --until 2026-03-09", "that week"),
        ("numberone report --format markdown --output week.md", "for the wiki"),
    ],
)
@click.option("--from", "since", metavar="TIME", type=Text(), help="From then on.")
@click.option("--until", metavar="TIME", type=Text(), help="Until then; by default now.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, _MOST_DAYS),
    help="The last N days; by default 7.",
)
@click.option(
    "--format",
    "shape",
    type=OneOf([*ReportFormat]),
    default=ReportFormat.TEXT,
    help="text, markdown, csv or json; text if not said.",
)
@click.option("--output", metavar="FILE", type=click.Path(), help="Write it to a new file.")
@click.option("--force", is_flag=True, help="Write over the file that is there.")
@pass_invocation
def report_command(
    invocation: Invocation,
    *,
    since: str | None,
    until: str | None,
    days: int | None,
    shape: ReportFormat,
    output: str | None,
    force: bool,
) -> None:
    """Say what a span of time looked like.

    First responses within contract and against the aim, number ones and who picked them up,
    promises, deviations, requests to drop everything, and load and level day by day.
    """
    if since is not None and days is not None:
        raise click.UsageError("--from and --days exclude each other.")
    end = (
        invocation.now()
        if until is None
        else invocation.typed("--until", until, end=True, back=True)
    )
    start = end - (days or 7) * _DAY
    if since is not None:
        start = invocation.typed("--from", since, back=True)
    with invocation.snapshot() as desk, progress_bar("Looking back", shown=True) as progress:
        found = desk.reports.report(start, end, invocation.zone, _moving(progress))
    if invocation.json:
        shape = ReportFormat.JSON
    if output is None:
        _print(invocation, found, shape)
    else:
        save(Path(output), _text(found, shape), overwrite=force)
        invocation.printer().say(f"The report is in {output}.")


def _moving(progress: Progress | None) -> "Step":
    """Return what moves the bar with each stage."""
    from policy.report.report import ReportStage

    stages = list(ReportStage)

    def step(stage: ReportStage) -> None:
        if progress is not None:
            progress(stages.index(stage) + 1, len(stages))

    return step


def _print(invocation: Invocation, report: "Report", shape: ReportFormat) -> None:
    if shape is ReportFormat.TEXT:
        from tui.cli.render.report_text import tell_report

        tell_report(invocation.printer(), report)
    else:
        printing.print_file(_text(report, shape))


def _none() -> Vocabulary:
    """Return no words: a report says only those that happened."""
    return NO_WORDS


def _text(report: "Report", shape: ReportFormat) -> str:
    """Return the report as it is written to a file."""
    from tui.cli.render.report_text import tell_report
    from tui.report.report_document import report_document
    from tui.report.report_markdown import markdown
    from tui.report.spreadsheet import spreadsheet

    match shape:
        case ReportFormat.TEXT:
            written = io.StringIO()
            with redirect_stdout(written):
                out = printing.Printer(None, coloured=False, zone=report.zone, read_words=_none)
                tell_report(out, report)
            return written.getvalue()
        case ReportFormat.MARKDOWN:
            return markdown(report)
        case ReportFormat.CSV:
            return spreadsheet(report)
        case ReportFormat.JSON:
            return json.dumps(report_document(report)) + "\n"

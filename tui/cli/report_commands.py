"""The command that says what a shift looked like: ``report``, told in columns."""

import io
import json
import sys
from contextlib import redirect_stdout
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.report.report import Report
from policy.words import Action
from tui.cli.grammar import (
    Command,
    Heading,
    OneOf,
    Text,
    pass_session,
)
from tui.cli.invocation import Session
from tui.cli.progress import (
    Progress,
    progress_bar,
)
from tui.cli.render import printing
from tui.cli.render.printing import (
    Column,
    Printer,
)
from tui.phrasing.text import (
    plain_line,
    width,
)
from tui.phrasing.times import LocalZone
from tui.report.report_files import save
from tui.report.sections import (
    EMPTY,
    Section,
    sections,
    title_of,
)

if TYPE_CHECKING:
    from policy.report.report import (
        Report,
        Step,
    )

_ROOM_TO_READ = 12
"""So many cells of a column of words are kept where there is too little room."""


def tell_report(out: Printer, report: Report) -> None:
    """Print the sections of a report, or that nothing happened."""
    out.line((title_of(report), "heading"))
    if report.is_empty:
        out.say(EMPTY)
        return
    for section in sections(report):
        out.line()
        out.line((section.title, "heading"))
        _tell(out, section)


def _tell(out: Printer, section: Section) -> None:
    label = max((width(label) for label, _ in section.facts), default=0)
    for name, value in section.facts:
        out.line((f"{name:<{label}}  ", "dim"), (plain_line(value), ""))
    if not section.rows:
        return
    columns = [_column(section, place) for place in range(len(section.header))]
    rows = [[(plain_line(cell), "") for cell in row] for row in section.rows]
    out.table(columns, [[(name, "dim") for name in section.header], *rows])


def _column(section: Section, place: int) -> Column:
    is_number = place in section.numbers
    last = place == len(section.header) - 1
    return Column(right=is_number, at_least=_ROOM_TO_READ if last and not is_number else None)


# What a report is made of brings the roster and the policy: help and completion do without.
# ruff: noqa: PLC0415

_DAY = timedelta(days=1)
_MOST_DAYS = 3_660


class Shape(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


@click.command(
    "report",
    cls=Command,
    action=Action.LOOK,
    heading=Heading.LOOK,
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
    type=OneOf([*Shape]),
    default=Shape.TEXT,
    help="text, markdown, csv or json; text if not said.",
)
@click.option("--output", metavar="FILE", type=click.Path(), help="Write it to a new file.")
@click.option("--force", is_flag=True, help="Write over the file that is there.")
@pass_session
def report_command(
    session: Session,
    *,
    since: str | None,
    until: str | None,
    days: int | None,
    shape: Shape,
    output: str | None,
    force: bool,
) -> None:
    """Say what a span of time looked like.

    First responses within contract and against the aim, number ones and who picked them up,
    promises, deviations, requests to drop everything, and load and level day by day.
    """
    if since is not None and days is not None:
        raise click.UsageError("--from and --days exclude each other.")
    end = session.now() if until is None else session.typed("--until", until, end=True, back=True)
    start = end - (days or 7) * _DAY
    if since is not None:
        start = session.typed("--from", since, back=True)
    with session.desk() as desk, progress_bar("Looking back", shown=True) as progress:
        found = desk.report(start, end, LocalZone(), _moving(progress))
    if session.json:
        shape = Shape.JSON
    if output is None:
        _print(found, shape)
    else:
        save(Path(output), _text(found, shape), overwrite=force)
        printing.printer().say(f"The report is in {output}.")


def _moving(progress: Progress | None) -> "Step":
    """Return what moves the bar with each stage."""
    from policy.report.report import Stage

    stages = list(Stage)

    def step(stage: Stage) -> None:
        if progress is not None:
            progress(stages.index(stage) + 1, len(stages))

    return step


def _print(report: "Report", shape: Shape) -> None:
    if shape is Shape.TEXT:
        tell_report(printing.printer(), report)
    else:
        sys.stdout.write(_text(report, shape))


def _text(report: "Report", shape: Shape) -> str:
    """Return the report as it is written to a file."""
    from tui.report.report_document import report_document
    from tui.report.report_files import markdown
    from tui.report.spreadsheet import spreadsheet

    match shape:
        case Shape.TEXT:
            written = io.StringIO()
            with redirect_stdout(written):
                tell_report(printing.Printer(None, coloured=False), report)
            return written.getvalue()
        case Shape.MARKDOWN:
            return markdown(report)
        case Shape.CSV:
            return spreadsheet(report)
        case Shape.JSON:
            return json.dumps(report_document(report)) + "\n"

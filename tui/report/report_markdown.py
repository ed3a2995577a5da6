"""A report as Markdown that a wiki takes as it is."""

from collections.abc import Iterator, Sequence

from policy.report.report import Report
from tui.phrasing.text import escaped
from tui.report.report_sections import EMPTY, ReportSection, sections, title_of

_RULES = {True: "---:", False: "---"}
"""The line under a heading of numbers, which stand right, and of words."""


def markdown(report: Report) -> str:
    """Return the whole report, ending in a line break."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(title_of(report))}"
    if report.is_empty:
        yield from ("", EMPTY)
        return
    for section in sections(report):
        yield from _section(section)


def _section(section: ReportSection) -> Iterator[str]:
    yield from ("", f"## {section.title}")
    if section.facts:
        yield ""
        yield from (f"- {label}: **{escaped(value)}**" for label, value in section.facts)
    if section.rows:
        rules = [
            "---:" if each in section.numbers else "---" for each in range(len(section.header))
        ]
        yield from ("", _row(section.header), _row(rules))
        yield from (_row([escaped(cell) for cell in row]) for row in section.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""A report told in the terminal: the same sections as everywhere, in columns."""

from policy.report.report import Report
from tui.cli.render.printing import Printer, TableColumn
from tui.phrasing.text import plain_line, width
from tui.report.report_sections import EMPTY, ReportSection, sections, title_of

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


def _tell(out: Printer, section: ReportSection) -> None:
    label = max((width(label) for label, _ in section.facts), default=0)
    for name, value in section.facts:
        out.line((f"{name:<{label}}  ", "dim"), (plain_line(value), ""))
    if not section.rows:
        return
    columns = [_column(section, place) for place in range(len(section.header))]
    rows = [[(plain_line(cell), "") for cell in row] for row in section.rows]
    out.table(columns, [[(name, "dim") for name in section.header], *rows])


def _column(section: ReportSection, place: int) -> TableColumn:
    is_number = place in section.numbers
    last = place == len(section.header) - 1
    return TableColumn(right=is_number, at_least=_ROOM_TO_READ if last and not is_number else None)

"""A report as CSV: one figure a line, with no cell that a spreadsheet would run."""

import csv
import io

from connections.files.csv_lines import harmless
from policy.report.report import Report
from tui.report.report_document import figures, report_document

HEADINGS = ("section", "item", "figure", "value")
"""The first line. A figure of a list, as of a day, has the place in the list as its item."""


def spreadsheet(report: Report) -> str:
    """Return the whole report; a figure that nothing is known of is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in figures(report_document(report)):
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value

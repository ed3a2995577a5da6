"""CSV: cells with anything in them, and broken records that do not swallow their neighbours."""

import csv
from pathlib import Path

import pytest

from connections.files.csv_lines import CsvLines
from connections.files.import_report import RejectedLine
from connections.files.importing import import_file
from connections.files.ticket_file import TicketFile
from policy.refusal import Refusal
from tests.connections.recording_desk import RecordingDesk

HEADINGS = b"external_id,subject,customer,tier,severity,received_at\n"


def row(number: int, subject: str = "Down") -> bytes:
    return f"{number},{subject},Acme,team,2,2026-03-02T09:00:00Z\n".encode()


def imported(tmp_path: Path, content: bytes) -> tuple[list[str], list[RejectedLine]]:
    path = tmp_path / "tickets.csv"
    path.write_bytes(content)
    desk = RecordingDesk()
    report = import_file(desk, path)
    assert report.read == len(desk.tickets) + len(report.rejected)
    return desk.ids, report.rejected


def rejected(tmp_path: Path, broken: bytes) -> list[RejectedLine]:
    """Import good rows around a broken one that begins in line 3; give what was rejected."""
    ids, lines = imported(tmp_path, HEADINGS + row(1) + broken + row(3) + row(4, '"a, ""b"""'))
    assert ids == ["1", "3", "4"]
    return lines


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_separated_by_commas_semicolons_or_tabs(
    tmp_path: Path, delimiter: str
) -> None:
    content = (HEADINGS + row(1) + row(2)).replace(b",", delimiter.encode())
    assert imported(tmp_path, content) == (["1", "2"], [])


def test_line_breaks_in_cells_count_and_records_are_known_by_their_first_line(
    tmp_path: Path,
) -> None:
    content = HEADINGS + row(1, '"a\r\nb\nc"') + row(1) + b"\n\n" + row(1)
    _, lines = imported(tmp_path, content)
    assert [each.line for each in lines] == [5, 8]


def test_windows_line_ends_and_a_mark_are_fine(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + (HEADINGS + row(1) + row(2)).replace(b"\n", b"\r\n")
    assert imported(tmp_path, content) == (["1", "2"], [])


def test_a_file_with_nothing_but_headings_has_no_tickets(tmp_path: Path) -> None:
    assert imported(tmp_path, HEADINGS) == ([], [])


def test_further_columns_are_left_alone_and_empty_cells_are_missing(tmp_path: Path) -> None:
    content = HEADINGS.replace(b"external_id", b"customer_id,external_id,,assignee")
    content += b",1,,," + row(1).split(b",", 1)[1] + b",,,," + row(1).split(b",", 1)[1]
    ids, lines = imported(tmp_path, content)
    assert ids == ["1"]
    assert lines == [RejectedLine(3, "external_id: missing")]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"2,Down,Acme\n", "3 cells; expected 6, as there are headings"),
        (b"2\n", "1 cell; expected 6, as there are headings"),
        (row(2, "a,b"), "7 cells; expected 6, as there are headings"),
        (row(2, '"a "quote" inside"'), "a quote inside a quoted cell must be doubled"),
        (row(2, "a\rb"), "not CSV: new-line character seen in unquoted field"),
        (
            row(2, '"never closed'),
            "a quote is opened in this record and not closed as it should be",
        ),
        (row(2, "a\0b"), 'subject: "a\\x00b"; expected text without NUL characters'),
    ],
)
def test_a_broken_record_is_named_and_its_neighbours_go_in(
    tmp_path: Path, broken: bytes, reason: str
) -> None:
    (line,) = rejected(tmp_path, broken)
    assert line.line == 3
    assert line.error.startswith(reason)


def test_a_damaged_line_of_a_file_in_utf_8_is_named(tmp_path: Path) -> None:
    content = HEADINGS + row(1, "Üß") + b"2,caf\xe9" + row(2)[6:] + row(3)
    ids, lines = imported(tmp_path, content)
    assert ids == ["1", "3"]
    assert lines == [RejectedLine(3, "not UTF-8: byte 0xE9 at position 6")]


def test_a_record_over_several_lines_says_so_when_its_cells_are_wrong(tmp_path: Path) -> None:
    assert rejected(tmp_path, b'2,"a\nb"\n') == [
        RejectedLine(3, "2 cells in lines 3 to 4; expected 6, as there are headings")
    ]


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path: Path) -> None:
    content = HEADINGS + row(1) + row(2, '"open') + row(3) + row(4)
    ids, lines = imported(tmp_path, content)
    assert ids == ["1", "3", "4"]
    assert [each.line for each in lines] == [3]


def test_a_quote_opened_in_the_last_line_is_named(tmp_path: Path) -> None:
    ids, lines = imported(tmp_path, HEADINGS + row(1) + b'2,"open')
    assert ids == ["1"]
    assert lines == [RejectedLine(3, "a quote is opened in this record and never closed")]


def test_every_other_line_opening_a_quote_costs_no_more_than_reading_them(tmp_path: Path) -> None:
    content = HEADINGS + b"".join(row(n, '"open' if n % 2 else "Down") for n in range(4000))
    ids, lines = imported(tmp_path, content)
    assert len(ids) == 2000
    assert len(lines) == 2000


def test_formulas_are_data(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(HEADINGS + row(1, '"=HYPERLINK(""http://a"")"') + row(2, "@SUM(A1)"))
    desk = RecordingDesk()
    import_file(desk, path)
    subjects = [ticket.subject for ticket in desk.tickets.values()]
    assert subjects == ['=HYPERLINK("http://a")', "@SUM(A1)"]


def test_long_descriptions_fit_whatever_the_limit_of_the_csv_module_was(tmp_path: Path) -> None:
    assert csv.field_size_limit() > 1_000_000
    heading, cells = HEADINGS.strip() + b",body\n", row(1).strip() + b"," + b"x" * 900_000
    assert imported(tmp_path, heading + cells) == (["1"], [])


def test_a_record_longer_than_any_line_may_be_is_refused_and_the_rest_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connections.files.csv_lines.LONGEST_LINE", 1000)
    ids, lines = imported(tmp_path, HEADINGS + row(1, '"open') + b"".join(map(row, range(2, 90))))
    assert len(ids) == 88
    assert [each.line for each in lines] == [2]


def test_a_mapped_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with TicketFile.open(str(path)) as file, pytest.raises(Refusal) as refused:
        list(CsvLines(file, ["a", "c"]).records())
    assert refused.value.reason == f'{path}: no column "c"; the headings are "a", "b"'

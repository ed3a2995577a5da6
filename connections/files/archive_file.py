"""An export of everything, as a file: JSON lines or CSV, written and read one record at a time.

The first record says what the file is, the last how many there are. Each carries a check made of
itself and of all before it, so that a line that was changed, lost or added is found by its place.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from connections.files.csv_lines import CsvLines, harmless, original
from connections.files.formats import Format
from connections.files.json_lines import JsonLines
from connections.files.ticket_file import Record as Place
from connections.files.ticket_file import TicketFile
from policy.intake.incoming import FIELDS as IMPORT_FIELDS
from policy.refusal import Refusal, shown
from store.database import SCHEMA
from store.transfer.archive import FIELDS, RECORD, FieldShape, Record, RecordField

EXPORT: Final = "numberone export"
"""The first record's kind, by which a file is known to be an export."""

END: Final = "end"
CHECK: Final = "check"
VERSION: Final = 1
"""The version of this format."""

_TEXT = RecordField(FieldShape.TEXT, optional=False)
_NUMBER = RecordField(FieldShape.NUMBER, optional=False)
_ALL_FIELDS: Mapping[str, Mapping[str, RecordField]] = {
    EXPORT: {"version": _NUMBER, "schema": _TEXT, "at": _TEXT},
    **FIELDS,
    END: {"records": _NUMBER},
}
HEADINGS: Final = tuple(
    dict.fromkeys(
        chain(IMPORT_FIELDS, (RECORD, CHECK), *(fields for fields in _ALL_FIELDS.values()))
    )
)
"""The headings of an export in CSV: the import's own come first."""

_CHECK_LENGTH = 12
_CHANGED = "is not as it was written, or lines before it are missing"


class Seal:
    """Gives every record its check, one after the other."""

    def __init__(self) -> None:
        self._check = ""

    def check(self, record: Record) -> str:
        """Return the check of the next record."""
        content = json.dumps(record, sort_keys=True, separators=(",", ":"))
        sealed = sha256(f"{self._check}{content}".encode())
        self._check = sealed.hexdigest()[:_CHECK_LENGTH]
        return self._check


def sealed(head: Record, records: Iterable[Record]) -> Iterator[Record]:
    """Yield everything that stands in an export's file: the head, the records, the end."""
    yield {RECORD: EXPORT, "version": VERSION, **head}
    seal, count = Seal(), 0
    for record in records:
        count += 1
        yield {**record, CHECK: seal.check(record)}
    end = {RECORD: END, "records": count}
    yield {**end, CHECK: seal.check(end)}


def as_json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield the lines of records, with their line breaks."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"


def as_csv(records: Iterable[Record]) -> Iterator[str]:
    """Yield the lines of records as CSV, the headings first; what could be a formula is not."""
    return csv_text(HEADINGS, (_cells(record) for record in records))


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield headings and rows of cells as lines of CSV, with their line breaks."""
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in chain([headings], rows):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def is_export(file: TicketFile) -> bool:
    """Return whether a file is an export of everything, by its beginning."""
    head = file.head.lstrip()
    if head.startswith(b"{"):
        return EXPORT.encode() in head.split(b"\n", 1)[0]
    first, _, rest = head.partition(b"\n")
    headings = first.decode(errors="replace").strip().split(",")
    return RECORD in headings and EXPORT.encode() in rest.split(b"\n", 1)[0]


class ArchiveFile:
    """An export's file, to be read any number of times.

    Raises:
        Refusal: a newer version wrote it.
    """

    def __init__(self, file: TicketFile, file_format: Format) -> None:
        self._file = file
        self._format = file_format
        first = next(self._places(), None)
        if first is None or self._told(first).get(RECORD) != EXPORT:
            raise Refusal(f"{file.name}: is no export of everything")
        head = self._told(first)
        try:
            newer = int(head["version"]) > VERSION or int(head["schema"]) > int(SCHEMA)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise self._refusal(first.line, "is not as an export begins") from None
        if newer:
            raise self._refusal(first.line, "made by a newer numberone; upgrade numberone")

    def records(self) -> Iterator[Record]:
        """Read the records from the start.

        Raises:
            Refusal: one is not as it was written, or the file breaks off; the line says where.
        """
        seal, count, ended, line = Seal(), -1, False, 1
        for place in self._places():
            line = place.line
            told = self._told(place)
            count += 1
            if count == 0:
                continue
            if ended:
                raise self._refusal(line, "something stands behind the export's end")
            check = told.pop(CHECK, None)
            if check != seal.check(told):
                raise self._refusal(line, _CHANGED)
            ended = told[RECORD] == END
            if not ended:
                yield told
        if not ended:
            raise self._refusal(line, "the export breaks off behind it; its end is missing")

    def _places(self) -> Iterator[Place]:
        if self._format is Format.CSV:
            return CsvLines(self._file, (RECORD,), HEADINGS, never_empty=HEADINGS).records()
        return JsonLines(self._file).records()

    def _told(self, place: Place) -> dict[str, Any]:
        if isinstance(place.content, Refusal):
            raise self._refusal(place.line, place.content.reason)
        try:
            if self._format is Format.CSV:
                return _values({name: str(cell) for name, cell in place.content.items()})
            return _known(dict(place.content))
        except Refusal as refusal:
            raise self._refusal(place.line, refusal.reason) from None

    def _refusal(self, line: int, reason: str) -> Refusal:
        return Refusal(f"{self._file.name}, line {line:,}: {reason}")


def _known(told: dict[str, Any]) -> dict[str, Any]:
    record = told.get(RECORD)
    if not isinstance(record, str) or record not in _ALL_FIELDS:
        raise Refusal(f"{shown(record)} is no record of an export")
    return told


def _cells(record: Record) -> list[str]:
    fields = _ALL_FIELDS[record[RECORD]]
    return [_cell(fields.get(name, _TEXT), record.get(name)) for name in HEADINGS]


def _cell(field: RecordField, value: object) -> str:
    if value is None:
        return ""
    if field.shape is FieldShape.TEXT:
        return "'" if value == "" and field.optional else harmless(str(value))
    return harmless(json.dumps(value, ensure_ascii=False))


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the record that a row of CSV tells."""
    told = _known({RECORD: cells.get(RECORD)})
    for name, field in _ALL_FIELDS[told[RECORD]].items():
        told[name] = _VALUES[field.shape](field, cells.get(name, ""))
    if CHECK in cells:
        told[CHECK] = original(cells[CHECK])
    return told


def _text_value(field: RecordField, cell: str) -> str | None:
    return None if not cell and field.optional else original(cell)


def _other_value(_: RecordField, cell: str) -> object:
    try:
        return json.loads(original(cell)) if cell else None
    except ValueError:
        raise Refusal(f"{shown(cell)}; expected a value as it was written") from None


_VALUES: Mapping[FieldShape, Callable[[RecordField, str], object]] = {
    FieldShape.TEXT: _text_value,
    FieldShape.NUMBER: _other_value,
    FieldShape.DECIMAL: _other_value,
    FieldShape.FLAG: _other_value,
    FieldShape.JSON: _other_value,
}

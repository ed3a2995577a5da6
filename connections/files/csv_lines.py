"""CSV: a line of headings, then one record for each ticket; and cells no spreadsheet obeys."""

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from connections.files.columns import place_of
from connections.files.csv_dialect import CsvDialect, dialect_of
from connections.files.mapping_sections import FileSection
from connections.files.reading_limits import (
    LONGEST_LINE,
    MOST_COLUMNS,
    MOST_LINES_OF_A_RECORD,
    MOST_VALUES,
)
from connections.files.text_encoding import ASSUMED, ASSUMED_NOTE
from connections.files.ticket_file import Line, Record, TicketFile, decoded
from policy.refusal import Refusal, shown

_HEADINGS_SHOWN = 40
_AS_WRITTEN: Final = FileSection()
_MAY_BE_SEVERAL: Final = frozenset({"tags"})
_WINDOWS_BREAK_TWICE: Final = b"\r\r"
"""What a line keeps whose break was written twice, as happens under Windows."""

csv.field_size_limit(LONGEST_LINE)  # the module's own limit is shorter than a long description


class CsvLines:
    """Reads the wanted columns of a CSV file; an empty cell is None, for it says so.

    ``text_of`` gives the text that a cell stands for, and empty cells of the ``never_empty``
    columns are left out, as if the file did not speak of them.

    A heading that stands there several times gives a list of what its cells have, and ``Name[2]``
    is its second column, ``Name[-1]`` its last. With ``own_headings`` only tags may be several.
    ``named`` says of the dialect what is not to be told by the file itself.
    """

    place: Final = "line"
    preparations: Final = 0

    def __init__(
        self,
        file: TicketFile,
        required: Collection[str],
        optional: Collection[str] = (),
        text_of: Callable[[str], str] = str,
        never_empty: Collection[str] = (),
        *,
        named: FileSection = _AS_WRITTEN,
        own_headings: bool = False,
    ) -> None:
        self._file = file
        self._required = required
        self._optional = optional
        self._text_of = text_of
        self._never_empty = never_empty
        self._own_headings = own_headings
        self._dialect = dialect_of(file.head, {*required, *optional}, named)

    def records(self) -> Iterator[Record]:
        """Read the file from its start; a record is known by the line in which it begins.

        Raises Refusal when the headings are unreadable or a required one is missing.
        """
        rows = _Rows(self._file, self._dialect)
        headings = self._headings(rows)
        columns = self._columns(headings)
        width = len(headings)
        for number, row in rows:
            if isinstance(row, Refusal):
                yield Record(number, row)
            elif len(row) < width or any(row[width:]):
                if not any(row):
                    continue  # separators alone are an empty line of a spreadsheet
                found = _span(row, number, rows.last_line)
                expected = f"expected {len(headings)}, as there are headings"
                yield Record(number, Refusal(f"{found}; {expected}"))
            elif any(row):
                yield Record(number, self._texts(row, columns))

    def _texts(self, row: list[str], columns: "_Columns") -> dict[str, object]:
        texts: dict[str, object] = {
            name: self._text_of(row[at]) if row[at] else None
            for name, at in columns.single
            if row[at] or name not in self._never_empty
        }
        for name, places in columns.several:
            texts[name] = [self._text_of(row[at]) for at in places if row[at]] or None
        return texts

    def headings(self) -> list[str]:
        """Give the headings of the file; raises Refusal when they cannot be read."""
        return self._headings(_Rows(self._file, self._dialect))

    def _headings(self, rows: "_Rows") -> list[str]:
        _, row = next(rows, (0, Refusal("no headings")))
        if isinstance(row, Refusal):
            raise self._refusal(f"the headings cannot be read: {row.reason}")
        if len(row) > MOST_COLUMNS:
            raise self._refusal(f"{len(row):,} columns; expected at most {MOST_COLUMNS:,}")
        return [heading.strip() for heading in row]

    def _columns(self, headings: list[str]) -> "_Columns":
        single: list[tuple[str, int]] = []
        several: list[tuple[str, Sequence[int]]] = []
        places_of: dict[str, list[int]] = {}
        for place, heading in enumerate(headings):
            places_of.setdefault(heading, []).append(place)
        for name in dict.fromkeys((*self._required, *self._optional)):
            places = _places(name, places_of)
            if places is None:
                if name in self._required:
                    found = _listed(headings)
                    raise self._refusal(f"no column {shown(name)}; the headings are {found}")
            elif len(places) == 1:
                single.append((name, places[0]))
            elif self._own_headings and name not in _MAY_BE_SEVERAL:
                raise self._refusal(f"the heading {shown(name)} stands there more than once")
            else:
                several.append((name, places))
        return _Columns(single, several)

    def _refusal(self, reason: str) -> Refusal:
        return Refusal(f"{self._file.name}: {reason}")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the wanted columns stand, by name: those of one place, and those of several or none."""

    single: Sequence[tuple[str, int]]
    several: Sequence[tuple[str, Sequence[int]]]


def _places(name: str, headings: Mapping[str, Sequence[int]]) -> Sequence[int] | None:
    """Give where a column stands, nowhere for a number beyond the last; None for no heading."""
    if name in headings:
        return headings[name]
    found = place_of(name)
    if found is None or found[0] not in headings:
        return None
    asked, number = found
    places = headings[asked]
    if number is None:
        return places
    at = number - 1 if number > 0 else number
    return [places[at]] if -len(places) <= at < len(places) else []


class _Rows:
    """The rows of a file with the line each begins in; a broken one has its reason instead.

    A quote that is never closed would swallow all that follows. So the lines after the first of a
    broken record are read once more, each as if a record began there.
    """

    def __init__(self, file: TicketFile, dialect: CsvDialect) -> None:
        self._feed = _Feed(file, dialect)
        self._reader = csv.reader(
            self._feed,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            escapechar=dialect.escape,
            strict=True,
        )

    @property
    def last_line(self) -> int:
        """The line in which the present row ends."""
        return self._feed.last_line

    def __iter__(self) -> "_Rows":
        return self

    def __next__(self) -> tuple[int, list[str] | Refusal]:
        while True:
            self._feed.begin_record()
            row = self._next_row()
            if row:
                return self._feed.first_line, row

    def _next_row(self) -> list[str] | Refusal:
        try:
            row = next(self._reader)
        except csv.Error as error:
            return self._feed.give_up(_words(error))
        except Refusal as unreadable:
            return self._feed.give_up(unreadable)
        return self._feed.not_utf_8 or row


class _Feed:
    """Hands the lines of one record after the other to the reader, and remembers them."""

    def __init__(self, file: TicketFile, dialect: CsvDialect) -> None:
        self._file = file
        self._delimiter = dialect.delimiter.encode()
        self._lines = islice(file.lines(dialect.line_end), dialect.before, None)
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._length = 0
        self._cells = 0
        self.not_utf_8: Refusal | None = None

    @property
    def first_line(self) -> int:
        return self._taken[0].number

    @property
    def last_line(self) -> int:
        return self._taken[-1].number

    def begin_record(self) -> None:
        self._taken.clear()
        self._length = self._cells = 0
        self.not_utf_8 = None

    def give_up(self, reason: Refusal) -> Refusal:
        """Have all lines but the first read again; give what is wrong with the record."""
        self._again.extendleft(reversed(self._taken[1:]))
        if len(self._taken) > 1:
            return Refusal("a quote is opened in this record and not closed as it should be")
        return reason

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        if isinstance(line.content, Refusal):
            raise line.content
        self._length += len(line.content)
        if self._length > LONGEST_LINE:
            raise Refusal(f"more than {LONGEST_LINE:,} bytes in one record")
        self._cells += line.content.count(self._delimiter)
        if self._cells > MOST_VALUES:
            raise Refusal(f"more than {MOST_VALUES:,} cells in one record")
        if len(self._taken) > MOST_LINES_OF_A_RECORD:
            raise Refusal(f"more than {MOST_LINES_OF_A_RECORD:,} lines in one record")
        return self._text(line.content) + "\n"

    def _text(self, content: bytes) -> str:
        if content.endswith(_WINDOWS_BREAK_TWICE):
            content = content[:-1]
        try:
            return decoded(content)
        except Refusal as refusal:
            if self._file.is_foreign:
                self._file.note(ASSUMED_NOTE)
                return content.decode(ASSUMED, errors="replace")
            self.not_utf_8 = refusal
            return content.decode(errors="replace")


def _words(error: csv.Error) -> Refusal:
    text = str(error)
    if "unexpected end of data" in text:
        return Refusal("a quote is opened in this record and never closed")
    if "expected after" in text:
        return Refusal("a quote inside a quoted cell must be doubled")
    return Refusal(f"not CSV: {text}")


def _listed(headings: list[str]) -> str:
    listed = ", ".join(shown(heading) for heading in headings[:_HEADINGS_SHOWN])
    more = len(headings) - _HEADINGS_SHOWN
    return f"{listed} and {more} more" if more > 0 else listed


def _span(row: list[str], first: int, last: int) -> str:
    cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
    return cells if first == last else f"{cells} in lines {first} to {last}"


_MARK: Final = "'"
_FIRST_OF_FORMULAS: Final = frozenset("=+-@%|\t\r\n＝＋－＠％｜")
_MARKED: Final = _FIRST_OF_FORMULAS | {_MARK}


def harmless(text: str) -> str:
    """Return what to write into a cell for a text: with a ``'`` before what could be a formula.

    A text that begins with ``'`` itself gets another one, so that ``original`` gives each back.
    """
    return _MARK + text if text[:1] in _MARKED else text


def original(cell: str) -> str:
    """Return the text that ``harmless`` made a cell of."""
    return cell.removeprefix(_MARK)

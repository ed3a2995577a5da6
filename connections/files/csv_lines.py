"""CSV: a line of headings, then one record for each ticket; and cells no spreadsheet obeys."""

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Final

from connections.files.ticket_file import LONGEST_LINE, Line, Record, TicketFile, decoded
from policy.refusal import Refusal, shown

_DELIMITERS = ",;\t"
_HEADINGS_SHOWN = 40

csv.field_size_limit(LONGEST_LINE)  # the module's own limit is shorter than a long description


class CsvLines:
    """Reads the wanted columns of a CSV file; an empty cell is None, for it says so.

    ``text_of`` gives the text that a cell stands for, and empty cells of the ``never_empty``
    columns are left out, as if the file did not speak of them.

    Commas, semicolons or tabs separate the cells, whichever stands most often among the headings.
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
    ) -> None:
        self._file = file
        self._required = required
        self._optional = optional
        self._text_of = text_of
        self._never_empty = never_empty

    def records(self) -> Iterator[Record]:
        """Read the file from its start; a record is known by the line in which it begins.

        Raises Refusal when the headings are unreadable or a required one is missing.
        """
        rows = _Rows(self._file)
        headings = self._headings(rows)
        columns = self._columns(headings)
        for number, row in rows:
            if isinstance(row, Refusal):
                yield Record(number, row)
            elif len(row) != len(headings):
                found = _span(row, number, rows.last_line)
                expected = f"expected {len(headings)}, as there are headings"
                yield Record(number, Refusal(f"{found}; {expected}"))
            else:
                yield Record(number, self._texts(row, columns))

    def _texts(self, row: list[str], columns: list[tuple[str, int]]) -> dict[str, str | None]:
        return {
            name: self._text_of(row[at]) if row[at] else None
            for name, at in columns
            if row[at] or name not in self._never_empty
        }

    def headings(self) -> list[str]:
        """Give the headings of the file; raises Refusal when they cannot be read."""
        return self._headings(_Rows(self._file))

    def _headings(self, rows: "_Rows") -> list[str]:
        _, row = next(rows, (0, Refusal("no headings")))
        if isinstance(row, Refusal):
            raise self._refusal(f"the headings cannot be read: {row.reason}")
        return [heading.strip() for heading in row]

    def _columns(self, headings: list[str]) -> list[tuple[str, int]]:
        for name in self._required:
            if name not in headings:
                found = _listed(headings)
                raise self._refusal(f"no column {shown(name)}; the headings are {found}")
        wanted = {*self._required, *self._optional}
        for name in wanted:
            if headings.count(name) > 1:
                raise self._refusal(f"the heading {shown(name)} stands there more than once")
        return [(name, at) for at, name in enumerate(headings) if name in wanted]

    def _refusal(self, reason: str) -> Refusal:
        return Refusal(f"{self._file.name}: {reason}")


class _Rows:
    """The rows of a file with the line each begins in; a broken one has its reason instead.

    A quote that is never closed would swallow all that follows. So the lines after the first of a
    broken record are read once more, each as if a record began there.
    """

    def __init__(self, file: TicketFile) -> None:
        self._feed = _Feed(file.lines())
        self._reader = csv.reader(self._feed, delimiter=_delimiter(file.head), strict=True)

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

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._length = 0
        self.not_utf_8: Refusal | None = None

    @property
    def first_line(self) -> int:
        return self._taken[0].number

    @property
    def last_line(self) -> int:
        return self._taken[-1].number

    def begin_record(self) -> None:
        self._taken.clear()
        self._length = 0
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
        return self._text(line.content) + "\n"

    def _text(self, content: bytes) -> str:
        try:
            return decoded(content)
        except Refusal as refusal:
            self.not_utf_8 = refusal
            return content.decode(errors="replace")


def _delimiter(head: bytes) -> str:
    headings = head.split(b"\n", 1)[0].decode(errors="replace")
    return max(_DELIMITERS, key=headings.count)


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
_FIRST_OF_FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
_MARKED: Final = _FIRST_OF_FORMULAS | {_MARK}


def harmless(text: str) -> str:
    """Return what to write into a cell for a text: with a ``'`` before what could be a formula.

    A text that begins with ``'`` itself gets another one, so that ``original`` gives each back.
    """
    return _MARK + text if text[:1] in _MARKED else text


def original(cell: str) -> str:
    """Return the text that ``harmless`` made a cell of."""
    return cell.removeprefix(_MARK)

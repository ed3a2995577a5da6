"""Which CSV a file is: its separator, its quotes and the ends of its lines."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from connections.files.mapping_sections import FileSection

_DELIMITERS: Final = ",;\t|"
_SEP_LINE: Final = re.compile(r'\s*"?sep=(?P<sign>.)"?\s*', re.IGNORECASE | re.DOTALL)
_QUOTED_OR_END = re.compile(rb'"(?:[^"]|"")*"|\r*\n|\r')


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a table is written; ``before`` is how many lines stand before its headings."""

    delimiter: str
    quote: str
    escape: str | None
    line_end: bytes
    before: int


def dialect_of(head: bytes, wanted: Collection[str], named: FileSection) -> CsvDialect:
    """Tell the dialect by the beginning of a file, as far as it is not ``named``.

    Of commas, semicolons, tabs and bars that one separates which gives the most headings that are
    ``wanted``, else the most headings. A first line such as ``sep=;`` says it outright.
    """
    line_end = line_end_of(head)
    lines = head.split(line_end)[: named.skip + 2]
    said = _SEP_LINE.fullmatch(_text(lines[0]))
    before = named.skip + (1 if said and not named.skip else 0)
    headings = _first_record(head.split(line_end, before)[-1])
    quote = named.quote or _quote_of(headings)
    if named.delimiter is not None:
        delimiter = named.delimiter
    elif said is not None:
        delimiter = said["sign"]
    else:
        delimiter = max(
            _DELIMITERS, key=lambda sign: _fitting(headings, sign, quote, frozenset(wanted))
        )
    return CsvDialect(delimiter, quote, named.escape, line_end, before)


def line_end_of(head: bytes) -> bytes:
    """Give what ends the lines of a text: a line feed, or a carriage return that stands alone.

    Inside quotes a break may be another one than between lines.
    """
    for found in _QUOTED_OR_END.finditer(head):
        if not found[0].startswith(b'"'):
            return b"\r" if found[0] == b"\r" and found.end() < len(head) else b"\n"
    return b"\n"


def _first_record(text: bytes) -> str:
    for found in _QUOTED_OR_END.finditer(text):
        if not found[0].startswith(b'"'):
            return _text(text[: found.start()])
    return _text(text)


def _text(line: bytes) -> str:
    return line.decode(errors="replace")


def _quote_of(headings: str) -> str:
    """Tell whether headings are in single quotes, all of them from the first on."""
    for sign in _DELIMITERS:
        cells = headings.strip().split(sign)
        if len(cells) > 1 and all(_is_single_quoted(cell.strip()) for cell in cells):
            return "'"
    return '"'


def _is_single_quoted(cell: str) -> bool:
    return len(cell) > 1 and cell.startswith("'") and cell.endswith("'")


def _fitting(headings: str, sign: str, quote: str, wanted: frozenset[str]) -> tuple[int, int]:
    reader = csv.reader([headings], delimiter=sign, quotechar=quote)
    try:
        cells = {cell.strip() for cell in next(reader, [])}
    except csv.Error:
        cells = set()
    return len(cells & wanted), headings.count(sign) if not cells else len(cells)

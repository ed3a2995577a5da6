"""JSON lines: one object in each line."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final, NoReturn

from connections.files.reading_limits import (
    DEEPEST,
    ReadingCost,
    check_depth,
    check_values,
    most_lines,
    values_in,
)
from connections.files.ticket_file import Record, TicketFile, decoded
from policy.refusal import Refusal, shown


class JsonLines:
    """Reads a file of JSON lines; blank ones are passed over."""

    place: Final = "line"
    preparations: Final = 0

    def __init__(self, file: TicketFile) -> None:
        self._file = file

    def records(self) -> Iterator[Record]:
        """Read the file from its start, a record for every line that is not blank."""
        cost = ReadingCost(most_lines(self._file.size))
        for line in self._file.lines():
            content = line.content
            if isinstance(content, Refusal):
                yield Record(line.number, content)
            elif content and not content.isspace():
                values = values_in(content)
                try:
                    cost.add_record(values)
                except Refusal as costly:
                    yield Record(line.number, costly)
                    return
                yield Record(line.number, _content(content, values))


def json_object(text: str) -> dict[str, object]:
    """Give the object that a text is; raises Refusal saying where it is no JSON, or what it is.

    A name that an object gives twice is refused, for nobody can tell which one is meant.
    """
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        words = (error.msg[:1].lower() + error.msg[1:]).removesuffix(" at")
        raise Refusal(f"not JSON: {words} at character {error.pos + 1}") from None
    except RecursionError:
        raise Refusal("not read: too many lists or objects in one another") from None
    except ValueError:  # Python's limit for the digits of one number
        raise Refusal("not read: a number of thousands of digits") from None
    if not isinstance(value, dict):
        raise Refusal(f"{shown(value)}; expected one JSON object a line")
    return value


def _content(line: bytes, values: int) -> dict[str, object] | Refusal:
    try:
        check_values(values)
        content = json_object(decoded(line).strip())
        if values > DEEPEST:
            check_depth(content)
    except Refusal as refusal:
        return refusal.with_traceback(None)  # which would keep the line
    return content


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name, _ in pairs if times[name] > 1)
        raise Refusal(f"{shown(twice)[1:-1]}: given twice")
    return named


def _no_constant(name: str) -> NoReturn:
    raise Refusal(f"not JSON: {name} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_without_repetition, parse_constant=_no_constant)

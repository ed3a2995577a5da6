"""How much of a file of tickets is read, however it is packed and whatever it is made of.

"Time and memory grow no faster than the bytes read", as they are stored: what costs more than a
file of its size can be worth is refused in one line. The limits are far above what exports have;
one that is packed better than any of those can be unpacked first.
"""

from typing import Final

from policy.refusal import Refusal

LONGEST_LINE: Final = 16 * 1024 * 1024
"""Bytes of a line (of a whole record in a CSV) that are read; a longer one is passed over."""

DEEPEST: Final = 100
"""How many lists and objects of a document may stand in one another."""

MOST_VALUES: Final = 500_000
"""How many values one ticket may have, the commas and brackets in its texts counted."""

MOST_COLUMNS: Final = 10_000
"""How many columns a table may have."""

MOST_LINES_OF_A_RECORD: Final = 200_000
"""How many lines one record of a CSV may be written in."""

MOST_REJECTED: Final = 50_000
"""How many lines may be bad: what follows so many is not read."""

_UNPACKED_FREELY: Final = 64 * 1024 * 1024
_UNPACKED_TIMES: Final = 25
"""How much a gzip may become: so many bytes, and so many for each byte of it."""

_LINES_FREELY: Final = 250_000
_BYTES_OF_A_LINE: Final = 16
"""How many lines a file may have: so many, and one for each so many bytes of it as stored."""

_RECORDS_FREELY: Final = 100_000
_BYTES_OF_A_RECORD: Final = 32
"""How many tickets, people and comments a document may have, likewise."""

_VALUES_FREELY: Final = 5_000_000
_VALUES_OF_A_RECORD: Final = 1_000
"""How many values a file may have: so many, and so many for each record of it."""

_SIGNS_OF_VALUES: Final = (b",", b"[", b"{")


def most_unpacked(size: int) -> int:
    """Return how many bytes a gzip of ``size`` bytes may become."""
    return _UNPACKED_FREELY + _UNPACKED_TIMES * size


def most_lines(size: int) -> int:
    """Return how many lines a file of ``size`` bytes, as stored, may have."""
    return _LINES_FREELY + size // _BYTES_OF_A_LINE


def most_records(size: int) -> int:
    """Return how many tickets, people and comments a document of ``size`` bytes may have."""
    return _RECORDS_FREELY + size // _BYTES_OF_A_RECORD


def values_in(content: bytes) -> int:
    """Return how many values a line of JSON has at most."""
    return sum(map(content.count, _SIGNS_OF_VALUES))


def check_values(values: int) -> None:
    """Refuse what has more values than one ticket may have."""
    if values > MOST_VALUES:
        raise Refusal(f"more than {MOST_VALUES:,} values in one ticket")


def check_depth(value: object) -> None:
    """Refuse a value whose lists and objects stand too deep in one another."""
    level = [value]
    for _ in range(DEEPEST + 1):
        inner = [each for each in level if isinstance(each, dict | list)]
        if not inner:
            return
        level = [
            each for held in inner for each in (held.values() if isinstance(held, dict) else held)
        ]
    raise Refusal("not read: too many lists or objects in one another")


class ReadingCost:
    """Counts records and values of one reading of a file, and refuses more than it can be worth.

    ``records_at_most`` are those that a file of its size may have.
    """

    def __init__(self, records_at_most: int) -> None:
        self._records_at_most = self._records_left = records_at_most
        self._values_left = _VALUES_FREELY

    def add_record(self, values: int = 0) -> None:
        """Count a record with so many values.

        Raises Refusal when there are too many records for the file's size, or too many values.
        """
        self._records_left -= 1
        if self._records_left < 0:
            raise Refusal(
                "the file is not read on from here: one of its size has at most"
                f" {self._records_at_most:,} records; unpack it first if it is packed"
            )
        self._values_left += _VALUES_OF_A_RECORD
        self.add_values(values)

    def add_values(self, values: int) -> None:
        """Count values. Raises Refusal when there are too many for the records there are."""
        self._values_left -= values
        if self._values_left < 0:
            raise Refusal(
                "the file is not read on from here: it has more than"
                f" {_VALUES_FREELY:,} values and {_VALUES_OF_A_RECORD:,} more for each ticket"
            )

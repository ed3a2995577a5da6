"""The second files of a mapping: which tier, or which customer, belongs to a name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from connections.files.csv_lines import CsvLines
from connections.files.ticket_file import TicketFile
from policy.names import comparable
from policy.refusal import Refusal

LARGEST_TABLE: Final = 32 * 1024 * 1024
"""Bytes of a second file, all of which is kept in memory."""


class LookupTable:
    """The values of a second file by what stands in its key column.

    Names are the same when they differ only by Unicode form, case and spacing.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {comparable(key): value for key, value in values.items()}

    def get(self, key: str) -> str | None:
        """Give the value of a name, or None where the file has none."""
        return self._values.get(comparable(key))


def read_table(path: Path, key: str, value: str, place: str, source: str) -> LookupTable:
    """Read a CSV of any dialect; of several lines with the same key the first counts.

    ``place`` in the mapping ``source`` is what a Refusal names beside what is wrong with the file.
    """
    found: dict[str, str] = {}
    try:
        with TicketFile.open(str(path)) as file:
            if file.size > LARGEST_TABLE:
                raise Refusal(f"{file.name}: more than {LARGEST_TABLE:,} bytes")
            for record in CsvLines(file, {key, value}).records():
                if isinstance(record.content, Refusal):
                    raise Refusal(f"{file.name}, line {record.line}: {record.content.reason}")
                name, told = record.content[key], record.content[value]
                if isinstance(name, str) and isinstance(told, str):
                    found.setdefault(name.strip(), told.strip())
    except Refusal as refusal:
        raise Refusal(f"{source}: {place}: {refusal.reason}") from None
    return LookupTable(found)

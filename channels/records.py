"""What every reader of a file gives, whatever the format: one record for each ticket's place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from policy.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Record:
    """What stands in one place of a file, counted from 1; or why it cannot be read."""

    line: int
    content: Mapping[str, object] | Refusal


class Reader(Protocol):
    """Reads one format; ``place`` is what it counts, a ``line`` or a ``ticket``.

    ``preparations`` is how many times it reads the whole file before its first record.
    """

    @property
    def place(self) -> str:
        """The word for what is counted."""

    @property
    def preparations(self) -> int:
        """Readings of the whole file that come first."""

    def records(self) -> Iterator[Record]:
        """Read the file from its start; raises Refusal when all of it is of no use."""

"""What is asked of a database, by names: with SQLAlchemy, or with what was made ready of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy.words import Mode
from store.quick.driver import DriverConnection, named_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

Reads: TypeAlias = "Connection | DriverConnection"
"""A transaction in which one can read: SQLAlchemy's, or the bare driver's."""

Values = Mapping[str, Any]
_NONE: Final[Values] = {}


class Read:
    """One of the statements of ``store.quick.statements``, by its name.

    A transaction of SQLAlchemy's gets the statement itself, one of the bare driver's the text that
    was made of it: whoever asks need not know which.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def rows(self, reads: Reads, values: Values = _NONE) -> Iterable[Any]:
        """Return the rows, one after the other as they are asked for, their columns by name."""
        if isinstance(reads, DriverConnection):
            return reads.rows(self.name, values)
        from store.quick.statements import STATEMENTS  # noqa: PLC0415 - brings SQLAlchemy

        return reads.execute(STATEMENTS[self.name], values)

    def all(self, reads: Reads, values: Values = _NONE) -> Sequence[Any]:
        """Return all rows."""
        return list(self.rows(reads, values))

    def first(self, reads: Reads, values: Values = _NONE) -> Any:
        """Return the first row, None without one."""
        return next(iter(self.all(reads, values)), None)

    def value(self, reads: Reads, values: Values = _NONE) -> Any:
        """Return what the first row has first, None without one."""
        row = self.first(reads, values)
        return None if row is None else row[0]

    def column(self, reads: Reads, values: Values = _NONE) -> list[Any]:
        """Return what each row has first."""
        return [row[0] for row in self.rows(reads, values)]


def in_each_mode(name: str) -> dict[Mode, Read]:
    """Return the statement of each mode, as both have their own key to sort by."""
    return {mode: Read(named_in(name, mode)) for mode in Mode}

"""The lists of a policy file: that each entry stands once, and that there are some."""

from collections.abc import Hashable
from typing import TypeVar

from policy.refusal import expected

_Entries = TypeVar("_Entries", bound=tuple[Hashable, ...])


def each_once(entries: _Entries) -> _Entries:
    """Return the entries.

    Raises:
        ValueError: one of them comes again.
    """
    for number, entry in enumerate(entries):
        if entry in entries[:number]:
            raise ValueError(f"expected each entry once, and {entry} comes again")
    return entries


def some(entries: _Entries) -> _Entries:
    """Return the entries.

    Raises:
        ValueError: there is none, or one of them comes again.
    """
    if not entries:
        raise ValueError(expected("at least one entry", entries))
    return each_once(entries)

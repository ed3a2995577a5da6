"""The lists of a policy file: that each entry stands once, and that there are some."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from policy.refusal import expected

_Entries = TypeVar("_Entries", bound=tuple[Hashable, ...])


def each_once(entries: _Entries) -> _Entries:
    """Return the entries.

    Raises:
        ValueError: one of them comes again.
    """
    again = first_again(entries)
    if again is not None:
        raise ValueError(f"expected each entry once, and {again} comes again")
    return entries


def first_again(entries: Iterable[Hashable]) -> Hashable | None:
    """Return the first of the entries that stood there before, None when each stands once."""
    seen = set[Hashable]()
    for entry in entries:
        if entry in seen:
            return entry
        seen.add(entry)
    return None


def some(entries: _Entries) -> _Entries:
    """Return the entries.

    Raises:
        ValueError: there is none, or one of them comes again.
    """
    if not entries:
        raise ValueError(expected("at least one entry", entries))
    return each_once(entries)

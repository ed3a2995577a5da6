"""What one policy says otherwise than another: key by key, and which tickets are late by it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, TypeGuard

from policy.rulebook.problems import key_in_words
from policy.rulebook.rulebook import Rulebook, describe

_Location = tuple[int | str, ...]
_Table = Mapping[str, Any]
_LEVEL = "level"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that differs, with its value in each policy as a policy file writes it.

    The value is None where that policy has no such key, or no such rule or entry of a list.
    """

    key: str
    before: Any
    after: Any


def changed_keys(before: Rulebook, after: Rulebook) -> tuple[KeyChange, ...]:
    """Return which keys differ, in the order of a policy file: "says which keys differ".

    A rule, or an entry of another list of tables, that came in between is one change, and those
    behind it are none. Its number is the one in the later policy, of one that went in the earlier.
    """
    return tuple(_between(describe(before), describe(after), ()))


def _between(before: object, after: object, place: _Location) -> Iterator[KeyChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from _between(before.get(key), after.get(key), (*place, key))
    elif _are_tables(before) and _are_tables(after):
        yield from _between_tables(before, after, place)
    else:
        yield KeyChange(key_in_words(place), before, after)


def _are_tables(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _between_tables(
    before: Sequence[_Table], after: Sequence[_Table], place: _Location
) -> Iterator[KeyChange]:
    """Yield what differs between two lists of tables, as few of them as can be told apart."""
    for number, was, is_now in _pairs(before, after):
        if was is None or is_now is None:
            yield KeyChange(key_in_words((*place, number)), was, is_now)
        else:
            yield from _between(was, is_now, (*place, number))


def _pairs(
    before: Sequence[_Table], after: Sequence[_Table]
) -> Iterator[tuple[int, _Table | None, _Table | None]]:
    """Yield the entries that are to be compared, None beside one that has no other, and a number.

    Entries that name their level are known and numbered by it, others by what they say.
    """
    if all(_LEVEL in entry for entry in (*before, *after)):
        was, is_now = ({each[_LEVEL]: each for each in told} for told in (before, after))
        for level in sorted(was | is_now):
            yield level - 1, was.get(level), is_now.get(level)
        return
    said = [[json.dumps(each, sort_keys=True) for each in told] for told in (before, after)]
    matcher = SequenceMatcher(None, said[0], said[1], autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what != "equal":
            for old, new in zip_longest(range(start, end), range(new_start, new_end)):
                yield (
                    old if new is None else new,
                    None if old is None else before[old],
                    None if new is None else after[new],
                )

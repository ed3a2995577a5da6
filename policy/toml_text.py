"""TOML as people write it, read into tables; what is none is refused with line and column.

Everything that is kept in TOML is read here: policies, teams, mappings, connections and settings.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from tomllib import TOMLDecodeError
from typing import Any, Final

from policy.refusal import Refusal, expected, quoted

LARGEST_TEXT: Final = 1024 * 1024
"""Bytes of a file in TOML that is read."""

MOST_PARTS: Final = 32
"""How many parts a key such as ``a.b.c`` may have: reading one takes time by their square."""

DEEPEST: Final = 50
"""How many tables and lists may stand in one another."""

LISTS_OF_RULES: Final = frozenset({"intake", "contract", "group"})
"""The tables of a policy of which there may be several."""

_LARGEST_NUMBER: Final = 10**18
_A_NUMBER: Final = "a number of at most 18 digits"
_PART: Final = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}", re.MULTILINE
)
_TOML_PLACE = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.S)
_ONE_TABLE = re.compile(rf"^[ \t]*\[({'|'.join(sorted(LISTS_OF_RULES))})\]", re.MULTILINE)
_AT_END = " (at end of document)"
_TOO_DEEP: Final = "expected TOML, and this is nested too deeply"
_TOO_LONG: Final = "expected TOML, and a number in it has too many digits"


def tables_in(text: str, source: str) -> dict[str, Any]:
    """Return the tables that ``text``, a TOML file named ``source``, says.

    Raises:
        Refusal: it is no TOML; the line names line and column, and what was expected. So is what
            no person writes: keys of many parts, tables deep in one another, endless numbers.
    """
    text = text.removeprefix("\ufeff")  # some editors begin every file with it
    long_key = _LONG_KEY.search(text)
    if long_key is not None:
        line = text.count("\n", 0, long_key.end()) + 1
        said = f"expected a key of at most {MOST_PARTS} parts at line {line}"
        raise Refusal(f"{source}: {said}")
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{source}: {_problem(error, text)}") from None
    problem = _unreasonable(tables)
    if problem is not None:
        raise Refusal(f"{source}: {problem}")
    return tables


def _unreasonable(tables: Mapping[str, Any]) -> str | None:
    """Return what is wrong with tables that no program could have a use for."""
    level: list[tuple[str, object]] = [("", tables)]
    for _ in range(DEEPEST + 1):
        level = [each for place, held in level for each in _within(place, held)]
        if not level:
            return None
        for place, value in level:
            if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
                return f"{place}: {expected(_A_NUMBER, value)}"
    return _TOO_DEEP


def _within(place: str, held: object) -> Iterator[tuple[str, object]]:
    if isinstance(held, dict):
        for key, value in held.items():
            name = quoted(key)[1:-1]
            yield f"{place}.{name}" if place else name, value
    elif isinstance(held, list):
        yield from ((place, value) for value in held)


def _problem(error: Exception, text: str) -> str:
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    if not isinstance(error, TOMLDecodeError):  # Python's own limit on reading integers
        return _TOO_LONG
    if place := _TOML_PLACE.fullmatch(str(error)):
        what, line, column = place.groups()
    else:
        *before, last = text.split("\n")
        what, line, column = str(error).removesuffix(_AT_END), len(before) + 1, len(last) + 1
    return f"expected TOML: {what} at line {line}, column {column}{_one_for_many(text)}"


def _one_for_many(text: str) -> str:
    """Return the hint for who writes one table where there may be several, and then another."""
    found = _ONE_TABLE.search(text)
    return "" if found is None else f"; [{found[1]}] is one table, and its rows are [[{found[1]}]]"

"""What is wrong with a policy file, in one line each: source, key, what was expected, value."""

import re
from collections.abc import Sequence
from tomllib import TOMLDecodeError

from policy.checked_table import Mistake, MistakeKind, WrongTableError
from policy.refusal import quoted

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_TOML_PLACE = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.S)
_LISTS_OF_RULES = frozenset({"intake", "contract", "group"})
_TABLES_OF_ROWS = frozenset((name,) for name in _LISTS_OF_RULES)
_ONE_TABLE = re.compile(rf"^[ \t]*\[({'|'.join(sorted(_LISTS_OF_RULES))})\]", re.MULTILINE)
_AT_END = " (at end of document)"


def toml_problem(error: Exception, text: str, source: str) -> str:
    """Return the line for a text that is not TOML at all; it names line and column."""
    if isinstance(error, RecursionError):
        return f"{source}: expected TOML, and this is nested too deeply"
    if not isinstance(error, TOMLDecodeError):  # Python's own limit on reading integers
        return f"{source}: expected TOML, and a number in it has too many digits"
    if place := _TOML_PLACE.fullmatch(str(error)):
        what, line, column = place.groups()
    else:
        *before, last = text.split("\n")
        what, line, column = str(error).removesuffix(_AT_END), len(before) + 1, len(last) + 1
    return f"{source}: expected TOML: {what} at line {line}, column {column}{_one_for_many(text)}"


def _one_for_many(text: str) -> str:
    """Return the hint for who writes one table where there may be several, and then another."""
    found = _ONE_TABLE.search(text)
    return "" if found is None else f"; [{found[1]}] is one table, and its rows are [[{found[1]}]]"


def problems_of(error: WrongTableError, source: str) -> list[str]:
    """Return a line for each mistake, in the order of the keys."""
    return [f"{source}: {key_in_words(each.place)}: {_sentence(each)}" for each in error.mistakes]


def _sentence(mistake: Mistake) -> str:
    place, said, kind = mistake
    if kind is MistakeKind.MISSING:
        return _missing(place)
    if kind is MistakeKind.NO_LIST and place in _TABLES_OF_ROWS:
        return said.replace("a list", f"a list of tables, each under [[{place[0]}]]", 1)
    return said


def _missing(location: Sequence[int | str]) -> str:
    if location == ("intake",):
        return (
            "expected rules of its own, as the handbook's name tiers, severities or priorities"
            " that are not there any more"
        )
    if location[0] == "response":
        return "expected a time, or rows of [[contract]] for all tickets, and it is missing"
    return "expected this key, and it is missing"


def key_in_words(location: Sequence[int | str]) -> str:
    """Return the key as a person says it: "intake rule 2, assign", "response.p0"."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f" {'rule' if place in _LISTS_OF_RULES else 'entry'} {part + 1}"
        elif place[-1:].isdigit() and " " in place:
            place += f", {_key(part)}"
        else:
            place += f".{_key(part)}" if place else _key(part)
    return place


def _key(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else quoted(part)

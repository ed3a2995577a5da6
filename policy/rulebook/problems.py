"""What is wrong with a policy file, in one line each: source, key, what was expected, value."""

import re
from collections.abc import Sequence
from tomllib import TOMLDecodeError
from types import NoneType
from typing import get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policy.refusal import expected, quoted
from policy.rulebook.policy_section import no_such_key

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_TOML_PLACE = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.S)
_LISTS_OF_RULES = frozenset({"intake", "contract", "group"})
_TABLES_OF_ROWS = frozenset((name,) for name in _LISTS_OF_RULES)
_ONE_TABLE = re.compile(rf"^[ \t]*\[({'|'.join(sorted(_LISTS_OF_RULES))})\]", re.MULTILINE)
_OF_A_KEY = "[key]"
"""Where it is the key itself that is wrong, which stands before it anyway."""

_EXTRAS = "__pydantic_extra__"
"""Where a table says what those tables are of which a file itself makes up the keys."""

_AT_END = " (at end of document)"
_EXPECTATIONS = {
    "tuple_type": "a list",
    "model_type": "a table",
    "dict_type": "a table",
}


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


def problems_in(error: ValidationError, model: type[BaseModel], source: str) -> list[str]:
    """Return a line for each problem, in the order of the keys of ``model``."""
    return [
        f"{source}: {key_in_words(details['loc'])}: {_sentence(details, model)}"
        for details in error.errors()
    ]


def _sentence(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind = details["type"]
    if kind == "value_error":
        return str(details["ctx"]["error"])
    if kind == "extra_forbidden":
        known = _known_keys(details["loc"], model)
        return no_such_key(str(details["loc"][-1]), known)
    if kind == "missing":
        return _missing(details["loc"])
    what = _EXPECTATIONS.get(kind)
    if kind == "tuple_type" and details["loc"] in _TABLES_OF_ROWS:
        what = f"a list of tables, each under [[{details['loc'][0]}]]"
    return expected(what, details["input"]) if what else details["msg"]


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
        if part == _OF_A_KEY:
            continue
        if isinstance(part, int):
            place += f" {'rule' if place in _LISTS_OF_RULES else 'entry'} {part + 1}"
        elif place[-1:].isdigit() and " " in place:
            place += f", {_key(part)}"
        else:
            place += f".{_key(part)}" if place else _key(part)
    return place


def _key(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else quoted(part)


def _known_keys(location: Sequence[int | str], model: type[BaseModel]) -> Sequence[str]:
    """Return the keys known where ``location`` has one that is not."""
    for part in location[:-1]:
        # A number, or the name of one of several tables, is no key of the table it stands in.
        if isinstance(part, str) and part in model.model_fields:
            model = _table_of(model.model_fields[part].annotation)
        elif isinstance(part, str) and _EXTRAS in model.__annotations__:
            model = _table_of(get_type_hints(model)[_EXTRAS])
    return tuple(model.model_fields)


def _table_of(annotation: object) -> type[BaseModel]:
    """Return the table that a field holds, or holds a list of."""
    inner = [each for each in get_args(annotation) if each not in (Ellipsis, NoneType)]
    if inner:
        return _table_of(inner[-1] if get_origin(annotation) is dict else inner[0])
    assert isinstance(annotation, type), "tables and lists of tables are all there is"  # noqa: S101 - for mypy
    return annotation

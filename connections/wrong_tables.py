"""What is wrong with a table that pydantic read, in one line each: source, key, what, value."""

from collections.abc import Sequence
from types import NoneType
from typing import get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policy.checked_table import no_such_key
from policy.refusal import expected
from policy.rulebook.problems import key_in_words

_EXTRAS = "__pydantic_extra__"
"""Where a table says what those tables are of which a file itself makes up the keys."""

_EXPECTATIONS = {
    "tuple_type": "a list",
    "model_type": "a table",
    "dict_type": "a table",
}


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
        return "expected this key, and it is missing"
    what = _EXPECTATIONS.get(kind)
    return expected(what, details["input"]) if what else details["msg"]


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

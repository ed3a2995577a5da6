"""How both engines write the JSON of a column."""

import json
from typing import Any, Final

from pydantic_core import to_json

_IN_ORDER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


class WrittenJson(str):
    """JSON as it is written in the one way that hashes are reckoned of; it is kept as it stands."""

    __slots__ = ()


def in_order(value: Any) -> WrittenJson:
    """Return the JSON of a value as it is read, the same whatever the order of its keys."""
    return WrittenJson(_IN_ORDER.encode(value))


def written_json(value: Any) -> str:
    """Return the JSON by which a column keeps a value; pydantic writes it several times as fast.

    What is no text in Unicode it cannot write, and that stays escaped.
    """
    if type(value) is WrittenJson:
        return str(value)
    try:
        return to_json(value).decode()
    except ValueError:
        return json.dumps(value)

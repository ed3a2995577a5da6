"""What stands in a database and cannot be, as something damaged it from outside."""

import json
from typing import Any

from policy.refusal import Refusal

RESTORE = "restore it from a backup"
"""What to do with what is damaged."""


class Damaged(Refusal):
    """What stands in the database cannot be: it was damaged from outside."""


def read_json(stored: str | bytes) -> Any:
    """Return the value that a column of JSON holds.

    Raises:
        Damaged: it is no JSON.
    """
    try:
        return json.loads(stored)
    except ValueError as error:
        raise Damaged(f"a value in the database is damaged: {error}; {RESTORE}") from error

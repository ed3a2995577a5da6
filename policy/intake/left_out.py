"""Optional fields that are of no use: left out, said so, and the ticket goes in without them."""

from collections.abc import Collection, Mapping
from typing import Final

from pydantic import ValidationError

from policy.refusal import Refusal

LeftOut = list[str]
"""What was left out of a ticket and why, one line a field."""

_OF_THE_WHOLE: Final = "first_response_at"
"""The field at fault where two do not go together: it is answered before it came."""


def left_out(name: str, why: str) -> str:
    """Return the line that says that a field was left out; ``why`` is its value and what it wants.

    "An optional field of no use (a mail address that is none, an unknown zone) is left out with a
    warning that names it."
    """
    return f"{name} left out: {why}"


def without_useless(
    refused: ValidationError,
    fields: Mapping[str, object],
    optional: Collection[str],
    at_most: Mapping[str, int],
    warnings: LeftOut,
) -> dict[str, object] | None:
    """Return the fields without those of no use, each of which is told in ``warnings``.

    A text that is too long is cut where ``at_most`` says how much of it is of use. None where a
    field is wrong that has to be right.
    """
    useful, told = dict(fields), []
    for error in refused.errors(include_url=False, include_context=False, include_input=False):
        name = str(error["loc"][0]) if error["loc"] else _OF_THE_WHOLE
        if name not in optional or name not in useful:
            return None
        value, why = useful.pop(name), error["msg"].removeprefix(f"{name}: ")
        if isinstance(value, str) and len(value) > at_most.get(name, len(value)):
            useful[name] = value.strip()[: at_most[name]].replace("\0", "")
            told.append(f"{name} cut: {why}")
        else:
            told.append(left_out(name, why))
    warnings.extend(told)
    return useful


def without_field(name: str, refusal: Refusal) -> str:
    """Return the line for a field left out because of a refusal that names it."""
    return left_out(name, refusal.reason.removeprefix(f"{name}: "))

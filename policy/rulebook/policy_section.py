"""What every table of a policy file is: frozen, and refused where it says what nobody knows."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from policy.refusal import one_of
from policy.vocabulary import did_you_mean

_OWN_KINDS = frozenset({"wrong_place", "unknown_key"})
"""The kinds of mistake that are found here, and that pydantic knows nothing of."""

Place = tuple[str | int, ...]
"""Where something stands in a table: its keys, and the numbers of entries from 0."""


_Read = TypeVar("_Read")


class PolicySection(BaseModel):
    """A table of the policy file: nothing in it may be changed, and no other key is known."""

    # What checks a table is made once, as part of what checks the whole policy.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def no_such_key(key: str, known: Iterable[object]) -> str:
    """Return what is said of a key that a table does not have, with the nearest that it has."""
    words = tuple(known)
    return f"expected {one_of(words)}, not this key{did_you_mean(key, words)}"


def wrong_places(
    name: str, wrong: Iterable[tuple[Place, str]], *, beside: ValidationError | None = None
) -> ValidationError:
    """Return the error that says of several places of a table what is wrong there, a line each.

    What is wrong ``beside`` them comes first.
    """
    told = [] if beside is None else [again(details) for details in beside.errors()]
    return ValidationError.from_exception_data(name, [*told, *(_wrong(*each) for each in wrong)])


def again(details: ErrorDetails) -> InitErrorDetails:
    """Return what was wrong, to be told once more beside what else is."""
    if details["type"] in _OWN_KINDS:
        return _wrong(details["loc"], details["msg"])
    return InitErrorDetails(
        type=details["type"],
        loc=details["loc"],
        input=details["input"],
        ctx=details.get("ctx", {}),
    )


def _wrong(place: Sequence[str | int], said: str) -> InitErrorDetails:
    # The sentence goes in as a value, as it may hold braces of its own.
    line = PydanticCustomError("wrong_place", "{said}", {"said": said})
    return InitErrorDetails(type=line, loc=tuple(place), input=None)


def read_beside(name: str, wrong: Sequence[tuple[Place, str]], read: Callable[[], _Read]) -> _Read:
    """Return what the rest of a table is read as, where nothing in it is ``wrong``.

    Raises:
        ValidationError: with a line for each place, those that reading itself finds among them.
    """
    try:
        value = read()
    except ValidationError as error:
        if not wrong:
            raise
        raise wrong_places(name, wrong, beside=error) from None
    if wrong:
        raise wrong_places(name, wrong)
    return value

"""Tables whose keys are words of the policy itself: which keys are not known, and which missing."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from policy.refusal import one_of
from policy.rulebook.policy_section import again
from policy.vocabulary import did_you_mean
from policy.words import Priority

_Table = TypeVar("_Table", bound=BaseModel)


def with_these_keys(
    table: Mapping[str, Any],
    handler: ModelWrapValidatorHandler[_Table],
    model: type[_Table],
    priorities: Sequence[Priority] | None,
) -> _Table:
    """Return the table that is read by ``handler``, with its own keys and one for each priority.

    ``priorities`` None says that the policy's own are wrong, which is told by itself.

    Raises:
        ValidationError: a key is not known, is missing, or has a wrong value; it names all of them.
    """
    own = tuple(model.model_fields)
    wanted = (*own[:1], *(priorities or ()), *own[1:])
    unknown = () if priorities is None else tuple(key for key in table if key not in wanted)
    no_times = priorities is not None and not priorities
    wrong = [_not_known(key, table[key], wanted, rows_say_all=no_times) for key in unknown]
    wrong += [_missing(key, table) for key in priorities or () if key not in table]
    known = {key: value for key, value in table.items() if key not in unknown}
    try:
        read = handler(known)
    except ValidationError as error:
        wrong = [*map(again, error.errors()), *wrong]
    if wrong:
        raise ValidationError.from_exception_data(model.__name__, wrong)
    return read


def _not_known(
    key: str, value: object, known: Sequence[str], *, rows_say_all: bool
) -> InitErrorDetails:
    said = "expected {known}, not this key{why}{meant}"
    # A file with rows of [[contract]] has no time for a priority here, and whoever writes one
    # does not see why it is no key.
    why = ", as the rows of [[contract]] say the rest" if rows_say_all else ""
    said_of = {"known": one_of(known), "why": why, "meant": did_you_mean(key, known)}
    line = PydanticCustomError("unknown_key", said, said_of)
    return InitErrorDetails(type=line, loc=(key,), input=value)


def _missing(key: str, table: Mapping[str, Any]) -> InitErrorDetails:
    return InitErrorDetails(type="missing", loc=(key,), input=table)

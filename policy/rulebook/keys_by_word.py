"""Tables whose keys are words of the policy itself: which keys are not known, and which missing."""

from collections.abc import Iterator, Mapping, Sequence

from policy.checked_table import Mistake, MistakeKind
from policy.refusal import one_of
from policy.vocabulary import did_you_mean
from policy.words import Priority


def wrong_keys_beside(
    table: Mapping[str, object], own: Sequence[str], priorities: Sequence[Priority] | None
) -> Iterator[Mistake]:
    """Yield what is wrong with the keys of a table that has its ``own`` and one for each priority.

    ``priorities`` None says that the policy's own are wrong, which is told by itself.
    """
    if priorities is None:
        return
    wanted = (*own[:1], *priorities, *own[1:])
    # A file with rows of [[contract]] has no time for a priority here, and whoever writes one
    # does not see why it is no key.
    why = "" if priorities else ", as the rows of [[contract]] say the rest"
    for key in table:
        if key not in wanted:
            said = f"expected {one_of(wanted)}, not this key{why}{did_you_mean(key, wanted)}"
            yield Mistake((key,), said)
    for key in priorities:
        if key not in table:
            yield Mistake((key,), "expected this key, and it is missing", MistakeKind.MISSING)

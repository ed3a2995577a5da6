"""Names of fields that are nearly ones of ours, and probably meant so."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Final

from policy.refusal import Refusal, shown

_NEAR_ENOUGH: Final = 0.85
_KEYS_LOOKED_AT: Final = 200
_KEY_AT_MOST: Final = 64


def misspelt(name: str, present: Iterable[str], known: Sequence[str]) -> str | None:
    """Give the field of ``known`` that is not ``present`` and that ``name`` probably means."""
    near = _near_field(name, tuple(known)) if len(name) <= _KEY_AT_MOST else None
    return None if near is None or near in present else near


def refuse_misspelt(fields: Mapping[str, object], known: Sequence[str]) -> None:
    """Raise a Refusal when a field that is not ``known`` looks like one that is, and absent."""
    ours = frozenset(known)
    unknown = (name for name in fields if name not in ours)
    for name in islice(unknown, _KEYS_LOOKED_AT):
        meant = misspelt(name, fields.keys(), known)
        if meant is not None:
            raise Refusal(f"{shown(name)[1:-1]}: unknown field; did you mean {meant}?")


@lru_cache(maxsize=4096)
def _near_field(name: str, known: tuple[str, ...]) -> str | None:
    near = get_close_matches(name.strip().casefold(), known, n=1, cutoff=_NEAR_ENOUGH)
    return near[0] if near else None

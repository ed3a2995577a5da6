"""How a foreign value becomes one of ours: the ``[values.field]`` tables of a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from policy.refusal import Refusal, shown

_ANYTHING = "*"
_PATTERNED_AT_MOST = 500
_KNOWN_SHOWN = 12
_MOST_PATTERNS: Final = 200
"""How many patterns a table may have: each is tried on every value."""


@dataclass(frozen=True)
class Translation:
    """A table from foreign values to ours.

    A ``*`` on the left stands for any text, and a ``*`` on the right for what it stood for. An
    exact name comes before one with a ``*``, those come in the order they are written, and ``*``
    alone, the rest, comes last.
    """

    table: Mapping[str, str | int]
    _patterns: list[tuple["_Pattern", str | int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the patterns. Raises Refusal when there are too many."""
        patterns = [
            (_Pattern.of(known), ours)
            for known, ours in self.table.items()
            if _ANYTHING in known and known != _ANYTHING
        ]
        if len(patterns) > _MOST_PATTERNS:
            raise Refusal(f"{len(patterns):,} values with a *; expected at most {_MOST_PATTERNS}")
        object.__setattr__(self, "_patterns", patterns)

    def __call__(self, value: str) -> str | int | None:
        """Give our value for a foreign one, or None when the table has none."""
        ours = self.named(value)
        if ours is None and (rest := self.table.get(_ANYTHING)) is not None:
            return _filled(rest, (value,))
        return ours

    def named(self, value: str) -> str | int | None:
        """Give our value for a foreign one that is more than the rest, or None."""
        if value in self.table:
            return self.table[value]
        if len(value) <= _PATTERNED_AT_MOST:
            for pattern, ours in self._patterns:
                if (texts := pattern.fillings(value)) is not None:
                    return _filled(ours, texts)
        return None

    @property
    def known(self) -> str:
        """The foreign values that the table knows, for a sentence."""
        known = [shown(name) for name in self.table]
        listed = ", ".join(known[:_KNOWN_SHOWN])
        more = len(known) - _KNOWN_SHOWN
        return f"{listed} and {more} more" if more > 0 else listed


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A text with stars: how it begins and ends, and what stands between one star and the next."""

    first: str
    between: tuple[str, ...]
    last: str

    @classmethod
    def of(cls, known: str) -> Self:
        first, *between, last = known.split(_ANYTHING)
        return cls(first, tuple(between), last)

    def fillings(self, value: str) -> tuple[str, ...] | None:
        """Give what each star stands for, the first as short as can be; None where it fits not.

        What stands between is looked for once, from the left: were it found further right, there
        would only be less room for the rest.
        """
        end = len(value) - len(self.last)
        if not (value.startswith(self.first) and value.endswith(self.last)):
            return None
        ends = [len(self.first)]
        starts = []
        for part in self.between:
            found = value.find(part, ends[-1], end)
            if found < 0:
                return None
            starts.append(found)
            ends.append(found + len(part))
        starts.append(end)
        if ends[-1] > end:
            return None
        return tuple(value[a:b] for a, b in zip(ends, starts, strict=True))


def _filled(ours: str | int, texts: tuple[str, ...]) -> str | int:
    if not isinstance(ours, str) or _ANYTHING not in ours:
        return ours
    first, *parts = ours.split(_ANYTHING)
    fillings = [*texts, *[""] * len(parts)]
    return first + "".join(text + part for text, part in zip(fillings, parts, strict=False))

"""How a foreign value becomes one of ours: the ``[values.field]`` tables of a mapping."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from policy.refusal import shown

_ANYTHING = "*"
_PATTERNED_AT_MOST = 500
_KNOWN_SHOWN = 12


@dataclass(frozen=True)
class Translation:
    """A table from foreign values to ours.

    A ``*`` on the left stands for any text, and a ``*`` on the right for what it stood for. An
    exact name comes before one with a ``*``, those come in the order they are written, and ``*``
    alone, the rest, comes last.
    """

    table: Mapping[str, str | int]
    _patterns: list[tuple[re.Pattern[str], str | int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the patterns."""
        patterns = [
            (_pattern(known), ours)
            for known, ours in self.table.items()
            if _ANYTHING in known and known != _ANYTHING
        ]
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
                if match := pattern.fullmatch(value):
                    return _filled(ours, match.groups())
        return None

    @property
    def known(self) -> str:
        """The foreign values that the table knows, for a sentence."""
        known = [shown(name) for name in self.table]
        listed = ", ".join(known[:_KNOWN_SHOWN])
        more = len(known) - _KNOWN_SHOWN
        return f"{listed} and {more} more" if more > 0 else listed


def _pattern(known: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, known.split(_ANYTHING))), re.DOTALL)


def _filled(ours: str | int, texts: tuple[str, ...]) -> str | int:
    if not isinstance(ours, str) or _ANYTHING not in ours:
        return ours
    first, *parts = ours.split(_ANYTHING)
    fillings = [*texts, *[""] * len(parts)]
    return first + "".join(text + part for text, part in zip(fillings, parts, strict=False))

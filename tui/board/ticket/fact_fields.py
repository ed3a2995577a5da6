"""The fields of a form for what else a ticket carries by the policy: a field for each fact."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from textual.widgets import Input

from policy.facts import FLAG, Facts, fact_value
from policy.refusal import Refusal
from policy.words import FactKind, FactValue
from tui.board.widgets.choice import Choice

_NOT_SAID: Final = "not said"
_FlagOrWord = Choice[FactValue | None]


class FactFields:
    """A choice for a fact with words, no or yes for a flag, and a line for an amount of money.

    Nothing is said of a fact until somebody says it; of a flag, no says nothing.
    """

    def __init__(self, kinds: Mapping[str, FactKind]) -> None:
        self._kinds = kinds
        self._fields = {name: _field(name, kind) for name, kind in kinds.items()}

    def labelled(self) -> Iterator[tuple[str, _FlagOrWord | Input]]:
        """Yield each fact as a person reads it, with its field."""
        for name, field in self._fields.items():
            yield name.replace("_", " "), field

    def said(self) -> dict[str, FactValue]:
        """Return what is said of the facts now, as a ticket keeps it.

        Raises:
            Refusal: what is written is no amount; its field has the keys then.
        """
        said = {name: self._said_of(name) for name in self._fields}
        return {name: value for name, value in said.items() if value is not None}

    def readable(self) -> Facts:
        """Return what is said of the facts as far as it can be read, while it is written."""
        said: dict[str, FactValue] = {}
        for name in self._fields:
            with suppress(Refusal):
                value = self._value(name)
                if value is not None:
                    said[name] = value
        return said

    def _said_of(self, name: str) -> FactValue | None:
        try:
            return self._value(name)
        except Refusal:
            self._fields[name].focus()
            raise

    def _value(self, name: str) -> FactValue | None:
        field = self._fields[name]
        if isinstance(field, Choice):
            return field.value
        written = field.value.strip()
        return fact_value(name, self._kinds[name], written) if written else None


def _field(name: str, kind: FactKind) -> _FlagOrWord | Input:
    place = f"fact-{name}"
    if kind == FLAG:
        return Choice([(None, "no"), (True, "yes")], chosen=None, id=place)
    if isinstance(kind, str):
        return Input(placeholder="an amount such as 16000 SEK", compact=True, id=place)
    words = [(word, word.replace("_", " ")) for word in kind]
    return Choice([*words, (None, _NOT_SAID)], chosen=None, id=place)

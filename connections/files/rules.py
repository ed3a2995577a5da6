"""Rules of a mapping: which records are meant, by what stands in their columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from connections.files.columns import MissingTexts, SourceColumn, Template, parse_column, text_of
from connections.files.translation import Translation


@dataclass(frozen=True)
class Condition:
    """One column of a rule, and the values of which one must stand there.

    In a value a ``*`` stands for any text, alone for any value at all; "" means that there is no
    value. Of a list one value is enough.
    """

    column: SourceColumn | Template
    values: Translation
    or_nothing: bool

    def holds(self, record: Mapping[str, object], missing: MissingTexts) -> bool:
        """Say whether one of the values stands in the record."""
        found = self.column.value(record, missing)
        if found is None:
            return self.or_nothing
        return any(
            self.values(text_of(each)) is not None
            for each in (found if isinstance(found, list) else [found])
        )


@dataclass(frozen=True)
class Rule:
    """The conditions of a table, one for each of its columns."""

    conditions: tuple[Condition, ...]

    @classmethod
    def of(cls, table: Mapping[str, object]) -> Self:
        """Make the rule that a table says; raises Refusal for what can be no column."""
        return cls(tuple(_condition(name, values) for name, values in table.items()))

    @property
    def names(self) -> Iterator[str]:
        """The names that a record of a flat file has to have."""
        return (name for condition in self.conditions for name in condition.column.names)

    def holds_all(self, record: Mapping[str, object], missing: MissingTexts) -> bool:
        """Say whether every condition holds."""
        return all(condition.holds(record, missing) for condition in self.conditions)

    def holds_any(self, record: Mapping[str, object], missing: MissingTexts) -> bool:
        """Say whether one of the conditions holds."""
        return any(condition.holds(record, missing) for condition in self.conditions)


def _condition(name: str, values: object) -> Condition:
    listed = values if isinstance(values, list) else [values]
    texts = [text_of(value).strip() for value in listed]
    table = dict.fromkeys((text for text in texts if text), 1)
    return Condition(parse_column(name), Translation(table), "" in texts)

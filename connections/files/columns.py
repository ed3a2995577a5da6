"""Where in a foreign record a value stands: a column, a path, a custom field or a template."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from policy.refusal import Refusal, shown

_CUSTOM_FIELD = "custom_field:"
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One value of a record, found by its name or by a path into it.

    A path is ``organization.name``, through objects, or ``custom_field:ID``, as help desks number
    the fields that their users make.
    """

    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a record has to have."""
        return (self.name,)

    def value(self, record: Mapping[str, object], missing: Collection[str]) -> object | None:
        """Give the value, text without surrounding white space, or None when it is missing."""
        found = record[self.name] if self.name in record else _below(record, self.name)
        if isinstance(found, str):
            text = found.strip()
            return None if text in missing else text
        return None if found == [] else found


@dataclass(frozen=True, slots=True)
class Template:
    """A text with names in braces; ``texts`` stand before, between and after the ``columns``.

    Where a value is missing, so is the text between it and the value before it; where all are
    missing, so is the whole.
    """

    texts: tuple[str, ...]
    columns: tuple[SourceColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a record has to have."""
        return tuple(column.name for column in self.columns)

    def value(self, record: Mapping[str, object], missing: Collection[str]) -> object | None:
        """Give the text filled in, or None when every value in it is missing."""
        filled = ""
        for before, column in zip(self.texts, self.columns, strict=False):
            value = column.value(record, missing)
            if value is not None:
                filled += f"{before if filled else self.texts[0]}{text_of(value)}"
        return f"{filled}{self.texts[-1]}" if filled else None


def parse_column(written: str) -> SourceColumn | Template:
    """Give what a mapping means by a column; raises Refusal when it cannot be one."""
    if not written.strip():
        raise Refusal(f"{shown(written)}; expected the name of a column")
    if "{" not in written and "}" not in written:
        return SourceColumn(written)
    texts = _PLACEHOLDER.split(written)
    if any("{" in text or "}" in text for text in texts[::2]):
        raise Refusal(f"{shown(written)}; expected every name in a pair of braces")
    return Template(tuple(texts[::2]), tuple(SourceColumn(name.strip()) for name in texts[1::2]))


def text_of(value: object) -> str:
    """Give a value as the text by which a mapping knows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(text_of(part) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _below(record: Mapping[str, object], name: str) -> object | None:
    if name.startswith(_CUSTOM_FIELD):
        return _custom_field(record, name.removeprefix(_CUSTOM_FIELD).strip())
    place: object = record
    for step in name.split("."):
        place = place.get(step) if isinstance(place, Mapping) else None
    return place


def _custom_field(record: Mapping[str, object], number: str) -> object | None:
    fields = record.get("custom_fields") or record.get("fields")
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, Mapping) and str(field.get("id")) == number:
            return field.get("value")
    return None

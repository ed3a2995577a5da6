"""Where in a foreign record a value stands: a column, a path, a custom field or a template."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from policy.refusal import Refusal, shown

_CUSTOM_FIELD = "custom_field:"
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Aside:
    """What a record tells by naming something that stands elsewhere, such as a person.

    ``reference`` names that thing, "" where the record says that there is none, None where it is
    not known by any name. Where it is not to be found it is not ``spoken`` of, and ``value`` is at
    most a stand-in.
    """

    value: object | None
    reference: str | None = None
    spoken: bool = True


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
        if isinstance(found, Aside):
            found = found.value
        if isinstance(found, str):
            text = found.strip()
            return None if text in missing else text
        return None if found == [] else found

    def is_there(self, record: Mapping[str, object]) -> bool:
        """Say whether the record speaks of it at all, be it only to say that there is no value."""
        return self.name in record or _is_below(record, self.name)

    def aside(self, record: Mapping[str, object]) -> Aside | None:
        """Give what it is told by naming something that stands elsewhere, or None."""
        found = record.get(self.name, record.get(self.name.partition(".")[0]))
        return found if isinstance(found, Aside) else None


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

    def is_there(self, record: Mapping[str, object]) -> bool:
        """Say whether the record speaks of any of its columns."""
        return any(column.is_there(record) for column in self.columns)

    def aside(self, record: Mapping[str, object]) -> Aside | None:
        """Give the first of what its columns are told by naming something that stands elsewhere."""
        return next(filter(None, (column.aside(record) for column in self.columns)), None)


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
        field = _custom_field(record, name)
        return None if field is None else field.get("value")
    place: object = record
    for step in name.split("."):
        place = place.get(step) if isinstance(place, Mapping) else None
        place = place.value if isinstance(place, Aside) else place
    return place


def _is_below(record: Mapping[str, object], name: str) -> bool:
    if name.startswith(_CUSTOM_FIELD):
        return _custom_field(record, name) is not None
    place: object = record
    for step in name.split("."):
        if place is None:  # said to be empty, and with it all that would stand in it
            return True
        if not isinstance(place, Mapping) or step not in place:
            return False
        place = place[step]
        place = place.value if isinstance(place, Aside) else place
    return True


def _custom_field(record: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    number = name.removeprefix(_CUSTOM_FIELD).strip()
    fields = record.get("custom_fields") or record.get("fields")
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, Mapping) and str(field.get("id")) == number:
            return field
    return None

"""Where in a foreign record a value stands: a column, a path, a custom field or a template."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from policy.refusal import Refusal, shown
from policy.toml_text import MOST_PARTS

_CUSTOM_FIELD = "custom_field:"
_LONGEST_COLUMN: Final = 10_000
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_PLACE = re.compile(r"(?P<name>.*?)\[(?P<number>-?[1-9]\d{0,5})?\]", re.DOTALL)
_NAMES_OF_OBJECTS: Final = (
    "name",
    "value",
    "title",
    "label",
    "displayName",
    "display_name",
    "login",
    "email",
)
"""What stands for the objects of a list, the first that they have, where no path says it."""


@dataclass(frozen=True, slots=True)
class MissingTexts:
    """The texts that mean there is no value, in all columns or in one ``by_column``."""

    values: frozenset[str] = frozenset({""})
    by_column: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def within(self, column: str) -> frozenset[str]:
        """Give those of a column."""
        return self.by_column.get(column, self.values) if self.by_column else self.values


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
    the fields that their users make. ``labels[].name`` is a list, one value of each object in
    ``labels``, ``labels[2].name`` that of the second and ``labels[-1].name`` that of the last.
    """

    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a record has to have."""
        return (self.name,)

    def value(self, record: Mapping[str, object], missing: MissingTexts) -> object | None:
        """Give the value, text without surrounding white space, or None when it is missing.

        Of a list it is a list of what is not missing, objects by their names.
        """
        found = record[self.name] if self.name in record else _below(record, self.name)
        if isinstance(found, Aside):
            found = found.value
        if isinstance(found, str):
            text = found.strip()
            return None if text in missing.within(self.name) else text
        if isinstance(found, list):
            return _listed(found, missing.within(self.name))
        return found

    def is_there(self, record: Mapping[str, object]) -> bool:
        """Say whether the record speaks of it at all, be it only to say that there is no value."""
        return self.name in record or _is_below(record, self.name)

    def aside(self, record: Mapping[str, object]) -> Aside | None:
        """Give what it is told by naming something that stands elsewhere, or None."""
        first = _steps(self.name)[0].name
        found = record.get(self.name, record.get(first))
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

    def value(self, record: Mapping[str, object], missing: MissingTexts) -> object | None:
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
    if not written.strip() or len(written) > _LONGEST_COLUMN:
        raise Refusal(f"{shown(written)}; expected the name of a column")
    if written.count(".") > MOST_PARTS:
        raise Refusal(f"{shown(written)}; expected a path of at most {MOST_PARTS} steps")
    if "{" not in written and "}" not in written:
        return SourceColumn(written)
    texts = _PLACEHOLDER.split(written)
    if len(texts) > 2 * MOST_PARTS:
        raise Refusal(f"{shown(written)}; expected at most {MOST_PARTS} names in braces")
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


def place_of(name: str) -> tuple[str, int | None] | None:
    """Give the name before ``[2]``, and the number; before ``[]`` there is none. None without."""
    found = _PLACE.fullmatch(name)
    if found is None:
        return None
    return found["name"], None if found["number"] is None else int(found["number"])


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a path: into what is called so, and there into one place of a list or all."""

    name: str
    place: int | None = None

    def into(self, record: object) -> object | None:
        found = record.get(self.name) if isinstance(record, Mapping) else None
        found = found.value if isinstance(found, Aside) else found
        if self.place is None or found is None:
            return found
        if not isinstance(found, list):  # what is no list is the only one of its kind
            return found if self.place in (1, -1) else None
        at = self.place - 1 if self.place > 0 else self.place
        return found[at] if -len(found) <= at < len(found) else None


@lru_cache(maxsize=4096)
def _steps(name: str) -> tuple[_Step, ...]:
    steps = []
    for written in name.split("."):
        place = place_of(written)
        steps.append(_Step(written) if place is None else _Step(*place))
    return tuple(steps)


def _below(record: Mapping[str, object], name: str) -> object | None:
    if name.startswith(_CUSTOM_FIELD):
        found = _custom_field(record, name)
        return None if found is None else found.get("value")
    return _along(record, _steps(name))


def _along(place: object, steps: Sequence[_Step]) -> object | None:
    """Follow a path; through a list it leads to a list."""
    for at, step in enumerate(steps):
        if isinstance(place, list):
            found = (_along(each, steps[at:]) for each in place)
            return [each for each in found if each is not None] or None
        place = step.into(place)
    return place


def _listed(found: Sequence[object], missing: frozenset[str]) -> object | None:
    """Give the values of a list that are not missing, in one list; None where there are none."""
    values: list[object] = []
    for each in found:
        value = _name_of(each) if isinstance(each, Mapping) else each
        if isinstance(value, list):
            values.extend(value)
        elif isinstance(value, str):
            values.extend([text] if (text := value.strip()) not in missing else [])
        elif value is not None:
            values.append(value)
    return values or None


def _name_of(each: Mapping[str, object]) -> object:
    names = (each[name] for name in _NAMES_OF_OBJECTS if isinstance(each.get(name), str))
    return next(names, each)


def _is_below(record: Mapping[str, object], name: str) -> bool:
    if name.startswith(_CUSTOM_FIELD):
        return _custom_field(record, name) is not None
    place: object = record
    for step in _steps(name):
        if place is None:  # said to be empty, and with it all that would stand in it
            return True
        if isinstance(place, list):  # what a list has not is not there either
            return True
        if not isinstance(place, Mapping) or step.name not in place:
            return False
        place = step.into(place)
    return True


def _custom_field(record: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    number = name.removeprefix(_CUSTOM_FIELD).strip()
    fields = record.get("custom_fields") or record.get("fields")
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, Mapping) and str(each.get("id")) == number:
            return each
    return None

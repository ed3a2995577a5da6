"""How another program's export becomes our fields: a mapping, one TOML file, checked."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Final, Self

from pydantic import Field, ValidationError

from connections.files.columns import Aside, SourceColumn, Template, text_of
from connections.files.mapping_sections import (
    ColumnsByField,
    ConstantsByField,
    Dates,
    LinesSection,
    MappingSection,
    Missing,
    Text,
    TranslationsByField,
)
from connections.files.shipped_words import in_words_of_the_policy
from connections.files.translation import Translation
from policy.intake.incoming import FIELDS, incoming_ticket, required_fields
from policy.refusal import Refusal, one_of, quoted, shown
from policy.rulebook.problems import problems_in, toml_problem
from policy.vocabulary import Vocabulary

_TIMES = frozenset(name for name in FIELDS if name.endswith("_at"))
_LONGEST_FILE = 1024 * 1024
_EXAMPLE: Final = {
    "external_id": "1",
    "subject": "An example",
    "customer": "Acme",
    "received_at": "1970-01-01",
}


_KEY: Final = frozenset({"source", "external_id"})
"""What says which ticket it is, and can never be left to what is known of it."""


@dataclass(slots=True)
class ToldFields:
    """The fields that a record tells of, for ``incoming_ticket`` with the same names.

    ``lacking`` says why it could be no new ticket: a required field is not spoken of.
    """

    fields: dict[str, object] = field(default_factory=dict)
    stand_ins: set[str] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)
    lacking: Refusal | None = None

    def hang(self, name: str, asides: Sequence[Aside]) -> bool:
        """Note what a field hangs on; give whether the record speaks of the field by that."""
        if named := [aside.reference for aside in asides if aside.reference is not None]:
            self.references[name] = next(filter(None, named), "")
        is_spoken = all(aside.spoken for aside in asides)
        if not is_spoken:
            self.stand_ins.add(name)
        return is_spoken


class TicketMapping(MappingSection):
    """Everything that a mapping says; made by ``load_mapping`` or ``mapping_from``."""

    source: Text | None = None
    columns: ColumnsByField
    values: TranslationsByField = Field(default_factory=dict)
    constants: ConstantsByField = Field(default_factory=dict)
    dates: Dates = Dates()
    missing: Missing = Missing()
    lines: LinesSection | None = None
    _words: Vocabulary

    def under(self, words: Vocabulary) -> Self:
        """Give the mapping for a policy with these words."""
        self._words = words
        return self

    @cached_property
    def _example(self) -> dict[str, object]:
        """What stands in where a required field is not told of, of a ticket that is known."""
        of_the_policy = {"tier": self._words.tiers, "severity": self._words.severities}
        return {**_EXAMPLE, **{name: known[-1] for name, known in of_the_policy.items() if known}}

    @cached_property
    def _required(self) -> tuple[str, ...]:
        return required_fields(self._words)

    @cached_property
    def column_names(self) -> frozenset[str]:
        """Every name that a record of a flat file has to have."""
        of_lines = (self.lines.ticket, self.lines.order_by or ()) if self.lines else ()
        every = (*self.columns.values(), *of_lines)
        return frozenset(name for columns in every for column in columns for name in column.names)

    @cached_property
    def fixed(self) -> Mapping[str, object]:
        """What fields are where the columns have no value, the source among them."""
        return {**({} if self.source is None else {"source": self.source}), **self.constants}

    def told(self, record: Mapping[str, object]) -> ToldFields:
        """Give the fields of the ticket that a record tells of.

        "What a file does not speak of stays": a column that is not there tells of nothing, and a
        constant is a stand-in for it. Raises Refusal naming a required field without a value, or
        a value without a translation.
        """
        told = ToldFields(dict(self.fixed))
        has_asides = any(isinstance(value, Aside) for value in record.values())
        for name, columns in self.columns.items():
            value, tried = self._value(name, columns, record)
            asides = _asides(tried, record) if has_asides else ()
            is_spoken = not asides or told.hang(name, asides)
            if value is not None:
                told.fields[name] = value
            elif name not in _KEY:
                is_there = is_spoken and any(column.is_there(record) for column in columns)
                self._put_nothing(told, name, is_there=is_there)
        for name in _KEY.intersection(self._required) - told.fields.keys():
            raise self._missing(name)
        return told

    def _put_nothing(self, told: ToldFields, name: str, *, is_there: bool) -> None:
        """Note a field without a value: it was said to be empty, or not spoken of."""
        if name in self.fixed:
            if not is_there:
                told.stand_ins.add(name)
        elif name not in self._required:
            if is_there:
                told.fields[name] = None
        elif is_there:
            raise self._missing(name)
        else:
            told.lacking = told.lacking or self._missing(name)
            told.fields[name] = self._example[name]
            told.stand_ins.add(name)
            told.references.pop(name, None)

    def _missing(self, name: str) -> Refusal:
        return Refusal(f"{name}: missing; looked in {_listed(self.columns[name])}")

    def value(
        self, columns: tuple[SourceColumn | Template, ...], record: Mapping[str, object]
    ) -> object | None:
        """Give the value of the first of the columns that has one, or None."""
        for column in columns:
            value = column.value(record, self.missing.values)
            if value is not None:
                return value
        return None

    def _value(
        self, name: str, columns: tuple[SourceColumn | Template, ...], record: Mapping[str, object]
    ) -> tuple[object | None, Sequence[SourceColumn | Template]]:
        """Give a field's value or None, and the columns that were looked in for it."""
        translation = self.values.get(name)
        for place, column in enumerate(columns, start=1):
            found = column.value(record, self.missing.values)
            if found is not None and translation is not None:
                found = _translated(name, found, translation)
            if found is not None:
                ours = found if translation else self._taken_over(name, found)
                return ours, columns[:place]
        return None, columns

    def _taken_over(self, name: str, value: object) -> object:
        if name in _TIMES and isinstance(value, str):
            return self._time(name, value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value

    def _time(self, name: str, written: str) -> object:
        moment = self.dates.read(written)
        if moment is None and self.dates.format is not None:
            form = f"a time in the form {self.dates.format}"
            raise Refusal(f"{name}: {shown(written)}; expected {form}")
        return moment or written


def load_mapping(name: str, words: Vocabulary) -> TicketMapping:
    """Give a shipped mapping by its name, or the one in a TOML file by its path.

    It is for a policy with these ``words``, into which a shipped one is put by itself. Raises
    Refusal naming the file, the key, the value and what was expected.
    """
    shipped = _shipped_text(name)
    if shipped is None:
        return mapping_from(_text_of_file(name), name, words)
    return _mapping(in_words_of_the_policy(tomllib.loads(shipped), words), name, words)


def layered_mapping(
    shipped: str, own: Mapping[str, object], source: str, words: Vocabulary
) -> TicketMapping:
    """Give a shipped mapping with tables of one's own laid over it, key by key; raises Refusal.

    ``source`` is where these stand. Where nothing is shipped, they are the whole mapping.
    """
    text = _shipped_text(shipped)
    beneath = {} if text is None else in_words_of_the_policy(tomllib.loads(text), words)
    return _mapping(_over(beneath, own), source, words)


def _over(beneath: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    laid = dict(beneath)
    for name, value in own.items():
        below = laid.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        laid[name] = _over(below, value) if both else value  # type: ignore[arg-type] # seen above
    return laid


def mapping_from(text: str, source: str, words: Vocabulary) -> TicketMapping:
    """Give the mapping that ``text``, a TOML file named ``source``, says; raises Refusal."""
    text = text.removeprefix("\ufeff")  # some editors begin every file with it
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(toml_problem(error, text, source)) from None
    return _mapping(tables, source, words)


def _mapping(tables: Mapping[str, object], source: str, words: Vocabulary) -> TicketMapping:
    try:
        mapping = TicketMapping.model_validate(tables).under(words)
    except ValidationError as error:
        first, *others = problems_in(error, TicketMapping, source)
        raise Refusal(f"{first} (and {len(others)} more)" if others else first) from None
    for problem in _problems(mapping, words):
        raise Refusal(f"{source}: {problem}")
    return mapping


def shipped_mappings() -> tuple[str, ...]:
    """Give the names of the mappings that come with the program."""
    folder = resources.files("connections.files").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _translated(name: str, found: object, translation: Translation) -> object | None:
    """Translate a value; of a list, such as tags, the first that the table knows by name."""
    if isinstance(found, list):
        known = (translation.named(text_of(part)) for part in found)
        return next((ours for ours in known if ours is not None), None)
    ours = translation(text_of(found))
    if ours is None:
        raise Refusal(f"{name}: {shown(found)} has no translation; known are {translation.known}")
    return ours


def _problems(mapping: TicketMapping, words: Vocabulary) -> Iterator[str]:
    for name in required_fields(words):
        if name not in mapping.columns and name not in mapping.fixed:
            yield f"columns: {name} is missing; expected a column or a constant for it"
    for name, value in mapping.fixed.items():
        yield from _unfit(words, name, value, "source" if name == "source" else f"constants.{name}")
    for name, translation in mapping.values.items():
        if name not in mapping.columns:
            yield f"values.{name}: nothing to translate; expected columns.{name} too"
        if name == "tags" or name in _TIMES:
            yield f"values.{name}: {name} cannot be translated"
        for known, ours in translation.table.items():
            if "*" not in str(ours):
                yield from _unfit(words, name, ours, f"values.{name}.{quoted(known)}")


def _unfit(words: Vocabulary, name: str, value: object, key: str) -> Iterator[str]:
    """Say so when a value of the mapping could not be the field's."""
    try:
        incoming_ticket(_EXAMPLE | {name: value}, _only_for(name, words))
    except Refusal as refusal:
        yield f"{key}: {refusal.reason.removeprefix(f'{name}: ')}"


def _only_for(name: str, words: Vocabulary) -> Vocabulary:
    """Return the words without those that an example would have to say, too."""
    return replace(
        words,
        tiers=words.tiers if name == "tier" else (),
        severities=words.severities if name == "severity" else (),
    )


def _asides(
    columns: Sequence[SourceColumn | Template], record: Mapping[str, object]
) -> list[Aside]:
    return [aside for column in columns if (aside := column.aside(record)) is not None]


def _listed(columns: tuple[SourceColumn | Template, ...]) -> str:
    return one_of(name for column in columns for name in column.names)


def _shipped_text(name: str) -> str | None:
    if name not in shipped_mappings():
        return None
    return resources.files("connections.files").joinpath(f"mappings/{name}.toml").read_text("utf-8")


def _text_of_file(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        shipped = one_of(shipped_mappings())
        raise Refusal(f"no mapping {quoted(path)}; expected a TOML file, or {shipped}") from None
    if len(content) > _LONGEST_FILE:
        raise Refusal(f"{path}: expected a mapping, and this is more than {_LONGEST_FILE:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(f"{path}: expected a mapping in UTF-8") from None

"""How another program's export becomes our fields: a mapping, one TOML file, checked."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final, Self

from pydantic import Field

from connections.files.columns import Aside, SourceColumn, Template, text_of
from connections.files.lookup import LookupTable
from connections.files.mapping_sections import (
    ColumnsByField,
    ConstantsByField,
    Dates,
    FileSection,
    LinesSection,
    LookupsByField,
    MappingSection,
    Missing,
    MissingTable,
    RulesByField,
    RuleTable,
    TagsSection,
    Text,
    TranslationsByField,
)
from connections.files.rules import Rule
from connections.files.translation import Translation
from connections.files.written_times import TimeReader
from policy.intake.incoming import FIELDS, OPTIONAL_FIELDS, required_fields
from policy.intake.left_out import without_field
from policy.refusal import Refusal, one_of, shown
from policy.vocabulary import Vocabulary

_TIMES = frozenset(name for name in FIELDS if name.endswith("_at"))
_EARLIEST: Final = frozenset({"received_at", "first_response_at"})
"""The times of which the first counts where a column has several; of the others it is the last."""

EXAMPLE: Final = {
    "external_id": "1",
    "subject": "An example",
    "customer": "Acme",
    "received_at": "1970-01-01",
}
"""What stands in for the required fields that any policy has."""


_KEY: Final = frozenset({"source", "external_id"})
"""What says which ticket it is, and can never be left to what is known of it."""


@dataclass(slots=True)
class ToldFields:
    """The fields that a record tells of, for ``incoming_ticket`` with the same names.

    ``lacking`` says why it could be no new ticket: a required field is not spoken of.
    ``warnings`` name the optional fields that are of no use, and were left out for that.
    """

    fields: dict[str, object] = field(default_factory=dict)
    stand_ins: set[str] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)
    lacking: Refusal | None = None
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def together(cls, parts: Iterable[Self]) -> Self:
        """Give what several records tell of one ticket, each of fields of its own."""
        whole = cls()
        for part in parts:
            whole.fields |= part.fields
            whole.stand_ins |= part.stand_ins
            whole.references |= part.references
            whole.lacking = whole.lacking or part.lacking
            whole.warnings += part.warnings
        return whole

    def hang(self, name: str, asides: Sequence[Aside]) -> bool:
        """Note what a field hangs on; give whether the record speaks of the field by that."""
        if named := [aside.reference for aside in asides if aside.reference is not None]:
            self.references[name] = next(filter(None, named), "")
        is_spoken = all(aside.spoken for aside in asides)
        if not is_spoken:
            self.stand_ins.add(name)
        return is_spoken


class TicketMapping(MappingSection):
    """Everything that a mapping says; made by ``load_mapping`` or ``mapping_from``.

    What a ticket is made of (all but ``file`` and ``lines``) holds for a record of a file and for
    one of a help desk alike.
    """

    source: Text | None = None
    columns: ColumnsByField
    values: TranslationsByField = Field(default_factory=dict)
    constants: ConstantsByField = Field(default_factory=dict)
    lookup: LookupsByField = Field(default_factory=dict)
    dates: Dates = Dates()
    missing: MissingTable = Missing()
    tags: TagsSection = TagsSection()
    when: RulesByField = Field(default_factory=dict)
    leave_out: RuleTable = Rule(())
    only: RuleTable = Rule(())
    lines: LinesSection | None = None
    file: FileSection = FileSection()
    _words: Vocabulary
    _tables: Mapping[str, LookupTable]

    def under(self, words: Vocabulary, tables: Mapping[str, LookupTable] | None = None) -> Self:
        """Give the mapping for a policy with these words, and with its second files."""
        self._words = words
        self._tables = tables or {}
        return self

    @cached_property
    def _example(self) -> dict[str, object]:
        """What stands in where a required field is not told of, of a ticket that is known."""
        of_the_policy = {"tier": self._words.tiers, "severity": self._words.severities}
        return {**EXAMPLE, **{name: known[-1] for name, known in of_the_policy.items() if known}}

    @cached_property
    def _required(self) -> tuple[str, ...]:
        return required_fields(self._words)

    @cached_property
    def told_fields(self) -> frozenset[str]:
        """The fields that it says something of."""
        return frozenset({*self._looked_up, *self.fixed})

    @cached_property
    def _looked_up(self) -> Mapping[str, tuple[SourceColumn | Template, ...]]:
        """The columns of every field that is looked for in a record, in order of the fields."""
        names = dict.fromkeys((*self.columns, *self.lookup))
        return {name: self.columns.get(name, ()) for name in names}

    @cached_property
    def column_names(self) -> frozenset[str]:
        """Every name that a record of a flat file has to have."""
        of_lines = (self.lines.ticket, self.lines.order_by or ()) if self.lines else ()
        of_tables = (table.by for table in self.lookup.values())
        every = (*self.columns.values(), *of_lines, *of_tables)
        rules = (self.leave_out, self.only, *self.when.values())
        return frozenset(
            name for columns in every for column in columns for name in column.names
        ) | {name for rule in rules for name in rule.names}

    @cached_property
    def fixed(self) -> Mapping[str, object]:
        """What fields are where the columns have no value, the source among them."""
        return {**({} if self.source is None else {"source": self.source}), **self.constants}

    @cached_property
    def _has_rules(self) -> bool:
        return bool(self.leave_out.conditions or self.only.conditions)

    @cached_property
    def _second_files(self) -> Mapping[str, LookupTable]:
        return self._tables

    @cached_property
    def _times_of_lines(self) -> TimeReader:
        """The reader of the times by which lines are in order: that of the field they tell."""
        columns = None if self.lines is None else self.lines.order_by
        names = (name for name in _TIMES if self.columns.get(name) == columns)
        return self.dates.readers[next(names, None)]

    def passes_over(self, record: Mapping[str, object]) -> bool:
        """Say whether a record is no ticket by the rules ``[leave_out]`` and ``[only]``."""
        if not self._has_rules:
            return False
        missing = self.missing.of()
        return self.leave_out.holds_any(record, missing) or not self.only.holds_all(record, missing)

    def says(self, name: str, record: Mapping[str, object]) -> bool:
        """Say whether a record says anything of a field, good or bad."""
        missing = self.missing.of(name)
        if name in self.when and not self.when[name].holds_all(record, missing):
            return False
        columns = self._looked_up.get(name, ())
        by = self.lookup[name].by if name in self.lookup else ()
        return any(column.value(record, missing) is not None for column in (*columns, *by))

    def told(self, record: Mapping[str, object], only: Collection[str] | None = None) -> ToldFields:
        """Give the fields of the ticket that a record tells of, or ``only`` of some.

        "What a file does not speak of stays": a column that is not there tells of nothing, and a
        constant is a stand-in for it. Raises Refusal naming a required field without a value, or
        a value without a translation.
        """
        if only is None:
            told = ToldFields(dict(self.fixed))
        else:
            told = ToldFields({name: value for name, value in self.fixed.items() if name in only})
        has_asides = any(isinstance(value, Aside) for value in record.values())
        for name, columns in self._looked_up.items():
            if only is not None and name not in only:
                continue
            try:
                self._tell(told, name, columns, record, has_asides=has_asides)
            except Refusal as refusal:
                if name not in OPTIONAL_FIELDS and name not in self._words.fact_kinds:
                    raise
                told.warnings.append(without_field(name, refusal))
                told.stand_ins.update({name} & told.fields.keys())
        for name in _KEY.intersection(self._required) - told.fields.keys():
            if only is None or name in only:
                raise self._missing(name)
        return told

    def _tell(
        self,
        told: ToldFields,
        name: str,
        columns: tuple[SourceColumn | Template, ...],
        record: Mapping[str, object],
        *,
        has_asides: bool,
    ) -> None:
        """Note what a record tells of one field."""
        if name in self.when and not self.when[name].holds_all(record, self.missing.of(name)):
            self._put_nothing(told, name, is_there=False)
            return
        value = self._from_table(name, record) if name in self._second_files else None
        if value is None:
            value, tried = self._value(name, columns, record)
            asides = _asides(tried, record) if has_asides else ()
            is_spoken = not asides or told.hang(name, asides)
        if value is not None:
            told.fields[name] = value
        elif name not in _KEY:
            by = self.lookup[name].by if name in self.lookup else ()
            is_there = is_spoken and any(column.is_there(record) for column in (*columns, *by))
            self._put_nothing(told, name, is_there=is_there)

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
        if name in self.lookup:
            table = self.lookup[name]
            places = _listed((*self.columns.get(name, ()), *table.by))
            return Refusal(f"{name}: missing; looked in {places} and {table.file}")
        return Refusal(f"{name}: missing; looked in {_listed(self.columns[name])}")

    def value(
        self, columns: tuple[SourceColumn | Template, ...], record: Mapping[str, object]
    ) -> object | None:
        """Give the value of the first of the columns that has one, or None."""
        missing = self.missing.of()
        return next(
            (found for each in columns if (found := each.value(record, missing)) is not None), None
        )

    def order(self, value: object) -> float | None:
        """Give where a value stands in the order of lines, by numbers or by times, or None."""
        times = self._times_of_lines
        number = None if times.may_be_digits else _number(value)
        if number is not None:
            return number
        moment = times.read(value)
        return _number(value) if moment is None else moment.timestamp()

    def _from_table(self, name: str, record: Mapping[str, object]) -> object | None:
        """Give the value that a second file has for a field, or None."""
        missing = self.missing.of(name)
        for column in self.lookup[name].by:
            key = column.value(record, missing)
            for each in key if isinstance(key, list) else (key,):
                found = None if each is None else self._second_files[name].get(text_of(each))
                if found is not None and found not in missing.values:
                    return self._ours(name, found)
        return None

    def _value(
        self, name: str, columns: tuple[SourceColumn | Template, ...], record: Mapping[str, object]
    ) -> tuple[object | None, Sequence[SourceColumn | Template]]:
        """Give a field's value or None, and the columns that were looked in for it."""
        missing = self.missing.of(name)
        for place, column in enumerate(columns, start=1):
            found = column.value(record, missing)
            if found is not None and (ours := self._ours(name, found)) is not None:
                return ours, columns[:place]
        return None, columns

    def _ours(self, name: str, found: object) -> object | None:
        translation = self.values.get(name)
        return (
            self._taken_over(name, found)
            if translation is None
            else _translated(name, found, translation)
        )

    def _taken_over(self, name: str, value: object) -> object:
        if name in _TIMES:
            return self._time(name, value)
        if name == "tags":
            return self._tags(value)
        if isinstance(value, list):
            return _one_of(name, value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value

    def _tags(self, value: object) -> object:
        separator = self.tags.separator
        if separator is None:
            return value
        texts = value if isinstance(value, list) else [value]
        split = (text.split(separator) if isinstance(text, str) else [text] for text in texts)
        return [tag for tags in split for tag in tags]

    def _time(self, name: str, written: object) -> object:
        if isinstance(written, list):
            times = [self._time(name, each) for each in written]
            moments = [time for time in times if isinstance(time, datetime)]
            if len(moments) < len(times):
                return times[0]
            return min(moments) if name in _EARLIEST else max(moments)
        moment = self.dates.readers[name].read(written)
        forms = self.dates.forms_of(name)
        if moment is None and forms:
            raise Refusal(f"{name}: {shown(written)}; expected a time in the form {one_of(forms)}")
        return moment or written


def _translated(name: str, found: object, translation: Translation) -> object | None:
    """Translate a value; of a list, such as tags, the first that the table knows by name."""
    if isinstance(found, list):
        known = (translation.named(text_of(part)) for part in found)
        return next((ours for ours in known if ours is not None), None)
    ours = translation(text_of(found))
    if ours is None:
        raise Refusal(f"{name}: {shown(found)} has no translation; known are {translation.known}")
    return ours


def _number(value: object) -> float | None:
    try:
        number = float(text_of(value))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _one_of(name: str, values: Sequence[object]) -> object:
    """Give what a field of one text is where a column has several: the first, or all of a body."""
    if name == "body":
        return "\n\n".join(text_of(value) for value in values)
    return str(values[0]) if isinstance(values[0], int | float) else values[0]


def _asides(
    columns: Sequence[SourceColumn | Template], record: Mapping[str, object]
) -> list[Aside]:
    return [aside for column in columns if (aside := column.aside(record)) is not None]


def _listed(columns: tuple[SourceColumn | Template, ...]) -> str:
    return one_of(name for column in columns for name in column.names)

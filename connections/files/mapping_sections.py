"""The tables of a mapping as frozen values, key by key, each with a sentence for a wrong one."""

import codecs
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from connections.files.columns import MissingTexts, SourceColumn, Template, parse_column
from connections.files.rules import Rule
from connections.files.translation import Translation
from connections.files.written_times import FORM_WORDS, LONGEST_FORM, TimeReader
from connections.files.zone_words import ZoneWords
from policy.clocks.zones import zone_named
from policy.intake.incoming import FIELDS, known_fields, misspelt_field
from policy.refusal import Refusal, expected, one_of, quoted
from policy.vocabulary import NO_WORDS, Vocabulary

_ALL_COLUMNS = "values"
_MOST_OF_A_FIELD: Final = 100
"""How many columns, or forms of times, a field may have: each is tried on every record."""

_NOT_OF_FILES: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "utf-7"}
)
"""Encodings of Python that no file is in, and that cannot be read piece by piece."""

_LEAP_DAY = datetime(2016, 2, 29, 23, 45, tzinfo=UTC)


class MappingSection(BaseModel):
    """A table of a mapping: nothing in it may be changed, and no other key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(expected("a text", value))
    return value


def _texts(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError(expected('a list of texts such as ["?", ""]', value))
    return frozenset(_text(text).strip() for text in value)


def _columns(value: object) -> tuple[SourceColumn | Template, ...]:
    written = value if isinstance(value, list) and value else [value]
    if len(written) > _MOST_OF_A_FIELD:
        raise ValueError(f"{len(written):,} columns; expected at most {_MOST_OF_A_FIELD}")
    try:
        return tuple(parse_column(_text(name)) for name in written)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None


def _translation(value: object) -> Translation:
    if not isinstance(value, dict):
        raise ValueError(expected("a table of their values and ours", value))
    for known, ours in value.items():
        if not isinstance(ours, str | int):  # a flag is true or false
            raise ValueError(f"{expected('a text or a number', ours)} for {quoted(known)}")
    try:
        return Translation(value)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None


def _by_field(table: object, info: ValidationInfo) -> Mapping[str, object]:
    """Return a table whose keys are fields of a ticket, or facts of the policy in force."""
    if not isinstance(table, dict):
        raise ValueError(expected("a table", table))
    words = info.context if isinstance(info.context, Vocabulary) else NO_WORDS
    known = known_fields(words)
    for name in table:
        if name not in known:
            near = misspelt_field(name, (), words)
            hint = f"did you mean {near}?" if near else f"expected {one_of(known)}"
            raise ValueError(f"{quoted(name)} is no field of a ticket; {hint}")
    return table


def _time_formats(value: object) -> tuple[str, ...]:
    forms = value if isinstance(value, list) else [value]
    if len(forms) > _MOST_OF_A_FIELD:
        raise ValueError(f"{len(forms):,} forms; expected at most {_MOST_OF_A_FIELD}")
    return tuple(_time_format(form) for form in forms)


def _time_format(value: object) -> str:
    written = _text(value)
    if written in FORM_WORDS:
        return written
    try:
        if len(written) > LONGEST_FORM:
            raise ValueError
        datetime.strptime(_LEAP_DAY.strftime(written), written)  # noqa: DTZ007 - only tried out
    except (ValueError, re.error):  # re.error: a letter that stands there twice
        what = f"a form such as %d/%m/%Y %H:%M, or {one_of(FORM_WORDS)}"
        raise ValueError(expected(what, value)) from None
    return written


def _zone_name(value: object) -> str:
    return zone_named(_text(value)).key


def _zone_words(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError(expected('a table such as { IST = "Asia/Kolkata" }', value))
    return {word: _zone_name(zone) for word, zone in value.items()}


def _end(value: object) -> object:
    if value not in ("first", "last", "both"):
        raise ValueError(expected("first, last or both", value))
    return value


def _field_names(value: object, info: ValidationInfo) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError(expected('a list of fields such as ["received_at"]', value))
    return frozenset(_by_field({_text(name): None for name in value}, info))


def _rule(value: object) -> Rule:
    if not isinstance(value, dict):
        raise ValueError(expected('a table such as { Type = ["Task", "Spam"] }', value))
    for name, texts in value.items():
        for text in texts if isinstance(texts, list) else [texts]:
            if not isinstance(text, str | int):
                raise ValueError(f"{expected('a text or a list of texts', text)} for {name}")
    try:
        return Rule.of(value)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None


def _encoding(value: object) -> str:
    try:
        known = codecs.lookup(_text(value))
        "a".encode(known.name)
        if known.name in _NOT_OF_FILES:
            raise LookupError
    except (LookupError, UnicodeError):
        what = "an encoding such as windows-1252, iso-8859-15 or utf-16"
        raise ValueError(expected(what, value)) from None
    return known.name


def _one_sign(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in "\r\n":
        raise ValueError(expected('one sign such as ";"', value))
    return value


def _missing_by_name(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError(expected('a table such as { values = ["?", ""] }', value))
    for name, texts in value.items():
        try:
            _texts(texts)
        except ValueError as error:
            raise ValueError(f"{error} for {name}") from None
    return Missing({name: _texts(texts) for name, texts in value.items()})


Text = Annotated[str, BeforeValidator(_text)]
"""Any text."""

Texts = Annotated[frozenset[str], BeforeValidator(_texts)]
"""A list of texts whose order means nothing."""

Columns = Annotated[tuple[SourceColumn | Template, ...], BeforeValidator(_columns)]
"""One column or several, of which the first that has a value counts."""

ColumnsByField = Annotated[Mapping[str, Columns], BeforeValidator(_by_field)]
"""``[columns]``: where each of our fields stands, and each fact of the policy in force."""

TranslationTable = Annotated[Translation, BeforeValidator(_translation)]
"""Their values and ours."""

TranslationsByField = Annotated[Mapping[str, TranslationTable], BeforeValidator(_by_field)]
"""``[values.field]``: how the values of a field translate."""

ConstantsByField = Annotated[Mapping[str, object], BeforeValidator(_by_field)]
"""``[constants]``: what a field is where its columns have no value."""


RuleTable = Annotated[Rule, BeforeValidator(_rule)]
"""Columns and the values of which one must stand in each."""

RulesByField = Annotated[Mapping[str, RuleTable], BeforeValidator(_by_field)]
"""``[when.field]``: a record says a field only where this holds."""

FieldNames = Annotated[frozenset[str], BeforeValidator(_field_names)]
"""A list of our fields."""

ZoneName = Annotated[str, BeforeValidator(_zone_name)]
"""A zone of the zone database."""

Formats = Annotated[tuple[str, ...], BeforeValidator(_time_formats)]
"""One form of times or several, of which the first that fits counts."""


class FieldDates(MappingSection):
    """``[dates.field]``: how the times of one field are written, where it differs."""

    format: Formats | None = None
    timezone: ZoneName | None = None


class Dates(MappingSection):
    """``[dates]``: how times are written; ISO 8601 when there is no ``format``.

    ``timezone`` is the zone of those that name none, and ``zones`` says what words mean that they
    name one by.
    """

    format: Formats = ()
    timezone: ZoneName = "UTC"
    zones: Annotated[Mapping[str, str], BeforeValidator(_zone_words)] = Field(default_factory=dict)
    received_at: FieldDates = FieldDates()
    first_response_at: FieldDates = FieldDates()
    last_response_at: FieldDates = FieldDates()
    last_customer_message_at: FieldDates = FieldDates()
    solved_at: FieldDates = FieldDates()
    updated_at: FieldDates = FieldDates()

    @cached_property
    def readers(self) -> Mapping[str | None, TimeReader]:
        """The readers of times by field, under None the one of all other columns."""
        fields = [name for name in type(self).model_fields if name.endswith("_at")]
        own: dict[str, FieldDates] = {name: getattr(self, name) for name in fields}
        return {None: self._reader(FieldDates())} | {
            name: self._reader(dates) for name, dates in own.items()
        }

    def forms_of(self, name: str) -> tuple[str, ...]:
        """Give the forms of a field's times, none for ISO 8601."""
        own: FieldDates = getattr(self, name)
        return self.format if own.format is None else own.format

    def _reader(self, dates: FieldDates) -> TimeReader:
        zone = zone_named(self.timezone if dates.timezone is None else dates.timezone)
        forms = self.format if dates.format is None else dates.format
        return TimeReader(forms, zone, ZoneWords(zone, self.zones))


class Missing:
    """``[missing]``: the texts that mean there is no value.

    ``values`` are those of all columns; a list under the name of a field of ours or of a column of
    theirs counts there instead.
    """

    def __init__(self, texts: Mapping[str, frozenset[str]] | None = None) -> None:
        own = dict(texts or {})
        self.values: Final = own.pop(_ALL_COLUMNS, frozenset({""}))
        self.names: Final = frozenset(own)
        self._of_all = MissingTexts(self.values, own)
        self._of_field = {
            name: MissingTexts(texts) for name, texts in own.items() if name in FIELDS
        }

    def of(self, field: str | None = None) -> MissingTexts:
        """Give the texts that count where a field's value is looked for."""
        return self._of_field.get(field, self._of_all) if field else self._of_all


MissingTable = Annotated[Missing, BeforeValidator(_missing_by_name)]
"""What counts as missing, in all columns and by column."""


class FileSection(MappingSection):
    """``[file]``: how a file is written, as far as it does not show that by itself.

    ``list`` is the path to the list of tickets in one JSON document, and ``skip`` how many lines
    stand before the headings of a CSV.
    """

    encoding: Annotated[str | None, BeforeValidator(_encoding)] = None
    delimiter: Annotated[str | None, BeforeValidator(_one_sign)] = None
    quote: Annotated[str | None, BeforeValidator(_one_sign)] = None
    escape: Annotated[str | None, BeforeValidator(_one_sign)] = None
    skip: Annotated[int, Field(ge=0, le=1000)] = 0
    list: Annotated[str | None, BeforeValidator(_text)] = None


class LookupSection(MappingSection):
    """``[lookup.field]``: a field is looked up in a second file, a CSV beside the mapping.

    ``by`` is the column of the export whose value is looked for in the column ``key`` of the
    file; the field is what stands in the column ``value`` of the same line.
    """

    file: Text
    by: Columns
    key: Text
    value: Text


LookupsByField = Annotated[Mapping[str, LookupSection], BeforeValidator(_by_field)]
"""``[lookup.field]``: the fields that are looked up in a second file."""


class TagsSection(MappingSection):
    """``[tags]``: what stands between the tags of one text; a comma where nothing is said."""

    separator: Annotated[str | None, BeforeValidator(_text)] = None


class LinesSection(MappingSection):
    """``[lines]``: several lines tell of one ticket.

    ``ticket`` is the column that the lines of a ticket share, ``order_by`` a column of numbers or
    times; without it the order is the file's. ``keep`` says which of them tells a field: the first
    or the last, or with ``both`` the first tells when the ticket came and when it was answered.
    Fields named in ``first`` or ``last`` are of the first or last line that says them.
    """

    ticket: Columns
    keep: Annotated[Literal["first", "last", "both"], BeforeValidator(_end)] = "both"
    order_by: Columns | None = None
    first: FieldNames = frozenset()
    last: FieldNames = frozenset()

"""The tables of a mapping as frozen values, key by key, each with a sentence for a wrong one."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from connections.files.columns import SourceColumn, Template, parse_column
from connections.files.translation import Translation
from policy.clocks.zones import zone_named
from policy.intake.incoming import known_fields, misspelt_field
from policy.refusal import Refusal, expected, one_of, quoted
from policy.vocabulary import NO_WORDS, Vocabulary

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
    return Translation(value)


def _by_field(table: object, info: ValidationInfo) -> object:
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


def _time_format(value: object) -> str:
    written = _text(value)
    try:
        datetime.strptime(_LEAP_DAY.strftime(written), written)  # noqa: DTZ007 - only tried out
    except ValueError:
        raise ValueError(expected("a form such as %d/%m/%Y %H:%M", value)) from None
    return written


def _zone_name(value: object) -> str:
    return zone_named(_text(value)).key


def _end(value: object) -> object:
    if value not in ("first", "last"):
        raise ValueError(expected("first or last", value))
    return value


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


class Dates(MappingSection):
    """``[dates]``: how times are written; ISO 8601 when there is no ``format``."""

    format: Annotated[str | None, BeforeValidator(_time_format)] = None
    timezone: Annotated[str, BeforeValidator(_zone_name)] = "UTC"

    @cached_property
    def zone(self) -> tzinfo:
        """The zone of the times that name none."""
        return zone_named(self.timezone)

    def read(self, written: str) -> datetime | None:
        """Give the aware time that is meant, or None when the text is no time."""
        try:
            moment = self._read(written)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _read(self, written: str) -> datetime:
        if self.format is None:
            return datetime.fromisoformat(written)
        return datetime.strptime(written, self.format)  # noqa: DTZ007 - read() gives it its zone


class Missing(MappingSection):
    """``[missing]``: the texts that mean there is no value."""

    values: Texts = frozenset({""})


class LinesSection(MappingSection):
    """``[lines]``: several lines tell of one ticket, and one of them wins.

    ``ticket`` is the column that the lines of a ticket share, ``order_by`` a column of numbers;
    without it the order is the file's.
    """

    ticket: Columns
    keep: Annotated[Literal["first", "last"], BeforeValidator(_end)]
    order_by: Columns | None = None

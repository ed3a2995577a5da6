"""The tables of a policy file that say what is promised to whom."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)

from policy.clocks.calendar import Calendar
from policy.clocks.target_time import TargetTime
from policy.facts import FLAG, MONEY, RESERVED, Facts
from policy.refusal import expected, one_of
from policy.rulebook.entries import each_once, some
from policy.rulebook.fields import (
    Line,
    OpenHours,
    StatusWord,
    ZoneName,
    date_itself,
    zone_itself,
)
from policy.rulebook.policy_section import (
    Place,
    PolicySection,
    no_such_key,
    read_beside,
    wrong_places,
)
from policy.rulebook.when import ContractWhen, GroupWhen, calendar_or_several
from policy.rulebook.word_fields import (
    PolicyWords,
    PriorityWord,
    each_told_apart,
    not_a_word,
    word_itself,
)
from policy.vocabulary import did_you_mean
from policy.words import FactKind, Priority

CUSTOMER: Final = "customer"
"""The time zone of a calendar that goes by the customer's own."""

CONTRACT_CALENDAR: Final = "contract"
"""What rows call ``[calendar]``, and the one that counts where a row names none."""

FIRST_RESPONSE: Final = "first_response"
NEXT_REPLY: Final = "next_reply"
UPDATE: Final = "update"
RESOLUTION: Final = "resolution"
NOT_BEFORE: Final = "not_before"
TARGETS: Final = (FIRST_RESPONSE, NEXT_REPLY, UPDATE, RESOLUTION, NOT_BEFORE)
"""What a contract row may promise; a policy may name targets of its own beside them."""

STOPPED: Final = frozenset({UPDATE, RESOLUTION})
"""The targets whose clock stands still while ``[clock] stops_in`` says so."""

MOST_ROWS: Final = 200
"""How many rows of one kind a policy may have."""

_FACT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_A_FACT = "a name of at most 40 small letters, digits and _ that begins with a letter"
_KIND_EXPECTED = 'a list of words, "flag" or "money"'


def fact_kind(value: object) -> FactKind:
    """Return what a fact may be, as ``[facts]`` says it; raises ValueError for what is no kind."""
    if value in (FLAG, MONEY):
        return str(value)
    if not isinstance(value, list | tuple):
        raise ValueError(expected(_KIND_EXPECTED, value))
    return each_told_apart(some(tuple(word_itself(word) for word in value)))


def fact_name(name: object) -> str:
    """Return the name of a fact, as ``[facts]`` has it; raises ValueError for what is none."""
    if not isinstance(name, str) or not _FACT.fullmatch(name):
        raise ValueError(expected(_A_FACT, name))
    if name in RESERVED:
        raise ValueError(f"expected another name, as {name} is one that tickets have already")
    return name


def _name(value: object) -> str:
    """Return a name that a policy gives to a calendar or a target."""
    word = word_itself(value)
    if word in (CUSTOMER, "when", "calendar", *TARGETS):
        raise ValueError(f"expected another name, as {word} means something else already")
    return word


def _zone_or_customer(value: object) -> object:
    if value == CUSTOMER:
        return value
    try:
        return zone_itself(value)
    except ValueError as error:
        raise ValueError(f"{error}{did_you_mean(value, [CUSTOMER])}") from None


def _holidays(value: object) -> object:
    """Return dates, or a table of them by zone, each read as in ``[calendar]``."""
    if isinstance(value, Mapping):
        return {zone_itself(zone): _dates(dates) for zone, dates in value.items()}
    return _dates(value)


def _dates(value: object) -> tuple[date, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(expected("a list of dates, or a table of such lists by time zone", value))
    return each_once(tuple(date_itself(each) for each in value))


def _some_rows(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    if not rows:
        raise ValueError(expected("at least one entry", rows))
    return rows


def _not_too_many(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(rows) > MOST_ROWS:
        raise ValueError(f"expected at most {MOST_ROWS} rows, not {len(rows)}")
    return rows


KnownFacts = Annotated[
    dict[
        Annotated[str, BeforeValidator(fact_name)],
        Annotated[Any, BeforeValidator(fact_kind)],
    ],
    AfterValidator(dict),
]
Target = Annotated[
    TargetTime,
    BeforeValidator(lambda value: value if isinstance(value, TargetTime) else TargetTime.of(value)),
    PlainSerializer(lambda time: time.written, return_type=str),
]
OwnName = Annotated[str, BeforeValidator(_name)]
OwnNames = Annotated[tuple[OwnName, ...], AfterValidator(some)]


class NamedCalendar(PolicySection):
    """``[calendars.NAME]``: hours of their own, in one zone or in the customer's.

    "``timezone = "customer"`` with ``otherwise``", which is the zone where the customer's is not
    known; "holidays may be a table by zone".
    """

    timezone: Annotated[str, BeforeValidator(_zone_or_customer)]
    otherwise: ZoneName | None = None
    open: OpenHours
    holidays: Annotated[
        tuple[date, ...] | dict[str, tuple[date, ...]], BeforeValidator(_holidays)
    ] = ()

    @model_validator(mode="after")
    def _knows_a_zone(self) -> Self:
        if self.timezone == CUSTOMER and self.otherwise is None:
            raise ValueError(
                "expected otherwise, the time zone where the customer's is not known, beside"
                ' timezone = "customer"'
            )
        if self.timezone != CUSTOMER and self.otherwise is not None:
            raise ValueError('expected otherwise beside timezone = "customer" only')
        return self

    def in_zone(self, zone: str | None) -> Calendar:
        """Return the calendar for a customer in ``zone``, None where that is not known."""
        where = self.timezone if self.otherwise is None else zone or self.otherwise
        holidays = self.holidays
        if isinstance(holidays, dict):
            holidays = holidays.get(where, ())
        return Calendar.of(where, self.open, holidays)


class TargetsSection(PolicySection):
    """``[targets]``: the names of targets that only this policy has."""

    own: OwnNames


class ClockSection(PolicySection):
    """``[clock]``: in which statuses ``update`` and ``resolution`` stand still."""

    stops_in: Annotated[tuple[StatusWord, ...], AfterValidator(each_once)]


class ContractRow(PolicySection):
    """``[[contract]]``: what is promised to the tickets that it means, and by which calendar.

    "For each target the first row that holds and names it decides." Beside the five targets it
    may name those of ``[targets] own``. Of several calendars, any that is open counts.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Target]

    when: ContractWhen
    calendar: Annotated[str | tuple[str, ...] | None, BeforeValidator(calendar_or_several)] = None
    first_response: Target | None = None
    next_reply: Target | None = None
    update: Target | None = None
    resolution: Target | None = None
    not_before: Target | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _names_known_targets(
        cls, table: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        own = info.context.targets if isinstance(info.context, PolicyWords) else None
        if not isinstance(table, dict) or own is None:
            return handler(table)
        known = (*cls.model_fields, *own)
        wrong: list[tuple[Place, str]]
        wrong = [((key,), no_such_key(key, known)) for key in table if key not in known]
        if not any(key in (*TARGETS, *own) for key in table):
            wrong.append(((), f"expected a time for {one_of((*TARGETS, *own))}"))
        told = {key: value for key, value in table.items() if key in known}
        return read_beside(cls.__name__, wrong, lambda: handler(told))

    @property
    def times(self) -> Mapping[str, TargetTime]:
        """The time of each target that it names."""
        given = {name: getattr(self, name) for name in TARGETS}
        named = {name: time for name, time in given.items() if time is not None}
        return MappingProxyType({**named, **self.__pydantic_extra__})

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars whose open hours count."""
        if self.calendar is None:
            return (CONTRACT_CALENDAR,)
        return (self.calendar,) if isinstance(self.calendar, str) else self.calendar


class MatrixSection(PolicySection):
    """``[matrix]``: the priority by two facts, such as impact and urgency.

    ``assign`` has a list for each word of the fact ``rows``, with a priority for each word of the
    fact ``columns`` in the order of ``across``.
    """

    rows: str
    columns: str
    across: tuple[str, ...]
    assign: dict[str, tuple[PriorityWord, ...]]

    @model_validator(mode="wrap")
    @classmethod
    def _of_known_facts(
        cls, table: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        read = handler(table)
        facts = info.context.facts if isinstance(info.context, PolicyWords) else None
        if facts is not None and (wrong := [*_wrong_matrix(read, facts)]):
            raise wrong_places(cls.__name__, wrong)
        return read

    def of(self, facts: Facts) -> Priority | None:
        """Return the priority of a ticket with these facts; None where it does not say."""
        row, column = facts.get(self.rows), facts.get(self.columns)
        assigned = self.assign.get(row) if isinstance(row, str) else None
        if assigned is None or column not in self.across:
            return None
        return assigned[self.across.index(str(column))]


class GroupRow(PolicySection):
    """``[[group]]``: a name for the tickets that it means; the first that holds is theirs.

    Rows of one name are one group.
    """

    name: Line
    when: GroupWhen


def _wrong_matrix(
    matrix: MatrixSection, facts: Mapping[str, FactKind]
) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong with a matrix: its facts, their words, and lists of another length."""
    kinds = {}
    for key, name in (("rows", matrix.rows), ("columns", matrix.columns)):
        kind = facts.get(name)
        if kind is None:
            yield (key,), not_a_word(name, facts, "facts")
        elif isinstance(kind, str):
            yield (key,), f"expected a fact with a list of words, and {name} is a {kind}"
        else:
            kinds[key] = kind
    for number, word in enumerate(matrix.across):
        if "columns" in kinds and word not in kinds["columns"]:
            yield ("across", number), not_a_word(word, kinds["columns"], "facts")
        elif word in matrix.across[:number]:
            yield ("across",), f"expected each entry once, and {word} comes again"
    for word, assigned in matrix.assign.items():
        if "rows" in kinds and word not in kinds["rows"]:
            yield ("assign", word), not_a_word(word, kinds["rows"], "facts")
        elif len(assigned) != len(matrix.across):
            wanted = f"{len(matrix.across)} priorities, one for each of across"
            yield ("assign", word), f"expected {wanted}, not {len(assigned)}"


ContractRows = Annotated[
    tuple[ContractRow, ...], AfterValidator(_some_rows), AfterValidator(_not_too_many)
]
GroupRows = Annotated[
    tuple[GroupRow, ...], AfterValidator(_some_rows), AfterValidator(_not_too_many)
]
NamedCalendars = dict[Annotated[str, BeforeValidator(_name)], NamedCalendar]

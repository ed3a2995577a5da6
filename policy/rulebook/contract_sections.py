"""The tables of a policy file that say what is promised to whom."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final

from policy.checked_table import (
    CheckedTable,
    Mistake,
    after,
    before,
    before_with_words,
    no_such_key,
)
from policy.clocks.calendar import Calendar
from policy.clocks.target_time import TargetTime
from policy.facts import FLAG, MONEY, RESERVED, Facts
from policy.refusal import expected, one_of
from policy.rulebook.entries import each_once, first_again, some
from policy.rulebook.fields import (
    Line,
    OpenHours,
    StatusWord,
    ZoneName,
    date_itself,
    zone_itself,
)
from policy.rulebook.when import ContractWhen, GroupWhen, calendar_or_several
from policy.rulebook.word_fields import (
    MOST_WORDS,
    PriorityWord,
    each_told_apart,
    not_a_word,
    not_too_many,
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
    return each_told_apart(some(not_too_many(tuple(word_itself(word) for word in value))))


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


def _few(named: dict[str, Any], what: str) -> dict[str, Any]:
    if len(named) > MOST_WORDS:
        raise ValueError(f"expected at most {MOST_WORDS} {what}, not {len(named)}")
    return named


def _not_too_many(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(rows) > MOST_ROWS:
        raise ValueError(f"expected at most {MOST_ROWS} rows, not {len(rows)}")
    return rows


KnownFacts = Annotated[
    dict[
        Annotated[str, before(fact_name)],
        Annotated[Any, before(fact_kind)],
    ],
    after(dict),
    after(lambda facts: _few(facts, "facts")),
]
Target = Annotated[
    TargetTime,
    before(lambda value: value if isinstance(value, TargetTime) else TargetTime.of(value)),
]
OwnName = Annotated[str, before(_name)]
OwnNames = Annotated[tuple[OwnName, ...], after(not_too_many), after(some)]


class NamedCalendar(CheckedTable):
    """``[calendars.NAME]``: hours of their own, in one zone or in the customer's.

    "``timezone = "customer"`` with ``otherwise``", which is the zone where the customer's is not
    known; "holidays may be a table by zone".
    """

    timezone: Annotated[str, before(_zone_or_customer)]
    otherwise: ZoneName | None = None
    open: OpenHours
    holidays: Annotated[tuple[date, ...] | dict[str, tuple[date, ...]], before(_holidays)] = ()

    def wrong_together(self, words: object) -> Iterator[Mistake]:
        """Yield what is wrong with the zone where the customer's is not known."""
        del words
        if self.timezone == CUSTOMER and self.otherwise is None:
            said = (
                "expected otherwise, the time zone where the customer's is not known, beside"
                ' timezone = "customer"'
            )
            yield Mistake((), said)
        if self.timezone != CUSTOMER and self.otherwise is not None:
            yield Mistake((), 'expected otherwise beside timezone = "customer" only')

    def in_zone(self, zone: str | None) -> Calendar:
        """Return the calendar for a customer in ``zone``, None where that is not known."""
        where = self.timezone if self.otherwise is None else zone or self.otherwise
        holidays = self.holidays
        if isinstance(holidays, dict):
            holidays = holidays.get(where, ())
        return Calendar.of(where, self.open, holidays)


class TargetsSection(CheckedTable):
    """``[targets]``: the names of targets that only this policy has."""

    own: OwnNames


class ClockSection(CheckedTable):
    """``[clock]``: in which statuses ``update`` and ``resolution`` stand still."""

    stops_in: Annotated[tuple[StatusWord, ...], after(each_once)]


class ContractRow(CheckedTable):
    """``[[contract]]``: what is promised to the tickets that it means, and by which calendar.

    "For each target the first row that holds and names it decides." Beside the five targets it
    may name those of ``[targets] own``. Of several calendars, any that is open counts.
    """

    others: Mapping[str, Target]

    when: ContractWhen
    calendar: Annotated[str | tuple[str, ...] | None, before_with_words(calendar_or_several)] = None
    first_response: Target | None = None
    next_reply: Target | None = None
    update: Target | None = None
    resolution: Target | None = None
    not_before: Target | None = None

    @classmethod
    def wrong_keys(cls, table: Mapping[str, Any], words: object) -> Iterator[Mistake]:
        """Yield what is wrong with the targets that it names."""
        own = getattr(words, "targets", None)
        if own is None:
            return
        known = (*cls.known_keys(), *own)
        for key in table:
            if key not in known:
                yield Mistake((key,), no_such_key(key, known))
        if not any(key in (*TARGETS, *own) for key in table):
            yield Mistake((), f"expected a time for {one_of((*TARGETS, *own))}")

    @property
    def times(self) -> Mapping[str, TargetTime]:
        """The time of each target that it names."""
        given = {name: getattr(self, name) for name in TARGETS}
        named = {name: time for name, time in given.items() if time is not None}
        return MappingProxyType({**named, **self.others})

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars whose open hours count."""
        if self.calendar is None:
            return (CONTRACT_CALENDAR,)
        return (self.calendar,) if isinstance(self.calendar, str) else self.calendar


class MatrixSection(CheckedTable):
    """``[matrix]``: the priority by two facts, such as impact and urgency.

    ``assign`` has a list for each word of the fact ``rows``, with a priority for each word of the
    fact ``columns`` in the order of ``across``.
    """

    rows: str
    columns: str
    across: tuple[str, ...]
    assign: dict[str, tuple[PriorityWord, ...]]

    def wrong_together(self, words: object) -> Iterator[Mistake]:
        """Yield what is wrong with its facts, where it is known which there are."""
        facts = getattr(words, "facts", None)
        if facts is not None:
            yield from _wrong_matrix(self, facts)

    def of(self, facts: Facts) -> Priority | None:
        """Return the priority of a ticket with these facts; None where it does not say."""
        row, column = facts.get(self.rows), facts.get(self.columns)
        assigned = self.assign.get(row) if isinstance(row, str) else None
        if assigned is None or column not in self.across:
            return None
        return assigned[self.across.index(str(column))]


class GroupRow(CheckedTable):
    """``[[group]]``: a name for the tickets that it means; the first that holds is theirs.

    Rows of one name are one group.
    """

    name: Line
    when: GroupWhen


def _wrong_matrix(matrix: MatrixSection, facts: Mapping[str, FactKind]) -> Iterator[Mistake]:
    """Yield what is wrong with a matrix: its facts, their words, and lists of another length."""
    kinds = {}
    for key, name in (("rows", matrix.rows), ("columns", matrix.columns)):
        kind = facts.get(name)
        if kind is None:
            yield Mistake((key,), not_a_word(name, facts, "facts"))
        elif isinstance(kind, str):
            yield Mistake((key,), f"expected a fact with a list of words, and {name} is a {kind}")
        else:
            kinds[key] = kind
    for number, word in enumerate(matrix.across):
        if "columns" in kinds and word not in kinds["columns"]:
            yield Mistake(("across", number), not_a_word(word, kinds["columns"], "facts"))
    again = first_again(matrix.across)
    if again is not None:
        yield Mistake(("across",), f"expected each entry once, and {again} comes again")
    for word, assigned in matrix.assign.items():
        if "rows" in kinds and word not in kinds["rows"]:
            yield Mistake(("assign", word), not_a_word(word, kinds["rows"], "facts"))
        elif len(assigned) != len(matrix.across):
            wanted = f"{len(matrix.across)} priorities, one for each of across"
            yield Mistake(("assign", word), f"expected {wanted}, not {len(assigned)}")


ContractRows = Annotated[tuple[ContractRow, ...], after(_some_rows), after(_not_too_many)]
GroupRows = Annotated[tuple[GroupRow, ...], after(_some_rows), after(_not_too_many)]
NamedCalendars = Annotated[
    dict[Annotated[str, before(_name)], NamedCalendar],
    after(lambda calendars: _few(calendars, "calendars")),
]

"""The kinds of value that stand in a policy file, each with a sentence for a wrong one."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from string import Template
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from policy.clocks.calendar import parse_hours
from policy.clocks.typed_time import format_duration, parse_duration
from policy.clocks.zones import zone_meant, zone_named
from policy.locales import is_locale
from policy.refusal import expected, one_of
from policy.rulebook.entries import each_once, some
from policy.vocabulary import did_you_mean
from policy.words import CountedCases, Criterion, OpenedBy, Status

LONGEST_TIME = timedelta(days=366)
"""The longest time that a policy file may give for anything."""

LONGEST_TEXT = 10_000
"""How many characters a text of a policy file may have."""

_OF_A_TIME = ("expect_by", "expect_in")
_OF_ARRIVALS = ("arrivals", "arrive_in", "arrive_at")
_OF_EVERY_NOTICE = ("customer", "requester", "tickets", "references", "company")
NOTICE_NAMES = (*_OF_EVERY_NOTICE[:4], *_OF_A_TIME, *_OF_ARRIVALS, _OF_EVERY_NOTICE[4])
"""What a wait notice can say with a ``$`` before it."""

_Word = TypeVar("_Word", bound=Enum)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(expected("text in quotes", value))
    if not value.strip():
        raise ValueError(expected("text that says something", value))
    if len(value) > LONGEST_TEXT:
        raise ValueError(expected(f"at most {LONGEST_TEXT} characters", value))
    if not all(character.isprintable() or character == "\n" for character in value):
        raise ValueError(expected("text without control characters", value))
    return value


def _line(value: object) -> str:
    text = _text(value)
    if "\n" in text:
        raise ValueError(expected("one line of text", text))
    return text


def _template(names: Collection[str] = NOTICE_NAMES) -> AfterValidator:
    """Return what takes a text that names nothing but these after a dollar sign."""
    allowed = tuple(name for name in NOTICE_NAMES if name in names)
    known = one_of(f"${name}" for name in allowed)

    def check(text: str) -> str:
        template = Template(text)
        if not template.is_valid():
            wanted = f"{known} after a dollar sign, and $$ for a sign alone"
            raise ValueError(expected(wanted, text))
        for name in template.get_identifiers():
            if name not in allowed:
                raise ValueError(expected(known, f"${name}"))
        return text

    return AfterValidator(check)


def _locale(value: object) -> str:
    name = _line(value)
    if not is_locale(name):
        raise ValueError(
            expected("a language as it is written somewhere, such as en or de_AT", name)
        )
    return name


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(expected("true or false", value))
    return value


def _number(lowest: int, highest: int) -> Callable[[object], int | float]:
    def check(value: object) -> int | float:
        what = f"a number from {lowest} to {highest}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(expected(what, value))
        if not lowest <= value <= highest:  # not a number (nan) is not in between either
            raise ValueError(expected(what, value))
        return value

    return check


def _whole_number(lowest: int, highest: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError(expected(f"a whole number from {lowest} to {highest}", value))
        return value

    return check


def _word(known: Iterable[_Word]) -> Callable[[object], _Word]:
    words = {word.value: word for word in known}

    def check(value: object) -> _Word:
        word = words.get(value) if isinstance(value, str) else None
        if word is None:
            raise ValueError(f"{expected(one_of(words), value)}{did_you_mean(value, words)}")
        return word

    return check


def _time(value: object) -> timedelta:
    what = "a time in quotes such as 90m, 2h or 1h30m"
    if not isinstance(value, str):
        raise ValueError(expected(what, value))
    duration = parse_duration(value)
    if not timedelta(0) < duration <= LONGEST_TIME:
        raise ValueError(expected(f"more than no time and at most {LONGEST_TIME.days}d", value))
    return duration


def date_itself(value: object) -> date:
    """Return a date as TOML or JSON has it; raises ValueError for what is none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _ISO_DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(expected("a date such as 2026-12-25", value))


def zone_itself(value: object) -> str:
    """Return the name of a time zone; raises ValueError for what is none."""
    name = _line(value)
    try:
        return zone_named(name).key
    except ValueError as error:
        raise ValueError(f"{error}{zone_meant(name)}") from None


def _hours(value: object) -> str:
    text = _line(value)
    parse_hours(text)
    return text


def _deviation_first(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    if Criterion.DEVIATION in criteria[1:]:
        raise ValueError("expected deviation before all else: a person's decision comes first")
    return criteria


_ORDERABLE = [criterion for criterion in Criterion if criterion is not Criterion.ID]

Text = Annotated[str, BeforeValidator(_text)]
Line = Annotated[str, BeforeValidator(_line)]
NoticeSubject = Annotated[str, BeforeValidator(_line), _template()]
NoticeBody = Annotated[str, BeforeValidator(_text), _template()]
BodyWithoutArrivals = Annotated[
    str, BeforeValidator(_text), _template((*_OF_EVERY_NOTICE, *_OF_A_TIME))
]
BodyWithoutTime = Annotated[
    str, BeforeValidator(_text), _template((*_OF_EVERY_NOTICE, *_OF_ARRIVALS))
]
Renewal = Annotated[str, BeforeValidator(_text), _template(_OF_EVERY_NOTICE)]
LocaleName = Annotated[str, BeforeValidator(_locale)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Share = Annotated[int | float, BeforeValidator(_number(0, 1))]
Sureness = Annotated[int | float, BeforeValidator(_number(0.5, 0.99))]
CasesEach = Annotated[int | float, BeforeValidator(_number(0, 1_000))]
FewestWords = Annotated[int, BeforeValidator(_whole_number(1, 100))]
AnyLevel = Annotated[int, BeforeValidator(_whole_number(1, 8))]
BusyLevel = Annotated[int, BeforeValidator(_whole_number(2, 8))]
Time = Annotated[
    timedelta, BeforeValidator(_time), PlainSerializer(format_duration, return_type=str)
]
Holiday = Annotated[date, BeforeValidator(date_itself)]
ZoneName = Annotated[str, BeforeValidator(zone_itself)]
Hours = Annotated[str, BeforeValidator(_hours)]
OpenedByWord = Annotated[OpenedBy, BeforeValidator(_word(OpenedBy))]
StatusWord = Annotated[Status, BeforeValidator(_word(Status))]
CountedCasesWord = Annotated[CountedCases, BeforeValidator(_word(CountedCases))]
CriterionWord = Annotated[Criterion, BeforeValidator(_word(_ORDERABLE))]

Holidays = Annotated[tuple[Holiday, ...], AfterValidator(each_once)]
OpenHours = Annotated[tuple[Hours, ...], AfterValidator(some)]
SomeOpeners = Annotated[tuple[OpenedByWord, ...], AfterValidator(some)]
Criteria = Annotated[
    tuple[CriterionWord, ...], AfterValidator(some), AfterValidator(_deviation_first)
]
Names = Annotated[tuple[Line, ...], AfterValidator(some)]

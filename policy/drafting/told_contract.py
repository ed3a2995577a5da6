"""The contract of a policy as answered: the rows that promise each ticket what was said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from policy.clocks.target_time import TargetTime
from policy.drafting.policy_answers import (
    PLAN,
    TOLD_NOTHING,
    DimensionValue,
    PolicyAnswers,
    WhenTable,
)
from policy.rulebook.contract_sections import CONTRACT_CALENDAR, FIRST_RESPONSE
from policy.words import Priority

_NO_TIME: Final = TargetTime()

_Cell = tuple[str | None, tuple[TargetTime, ...]]
"""The calendar that a row must name, and a time for each target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """A row of ``[[contract]]``; ``calendar`` is None where it need not be named.

    ``about`` says what it is for, where that is not plain, as a comment does.
    """

    when: WhenTable
    calendar: str | None
    times: Mapping[str, TargetTime]
    about: str | None = None


def short_form(answers: PolicyAnswers) -> Mapping[Priority, TargetTime] | None:
    """Return the times of ``[response]`` where that short form says all, else None.

    It does where only first responses are promised, by priority alone, in the hours of
    ``[calendar]``, and every time is one of open hours.
    """
    if answers.times_by is not None or answers.targets:
        return None
    times = answers.times_of(FIRST_RESPONSE, None)
    by_priority = dict(zip(answers.priorities, times, strict=True))
    plain = all(
        time.open_time is not None and answers.calendar_of(priority) == CONTRACT_CALENDAR
        for priority, time in by_priority.items()
    )
    return by_priority if plain else None


def told_rows(answers: PolicyAnswers) -> Iterator[ToldRow]:
    """Yield the rows of the contract in full, the first that holds deciding.

    Values that are promised the same share their rows.
    """
    if answers.ours:
        yield ToldRow(
            when={"tier": list(answers.ours)},
            calendar=None,
            times={FIRST_RESPONSE: _NO_TIME},
            about="our own work: nobody waits for an answer",
        )
    for asked, cells, about in _parts(answers):
        yield from _rows(answers, asked, cells, about)


def _parts(
    answers: PolicyAnswers,
) -> Iterator[tuple[WhenTable, tuple[_Cell, ...], str | None]]:
    """Yield what is asked beside the priority, the cells of the priorities, and what for.

    Who says nothing of the fact comes last, together with those who are promised the same.
    """
    name, untold = answers.times_by, answers.says_nothing_as
    shared: dict[tuple[_Cell, ...], list[DimensionValue]] = {}
    for value in answers.values_of_times:
        shared.setdefault(_cells(answers, value), []).append(value)
    if name is None or (len(shared) == 1 and untold is None):
        yield {}, next(iter(shared)), None
        return
    last = None if untold is None else _cells_of_untold(answers, untold)
    for cells, values in shared.items():
        if cells != last:
            yield _asked(name, values), cells, None
    if last is not None:
        alike = [str(value) for value in shared.get(last, ())]
        yield {}, last, f"{', '.join([*alike, ''])}and what says nothing of {name}"


def _asked(name: str, values: list[DimensionValue]) -> WhenTable:
    if isinstance(values[0], bool):
        return {name: values[0]}
    return {"tier" if name == PLAN else name: values}


def _cells(answers: PolicyAnswers, value: DimensionValue) -> tuple[_Cell, ...]:
    times = zip(*(answers.times_of(each, value) for each in answers.promised), strict=True)
    return tuple(
        _cell(answers, priority, each)
        for priority, each in zip(answers.priorities, times, strict=True)
    )


def _cell(answers: PolicyAnswers, priority: Priority, times: tuple[TargetTime, ...]) -> _Cell:
    calendar = answers.calendar_of(priority)
    named = calendar != CONTRACT_CALENDAR and any(time.promised for time in times)
    return calendar if named else None, times


def _cells_of_untold(answers: PolicyAnswers, untold: str) -> tuple[_Cell, ...]:
    if untold != TOLD_NOTHING:
        return _cells(answers, untold)
    return ((None, (_NO_TIME,) * len(answers.promised)),) * len(answers.priorities)


def _rows(
    answers: PolicyAnswers, asked: WhenTable, cells: tuple[_Cell, ...], about: str | None
) -> Iterator[ToldRow]:
    """Yield a row for each stretch of priorities that are promised the same."""
    told = list(zip(cells, answers.priorities, strict=True))
    for (calendar, times), stretch in groupby(told, key=lambda each: each[0]):
        priorities = [priority for _, priority in stretch]
        all_of_them = len(priorities) == len(answers.priorities)
        yield ToldRow(
            when={**asked, **({} if all_of_them else {"priority": priorities})},
            calendar=calendar,
            times=dict(zip(answers.promised, times, strict=True)),
            about=about,
        )
        about = None

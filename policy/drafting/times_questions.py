"""The questions about times: what is promised to whom, and what is striven for."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from policy.clocks.calendar import Calendar
from policy.clocks.target_time import TargetTime, closes_within_the_day, ever_closes
from policy.clocks.typed_time import format_duration
from policy.drafting import typed_answers
from policy.drafting.policy_answers import (
    PLAN,
    DimensionValue,
    PolicyAnswers,
)
from policy.drafting.policy_question import OR, Chapter, PolicyQuestion, listed
from policy.facts import FLAG
from policy.refusal import Refusal, one_of
from policy.rulebook.contract_sections import FIRST_RESPONSE, NEXT_REPLY, RESOLUTION, UPDATE
from policy.rulebook.working_days import open_each_day
from policy.words import Priority, Status

_times = partial(PolicyQuestion, chapter=Chapter.TIMES)
_OTHERS: Final = (NEXT_REPLY, UPDATE, RESOLUTION)
_STANDING_STILL: Final = (Status.PENDING, Status.ON_HOLD)
_IN_WORDS: Final = {
    FIRST_RESPONSE: "By when do you first answer",
    NEXT_REPLY: "By when do you answer each time after that",
    UPDATE: "How often do you send news",
    RESOLUTION: "By when is it solved",
}
_DAY: Final = timedelta(days=1)
_IN_DAYS: Final = re.compile(r"[0-9]+d", re.IGNORECASE)


def about_times(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    """Yield the questions about what is promised to whom, and about what is striven for."""
    by = _could_differ_by(answers)
    if by:
        yield _times(
            name="times by",
            asks=f"Do the times that you promise differ by more than the priority? {_either(by)}.",
            example=by[0],
            label="differ by",
            default=answers.times_by or typed_answers.NONE,
            answered=lambda text: replace(answers, times_by=_differ_by(answers, by, text)),
        )
    yield _times(
        name="targets",
        asks="What do you promise beside a first response? next_reply is each later answer, update"
        " the regular news while it lasts, resolution that it is solved.",
        example=f"resolution{OR}next_reply, update",
        label="also promised",
        default=listed(answers.targets),
        answered=lambda text: replace(
            answers, targets=typed_answers.some_of(text, _OTHERS, "targets")
        ),
    )
    for target in answers.promised:
        for value in answers.values_of_times:
            yield _about_a_time(answers, target, value)
    if answers.says_nothing_as is not None and answers.times_by is not None:
        yield _about_the_untold(answers, answers.times_by)
    if {UPDATE, RESOLUTION} & {*answers.targets}:
        yield _times(
            name="stops in",
            asks="In which statuses do update and resolution stand still, as it waits for others?",
            example=listed(_STANDING_STILL[:1]),
            label="stand still",
            default=listed(answers.stops_in),
            answered=lambda text: replace(
                answers,
                stops_in=tuple(map(Status, typed_answers.some_of(text, [*Status], "statuses"))),
            ),
        )
    yield _times(
        name="aim",
        asks="Within which open time do you strive to answer, whatever is promised?",
        example="2h",
        label="aim",
        default=format_duration(answers.aim),
        answered=lambda text: replace(answers, aim=typed_answers.length_of_time(text)),
    )


def _could_differ_by(answers: PolicyAnswers) -> list[str]:
    plan = [PLAN] if len(answers.customers_plans) > 1 else []
    kinds = answers.facts
    return plan + [name for name, kind in kinds if kind == FLAG or not isinstance(kind, str)]


def _differ_by(answers: PolicyAnswers, by: list[str], text: str) -> str | None:
    try:
        return typed_answers.one_or_none(text, by, "times")
    except Refusal as refusal:
        named = {*typed_answers.pieces(text)}
        for fact, words in answers.lists_of_words.items():
            if named & {*words}:
                raise Refusal(f"{refusal.reason}; did you mean {fact}?") from None
        raise


def _either(by: list[str]) -> str:
    return f"By {one_of(by)}, or by none"


def _about_a_time(answers: PolicyAnswers, target: str, value: DimensionValue) -> PolicyQuestion:
    def times_are(text: str) -> PolicyAnswers:
        for piece in typed_answers.pieces(text):
            _check_days(answers, piece)
        times = typed_answers.time_for_each(text, answers.priorities)
        for priority, time in zip(answers.priorities, times, strict=True):
            _check_closing(answers, priority, time)
        return replace(answers, times={**answers.times, (target, value): times})

    of_whom = _of_whom(answers.times_by, value)
    several = len(answers.priorities) > 1
    each = f"for {one_of(answers.priorities, 'and')}" if several else ""
    asked = ", ".join(part for part in (_IN_WORDS[target] + of_whom, each) if part)
    how_many = " One for each, or one for all." if several else ""
    is_first = target == FIRST_RESPONSE and value == answers.values_of_times[0]
    explained = f" {_what_a_time_is(answers)}" if is_first else ""
    return _times(
        name=f"{target} {value}",
        asks=f"{asked}?{how_many}{explained}",
        example=" ".join(["1h", "4h", "0bd", "1bd", "none"][: max(2, len(answers.priorities))]),
        label=f"{target.replace('_', ' ')}{of_whom}",
        default=" ".join(time.written for time in answers.times_of(target, value)),
        answered=times_are,
    )


def _of_whom(by: str | None, value: DimensionValue) -> str:
    if by is None:
        return ""
    if isinstance(value, bool):
        return f" if {by}" if value else f" if not {by}"
    return f" for {by} {value}"


def _what_a_time_is(answers: PolicyAnswers) -> str:
    """Return how a time is typed, and what a working day is in hours where that is plain."""
    said = "4h is open time, 0bd by the next closing, 1bd by that of the next working day, or none"
    opened = {each for each in open_each_day(_calendar(answers)) if each}
    if len(opened) != 1 or max(opened) >= _DAY:
        return f"{said}."
    (day,) = opened
    return f"{said}; a day of yours is {format_duration(day)}, two are {format_duration(2 * day)}."


def _calendar(answers: PolicyAnswers, priority: Priority | None = None) -> Calendar:
    """Return the hours that a priority goes by, where no customer's zone is known."""
    others = (each.open for each in answers.other_hours if priority in each.priorities)
    return Calendar.of(answers.hours.timezone, next(others, answers.hours.open))


def _check_days(answers: PolicyAnswers, typed: str) -> None:
    """Refuse a time in days where the desk is open for less than 24 h of them.

    "A day is 24 h of it", of open time, and hardly anybody means that.
    """
    longest = max(open_each_day(_calendar(answers)))
    if _IN_DAYS.match(typed) and longest < _DAY:
        day = format_duration(longest)
        raise Refusal(
            f"{typed}: a day, d, would be 24 h of open time, and yours is {day} long; expected"
            f" hours, such as {day} for a day, or 1bd"
        )


def _check_closing(answers: PolicyAnswers, priority: Priority, time: TargetTime) -> None:
    """Refuse a time by closings where the hours of its priority have none, or not each day."""
    if time.business_day is None:
        return
    calendar, name = _calendar(answers, priority), answers.calendar_of(priority)
    whose = "your hours" if name not in {each.name for each in answers.other_hours} else name
    if not ever_closes(calendar):
        raise Refusal(
            f"{time.written}: {priority} goes by {whose}, which never close; expected hours"
        )
    if time.business_day and not closes_within_the_day(calendar):
        raise Refusal(
            f"{time.written}: {priority} goes by {whose}, which do not end within the day;"
            " expected hours, or 0bd"
        )


def _about_the_untold(answers: PolicyAnswers, name: str) -> PolicyQuestion:
    words = [*answers.lists_of_words[name], typed_answers.NONE]
    return _times(
        name="untold",
        asks=f"As which counts a ticket that says nothing of its {name}? none promises it nothing.",
        example=words[0],
        label=f"no {name}",
        default=answers.says_nothing_as or typed_answers.NONE,
        answered=lambda text: replace(answers, untold=typed_answers.one_word(text, words, "facts")),
    )

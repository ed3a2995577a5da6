"""The questions about hours: when the desk is open, and what goes by other hours."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import count

from policy.drafting import typed_answers
from policy.drafting.policy_answers import (
    ALWAYS,
    CUSTOMERS,
    ROUND_THE_CLOCK,
    OtherHours,
    PolicyAnswers,
)
from policy.drafting.policy_question import OR, Chapter, PolicyQuestion, listed, yes_no
from policy.refusal import Refusal
from policy.rulebook.contract_sections import CONTRACT_CALENDAR

_hours = partial(PolicyQuestion, chapter=Chapter.HOURS)


def about_hours(
    answers: PolicyAnswers, holidays_of: Callable[[str], Sequence[date]]
) -> Iterator[PolicyQuestion]:
    """Yield the questions about time zone, open hours, days off and hours beside these."""
    hours = answers.hours
    yield _hours(
        name="timezone",
        asks="In which time zone are your hours?",
        example="Europe/Stockholm",
        label="time zone",
        default=hours.timezone,
        answered=lambda text: replace(
            answers, hours=replace(hours, timezone=typed_answers.zone(text))
        ),
    )
    yield _hours(
        name="open",
        asks="When are you open? Days and times, with commas between several; or always.",
        example=f"Mon-Fri 09:00-17:00{OR}Mon-Thu 08:00-18:00, Fri 08:00-14:00",
        label="open",
        default=", ".join(hours.open),
        answered=lambda text: replace(
            answers, hours=replace(hours, open=typed_answers.hours(text))
        ),
    )

    def closed_on(text: str) -> PolicyAnswers:
        days, country = typed_answers.holidays(text, holidays_of)
        return replace(answers, hours=replace(hours, holidays=days, holidays_of=country))

    yield _hours(
        name="holidays",
        asks="On which days are you closed all day? Dates, or a country or part of one for its"
        " public holidays.",
        example=f"2026-12-24, 2026-12-25{OR}SE{OR}DE-BY",
        label="closed on",
        default=hours.holidays_of or listed(hours.holidays),
        answered=closed_on,
    )
    yield _hours(
        name="where customers are",
        asks="Do promised times run in these hours where each customer is, instead of where you"
        " are?",
        example="yes",
        label="customer's zone",
        default=yes_no(answers.where_customers_are),
        answered=lambda text: replace(answers, where_customers_are=typed_answers.yes_or_no(text)),
    )
    if len(answers.priorities) > 1:
        yield from _about_other_hours(answers)


def _about_other_hours(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    others = answers.other_hours

    def other_is(number: int, text: str) -> PolicyAnswers:
        if text.casefold() == typed_answers.NONE:
            return replace(answers, other_hours=others[:number])
        other = _other_hours(text, [each.name for each in others[:number]])
        return replace(answers, other_hours=(*others[:number], other))

    def priorities_are(number: int, text: str) -> PolicyAnswers:
        named = typed_answers.some_of(text, answers.priorities, "priorities")
        other = replace(others[number], priorities=named)
        return replace(answers, other_hours=(*others[:number], other, *others[number + 1 :]))

    for number in count():
        yield _hours(
            name=f"other hours {number + 1}",
            asks="Do some priorities go by other hours than these? always, for round the clock; or"
            " a name and its hours; none to go on."
            if number == 0
            else "Do some go by yet other hours? None to go on.",
            example=f"always{OR}extended: Mon-Sat 07:00-21:00",
            label="other hours",
            default=typed_answers.NONE,
            answered=partial(other_is, number),
        )
        if number >= len(others):
            return
        other, taken = others[number], {each for one in others[:number] for each in one.priorities}
        usual = [each for each in answers.urgent_ones() if each not in taken]
        yield _hours(
            name=f"by other hours {number + 1}",
            asks=f"Which priorities go by the hours {other.name}?",
            example=listed(usual or answers.priorities[:1]),
            label=f"by {other.name}",
            default=listed(other.priorities or usual),
            answered=partial(priorities_are, number),
        )


def _other_hours(text: str, taken: Sequence[str]) -> OtherHours:
    """Return hours with their name; round the clock needs no more than ``always``."""
    if text.strip().casefold() == ALWAYS:
        typed, hours = ALWAYS, ROUND_THE_CLOCK
    else:
        typed, rest = typed_answers.name_and_rest(text, "extended: Mon-Sat 07:00-21:00")
        hours = typed_answers.hours(rest)
    (name,) = typed_answers.words("_".join(typed.split()))
    if name in {*taken, CUSTOMERS, CONTRACT_CALENDAR}:
        raise Refusal(f"expected another name, as {name} is one already")
    return OtherHours(name=name, open=hours)

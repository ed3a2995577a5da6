"""The questions that make a policy, in their order: a branch is only opened by an answer."""

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from itertools import chain

from policy.drafting.hours_questions import about_hours
from policy.drafting.order_questions import about_the_order
from policy.drafting.policy_answers import PLAN, HoursAnswer, PolicyAnswers
from policy.drafting.policy_question import PolicyQuestion
from policy.drafting.times_questions import about_times
from policy.drafting.words_questions import about_customers, about_priorities
from policy.rulebook.rulebook import Rulebook, handbook


def first_answers(rulebook: Rulebook, *, keep_words: bool) -> PolicyAnswers:
    """Return what stands before anything is answered: the answers that are offered.

    Those of a policy's words and hours; ``keep_words`` says that tickets carry its plans and facts,
    which are offered then, too. Where it names no severities the handbook's are offered.
    """
    words, calendar = rulebook.vocabulary, rulebook.calendar or handbook().calendar
    assert calendar is not None  # noqa: S101 - the handbook has one
    return PolicyAnswers(
        plans=words.tiers if keep_words else (),
        paying=words.paying if keep_words else (),
        trial=words.trial if keep_words else (),
        ours=words.internal if keep_words else (),
        priorities=words.priorities,
        urgent=words.urgent,
        severities=words.severities,
        facts=tuple(fact for fact in words.facts if keep_words and fact[0] != PLAN),
        hours=HoursAnswer(timezone=calendar.timezone, open=calendar.open),
        aim=rulebook.response.aim,
    )


def next_question(
    answers: PolicyAnswers,
    asked: Container[str],
    holidays_of: Callable[[str], Sequence[date]],
) -> PolicyQuestion | None:
    """Return what is to be asked after the questions named in ``asked``; None at the end.

    ``holidays_of`` gives the public holidays of a country, and raises a Refusal for what is none.
    """
    return next((each for each in _all(answers, holidays_of) if each.name not in asked), None)


def _all(
    answers: PolicyAnswers, holidays_of: Callable[[str], Sequence[date]]
) -> Iterator[PolicyQuestion]:
    return chain(
        about_customers(answers),
        about_priorities(answers),
        about_hours(answers, holidays_of),
        about_times(answers),
        about_the_order(answers),
    )

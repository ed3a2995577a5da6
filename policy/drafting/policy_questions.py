"""The questions that make a policy, in their order: a branch is only opened by an answer."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from policy.clocks.target_time import TargetTime
from policy.drafting.hours_questions import about_hours
from policy.drafting.order_questions import about_the_order
from policy.drafting.policy_answers import PLAN, HoursAnswer, PolicyAnswers
from policy.drafting.policy_question import PolicyQuestion
from policy.drafting.times_questions import about_times
from policy.drafting.words_questions import about_customers, about_priorities
from policy.intake.rules import decide
from policy.rulebook.contract_sections import FIRST_RESPONSE
from policy.rulebook.rulebook import Rulebook, handbook
from policy.words import OpenedBy, Priority, Severity, Tier


def first_answers(rulebook: Rulebook, *, keep_words: bool) -> PolicyAnswers:
    """Return what stands before anything is answered: the answers that are offered.

    They are those of a policy as far as answers can say it, where ``keep_words`` says that tickets
    carry its words; else its priorities, severities and hours alone, and no plans or facts.
    """
    words, calendar = rulebook.vocabulary, rulebook.calendar or handbook().calendar
    assert calendar is not None  # noqa: S101 - the handbook has one
    offered = PolicyAnswers(
        priorities=words.priorities,
        urgent=words.urgent,
        severities=words.severities,
        hours=HoursAnswer(timezone=calendar.timezone, open=calendar.open),
        aim=rulebook.response.aim,
    )
    return _as_in_force(rulebook, offered) if keep_words else offered


def _as_in_force(rulebook: Rulebook, offered: PolicyAnswers) -> PolicyAnswers:
    words, times = rulebook.vocabulary, rulebook.contract_time
    by_plan = {
        plan: tuple(_priority_of(rulebook, plan, severity) for severity in words.severities)
        for plan in words.tiers or (None,)
    }
    ours = words.internal if words.internal != words.tiers else ()
    told = {by_plan[plan] for plan in by_plan if plan not in ours}
    trial = frozenset(words.trial)
    return replace(
        offered,
        plans=words.tiers,
        paying=words.paying,
        trial=words.trial,
        trial_by_ce=any(
            rule.decline is not None and trial & {*(rule.when.tier or ())}
            for rule in rulebook.intake
        ),
        ours=ours,
        facts=tuple(fact for fact in words.facts if fact[0] != PLAN),
        severities_by_plan=len(told) > 1,
        by_severity=by_plan if len(told) > 1 else {None: next(iter(told))},
        times={(FIRST_RESPONSE, None): tuple(TargetTime(open_time=time) for time in times.values())}
        if len(times) == len(words.priorities)
        else {},
        normal=rulebook.order.normal,
        hard_choices=rulebook.order.hard_choices,
    )


def _priority_of(rulebook: Rulebook, plan: Tier | None, severity: Severity) -> Priority:
    """Return what intake decides; for a trial customer as if a CE had opened the ticket."""
    trial = plan in rulebook.vocabulary.trial
    opened_by = OpenedBy.CE if trial else OpenedBy.CUSTOMER
    priority = decide(rulebook, plan, severity, opened_by).priority
    return priority or rulebook.vocabulary.last_priority


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

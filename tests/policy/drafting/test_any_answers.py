"""Whatever is answered makes a policy that is right, says what was answered and reads back so."""

from collections.abc import Callable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.clocks.typed_time import format_duration
from policy.contract.conditions import Value
from policy.contract.rows import terms_of
from policy.contract.ticket_words import words_of
from policy.drafting.policy_answers import PLAN, DimensionValue, PolicyAnswers
from policy.drafting.policy_question import PolicyQuestion
from policy.drafting.policy_text import policy_text
from policy.intake.rules import decide
from policy.rulebook.rulebook import Rulebook, check_rulebook, handbook, load_rulebook
from policy.words import FactValue, OpenedBy, Priority
from tests.policy.drafting.drafts import begun, typists, walked


@settings(deadline=None, max_examples=60)
@given(typists(), st.booleans())
def test_any_answers_make_a_policy_that_says_them(
    typed: Callable[[PolicyQuestion], str], keep_words: bool
) -> None:
    answers, _ = walked(begun(keep_words=keep_words), typed)
    text = policy_text(answers)
    assert check_rulebook(text, "drawn.toml") == []
    assert all(len(line) <= 100 for line in text.splitlines() if line.startswith("#"))
    rulebook = load_rulebook(text, "drawn.toml")
    check_words(answers, rulebook)
    check_hours(answers, rulebook)
    check_times(answers, rulebook)
    check_intake(answers, rulebook)
    assert rulebook.order.normal == answers.order_in(hard_choices=False)
    assert rulebook.order.hard_choices == answers.order_in(hard_choices=True)
    assert [name for name, _ in rulebook.groups] == [
        group.name for group in answers.groups for _ in group.whens
    ]


def check_words(answers: PolicyAnswers, rulebook: Rulebook) -> None:
    words = rulebook.vocabulary
    assert words.tiers == answers.plans
    assert words.paying == answers.paying
    assert words.trial == answers.trial
    assert words.internal == answers.ours
    assert words.priorities == answers.priorities
    assert words.urgent == answers.urgent_ones()
    assert words.severities == answers.severities
    assert words.facts == answers.facts


def check_hours(answers: PolicyAnswers, rulebook: Rulebook) -> None:
    calendar, hours = rulebook.calendar, answers.hours
    assert calendar is not None
    assert (calendar.timezone, calendar.open) == (hours.timezone, hours.open)
    assert calendar.holidays == hours.holidays
    named = {name: each.open for name, each in (rulebook.calendars or {}).items()}
    others = {each.name: each.open for each in answers.other_hours}
    assert named == ({"customers": hours.open} if answers.where_customers_are else {}) | others
    assert format_duration(rulebook.response.aim) == format_duration(answers.aim)
    assert rulebook.stops_in == frozenset(answers.stops_in if answers.targets else ())


def check_times(answers: PolicyAnswers, rulebook: Rulebook) -> None:
    """Each target of each priority is promised as answered, for every value that was asked."""
    for value in answers.values_of_times:
        for target in answers.promised:
            times = answers.times_of(target, value)
            for priority, time in zip(answers.priorities, times, strict=True):
                terms = terms_of(rulebook.rows, ticket_words(answers, priority, value).get)
                assert terms[target].time == time
                if time.promised:
                    (calendar,) = terms[target].row.calendars
                    assert calendar == answers.calendar_of(priority)
    for plan in answers.ours:
        terms = terms_of(rulebook.rows, words_of(tier=plan, priority=answers.priorities[0]).get)
        assert not terms["first_response"].time.promised


def ticket_words(
    answers: PolicyAnswers, priority: Priority, value: DimensionValue
) -> Mapping[str, Value]:
    """Return what a ticket is that has this value by which times differ."""
    plan: str | None = next(iter(answers.customers_plans), None)
    by = answers.times_by
    if by == PLAN:
        plan = str(value)
    facts: dict[str, FactValue] = (
        {by: value} if by is not None and by != PLAN and value is not None else {}
    )
    return words_of(tier=plan, priority=priority, facts=facts)


def check_intake(answers: PolicyAnswers, rulebook: Rulebook) -> None:
    for own in answers.ours:
        severity = next(iter(answers.severities), None)
        decided = decide(rulebook, own, severity, OpenedBy.CE).priority
        assert decided == answers.priorities[-1]
    if not answers.rules:
        for plan in answers.customers_plans or (None,):
            by = answers.priorities_of(plan if answers.severities_by_plan else None)
            for severity, priority in zip(answers.severities, by, strict=True):
                assert decide(rulebook, plan, severity, OpenedBy.CE).priority == priority
    if answers.matrix is not None:
        columns = answers.lists_of_words[answers.matrix.columns]
        for row in answers.lists_of_words[answers.matrix.rows]:
            for column, priority in zip(columns, answers.row_of(answers.matrix, row), strict=True):
                facts = {answers.matrix.rows: row, answers.matrix.columns: column}
                assert decide(rulebook, None, None, OpenedBy.CE, facts).priority == priority


def test_what_is_offered_makes_the_handbook_as_far_as_it_can() -> None:
    answers, _ = walked(begun(keep_words=True), lambda _: "")
    rulebook = load_rulebook(policy_text(answers), "offered.toml")
    for section in ("tiers", "priorities", "severities", "calendar", "order"):
        ours, theirs = getattr(rulebook, section), getattr(handbook(), section)
        if section == "tiers":
            ours, theirs = (each.replaced(names={}, short={}) for each in (ours, theirs))
        assert ours == theirs
    assert rulebook.contract_time == handbook().contract_time
    for tier in handbook().tiers.order:
        for severity in handbook().severities.order:
            if tier not in handbook().tiers.trial:
                assert (
                    decide(rulebook, tier, severity, OpenedBy.CUSTOMER).priority
                    == decide(handbook(), tier, severity, OpenedBy.CUSTOMER).priority
                )

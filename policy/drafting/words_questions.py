"""The questions about customers and priorities: which there are, and what decides between them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count

from policy.drafting import typed_answers
from policy.drafting.policy_answers import (
    MatrixAnswer,
    PolicyAnswers,
    PriorityRule,
    by_rank,
)
from policy.drafting.policy_question import OR, Chapter, PolicyQuestion, listed, yes_no
from policy.drafting.typed_conditions import Sayable, typed_condition
from policy.refusal import Refusal, expected, one_of
from policy.rulebook.word_fields import KEYS_OF_RESPONSE, not_a_word
from policy.vocabulary import the_word
from policy.words import FactKind, Tier

_customers = partial(PolicyQuestion, chapter=Chapter.CUSTOMERS)
_priorities = partial(PolicyQuestion, chapter=Chapter.PRIORITIES)
_SEVERAL = 2


def about_customers(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    """Yield the questions about plans, and which of them pay, try us out or are our own work."""
    plans = answers.plans

    yield _customers(
        name="plans",
        asks="Which plans, or kinds of customers, do you tell apart? From the highest on; none if"
        " all are served alike.",
        example="premium, standard, free",
        label="plans",
        default=listed(plans),
        answered=partial(_plans_are, answers),
    )
    if not plans:
        return

    def some(text: str) -> tuple[Tier, ...]:
        return typed_answers.some_of(text, plans, "tiers")

    yield _customers(
        name="paying",
        asks="Which of them pay?",
        example=listed(plans[:2]),
        label="paying",
        default=listed(answers.paying),
        answered=lambda text: replace(answers, paying=some(text)),
    )
    yield _customers(
        name="trial",
        asks="Which of them only try you out, so that a customer engineer may open tickets for"
        " them?",
        example=plans[-1],
        label="trial",
        default=listed(answers.trial),
        answered=lambda text: replace(answers, trial=some(text)),
    )
    if answers.trial:
        yield _customers(
            name="trial by ce",
            asks=f"Is a ticket of {one_of(answers.trial)} declined unless a customer engineer"
            " opened it?",
            example="yes",
            label="declined",
            default=yes_no(answers.trial_by_ce),
            answered=lambda text: replace(answers, trial_by_ce=typed_answers.yes_or_no(text)),
        )
    yield _customers(
        name="ours",
        asks="Which of them is your own work? It has the last priority, and nobody waits for an"
        " answer.",
        example=plans[-1],
        label="own work",
        default=listed(answers.ours),
        answered=partial(_ours_are, answers),
    )


def _plans_are(answers: PolicyAnswers, text: str) -> PolicyAnswers:
    named = typed_answers.words(text)

    def left(of: Sequence[Tier]) -> tuple[Tier, ...]:
        return tuple(each for each in of if each in named)

    if named == answers.plans:
        return answers
    return replace(
        answers,
        plans=named,
        severities_by_plan=False,
        by_severity={},
        paying=left(answers.paying),
        trial=left(answers.trial),
        ours=left(answers.ours) if left(answers.ours) != named else (),
    )


def _ours_are(answers: PolicyAnswers, text: str) -> PolicyAnswers:
    named = typed_answers.some_of(text, answers.plans, "tiers")
    if named == answers.plans:
        raise Refusal("expected at least one that is not your own work")
    return replace(answers, ours=named)


def about_priorities(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    """Yield the questions about priorities, severities and facts, and which decides what."""
    yield _priorities(
        name="priorities",
        asks="Which priorities do you assign? From the highest on.",
        example="urgent, high, normal, low",
        label="priorities",
        default=listed(answers.priorities),
        answered=partial(_priorities_are, answers),
    )
    yield _priorities(
        name="urgent",
        asks="Which of them call someone in, and may have engineering drop everything?",
        example=answers.priorities[0],
        label="urgent",
        default=listed(answers.urgent_ones()),
        answered=lambda text: replace(
            answers, urgent=typed_answers.some_of(text, answers.priorities, "priorities")
        ),
    )
    yield _priorities(
        name="severities",
        asks="Which severities does a ticket come with? That is what the contract calls the"
        " reported problem, the worst first; none if it comes with none.",
        example=f"critical, major, minor{OR}1, 2, 3, 4",
        label="severities",
        default=listed(answers.severities),
        answered=partial(_severities_are, answers),
    )
    yield from _about_facts(answers)
    if len(answers.priorities) >= _SEVERAL:
        yield from _about_the_matrix(answers)
        yield from _about_rules(answers)
        yield from _about_severities(answers)
        yield from _about_the_rest(answers)


def _priorities_are(answers: PolicyAnswers, text: str) -> PolicyAnswers:
    named = typed_answers.words(text)
    if not named:
        raise Refusal(expected("at least one priority", text))
    for word in named:
        if word in KEYS_OF_RESPONSE:
            raise Refusal(f"expected another word than {word}, which is a key of [response]")
    if named == answers.priorities:
        return answers
    urgent = tuple(each for each in answers.urgent or () if each in named)
    return replace(answers, priorities=named, urgent=urgent or None, by_severity={}, times={})


def _severities_are(answers: PolicyAnswers, text: str) -> PolicyAnswers:
    named = typed_answers.severities(text)
    same = named == answers.severities
    return answers if same else replace(answers, severities=named, by_severity={})


def _about_facts(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    facts = answers.facts

    def fact_is(number: int, text: str) -> PolicyAnswers:
        if not typed_answers.pieces(text):
            return replace(answers, facts=facts[:number])
        fact = typed_answers.fact(text)
        if fact[0] in dict(facts[:number]):
            raise Refusal(f"expected another name, as {fact[0]} is one already")
        return replace(answers, facts=(*facts[:number], fact, *facts[number + 1 :]))

    for number in count():
        yield _priorities(
            name=f"fact {number + 1}",
            asks="What else does a ticket carry that decides what comes first or when? A name and"
            " its words from the most on, or flag for yes or no, or money; none to go on."
            if number == 0
            else "What else does it carry? None to go on.",
            example=f"kind: incident, request{OR}special: flag{OR}amount: money",
            label=f"fact {number + 1}",
            default=_fact_typed(*facts[number]) if number < len(facts) else "none",
            answered=partial(fact_is, number),
        )
        if number >= len(facts):
            return


def _fact_typed(name: str, kind: FactKind) -> str:
    return f"{name}: {kind if isinstance(kind, str) else ', '.join(kind)}"


def _about_the_matrix(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    lists = tuple(answers.lists_of_words)
    if len(lists) < _SEVERAL:
        return
    matrix, two = answers.matrix, f"two of {one_of(lists, 'and')}, or none"

    def facts_are(text: str) -> PolicyAnswers:
        named = typed_answers.pieces(text)
        if not named:
            return replace(answers, matrix=None)
        if len(named) != _SEVERAL:
            raise Refusal(expected(two, text))
        found = [typed_answers.one_word(each, lists, "facts") for each in named]
        if len(set(found)) != _SEVERAL:
            raise Refusal(expected(two, text))
        return replace(answers, matrix=MatrixAnswer(rows=found[0], columns=found[1]))

    yield _priorities(
        name="matrix",
        asks="Which two of these give the priority together, as impact and urgency do in a table?"
        " None if no two do.",
        example=f"{lists[-2]}, {lists[-1]}",
        label="matrix",
        default=listed([matrix.rows, matrix.columns]) if matrix else "none",
        answered=facts_are,
    )
    if matrix is None:
        return
    columns = answers.lists_of_words[matrix.columns]

    def row_is(word: str, text: str) -> PolicyAnswers:
        row = typed_answers.word_for_each(text, columns, answers.priorities, "priorities")
        cells = {**matrix.cells, word: row}
        return replace(answers, matrix=replace(matrix, cells=cells))

    for word in answers.lists_of_words[matrix.rows]:
        yield _priorities(
            name=f"row {word}",
            asks=f"Which priority has {matrix.rows} {word} with {matrix.columns}"
            f" {one_of(columns, 'and')}? One for each, or one for all.",
            example=" ".join(answers.row_of(matrix, word)),
            label=word,
            default=" ".join(answers.row_of(matrix, word)),
            answered=partial(row_is, word),
        )


def sayable(answers: PolicyAnswers, *, priorities: bool) -> Sayable:
    """Return the words with which tickets can be told apart by what was answered."""
    return Sayable(
        plans=answers.plans,
        severities=answers.severities,
        priorities=answers.priorities if priorities else (),
        facts=answers.fact_kinds,
    )


def _about_rules(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    if not answers.facts and not (answers.plans and not answers.severities):
        return
    rules = answers.rules

    def rule_is(number: int, text: str) -> PolicyAnswers:
        if text.casefold() == typed_answers.NONE:
            return replace(answers, rules=rules[:number])
        word, _, condition = text.partition(" if ")
        priority = the_word("_".join(word.split()), answers.priorities)
        if not condition.strip():
            raise Refusal(expected(f"a priority, if, and when, such as {example}", text))
        if priority is None:
            raise Refusal(not_a_word(word.strip(), answers.priorities, "priorities"))
        whens = typed_condition(condition, sayable(answers, priorities=False))
        said = " ".join(condition.split())
        rule = PriorityRule(priority=priority, whens=whens, said=said)
        return replace(answers, rules=(*rules[:number], rule))

    name = answers.facts[0][0] if answers.facts else "plan"
    words = sayable(answers, priorities=False).words_of(name)
    asked = f"{name} = {words[0]}" if words else name
    example = f"{answers.priorities[0]} if {asked}"
    for number in count():
        yield _priorities(
            name=f"rule {number + 1}",
            asks=f"{_before_what(answers)} The first that holds; none to go on."
            if number == 0
            else "And what else? None to go on.",
            example=example,
            label=f"rule {number + 1}",
            default="none",
            answered=partial(rule_is, number),
        )
        if number >= len(rules):
            return


def _before_what(answers: PolicyAnswers) -> str:
    """Return the question for rules, which says what is asked before them and after."""
    asked = "does anything else decide the priority"
    if answers.matrix is not None:
        asked = f"where {answers.matrix.rows} and {answers.matrix.columns} do not say it, {asked}"
    if answers.severities:
        asked += ", before the severity does"
    return f"{asked[0].upper()}{asked[1:]}?"


def _about_severities(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    if not answers.severities:
        return
    if len(answers.customers_plans) >= _SEVERAL:
        yield _priorities(
            name="severities by plan",
            asks="Does the priority of a severity differ by plan?",
            example="yes",
            label="differs",
            default=yes_no(answers.severities_by_plan),
            answered=lambda text: replace(
                answers, severities_by_plan=typed_answers.yes_or_no(text)
            ),
        )

    def priorities_are(plan: Tier | None, text: str) -> PolicyAnswers:
        named = typed_answers.word_for_each(
            text, answers.severities, answers.priorities, "priorities"
        )
        return replace(answers, by_severity={**answers.by_severity, plan: named})

    for plan in answers.customers_plans if answers.severities_by_plan else (None,):
        of = "" if plan is None else f" of {plan}"
        yield _priorities(
            name=f"severities{of}",
            asks=f"Which priority has severity {one_of(answers.severities, 'and')}{of}? One for"
            " each, or one for all.",
            example=" ".join(by_rank(answers.severities, answers.priorities)),
            label="priorities" if plan is None else plan,
            default=" ".join(answers.priorities_of(plan)),
            answered=partial(priorities_are, plan),
        )


def _about_the_rest(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    if answers.severities:
        return
    matrix = answers.matrix
    asks = "Which priority has anything else?" if answers.rules else (
        "Which priority has a ticket, until somebody assigns another one?"
    )  # fmt: skip
    if matrix is not None:
        asks = (
            f"Which priority has a ticket whose {matrix.rows} or {matrix.columns} is not known yet?"
        )
    yield _priorities(
        name="otherwise",
        asks=asks,
        example=answers.priorities[-1],
        label="otherwise",
        default=answers.otherwise or answers.priorities[-1],
        answered=lambda text: replace(
            answers, otherwise=typed_answers.one_word(text, answers.priorities, "priorities")
        ),
    )

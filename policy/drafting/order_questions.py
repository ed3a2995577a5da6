"""The questions about the order: what is looked at in normal times, and when it is too much."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import count

from policy.drafting import typed_answers
from policy.drafting.policy_answers import NamedGroup, PolicyAnswers
from policy.drafting.policy_question import OR, Chapter, PolicyQuestion
from policy.drafting.typed_conditions import conditions_such_as, typed_condition
from policy.drafting.words_questions import sayable
from policy.refusal import Refusal, expected
from policy.rulebook.contract_sections import RESOLUTION
from policy.vocabulary import in_words
from policy.words import Criterion, Mode

_EXAMPLES = 3

_order = partial(PolicyQuestion, chapter=Chapter.ORDER)
_WHAT_WORDS_MEAN = {
    "priority": "",
    "waiting": "who waits before who has an answer",
    "plan": "",
    "group": "groups of your own, asked next",
    "due": "the answer due first",
    "solve": "the solution due first",
    "age": "the oldest first",
}


def about_the_order(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    """Yield the questions about both orders, and about groups where one of them looks at those."""
    words = _words(answers)
    explained = ", ".join(
        f"{word} ({_WHAT_WORDS_MEAN[word]})" if _WHAT_WORDS_MEAN[word] else word for word in words
    )
    yield _order(
        name="normal",
        asks=f"What comes first in normal times? One after the other, of {explained}.",
        example="priority, due, age",
        label="normal times",
        default=typed_answers.said(answers.order_in(hard_choices=False)),
        answered=lambda text: replace(answers, normal=typed_answers.order(text, words)),
    )
    yield _order(
        name="hard choices",
        asks="Who comes first when it is too much, so that some must wait? The same words.",
        example=f"group, age{OR}priority, waiting, due",
        label="when too much",
        default=typed_answers.said(answers.order_in(hard_choices=True)),
        answered=lambda text: replace(answers, hard_choices=typed_answers.order(text, words)),
        mode=Mode.HARD_CHOICES,
    )
    if Criterion.GROUP in (*(answers.normal or ()), *(answers.hard_choices or ())):
        yield from _about_groups(answers)


def _words(answers: PolicyAnswers) -> tuple[str, ...]:
    lacking = {"plan": not answers.plans, "solve": RESOLUTION not in answers.targets}
    return tuple(word for word in typed_answers.CRITERIA if not lacking.get(word, False))


def _about_groups(answers: PolicyAnswers) -> Iterator[PolicyQuestion]:
    groups, words = answers.groups, sayable(answers, priorities=True)
    example = _example(answers)
    one = example.partition(OR)[0]

    def group_is(number: int, text: str) -> PolicyAnswers:
        if text.casefold() == typed_answers.NONE:
            if number == 0:
                raise Refusal(expected("a group, as the order looks at them", text))
            return replace(answers, groups=groups[:number])
        name, condition = typed_answers.name_and_rest(text, one)
        if name in {each.name for each in groups[:number]}:
            raise Refusal(
                f"expected another name, as {name} is one already; or joins its conditions"
            )
        group = NamedGroup(name=name, whens=typed_condition(condition, words))
        return replace(answers, groups=(*groups[:number], group))

    for number in count():
        yield _order(
            name=f"group {number + 1}",
            asks="Which group goes first? A name, a colon, and who is in it: conditions, joined"
            " by and or or."
            if number == 0
            else "Which group goes next? None to go on: all others come last.",
            example=example,
            label=f"group {number + 1}",
            default=typed_answers.NONE,
            answered=partial(group_is, number),
            mode=Mode.HARD_CHOICES,
        )
        if number >= len(groups):
            return


def _example(answers: PolicyAnswers) -> str:
    """Return groups in the words of the answers, one for each way to be meant."""
    such_as = list(conditions_such_as(sayable(answers, priorities=True)))[:_EXAMPLES]
    return OR.join(f"{_named(condition)}: {condition}" for condition in such_as)


def _named(condition: str) -> str:
    return in_words(condition.rpartition(" = ")[2].partition(" ")[0])

"""``when``: what a ticket must be for a rule or row of a policy file to speak of it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

from policy.checked_table import (
    CheckedTable,
    Mistake,
    after,
    before,
    before_with_words,
    no_such_key,
)
from policy.contract.conditions import Condition, closed_in, comparison
from policy.facts import FLAG, MONEY, currency_itself
from policy.refusal import expected
from policy.rulebook.entries import first_again, some
from policy.rulebook.fields import Flag, Line, SomeOpeners
from policy.rulebook.word_fields import (
    SomePriorities,
    SomeSeverities,
    SomeTiers,
    not_a_word,
)
from policy.words import FactKind, Tier


def _known_calendar(value: object, words: object) -> object:
    known = getattr(words, "calendars", None)
    if known is None or value in known:
        return value
    raise ValueError(not_a_word(value, known, "calendars"))


def calendar_or_several(value: object, words: object) -> object:
    """Return the name of a calendar, or a list of such names, each known to the policy, or None.

    Raises:
        ValueError: one of them is not known, or there is none.
    """
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        return _known_calendar(value, words)
    return some(tuple(_known_calendar(each, words) for each in value))


CalendarName = Annotated[Line, before_with_words(_known_calendar)]
_AsWritten = Annotated[Any, before(lambda asked: asked)]
"""What a fact is asked to be, looked at with the other facts."""

CalendarNames = Annotated[tuple[CalendarName, ...], after(some)]


class When(CheckedTable):
    """What a ticket must be for an intake rule to decide it; what is left out does not matter.

    Beside these keys every fact that the policy names is one: a list of its words, true or false
    for a flag, and for money a table such as ``{ SEK = "> 15000" }``.
    """

    others: Mapping[str, _AsWritten]

    tier: SomeTiers | None = None
    severity: SomeSeverities | None = None
    opened_by: SomeOpeners | None = None
    paying: Flag | None = None

    @classmethod
    def wrong_keys(cls, table: Mapping[str, Any], words: object) -> Iterator[Mistake]:
        """Yield what is wrong with the facts that it asks for."""
        asked = {key: value for key, value in table.items() if key not in cls.known_keys()}
        yield from _wrong_facts(asked, getattr(words, "facts", None), cls.known_keys())

    def conditions(self, tiers: Iterable[Tier], paying: frozenset[Tier]) -> Iterator[Condition]:
        """Yield what it asks; ``tiers`` are the policy's, ``paying`` those whose customers pay."""
        if self.tier is not None:
            yield Condition("tier", frozenset(self.tier))
        if self.paying is not None:
            others = frozenset[Tier | None]([*tiers, None]) - paying
            yield Condition("tier", frozenset(paying) if self.paying else others)
        if self.severity is not None:
            yield Condition("severity", frozenset(self.severity))
        if self.opened_by is not None:
            yield Condition("opened_by", frozenset(map(str, self.opened_by)))
        yield from self.fact_conditions

    @cached_property
    def fact_conditions(self) -> tuple[Condition, ...]:
        """What it asks of the facts."""
        return tuple(_condition(name, asked) for name, asked in self.others.items())


class GroupWhen(When):
    """What a ticket must be to be of a group; its priority is known by then."""

    priority: SomePriorities | None = None

    def conditions(self, tiers: Iterable[Tier], paying: frozenset[Tier]) -> Iterator[Condition]:
        """Yield what it asks."""
        yield from super().conditions(tiers, paying)
        if self.priority is not None:
            yield Condition("priority", frozenset(self.priority))


class ContractWhen(GroupWhen):
    """What a ticket must be for a contract row to speak of it.

    "``when.closed = ["desk"]``: it came outside those hours", of each calendar that is named.
    """

    closed: CalendarNames | None = None

    def conditions(self, tiers: Iterable[Tier], paying: frozenset[Tier]) -> Iterator[Condition]:
        """Yield what it asks."""
        yield from super().conditions(tiers, paying)
        for calendar in self.closed or ():
            yield Condition(closed_in(calendar), frozenset({True}))


def _condition(name: str, asked: Any) -> Condition:  # noqa: ANN401 - as TOML has it, checked before
    if isinstance(asked, bool):
        return Condition(name, frozenset({True})) if asked else Condition(name, unset=True)
    if isinstance(asked, Mapping):
        amounts = ((currency, comparison(said)) for currency, said in asked.items())
        return Condition(name, amounts=tuple(amounts))
    return Condition(name, frozenset(asked))


def _wrong_facts(
    asked: Mapping[str, object], facts: Mapping[str, FactKind] | None, keys: Iterable[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with the facts that are asked; nothing is known of none at all."""
    for name, value in asked.items():
        if facts is None:
            continue
        if name in facts:
            yield from _wrong_fact(name, facts[name], value)
        else:
            yield Mistake((name,), no_such_key(name, [*keys, *facts]))


def _wrong_fact(name: str, kind: FactKind, value: object) -> Iterator[Mistake]:
    if kind == FLAG:
        if not isinstance(value, bool):
            yield Mistake((name,), expected("true or false", value))
    elif kind == MONEY:
        yield from _wrong_amounts(name, value)
    elif not isinstance(value, list | tuple) or not value:
        yield Mistake((name,), expected(f"a list of words of the fact {name}", value))
    else:
        for number, word in enumerate(value):
            if word not in kind:
                yield Mistake((name, number), not_a_word(word, kind, "facts"))
        again = first_again(word for word in value if word in kind)
        if again is not None:
            yield Mistake((name,), f"expected each entry once, and {again} comes again")


def _wrong_amounts(name: str, value: object) -> Iterator[Mistake]:
    if not isinstance(value, Mapping) or not value:
        yield Mistake((name,), expected('a table such as { SEK = "> 15000" }', value))
        return
    for currency, said in value.items():
        try:
            currency_itself(currency)
            comparison(said)
        except ValueError as error:
            yield Mistake((name, currency), str(error))

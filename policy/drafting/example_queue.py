"""A small made-up queue in the words of a policy, for a desk that has no tickets to show it on."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, TypeVar

from policy.contract.conditions import Condition
from policy.facts import FLAG, MONEY, FactPairs, written_money
from policy.intake.rules import assess
from policy.rulebook.rulebook import Rulebook
from policy.ticket import OWN_SOURCE, Ticket
from policy.words import FactKind, FactValue, OpenedBy, Status

_CUSTOMERS: Final = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel")
_CAME: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 25, 70, 150, 400, 1440, 2880, 4))
"""How long ago each came; the last one came last."""

_SMALL, _CURRENCY = Decimal(40), "EUR"

_Word = TypeVar("_Word")


def example_queue(rulebook: Rulebook, now: datetime) -> tuple[Ticket, ...]:
    """Return a few tickets that nobody wrote, new at ``now`` (UTC), as the policy assesses them.

    Each word of the policy is carried by some, as far as there are enough of them.
    """
    return tuple(
        assess(rulebook, _example(rulebook, number, customer, now - came))
        for number, (customer, came) in enumerate(zip(_CUSTOMERS, _CAME, strict=True))
    )


def _example(rulebook: Rulebook, number: int, customer: str, came: datetime) -> Ticket:
    words, facts = rulebook.vocabulary, tuple(sorted(_facts(rulebook, number)))
    return Ticket(
        id=number + 1,
        source=OWN_SOURCE,
        external_id=str(number + 1),
        subject=_subject(facts),
        customer=customer,
        tier=_nth(words.tiers, number),
        severity=_nth(words.severities, number + number // 3),
        opened_by=OpenedBy.CUSTOMER,
        status=Status.NEW,
        received_at=came,
        waiting_since=came,
        because="",
        facts=facts,
    )


def _facts(rulebook: Rulebook, number: int) -> Iterator[tuple[str, FactValue]]:
    for place, (name, kind) in enumerate(rulebook.fact_kinds.items()):
        value = _value(rulebook, name, kind, number + place * (1 + number // 4))
        if value is not None:
            yield name, value


def _value(rulebook: Rulebook, name: str, kind: FactKind, number: int) -> FactValue | None:
    """Return what the n-th ticket is by a fact: every word in turn, a flag and money now and then.

    Money is above and below what the policy compares it with.
    """
    if kind == FLAG:
        return True if number % 4 == 1 else None
    if kind == MONEY:
        most, currency = _compared(rulebook, name)
        return written_money(most * 2 if number % 4 == 0 else _SMALL, currency)
    return _nth(tuple(kind), number)


def _compared(rulebook: Rulebook, name: str) -> tuple[Decimal, str]:
    conditions: Iterator[Condition] = chain(
        *(asked for _, asked in rulebook.groups),
        *(rule.when.fact_conditions for rule in rulebook.intake),
    )
    return next(
        (
            (comparison.than, currency)
            for condition in conditions
            if condition.about == name
            for currency, comparison in condition.amounts
        ),
        (_SMALL, _CURRENCY),
    )


def _subject(facts: FactPairs) -> str:
    told = [name if value is True else f"{name} {value}" for name, value in facts]
    return ", ".join(told) or "a question"


def _nth(words: Sequence[_Word], number: int) -> _Word | None:
    return words[number % len(words)] if words else None

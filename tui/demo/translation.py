"""The demonstration's tickets in the words of any policy: by rank, with the facts that it takes.

They are told in the handbook's words. The customers who pay stay those who pay, trials stay
trials; severities and priorities go by their place from the top.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from random import Random
from typing import Final

from policy.contract.conditions import Value
from policy.contract.ticket_words import words_of
from policy.facts import FLAG, MONEY, NO_FACTS, Facts, fact_value, written_money
from policy.intake.rules import IntakeDecision, decide
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, handbook
from policy.words import FactValue, OpenedBy, Priority, Severity, Tier
from tui.demo.parts import Customer

_SEED: Final = 1_202
_ANY: Final = "any"
_TRIAL: Final = "trial"
_MOST_TRIED: Final = 4_000


@dataclass(frozen=True, slots=True)
class SaidWords:
    """What a ticket is in the words of a policy, and what intake decides of it."""

    tier: Tier | None
    severity: Severity | None
    opened_by: OpenedBy
    facts: Facts
    decided: IntakeDecision

    @property
    def priority(self) -> Priority | None:
        """The priority by intake, None when it is declined."""
        return self.decided.priority

    @property
    def values(self) -> Mapping[str, Value]:
        """What a row of the policy asks of it."""
        return words_of(
            tier=self.tier,
            priority=self.priority,
            severity=self.severity,
            opened_by=self.opened_by,
            facts=self.facts,
        )

    @property
    def fields(self) -> dict[str, object]:
        """The fields of the incoming ticket that say it."""
        words = {"tier": self.tier, "severity": self.severity, "opened_by": self.opened_by}
        return {**words, **self.facts}


class Translation:
    """Says in a policy's words what is told in the handbook's, the same for the same policy."""

    def __init__(self, rulebook: Rulebook, customers: Iterable[Customer]) -> None:
        self.rulebook = rulebook
        self._random = Random(_SEED)  # noqa: S311 - nothing here is a secret
        self._told = handbook()
        self._tiers = dict(_tiers_of(rulebook, list(customers)))
        words, told = rulebook.vocabulary, self._told.vocabulary
        self.is_needed = bool(words.facts) or (words.tiers, words.severities, words.priorities) != (
            told.tiers,
            told.severities,
            told.priorities,
        )
        """Whether the policy says anything in other words than the handbook."""

    def said(
        self, customer: Customer, severity: int, opened_by: OpenedBy, facts: Facts | None = None
    ) -> SaidWords | None:
        """Return what a ticket that is told so is by the policy; None where there is none such.

        Of the ``facts`` those count that the policy names. One that is told as "any", or none at
        all, is whatever makes its priority the one that is meant.
        """
        if customer.name not in self._tiers:
            return None
        tier = self._tiers[customer.name]
        if not self.is_needed:
            return self.decided(tier, severity, opened_by, NO_FACTS)
        meant = decide(self._told, customer.tier, severity, opened_by)
        bit = self._random.random()
        rank = self._rank(meant.priority or self._told.vocabulary.last_priority, bit)
        place = _scaled(severity, len(self._told.vocabulary.severities), self._severities, bit)
        candidates = [
            (self._unlike(words, meant, rank), abs(self._place(words.severity) - place), words)
            for words in self._candidates(tier, opened_by, facts)
        ]
        self._random.shuffle(candidates)
        return min(candidates, key=lambda each: each[:2])[2]

    def decided(
        self, tier: Tier | None, severity: Severity | None, opened_by: OpenedBy, facts: Facts
    ) -> SaidWords:
        """Return a ticket with these words of the policy, and what its intake says."""
        decision = decide(self.rulebook, tier, severity, opened_by, facts)
        return SaidWords(tier, severity, opened_by, facts, decision)

    def priority(self, told: Priority) -> Priority:
        """Return the policy's priority for one of the handbook's, by rank."""
        words = self.rulebook.vocabulary
        return words.priorities[self._rank(told, 0.5)]

    def tier_of(self, customer: Customer) -> Tier | None:
        """Return the policy's tier of a customer; None for none, too."""
        return self._tiers.get(customer.name)

    def severity_told(self, words: SaidWords) -> int:
        """Return the handbook's severity that is as bad as a ticket's, or as its priority."""
        known, told = self._severities, self._told.vocabulary.severities
        if words.severity is not None:
            return _scaled(self._place(words.severity), len(known), told, 0.5)
        priorities = self.rulebook.vocabulary.priorities
        place = self.rulebook.vocabulary.priority_rank(words.priority)
        return _scaled(min(place, len(priorities) - 1), len(priorities), told, 0.5)

    def every(self) -> Iterator[SaidWords]:
        """Yield every ticket that can be by the policy's words, plain and harmless ones first.

        Of amounts of money those that its rows tell apart; no more than some thousands.
        """
        words = self.rulebook.vocabulary
        facts = [self._with_no_fact(name) for name in words.fact_kinds]
        told = map(_told, product(*facts))
        for carried in sorted(islice(told, _MOST_TRIED), key=len):
            for opened_by, tier, severity in product(
                OpenedBy, words.tiers or (None,), self._severities[::-1] or (None,)
            ):
                yield self.decided(tier, severity, opened_by, carried)

    @property
    def _severities(self) -> tuple[Severity, ...]:
        return self.rulebook.vocabulary.severities

    def _candidates(
        self, tier: Tier | None, opened_by: OpenedBy, told: Facts | None
    ) -> list[SaidWords]:
        """Return the tickets of a tier with the facts told, and any of those that are left open."""
        known = self._known(told or NO_FACTS)
        left_open = [
            name for name in self._asked_by_intake if told is None or told.get(name) == _ANY
        ]
        facts = product(*(self._with_no_fact(name) for name in left_open))
        return [
            self.decided(tier, severity, opened_by, {**known, **_told(each)})
            for each in islice(facts, _MOST_TRIED)
            for severity in self._severities or (None,)
        ]

    def _unlike(self, words: SaidWords, meant: IntakeDecision, rank: int) -> tuple[int, int, int]:
        """Return how far a ticket is from what is meant: declined, by priority, by its facts.

        One that a matrix decides is better than one of which it knows nothing; else few facts are.
        """
        declined = (words.priority is None) != (meant.priority is None)
        far = abs(self.rulebook.vocabulary.priority_rank(words.priority) - rank)
        matrix = self.rulebook.matrix
        known = len(words.facts)
        if matrix is not None:
            known = -2 * sum(name in words.facts for name in (matrix.rows, matrix.columns))
        return (declined, far if words.priority is not None else 0, known)

    def _rank(self, told: Priority, bit: float) -> int:
        ranks = self._told.vocabulary.priority_ranks
        return _scaled(ranks[told], len(ranks), self.rulebook.vocabulary.priorities, bit)

    def _place(self, severity: Severity | None) -> int:
        return 0 if severity is None else self._severities.index(severity)

    @property
    def _asked_by_intake(self) -> tuple[str, ...]:
        matrix = self.rulebook.matrix
        by_matrix = () if matrix is None else (matrix.rows, matrix.columns)
        rules = (each.about for rule in self.rulebook.intake for each in rule.when.fact_conditions)
        return tuple(dict.fromkeys((*by_matrix, *rules)))

    def _known(self, facts: Facts) -> Facts:
        """Return those facts that the policy names, with a value that it knows."""
        kinds, known = self.rulebook.fact_kinds, {}
        for name in kinds.keys() & facts.keys():
            with suppress(Refusal):
                known[name] = fact_value(name, kinds[name], facts[name])
        return dict(sorted(known.items()))

    def _with_no_fact(self, name: str) -> Sequence[tuple[str, FactValue | None]]:
        """Return a fact with every value that it may have, and with none."""
        kind = self.rulebook.fact_kinds[name]
        if kind == FLAG:
            return ((name, None), (name, True))
        values = self._amounts(name) if kind == MONEY else kind
        return ((name, None), *((name, value) for value in values))

    def _amounts(self, name: str) -> Iterator[str]:
        """Yield amounts of money around those that the policy's rows compare with."""
        rows = [row.conditions for row in self.rulebook.rows]
        rows += [conditions for _, conditions in self.rulebook.groups]
        rows += [rule.when.fact_conditions for rule in self.rulebook.intake]
        compared = {
            (currency, comparison.than)
            for conditions in rows
            for each in conditions
            if each.about == name
            for currency, comparison in each.amounts
        }
        for currency, than in sorted(compared):
            yield written_money(than * 2, currency)
            yield written_money(than, currency)
            yield written_money(than / 2, currency)


def _tiers_of(
    rulebook: Rulebook, customers: Sequence[Customer]
) -> Iterator[tuple[str, Tier | None]]:
    """Yield the tier of each customer by the policy; those are left out whom it does not know."""
    words, told = rulebook.vocabulary, handbook().vocabulary
    if not words.tiers:
        yield from ((each.name, None) for each in customers if each.tier not in told.internal)
        return
    trial = words.trial or tuple(each for each in words.tiers if _TRIAL in each)
    paying = tuple(each for each in words.paying if each not in trial)
    apart = {*words.internal, *trial, *paying}
    others = tuple(each for each in words.tiers if each not in apart)
    kinds: tuple[tuple[Sequence[Tier], Sequence[Tier]], ...] = (
        (told.trial, trial),
        (told.internal, words.internal),
        (told.paying, paying or others or words.tiers),
        (
            [
                each
                for each in told.tiers
                if each not in (*told.trial, *told.internal, *told.paying)
            ],
            others or paying[-1:] or words.tiers[-1:],
        ),
    )
    for kind, tiers in kinds:
        of_kind = [each for each in customers if each.tier in kind]
        if tuple(kind) == tuple(tiers):
            yield from ((each.name, each.tier) for each in of_kind)
        elif tiers:
            for place, customer in enumerate(of_kind):
                yield customer.name, tiers[place * len(tiers) // len(of_kind)]


def _scaled(place: int, of: int, words: Sequence[object], bit: float) -> int:
    """Return the place among ``words`` for one among ``of``; ``bit`` decides between two."""
    return int(place * max(len(words) - 1, 0) / max(of - 1, 1) + bit)


def _told(facts: Iterable[tuple[str, FactValue | None]]) -> Facts:
    return {name: value for name, value in facts if value is not None}

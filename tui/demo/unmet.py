"""Tickets for what no other one meets: every rule, cell, group and row of a policy is seen once."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from policy.contract.conditions import all_hold
from policy.contract.targets_due import contract_terms
from policy.rulebook.rulebook import Rulebook
from tui.demo.demo_wording import has_subjects
from tui.demo.parts import Customer, customers
from tui.demo.script import ScriptedTicket
from tui.demo.ticket_generator import TicketGenerator, TicketStage
from tui.demo.translation import SaidWords

_AGES: Final = tuple(hours * timedelta(hours=1) for hours in (0.5, 2, 5, *range(8, 120, 4)))
"""How long ago a ticket may have come that a row means by the hour at which it came."""


class PolicyPart(NamedTuple):
    """A part of a policy that tickets meet: a rule of intake, a cell, a group or a contract row.

    ``which`` is its place in the table, from 0; of the matrix the words of the row and the column.
    """

    table: str
    which: object


@dataclass(frozen=True, slots=True)
class Unmet:
    """Makes up tickets beside others, with the generator that made those."""

    generator: TicketGenerator

    def tickets(self, others: Iterable[ScriptedTicket]) -> Iterator[ScriptedTicket]:
        """Yield a ticket for each part of the policy that none of the others meets, but one can."""
        translation = self.generator.translation
        unmet = {*_parts(translation.rulebook)}
        for other in others:
            unmet -= _met(translation.rulebook, other.said, other.received_at, other.zone)
        for words in translation.every() if unmet else ():
            customer = self._customer(words)
            for received in self._times():
                met = unmet & _met(translation.rulebook, words, received, customer.zone)
                if met:
                    unmet -= met
                    yield self._scripted(words, customer, received)
            if not unmet:
                return

    def _scripted(self, words: SaidWords, customer: Customer, received: datetime) -> ScriptedTicket:
        words_said = (name if value is True else value for name, value in words.facts.items())
        file = self.generator.trade.wording
        told = self.generator.translation.severity_told(words)
        about = next((each for each in words_said if has_subjects(each, file)), str(told))
        by_hour = self._asks_the_hour
        return self.generator.scripted(
            words, TicketStage.UNANSWERED, customer, about, received if by_hour else None
        )

    def _customer(self, words: SaidWords) -> Customer:
        """Return a customer of the tier, or any where there is none."""
        known = [*customers(self.generator.trade.cast).values()]
        tier_of = self.generator.translation.tier_of
        return next((each for each in known if tier_of(each) == words.tier), known[0])

    def _times(self) -> Iterator[datetime]:
        """Yield when a ticket may have come: just now, and earlier where rows ask the hour."""
        for age in _AGES if self._asks_the_hour else _AGES[:1]:
            yield self.generator.now - age

    @property
    def _asks_the_hour(self) -> bool:
        _, calendars = self.generator.translation.rulebook.asked_by_rows
        return bool(calendars)


def _parts(rulebook: Rulebook) -> Iterator[PolicyPart]:
    """Yield all parts of a policy that a ticket can meet."""
    matrix = rulebook.matrix
    if matrix is not None:
        for row in matrix.assign:
            yield from (PolicyPart("matrix", (row, column)) for column in matrix.across)
    yield from (PolicyPart("intake", place) for place, _ in enumerate(rulebook.intake))
    yield from (PolicyPart("group", place) for place, _ in enumerate(rulebook.groups))
    yield from (PolicyPart("contract", place) for place, _ in enumerate(rulebook.rows))


def _met(
    rulebook: Rulebook, words: SaidWords, received: datetime, zone: str | None
) -> Set[PolicyPart]:
    """Return the parts that decide something of a ticket."""
    met = {_deciding(rulebook, words)}
    if words.priority is None:
        return met
    for place, (_, conditions) in enumerate(rulebook.groups):
        if all_hold(conditions, words.values.get):
            met.add(PolicyPart("group", place))
            break
    terms = contract_terms(rulebook, words.values, received, zone)
    met |= {PolicyPart("contract", rulebook.rows.index(term.row)) for term in terms.values()}
    return met


def _deciding(rulebook: Rulebook, words: SaidWords) -> PolicyPart:
    """Return what gives a ticket its priority, or declines it."""
    matrix = rulebook.matrix
    if matrix is not None and matrix.of(words.facts) is not None:
        cell = (words.facts[matrix.rows], words.facts[matrix.columns])
        return PolicyPart("matrix", cell)
    paying = words.tier in rulebook.paying
    for place, rule in enumerate(rulebook.intake):
        if rule.holds(words.tier, words.severity, words.opened_by, paying, words.facts):
            return PolicyPart("intake", place)
    return PolicyPart("intake", None)

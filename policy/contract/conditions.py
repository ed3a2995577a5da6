"""What a row of a policy asks of a ticket, one condition after the other.

"What is left out does not matter", and "all that are given must hold".
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from policy.facts import Money, amount_of, is_amount
from policy.refusal import expected

Value = str | int | bool | None
"""What a ticket is by one of the things that are asked: a word, a number, a flag, or nothing."""

CLOSED: Final = "closed"
"""The key of a row that asks whether the ticket came outside the hours of calendars."""

_COMPARISONS: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
)
_COMPARED = re.compile(r"(>=|<=|>|<)\s*([0-9]{1,18}(?:\.[0-9]{1,6})?)")
_COMPARISON_EXPECTED = 'a comparison in quotes such as "> 15000" or "<= 99.5"'


class Comparison(NamedTuple):
    """How an amount of one currency must compare with ``than``."""

    sign: str
    than: Decimal

    def holds(self, amount: Decimal) -> bool:
        """Return whether an amount compares so."""
        return _COMPARISONS[self.sign](amount, self.than)


@dataclass(frozen=True, slots=True)
class Condition:
    """That a ticket, by one thing, is one of ``allowed``; of money, that ``amounts`` hold.

    ``about`` names the thing: ``tier``, ``priority``, ``severity``, ``opened_by``, a fact, or
    ``closed NAME`` for a calendar. ``amounts`` are by currency, and one in another does not hold.
    ``unset`` asks for a flag that is not set. What an earlier policy knew otherwise under the same
    name, a word where there is a flag or money now, says nothing.
    """

    about: str
    allowed: frozenset[Value] = frozenset()
    amounts: tuple[tuple[str, Comparison], ...] = ()
    unset: bool = False

    def holds(self, value: Value) -> bool:
        """Return whether a ticket that is ``value`` by the thing in question is meant."""
        if self.unset:
            return value is not True
        if not self.amounts:
            return value in self.allowed
        return is_amount(value) and self._compares(amount_of(str(value)))

    def _compares(self, money: Money) -> bool:
        return any(
            comparison.holds(money.amount)
            for currency, comparison in self.amounts
            if currency == money.currency
        )


def comparison(written: object) -> Comparison:
    """Return what ``"> 15000"`` says; raises ValueError with a sentence that names what is written.

    An amount alone is none, as nobody means just that one.
    """
    parts = _COMPARED.fullmatch(written.strip()) if isinstance(written, str) else None
    if parts is None:
        raise ValueError(expected(_COMPARISON_EXPECTED, written))
    return Comparison(parts[1], Decimal(parts[2]))


def closed_in(calendar: str) -> str:
    """Return the thing that ``closed`` asks of one calendar; no fact is called so."""
    return f"{CLOSED} {calendar}"


def all_hold(conditions: Iterable[Condition], value_of: Callable[[str], Value]) -> bool:
    """Return whether a ticket is meant by all conditions; ``value_of`` says what it is by each."""
    return all(condition.holds(value_of(condition.about)) for condition in conditions)

"""Which tickets the rows of a policy reach, the first that holds deciding: exactly, not by trying.

The tickets that a row means are a box: for each thing that is asked, the values that it may have.
What earlier rows leave of a box is cut into boxes again, so that no ticket is overlooked and none
is looked at by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from policy.contract.conditions import CLOSED, Comparison, Condition, Value
from policy.facts import FLAG, written_money
from policy.refusal import Refusal
from policy.words import FactKind

Box = Mapping[str, frozenset[Value]]
"""For each thing that is asked the values that are meant; any where it is not named."""

MOST_COMPARED: Final = 500_000
"""How many boxes are compared before it is given up to tell what rows reach; some seconds."""

_TOO_MANY: Final = (
    "the rows ask for so many things together that it cannot be told which tickets they reach;"
    " expected fewer rows, or rows that ask for less"
)

ANOTHER_CURRENCY = "???"
"""Stands for every currency that no row names."""


class Reach:
    """The tickets that can be: for each thing that is asked, all the values that it may have.

    How long it takes to tell what rows leave can grow with every thing that they ask for together,
    as it does for whoever reads them. So there is an end to it.

    Raises:
        Refusal: it takes longer; anything may raise it that tells what is left.
    """

    def __init__(self, values: Mapping[str, Iterable[Value]]) -> None:
        self._compared = 0
        self._values = MappingProxyType({each: frozenset(all_) for each, all_ in values.items()})

    def box(self, conditions: Iterable[Condition]) -> Box:
        """Return the tickets that a row means; a thing without any value means that it has none."""
        box: dict[str, frozenset[Value]] = {}
        for each in conditions:
            among = box.get(each.about, self._values[each.about])
            box[each.about] = frozenset(value for value in among if each.holds(value))
        return box

    def left_of(self, box: Box, taken: Sequence[Box]) -> Box | None:
        """Return tickets of ``box`` that are in none of ``taken``, None when there is none."""
        if any(not values for values in box.values()):
            return None
        for place, other in enumerate(taken):
            self._compared += 1
            if self._compared > MOST_COMPARED:
                raise Refusal(_TOO_MANY)
            if not self._meet(box, other):
                continue
            outside = (
                self.left_of(piece, taken[place + 1 :]) for piece in self._outside(box, other)
            )
            return next((piece for piece in outside if piece is not None), None)
        return box

    def _meet(self, box: Box, other: Box) -> bool:
        return all(self._of(box, each) & values for each, values in other.items())

    def _outside(self, box: Box, other: Box) -> Iterator[Box]:
        """Yield boxes that have together what ``box`` has and ``other`` does not."""
        inside = dict(box)
        for each, values in other.items():
            mine = inside.get(each, self._values[each])
            if mine - values:
                yield {**inside, each: mine - values}
            inside[each] = mine & values

    def _of(self, box: Box, each: str) -> frozenset[Value]:
        return box.get(each, self._values[each])


def in_words(box: Box) -> str:
    """Return tickets of a box as a person says them: "priority P2, nothing said of kind"."""
    told = (_one_in_words(about, values) for about, values in box.items())
    return ", ".join(each for each in told if each)


def _one_in_words(about: str, values: frozenset[Value]) -> str:
    said = sorted((value for value in values if value is not None), key=_last_in_order)
    if not said:
        return "" if about in _MAY_BE_NONE else f"nothing said of {about}"
    first = said[0]
    asked, _, calendar = about.partition(" ")
    if asked == CLOSED:
        return f"outside the hours of {calendar}" if first else f"within the hours of {calendar}"
    if isinstance(first, bool):
        return f"{about} {str(first).lower()}"
    if str(first).endswith(f" {ANOTHER_CURRENCY}"):
        return f"{about} in another currency"
    return f"{about.replace('_', ' ') if about == 'opened_by' else about} {first}"


_MAY_BE_NONE = ("tier", "severity")
"""What a desk may have none of."""


def _last_in_order(value: Value) -> tuple[bool, str]:
    return str(value).endswith(ANOTHER_CURRENCY), str(value)


def values_of_fact(
    kind: FactKind, compared: Iterable[tuple[str, Comparison]], *, untold: bool
) -> Iterable[Value]:
    """Return all that a fact may be, None for nothing where that may be left ``untold``.

    Of money it is an amount from each stretch that is ``compared``; a flag that is not told is not
    set.
    """
    if kind == FLAG:
        return (False, True)
    nothing: tuple[Value, ...] = (None,) if untold else ()
    if isinstance(kind, str):
        return (*nothing, *amounts_told_apart(compared))
    return (*nothing, *kind)


def amounts_told_apart(comparisons: Iterable[tuple[str, Comparison]]) -> Iterator[str]:
    """Yield an amount of money from each stretch that the comparisons tell apart.

    Below, at, between and above all that they name, for each currency, and one of another currency.
    """
    named: dict[str, set[Decimal]] = {}
    for currency, comparison in comparisons:
        named.setdefault(currency, set()).add(comparison.than)
    for currency, amounts in named.items():
        ordered = sorted(amounts)
        if ordered[0] > 0:
            yield written_money(ordered[0] / 2, currency)
        for amount in ordered:
            yield written_money(amount, currency)
        for lower, upper in pairwise(ordered):
            yield written_money((lower + upper) / 2, currency)
        yield written_money(ordered[-1] + 1, currency)
    yield written_money(Decimal(0), ANOTHER_CURRENCY)

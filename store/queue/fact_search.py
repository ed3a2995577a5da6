"""What a query asks of the facts of tickets, as SQL that both engines understand alike."""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Float,
    Numeric,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    true,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from policy.contract.conditions import Comparison
from store.queue.fact_query import AmountSought, FactSought, FactTerm
from store.schema.tables import TicketRow

_SET: Final = ("true", "1")
"""How a flag that is set reads as a text, which each engine writes in its own way."""

_MONEY: Final = "% ___"
"""How an amount of money is kept, such as ``16000 SEK``; no word of a fact has a space in it."""

_CURRENCY_CELLS: Final = 4
"""How many characters stand behind the amount: a space and the currency."""


def holds(term: FactTerm) -> ColumnElement[bool]:
    """Return the condition that a ticket carries one of the values of a term, or none of them."""
    # The name is the policy's, and a parameter all the same. What is not there is an empty text:
    # nothing would be neither so nor not so.
    kept = func.coalesce(cast(_facts[term.name].as_string(), String), "")
    condition = or_(*(_is(kept, value) for value in term.values))
    return not_(condition) if term.negated else condition


_facts: Any = col(TicketRow.facts)


def _is(kept: ColumnElement[str], sought: FactSought) -> ColumnElement[bool]:
    if sought is None:
        return kept == ""
    if isinstance(sought, bool):
        return kept.in_(_SET) if sought else kept.not_in(_SET)
    if isinstance(sought, AmountSought):
        return _amounts(kept, sought)
    return kept == sought


def _amounts(kept: ColumnElement[str], sought: AmountSought) -> ColumnElement[bool]:
    currency = true() if sought.currency is None else kept.endswith(f" {sought.currency}")
    digits = func.substr(kept, 1, func.length(kept) - _CURRENCY_CELLS)
    # A server casts what it is told to and fails where that is no number, so it is told only then.
    number = case((kept.like(_MONEY), cast(digits, Numeric)), else_=None)
    compared = (_compared(number, bound) for bound in sought.bounds)
    return and_(kept.like(_MONEY), currency, *(func.coalesce(each, False) for each in compared))


def _compared(number: ColumnElement[Any], bound: Comparison) -> ColumnElement[bool]:
    than = _number(bound.than)
    match bound.sign:
        case ">=":
            return number >= than
        case "<=":
            return number <= than
        case ">":
            return number > than
        case _:
            return number < than


def _number(than: Decimal) -> ColumnElement[Any]:
    """Return a number as it is compared exactly: a whole one as such."""
    if than == than.to_integral_value():
        return literal(int(than), BigInteger)
    return literal(float(than), Float)

"""What a query asks of the facts that a policy names: ``kind:incident special:yes amount:>15000``.

As values; no SQL here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from policy.contract.conditions import Comparison
from policy.facts import FLAG, fact_value, values_typed
from policy.refusal import Refusal
from policy.vocabulary import did_you_mean, the_word
from policy.words import FactKind

UNSAID: Final = "none"
"""How a query says that nothing is said of a fact, where no word of it is written so."""

_AMOUNT = re.compile(
    r"(?P<sign>>=|<=|>|<|=)?\s*(?P<number>(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?)"
    r"\s*(?P<currency>[A-Za-z]{3})?"
)
_RANGE = re.compile(
    r"(?P<least>[0-9]{1,18}(?:\.[0-9]{1,6})?)?\s*\.\.\s*(?P<most>[0-9]{1,18}(?:\.[0-9]{1,6})?)?"
    r"\s*(?P<currency>[A-Za-z]{3})?"
)
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_CURRENCY_WRITTEN = re.compile(r"[A-Z]{3}")
_ENDS_IN_AMOUNT = re.compile(r"(?:[0-9]|\.\.)\Z")
_AMOUNTS_EXPECTED: Final = (
    f'an amount such as ">15000", "16000 SEK" or 100..500, a currency or {UNSAID}; in a shell'
    " within quotation marks"
)


@dataclass(frozen=True, slots=True)
class AmountSought:
    """Which amounts of money are sought: all ``bounds`` must hold, in any currency but for one."""

    bounds: tuple[Comparison, ...] = ()
    currency: str | None = None


FactSought = str | bool | AmountSought | None
"""A word, a flag, amounts of money, or None for a fact of which nothing is said.

A flag of which nothing is said counts as not set, as in a row of a policy.
"""


@dataclass(frozen=True, slots=True)
class FactTerm:
    """One ``fact:value,value`` of a query; ``negated`` when it was written with a minus."""

    name: str
    values: tuple[FactSought, ...]
    negated: bool = False


def fact_term(name: str, kind: FactKind, values: Iterable[str], *, negated: bool) -> FactTerm:
    """Return what a query asks of a fact that may be of a ``kind``.

    Raises:
        Refusal: a value is none of what the fact may be, or there is none.
    """
    wanted = tuple(values)
    if not wanted:
        raise Refusal(f"query: {name}: nothing after the colon; expected {_expected(kind)}")
    return FactTerm(name, tuple(_sought(name, kind, value) for value in wanted), negated)


def example_of_fact(name: str, kind: FactKind) -> str:
    """Return an example of what a query asks of a fact."""
    return f"{name}:{next(iter(values_typed(kind)), '>500')}"


def is_currency_of(values: str, further: str) -> bool:
    """Return whether the word that stands behind what is asked of money is its currency."""
    return bool(_ENDS_IN_AMOUNT.search(values) and _CURRENCY_WRITTEN.fullmatch(further))


def _sought(name: str, kind: FactKind, value: str) -> FactSought:
    if kind == FLAG:
        return _flag(name, value)
    word = None if isinstance(kind, str) else the_word(value, kind)
    if word is not None:
        return word
    if value.strip().casefold() == UNSAID:
        return None
    amount = _amount(value) if isinstance(kind, str) else None
    if amount is None:
        meant = "" if isinstance(kind, str) else did_you_mean(value, kind)
        raise Refusal(f"query: {name}: {value!r}; expected {_expected(kind)}{meant}")
    return amount


def _flag(name: str, value: str) -> bool:
    try:
        return bool(fact_value(name, FLAG, value))
    except Refusal:
        raise Refusal(f"query: {name}: {value!r}; expected {_expected(FLAG)}") from None


def _expected(kind: FactKind) -> str:
    if isinstance(kind, str):
        return "yes, no, true or false" if kind == FLAG else _AMOUNTS_EXPECTED
    return ", ".join([*kind, *([] if the_word(UNSAID, kind) else [UNSAID])])


def _amount(written: str) -> AmountSought | None:
    """Return the amounts that a person means, None for what says none."""
    text = written.strip()
    if _CURRENCY.fullmatch(text):
        return AmountSought(currency=text.upper())
    if parts := _AMOUNT.fullmatch(text):
        than = Decimal(parts["number"])
        signs = (">=", "<=") if parts["sign"] in (None, "=") else (parts["sign"],)
        return AmountSought(_bounds(*((sign, than) for sign in signs)), _currency(parts))
    parts = _RANGE.fullmatch(text)
    if parts is None or (parts["least"] is None and parts["most"] is None):
        return None
    ends = ((">=", parts["least"]), ("<=", parts["most"]))
    given = ((sign, Decimal(end)) for sign, end in ends if end is not None)
    return AmountSought(_bounds(*given), _currency(parts))


def _bounds(*compared: tuple[str, Decimal]) -> tuple[Comparison, ...]:
    return tuple(Comparison(sign, than) for sign, than in compared)


def _currency(parts: re.Match[str]) -> str | None:
    return None if parts["currency"] is None else parts["currency"].upper()

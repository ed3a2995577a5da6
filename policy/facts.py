"""What else a ticket carries by a policy: words of a list, flags and amounts of money.

"``[facts]``: what else a ticket carries (``kind = ["incident", "request"]``, ``special = "flag"``,
``amount = "money"``)."
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from policy.refusal import Refusal, expected, one_of, quoted
from policy.vocabulary import did_you_mean, not_known, the_word
from policy.words import FactKind, FactValue

Facts = Mapping[str, FactValue]
"""What a ticket carries, by the names of the facts."""

FactPairs = tuple[tuple[str, FactValue], ...]
"""The same as a ticket keeps it, which is frozen."""

NO_FACTS: Final[Facts] = MappingProxyType({})
FLAG: Final = "flag"
MONEY: Final = "money"
CURRENCY: Final = "currency"
"""The field beside an amount of money in an import, where the two are apart."""

LONGEST_AMOUNT: Final = 18
"""How many digits an amount of money may have."""

_MONEY = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,6})?)\s*([A-Za-z]{3})")
_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,6})?")
_CURRENCY_WRITTEN = re.compile(r"[A-Z]{3}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_MONEY_EXPECTED = 'an amount and its currency such as "16000 SEK"'
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})


class Money(NamedTuple):
    """An amount in a currency of three capital letters."""

    amount: Decimal
    currency: str


RESERVED: Final = frozenset(
    (
        "id",
        "source",
        "external_id",
        "subject",
        "customer",
        "tier",
        "severity",
        "priority",
        "assigned_priority_reason",
        "status",
        "assignee",
        "opened_by",
        "received_at",
        "first_response_at",
        "last_response_at",
        "last_customer_message_at",
        "waiting_since",
        "respond_by",
        "aim_by",
        "owed",
        "holder_away",
        "position",
        "deviation",
        "declined",
        "because",
        "language",
        "facts",
        "targets",
        "resolve_by",
        "update_by",
        "paused",
        "expected_by",
        "safe_by",
        "solved_at",
        "settled_at",
        "split_from",
        "merged_into",
        "continued_in",
        "body",
        "requester",
        "requester_name",
        "requester_email",
        "requester_timezone",
        "url",
        "message_id",
        "updated_at",
        "tags",
        "version",
        "internal",
        "defined_priority",
        "assigned_priority",
        "context",
        "escalation",
        "handed_over",
        "review",
        "closed",
        "paying",
        "currency",
        "is",
        "due",
        "why",
        "level",
        "mode",
        "queue",
        "late",
        "group",
        "zone",
        "name",
        "tag",
        "number",
        "p",
        "sev",
        "to",
        "from",
    )
)
"""The names that mean something else of a ticket, in an import, a query or a row of a policy."""


def money(written: str) -> Money:
    """Return what an amount such as ``16000 SEK`` says.

    Raises ValueError with a sentence that names what is written.
    """
    parts = _MONEY.fullmatch(written.strip())
    if parts is None:
        raise ValueError(expected(_MONEY_EXPECTED, written))
    return Money(Decimal(parts[1]), parts[2].upper())


def is_amount(value: object) -> bool:
    """Return whether the value of a fact is an amount of money, as no word has a space in it."""
    return isinstance(value, str) and " " in value


@lru_cache(maxsize=4096)
def amount_of(value: str) -> Money:
    """Return the money of a fact's value, which ``written_money`` wrote."""
    amount, currency = value.split()
    return Money(Decimal(amount), currency)


def currency_itself(written: str) -> str:
    """Return a currency as a policy writes it; raises ValueError for what is none."""
    if not _CURRENCY_WRITTEN.fullmatch(written):
        raise ValueError(expected("a currency of three capital letters such as SEK", written))
    return written


def written_money(amount: Decimal, currency: str) -> str:
    """Return the one way to write an amount: no digits that say nothing, then the currency."""
    plain = f"{amount:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{plain} {currency}"


def fact_value(name: str, kind: FactKind, value: object) -> FactValue:
    """Return a fact as a ticket keeps it, from what a person typed or a file says.

    A word is taken by case and hyphens alike, a flag as true, false, yes, no, 1 or 0, and money as
    ``16000 SEK``.

    Raises:
        Refusal: it is none of what the fact may be; the line names the fact and what was expected.
    """
    if kind == FLAG:
        return _flag(name, value)
    if kind == MONEY:
        return _written_amount(name, value)
    word = the_word(value, kind)
    if word is None and isinstance(value, int) and not isinstance(value, bool):
        word = the_word(str(value), kind)
    if word is None:
        raise Refusal(f"{name}: {quoted(value)}; {not_known(value, kind)}")
    return str(word)


def fact_named(name: str, facts: Mapping[str, FactKind]) -> FactKind:
    """Return what a fact may be.

    Raises:
        Refusal: the policy names no such fact; the line says which there are, and the nearest.
    """
    if name not in facts:
        if not facts:
            raise Refusal(f"{quoted(name)}: the policy in force names no facts")
        meant = did_you_mean(name, facts)
        raise Refusal(f"{quoted(name)}: expected a fact, {one_of(facts)}{meant}")
    return facts[name]


def known_facts(given: Mapping[str, object], kinds: Mapping[str, FactKind]) -> Facts:
    """Return the facts that somebody gave by name, each as a ticket keeps it.

    An amount of money may stand beside ``currency``.

    Raises:
        Refusal: the policy names no such fact, or it is none of what it may be.
    """
    facts: dict[str, FactValue] = {}
    currency = given.get(CURRENCY)
    has_money = MONEY in kinds.values()
    for name, value in given.items():
        if name == CURRENCY and has_money:
            continue
        kind = fact_named(name, kinds)
        whole = amount_beside(value, currency) if kind == MONEY else value
        facts[name] = fact_value(name, kind, whole)
    return facts


def values_typed(kind: FactKind) -> tuple[str, ...]:
    """Return what a fact may be as a person types it; nothing for money, which has any amount."""
    if isinstance(kind, str):
        return ("yes", "no") if kind == FLAG else ()
    return kind


def typed_facts(typed: Iterable[str], kinds: Mapping[str, FactKind]) -> Facts:
    """Return the facts that a person typed, each as ``NAME=VALUE``.

    Raises:
        Refusal: one is no such pair or is given twice, the policy names no such fact, or it is
            none of what it may be.
    """
    given: dict[str, object] = {}
    for text in typed:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            raise Refusal(expected("NAME=VALUE", text))
        if name in given:
            raise Refusal(f"{quoted(name)}: expected each fact once, and it comes again")
        given[name] = value
    return known_facts(given, kinds)


def facts_said(
    fields: Mapping[str, object], tags: Iterable[str], kinds: Mapping[str, FactKind]
) -> dict[str, FactValue | None]:
    """Return the facts that fields and tags of a ticket from outside speak of; None empties one.

    A fact stands under its own name, or in a tag: ``kind:incident``, ``kind=incident``, or the
    name of a flag alone. What a tag says of a fact and is none of its values is only a tag.

    Raises:
        Refusal: a field is none of what the fact may be.
    """
    said: dict[str, FactValue | None] = {}
    for tag in tags:
        name, _, word = tag.replace("=", ":", 1).partition(":")
        if name in kinds:
            with suppress(Refusal):
                said[name] = fact_value(name, kinds[name], word or kinds[name] == FLAG)
    currency = fields.get(CURRENCY)
    for name in kinds.keys() & fields.keys():
        value = fields[name]
        if value is None or (isinstance(value, str) and not value.strip()):
            said[name] = None
        else:
            whole = amount_beside(value, currency) if kinds[name] == MONEY else value
            said[name] = fact_value(name, kinds[name], whole)
    return dict(sorted(said.items()))


def facts_told(
    facts: Mapping[str, object], kinds: Mapping[str, FactKind]
) -> dict[str, FactValue | None]:
    """Return each fact that a policy knows, as an import takes it; None for one not said.

    What an earlier policy knew otherwise is not said any more.
    """
    told: dict[str, FactValue | None] = dict.fromkeys(kinds)
    for name in kinds.keys() & facts.keys():
        with suppress(Refusal):
            told[name] = fact_value(name, kinds[name], facts[name])
    return told


def facts_after(known: FactPairs, said: Iterable[tuple[str, FactValue | None]]) -> FactPairs:
    """Return the facts of a ticket after somebody has said some of them; None empties one."""
    facts: dict[str, FactValue | None] = {**dict(known), **dict(said)}
    return tuple((name, value) for name, value in sorted(facts.items()) if value is not None)


def is_currency(value: object) -> bool:
    """Return whether a file can mean a currency by this: three letters."""
    return isinstance(value, str) and _CURRENCY.fullmatch(value.strip()) is not None


def amount_beside(amount: object, currency: object) -> object:
    """Return an amount of money and its currency as one text, where a file has the two apart.

    What is no such pair is returned as the amount alone.
    """
    if isinstance(amount, bool) or not isinstance(amount, str | int | float | Decimal):
        return amount
    plain = str(amount).strip()
    if not isinstance(currency, str) or not is_currency(currency):
        return amount
    return f"{plain} {currency.strip()}" if _AMOUNT.fullmatch(plain) else amount


def _flag(name: str, value: object) -> bool:
    said = str(value).strip().casefold() if isinstance(value, bool | int | str) else ""
    if said in _TRUE:
        return True
    if said in _FALSE:
        return False
    raise Refusal(f"{name}: {expected('true or false', value)}")


def _written_amount(name: str, value: object) -> str:
    try:
        return written_money(*money(value if isinstance(value, str) else ""))
    except ValueError:
        raise Refusal(f"{name}: {expected(_MONEY_EXPECTED, value)}") from None

"""Which tickets somebody means, as people type it: ``kind = wrong_item and has_deadline``.

Clauses are joined by ``and``; ``or`` goes on with the words or amounts of the clause before it
where what follows is one of them, and begins another way to be meant where it is not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from policy.contract.conditions import comparison
from policy.drafting.policy_answers import PLAN, WhenTable
from policy.facts import FLAG, MONEY, money, written_money
from policy.refusal import Refusal, expected, one_of
from policy.vocabulary import nearest_word, not_known, the_word
from policy.words import FactKind, Priority, Severity, Tier

_JOINED = re.compile(r"\s+(and|or)\s+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?P<name>[^\s=:<>]+)\s*(?P<sign>>=|<=|=|:|>|<|\b(?:is|over|above|under|below)\b)\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_NOT = re.compile(r"not\s+(?P<name>\S+)", re.IGNORECASE)
_SIGNS: Final = {"over": ">", "above": ">", "under": "<", "below": "<"}
_EQUALS: Final = frozenset({"=", ":", "is"})
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}\b)")
_LISTED = re.compile(r"\s*,\s*")
_MOST_DIGITS = 6
_TIER: Final = "tier"
_PAYING: Final = "paying"
_EXPECTED: Final = (
    "a condition such as kind = incident, a flag's name, or amount > 1000 EUR, joined by and or or"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayable:
    """The words with which tickets can be told apart: those of the answers given so far.

    ``priorities`` are none where the priority is what the condition decides.
    """

    plans: Sequence[Tier] = ()
    severities: Sequence[Severity] = ()
    priorities: Sequence[Priority] = ()
    facts: Mapping[str, FactKind] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a clause may begin with."""
        listed = {PLAN: self.plans, "severity": self.severities, "priority": self.priorities}
        return (*self.facts, *(name for name, words in listed.items() if words))

    def words_of(self, name: str) -> Sequence[Severity] | None:
        """Return the words of a name, None for one that has no list of them."""
        match name:
            case "plan":
                return self.plans
            case "severity":
                return self.severities
            case "priority":
                return self.priorities
        kind = self.facts.get(name)
        return kind if isinstance(kind, tuple) else None


def typed_condition(text: str, sayable: Sayable) -> tuple[WhenTable, ...]:
    """Return each ``when`` that a typed condition stands for; a ticket is meant by any of them.

    Raises:
        Refusal: a clause says nothing that is known; the line names it, and the nearest word.
    """
    whens: list[dict[str, object]] = [{}]
    last: tuple[str, str] | None = None
    for joined, piece in _pieces(text):
        if joined == "or":
            if last is not None and _goes_on(whens[-1], last, piece, sayable):
                continue
            whens.append({})
        last = _add(whens[-1], piece, sayable)
    return tuple(whens)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each clause, with the word that joins it to the one before."""
    parts = ["and", *_JOINED.split(text.strip())]
    for joined, piece in zip(parts[::2], parts[1::2], strict=True):
        yield joined.casefold(), piece.strip()


def _goes_on(when: dict[str, object], last: tuple[str, str], piece: str, sayable: Sayable) -> bool:
    """Add what follows an ``or`` to the clause before, where it is more of the same."""
    name, sign = last
    key = _TIER if name == PLAN else name
    words = sayable.words_of(name)
    if words is not None:
        if piece.casefold() in _flags(sayable) or _CLAUSE.fullmatch(piece):
            return False
        given = when[key]
        assert isinstance(given, list)  # noqa: S101 - as _add made it
        given += [word for word in _words(name, piece, words) if word not in given]
        return True
    try:
        amounts = _amounts(sign, piece)
    except ValueError:
        return False
    given = when[key]
    if isinstance(given, dict):
        given.update(amounts)
    return isinstance(given, dict)


def _flags(sayable: Sayable) -> frozenset[str]:
    flags = {name for name, kind in sayable.facts.items() if kind == FLAG}
    return frozenset({*flags, *(f"not {name}" for name in flags)})


def _add(when: dict[str, object], piece: str, sayable: Sayable) -> tuple[str, str]:
    """Add a clause to ``when``, and return its name and sign."""
    name, sign, value = _clause(piece, sayable)
    key = _TIER if name == PLAN else name
    if key in when:
        raise Refusal(f"expected {name} once, and {piece} names it again")
    when[key] = value
    return name, sign


def _clause(piece: str, sayable: Sayable) -> tuple[str, str, object]:
    """Return what a clause is about, how it compares, and what ``when`` says of it."""
    if flag := _NOT.fullmatch(piece):
        return _flag(flag["name"], piece, sayable), "=", False
    parts = _CLAUSE.fullmatch(piece)
    if parts is None:
        if piece.casefold() == _PAYING and sayable.plans:
            return _PAYING, "=", True
        return _flag(piece, piece, sayable), "=", True
    name = _known_name(parts["name"], sayable)
    sign = _SIGNS.get(parts["sign"].casefold(), parts["sign"].casefold())
    words, kind = sayable.words_of(name), sayable.facts.get(name)
    if words is not None:
        if sign not in _EQUALS:
            raise Refusal(f"{piece}: expected {name} = and its words, {one_of(words)}")
        return name, sign, _words(name, parts["rest"], words)
    if kind == MONEY:
        if sign in _EQUALS:
            raise Refusal(f"{piece}: expected {name} > or < and an amount such as 1000 EUR")
        try:
            return name, sign, _amounts(sign, parts["rest"])
        except ValueError as error:
            raise Refusal(f"{name}: {error}") from None
    said = parts["rest"].casefold()
    if sign not in _EQUALS or said not in {"yes", "no", "true", "false"}:
        raise Refusal(f"{piece}: {name} is a flag; expected {name} or not {name}")
    return name, sign, said in {"yes", "true"}


def _known_name(typed: str, sayable: Sayable) -> str:
    name = the_word(PLAN if typed.casefold() == _TIER else typed, sayable.names)
    if name is None:
        near = nearest_word(typed, sayable.names)
        meant = "" if near is None else f"; did you mean {near}?"
        raise Refusal(f"{expected(one_of(sayable.names) or _EXPECTED, typed)}{meant}")
    return name


def _flag(typed: str, piece: str, sayable: Sayable) -> str:
    flags = [name for name, kind in sayable.facts.items() if kind == FLAG]
    name = the_word(typed, flags)
    if name is not None:
        return name
    if the_word(typed, sayable.names) is not None:
        raise Refusal(f"{piece}: expected {typed} with what it is, such as {_such_as(sayable)}")
    of_fact = next((each for each in sayable.names if _has_word(each, typed, sayable)), None)
    near = f"{of_fact} = {typed}" if of_fact else nearest_word(typed, [*flags, *sayable.names])
    meant = "" if near is None else f"; did you mean {near}?"
    raise Refusal(f"{expected(f'a condition such as {_such_as(sayable)}', piece)}{meant}")


def _has_word(name: str, typed: str, sayable: Sayable) -> bool:
    """Return whether a name has a list of words that begins as it was typed."""
    first = "_".join(typed.partition(",")[0].split())
    return the_word(first, sayable.words_of(name) or ()) is not None


def _such_as(sayable: Sayable) -> str:
    return next(conditions_such_as(sayable), _EXPECTED)


def conditions_such_as(sayable: Sayable) -> Iterator[str]:
    """Yield a condition in words that are known for each name."""
    for name in sayable.names:
        words, kind = sayable.words_of(name), sayable.facts.get(name)
        if words:
            yield f"{name} = {words[0]}"
        elif kind == MONEY:
            yield f"{name} > 1000 EUR"
        elif kind == FLAG:
            yield name


def _words(name: str, text: str, words: Sequence[Severity]) -> list[Severity]:
    """Return the words that a list names, each once."""
    found: list[Severity] = []
    for each in _LISTED.split(text.strip()):
        typed = "_".join(each.split())
        word = the_word(typed, words)
        if word is None and typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS:
            word = the_word(int(typed), words)
        if word is None:
            raise Refusal(f'{name} "{each}": {not_known(typed, words)}')
        if word not in found:
            found.append(word)
    return found


def _amounts(sign: str, text: str) -> dict[str, str]:
    """Return amounts as a policy compares them; raises ValueError for what is no amount."""
    amounts = {}
    for each in _LISTED.split(_THOUSANDS.sub("", text.strip())):
        amount, currency = money(each)
        amounts[currency] = f"{sign} {written_money(amount, currency).split()[0]}"
        comparison(amounts[currency])
    return amounts

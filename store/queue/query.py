"""The query language of ``list`` and of the board's filter, as values; no SQL here.

``tier:enterprise,team p:p1 assignee:me -customer:"Acme Corp" "exact words" free words -not``, and
the facts that the policy names: ``kind:incident``.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from policy.facts import MONEY
from policy.refusal import LONGEST_QUOTATION, Refusal
from policy.vocabulary import Vocabulary, did_you_mean, the_word
from policy.words import ACTIONABLE_STATUSES, OpenedBy, Status
from store.queue.fact_query import FactTerm, fact_term, is_currency_of

LONGEST_QUERY: Final = 10_000
"""How many characters a query may have."""

MOST_SOUGHT: Final = 200
"""How many words and values a query may ask for: a database takes no conditions without end."""

NOBODY = "nobody"
"""How a query says that a ticket is nobody's: assigned to no one, or to somebody who is away."""

ME = "me"
"""How a query says that a ticket is assigned to the person who asks."""


class Scope(StrEnum):
    """Which tickets a query looks at."""

    QUEUE = "queue"
    ALL = "all"
    DECLINED = "declined"


class QueryField(StrEnum):
    """What a ``field:value`` can ask about."""

    TIER = "tier"
    PRIORITY = "priority"
    SEVERITY = "severity"
    STATUS = "status"
    ASSIGNEE = "assignee"
    CUSTOMER = "customer"
    OPENED_BY = "opened_by"
    SOURCE = "source"
    LANGUAGE = "language"
    TAG = "tag"
    NUMBER = "number"
    IS = "is"


class State(StrEnum):
    """What ``is:`` can ask for: what a ticket is, beside the values of its fields."""

    OWED = "owed"
    PARKED = "parked"
    AWAY = "away"
    """Whoever has it is away, so that it counts as nobody's."""
    LATE = "late"
    """Our answer or an update is overdue."""


@dataclass(frozen=True, slots=True)
class Term:
    """One ``field:value,value`` of a query; ``negated`` when it was written with a minus."""

    field: QueryField
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: every term must hold, every word be found, and none of those ``without``."""

    scope: Scope = Scope.QUEUE
    terms: tuple[Term | FactTerm, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def unfiltered(self) -> bool:
        """Whether this is all of its scope, with nothing filtered away."""
        return not (self.terms or self.words or self.without)

    @property
    def whole_queue(self) -> bool:
        """Whether this is the queue as it stands."""
        return self.scope is Scope.QUEUE and self.unfiltered


_SHORT = {
    "p": QueryField.PRIORITY,
    "sev": QueryField.SEVERITY,
    "to": QueryField.ASSIGNEE,
    "from": QueryField.CUSTOMER,
}


_VALUES: Mapping[QueryField, tuple[str, ...]] = {
    QueryField.STATUS: tuple(Status),
    QueryField.OPENED_BY: tuple(OpenedBy),
    QueryField.IS: tuple(State),
}
"""The fields that take one of a few words, beside those of the policy; the others take any."""


def values_of(field: QueryField, words: Vocabulary) -> tuple[str, ...] | None:
    """Return what a field takes under a policy with these words, None where it takes any text."""
    match field:
        case QueryField.TIER:
            return words.tiers
        case QueryField.PRIORITY:
            return words.priorities
        case QueryField.SEVERITY:
            return tuple(map(str, words.severities))
        case _:
            return _VALUES.get(field)


_NAMES: Mapping[str, QueryField] = _SHORT | {field.value: field for field in QueryField}
_LONG_NAMES = tuple(QueryField)


def field_called(name: str) -> QueryField | None:
    """Return the field of a name, be it a short one such as ``p``; None where there is none."""
    return _NAMES.get(name)


_OTHERWISE: Mapping[str, QueryField] = {
    **dict.fromkeys(("owner", "agent", "holder", "assigned", "assigned_to"), QueryField.ASSIGNEE),
    **dict.fromkeys(("company", "account", "org", "organization"), QueryField.CUSTOMER),
    **dict.fromkeys(("state", "st"), QueryField.STATUS),
    **dict.fromkeys(("prio", "pri"), QueryField.PRIORITY),
    **dict.fromkeys(("lang", "locale"), QueryField.LANGUAGE),
    **dict.fromkeys(("id", "ticket", "nr"), QueryField.NUMBER),
    **dict.fromkeys(("label", "labels"), QueryField.TAG),
    "plan": QueryField.TIER,
}
"""What other help desks call these fields."""

_OF_A_SUBJECT = frozenset({"re", "aw", "antw", "sv", "rv", "fw", "fwd", "wg", "tr", "vs"})
"""What stands before the colon in the subject of an answer, or of what was sent on."""

_NO_VALUE = (":", "/", "\\")
"""What stands behind the colon in names and paths of programs: std::map, C:\\logs."""

_NEAR_ENOUGH = 0.75


def parse_query(text: str, words: Vocabulary, scope: Scope = Scope.QUEUE) -> Query:
    """Return the query that a person typed, looking at ``scope``, under a policy's ``words``.

    Asking for a status that does not stand in the queue, or for a number, looks at all tickets.
    A word that names no field and only ends with a colon, as in ``Re: Order``, is text. Behind an
    amount of money stands its currency, in quotation marks or not, as a shell takes those away.

    Raises:
        Refusal: a field or a value is not known, a quotation mark is left open, or it asks for
            more than anybody types.
    """
    terms: list[Term | FactTerm] = []
    found: list[str] = []
    without: list[str] = []
    if len(text) > LONGEST_QUERY:
        raise Refusal(f"query: {len(text):,} characters; expected at most {LONGEST_QUERY:,}")
    parts = deque(_parts(text))
    while parts:
        minus, name, values = parts.popleft().groups()
        field = _field(name, values, words) if name else None
        if isinstance(field, QueryField):
            terms.append(_term(field, name, values, words, negated=bool(minus)))
        elif field is not None:
            kind = words.fact_kinds[field]
            if kind == MONEY and parts and is_currency_of(values, parts[0][0]):
                values = f"{values} {parts.popleft()[0]}"
            terms.append(fact_term(field, kind, _wanted(values), negated=bool(minus)))
        else:
            text = f"{name}:{values}" if name else values
            (without if minus else found).append(_unquoted(text).strip())
    asked = sum(len(term.values) for term in terms) + len(found) + len(without)
    if asked > MOST_SOUGHT:
        raise Refusal(f"query: {asked:,} words and values; expected at most {MOST_SOUGHT}")
    if scope is Scope.QUEUE and any(_leaves_the_queue(term) for term in terms):
        scope = Scope.ALL
    return Query(scope, tuple(terms), tuple(filter(None, found)), tuple(filter(None, without)))


_PART = re.compile(
    r"""
    (?<!\S)
    (-(?=[\w"]))?              # a minus says that it must not hold
    (?:([^\W\d][\w-]*):(?!//))? # the name of a field; an address such as https:// is text
    ((?:[^\s"]|"[^"]*")*)      # words, and what is in quotation marks as a whole
    """,
    re.VERBOSE,
)


def _parts(text: str) -> list[re.Match[str]]:
    """Return the parts of a query, apart by white space that is not in quotation marks."""
    if text.count('"') % 2:
        raise Refusal('query: a quotation mark is left open; expected another "')
    return [part for part in _PART.finditer(text) if part[0]]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTATION else f"{text[:LONGEST_QUOTATION]}…"


def _unquoted(text: str) -> str:
    return text.replace('"', "")


_VALUE = re.compile(r'(?:[^",]|"[^"]*")+')


def _field(name: str, values: str, words: Vocabulary) -> QueryField | str | None:
    """Return the field or fact that a name means, None where it means none and is text.

    Raises:
        Refusal: it is none; the line names the one that is nearest, or called so elsewhere.
    """
    known_as = name.lower().replace("-", "_")
    if known_as in _NAMES:
        return _NAMES[known_as]
    if known_as in words.fact_kinds:
        return known_as
    if not values or values.startswith(_NO_VALUE) or known_as in _OF_A_SUBJECT:
        return None
    known = (*_LONG_NAMES, *words.fact_kinds)
    meant = _OTHERWISE.get(known_as) or _nearly(known_as, known)
    expected = f"expected {', '.join(known)}" if meant is None else f"did you mean {meant}"
    raise Refusal(
        f"query: {_short(name)}: is no field; {expected},"
        f' or in quotation marks as text: "{_short(f"{name}:{_unquoted(values)}")}"'
    )


def _nearly(name: str, known: Sequence[str]) -> str | None:
    near = get_close_matches(name, known, n=1, cutoff=_NEAR_ENOUGH)
    return near[0] if near else None


def _wanted(values: str) -> tuple[str, ...]:
    """Return the values that stand behind a colon, apart by commas."""
    return tuple(filter(None, map(_unquoted, _VALUE.findall(values))))


def _term(field: QueryField, name: str, values: str, words: Vocabulary, *, negated: bool) -> Term:
    wanted = _wanted(values)
    if not wanted:
        raise Refusal(f"query: {name}: nothing after the colon; expected {_expected(field, words)}")
    return Term(field, tuple(_checked(field, value, words) for value in wanted), negated)


def _checked(field: QueryField, value: str, words: Vocabulary) -> str:
    if field is QueryField.NUMBER:
        return _number(value, words)
    known = values_of(field, words)
    if known is None:
        return value
    word = the_word(value, known)
    if word is None:
        meant = did_you_mean(value, known)
        raise Refusal(
            f"query: {field}: {_short(value)!r}; expected {_expected(field, words)}{meant}"
        )
    return word


_MOST_DIGITS = 18


def _number(value: str, words: Vocabulary) -> str:
    digits = value.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        raise Refusal(
            f"query: {QueryField.NUMBER}: {_short(value)!r}; expected"
            f" {_expected(QueryField.NUMBER, words)}"
        )
    return digits


def _expected(field: QueryField, words: Vocabulary) -> str:
    if field is QueryField.NUMBER:
        return "our number of a ticket, such as 4127"
    known = values_of(field, words)
    if known is not None:
        return ", ".join(known) or "none, as the policy in force names none"
    return f"a login, {ME} or {NOBODY}" if field is QueryField.ASSIGNEE else "some text"


def _leaves_the_queue(term: Term | FactTerm) -> bool:
    if isinstance(term, FactTerm):
        return False
    if term.field is QueryField.NUMBER and not term.negated:
        return True
    if term.field is not QueryField.STATUS or term.negated:
        return False
    return not {Status(value) for value in term.values} <= ACTIONABLE_STATUSES

"""The query language of ``list`` and of the board's filter, as values; no SQL here.

``tier:enterprise,team p:p1 status:open assignee:me -customer:acme "exact words" free words``
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.refusal import Refusal
from policy.words import ACTIONABLE_STATUSES, OpenedBy, Priority, Severity, Status, Tier

NOBODY = "nobody"
"""How a query says that a ticket is assigned to no one."""

ME = "me"
"""How a query says that a ticket is assigned to the person who asks."""


class Scope(StrEnum):
    """Which tickets a query looks at."""

    QUEUE = "queue"
    ALL = "all"
    DECLINED = "declined"


class Field(StrEnum):
    """What a ``field:value`` can ask about."""

    TIER = "tier"
    PRIORITY = "priority"
    SEVERITY = "severity"
    STATUS = "status"
    ASSIGNEE = "assignee"
    CUSTOMER = "customer"
    OPENED_BY = "opened_by"
    SOURCE = "source"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Term:
    """One ``field:value,value`` of a query; ``negated`` when it was written with a minus."""

    field: Field
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: every term must hold and every word must be found."""

    scope: Scope = Scope.QUEUE
    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def unfiltered(self) -> bool:
        """Whether this is all of its scope, with nothing filtered away."""
        return not self.terms and not self.words

    @property
    def whole_queue(self) -> bool:
        """Whether this is the queue as it stands."""
        return self.scope is Scope.QUEUE and self.unfiltered


_SHORT = {"p": Field.PRIORITY, "sev": Field.SEVERITY, "to": Field.ASSIGNEE, "from": Field.CUSTOMER}


def _words_of(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


_VALUES: Mapping[Field, tuple[str, ...]] = {
    Field.TIER: _words_of(Tier),
    Field.PRIORITY: _words_of(Priority),
    Field.SEVERITY: tuple(str(severity.value) for severity in Severity),
    Field.STATUS: _words_of(Status),
    Field.OPENED_BY: _words_of(OpenedBy),
}
"""The fields that take one of a few words; the others take any."""


def parse_query(text: str, scope: Scope = Scope.QUEUE) -> Query:
    """Return the query that a person typed, looking at ``scope``.

    Asking for a status that does not stand in the queue looks at all tickets.

    Raises:
        Refusal: a field or a value is not known, or a quotation mark is left open.
    """
    terms = []
    words = []
    for part, quoted in _parts(text):
        name, colon, values = part.removeprefix("-").partition(":")
        if quoted or not colon or not name.replace("_", "").isalpha() or values.startswith("//"):
            words.append(part)
        else:
            terms.append(_term(name, values, negated=part.startswith("-")))
    if scope is Scope.QUEUE and any(_leaves_the_queue(term) for term in terms):
        scope = Scope.ALL
    return Query(scope=scope, terms=tuple(terms), words=tuple(word for word in words if word))


def _parts(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a query, each with whether it was wholly inside quotation marks."""
    lexer = shlex.shlex(text, posix=False, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.quotes = '"'
    try:
        return [_unquoted(part) for part in lexer]
    except ValueError:
        raise Refusal('query: a quotation mark is left open; expected another "') from None


def _unquoted(part: str) -> tuple[str, bool]:
    return part.replace('"', ""), part.startswith('"')


def _term(name: str, values: str, *, negated: bool) -> Term:
    lowered = name.lower()
    field = _SHORT.get(lowered) or next((each for each in Field if each == lowered), None)
    if field is None:
        known = ", ".join(Field)
        raise Refusal(f'query: {name}: is no field; expected {known}, or "{name}:{values}" as text')
    wanted = tuple(value for value in values.split(",") if value)
    if not wanted:
        raise Refusal(f"query: {name}: nothing after the colon; expected {_expected(field)}")
    return Term(field, tuple(_checked(field, value) for value in wanted), negated)


def _checked(field: Field, value: str) -> str:
    known = _VALUES.get(field)
    if known is None:
        return value
    if value.lower() not in known:
        raise Refusal(f"query: {field}: {value!r}; expected {_expected(field)}")
    return value.lower()


def _expected(field: Field) -> str:
    known = _VALUES.get(field)
    if known is not None:
        return ", ".join(known)
    return f"a login, {ME} or {NOBODY}" if field is Field.ASSIGNEE else "some text"


def _leaves_the_queue(term: Term) -> bool:
    if term.field is not Field.STATUS or term.negated:
        return False
    return not {Status(value) for value in term.values} <= ACTIONABLE_STATUSES

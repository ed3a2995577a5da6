"""The query language of ``list`` and of the board's filter, as values; no SQL here."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Which tickets a query looks at."""

    QUEUE = "queue"
    ALL = "all"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Term:
    """One ``field:value,value`` of a query; ``negated`` when it was written with a minus."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: every term must hold and every word must be found."""

    scope: Scope = Scope.QUEUE
    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def whole_queue(self) -> bool:
        """Whether this is the queue as it stands, with nothing filtered away."""
        return self.scope is Scope.QUEUE and not self.terms and not self.words

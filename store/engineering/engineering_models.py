"""The frozen values of what is with engineering that ``Desk`` hands out; light to import."""

from dataclasses import dataclass

from policy.ticket import Ticket
from policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class AtEngineering:
    """One ticket that is with engineering, with its whole context.

    It is ``urgent`` when they are asked to drop everything for it.
    """

    ticket: Ticket
    urgent: bool
    checklist: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationCount:
    """How often somebody said that a ticket cannot wait a day, and how often that it can."""

    cannot_wait: int
    can_wait: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineering:
    """What an engineer sees first: ``waiting``, the urgent ones first, then the oldest hand-over.

    ``total`` counts all of these, ``timings`` can be decided, ``escalations`` are of seven days.
    """

    total: int
    waiting: tuple[AtEngineering, ...]
    timings: tuple[str, ...]
    words: Vocabulary
    escalations: EscalationCount

"""What a file does not say of answers, and whom it leaves waiting for that."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policy.intake.incoming import IncomingTicket
from policy.vocabulary import Vocabulary
from policy.words import DECIDED_STATUSES, Status

_PARKED = frozenset({Status.PENDING, Status.ON_HOLD})


@dataclass(frozen=True, slots=True)
class MissingAnswers:
    """How many tickets of a file want the time of an answer; ``told`` counts those with one.

    ``newest`` are those whose customer wrote after our first response, where nothing says whether
    we have answered since; ``any_at_all`` those that are pending or on hold without an answer.
    """

    words: Vocabulary
    told: int = 0
    newest: int = 0
    any_at_all: int = 0

    def plus(self, ticket: IncomingTicket, *, declined: bool = False) -> "MissingAnswers":
        """Give the count with one ticket more.

        "Declined, internal and merged tickets are never owed."
        """
        may_be_owed = not declined and ticket.tier not in self.words.internal
        if ticket.first_response_at or ticket.last_response_at:
            newest = self.newest + (may_be_owed and _wants_newest(ticket))
            return MissingAnswers(self.words, self.told + 1, newest, self.any_at_all)
        if may_be_owed and ticket.status in _PARKED:
            return replace(self, any_at_all=self.any_at_all + 1)
        return self

    def sentences(self) -> Iterator[str]:
        """Give a line for each kind there is.

        "An import without ``last_response_at`` says how many tickets it leaves owed for want of
        it, and one whose ``pending`` or ``on_hold`` tickets have no time of an answer says how
        many those are."
        """
        if self.newest:
            yield (
                f"{_tickets(self.newest, 'ticket')} left owed for want of last_response_at: the "
                "customer wrote after first_response_at, and nothing says that we answered since"
            )
        if self.any_at_all:
            yield (
                f"{_tickets(self.any_at_all, 'pending or on_hold ticket')} without any time of an "
                "answer (first_response_at, last_response_at): owed unless answered here"
            )


def _wants_newest(ticket: IncomingTicket) -> bool:
    first, written = ticket.first_response_at, ticket.last_customer_message_at
    if first is None or written is None or ticket.last_response_at is not None:
        return False
    return written > first and ticket.status not in DECIDED_STATUSES


def _tickets(count: int, what: str) -> str:
    return f"1 {what} is" if count == 1 else f"{count:,} {what}s are"

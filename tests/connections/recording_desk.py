"""A desk for tests of the import: a small real one, which knows tickets by their reference."""

from collections.abc import Sequence

from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from policy.vocabulary import Vocabulary
from store.tickets.ingest import Outcome
from tests.examples import WORDS


class RecordingDesk:
    """Takes in tickets as the desk does, keeps them in ``tickets`` and the batches' sizes.

    It declines what comes from trial customers, and refuses all once it holds ``room`` tickets.
    """

    def __init__(self, room: int | None = None) -> None:
        self.tickets: dict[str, IncomingTicket] = {}
        self.batches: list[int] = []
        self._room = room

    @property
    def ids(self) -> list[str]:
        """The external ids in the order they came in."""
        return [ticket.external_id for ticket in self.tickets.values()]

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Take in a batch, or only say what would become of it."""
        self.batches.append(len(batch))
        if self._room is not None and len(self.tickets) + len(batch) > self._room:
            raise Refusal("the disk is full")
        outcomes = [self._outcome(ticket) for ticket in batch]
        if not dry_run:
            self.tickets.update((_reference(ticket), ticket) for ticket in batch)
        return outcomes

    def words(self) -> Vocabulary:
        """Give the handbook's words."""
        return WORDS

    def known(self, batch: Sequence[IncomingTicket]) -> list[bool]:
        """Say of each ticket whether it is here."""
        return [_reference(ticket) in self.tickets for ticket in batch]

    def _outcome(self, ticket: IncomingTicket) -> Outcome:
        known = self.tickets.get(_reference(ticket))
        if known is not None:
            return Outcome.UNCHANGED if known == ticket else Outcome.UPDATED
        return Outcome.DECLINED if ticket.tier == "presales" else Outcome.ADMITTED


def _reference(ticket: IncomingTicket) -> str:
    return f"{ticket.source}:{ticket.external_id}"

"""Who waits for us by a plain record of who wrote, answered and settled what, beside the desk."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from policy.tickets.sources import SourceWord
from policy.words import DECIDED_STATUSES, Status

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Waiting:
    """The messages of a ticket's customer to which nothing was said, as far as they are known here.

    Up to ``end`` all that was written is answered or settled. Where a source took something back
    that it had told, as an older page does, only those surely wait who are in ``messages``.
    """

    messages: set[datetime] = field(default_factory=set)
    end: datetime = NEVER
    is_exact: bool = True

    def wrote(self, at: datetime) -> None:
        """Take down a message that was read elsewhere, where it was written at ``at``."""
        if at > self.end:
            self.messages.add(at)

    def heard(self, at: datetime) -> None:
        """Take down a message that came just now, after all that is known, however dated."""
        self.messages.add(at)

    def answered(self, at: datetime) -> None:
        """Take down an answer: it settles what was written before it, whenever that is read."""
        self.messages = {each for each in self.messages if each > at}
        self.end = max(self.end, at)

    def settled(self, now: datetime, at: datetime | None = None) -> None:
        """Take down that whoever waits needs no answer; what was written until then, if dated.

        Where nobody is known to wait nobody is settled, and who wrote before may be read later.
        """
        end = max([now, self.end, *self.messages]) if at is None else at
        if any(each <= end for each in self.messages):
            self.answered(end)

    def read(self, said: SourceWord, before: SourceWord, is_closed: bool, now: datetime) -> None:
        """Take down what a source says that it had not said before."""
        self._take_back(said, before)
        written = said.last_customer_message_at
        if written is not None and written != before.last_customer_message_at:
            self.wrote(written)
        for answer in _answers(said) - _answers(before):
            self.answered(answer)
        anew = said.status is not before.status or _is_solved_again(said, before)
        ended = anew and said.status in DECIDED_STATUSES
        if ended or (is_closed and said.status is Status.CLOSED):
            if said.status is Status.SOLVED and said.solved_at is not None:
                self.settled(now, max(said.solved_at, said.received_at))
            else:
                self.settled(now)

    def _take_back(self, said: SourceWord, before: SourceWord) -> None:
        told, tells = before.last_customer_message_at, said.last_customer_message_at
        if told is not None and (tells is None or tells < told):
            self.messages = {each for each in self.messages if each <= (tells or said.received_at)}
            self.is_exact = False
        if max(_answers(said), default=NEVER) < max(_answers(before), default=NEVER):
            self.is_exact = False

    def merged_here(self, other: "Waiting") -> None:
        """Let whoever waits in a duplicate wait here, however long ago we wrote here."""
        self.messages |= other.messages
        self.is_exact = self.is_exact and other.is_exact

    def copy(self) -> "Waiting":
        """Return another one that says the same."""
        return replace(self, messages=set(self.messages))


def _answers(word: SourceWord) -> set[datetime]:
    return {each for each in (word.first_response_at, word.last_response_at) if each is not None}


def _is_solved_again(said: SourceWord, before: SourceWord) -> bool:
    if not said.status is before.status is Status.SOLVED:
        return False
    if said.solved_at is None or before.solved_at is None:
        return False
    return said.solved_at > before.solved_at

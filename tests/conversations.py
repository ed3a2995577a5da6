"""A ticket at its source: who writes there and when, and what the source says of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from policy.tickets.sources import SourceWord
from policy.words import DECIDED_STATUSES, Status
from tests.examples import MONDAY

TELLS: Final = ("all", "first answers", "answers", "nothing")
"""How much of the conversation a source's page can know."""


@dataclass
class There:
    """The ticket at its source: what a word is made of.

    Its clock is ``skew`` apart from ours. ``reopens`` says whether a message of the customer opens
    it there.
    """

    skew: timedelta
    tells: str
    reopens: bool
    status: Status
    received_at: datetime = MONDAY
    messages: list[datetime] = field(default_factory=list)
    answers: list[datetime] = field(default_factory=list)
    solved_at: datetime | None = None
    updated_at: datetime = MONDAY

    def word(self) -> SourceWord:
        """Return what it says; not every source knows of the conversation, or of any time."""
        times: dict[str, Any] = {**self.times(self.tells)}
        return SourceWord(received_at=self.received_at, status=self.status, **times)

    def times(self, tells: str) -> dict[str, datetime | None]:
        """Return the times of the conversation that a page tells which knows so much of it."""
        told: dict[str, dict[str, datetime | None]] = {
            "all": {
                "first_response_at": min(self.answers, default=None),
                "last_response_at": max(self.answers, default=None),
                "last_customer_message_at": max(self.messages, default=None),
                "solved_at": self.solved_at,
                "updated_at": self.updated_at,
            },
            "first answers": {
                "first_response_at": min(self.answers, default=None),
                "last_customer_message_at": max(self.messages, default=None),
            },
            "answers": {
                "last_response_at": max(self.answers, default=None),
                "solved_at": self.solved_at,
            },
            "nothing": {},
        }
        return told[tells]

    def happen(self, what: str, status: Status, now: datetime) -> None:
        """Let something happen there, by its own clock."""
        self.updated_at = then = max(now + self.skew, self.received_at)
        if what == "message":
            self.messages.append(then)
            if self.reopens and self.status not in (Status.NEW, Status.CLOSED):
                self._put(Status.OPEN, then)
        elif what == "answer":
            self.answers.append(then)
            if self.status is Status.NEW:
                self._put(Status.OPEN, then)
        elif what == "status" and self.status is not Status.CLOSED and status is not Status.NEW:
            self._put(status, then)

    def _put(self, status: Status, then: datetime) -> None:
        if status is Status.SOLVED and self.status is not Status.SOLVED:
            self.solved_at = then
        elif status not in DECIDED_STATUSES:
            self.solved_at = None
        self.status = status

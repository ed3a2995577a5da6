"""A help desk whose secrets stay here, whatever it says back: one that echoes them is not repeated.

What a help desk answers ends up in the database, in the history and on screens. So every word that
comes back about what went wrong goes through here, whichever help desk it is.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, TypeVar

from connections.attempts import Delivery
from connections.helpdesks.access import Access
from connections.helpdesks.help_desk import (
    Account,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
    Unreachable,
)

_HIDDEN: Final = "•••"
_REMEMBERED: Final = 8
_TOO_SHORT: Final = 4
_Found = TypeVar("_Found")


@dataclass
class DiscreetAccess:
    """An access that knows which secrets it has given away."""

    access: Access
    _given: deque[str] = field(
        default_factory=lambda: deque(maxlen=_REMEMBERED), init=False, repr=False
    )

    def token(self) -> str:
        """Return a token that is good now.

        Raises:
            Unreachable: there is none, and none can be had.
        """
        return self._noted(self.access.token())

    def renewed(self, refused: str) -> str | None:
        """Return another token than the one that was refused, None where there is no other.

        Raises:
            Unreachable: nobody can know now.
        """
        token = self.access.renewed(refused)
        return None if token is None else self._noted(token)

    def without_secrets(self, text: str) -> str:
        """Return text in which no secret stands that was given away, whole or stripped."""
        for secret in self._given:
            for part in {secret, secret.strip()}:
                if len(part) >= _TOO_SHORT:
                    text = text.replace(part, _HIDDEN)
        return text

    def _noted(self, token: str) -> str:
        if token not in self._given:
            self._given.append(token)
        return token


@dataclass
class DiscreetHelpDesk:
    """A help desk none of whose sentences holds a secret; see ``HelpDesk`` for what it does."""

    help_desk: HelpDesk
    access: DiscreetAccess

    def account(self) -> Account:
        """Return whom we are there and what is missing."""
        found = self._of(self.help_desk.account)
        return replace(
            found, lacks=tuple(self.access.without_secrets(each) for each in found.lacks)
        )

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor."""
        return self._of(lambda: self.help_desk.changes(since, limit))

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return the whole conversation of one ticket."""
        return self._of(lambda: self.help_desk.conversation(external_id))

    def attachment(self, reference: str) -> bytes:
        """Return a file that came with a message."""
        return self._of(lambda: self.help_desk.attachment(reference))

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out one step over there, and return what became of it."""
        delivery = self._of(lambda: self.help_desk.write(step))
        return replace(delivery, why=self.access.without_secrets(delivery.why))

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step that may have arrived is there."""
        return self._of(lambda: self.help_desk.find(step))

    @property
    def settles_after(self) -> timedelta:
        """For how long after an attempt without an answer it may still be carried out there."""
        return self.help_desk.settles_after

    def close(self) -> None:
        """Hang up."""
        self.help_desk.close()

    def _of(self, ask: Callable[[], _Found]) -> _Found:
        try:
            return ask()
        except Unreachable as error:
            why = self.access.without_secrets(error.why)
            if why == error.why:
                raise
            raise Unreachable(why, retry_after=error.retry_after, for_good=error.for_good) from None

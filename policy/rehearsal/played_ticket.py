"""A ticket while it is played, and the queue of those that nobody is at."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from policy.ordering.order import order_of
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.waits.durations import Duration
from policy.waits.staffed_work import MINUTE
from policy.words import Mode

_NO_TIME = timedelta(0)
_LEAST = 1.0


class PlayedTicket:
    """A ticket as it is played: what is left of it to do, and what has become of it.

    ``to_answer`` is what is left until its customer has an answer, ``after`` how long it keeps its
    holder busy beyond that. ``answered_at`` (UTC) is None while nobody has answered.
    """

    __slots__ = ("after", "answered_at", "keys", "ticket", "to_answer")

    def __init__(self, ticket: Ticket, answer: timedelta, after: timedelta) -> None:
        self.ticket = ticket
        self.to_answer = answer
        self.after = after
        self.keys: Mapping[Mode, bytes] = {}
        self.answered_at: datetime | None = None

    @property
    def to_be_told(self) -> bool:
        """Whether somebody waits who may be told so; work of our own is nobody's wait."""
        return not self.ticket.internal and self.ticket.aim_by is not None


def played(
    ticket: Ticket, duration: Duration, answer: float | None, busy: float | None
) -> PlayedTicket:
    """Return a ticket that came in, with how long it takes.

    That is what it really took, in minutes and one at least, else the mean of its priority. Our
    own work has no answer before it is done.
    """
    until_answer = max(_LEAST, duration.answer if answer is None else answer)
    in_all = max(until_answer, duration.busy if busy is None else busy)
    if ticket.internal:
        return PlayedTicket(ticket, in_all * MINUTE, _NO_TIME)
    return PlayedTicket(ticket, until_answer * MINUTE, in_all * MINUTE - until_answer * MINUTE)


class PlayedQueue:
    """The tickets that wait and that nobody is at, in both orders at once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._orders = {mode: order_of(rulebook, mode) for mode in Mode}
        self._keys: dict[Mode, list[bytes]] = {mode: [] for mode in Mode}
        self._by_key: dict[Mode, dict[bytes, PlayedTicket]] = {mode: {} for mode in Mode}

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._keys[Mode.NORMAL])

    def add(self, one: PlayedTicket) -> None:
        """Let a ticket wait at its place."""
        if not one.keys:
            one.keys = {mode: order.key(one.ticket) for mode, order in self._orders.items()}
        for mode, key in one.keys.items():
            insort(self._keys[mode], key)
            self._by_key[mode][key] = one

    def take_first(self, mode: Mode) -> PlayedTicket:
        """Return the number one of a mode, which waits no more."""
        first = self._by_key[mode][self._keys[mode][0]]
        for each, key in first.keys.items():
            keys = self._keys[each]
            del keys[bisect_left(keys, key)], self._by_key[each][key]
        return first

    def in_order(self, mode: Mode) -> Iterator[PlayedTicket]:
        """Yield all that wait, the number one first."""
        found = self._by_key[mode]
        return (found[key] for key in self._keys[mode])

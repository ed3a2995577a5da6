"""The queue as it stands at a time: what deviations that are over still say, put right.

"An expired one counts no more", without anybody writing anything: the keys in the order's own
table have a deviation until its ticket is written next. Such tickets are few. Wherever the order
is read, they are taken out of where the table has them and put in where they belong.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from heapq import merge
from itertools import islice

from policy.ordering.order import Order
from policy.words import Mode
from store.queue.places import place_of, ranked_from
from store.quick.reads import Read, Reads, in_each_mode

FEW = 100
"""Looking up so many places costs less than walking along a long queue."""

Ranked = tuple[int, bytes | None]
"""A ticket's id and the key that it is sorted by; no key outside the queue, which comes last."""

ReadList = Callable[[int, int | None], Iterable[Ranked]]
"""Reads a list as the table has it: so many, or all, from a 0-based row on."""

_OUTSIDE = b"\xff" * 64
"""Sorts after every key, as all of them are shorter."""

_NEXT_END = Read("next end")
_EXPIRED = in_each_mode("expired")
_KEY = in_each_mode("key")
_ALL = in_each_mode("order")
_BEHIND = in_each_mode("behind")
_AHEAD = in_each_mode("ahead")
_ASSIGNED = in_each_mode("assigned")


@dataclass(frozen=True, slots=True)
class Expired:
    """A ticket whose deviation is over: the key that the table still has, and the one it has now.

    The ticket is ``assignee``'s, None when it is nobody's.
    """

    ticket_id: int
    assignee: str | None
    kept: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """How many tickets stand before one, and the ids of those right before and right behind it."""

    place: int
    ahead: int | None
    behind: int | None


class QueueOrder:
    """Reads the order of one mode as it is at one time (UTC), in one transaction."""

    def __init__(self, reads: Reads, mode: Mode, order: Order, now: datetime) -> None:
        self.mode = mode
        self._reads = reads
        self._order = order
        self.now = now

    @cached_property
    def expired(self) -> tuple[Expired, ...]:
        """The tickets that the table has elsewhere than they stand, in their order."""
        rows = _EXPIRED[self.mode].rows(self._reads, {"at": self.now})
        found = (
            Expired(ticket_id, assignee, kept, self._order.key_without_deviation(kept))
            for ticket_id, assignee, kept in rows
        )
        elsewhere = (each for each in found if each.key != each.kept)
        return tuple(sorted(elsewhere, key=lambda each: each.key))

    def next_end(self) -> datetime | None:
        """Return when the next deviation of the queue is over (UTC), None when none has an end."""
        end: datetime | None = _NEXT_END.value(self._reads, {"at": self.now})
        return end

    def ids(self, offset: int, limit: int | None) -> list[int]:
        """Return the ids of the queue from the 0-based place ``offset`` on."""
        return read_in_order(self._read, self.expired, offset, limit)

    def first_of(self, logins: Sequence[str], limit: int) -> list[int]:
        """Return the ids of the first few tickets of one person, by all spellings of the login."""

        def read(offset: int, limit: int | None) -> Iterable[Ranked]:
            values = {"of_logins": logins, "skipped": offset, "wanted": limit}
            return _ASSIGNED[self.mode].rows(self._reads, values)

        theirs = tuple(each for each in self.expired if each.assignee in logins)
        return read_in_order(read, theirs, 0, limit)

    def place(self, ticket_id: int) -> int | None:
        """Return how many tickets stand before this one in the queue, None when it is not there."""
        key = self.key_of(ticket_id)
        if key is None:
            return None
        return place_of(self._reads, self.mode, key) + moved_before(self.expired, key)

    def places(self, ids: Sequence[int]) -> dict[int, int]:
        """Return how many tickets stand before each of these; those outside the queue are left out.

        A few are looked up one by one, many are met on one walk along the queue.
        """
        if len(ids) <= FEW:
            looked_up = ((ticket_id, self.place(ticket_id)) for ticket_id in ids)
            return {ticket_id: place for ticket_id, place in looked_up if place is not None}
        wanted = set(ids)
        walk = enumerate(self.ids(0, None))
        return {ticket_id: place for place, ticket_id in walk if ticket_id in wanted}

    def behind(self, ticket_id: int) -> int | None:
        """Return the id of the ticket right behind this one in the queue, None without one."""
        key = self.key_of(ticket_id)
        return None if key is None else self._beside(key, 1, _BEHIND[self.mode])

    def standing(self, ticket_id: int) -> QueuePlace | None:
        """Return where a ticket stands and between which, None for one outside the queue."""
        key = self.key_of(ticket_id)
        if key is None:
            return None
        return QueuePlace(
            place=place_of(self._reads, self.mode, key) + moved_before(self.expired, key),
            ahead=self._beside(key, -1, _AHEAD[self.mode]),
            behind=self._beside(key, 1, _BEHIND[self.mode]),
        )

    def _beside(self, key: bytes, places: int, next_by_key: Read) -> int | None:
        """Return what stands so many places further, which is what is next by key to one side."""
        if not self.expired:
            beside: int | None = next_by_key.value(self._reads, {"that_key": key})
            return beside
        place = place_of(self._reads, self.mode, key) + moved_before(self.expired, key)
        place += places
        return next(iter(self.ids(place, 1)), None) if place >= 0 else None

    def key_of(self, ticket_id: int) -> bytes | None:
        """Return the key by which a ticket stands where it does, None outside the queue."""
        for each in self.expired:
            if each.ticket_id == ticket_id:
                return each.key
        key: bytes | None = _KEY[self.mode].value(self._reads, {"that_ticket": ticket_id})
        return key

    def _read(self, offset: int, limit: int | None) -> Iterable[Ranked]:
        if limit is not None:
            return ranked_from(self._reads, self.mode, offset, limit)
        return islice(_ALL[self.mode].rows(self._reads), offset, None)


def read_in_order(
    read: ReadList, expired: Sequence[Expired], offset: int, limit: int | None
) -> list[int]:
    """Return the ids of a list from a 0-based row on, with what expired where it belongs.

    ``expired`` are those of them that the list has, in their order. They are as many rows as the
    list can be shifted by, so it is read that much farther to both sides.
    """
    if not expired:
        return [ticket_id for ticket_id, _ in read(offset, limit)]
    start = max(0, offset - len(expired))
    wanted = None if limit is None else offset - start + limit + len(expired)
    rows = list(read(start, wanted))
    elsewhere = {each.ticket_id for each in expired}
    stay = [row for row in rows if row[0] not in elsewhere]
    belong = [(each.ticket_id, each.key) for each in expired]
    together = [ticket_id for ticket_id, _ in merge(stay, belong, key=_sorts_by)]
    passed = sum(not rows or each.kept < _sorts_by(rows[0]) for each in expired)
    first = offset - (start - passed)
    return together[first : None if limit is None else first + limit]


def moved_before(expired: Sequence[Expired], key: bytes) -> int:
    """Return how many more tickets stand before a key than the table has there."""
    return sum((each.key < key) - (each.kept < key) for each in expired)


def _sorts_by(row: Ranked) -> bytes:
    return _OUTSIDE if row[1] is None else row[1]

"""How far Request Tracker's feed of transactions has been read, and what it may still bring.

Every change of a ticket is a transaction with a number, and the feed gives them by it. A number is
taken when a change begins and seen when it is done, so a lower one may come after a higher one:
what is missing between two is asked for again, until it is there or nothing can come any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from connections.helpdesks.help_desk import Cursor
from connections.helpdesks.request_tracker_wire import Json

MAY_COME_FOR: Final = timedelta(minutes=10)
"""How much later than the next one a transaction may come."""

MESSAGES: Final = ("Create", "Correspond", "Comment")
"""The kinds of transaction that somebody wrote; the rest are changes and mail that went out."""

MARKED: Final = ("Correspond", "Comment")
"""Those of them that may be ours: tickets are not opened from here."""

_MAIL: Final = frozenset({"EmailRecord", "CommentEmailRecord"})
_MERGED: Final = "MergedInto"
_RANGES_AT_ONCE: Final = 60
"""So that an address stays shorter than what servers take."""


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """One transaction; ``at`` is when it began (UTC), ``mark`` ours, "" where it carries none.

    ``what`` is the field that it changed, to ``new``.
    """

    id: int
    kind: str
    ticket: str
    creator: str
    at: datetime
    what: str
    new: str
    mark: str = ""

    @property
    def is_message(self) -> bool:
        """Whether somebody wrote it."""
        return self.kind in MESSAGES

    @property
    def is_change(self) -> bool:
        """Whether it tells anything of its ticket; that mail went out does not."""
        return self.kind not in _MAIL

    @property
    def merges(self) -> bool:
        """Whether it is of a ticket that was merged into another, or took one in."""
        return self.kind == "AddLink" and self.what == _MERGED

    @property
    def moves(self) -> bool:
        """Whether it moved its ticket to another queue."""
        return self.kind == "Set" and self.what == "Queue"


@dataclass(frozen=True, slots=True)
class FeedGap:
    """Numbers from ``first`` to ``last`` that are missing; the next one after them is of ``since``.

    ``since`` is UTC, by Request Tracker's own clock.
    """

    first: int
    last: int
    since: datetime

    def without(self, number: int) -> Iterator["FeedGap"]:
        """Yield what is left of it when a number has come."""
        if self.first <= number <= self.last:
            if self.first < number:
                yield replace(self, last=number - 1)
            if number < self.last:
                yield replace(self, first=number + 1)
        else:
            yield self


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far the feed has been read, and what is missing below that."""

    read_to: int
    gaps: tuple[FeedGap, ...] = ()

    @classmethod
    def of(cls, cursor: Cursor) -> Self:
        """Return what a cursor says."""
        gaps = cursor.get("gaps")
        return cls(
            whole(cursor.get("read_to")),
            tuple(
                FeedGap(whole(first), whole(last), time_of(since))
                for first, last, since in (gaps if isinstance(gaps, list) else ())
            ),
        )

    def cursor(self) -> dict[str, object]:
        """Return it as a cursor keeps it."""
        gaps = [[gap.first, gap.last, gap.since.isoformat()] for gap in self.gaps]
        return {"read_to": self.read_to, **({"gaps": gaps} if gaps else {})}

    def conditions(self) -> Iterator[str]:
        """Yield the conditions for what is still to come, each short enough to be asked at once.

        The first asks for what is new as well, the others for what has been missing for longest.
        """
        again = [f"(id >= {gap.first} AND id <= {gap.last})" for gap in reversed(self.gaps)]
        yield f"({' OR '.join([f'id > {self.read_to}', *again[:_RANGES_AT_ONCE]])})"
        for start in range(_RANGES_AT_ONCE, len(again), _RANGES_AT_ONCE):
            yield f"({' OR '.join(again[start : start + _RANGES_AT_ONCE])})"

    def after(self, rows: Sequence[TransactionRow], now: datetime) -> Self:
        """Return where the feed stands after all the ``rows`` it gave, up to the last of them.

        What is missing and too old to come any more at ``now`` (UTC, theirs) is forgotten.
        """
        gaps: list[FeedGap] = []
        for gap in self.gaps:
            left = [gap]
            for row in rows:
                left = [part for each in left for part in each.without(row.id)]
            gaps += left
        reached = self.read_to
        for row in rows:
            if row.id > reached:
                if row.id > reached + 1:
                    gaps.append(FeedGap(reached + 1, row.id - 1, row.at))
                reached = row.id
        fresh = tuple(gap for gap in gaps if now - gap.since < MAY_COME_FOR)
        return type(self)(reached, fresh)


def row_of(item: Json, mark_field: str) -> TransactionRow:
    """Return a transaction as the feed gives it."""
    return TransactionRow(
        id=whole(item.get("id")),
        kind=str(item.get("Type", "")),
        ticket=text(item.get("ObjectId")),
        creator=identity(item.get("Creator")),
        at=time_of(item.get("Created")),
        what=text(item.get("Field")),
        new=text(item.get("NewValue")),
        mark=next(_values(item.get("CustomFields"), mark_field), ""),
    )


def identity(value: object) -> str:
    """Return by what something is known that stands elsewhere, such as a person's login."""
    return text(value.get("id")) if isinstance(value, Mapping) else ""


def time_of(value: object) -> datetime:
    """Return a time that Request Tracker wrote (UTC); raises ValueError for what is none."""
    return datetime.fromisoformat(str(value))


def text(value: object) -> str:
    """Return a value as text, nothing where there is none."""
    return "" if value is None else str(value)


def whole(value: object) -> int:
    """Return a number, which may be written as text; 0 where it is none."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() else 0


def _values(fields: object, name: str) -> Iterator[str]:
    """Yield the values of a custom field."""
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, Mapping) and text(each.get("name")).casefold() == name.casefold():
            values = each.get("values")
            yield from map(text, values if isinstance(values, list) else ())

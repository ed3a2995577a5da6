"""What becomes of the time off that a calendar said before, when it is read again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.roster.members import Roster, TimeOff


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """Time off as a calendar says it, and what the calendar knows it by.

    ``uid`` is the event's id, None where it was read before ids were kept; several events may share
    one. ``repetition`` says which time of a series it is, in iCalendar's form; "" of what takes
    place once.
    """

    off: TimeOff
    uid: str | None
    repetition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """An event that a calendar program cancels, or one time of a series (``repetition``).

    ``and_later`` means that time and all that come after it. ``starts`` are the times in UTC at
    which what is cancelled would have begun, as far as they are told.
    """

    uid: str
    repetition: str = ""
    and_later: bool = False
    starts: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """The time off that comes, as the calendar knows it, and what goes."""

    come: tuple[CalendarEntry, ...]
    gone: tuple[TimeOff, ...]


def calendar_change(
    roster: Roster,
    source: str,
    said: Sequence[CalendarEntry],
    found: Sequence[CalendarEntry],
    cancelled: Sequence[Cancellation] = (),
    *,
    replaces: bool = True,
) -> CalendarChange:
    """Return what becomes of the time off that calendars ``said`` when ``source`` is read again.

    ``found`` comes in place of what that calendar said before, unless it is nothing but a
    cancellation and ``replaces`` nothing. A cancelled event takes away what was read of it and adds
    nothing. Of another calendar goes what has the same id and the same time, as a cancellation
    often comes as a file of its own. Whole days are such in the zones of the ``roster``.
    """
    taken_back = _cancelled(said, cancelled, source)
    if not replaces:
        return CalendarChange((), tuple(entry.off for entry in taken_back))
    kept = _without(found, _cancelled(found, cancelled, source))
    before = [entry for entry in said if entry.off.source == source]
    elsewhere = [entry for entry in taken_back if entry.off.source != source]
    gone = [*_beside(roster, before, kept), *elsewhere]
    return CalendarChange(tuple(_beside(roster, kept, before)), tuple(entry.off for entry in gone))


def _cancelled(
    entries: Sequence[CalendarEntry], cancellations: Sequence[Cancellation], source: str
) -> list[CalendarEntry]:
    gone: list[CalendarEntry] = []
    for each in cancellations:
        meant = [entry for entry in entries if _means(each, entry, source)]
        exactly = [
            entry for entry in meant if not entry.repetition and entry.off.start in each.starts
        ]
        gone += _without(exactly or meant, gone)
    return gone


def _without(
    entries: Iterable[CalendarEntry], gone: Iterable[CalendarEntry]
) -> list[CalendarEntry]:
    those = {id(entry) for entry in gone}
    return [entry for entry in entries if id(entry) not in those]


def _means(cancellation: Cancellation, entry: CalendarEntry, source: str) -> bool:
    same_time = entry.off.start in cancellation.starts
    if entry.uid is None:
        return same_time and entry.off.source == source
    if entry.uid != cancellation.uid:
        return False
    if cancellation.and_later:
        first = min(cancellation.starts, default=None)
        return first is not None and entry.off.start >= first
    same_repetition = bool(entry.repetition) and entry.repetition == cancellation.repetition
    if cancellation.repetition or entry.off.source != source:
        return same_repetition or same_time
    return True


def _beside(
    roster: Roster, some: Sequence[CalendarEntry], others: Sequence[CalendarEntry]
) -> Iterator[CalendarEntry]:
    """Yield what there is of some beyond what there is of the others, each as often."""
    known = Counter(_facts(roster, entry) for entry in others)
    for entry in some:
        facts = _facts(roster, entry)
        if known[facts]:
            known[facts] -= 1
        else:
            yield entry


def _facts(roster: Roster, entry: CalendarEntry) -> tuple[object, ...]:
    off = entry.off
    days = off.days(roster.known(off.login).hours)
    return off.login, off.start, off.until, days, off.reason

"""Time that people record: one timer each, started and stopped, its entries edited afterwards.

"80% of our time is spent on p2 work (with p0 and p1 work being rare). 20% of our time is spent on
internally identified goals/tasks/projects." What is recorded here is what that is measured by.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from policy.clocks.calendar import Interval
from policy.phrases import at, span
from policy.refusal import Refusal
from policy.roster.coverage import scheduled_hours
from policy.roster.members import FOREVER, Member
from policy.ticket import Ticket
from policy.tickets.actions import LONGEST_REASON
from policy.words import Work

LONGEST_ENTRY = timedelta(hours=24)
"""The longest that one entry may be."""

LONGEST_SHIFT = timedelta(hours=12)
"""How long a timer may run before it looks forgotten, whatever the working hours are."""

OVERTIME = timedelta(hours=1)
"""How far beyond somebody's working hours their timer may run before it looks forgotten."""

_AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """A half-open span in UTC that one person spent on something; a running one has no end yet.

    ``id`` is 0 until it is written down. ``ticket`` is the id of the ticket it went to, if any,
    and then ``work`` is what that ticket is.
    """

    id: int = 0
    login: str
    work: Work
    ticket: int | None
    started_at: datetime
    stopped_at: datetime | None = None
    note: str = ""

    def until(self, now: datetime) -> datetime:
        """Return where the entry ends, a running one at ``now``."""
        return max(self.started_at, now) if self.stopped_at is None else self.stopped_at

    def length(self, now: datetime) -> timedelta:
        """Return how long the entry is, a running one until ``now``."""
        return self.until(now) - self.started_at


def work_on(ticket: Ticket) -> Work:
    """Return what time spent on a ticket is: internal for our own, else a customer's."""
    return Work.INTERNAL if ticket.internal else Work.CUSTOMER


def started(
    entry: TimeEntry, others: Iterable[TimeEntry], now: datetime, zone: tzinfo = UTC
) -> TimeEntry:
    """Return a timer that starts running, checked against the same person's other entries.

    A refusal says times in ``zone``, the person's.

    Raises:
        Refusal: it starts in the future, its note is too long, or it overlaps another entry.
    """
    return edited(replace(entry, stopped_at=None), others, now, zone)


def stopped(entry: TimeEntry, end: datetime, now: datetime, zone: tzinfo = UTC) -> TimeEntry:
    """Return a running timer as an entry that ended at ``end``; a refusal says times in ``zone``.

    Raises:
        Refusal: it is stopped already, or would end before it started, in the future, or more
            than 24 hours after it started.
    """
    if entry.stopped_at is not None:
        raise Refusal(f"{named(entry)} was stopped at {at(entry.stopped_at, now, zone)} already")
    ended = replace(entry, stopped_at=end)
    _check_times(ended, now, zone)
    return ended


def edited(
    entry: TimeEntry, others: Iterable[TimeEntry], now: datetime, zone: tzinfo = UTC
) -> TimeEntry:
    """Return an entry as somebody rewrote it, with its note on one line.

    ``others`` are the same person's entries; the one with its own id is what it was before. A
    refusal says times in ``zone``, the person's.

    Raises:
        Refusal: it ends before it starts, in the future or after more than 24 hours; its note is
            too long; or the person has another entry for some of that time.
    """
    noted = replace(entry, note=_checked_note(entry.note))
    _check_times(noted, now, zone)
    check_apart(noted, others, lambda other: f", {_when(other, now, zone)}")
    return noted


def check_apart(
    entry: TimeEntry, others: Iterable[TimeEntry], when: Callable[[TimeEntry], str] = lambda _: ""
) -> None:
    """Raise a Refusal that names the first of the same person's ``others`` in an entry's time.

    ``when`` says of it when it was, where the reader's zone is known.
    """
    for other in sorted(others, key=lambda each: (each.started_at, each.id)):
        if other.id != entry.id and _overlap(entry, other):
            raise Refusal(
                f"the time overlaps {named(other)}{when(other)}; nobody does two things at once"
            )


def left_running(entry: TimeEntry, member: Member | None, now: datetime) -> datetime | None:
    """Return since when a timer looks forgotten (UTC), None while it does not.

    That is the end of the working hours that it ran into, an hour after them; and 12 hours after
    it started at the latest, as for somebody whose hours are not known.
    """
    if entry.stopped_at is not None:
        return None
    ends = _hours_end(entry.started_at, member)
    latest = entry.started_at + LONGEST_SHIFT
    over = [ends] if ends is not None and now >= ends + OVERTIME else []
    over += [latest] if now > latest else []
    return min(over, default=None)


def named(entry: TimeEntry) -> str:
    """Return what a sentence calls an entry: ``entry 12, on #41``."""
    if entry.ticket is not None:
        return f"entry {entry.id}, on #{entry.ticket}"
    return f"entry {entry.id}, {entry.work} work"


def _hours_end(started_at: datetime, member: Member | None) -> datetime | None:
    """Return when the working hours end that run at a time or come next, within a day of it."""
    if member is None:
        return None
    hours = scheduled_hours(member, started_at, started_at + _AROUND)
    return next((each.end for each in hours), None)


def _check_times(entry: TimeEntry, now: datetime, zone: tzinfo) -> None:
    _check_past("from", entry.started_at, now, zone)
    if entry.stopped_at is None:
        return
    _check_past("until", entry.stopped_at, now, zone)
    start, end = (at(each, now, zone) for each in (entry.started_at, entry.stopped_at))
    if entry.stopped_at < entry.started_at:
        raise Refusal(f"until: {end}; expected a time after the start, {start}")
    length = entry.stopped_at - entry.started_at
    if length > LONGEST_ENTRY:
        raise Refusal(
            f"until: {end} is {span(length)} after the start, {start};"
            f" expected at most {LONGEST_ENTRY // timedelta(hours=1)} h"
        )


def _check_past(key: str, moment: datetime, now: datetime, zone: tzinfo) -> None:
    if moment > now:
        raise Refusal(f"{key}: {at(moment, now, zone)} is still to come; expected a time until now")


def _checked_note(note: str) -> str:
    line = " ".join(note.split())
    if len(line) > LONGEST_REASON:
        raise Refusal(f"note: {len(line):,} characters; expected at most {LONGEST_REASON:,}")
    if "\0" in line:
        raise Refusal("note: expected text without NUL characters")
    return line


def _overlap(one: TimeEntry, other: TimeEntry) -> bool:
    first, second = _whole(one), _whole(other)
    return first.start < second.end and second.start < first.end


def _whole(entry: TimeEntry) -> Interval:
    """Return an entry's time, that of a running one going on for ever."""
    end = FOREVER if entry.stopped_at is None else entry.stopped_at
    return Interval(entry.started_at, end)


def _when(entry: TimeEntry, now: datetime, zone: tzinfo) -> str:
    start = at(entry.started_at, now, zone)
    if entry.stopped_at is None:
        return f"running since {start}"
    return f"{start} to {at(entry.stopped_at, now, zone)}"

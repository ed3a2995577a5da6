"""Contract time: deadlines and waiting, reckoned in the open hours of a calendar."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.clocks.calendar import Calendar, in_utc, open_week, week_of
from policy.rulebook.rulebook import Rulebook
from policy.words import Priority, Tier

_NO_TIME = timedelta(0)
_WEEKS_OF_A_YEAR = 53


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an answer is owed (``respond_by``) and when we strive for it (``aim_by``), in UTC."""

    respond_by: datetime | None = None
    aim_by: datetime | None = None


def deadlines(
    rulebook: Rulebook,
    tier: Tier | None,
    priority: Priority | None,
    waiting_since: datetime | None,
    answered_before: bool,
) -> Deadlines:
    """Return both deadlines of a ticket, in UTC.

    "While unanswered, ``respond_by`` = ``waiting_since`` + the contract time before the first
    response, + ``aim`` after it. Once answered: none." A declined ticket (no priority), a
    priority of another policy and a tier without a contract owe nothing. Raises Refusal for a time
    too far away to reckon with.
    """
    if waiting_since is None or priority is None or priority not in rulebook.contract_time:
        return Deadlines()
    if tier in rulebook.response.no_contract:
        return Deadlines()
    first = first_response_deadlines(rulebook, priority, waiting_since)
    return Deadlines(first.aim_by, first.aim_by) if answered_before else first


def first_response_deadlines(
    rulebook: Rulebook, priority: Priority, received_at: datetime
) -> Deadlines:
    """Return both deadlines, in UTC, of a first response to somebody who has a contract.

    "First response within business hours of becoming aware." Raises Refusal for a time too far
    away to reckon with.
    """
    calendar, owed = rulebook.contract_calendar, rulebook.contract_time[priority]
    return Deadlines(
        respond_by=add_business_time(calendar, received_at, owed),
        aim_by=add_business_time(calendar, received_at, rulebook.response.aim),
    )


def add_business_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """Return the first instant, in UTC, at which ``duration`` of open time since ``start`` is over.

    "Work that ends exactly at closing is due at closing, not at the next opening"; no time at all
    is over at ``start`` itself. Raises Refusal beyond the years that can be reckoned, ValueError
    for a negative duration.
    """
    if duration < _NO_TIME:
        raise ValueError(f"open time to add must not be negative, and {duration} is")
    instant = in_utc(start)
    if not duration:
        return instant
    week = week_of(instant)
    duration += _open_before(calendar, instant)
    while (opened := open_week(calendar, week)).total < duration:
        duration -= opened.total
        week += 1
    for opening, closing in zip(opened.starts, opened.ends, strict=True):
        if duration <= closing - opening:
            break
        duration -= closing - opening
    return opening + duration


def business_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time from ``start`` to ``end``; negative when ``end`` comes first.

    Raises Refusal outside the years that can be reckoned.
    """
    start, end = in_utc(start), in_utc(end)
    if end < start:
        return -business_time_between(calendar, end, start)
    weeks = range(week_of(start), week_of(end))
    whole = sum((open_week(calendar, week).total for week in weeks), _NO_TIME)
    return whole - _open_before(calendar, start) + _open_before(calendar, end)


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Return whether contract time runs: "intervals include their start and exclude their end"."""
    instant = in_utc(instant)
    starts, ends, _ = open_week(calendar, week_of(instant))
    begun = bisect_right(starts, instant)
    return begun > 0 and instant < ends[begun - 1]


def next_opening(calendar: Calendar, instant: datetime) -> datetime:
    """Return the first open instant at or after ``instant``, in UTC.

    Raises Refusal when there is none in the years that can be reckoned.
    """
    instant = in_utc(instant)
    week = week_of(instant)
    while not (ends := open_week(calendar, week).ends) or ends[-1] <= instant:
        week += 1
    opening = open_week(calendar, week).starts[bisect_right(ends, instant)]
    return max(opening, instant)


def closes_at(calendar: Calendar, instant: datetime) -> datetime | None:
    """Return when the open hours that ``instant`` is in end, in UTC; ``instant`` when closed.

    None when they go on for a year, as in a calendar that never closes. Raises Refusal outside the
    years that can be reckoned.
    """
    instant = in_utc(instant)
    if not is_open(calendar, instant):
        return instant
    for week in range(week_of(instant), week_of(instant) + _WEEKS_OF_A_YEAR):
        opened = open_week(calendar, week)
        for opening, closing in zip(opened.starts, opened.ends, strict=True):
            if opening > instant:
                return instant
            instant = max(instant, closing)
    return None


def _open_before(calendar: Calendar, instant: datetime) -> timedelta:
    """Return the open time of the week of UTC that ``instant`` is in, as far as ``instant``."""
    starts, ends, _ = open_week(calendar, week_of(instant))
    before = _NO_TIME
    for opening, closing in zip(starts, ends, strict=True):
        if opening >= instant:
            break
        before += min(closing, instant) - opening
    return before

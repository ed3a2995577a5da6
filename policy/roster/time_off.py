"""When somebody is out and back again: what the lead may enter, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from policy.clocks.calendar import in_utc
from policy.clocks.zones import Stretch, first_showing, stretches, zone_named
from policy.intake.incoming import FIRST_YEAR, LAST_YEAR
from policy.refusal import Refusal
from policy.roster.members import FOREVER, Member, Roster, TimeOff

_DAY = timedelta(days=1)
_AROUND = timedelta(days=3)
"""Further than a local day can be away from the same day of UTC, a clock change included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffChange:
    """What becomes of a roster's time off, and one sentence that says so.

    ``removed`` goes and ``added`` comes in its place, to be written down under new ids.
    """

    removed: tuple[TimeOff, ...]
    added: tuple[TimeOff, ...]
    sentence: str

    def applied_to(self, roster: Roster) -> Roster:
        """Return the roster after the change."""
        return roster.with_time_off(self.added, removed=self.removed)


def time_off_between(
    member: Member,
    start: date | datetime | None,
    until: date | datetime | None,
    now: datetime,
    *,
    reason: str,
    entered_by: str,
) -> TimeOff:
    """Return the time off that somebody enters for ``member``; its times are UTC.

    A date means the whole day in the member's own zone, as ``until`` the end date included; a
    time is an instant. No ``start`` is now, no ``until`` that the end is not known yet.

    Raises:
        Refusal: it ends before it starts, or is too far away to reckon with.
    """
    begins = now if start is None else _begin(start, member.hours.timezone)
    ends = None if until is None else _end(until, member.hours.timezone)
    if ends is not None and ends <= begins:
        after = "now" if start is None else f"from, {start}"
        raise Refusal(f"until: {until}; expected a time after {after}")
    return TimeOff(
        login=member.login, start=begins, until=ends, reason=reason.strip(), entered_by=entered_by
    )


def out(roster: Roster, entered: TimeOff) -> TimeOffChange:
    """Return what becomes of a member's time off when more of it is entered.

    What overlaps is joined into one, from the earliest start to the latest end. An end that is
    given during time off without a known one is its end. Time off that comes from a calendar
    stays as it is, beside what is entered by hand.

    Raises:
        Refusal: the login is unknown, or they are out for all of that time already.
    """
    member = roster.known(entered.login)
    met = [
        each
        for each in roster.off(entered.login)
        if each.source == entered.source and _overlap(each, entered)
    ]
    union = _union(met, entered)
    if any(_same(each, union) for each in met):
        raise Refusal(f"entered already: {said(member, union)}; back ends it sooner")
    joined = f", joined with {len(met)} entered before" if met else ""
    sentence = f"{said(member, union)}{joined}."
    return TimeOffChange(removed=tuple(met), added=(union,), sentence=sentence)


def back(roster: Roster, login: str, now: datetime) -> TimeOffChange:
    """Return what becomes of a member's time off when they are back at ``now``.

    Time off that runs ends now; if none runs, the next that has not begun is cancelled.

    Raises:
        Refusal: the login is unknown, or they are not out and no time off is to come.
    """
    member = roster.known(login)
    running = [each for each in roster.off(login) if each.holds(now)]
    coming = [each for each in roster.off(login) if each.start > now]
    if running:
        ended = tuple(replace(each, until=now) for each in running if each.start < now)
        again = f" {said(member, coming[0])}." if coming else ""
        sentence = f"{member.name} is back.{again}{_calendars(running)}"
        return TimeOffChange(removed=tuple(running), added=ended, sentence=sentence)
    if not coming:
        raise Refusal(f"{member.name} is not out, and no time off is to come")
    sentence = f"Cancelled before it began: {said(member, coming[0])}.{_calendars(coming[:1])}"
    return TimeOffChange(removed=(coming[0],), added=(), sentence=sentence)


def said(member: Member, off: TimeOff) -> str:
    """Return time off as a clause that names the member, when in their zone, and the reason."""
    why = f": {off.reason.rstrip('.')}" if off.reason else ""
    return f"{member.name} is out {_when(off, member.hours.timezone)}{why}"


def _when(off: TimeOff, timezone: str) -> str:
    zone = zone_named(timezone)
    start = off.start.astimezone(zone)
    if off.until is None:
        return f"from {_at(start)} until further notice ({timezone})"
    until = off.until.astimezone(zone)
    if start.time() != time(0) or until.time() != time(0):
        return f"from {_at(start)} until {_at(until)} ({timezone})"
    last = until - _DAY
    return (
        f"on {_on(start)}" if last.date() <= start.date() else f"from {_on(start)} to {_on(last)}"
    )


def _at(local: datetime) -> str:
    return f"{_on(local)} {local:%H:%M}"


def _on(local: date) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def _overlap(one: TimeOff, other: TimeOff) -> bool:
    return one.interval.start < other.interval.end and other.interval.start < one.interval.end


def _union(met: Sequence[TimeOff], entered: TimeOff) -> TimeOff:
    ends = [entered.interval.end, *(_end_of(each, entered) for each in met)]
    last = max(ends)
    reasons = [each.reason for each in (*met, entered) if each.reason]
    return replace(
        entered,
        start=min(each.start for each in (*met, entered)),
        until=None if last == FOREVER else last,
        reason="; ".join(dict.fromkeys(reasons)),
    )


def _end_of(before: TimeOff, entered: TimeOff) -> datetime:
    """Return when earlier time off ends by now that ``entered`` is known."""
    ends_now = before.until is None and before.start <= entered.start
    return entered.interval.end if ends_now else before.interval.end


def _same(one: TimeOff, other: TimeOff) -> bool:
    return (one.start, one.until, one.reason) == (other.start, other.until, other.reason)


def _calendars(time_off: Sequence[TimeOff]) -> str:
    """Return the warning that a calendar says otherwise, where one does."""
    names = sorted({each.source for each in time_off if each.source is not None})
    if not names:
        return ""
    return f" It is in the calendar {names[0]}, too: take it out there, or it comes back from it."


def _begin(start: date | datetime, timezone: str) -> datetime:
    """Return the first instant of a date in a zone, or the instant that it is; in UTC."""
    _check_year("from", start)
    if isinstance(start, datetime):
        return in_utc(start)
    midnight, around = _midnight(start, timezone)
    return first_showing(around, midnight)


def _end(until: date | datetime, timezone: str) -> datetime:
    """Return the instant from which on a date is over in a zone, or the instant that it is."""
    _check_year("until", until)
    if isinstance(until, datetime):
        return in_utc(until)
    midnight, around = _midnight(until + _DAY, timezone)
    # Not when midnight is last shown: clocks put back at one show an hour of the next day twice.
    return max(
        min(end, midnight - offset) for begin, end, offset in around if midnight - offset > begin
    )


def _midnight(day: date, timezone: str) -> tuple[datetime, list[Stretch]]:
    """Return the start of a day as local time, marked as UTC, and the zone's clocks around it."""
    midnight = datetime.combine(day, time(0), UTC)
    around = stretches(zone_named(timezone), midnight - _AROUND, midnight + _AROUND)
    return midnight, around


def _check_year(key: str, value: date | datetime) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Refusal(f"{key}: {value}; expected a year from {FIRST_YEAR} to {LAST_YEAR}")

"""When somebody is out and back again: what may be entered, and what becomes of it.

"Every absence stays an entry of its own, however they overlap; a person is out while any holds."
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from policy.clocks.calendar import in_utc
from policy.clocks.zones import Stretch, first_showing, stretches, zone_named
from policy.intake.limits import FIRST_YEAR, LAST_YEAR
from policy.names import same_name
from policy.refusal import Refusal, one_of
from policy.roster.members import Member, Roster, TimeOff

Day = date | datetime
"""A time in UTC, or a whole day in the member's own zone."""

_DAY = timedelta(days=1)
_AROUND = timedelta(days=3)
"""Further than a local day can be away from the same day of UTC, a clock change included."""

_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffChange:
    """What becomes of a roster's time off, and the sentences that say so and what else holds.

    ``removed`` goes and ``added`` comes in its place: what is only changed under the id it had,
    what is new, with the id 0, under one of its own.
    """

    removed: tuple[TimeOff, ...]
    added: tuple[TimeOff, ...]
    sentence: str

    def applied_to(self, roster: Roster) -> Roster:
        """Return the roster after the change."""
        return roster.with_time_off(self.added, removed=self.removed)


def time_off_between(
    member: Member,
    start: Day | None,
    until: Day | None,
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
        login=member.login,
        start=begins,
        until=ends,
        reason=reason.strip(),
        entered_by=entered_by,
        starts_with_day=_is_day(start),
        ends_with_day=_is_day(until),
    )


def out(roster: Roster, entered: TimeOff, now: datetime) -> TimeOffChange:
    """Return what becomes of a member's time off when more of it is entered at ``now``.

    "One that begins now or inside a running one, with the same reason given, changes that one's
    end; any other is an entry of its own." What a calendar says stays as it is.

    Raises:
        Refusal: the login is unknown, or the same is entered already.
    """
    member = roster.known(entered.login)
    running = _continued(roster, entered, now)
    if running is None:
        _refuse_twice(roster, entered)
        return _entered(roster, (), entered, now)
    from_day, _ = running.days(member.hours)
    longer = replace(
        running,
        until=entered.until,
        starts_with_day=from_day,
        ends_with_day=entered.ends_with_day,
    )
    _refuse_twice(roster, longer)
    return _entered(roster, (running,), longer, now)


@dataclass(frozen=True, slots=True)
class TimeOffEntry:
    """One entry of a member's time off, by its number; ``seen`` is how whoever asks knows it."""

    number: int
    seen: TimeOff | None = None


def changed(roster: Roster, which: TimeOffEntry, entered: TimeOff, now: datetime) -> TimeOffChange:
    """Return what becomes of a member's time off when one entry of it reads as ``entered``.

    Raises:
        Refusal: the login or the entry is unknown, it is no longer as it was seen, nothing of it is
            other than before, or the same is entered already.
    """
    member = roster.known(entered.login)
    before = _entry(roster, member, which, now)
    otherwise = replace(entered, id=before.id, source=before.source)
    if _same(member, before, otherwise):
        raise Refusal(f"nothing is changed: {said(member, before)}")
    _refuse_twice(roster, otherwise)
    change = _entered(roster, (before,), otherwise, now)
    return replace(change, sentence=f"{change.sentence}{_calendars([before])}")


def back(
    roster: Roster,
    login: str,
    now: datetime,
    *,
    everything: bool = False,
    which: TimeOffEntry | None = None,
) -> TimeOffChange:
    """Return what becomes of a member's time off when they are back at ``now``.

    "`back` ends the running one that began last, or cancels the next to come when none runs, and
    names what still holds; `back --all` ends all that run." ``which`` says another entry that
    ends, or is cancelled.

    Raises:
        Refusal: the login is unknown, they are not out and no time off is to come, or the entry
            is unknown or no longer as it was seen.
    """
    member = roster.known(login)
    running = _running(roster, member.login, now)
    coming = roster.coming(member.login, now)
    if which is not None:
        off = _entry(roster, member, which, now)
        return _ended(roster, member, [off], now) if off in running else _cancelled(member, off)
    if running:
        return _ended(roster, member, running if everything else running[-1:], now)
    if not coming:
        raise Refusal(f"{member.name} is not out, and no time off is to come")
    if everything:
        following = said(member, coming[0])
        raise Refusal(f"{member.name} is not out now; without --all, back cancels: {following}")
    return _cancelled(member, coming[0])


def as_entered(member: Member, off: TimeOff) -> tuple[Day, Day | None]:
    """Return from when until when time off is, days as the member's dates, the last one included.

    Entered again it is the same.
    """
    zone = zone_named(member.hours.timezone)
    from_day, until_day = off.days(member.hours)
    start = off.start.astimezone(zone).date() if from_day else off.start
    if off.until is None or not until_day:
        return start, off.until
    return start, (off.until - _BEFORE).astimezone(zone).date()


def moved(off: TimeOff, before: Member, after: Member) -> TimeOff:
    """Return a member's time off after their zone changed: whole days stay the same dates."""
    start, until = as_entered(before, off)
    return replace(
        off,
        start=_begin(start, after.hours.timezone),
        until=None if until is None else _end(until, after.hours.timezone),
        starts_with_day=_is_day(start),
        ends_with_day=_is_day(until),
    )


def said(member: Member, off: TimeOff) -> str:
    """Return time off as a clause that names the member, when in their zone, and the reason."""
    return f"{member.name} is out {when_and_why(member, off)}"


def when_and_why(member: Member, off: TimeOff) -> str:
    """Return when time off is in the member's zone, and the reason: ``on Mon 9 Mar 2026: ill``."""
    why = f": {off.reason.rstrip('.')}" if off.reason else ""
    return f"{_when(member, off)}{why}"


def _when(member: Member, off: TimeOff) -> str:
    zone = zone_named(member.hours.timezone)
    from_day, until_day = off.days(member.hours)
    start = off.start.astimezone(zone)
    last = None if off.until is None else (off.until - _BEFORE).astimezone(zone)
    if from_day and until_day and last is not None:
        one = last.date() <= start.date()
        return f"on {_on(start)}" if one else f"from {_on(start)} to {_on(last)}"
    begins = f"from {_on(start) if from_day else _at(start)}"
    if off.until is None or last is None:
        ends = "until further notice"
    elif until_day:
        ends = f"to the end of {_on(last)}"
    else:
        ends = f"until {_at(off.until.astimezone(zone))}"
    named = "" if from_day and off.until is None else f" ({zone.key})"
    return f"{begins} {ends}{named}"


def _at(local: datetime) -> str:
    return f"{_on(local)} {local:%H:%M}"


def _on(local: date) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def _is_day(value: Day | None) -> bool:
    return value is not None and not isinstance(value, datetime)


def _running(roster: Roster, login: str, now: datetime) -> list[TimeOff]:
    """Return what runs, the one last that began last; of two at once the one entered later."""
    running = roster.holding(login, now)
    return sorted(running, key=lambda each: (roster.begins(each), each.id))


def _continued(roster: Roster, entered: TimeOff, now: datetime) -> TimeOff | None:
    """Return the running entry whose end is changed, None when it is one of its own."""
    if not entered.reason:
        return None
    running = [
        each
        for each in _running(roster, entered.login, now)
        if each.source == entered.source
        and same_name(each.reason, entered.reason)
        and (entered.start == now or each.start <= entered.start < each.interval.end)
    ]
    return running[-1] if running else None


def _entered(
    roster: Roster, removed: tuple[TimeOff, ...], added: TimeOff, now: datetime
) -> TimeOffChange:
    """Return the change that enters ``added``, in place of ``removed`` where it is an entry."""
    member = roster.known(added.login)
    running = roster.holding(member.login, now)
    beside = [
        each
        for each in roster.off(member.login)
        if each not in removed and (each in running or _overlap(each, added))
    ]
    was = "".join(f" Before, it was {when_and_why(member, each)}." for each in removed)
    also = f" Also out {_listed(member, beside)}." if beside else ""
    sentence = f"{said(member, added)}.{was}{also}"
    return TimeOffChange(removed=removed, added=(added,), sentence=sentence)


def _ended(
    roster: Roster, member: Member, ending: Sequence[TimeOff], now: datetime
) -> TimeOffChange:
    """Return the change that ends some that run, and says what still holds."""
    added = tuple(
        replace(each, until=now, starts_with_day=each.days(member.hours)[0], ends_with_day=False)
        for each in ending
        if roster.begins(each) < now
    )
    still = [each for each in roster.holding(member.login, now) if each not in ending]
    coming = roster.coming(member.login, now)
    if still:
        ended = f"Ended: {_listed(member, ending)}."
        sentence = f"{ended} {member.name} is still out {_listed(member, still)}."
    else:
        again = f" {said(member, coming[0])}." if coming else ""
        sentence = f"{member.name} is back.{again}"
    sentence = f"{sentence}{_calendars(ending)}"
    return TimeOffChange(removed=tuple(ending), added=added, sentence=sentence)


def _cancelled(member: Member, off: TimeOff) -> TimeOffChange:
    sentence = f"Cancelled before it began: {said(member, off)}.{_calendars([off])}"
    return TimeOffChange(removed=(off,), added=(), sentence=sentence)


def _entry(roster: Roster, member: Member, which: TimeOffEntry, now: datetime) -> TimeOff:
    """Return the entry that is meant, of those that run or are to come."""
    known = [*_running(roster, member.login, now), *roster.coming(member.login, now)]
    found = next((each for each in known if each.id == which.number), None)
    if found is None:
        ours = [f"{each.id} ({when_and_why(member, each)})" for each in known]
        expected = one_of(ours) if ours else "none, as there is none"
        raise Refusal(f"entry: {which.number}; expected one of {member.name}'s, {expected}")
    if which.seen is not None and found != which.seen:
        raise Refusal(f"somebody changed it meanwhile: {said(member, found)}")
    return found


def _overlap(one: TimeOff, other: TimeOff) -> bool:
    return one.interval.start < other.interval.end and other.interval.start < one.interval.end


def _refuse_twice(roster: Roster, entered: TimeOff) -> None:
    member = roster.known(entered.login)
    if any(_same(member, each, entered) for each in roster.off(entered.login)):
        raise Refusal(f"entered already: {said(member, entered)}; back ends it sooner")


def _same(member: Member, one: TimeOff, other: TimeOff) -> bool:
    """Return whether two entries say the same, whoever entered them."""
    return _facts(member, one) == _facts(member, other)


def _facts(member: Member, off: TimeOff) -> tuple[object, ...]:
    return off.start, off.until, off.days(member.hours), off.reason, off.source


def _listed(member: Member, time_off: Sequence[TimeOff]) -> str:
    return "; ".join(when_and_why(member, each) for each in time_off)


def _calendars(time_off: Sequence[TimeOff]) -> str:
    """Return the warning that a calendar says otherwise, where one does."""
    names = sorted({each.source for each in time_off if each.source is not None})
    if not names:
        return ""
    return f" It is in the calendar {names[0]}, too: take it out there, or it comes back from it."


def _begin(start: Day, timezone: str) -> datetime:
    """Return the first instant of a date in a zone, or the instant that it is; in UTC."""
    _check_year("from", start)
    if isinstance(start, datetime):
        return in_utc(start)
    midnight, around = _midnight(start, timezone)
    return first_showing(around, midnight)


def _end(until: Day, timezone: str) -> datetime:
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


def _check_year(key: str, value: Day) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Refusal(f"{key}: {value}; expected a year from {FIRST_YEAR} to {LAST_YEAR}")

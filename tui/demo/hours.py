"""The time that the made-up team recorded: a few days of timers, and some that run now.

A person's shift begins at the same hour every day, as the made-up team's hours are relative to now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from policy.words import Work
from tui.demo.parts import LEAD, CastMember, members
from tui.demo.ticket_generator import MOVED_IN

_SEED: Final = 80_20
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_SHIFT: Final = 7 * _HOUR
_DAYS: Final = MOVED_IN // _DAY
_SHORTEST, _LONGEST = 25, 110
"""Minutes that one piece of work takes."""

_INTERNAL_SHARES: Final = {LEAD: 0.08, "tomasz": 0.24, "kenji": 0.2, "priya": 0.06}
_USUAL_SHARE: Final = 0.15
_RUNNING_AT_MOST: Final = 3
_NOTES: Final = {
    Work.CUSTOMER: ("the queue", "calls", "following up", "hand-over", ""),
    Work.INTERNAL: ("runbook", "onboarding notes", "macros", "hiring", "retrospective"),
}


@dataclass(frozen=True, slots=True)
class Timed:
    """Some work of one person, from ``start`` (UTC) on; one that runs now has no end."""

    login: str
    work: Work
    start: datetime
    end: datetime | None
    note: str


def hours_until(now: datetime) -> list[Timed]:
    """Return what the team recorded until ``now`` (UTC), and what still runs; nothing overlaps."""
    random = Random(_SEED)  # noqa: S311 - nothing here is a secret
    people = (member for member in members() if member.share)
    found = [timed for member in people for timed in _of_member(random, member, now)]
    running = [each.login for each in found if each.end is None and each.login != LEAD]
    kept = [
        each for each in found if each.end is not None or each.login in running[:_RUNNING_AT_MOST]
    ]
    return sorted(kept, key=lambda each: (each.start, each.login))


def _of_member(random: Random, member: CastMember, now: datetime) -> Iterator[Timed]:
    """Yield the pieces of somebody's shifts, with their share of internal work among them."""
    share = _INTERNAL_SHARES.get(member.login, _USUAL_SHARE)
    internal = recorded = random.random() * _HOUR
    for start, until in _pieces(random, member, now):
        work = Work.INTERNAL if internal < share * recorded else Work.CUSTOMER
        note = random.choice(_NOTES[work])
        yield Timed(member.login, work, start, until if until <= now else None, note)
        recorded += until - start
        internal += until - start if work is Work.INTERNAL else timedelta(0)


def _pieces(
    random: Random, member: CastMember, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when somebody worked on one thing, with short breaks between."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    shifts = (hour + member.begins * _HOUR - back * _DAY for back in range(_DAYS, -1, -1))
    for start in (shift for shift in shifts if shift > now - MOVED_IN):
        at = start + random.randint(2, 12) * _MINUTE
        while at < min(start + _SHIFT, now):
            until = at + random.randint(_SHORTEST, _LONGEST) * _MINUTE
            yield at, until
            at = until + random.choice((3, 5, 10, 30)) * _MINUTE

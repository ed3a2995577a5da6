"""The people of a rehearsal: who is in, and who is at what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

from policy.rehearsal.played_ticket import PlayedTicket
from policy.roster.coverage import Cover, coverage
from policy.roster.members import FOREVER, Roster

_NO_TIME = timedelta(0)


@dataclass(slots=True)
class _AtIt:
    """Somebody is at a ticket since ``since`` (UTC), for ``before`` already in earlier hours."""

    one: PlayedTicket
    since: datetime
    before: timedelta


class Crew:
    """Who is in at the instant that is played, and what each of them is at.

    "Each available member takes one ticket at a time and leaves when their hours end": whoever
    leaves before the answer hands the ticket over with what is left of it; what remains to do
    after the answer stays theirs, and is the first thing that they do when they are back.
    """

    def __init__(self, roster: Roster, start: datetime, end: datetime) -> None:
        self._covers: Iterator[Cover] = coverage(roster, start, end)
        self._places = {member.login: place for place, member in enumerate(roster.support)}
        self._next = next(self._covers, None)
        self._at_it: dict[str, _AtIt] = {}
        self._resting: dict[str, _AtIt] = {}
        self._done: list[tuple[datetime, int, str, PlayedTicket]] = []
        self._begun = 0
        self.scheduled: frozenset[str] = frozenset()
        self.available: frozenset[str] = frozenset()

    @property
    def next_change(self) -> datetime:
        """When somebody comes, leaves, or is through with something next (UTC)."""
        comes = FOREVER if self._next is None else self._next.start
        return min(comes, self._done[0][0]) if self._done else comes

    def finish(self, now: datetime) -> list[PlayedTicket]:
        """Return the tickets whose answer is given, or whose work of our own is done, at ``now``.

        Whoever has nothing left to do about theirs is free.
        """
        answered: list[PlayedTicket] = []
        while self._done and self._done[0][0] <= now:
            _, _, login, one = heappop(self._done)
            work = self._at_it.get(login)
            if work is None or work.one is not one or self._through_at(work) != now:
                continue  # it was handed over, or rests, since it was known when it would be done
            if one.answered_at is None:
                one.answered_at = now
                answered.append(one)
                work.before, work.since = work.before + (now - work.since), now
                if one.after > _NO_TIME:
                    self._will_be_done(login, work)
                    continue
            del self._at_it[login]
        return answered

    def change(self, now: datetime) -> list[PlayedTicket]:
        """Let people come and leave at ``now``, and return what those who leave hand over."""
        if self._next is None or self._next.start > now:
            return []
        cover, self._next = self._next, next(self._covers, None)
        left = [login for login in self._at_it if login not in cover.available]
        came = [login for login in self._resting if login in cover.available]
        self.scheduled, self.available = cover.scheduled, cover.available
        handed_over = [one for login in left if (one := self._leave(login, now)) is not None]
        for login in came:
            rests = self._resting.pop(login)
            self._begin(login, rests.one, now, rests.before)
        return handed_over

    def free(self) -> list[str]:
        """Return who is in and at nothing, in the order of the team."""
        return sorted(self.available - self._at_it.keys(), key=self._places.__getitem__)

    def pick_up(self, login: str, one: PlayedTicket, now: datetime) -> None:
        """Let somebody who is free begin with a ticket."""
        self._begin(login, one, now, _NO_TIME)

    def at_work(self, now: datetime) -> list[tuple[PlayedTicket, timedelta]]:
        """Return what those who are in are at, in the order of the team, and for how long."""
        return [
            (work.one, work.before + (now - work.since))
            for login, work in sorted(self._at_it.items(), key=lambda each: self._places[each[0]])
        ]

    def _begin(self, login: str, one: PlayedTicket, now: datetime, before: timedelta) -> None:
        work = self._at_it[login] = _AtIt(one, now, before)
        self._will_be_done(login, work)

    def _will_be_done(self, login: str, work: _AtIt) -> None:
        self._begun += 1  # so that of two that are done at once the one begun first comes first
        heappush(self._done, (self._through_at(work), self._begun, login, work.one))

    def _leave(self, login: str, now: datetime) -> PlayedTicket | None:
        work = self._at_it.pop(login)
        one, passed = work.one, now - work.since
        if one.answered_at is None:
            one.to_answer -= passed
            return one
        one.after -= passed
        self._resting[login] = _AtIt(one, now, work.before + passed)
        return None

    @staticmethod
    def _through_at(work: _AtIt) -> datetime:
        """Return when the next thing to do about a ticket is done, if its holder stays."""
        one = work.one
        return work.since + (one.to_answer if one.answered_at is None else one.after)

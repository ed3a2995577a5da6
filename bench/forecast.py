"""How far the forecast is from what happens: a help desk's log replayed with a team of thirty-five.

    python -m bench.forecast incident_event_log.csv.gz

Every incident is received when the log says. A simulation that knows nothing of the forecast lets
people work: whoever is free takes the first ticket of the queue and stays with it until it is
answered, beyond their hours if need be. At every arrival the forecast is asked when this ticket
can expect its answer; it sees the queue of that moment and nothing of what is still to come.
"""

import heapq
import sys
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles

from connections.files.importing import import_file
from policy.clocks.calendar import Interval
from policy.intake.incoming import IncomingTicket
from policy.intake.rules import assess
from policy.ordering.order import Order, order_of
from policy.roster.coverage import available_hours
from policy.roster.members import Roster
from policy.roster.team_file import load_team, member_of
from policy.rulebook.rulebook import Rulebook, handbook
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.waits.forecast import expected_answers
from policy.words import Mode, Priority, Status
from store.tickets.ingest import Outcome, new_ticket

WEEKS = 4
"""How much of the log is replayed, in its busiest months."""

START = datetime(2016, 4, 4, tzinfo=UTC)

_SHIFTS = {
    "Africa/Cairo": ("EMEA", "Mon-Fri 09:00-17:00"),
    "Europe/Berlin": ("EMEA", "Mon-Fri 08:00-16:00"),
    "America/New_York": ("early US", "Mon-Fri 09:00-17:00"),
    "America/Los_Angeles": ("late US", "Mon-Fri 09:00-17:00"),
    "Asia/Manila": ("APAC", "Mon-Fri 08:00-16:00"),
}


@dataclass(frozen=True)
class Answered:
    """When a ticket was to be answered, and when it was."""

    priority: Priority | None
    expected: datetime
    answered: datetime

    @property
    def minutes_off(self) -> float:
        """How many minutes later than expected; earlier is negative."""
        return (self.answered - self.expected).total_seconds() / 60


def team() -> Roster:
    """Return seven people in each of five time zones: as many as this log keeps busy."""
    zones = [*_SHIFTS] * 7
    text = "".join(
        f'[[member]]\nlogin = "p{number}"\nname = "P{number}"\nrole = "support"\n'
        f'region = "{_SHIFTS[zone][0]}"\ntimezone = "{zone}"\nhours = ["{_SHIFTS[zone][1]}"]\n'
        for number, zone in enumerate(zones)
    )
    return Roster(tuple(member_of(entry) for entry in load_team(text, "team")))


@dataclass
class Incidents:
    """Takes in what the import reads, and keeps what was received in the weeks replayed."""

    kept: list[IncomingTicket] = field(default_factory=list)

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Keep the incidents that matter here."""
        del dry_run
        end = START + timedelta(weeks=WEEKS)
        self.kept += [each for each in batch if START <= each.received_at < end]
        return [Outcome.ADMITTED] * len(batch)

    def words(self) -> Vocabulary:
        """Give the handbook's words, as the mapping has."""
        return handbook().vocabulary

    def known(self, batch: Sequence[IncomingTicket]) -> list[bool]:
        """Know none: each stands in the file once."""
        return [False] * len(batch)


def received(path: str, rulebook: Rulebook) -> list[Ticket]:
    """Return the incidents of the weeks replayed, as they came in, by the time they came."""
    incidents = Incidents()
    import_file(incidents, path, mapping="incident_event_log")
    tickets = [
        assess(
            rulebook,
            replace(
                new_ticket(each, rulebook.vocabulary, each.received_at),
                id=number,
                status=Status.NEW,
                assignee=None,
            ),
        )
        for number, each in enumerate(incidents.kept, 1)
    ]
    return sorted((each for each in tickets if each.actionable), key=lambda each: each.received_at)


@dataclass
class Worker:
    """One person of the simulation: when they are in, and when they are free again."""

    hours: list[Interval]
    free_at: datetime

    def is_ready(self, now: datetime) -> bool:
        """Return whether they are in and free."""
        at = bisect_right(self.hours, (now, FAR)) - 1
        return self.free_at <= now and at >= 0 and now < self.hours[at].end


FAR = datetime.max.replace(tzinfo=UTC)


class Replay:
    """Lets people work through the log, and asks the forecast at every arrival."""

    def __init__(self, rulebook: Rulebook, roster: Roster, varying: Random | None) -> None:
        self._rulebook = rulebook
        self._roster = roster
        self._order: Order = order_of(rulebook, Mode.NORMAL)
        self._varying = varying
        until = START + timedelta(weeks=WEEKS + 4)
        self._team = [
            Worker(list(available_hours(roster, member, START, until)), START)
            for member in roster.support
        ]
        self._queue: list[tuple[bytes, Ticket]] = []
        self._at_work: dict[int, tuple[bytes, Ticket]] = {}
        self._answered: list[Answered] = []

    def run(self, tickets: Sequence[Ticket]) -> list[Answered]:
        """Return for each ticket when it was expected, as it came in, and when it was answered."""
        moments = [(each.received_at, number) for number, each in enumerate(tickets)]
        moments += [(hours.start, -1) for worker in self._team for hours in worker.hours]
        heapq.heapify(moments)
        expected: dict[int, datetime] = {}
        while moments:
            now, number = heapq.heappop(moments)
            if number >= 0:
                ticket = tickets[number]
                insort(self._queue, (self._order.key(ticket), ticket), key=lambda each: each[0])
                unanswered = sorted(
                    [*self._queue, *self._at_work.values()], key=lambda each: each[0]
                )
                forecast = expected_answers(
                    self._rulebook, self._roster, [each for _, each in unanswered], now
                )
                if ticket.id in forecast:
                    expected[ticket.id] = forecast[ticket.id]
            for done in self._begin(now, expected):
                heapq.heappush(moments, (done, -1))
        return self._answered

    def _begin(self, now: datetime, expected: dict[int, datetime]) -> list[datetime]:
        """Give the first tickets to whoever is ready; return when those will be answered."""
        self._at_work = {
            number: each
            for number, each in self._at_work.items()
            if self._team[number].free_at > now
        }
        ends = []
        for number, worker in enumerate(self._team):
            if self._queue and worker.is_ready(now):
                key, ticket = self._queue.pop(0)
                worker.free_at = now + self._takes(ticket)
                self._at_work[number] = (key, ticket)
                ends.append(worker.free_at)
                if ticket.id in expected:
                    self._answered.append(
                        Answered(ticket.priority, expected[ticket.id], worker.free_at)
                    )
        return ends

    def _takes(self, ticket: Ticket) -> timedelta:
        """Return how long a ticket takes: as the policy says, or varying around it."""
        usual: timedelta = self._rulebook.handling.by_priority[ticket.priority or "p3"]
        if self._varying is None:
            return usual
        return usual * self._varying.lognormvariate(-0.18, 0.6)  # its mean is 1


def told(name: str, answered: Sequence[Answered]) -> str:
    """Return one line of the report's table."""
    off = sorted(each.minutes_off for each in answered)
    tenths = quantiles(off, n=10)
    near = sum(abs(minutes) <= 30 for minutes in off) / len(off)
    return (
        f"| {name} | {len(off):,} | {median(off):+.0f} | {tenths[0]:+.0f} to {tenths[-1]:+.0f}"
        f" | {near:.0%} |"
    )


def main() -> None:
    """Replay the log named on the command line, and print how far off the forecast was."""
    rulebook, roster = handbook(), team()
    tickets = received(sys.argv[1], rulebook)
    print("| handling time | tickets | median minutes late | 1st to 9th tenth | within 30 m |")
    print("|---|---:|---:|---:|---:|")
    for name, varying in (("as the policy says", None), ("varying around it", Random(1))):  # noqa: S311 - a simulation
        answered = Replay(rulebook, roster, varying).run(tickets)
        print(told(name, answered))
        for priority in rulebook.priorities.order:
            print(told(f"… {priority}", [one for one in answered if one.priority == priority]))


if __name__ == "__main__":
    main()

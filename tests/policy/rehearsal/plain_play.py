"""The same play written down plainly: everything is looked up anew at every instant.

It shares with the play only what both are told: intake, the key of an order, the forecast of an
answer and its margin. Who is in, what is first, how choices stand and what is left of whose work
is found out here by looking at all there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.capacity.hard_choices import QueueCount, automatic_mode
from policy.clocks.calendar import open_intervals
from policy.ordering.order import order_of
from policy.rehearsal.days_lived import Arrangement, DaysLived, as_it_came
from policy.rehearsal.play_figures import LongestWait, PlayFigures
from policy.report.first_responses import Kept
from policy.report.levels_held import Circumstances, mode_spans, time_in
from policy.report.ticket_changes import Since
from policy.roster.coverage import available_hours, scheduled_hours
from policy.ticket import Ticket
from policy.waits.durations import DurationSample, durations_of
from policy.waits.forecast import BeingAnswered, Waiting, expected_answers
from policy.waits.margins import margin_of, safe_by
from policy.waits.promises import Asker, PromisesKept, asked_by
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import UsualArrivals, hour_of_week, usual_arrivals
from policy.words import Mode

QUARTER = timedelta(minutes=15)
NO_TIME = timedelta(0)


@dataclass(eq=False)
class Work:
    """A ticket and what is left to do about it."""

    ticket: Ticket
    answer: timedelta
    after: timedelta
    came_at: datetime
    answered_at: datetime | None = None
    holder: str = ""
    at_it_since: datetime | None = None
    at_it_before: timedelta = NO_TIME

    @property
    def through_at(self) -> datetime | None:
        """Return when its holder, who is at it, has answered it, or then is free of it."""
        if self.at_it_since is None:
            return None
        return self.at_it_since + (self.after if self.answered_at else self.answer)

    def stop(self, now: datetime) -> None:
        """Leave it as far as it has come."""
        assert self.at_it_since is not None
        passed = now - self.at_it_since
        if self.answered_at:
            self.after -= passed
        else:
            self.answer -= passed
        self.at_it_before += passed
        self.at_it_since = None


class PlainPlay:
    """Plays the days, instant by instant, and keeps everything in plain lists."""

    def __init__(self, days: DaysLived, arrangement: Arrangement) -> None:
        self.days, self.arrangement = days, arrangement
        self.rulebook = arrangement.rulebook
        self.team = arrangement.team_played()
        self.promises: list[tuple[datetime | None, list[Work]]] = []
        self.told: dict[Asker, list[tuple[datetime | None, list[Work]]]] = {}
        self.spoken_of: set[int] = set()
        self.active: list[Work] = []
        self.counts: list[QueueCount] = []
        self._read_the_tickets()
        self._read_the_hours()

    def _read_the_tickets(self) -> None:
        samples, known = [], []
        for ticket, answer, busy in self.days.came:
            new = as_it_came(self.rulebook, ticket)
            known.append((new, answer, busy))
            if new.priority is not None:
                samples.append(DurationSample(new.priority, answer, busy))
        self.durations = durations_of(self.rulebook, samples)
        self.declined = 0
        self.tickets: list[Work] = []
        for new, answer, busy in known:
            if new.declined is not None:
                self.declined += new.received_at >= self.days.start
                continue
            usual = self.durations[new.priority or ""]
            first = max(1.0, answer if answer is not None else usual.answer)
            whole = max(first, busy if busy is not None else usual.busy)
            to_answer, after = first * MINUTE, whole * MINUTE - first * MINUTE
            if new.internal:
                to_answer, after = whole * MINUTE, NO_TIME
            came_at = max(new.received_at, self.days.start)
            self.tickets.append(Work(new, to_answer, after, came_at))

    def _read_the_hours(self) -> None:
        start, end = self.days.start, self.days.end
        self.available = {
            each.login: list(available_hours(self.team, each, start, end))
            for each in self.team.support
        }
        hours = [*self.available.values()]
        hours += [list(scheduled_hours(each, start, end)) for each in self.team.support]
        hours.append(list(open_intervals(self.rulebook.contract_calendar, start, end)))
        turns = {edge for spans in hours for span in spans for edge in span}
        turns |= {work.came_at for work in self.tickets}
        quarter = start
        while quarter < end:
            if quarter.minute % 15 == quarter.second == quarter.microsecond == 0:
                turns.add(quarter)
                quarter += QUARTER
            else:
                quarter += (
                    timedelta(microseconds=1) if quarter.microsecond else timedelta(seconds=1)
                )
        self.turns = sorted(each for each in turns | {start} if start <= each < end)

    def play(self) -> PlayFigures:
        """Play all, and count."""
        now = self.days.start
        self.coming = sorted(self.tickets, key=lambda work: work.came_at)
        while now < self.days.end:
            self.live(now)
            while self.turns and self.turns[0] <= now:
                self.turns.pop(0)
            ends = [end for work in self.active if (end := work.through_at) is not None]
            now = min([*ends, *self.turns[:1], self.days.end])
        return self.count()

    def is_in(self, login: str, now: datetime) -> bool:
        return any(span.start <= now < span.end for span in self.available[login])

    def live(self, now: datetime) -> None:
        self.active = [each for each in self.active if not each.answered_at or each.holder]
        while self.coming and self.coming[0].came_at <= now:
            self.active.append(self.coming.pop(0))
        for work in [each for each in self.active if each.through_at == now]:
            if work.answered_at is None:
                work.stop(now)
                work.answered_at, work.at_it_since = now, now
            if work.through_at == now:
                work.stop(now)
                work.holder = ""
        for work in [each for each in self.active if each.at_it_since is not None]:
            if not self.is_in(work.holder, now):
                work.stop(now)
                if work.answered_at is None:
                    work.holder, work.at_it_before = "", NO_TIME
        for work in [each for each in self.active if each.holder and each.at_it_since is None]:
            if self.is_in(work.holder, now):
                work.at_it_since = now
        here = [each for each in self.active if each.came_at <= now and each.answered_at is None]
        self.counts.append(QueueCount(at=now, tickets=len(here)))
        lately = self.counts[-400:]
        mode = automatic_mode(self.rulebook, self.team, lately, now).mode
        order = order_of(self.rulebook, mode)
        for member in self.team.support:
            busy = any(each.holder == member.login for each in self.active)
            waiting = [each for each in here if not each.holder]
            if not busy and waiting and self.is_in(member.login, now):
                first = sorted(waiting, key=lambda each: order.key(each.ticket))[0]
                first.holder, first.at_it_since = member.login, now
        in_now = [each for each in self.available if self.is_in(each, now)]
        is_quarter = now.minute % 15 == now.second == now.microsecond == 0
        if is_quarter and in_now:
            waiting = [each for each in here if not each.holder]
            self.tell(now, mode, sorted(waiting, key=lambda each: order.key(each.ticket)))

    def tell(self, now: datetime, mode: Mode, waiting: list[Work]) -> None:
        owed = [
            each
            for each in self.active
            if self.days.start <= each.ticket.received_at <= now
            and not each.answered_at
            and not each.ticket.internal
            and each.ticket.aim_by is not None
        ]
        owed = [each for each in owed if self.may_be_told(each, mode, now)]
        if not owed:
            return
        staffed = StaffedWork.of(self.team, now)
        expected = expected_answers(
            [Waiting(each.ticket.id, each.ticket.priority) for each in waiting],
            [
                BeingAnswered(
                    each.ticket.id,
                    each.ticket.priority,
                    (each.at_it_before + (now - each.at_it_since)) / MINUTE,
                    not each.ticket.internal and each.answered_at is None,
                )
                for member in self.team.support
                for each in self.active
                if each.holder == member.login and each.at_it_since is not None
            ],
            staffed,
            self.durations,
            self.usual(now),
            self.rulebook.vocabulary.priorities,
        )
        late = [
            each
            for each in owed
            if each.ticket.id not in expected
            or expected[each.ticket.id] > (each.ticket.aim_by or now)
        ]
        for asker in {asked_by(each.ticket): None for each in late}:
            theirs = [each for each in late if asked_by(each.ticket) == asker]
            times = {each.ticket.id: self.safe(each, expected, staffed) for each in theirs}
            if self.is_due(theirs, mode, (expected, times), now):
                known = [time for time in times.values() if time is not None]
                by = max(known) if len(known) == len(theirs) else None
                self.promises.append((by, theirs))
                self.spoken_of.update(each.ticket.id for each in theirs)
                self.told.setdefault(asker, []).append((by, theirs))

    def is_due(
        self,
        late: list[Work],
        mode: Mode,
        foreseen: tuple[dict[int, datetime], dict[int, datetime | None]],
        now: datetime,
    ) -> bool:
        expected, times = foreseen
        asker = asked_by(late[0].ticket)
        if asker not in self.told:
            return mode is Mode.HARD_CHOICES
        by, spoken_of = self.told[asker][-1]
        ever = [work for _, works in self.told[asker] for work in works]
        if by is not None:
            for each in late:
                soon = expected.get(each.ticket.id)
                if each in spoken_of and (by <= now or soon is None or soon > by):
                    return True
        if mode is Mode.NORMAL or (by is not None and by > now):
            return False
        if by is None:
            return any(time is not None for time in times.values())
        return any(each not in ever for each in late)

    def may_be_told(self, work: Work, mode: Mode, now: datetime) -> bool:
        told = self.told.get(asked_by(work.ticket), [])
        by = told[-1][0] if told else None
        is_hard = mode is Mode.HARD_CHOICES
        if work.ticket.id in self.spoken_of:
            if now.minute != 0:
                return False
            return is_hard if by is None else by <= now + timedelta(hours=1)
        return is_hard and not (by is not None and by > now)

    def safe(
        self, work: Work, expected: dict[int, datetime], staffed: StaffedWork
    ) -> datetime | None:
        if work.ticket.id not in expected:
            return None
        unlearnt = margin_of((), 0.0, 0.9)
        margin = self.arrangement.margins.get(work.ticket.priority or "", unlearnt)
        return safe_by(staffed, expected[work.ticket.id], margin)

    def usual(self, now: datetime) -> UsualArrivals:
        inside = [
            each.ticket for each in self.tickets if each.ticket.received_at >= self.days.start
        ]
        counts = {each.priority or "": [0] * 168 for each in inside}
        for each in inside:
            counts[each.priority or ""][hour_of_week(each.received_at)] += 1
        two_days = [e for e in inside if now - timedelta(hours=48) <= e.received_at <= now]
        weeks = (self.days.end - self.days.start) / timedelta(days=7)
        return usual_arrivals(counts, weeks, len(two_days), now)

    def count(self) -> PlayFigures:
        start, end = self.days.start, self.days.end
        inside = [each for each in self.tickets if each.ticket.received_at >= start]
        asked = [each for each in inside if not each.ticket.internal]
        within, late = 0, 0
        for each in asked:
            by = each.ticket.respond_by
            if by is None:
                continue
            if each.answered_at is not None and each.answered_at <= by:
                within += 1
            elif each.answered_at is not None or by < end:
                late += 1
        made = [(by, tickets) for by, tickets in self.promises if by is not None]
        due = [(by, tickets) for by, tickets in made if by < end]
        kept = [by for by, all_ in due if all(e.answered_at and e.answered_at <= by for e in all_)]
        return PlayFigures(
            tickets=len(inside),
            declined=self.declined,
            contract=Kept(within=within, owed=within + late),
            late=late,
            unanswered=sum(each.answered_at is None for each in asked),
            promises_made=len(made),
            promises=PromisesKept(kept=len(kept), due=len(due), meant=self.rulebook.waits.sure),
            hard_choices=self.hard_choices(),
            longest_wait=_longest(asked, end),
        )

    def hard_choices(self) -> timedelta:
        start, end = self.days.start, self.days.end
        circumstances = Circumstances(
            rulebooks=[Since(start, self.rulebook)],
            rosters=[Since(start, self.team)],
            settings=[Since(start, None)],
            counts=self.counts,
        )
        spans = mode_spans(circumstances, start, end)
        return time_in(Mode.HARD_CHOICES, spans, start, end)


def _longest(asked: Iterable[Work], end: datetime) -> LongestWait | None:
    longest: LongestWait | None = None
    for each in sorted(asked, key=lambda work: work.ticket.id):
        waited = (each.answered_at or end) - each.ticket.received_at
        if longest is None or waited > longest.waited:
            longest = LongestWait(
                ticket=each.ticket.id,
                customer=each.ticket.customer,
                waited=waited,
                answered_at=each.answered_at,
            )
    return longest

"""The desk's team for who changes it: who is in it, and who is out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import NamedTuple

from policy.roster import time_off
from policy.roster.absence import Guidance, guidance
from policy.roster.calendar_change import CalendarEntry, Cancellation, calendar_change
from policy.roster.holders import (
    Holders,
)
from policy.roster.members import Roster, TimeOff
from policy.roster.permissions import check, marking
from policy.roster.team_file import MemberEntry
from policy.roster.time_off import Day, TimeOffChange, TimeOffEntry
from policy.tickets.actions import checked_reason
from policy.waits.promise_changes import promise_changes
from policy.words import Action
from store.desk_reader import DeskReader
from store.forecast.standing_queue import ReadSoFar
from store.notices.due_notices import Foresight
from store.notices.kept_queue import KeptQueue
from store.notices.promise_rows import open_promises
from store.queue.loads import loads
from store.queue.overview import number_one
from store.queue.query import Query, QueryField, Term
from store.schema.desk_settings import count_roster_change
from store.session import Session
from store.team.calendar_entries import IDS, calendar_entries, ids_kept, ids_of
from store.team.roster_reading import entries_of, roster_of
from store.team.roster_rows import (
    change_time_off,
    put_at_capacity,
    put_members,
    time_off_facts,
)
from store.team.team_models import Consequence
from store.team.team_reading import TeamReading
from store.tickets.assignees import match_assignees
from store.tickets.ticket_writer import Writer


class TeamDesk(TeamReading):
    """The team and its time off, for who changes them."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._kept_queue = KeptQueue()

    def import_members(self, entries: Sequence[MemberEntry]) -> Roster:
        """Make these the team; time off stays with those who stay, whole days the same dates.

        Tickets of whom a source calls otherwise, by address or in other capitals, become theirs.

        Raises:
            Refusal: this person may not, or a country's holidays are not known.
        """
        with self._session.transaction():
            if self._put_members(entries):
                with self._session.write(undoable=False) as (writer, reader):
                    match_assignees(writer, reader)
        return self.roster()

    def _put_members(self, entries: Sequence[MemberEntry]) -> bool:
        """Make these the team, and return whether that changes it."""
        with self._session.write(Action.IMPORT_TEAM) as (writer, reader):
            roster, before = reader.roster, entries_of(writer.connection)
            if before == tuple(entries):
                return False
            gone = put_members(writer.connection, entries)
            removed, added = _moved(roster, roster_of(writer.connection, reader.now))
            change_time_off(writer.connection, removed, added)
            self._roster_changed(
                writer,
                "team_imported",
                before={
                    "members": [entry.as_plain() for entry in before],
                    "time_off": [time_off_facts(off) for off in (*gone, *removed)],
                },
                after={
                    "members": [entry.as_plain() for entry in entries],
                    "time_off": [time_off_facts(off) for off in added],
                    **ids_kept(writer.connection, removed, added),
                },
                note=f"{len(entries)} members",
            )
        return True

    def mark_out(
        self, login: str, start: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> str:
        """Mark a member out, and return the sentence that says from when until when.

        "One that begins now or inside a running one, with the same reason given, changes that
        one's end; any other is an entry of its own."

        Raises:
            Refusal: this person may not, the login is unknown, the times make no sense, or the
                same is entered already.
        """
        return self._change(self._out(_Absence(login, start, until, reason)))

    def change_absence(
        self,
        login: str,
        which: TimeOffEntry,
        start: Day | None,
        until: Day | None,
        reason: str = "",
    ) -> str:
        """Let one entry of a member's time off read otherwise; say how.

        Raises:
            Refusal: this person may not, the login or the entry is unknown, or the times make no
                sense.
        """
        return self._change(self._out(_Absence(login, start, until, reason), which))

    def mark_back(
        self, login: str, *, everything: bool = False, which: TimeOffEntry | None = None
    ) -> str:
        """End the time off that began last, or all that runs, or cancel the next; say which.

        ``which`` says another entry that ends or is cancelled.

        Raises:
            Refusal: this person may not, the login or the entry is unknown, or they are not out.
        """
        return self._change(_back(login, everything=everything, which=which))

    def if_out(
        self, login: str, start: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> Consequence:
        """Return what marking a member out would do; nothing is changed."""
        return self._consequence(self._out(_Absence(login, start, until, reason)))

    def if_changed(
        self,
        login: str,
        which: TimeOffEntry,
        start: Day | None,
        until: Day | None,
        reason: str = "",
    ) -> Consequence:
        """Return what changing an entry of a member's time off would do; nothing is changed."""
        return self._consequence(self._out(_Absence(login, start, until, reason), which))

    def if_back(
        self, login: str, *, everything: bool = False, which: TimeOffEntry | None = None
    ) -> Consequence:
        """Return what marking a member back would do; nothing is changed."""
        return self._consequence(_back(login, everything=everything, which=which))

    def set_at_capacity(self, login: str, at_capacity: bool) -> str:
        """Say that a member takes no new tickets, or takes them again; return the sentence.

        Raises:
            Refusal: this person may not, or the login is unknown. Everybody may say it of
                themselves.
        """
        with self._session.write() as (writer, reader):
            member = reader.roster.known(login)
            writer.journal.wanted = marking(reader.roster, writer.actor, login)
            if writer.journal.wanted is not Action.MARK_ONESELF:
                check(writer.journal.wanted, writer.actor, reader.roster)
            put_at_capacity(writer.connection, member.login, at_capacity)
            self._roster_changed(
                writer,
                "at_capacity_set",
                before={"login": member.login, "at_capacity": member.at_capacity},
                after={"login": member.login, "at_capacity": at_capacity},
                note="",
            )
        takes = "takes no new tickets" if at_capacity else "takes new tickets again"
        return f"{member.name} {takes}."

    def take_in_calendar(
        self,
        source: str,
        found: Sequence[CalendarEntry],
        *,
        login: str | None = None,
        since: datetime | None = None,
        cancelled: Sequence[Cancellation] = (),
        replaces: bool = True,
    ) -> tuple[int, int]:
        """Take over what a calendar says in place of what it said before.

        ``source`` names the calendar, ``login`` whose it is, None for everybody's. What was over
        by ``since`` (UTC), further back than was looked, stays. What is ``cancelled`` goes; a
        calendar that is nothing but a cancellation ``replaces`` nothing. Returns how many came and
        went.

        Raises:
            Refusal: this person may not, or the login is unknown.
        """
        with self._session.write(Action.CHANGE_WHO_IS_OUT) as (writer, reader):
            roster = reader.roster
            of = roster.time_off if login is None else roster.off(roster.known(login).login)
            said = [
                off
                for off in of
                if off.source is not None and (since is None or off.interval.end > since)
            ]
            known = calendar_entries(writer.connection, said, with_ids=bool(cancelled))
            change = calendar_change(roster, source, known, found, cancelled, replaces=replaces)
            come = [entry.off for entry in change.come]
            if come or change.gone:
                change_time_off(writer.connection, change.gone, come)
                self._roster_changed(
                    writer,
                    "calendar_read",
                    before={"time_off": [time_off_facts(off) for off in change.gone]},
                    after={
                        "time_off": [time_off_facts(off) for off in come],
                        IDS: ids_of(change.come),
                    },
                    note=source,
                )
        return len(come), len(change.gone)

    def _out(self, wanted: "_Absence", which: TimeOffEntry | None = None) -> "_Marking":
        """Return what marks somebody out, or changes one entry."""

        def change(roster: Roster, now: datetime) -> TimeOffChange:
            entered = time_off.time_off_between(
                roster.known(wanted.login),
                wanted.start,
                wanted.until,
                now,
                reason=checked_reason(wanted.reason),
                entered_by=self._session.actor,
            )
            if which is None:
                return time_off.out(roster, entered, now)
            return time_off.changed(roster, which, entered, now)

        return _Marking("marked_out", wanted.login, change)

    def _change(self, wanted: "_Marking") -> str:
        with self._session.write() as (writer, reader):
            writer.journal.wanted = self._right_to(wanted, reader.roster)
            check(writer.journal.wanted, writer.actor, reader.roster)
            changed = wanted.change(reader.roster, writer.now)
            change_time_off(writer.connection, changed.removed, changed.added)
            self._roster_changed(
                writer,
                wanted.kind,
                before={"time_off": [time_off_facts(off) for off in changed.removed]},
                after={
                    "time_off": [time_off_facts(off) for off in changed.added],
                    **ids_kept(writer.connection, changed.removed, changed.added),
                },
                note=changed.sentence,
            )
            return changed.sentence

    def _right_to(self, wanted: "_Marking", roster: Roster) -> Action:
        return marking(roster, self._session.actor, wanted.login)

    def _roster_changed(
        self,
        writer: Writer,
        kind: str,
        *,
        before: dict[str, object],
        after: dict[str, object],
        note: str,
    ) -> None:
        count_roster_change(writer.connection)
        writer.journal.append(kind, before=before, after=after, note=note)

    def _consequence(self, wanted: "_Marking") -> Consequence:
        with self._session.read() as reader:
            check(self._right_to(wanted, reader.roster), self._session.actor, reader.roster)
            change = wanted.change(reader.roster, reader.now)
            after = change.applied_to(reader.roster)
            is_out = wanted.kind == "marked_out"
            login = reader.roster.known(wanted.login).login
            with self._queue_known(reader) as read:
                foresight = Foresight(reader, read)
                now, then = foresight.state(), foresight.state(after)
            promises = open_promises(reader.connection, reader.now)
            return Consequence(
                sentence=change.sentence,
                guidance=self._guidance(reader, change, login) if is_out else None,
                before=now.capacity,
                after=then.capacity,
                number_one_before=number_one(reader),
                number_one_after=number_one(reader, after),
                holders_before=reader.holders,
                holders_after=Holders(after, reader.now),
                answers=promise_changes(now.forecasts, then.forecasts, promises, reader.now),
            )

    def _queue_known(self, reader: DeskReader) -> AbstractContextManager[ReadSoFar]:
        """Return what is known of the queue; nothing inside a change that may be taken back."""
        if self._session.is_writing:
            return nullcontext(ReadSoFar())
        return self._kept_queue.of(reader, self._session.database.files)

    def _guidance(self, reader: DeskReader, change: TimeOffChange, login: str) -> Guidance:
        theirs = Query(terms=(Term(QueryField.ASSIGNEE, (login,)),))
        return guidance(
            reader.rulebook,
            reader.roster,
            change,
            reader.now,
            tickets=reader.page(theirs, 0, None),
            loads={load.login: load.total for load in loads(reader)},
            timezone=_timezone_of(reader),
        )


class _Absence(NamedTuple):
    """Whom to mark out, from when until when, and why."""

    login: str
    start: Day | None
    until: Day | None
    reason: str


class _Marking(NamedTuple):
    """Who is marked out or back, as an event of which kind, and what becomes of their time off."""

    kind: str
    login: str
    change: Callable[[Roster, datetime], TimeOffChange]


def _back(login: str, *, everything: bool, which: TimeOffEntry | None) -> _Marking:
    def change(roster: Roster, now: datetime) -> TimeOffChange:
        return time_off.back(roster, login, now, everything=everything, which=which)

    return _Marking("marked_back", login, change)


def _moved(before: Roster, after: Roster) -> tuple[list[TimeOff], list[TimeOff]]:
    """Return the time off of those whose zone has changed: as it was, and as it is there."""
    moved = [
        (off, time_off.moved(off, before.by_login[login], member))
        for login, member in after.by_login.items()
        if login in before.by_login
        and before.by_login[login].hours.timezone != member.hours.timezone
        for off in after.off(login)
    ]
    changed = [(off, there) for off, there in moved if off.interval != there.interval]
    return [off for off, _ in changed], [there for _, there in changed]


def _timezone_of(reader: DeskReader) -> str:
    """Return the zone in which this person reads times: their own, else the calendar's."""
    member = reader.roster.by_login.get(reader.login)
    return reader.rulebook.contract_calendar.timezone if member is None else member.hours.timezone

"""The desk's team: who is in it, who is out, and who covers our hours."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from policy.capacity.levels import Capacity
from policy.roster import time_off
from policy.roster.absence import Guidance, guidance
from policy.roster.coverage import coverage, gaps
from policy.roster.members import Roster, TimeOff
from policy.roster.permissions import check, refusal_for
from policy.roster.team_file import MemberEntry
from policy.roster.time_off import TimeOffChange
from policy.tickets.actions import checked_reason
from policy.words import Action, Role
from store.desk_reader import DeskReader
from store.notices.due_notices import capacity_state
from store.queue.overview import loads, number_one
from store.queue.query import Query, QueryField, Term
from store.read_models import Consequence, CoverageView
from store.schema.desk_settings import count_roster_change
from store.session import ReadSession, Session
from store.team.roster_rows import change_time_off, entries_of, put_members, time_off_facts
from store.tickets.ticket_writer import Writer

Day = date | datetime
"""A time in UTC, or a whole day in the member's own zone."""


class TeamReading:
    """The team: its members, their hours, and who may do what."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def roster(self) -> Roster:
        """Return the team and all of its time off."""
        with self._session.read() as reader:
            return reader.roster

    def entries(self) -> tuple[MemberEntry, ...]:
        """Return the members as the team file says them, for ``team --export``."""
        with self._session.read() as reader:
            return entries_of(reader.connection)

    def capacity(self) -> Capacity:
        """Return the level now, why, and who is in and arriving."""
        with self._session.read() as reader:
            return reader.capacity

    def coverage(self, start: datetime, end: datetime) -> CoverageView:
        """Return who is scheduled and available from ``start`` to ``end``, and the gaps (UTC)."""
        with self._session.read() as reader:
            roster, calendar = reader.roster, reader.rulebook.contract_calendar
        return CoverageView(
            start=start,
            end=end,
            covers=tuple(coverage(roster, start, end)),
            gaps=tuple(gaps(roster, calendar, start, end)) if roster.support else (),
        )

    def role(self) -> Role | None:
        """Return the role of this person, None for who is not in the team."""
        with self._session.read() as reader:
            member = reader.roster.by_login.get(self._session.actor)
            return None if member is None else member.role

    def refusal_of(self, action: Action) -> str | None:
        """Return why this person may not do an action, None when they may."""
        with self._session.read() as reader:
            return refusal_for(action, self._session.actor, reader.roster)


class TeamDesk(TeamReading):
    """The team and its time off, for who changes them."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def import_members(self, entries: Sequence[MemberEntry]) -> Roster:
        """Make these the team; time off stays with those who stay.

        Raises:
            Refusal: this person may not, or a country's holidays are not known.
        """
        with self._session.write(Action.IMPORT_TEAM) as (writer, _):
            before = entries_of(writer.connection)
            if before == tuple(entries):
                return self.roster()
            gone = put_members(writer.connection, entries)
            self._roster_changed(
                writer,
                "team_imported",
                before={
                    "members": [entry.model_dump(mode="json") for entry in before],
                    "time_off": [time_off_facts(off) for off in gone],
                },
                after={
                    "members": [entry.model_dump(mode="json") for entry in entries],
                    "time_off": [],
                },
                note=f"{len(entries)} members",
            )
        return self.roster()

    def mark_out(
        self, login: str, start: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> str:
        """Mark a member out, and return the sentence that says from when until when.

        Raises:
            Refusal: this person may not, the login is unknown, or the times make no sense.
        """
        return self._change_time_off(
            "marked_out",
            lambda roster, now: self._out(roster, now, _Absence(login, start, until, reason)),
        )

    def mark_back(self, login: str) -> str:
        """End a member's time off now, or cancel what is to come; return the sentence for it.

        Raises:
            Refusal: this person may not, the login is unknown, or they are not out.
        """
        return self._change_time_off(
            "marked_back", lambda roster, now: time_off.back(roster, login, now)
        )

    def if_out(
        self, login: str, start: Day | None = None, until: Day | None = None, reason: str = ""
    ) -> Consequence:
        """Return what marking a member out would do; nothing is changed."""
        with self._session.read() as reader:
            change = self._out(reader.roster, reader.now, _Absence(login, start, until, reason))
            return self._consequence(reader, change, login)

    def if_back(self, login: str) -> Consequence:
        """Return what marking a member back would do; nothing is changed."""
        with self._session.read() as reader:
            change = time_off.back(reader.roster, login, reader.now)
            return self._consequence(reader, change, None)

    def set_at_capacity(self, login: str, at_capacity: bool) -> str:
        """Say that a member takes no new tickets, or takes them again; return the sentence.

        Raises:
            Refusal: this person may not, or the login is unknown. Everybody may say it of
                themselves.
        """
        wanted = () if login == self._session.actor else (Action.CHANGE_WHO_IS_OUT,)
        with self._session.write(*wanted) as (writer, reader):
            member = reader.roster.known(login)
            entries = [
                entry.model_copy(update={"at_capacity": at_capacity})
                if entry.login == login
                else entry
                for entry in entries_of(writer.connection)
            ]
            put_members(writer.connection, entries)
            self._roster_changed(
                writer,
                "at_capacity_set",
                before={"login": login, "at_capacity": member.at_capacity},
                after={"login": login, "at_capacity": at_capacity},
                note="",
            )
        takes = "takes no new tickets" if at_capacity else "takes new tickets again"
        return f"{member.name} {takes}."

    def take_in_time_off(
        self,
        source: str,
        found: Sequence[TimeOff],
        *,
        login: str | None = None,
        since: datetime | None = None,
    ) -> tuple[int, int]:
        """Take over what a calendar says in place of what it said before.

        ``source`` names the calendar, ``login`` whose it is, None for everybody's. What was over
        by ``since`` (UTC), further back than was looked, stays. Returns how many came and went.

        Raises:
            Refusal: this person may not, or the login is unknown.
        """
        with self._session.write(Action.CHANGE_WHO_IS_OUT) as (writer, reader):
            roster = reader.roster
            of = roster.time_off if login is None else roster.off(roster.known(login).login)
            said = [
                off
                for off in of
                if off.source == source and (since is None or off.interval.end > since)
            ]
            facts = {_facts(off) for off in said}
            come = [off for off in found if _facts(off) not in facts]
            wanted = {_facts(off) for off in found}
            gone = [off for off in said if _facts(off) not in wanted]
            if come or gone:
                change_time_off(writer.connection, gone, come)
                self._roster_changed(
                    writer,
                    "calendar_read",
                    before={"time_off": [time_off_facts(off) for off in gone]},
                    after={"time_off": [time_off_facts(off) for off in come]},
                    note=source,
                )
        return len(come), len(gone)

    def _out(self, roster: Roster, now: datetime, wanted: "_Absence") -> TimeOffChange:
        member = roster.known(wanted.login)
        entered = time_off.time_off_between(
            member,
            wanted.start,
            wanted.until,
            now,
            reason=checked_reason(wanted.reason),
            entered_by=self._session.actor,
        )
        return time_off.out(roster, entered)

    def _change_time_off(
        self, kind: str, change: Callable[[Roster, datetime], TimeOffChange]
    ) -> str:
        with self._session.write(Action.CHANGE_WHO_IS_OUT) as (writer, reader):
            changed = change(reader.roster, writer.now)
            change_time_off(writer.connection, changed.removed, changed.added)
            self._roster_changed(
                writer,
                kind,
                before={"time_off": [time_off_facts(off) for off in changed.removed]},
                after={"time_off": [time_off_facts(off) for off in changed.added]},
                note=changed.sentence,
            )
            return changed.sentence

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

    def _consequence(
        self, reader: DeskReader, change: TimeOffChange, login: str | None
    ) -> Consequence:
        check(Action.CHANGE_WHO_IS_OUT, self._session.actor, reader.roster)
        return Consequence(
            sentence=change.sentence,
            guidance=None if login is None else self._guidance(reader, change, login),
            before=capacity_state(reader),
            after=capacity_state(reader, change.applied_to(reader.roster)),
            number_one_before=number_one(reader),
            number_one_after=number_one(reader, change.applied_to(reader.roster)),
        )

    def _guidance(self, reader: DeskReader, change: TimeOffChange, login: str) -> Guidance:
        mine = Query(terms=(Term(QueryField.ASSIGNEE, (login,)),))
        return guidance(
            reader.rulebook,
            reader.roster,
            change,
            reader.now,
            tickets=reader.page(mine, 0, None),
            loads={load.login: load.total for load in loads(reader)},
            timezone=_timezone_of(reader),
        )


class _Absence(NamedTuple):
    """Whom to mark out, from when until when, and why."""

    login: str
    start: Day | None
    until: Day | None
    reason: str


def _facts(off: TimeOff) -> tuple[object, ...]:
    return off.login, off.start, off.until, off.reason


def _timezone_of(reader: DeskReader) -> str:
    """Return the zone in which this person reads times: their own, else the calendar's."""
    member = reader.roster.by_login.get(reader.login)
    return reader.rulebook.calendar.timezone if member is None else member.hours.timezone

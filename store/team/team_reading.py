"""The team as it is read: its members, who is out, who covers our hours, who has left tickets."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col

from policy.capacity.levels import Capacity
from policy.roster.holders import (
    AssignmentWarning,
    AwayReason,
    Holders,
    candidates,
    warning_of,
)
from policy.roster.members import Roster
from policy.roster.permissions import refusal_for
from policy.roster.team_file import MemberEntry
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES, Action, Role, Status
from store.desk_reader import DeskReader
from store.engines.statements import spellings
from store.queue.loads import loads
from store.queue.query import Query, QueryField, Scope, Term
from store.read_models import CoverageView
from store.schema.tables import TicketRow
from store.session import ReadSession
from store.team.covered import coverage_of
from store.team.roster_reading import entries_of


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
            return coverage_of(reader, start, end)

    def holders(self) -> Holders:
        """Return who can be reckoned with now for the tickets they have."""
        with self._session.read() as reader:
            return reader.holders

    def warning_of(self, login: str, tickets: Sequence[int]) -> AssignmentWarning | None:
        """Return what speaks against giving tickets to somebody, None where nothing does.

        Raises:
            Refusal: one of the tickets does not exist.
        """
        with self._session.read() as reader:
            due = [reader.ticket(each).respond_by for each in tickets]
            had = {load.login: load.total for load in loads(reader)}
            return warning_of(reader.holders, login, due, candidates(reader.holders, had))

    def left_behind(self, before: Holders) -> tuple[Ticket, ...]:
        """Return the open tickets of whoever held tickets ``before`` and does no longer.

        They are gone from the team, or neither support nor lead any more.
        """
        with self._session.read() as reader:
            logins = spellings(
                reader.connection,
                col(TicketRow.assignee),
                lambda login: not _is_gone(before, login) and _is_gone(reader.holders, login),
            )
            return _open_tickets(reader, tuple(logins)) if logins else ()

    def role(self) -> Role | None:
        """Return the role of this person, None for who is not in the team."""
        with self._session.read() as reader:
            member = reader.roster.member(self._session.actor)
            return None if member is None else member.role

    def refusal_of(self, action: Action) -> str | None:
        """Return why this person may not do an action, None when they may."""
        with self._session.read() as reader:
            return refusal_for(action, self._session.actor, reader.roster)


def _is_gone(holders: Holders, login: str) -> bool:
    """Return whether somebody holds no tickets, whenever that is."""
    absence = holders.absence(login)
    return absence is not None and absence.why in _FOR_GOOD


_FOR_GOOD = (AwayReason.NOT_IN_THE_TEAM, AwayReason.NOT_IN_SUPPORT)


def _open_tickets(reader: DeskReader, logins: tuple[str, ...]) -> tuple[Ticket, ...]:
    statuses = tuple(status for status in Status if status not in DECIDED_STATUSES)
    terms = (Term(QueryField.ASSIGNEE, logins), Term(QueryField.STATUS, statuses))
    found = reader.page(Query(Scope.ALL, terms), 0, None)
    return tuple(each for each in found if each.declined is None)

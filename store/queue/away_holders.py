"""Which tickets somebody has who is away, as a condition of SQL: "then it counts as nobody's".

The policy says of each login that tickets have whether it is here, away, or away from what is due
before it comes; there are few logins, however many tickets have them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, case, false, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from policy.roster.holders import AwayReason, Holders
from policy.roster.members import FOREVER
from store.schema.column_types import Instant
from store.schema.tables import OrderRow, TicketRow


class AwayHolders:
    """Finds the tickets of who is away, in one transaction at one time.

    ``assignees`` gives every login that tickets have, as they spell it.
    """

    def __init__(
        self, connection: Connection, holders: Holders, assignees: Callable[[], Sequence[str]]
    ) -> None:
        self._connection = connection
        self._holders = holders
        self._assignees = assignees

    @property
    def tickets(self) -> ColumnElement[bool]:
        """The condition that a ticket has a holder who is away; false, never unknown, if not."""
        return self._condition(col(TicketRow.assignee), col(TicketRow.respond_by))

    @property
    def in_order(self) -> ColumnElement[bool]:
        """The same condition of a ticket's row in the order's table."""
        return self._condition(col(OrderRow.assignee), col(OrderRow.respond_by))

    def counted(self, totals: Mapping[str, int]) -> dict[str, int]:
        """Return how many of somebody's tickets in the queue count as nobody's, by the assignee.

        ``totals`` is how many they have; only of those who come back are they counted.
        """
        absences = {login: self._holders.absence(login) for login in totals}
        off = {
            login: FOREVER if absence.until is None else absence.until
            for login, absence in absences.items()
            if absence is not None and absence.why is AwayReason.OFF
        }
        counts = {
            login: totals[login]
            for login, absence in absences.items()
            if absence is not None and login not in off
        }
        return counts | self._due_before(off)

    def _due_before(self, off: Mapping[str, datetime]) -> dict[str, int]:
        """Return how many tickets of each in the queue are due before that person comes."""
        if not off:
            return {}
        assignee = col(OrderRow.assignee)
        due = _due_before_they_come(assignee, col(OrderRow.respond_by), off)
        counted = select(assignee, func.count()).where(assignee.in_(off), due).group_by(assignee)
        return {login: count for login, count in self._connection.execute(counted) if login}

    def _condition(self, assignee: Any, respond_by: Any) -> ColumnElement[bool]:
        if not self._holders.roster.members:
            return false()
        away = assignee.not_in([*self._here, *self._off])
        if self._off:
            away = or_(away, _due_before_they_come(assignee, respond_by, self._off))
        return and_(assignee.is_not(None), away)

    @cached_property
    def _here(self) -> list[str]:
        """The assignees who are here, as tickets spell them."""
        return [login for login in self._assignees() if self._holders.absence(login) is None]

    @cached_property
    def _off(self) -> dict[str, datetime]:
        """When each of the assignees comes who are off, as tickets spell them (UTC)."""
        found = filter(self._is_off, self._assignees())
        comes = {login: self._holders.absence(login) for login in found}
        return {
            login: FOREVER if absence is None or absence.until is None else absence.until
            for login, absence in comes.items()
        }

    def _is_off(self, login: str) -> bool:
        absence = self._holders.absence(login)
        return absence is not None and absence.why is AwayReason.OFF


def _due_before_they_come(
    assignee: Any, respond_by: Any, off: Mapping[str, datetime]
) -> ColumnElement[bool]:
    """Return the condition that an answer is due before whoever has the ticket comes."""
    comes = case(
        {login: literal(until, Instant) for login, until in off.items()},
        value=assignee,
        else_=respond_by,  # before itself it never is
    )
    return and_(respond_by.is_not(None), respond_by < comes)

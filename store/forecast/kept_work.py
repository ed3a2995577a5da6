"""Keeps who has which ticket in hand since when, and how long each took them, as tickets change.

"How long it takes from picking up to a first answer, and how long a ticket keeps somebody busy,
comes from the desk's own last 90 days by priority."
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlmodel import col

from policy.roster.coverage import available_hours
from policy.roster.members import Roster
from policy.ticket import Ticket
from store.schema.column_types import Instant
from store.schema.kept_names import ANSWER, BUSY
from store.schema.promise_tables import DurationRow, PickUpRow

"""What a duration measures: until the first answer, or until its person is free again."""

_TICKET, _LOGIN = col(PickUpRow.ticket_id), col(PickUpRow.login)
_PICKED_UP = select(_TICKET, _LOGIN, col(PickUpRow.since), col(PickUpRow.answered_at)).where(
    _TICKET.in_(bindparam("ids", expanding=True))
)
_PUT_DOWN = delete(PickUpRow).where(bindparam("that_ticket") == _TICKET)
_ANSWERED = (
    update(PickUpRow)
    .where(bindparam("that_ticket") == _TICKET)
    .values(answered_at=bindparam("new_answered_at", type_=Instant))
)
_LAST_DONE = select(func.max(col(DurationRow.ended_at))).where(
    col(DurationRow.login) == bindparam("that_login"),
    col(DurationRow.ticket_id) != bindparam("that_ticket"),
    col(DurationRow.ended_at) <= bindparam("at", type_=Instant),
)
_FORGET = delete(DurationRow).where(
    col(DurationRow.ticket_id) == bindparam("that_ticket"),
    col(DurationRow.ended_at) == bindparam("at", type_=Instant),
)
_FEW = 500
_LONGEST = 24 * 60
"""Minutes of somebody's own hours: nobody is at one ticket longer, it only has their name on it."""


class ChangedTicket(Protocol):
    """A ticket before and after a change."""

    @property
    def before(self) -> Ticket | None:
        """The ticket before, None for one that came."""

    @property
    def after(self) -> Ticket:
        """The ticket after."""


def answered_at(before: Ticket, after: Ticket) -> datetime | None:
    """Return when the answer was given that ended the customer's wait (UTC), None without one."""
    if not before.owed or after.last_response_at is None:
        return None
    same_wait = after.waiting_since == before.waiting_since
    is_new = before.last_response_at is None or after.last_response_at > before.last_response_at
    return after.last_response_at if is_new and not same_wait else None


def keep_work(
    connection: Connection,
    changes: Sequence[ChangedTicket],
    now: datetime,
    roster: Roster | None,
) -> None:
    """Write down who picked up and put down which tickets, and how long those took, at ``now``.

    Nothing without a team, whose hours say how long something took.
    """
    if roster is not None and roster.support:
        _WorkKeeper(connection, roster, now).keep(changes)


@dataclass(frozen=True, slots=True)
class _WorkKeeper:
    """Keeps what work takes, in one transaction at one time (UTC), by the team's hours."""

    connection: Connection
    roster: Roster
    now: datetime

    def keep(self, changes: Sequence[ChangedTicket]) -> None:
        """Write down who picked up and put down which tickets, and how long those took.

        What came with somebody's name on it was picked up nobody knows when, and is left out.
        """
        concerned = [each for each in changes if _in_hand(each.before) or _in_hand(each.after)]
        known = self._known([each.after.id for each in concerned])
        new = []
        for change in concerned:
            if change.before is None:
                continue
            kept = known.get(change.after.id)
            if kept is not None:
                kept = self._still_in_hand(kept, change.before, change.after)
            has = _in_hand(change.after)
            if has is not None and kept is None and self._is_picked_up(change, known):
                new.append({"ticket_id": change.after.id, "login": has, "since": self.now})
        if new:
            self.connection.execute(insert(PickUpRow), new)

    def _is_picked_up(self, change: ChangedTicket, known: Mapping[int, Any]) -> bool:
        """Return whether a ticket came into somebody's hands, or a customer wrote anew in it."""
        return change.after.id in known or _in_hand(change.before) != _in_hand(change.after)

    def _known(self, ids: Sequence[int]) -> Mapping[int, Any]:
        found: dict[int, Any] = {}
        for start in range(0, len(ids), _FEW):
            rows = self.connection.execute(_PICKED_UP, {"ids": ids[start : start + _FEW]})
            found |= {row.ticket_id: row for row in rows}
        return found

    def _still_in_hand(self, kept: Any, before: Ticket, after: Ticket) -> Any | None:
        """Write what came of a ticket in hand; return what is kept, None where it is put down."""
        if kept.answered_at is not None and _is_owed_again(after, kept.answered_at):
            return self._unanswered(kept)
        answer = None if kept.answered_at is not None else answered_at(before, after)
        if answer is not None:
            self._measured(kept, after, ANSWER, answer)
        is_answered = kept.answered_at is not None or answer is not None
        waits_anew = is_answered and after.owed
        if _in_hand(after) == kept.login and not waits_anew:
            if answer is not None:
                values = {"that_ticket": after.id, "new_answered_at": answer}
                self.connection.execute(_ANSWERED, values)
            return kept
        if is_answered and not waits_anew:
            self._measured(kept, after, BUSY, self.now)
        self.connection.execute(_PUT_DOWN, {"that_ticket": after.id})
        return None

    def _unanswered(self, kept: Any) -> Any:
        """Forget an answer that was taken back, or failed for good."""
        those = {"that_ticket": kept.ticket_id, "at": kept.answered_at}
        self.connection.execute(_FORGET, those)
        self.connection.execute(_ANSWERED, {"that_ticket": kept.ticket_id, "new_answered_at": None})
        return kept

    def _measured(self, kept: Any, ticket: Ticket, kind: str, ended_at: datetime) -> None:
        """Write down how long a ticket took whoever had it, of their hours.

        Somebody who has several is at one at a time: what they ended before it counts for that.
        """
        member = self.roster.member(kept.login)
        if member is None or ticket.priority is None or ended_at <= kept.since:
            return
        those = {"that_login": member.login, "that_ticket": ticket.id, "at": ended_at}
        done = self.connection.scalar(_LAST_DONE, those)
        start = kept.since if done is None else max(kept.since, done)
        hours = available_hours(self.roster, member, start, ended_at)
        minutes = sum((each.end - each.start).total_seconds() for each in hours) / 60
        if 0 < minutes <= _LONGEST:
            row = {
                "login": member.login,
                "ticket_id": ticket.id,
                "priority": ticket.priority,
                "kind": kind,
                "ended_at": ended_at,
                "minutes": minutes,
            }
            self.connection.execute(insert(DurationRow), row)


def _in_hand(ticket: Ticket | None) -> str | None:
    """Return who has a ticket whose next step is ours, None where nobody has it or it rests."""
    return ticket.assignee if ticket is not None and ticket.actionable else None


def _is_owed_again(ticket: Ticket, answered: datetime) -> bool:
    """Return whether a ticket is owed since before the answer that it had."""
    waiting_since = ticket.waiting_since
    return ticket.owed and waiting_since is not None and waiting_since < answered

"""Whose a ticket is by what a source says: "a help desk's agent is matched to a member".

"By e-mail address or login. A source's unknown assignee is kept as it is."
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from policy.names import same_name
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.words import Status
from store.desk_reader import DeskReader
from store.engines.statements import spellings
from store.schema.tables import TicketRow
from store.tickets.ticket_writer import TicketUpdate, Writer

MATCHED = "assignee_matched"
"""The kind of the event by which a ticket's assignee turned out to be a member of the team."""

_AT_ONCE = 500
_ASSIGNEE = col(TicketRow.assignee)


def assigned_in_the_team(updates: Sequence[TicketUpdate], roster: Roster) -> list[TicketUpdate]:
    """Return the updates with the members' own logins, where they say whose a ticket is now."""
    return [_in_the_team(update, roster) for update in updates]


def match_assignees(writer: Writer, reader: DeskReader) -> None:
    """Write the members' own logins onto the tickets that name them by address, or otherwise.

    So what came before there was a team is theirs once there is one. What is closed stays.
    """
    roster = reader.roster
    otherwise = spellings(writer.connection, _ASSIGNEE, lambda each: roster.login_of(each) != each)
    found = select(col(TicketRow.id)).where(
        _ASSIGNEE.in_(otherwise), col(TicketRow.status) != Status.CLOSED
    )
    ids = [number for number in writer.connection.scalars(found) if number is not None]
    for start in range(0, len(ids), _AT_ONCE):
        tickets = reader.each(ids[start : start + _AT_ONCE])
        writer.write([_matched(ticket, roster) for ticket in tickets])


def _in_the_team(change: TicketUpdate, roster: Roster) -> TicketUpdate:
    after, before = change.after, change.before
    if after.assignee is None or (before is not None and before.assignee == after.assignee):
        return change
    login = roster.login_of(after.assignee)
    if before is not None and same_name(before.assignee, login):
        login = before.assignee or login
    if login == after.assignee:
        return change
    return replace(change, after=replace(after, assignee=login))


def _matched(ticket: Ticket, roster: Roster) -> TicketUpdate:
    login = roster.login_of(ticket.assignee or "")
    return TicketUpdate(before=ticket, after=replace(ticket, assignee=login), kind=MATCHED)

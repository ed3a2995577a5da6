"""The desk's part for: handing over at the end of a shift."""

from sqlalchemy import select
from sqlmodel import col

from policy.names import same_name
from policy.report.shift_note import HANDED_OVER_STATUSES, ShiftState, about, grouped, next_step_of
from policy.ticket import Ticket
from policy.tickets import actions
from store.desk_reader import DeskReader
from store.history.shift_models import HandedOn, HeldByAway, ShiftNote
from store.notices import promise_rows
from store.notices.notice_models import Notice
from store.queue.overview import overview
from store.queue.query import Query, QueryField, Scope, State, Term
from store.schema.tables import BodyRow
from store.session import ReadSession
from store.time.entry_rows import running_of

TICKETS_AT_MOST = 100
"""How many tickets a note has; whoever has more hands over by other means too."""

EVENTS_OF_EACH = 5
ABOUT_AT_MOST = 280


class ShiftReading:
    """What a person hands over at the end of a shift."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def handover_note(self, login: str | None = None) -> ShiftNote:
        """Return what ``login`` (None: this person) hands over: what is theirs, and what is next.

        Raises:
            Refusal: the login is none, or is neither in the team nor has any ticket.
        """
        if login is not None:
            actions.check_login(login)
        with self._session.read() as reader:
            login = reader.login if login is None else reader.roster.login_of(login)
            query = _open_tickets_of(login)
            tickets = reader.page(query, 0, TICKETS_AT_MOST)
            member = reader.roster.by_login.get(login)
            if not tickets and not same_name(login, reader.login) and reader.roster.members:
                member = reader.roster.known(login)
            groups = grouped(tickets)
            return ShiftNote(
                login=login,
                name=login if member is None else member.name,
                overview=overview(reader),
                tickets=tuple(
                    _handed_on(reader, ticket, standing)
                    for standing, group in groups.items()
                    for ticket in group
                ),
                left_out=reader.search.total(query) - len(tickets),
                away=_held_by_who_is_away(reader, login),
                promises=_promises(reader, login, {ticket.id for ticket in tickets}),
                timer=running_of(reader.connection, login),
            )


def _open_tickets_of(login: str) -> Query:
    statuses = tuple(status.value for status in HANDED_OVER_STATUSES)
    return Query(
        Scope.ALL, (Term(QueryField.ASSIGNEE, (login,)), Term(QueryField.STATUS, statuses))
    )


def _held_by_who_is_away(reader: DeskReader, login: str) -> tuple[HeldByAway, ...]:
    """Return what others have who are away, in the order; ``login``'s own stands in the note."""
    statuses = tuple(status.value for status in HANDED_OVER_STATUSES)
    others = Query(
        Scope.ALL,
        (
            Term(QueryField.IS, (State.AWAY.value,)),
            Term(QueryField.STATUS, statuses),
            Term(QueryField.ASSIGNEE, (login,), negated=True),
        ),
    )
    return tuple(
        HeldByAway(ticket=ticket, holder_away=away, position=reader.position(ticket.id))
        for ticket in reader.page(others, 0, TICKETS_AT_MOST)
        if ticket.declined is None and (away := reader.holders.away(ticket)) is not None
    )


def _handed_on(reader: DeskReader, ticket: Ticket, standing: ShiftState) -> HandedOn:
    body = reader.connection.scalar(
        select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == ticket.id)
    )
    return HandedOn(
        ticket=ticket,
        holder_away=reader.holders.away(ticket),
        position=reader.position(ticket.id),
        standing=standing,
        about=about(body or "", ABOUT_AT_MOST),
        history=reader.history(ticket.id, newest=EVENTS_OF_EACH)[::-1],
        next=next_step_of(ticket, reader.words, reader.clock),
    )


def _promises(reader: DeskReader, login: str, theirs: set[int]) -> tuple[Notice, ...]:
    """Return the promises to keep that this person made, or that are about their tickets."""
    made = promise_rows.promises_to_keep(reader.connection, reader.now)
    return tuple(
        notice
        for notice in made
        if same_name(notice.made_by, login) or not theirs.isdisjoint(notice.tickets)
    )

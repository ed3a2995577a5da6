"""The ledger of wait notices: one row for each that is on its way or has ended.

"A notice is a draft until a person sends it; sent, it is never sent twice, is cancelled by a reply
that comes first, and sets a promise." Whoever delivers claims a notice in one transaction, hands it
over outside of any, and records what came of it in another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from policy.names import comparable
from policy.roster.coverage import Turn
from policy.waits.notices import WaitNotice
from policy.waits.staffed_work import StaffedWork
from policy.words import NoticeState, NoticeWay
from store.engines.statements import new_into
from store.notices.notice_models import Notice
from store.schema.promise_tables import NoticeRow, NoticeTicketRow, StaffedWorkRow
from store.schema.tables import TicketRow
from store.tickets.people import free_id
from store.tickets.ticket_columns import OWED
from store.tickets.ticket_json import instant

TAKE_BACK_SECONDS = 10
"""How long a notice waits before it goes out, so that whoever sent it can take it back."""

LEASE = timedelta(minutes=2)
"""For how long a claimed notice is left to whoever claimed it; a crash frees it after that."""

TOLD = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT, NoticeState.IN_DOUBT)
"""The states in which a notice counts as told: nobody drafts it again."""

_ENDED_BADLY = (NoticeState.UNDELIVERABLE, NoticeState.IN_DOUBT)
"""The dead letters: those that only a person sends on their way once more."""

AT_ONCE = 500
_ID, _STATE = col(NoticeRow.id), col(NoticeRow.state)
ALL = select(*NoticeRow.__table__.c)  # type: ignore[attr-defined] # SQLModel's table
STILL_WAITING = exists().where(
    col(NoticeTicketRow.notice_id) == _ID,
    col(TicketRow.id) == col(NoticeTicketRow.ticket_id),
    OWED,
)


def put_notices(
    connection: Connection,
    notices: Sequence[WaitNotice],
    *,
    way: NoticeWay,
    by: str,
    now: datetime,
    domain: str,
    work: StaffedWork,
) -> list[Notice]:
    """Queue notices to go out after the seconds in which they can be taken back.

    Returns those that were queued: what somebody else has sent meanwhile, or what nobody waits for
    any more, is left out. Sent by hand, they have gone out already. ``work`` is the staffed work
    ahead as it is known now, by which it is learnt from what they promise.
    """
    waiting = _still_waiting(connection, notices)
    put = new_into(connection, NoticeRow).returning(_ID)
    first = free_id(connection, NoticeRow)
    queued = []
    for number, notice in enumerate(notices, first):
        if not waiting & {ticket.id for ticket in notice.tickets}:
            continue
        row = _columns(notice, way=way, by=by, now=now)
        row |= {"id": number, "message_id": _message_id(number, now, domain)}
        if connection.scalar(put, row) is not None:
            queued.append(number)
            _name_tickets(connection, number, notice)
    if queued:
        steps = [[minutes, people] for minutes, people in work.steps]
        connection.execute(new_into(connection, StaffedWorkRow), {"at": now, "steps": steps})
    return by_ids(connection, queued)


def take_back(connection: Connection, ids: Sequence[int], now: datetime) -> list[Notice]:
    """Take notices back that have not begun to go out, and return those that were."""
    queued = [each.id for each in by_ids(connection, ids) if each.state is NoticeState.QUEUED]
    _end(connection, queued, NoticeState.TAKEN_BACK, now, "Taken back before it went out.")
    return by_ids(connection, queued)


def needless(connection: Connection, ticket_id: int) -> list[int]:
    """Return the queued notices that speak of a ticket and for which nobody waits any more."""
    of_ticket = select(col(NoticeTicketRow.notice_id)).where(
        col(NoticeTicketRow.ticket_id) == ticket_id
    )
    queued = ALL.where(_ID.in_(of_ticket), _STATE == "queued", ~STILL_WAITING)
    return [row.id for row in connection.execute(queued)]


def cancel(connection: Connection, ids: Sequence[int], now: datetime) -> list[Notice]:
    """Cancel notices, as a reply came first."""
    _end(connection, ids, NoticeState.CANCELLED, now, "A reply came first.")
    return by_ids(connection, ids)


def needless_due(connection: Connection, now: datetime) -> list[int]:
    """Return the queued notices that are due to go out and for which nobody waits any more."""
    due = ALL.where(
        _STATE == NoticeState.QUEUED, col(NoticeRow.next_attempt_at) <= now, ~STILL_WAITING
    )
    return [row.id for row in connection.execute(due)]


def claim(
    connection: Connection, worker: str, now: datetime, lease: timedelta = LEASE
) -> Notice | None:
    """Give the next notice that is due to go out to ``worker`` for ``lease``, None when none is.

    What another worker claimed and did not end within its lease is due again.
    """
    due = (
        ALL.where(
            or_(_STATE == NoticeState.QUEUED, _STATE == NoticeState.SENDING),
            col(NoticeRow.next_attempt_at) <= now,
        )
        .order_by(col(NoticeRow.next_attempt_at), _ID)
        .limit(1)
    )
    row = connection.execute(due).first()
    if row is None:
        return None
    claimed = {
        "state": NoticeState.SENDING,
        "claimed_by": worker,
        "attempts": row.attempts + 1,
        "next_attempt_at": now + lease,
    }
    connection.execute(update(NoticeRow).where(_ID == row.id).values(claimed))
    return by_ids(connection, [row.id])[0]


def record(
    connection: Connection,
    claimed: Notice,
    state: NoticeState,
    *,
    outcome: str,
    now: datetime,
    next_attempt_at: datetime | None = None,
) -> bool:
    """Write down what came of a claimed notice: sent, in doubt, undeliverable, or queued again.

    Returns whether it was written. Who took longer than the lease no longer has the notice, and
    only what says that it was sent is written then, as that is true whoever has it by now.
    """
    values: dict[str, Any] = {"state": state, "outcome": outcome, "claimed_by": None}
    if state is NoticeState.QUEUED:
        values["next_attempt_at"] = next_attempt_at or now
    else:
        values["ended_at"] = now
    still = and_(_STATE == NoticeState.SENDING, col(NoticeRow.attempts) == claimed.attempts)
    if state is NoticeState.SENT:
        still = _STATE != NoticeState.SENT
    written = connection.execute(update(NoticeRow).where(_ID == claimed.id, still).values(values))
    return written.rowcount > 0


def being_sent(connection: Connection, message_ids: Sequence[str]) -> list[Notice]:
    """Return those of the notices with these Message-IDs that somebody has claimed."""
    rows = connection.execute(
        ALL.where(
            col(NoticeRow.message_id).in_(message_ids), _STATE == NoticeState.SENDING
        ).order_by(_ID)
    )
    return [notice_of(row) for row in rows]


def retry(connection: Connection, ids: Sequence[int], now: datetime) -> list[Notice]:
    """Queue dead letters once more, each unless its requester was told since."""
    other = aliased(NoticeRow)
    told_since = exists().where(
        col(other.customer) == col(NoticeRow.customer),
        col(other.person) == col(NoticeRow.person),
        col(other.episode) == col(NoticeRow.episode),
        col(other.state).in_(TOLD),
        col(other.id) != _ID,
    )
    values = {"state": NoticeState.QUEUED, "attempts": 0, "next_attempt_at": now, "ended_at": None}
    again = []
    for number in ids:  # one by one: of several for the same requester only the first goes out
        one = and_(_ID == number, _STATE.in_(_ENDED_BADLY), ~told_since)
        if connection.execute(update(NoticeRow).where(one).values(values)).rowcount:
            again.append(number)
    return by_ids(connection, again)


def settle(connection: Connection, ids: Sequence[int], now: datetime) -> list[Notice]:
    """Write down that notices in doubt were taken after all, and return those that were."""
    doubted = [each.id for each in by_ids(connection, ids) if each.state is NoticeState.IN_DOUBT]
    _end(connection, doubted, NoticeState.SENT, now, "Taken, as a person found.")
    return by_ids(connection, doubted)


def latest(connection: Connection, limit: int) -> list[Notice]:
    """Return the latest notices of the ledger, those that are not through yet first."""
    unfinished = _STATE.in_([NoticeState.QUEUED, NoticeState.SENDING, *_ENDED_BADLY])
    rows = connection.execute(ALL.order_by(unfinished.desc(), _ID.desc()).limit(limit))
    return [notice_of(row) for row in rows]


def by_ids(connection: Connection, ids: Sequence[int]) -> list[Notice]:
    """Return the notices with these ids, in the order of the ids."""
    return [
        notice_of(row)
        for start in range(0, len(ids), AT_ONCE)
        for row in connection.execute(
            ALL.where(_ID.in_(ids[start : start + AT_ONCE])).order_by(_ID)
        )
    ]


def next_due(connection: Connection) -> datetime | None:
    """Return when the next notice is due to go out (UTC), None when none is on its way."""
    unsent = or_(_STATE == NoticeState.QUEUED, _STATE == NoticeState.SENDING)
    times = select(col(NoticeRow.next_attempt_at)).where(unsent)
    return connection.scalar(times.order_by(col(NoticeRow.next_attempt_at)).limit(1))


def _end(
    connection: Connection, ids: Sequence[int], state: NoticeState, now: datetime, outcome: str
) -> None:
    values = {"state": state, "ended_at": now, "outcome": outcome}
    for start in range(0, len(ids), AT_ONCE):
        some = _ID.in_(ids[start : start + AT_ONCE])
        connection.execute(update(NoticeRow).where(some).values(values))


def _still_waiting(connection: Connection, notices: Sequence[WaitNotice]) -> set[int]:
    """Return those of the notices' tickets for which somebody waits."""
    ids = sorted({ticket.id for notice in notices for ticket in notice.tickets})
    number = col(TicketRow.id)
    found: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        waiting = select(number).where(
            number.in_(ids[start : start + AT_ONCE]),
            OWED,
        )
        found.update(each for each in connection.scalars(waiting) if each is not None)
    return found


def _message_id(number: int, now: datetime, domain: str) -> str:
    """Return what no other notice is known by, not even one of a backup that was restored."""
    return f"<notice-{number}-{now:%Y%m%d%H%M%S}-{token_hex(4)}@{domain}>"


_NAME_TICKET = insert(NoticeTicketRow)


def _name_tickets(connection: Connection, number: int, notice: WaitNotice) -> None:
    rows = [{"notice_id": number, "ticket_id": ticket.id} for ticket in notice.tickets]
    connection.execute(_NAME_TICKET, rows)


def _columns(notice: WaitNotice, *, way: NoticeWay, by: str, now: datetime) -> dict[str, Any]:
    by_hand = way is NoticeWay.BY_HAND
    _, person = notice.asker
    requester = notice.requester
    return {
        "customer": notice.customer,
        "person": person,
        "episode": notice.episode,
        "state": NoticeState.SENT if by_hand else NoticeState.QUEUED,
        "way": way,
        "name": requester.name if requester else notice.customer,
        "email": requester.email if requester else None,
        "subject": notice.subject,
        "body": notice.body,
        "tickets": [ticket.id for ticket in notice.tickets],
        "arrivals": [[turn.login, turn.at.isoformat()] for turn in notice.arrivals],
        "arrive_at": notice.arrivals[0].at if notice.arrivals else None,
        "expected": notice.expected,
        "expect_by": notice.expect_by,
        "promised": [
            [each.ticket, each.priority, instant(each.expected), instant(each.safe)]
            for each in notice.promise(now).answers
        ],
        "aim_by": notice.aim_by,
        "made_at": now,
        "made_by": by,
        "answers": next((each.message_id for each in notice.tickets if each.message_id), None),
        "next_attempt_at": now + timedelta(seconds=TAKE_BACK_SECONDS),
        "ended_at": now if by_hand else None,
        "outcome": "Sent by hand." if by_hand else "",
    }


def notice_of(row: Any) -> Notice:
    """Return the notice that a row of the ledger says."""
    return Notice(
        id=row.id,
        asker=(comparable(row.customer), comparable(row.person)),
        episode=row.episode,
        state=NoticeState(row.state),
        way=NoticeWay(row.way),
        customer=row.customer,
        name=row.name,
        email=row.email,
        subject=row.subject,
        body=row.body,
        tickets=tuple(row.tickets),
        arrivals=tuple(
            Turn(login=login, at=datetime.fromisoformat(at)) for login, at in row.arrivals
        ),
        arrive_at=row.arrive_at,
        expected=row.expected,
        expect_by=row.expect_by,
        aim_by=row.aim_by,
        made_at=row.made_at,
        made_by=row.made_by,
        message_id=row.message_id,
        answers=row.answers,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
    )

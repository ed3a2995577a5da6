"""The statements that the first look at a desk needs, said once: what is compiled is made of them.

``python -m docs.generate`` makes them ready for both engines; see ``store.quick.compiling``.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import BigInteger, Select, bindparam, func, select
from sqlmodel import col

from policy.conversation.messages import SHOWN_STATES, MessageState
from policy.conversation.steps import MESSAGE_KINDS, StepState
from policy.ticket import Ticket
from policy.words import Mode, NoticeState
from store.quick.driver import named_in
from store.read_models import LATE_AT_MOST
from store.schema.column_types import Instant
from store.schema.conversation_tables import (
    CommonValueRow,
    ConnectionRow,
    DraftRow,
    MessageRow,
    MessageTextRow,
    OutgoingStepRow,
)
from store.schema.kept_names import ALERTS, WHOLE
from store.schema.promise_tables import (
    DurationRow,
    LearntRow,
    NoticeRow,
    NoticeTicketRow,
    PickUpRow,
    StaffedWorkRow,
)
from store.schema.tables import (
    KEYS,
    BodyRow,
    CustomerRow,
    EventRow,
    MemberRow,
    OrderBlockRow,
    OrderRow,
    QueueCountRow,
    RequesterRow,
    SettingRow,
    TallyRow,
    TicketRow,
    TimeOffRow,
)


def _columns(table: Any) -> Any:
    """Return all columns of a row's table."""
    return table.__table__.c


def _moment(name: str) -> Any:
    return bindparam(name, type_=Instant)


TICKETS: Final[Select[Any]] = (
    select(
        *(
            col(CustomerRow.name).label(field.name)
            if field.name == "customer"
            else getattr(TicketRow, field.name)
            for field in fields(Ticket)
            if field.name != "requester"
        ),
        col(RequesterRow.name).label("requester_name"),
        col(RequesterRow.email).label("requester_email"),
        col(RequesterRow.timezone).label("requester_timezone"),
    )
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
)
"""The query for whole tickets, to be narrowed and sorted; see ``to_ticket``."""

_NUMBERED: Any = col(TicketRow.id) == bindparam("number", type_=BigInteger)
_THESE: Any = bindparam("ids", expanding=True)
_OF_TICKETS: Final[Mapping[str, Any]] = {
    "tickets": TICKETS.where(col(TicketRow.id).in_(_THESE)),
    "ticket": TICKETS.where(_NUMBERED),
    "ticket's number": select(col(TicketRow.id)).where(_NUMBERED),
    "number of a ticket's name": select(col(TicketRow.id)).where(
        col(TicketRow.source) == bindparam("of_source"),
        col(TicketRow.external_id) == bindparam("name_there"),
    ),
    "body": select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == bindparam("of_ticket")),
    "merged into": select(col(TicketRow.id)).where(
        col(TicketRow.merged_into).in_(bindparam("into", expanding=True))
    ),
}

_ID = col(OrderRow.ticket_id)
_UNTIL = col(OrderRow.deviation_until)
_ENDS = select(func.min(_UNTIL)).where(_UNTIL > _moment("at"))
_LATE = (
    select(func.count().label("tickets"))
    .select_from(
        select(_ID).where(col(OrderRow.respond_by) < _moment("that_time"))
        .limit(LATE_AT_MOST)
        .subquery()
    )
)  # fmt: skip

_BLOCKS: Any = OrderBlockRow.__table__.alias()  # type: ignore[attr-defined] # SQLModel's table
BLOCK_START: Final = (
    select(_BLOCKS.c.first_key)
    .where(_BLOCKS.c.mode == bindparam("of_mode"), _BLOCKS.c.first_key <= bindparam("that_key"))
    .order_by(_BLOCKS.c.first_key.desc())
    .limit(1)
)
"""Where the block starts that a key belongs to; the very first one starts before every key."""

_FIRST, _TICKETS = col(OrderBlockRow.first_key), col(OrderBlockRow.tickets)
_OF_MODE: Any = col(OrderBlockRow.mode) == bindparam("of_mode")
_BEFORE_EACH = (
    select(
        _FIRST.label("start"),
        (func.sum(_TICKETS).over(order_by=_FIRST) - _TICKETS).label("before"),
    )
    .where(_OF_MODE)
    .subquery()
)
_BLOCK_AT = (
    select(_BEFORE_EACH.c.start, _BEFORE_EACH.c.before)
    .where(_BEFORE_EACH.c.before <= bindparam("place"))
    .order_by(_BEFORE_EACH.c.start.desc())
    .limit(1)
)
"""Which block a 0-based place is in, and how many tickets stand before that block."""


def _in_order(mode: Mode, key: Any) -> dict[str, Select[Any]]:
    """Return the statements that read the order of one mode, which is sorted by a key."""
    assigned = col(OrderRow.assignee).in_(bindparam("of_logins", expanding=True))
    skipped: Any = bindparam("skipped")
    wanted: Any = bindparam("wanted")
    before_block = select(func.coalesce(func.sum(_TICKETS), 0)).where(
        _OF_MODE, _FIRST < bindparam("start")
    )
    in_block = select(func.count()).where(key >= bindparam("start"), key < bindparam("that_key"))
    in_hand = (
        select(
            col(PickUpRow.ticket_id),
            col(PickUpRow.login),
            col(PickUpRow.since),
            col(TicketRow.priority),
            col(TicketRow.waiting_since),
            col(TicketRow.internal),
        )
        .join(TicketRow, col(TicketRow.id) == col(PickUpRow.ticket_id))
        .join(OrderRow, _ID == col(PickUpRow.ticket_id))
        .order_by(key)
    )
    found = {
        "expired": select(_ID, col(OrderRow.assignee), key).where(_UNTIL <= _moment("at")),
        "key": select(key).where(_ID == bindparam("that_ticket")),
        "order": select(_ID, key).order_by(key),
        "behind": select(_ID).where(key > bindparam("that_key")).order_by(key).limit(1),
        "ahead": select(_ID).where(key < bindparam("that_key")).order_by(key.desc()).limit(1),
        "assigned": (
            select(_ID, key).where(assigned).order_by(key).offset(skipped).limit(wanted)
        ),
        "ranked": (
            select(_ID, key).where(key >= bindparam("start"))
            .order_by(key).offset(skipped).limit(wanted)
        ),
        "place": select(
            (before_block.scalar_subquery() + in_block.scalar_subquery()).label("place")
        ),
        "in hand": in_hand,
    }  # fmt: skip
    return {named_in(name, mode): statement for name, statement in found.items()}


_AT = col(QueueCountRow.at)
_COUNTED = (col(QueueCountRow.tickets), col(QueueCountRow.owed))
_NAME, _TALLY = col(TallyRow.name), col(TallyRow.tickets)
_OF_COUNTS: Final[Mapping[str, Any]] = {
    "late": _LATE,
    "next end": _ENDS,
    "block's start": BLOCK_START,
    "block at": _BLOCK_AT,
    "counts since": (
        select(_AT, *_COUNTED)
        .where(_AT >= _moment("start"), _AT <= _moment("end"))
        .order_by(_AT)
    ),
    "count before": (
        select(_AT, *_COUNTED).where(_AT < _moment("start")).order_by(_AT.desc()).limit(1)
    ),
    "whole counts": select(_NAME, _TALLY).where(_NAME.in_(WHOLE)),
    "arrivals": select(_NAME, _TALLY).where(
        _NAME >= bindparam("first_name"), _NAME < bindparam("after_name")
    ),
}  # fmt: skip

_EVENT: Any = col(EventRow.id)
_OF_TICKET: Any = col(EventRow.ticket_id) == bindparam("that_ticket")
EVENTS: Final = select(*(each for each in _columns(EventRow) if each.name != "hash"))
"""The history as it is read; its hashes are for who checks it."""

_EVENTS_OF_TICKET = EVENTS.where(_OF_TICKET).order_by(_EVENT.desc())
_OF_THE_DESK: Final[Mapping[str, Any]] = {
    "latest event": select(func.max(_EVENT)),
    "events of a ticket": _EVENTS_OF_TICKET,
    "newest events of a ticket": _EVENTS_OF_TICKET.limit(bindparam("newest")),
    "event count of a ticket": select(func.count()).where(_OF_TICKET),
    "settings": select(col(SettingRow.name), col(SettingRow.value)).where(
        ~col(SettingRow.name).startswith(ALERTS, autoescape=True)
    ),
    "members": select(col(MemberRow.entry)).order_by(col(MemberRow.place)),
    "time off": select(*_columns(TimeOffRow)).order_by(col(TimeOffRow.id)),
}

_MESSAGE: Any = col(MessageRow.id)
_STATE: Any = col(MessageRow.state)
_SHOWN: Any = _STATE.in_(sorted(SHOWN_STATES))
_IN_TICKETS: Any = col(MessageRow.ticket_id).in_(bindparam("tickets", expanding=True))
_TOLD: Any = col(MessageRow.told_after) < bindparam("now")
_TEXT = col(MessageTextRow.text)
_CUT: Select[Any] = (
    select(
        *_columns(MessageRow),
        func.substr(_TEXT, 1, bindparam("characters")).label("text"),
        func.length(_TEXT).label("length"),
    )
    .join(MessageTextRow, col(MessageTextRow.message_id) == _MESSAGE)
    .where(_IN_TICKETS, _TOLD)
    .order_by(col(MessageRow.at).desc(), _MESSAGE.desc())
)
_FROM_ITS_SOURCE: Any = func.count(col(MessageRow.external_id)).filter(
    col(MessageRow.ticket_id) == bindparam("of_ticket"),
    col(MessageRow.source) == bindparam("of_source"),
)
_FAILED: Any = func.count().filter(_STATE == MessageState.FAILED)
_STEP_OF_TICKET: Any = col(OutgoingStepRow.ticket_id) == bindparam("of_ticket")
_OF_CONVERSATIONS: Final[Mapping[str, Any]] = {
    "last messages": _CUT.where(_SHOWN).limit(bindparam("newest")),
    "failed messages": _CUT.where(_STATE == MessageState.FAILED),
    "message counts": select(
        func.count().label("there"),
        _FROM_ITS_SOURCE.label("told_there"),
        _FAILED.label("failed"),
    ).where(_SHOWN, _IN_TICKETS, _TOLD),
    "draft": select(*_columns(DraftRow)).where(
        col(DraftRow.ticket_id) == bindparam("of_ticket"),
        col(DraftRow.login) == bindparam("of_login"),
    ),
    "origin": (
        select(
            col(ConnectionRow.name),
            col(ConnectionRow.settings),
            col(TicketRow.external_id),
            col(TicketRow.imported),
        )
        .join(TicketRow, col(TicketRow.source) == col(ConnectionRow.name))
        .where(col(TicketRow.id) == bindparam("of_ticket"))
    ),
    "common values": select(col(CommonValueRow.field), col(CommonValueRow.value)).where(
        col(CommonValueRow.ticket_id) == bindparam("of_ticket")
    ),
    "refused steps": (
        select(
            col(OutgoingStepRow.kind),
            col(OutgoingStepRow.connection),
            col(OutgoingStepRow.outcome),
        )
        .where(
            _STEP_OF_TICKET,
            col(OutgoingStepRow.state) == StepState.FAILED,
            col(OutgoingStepRow.kind).not_in(sorted(MESSAGE_KINDS)),
        )
        .order_by(col(OutgoingStepRow.id).desc())
    ),
}

_ENDED: Any = col(DurationRow.ended_at)
_OF_FORECASTS: Final[Mapping[str, Any]] = {
    "durations": select(
        col(DurationRow.priority), col(DurationRow.kind), col(DurationRow.minutes)
    ).where(_ENDED >= _moment("since")),
    "waiting tickets": select(
        col(TicketRow.id),
        col(TicketRow.priority),
        col(TicketRow.waiting_since),
        col(TicketRow.internal),
        col(TicketRow.aim_by),
    ).where(col(TicketRow.id).in_(_THESE)),
    "last done": (
        select(col(DurationRow.login), func.max(_ENDED).label("at"))
        .where(_ENDED >= _moment("since"))
        .group_by(col(DurationRow.login))
    ),
    "learnt": select(col(LearntRow.priority), col(LearntRow.correction), col(LearntRow.until)),
    "promises": (
        select(
            col(NoticeRow.made_at),
            col(NoticeRow.expect_by),
            col(NoticeRow.promised),
            col(NoticeTicketRow.ticket_id),
            col(NoticeTicketRow.answered_at),
            col(NoticeTicketRow.ended_at),
            col(StaffedWorkRow.steps),
        )
        .join(NoticeTicketRow, col(NoticeTicketRow.notice_id) == col(NoticeRow.id))
        .outerjoin(StaffedWorkRow, col(StaffedWorkRow.at) == col(NoticeRow.made_at))
        .where(
            col(NoticeRow.state) == NoticeState.SENT,
            col(NoticeRow.expect_by) > _moment("since"),
        )
        .order_by(col(NoticeRow.expect_by), col(NoticeRow.id))
    ),
}

STATEMENTS: Final[Mapping[str, Any]] = {
    **_OF_TICKETS,
    **_OF_COUNTS,
    **_OF_THE_DESK,
    **_OF_CONVERSATIONS,
    **_OF_FORECASTS,
    **{name: each for mode, key in KEYS.items() for name, each in _in_order(mode, key).items()},
}
"""The statements by their names."""

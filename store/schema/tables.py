"""The tables, as SQLModel rows; they never leave ``store``.

Times are whole microseconds since 1970 in UTC (``Instant``), which sort and compare alike on
every engine and bring no time zone of the server's with them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, text
from sqlmodel import Field, SQLModel, col

from policy.words import Mode, Severity, Tier
from store.schema import conversation_tables, promise_tables
from store.schema.column_types import Instant, SeverityWord, TierWord, instant_column

DECLARED = (conversation_tables.MessageRow.metadata, promise_tables.NoticeRow.metadata)
"""Where the other tables are declared: with these, wherever these are known."""


def _word(kind: Any) -> Any:
    return Field(sa_column=Column(kind, nullable=False))


def _index_where(condition: str, name: str, *columns: str) -> Index:
    """Return an index of the rows alone for which a condition holds, which keeps it small."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class CustomerRow(SQLModel, table=True):
    """A customer by name, with the tier it was last seen with.

    ``plain_name`` is the name without case, accents and odd spacing, by which it is looked up.
    """

    __tablename__ = "customer"
    __table_args__ = (Index("customer_plain_name", "plain_name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    plain_name: str
    tier: Tier | None = _word(TierWord)


class RequesterRow(SQLModel, table=True):
    """A person at a customer; ``identity`` is the address in lower case, else the name."""

    __tablename__ = "requester"
    __table_args__ = (Index("requester_identity", "customer_id", "identity", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    identity: str
    name: str
    email: str | None = None
    timezone: str | None = None


class TicketRow(SQLModel, table=True):
    """A ticket as it stands.

    ``priority`` is the one in force, ``tags`` stand each on a line of its own, and ``imported``
    is what the ticket's source last said of it, to see what differs the next time.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_reference", "source", "external_id", unique=True),
        Index("ticket_status", "status"),
        _index_where("assignee IS NOT NULL", "ticket_assignee", "assignee"),
        Index("ticket_customer", "customer_id"),
        Index("ticket_tier", "tier"),
        Index("ticket_priority", "priority"),
        Index("ticket_severity", "severity"),
        _index_where("declined IS NOT NULL", "ticket_declined", "id"),
        _index_where(
            "with_engineering_since IS NOT NULL",
            "ticket_with_engineering",
            "with_engineering_since",
        ),
        _index_where("status = 'solved'", "ticket_solved", "solved_at"),
        _index_where("merged_into IS NOT NULL", "ticket_merged", "merged_into"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    external_id: str
    subject: str
    customer_id: int = Field(foreign_key="customer.id")
    requester_id: int | None = Field(default=None, foreign_key="requester.id")
    tier: Tier | None = _word(TierWord)
    severity: Severity | None = _word(SeverityWord)
    opened_by: str
    status: str
    assignee: str | None = None
    received_at: datetime = instant_column()
    first_response_at: datetime | None = instant_column(nullable=True)
    last_response_at: datetime | None = instant_column(nullable=True)
    last_customer_message_at: datetime | None = instant_column(nullable=True)
    settled_at: datetime | None = instant_column(nullable=True)
    solved_at: datetime | None = instant_column(nullable=True)
    waiting_since: datetime | None = instant_column(nullable=True)
    internal: bool = False
    respond_by: datetime | None = instant_column(nullable=True)
    aim_by: datetime | None = instant_column(nullable=True)
    update_by: datetime | None = instant_column(nullable=True)
    resolve_by: datetime | None = instant_column(nullable=True)
    paused: list[Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    defined_priority: str | None = None
    priority: str | None = None
    because: str
    declined: str | None = None
    assigned_priority: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    deviation: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    url: str | None = None
    message_id: str | None = None
    language: str | None = None
    tags: str = ""
    facts: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    context: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    escalation: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    handed_over: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    review: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    with_engineering_since: datetime | None = instant_column(nullable=True)
    merged_into: int | None = None
    split_from: int | None = None
    continued_in: int | None = None
    version: int = 1
    imported: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class BodyRow(SQLModel, table=True):
    """The description of a ticket, apart from it so that pages of the queue stay small."""

    __tablename__ = "body"

    ticket_id: int = Field(
        sa_column=Column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    )
    text: str


class OrderRow(SQLModel, table=True):
    """Where an actionable ticket stands in both orders.

    The keys are unique, so the database itself refuses a second number one. ``internal`` finds
    the first ticket of our own, which may stand behind all others.
    """

    __tablename__ = "ticket_order"
    __table_args__ = (
        Index("order_normal", "normal_key", unique=True),
        Index("order_hard_choices", "hard_choices_key", unique=True),
        _index_where("assignee IS NOT NULL", "order_assignee_normal", "assignee", "normal_key"),
        _index_where(
            "assignee IS NOT NULL", "order_assignee_hard_choices", "assignee", "hard_choices_key"
        ),
        _index_where("internal", "order_internal_normal", "assignee", "normal_key"),
        _index_where("internal", "order_internal_hard_choices", "assignee", "hard_choices_key"),
        Index("order_respond_by", "respond_by"),
        _index_where("deviation_until IS NOT NULL", "order_deviation_until", "deviation_until"),
    )

    ticket_id: int = Field(
        sa_column=Column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    )
    normal_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hard_choices_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    internal: bool = False
    assignee: str | None = None
    respond_by: datetime | None = instant_column(nullable=True)
    deviation_until: datetime | None = instant_column(nullable=True)


KEYS: dict[Mode, Any] = {
    Mode.NORMAL: col(OrderRow.normal_key),
    Mode.HARD_CHOICES: col(OrderRow.hard_choices_key),
}
"""The column that sorts the queue in each mode."""


class OrderBlockRow(SQLModel, table=True):
    """How many tickets stand from ``first_key`` to the next block's, so that places are cheap.

    Each change looks for blocks that have become too large or too small, by their ``tickets``.
    """

    __tablename__ = "order_block"
    __table_args__ = (Index("order_block_tickets", "tickets"),)

    mode: str = Field(primary_key=True)
    first_key: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    tickets: int


class TallyRow(SQLModel, table=True):
    """A count that is kept, not counted: of all tickets, the declined, each person's and so on."""

    __tablename__ = "tally"

    name: str = Field(primary_key=True)
    tickets: int


class ActionRow(SQLModel, table=True):
    """One thing that a person did, with all of its events: what ``undo`` takes back whole.

    ``wanted`` is the right it needed, ``undoes`` the action that it took back, ``undone`` whether
    it was taken back itself, and ``undoable`` whether it can be.
    """

    __tablename__ = "action"
    __table_args__ = (Index("action_actor", "actor", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant_column()
    actor: str
    wanted: str
    undoes: int | None = None
    undone: bool = False
    undoable: bool = True


class EventRow(SQLModel, table=True):
    """One change, never altered afterwards: who, when, what before and what after.

    ``action`` is what it was a part of; what was written before actions were counted has none.
    ``ticket_id`` may name a ticket that was taken back since. ``entered_by`` is the login of who
    did it in the actor's name, None where the actor did, and in what is older. ``hash`` is of the
    event and of the one before it, see ``store.history.hash_chain``.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_ticket", "ticket_id", "id"),
        Index("event_action", "action", "id"),
        _index_where("kind IN ('escalated', 'can_wait')", "event_escalation", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant_column()
    actor: str
    kind: str
    ticket_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    note: str = ""
    action: int | None = None
    undoes: int | None = None
    entered_by: str | None = None
    hash: str | None = None


class TimeEntryRow(SQLModel, table=True):
    """Time that somebody spent, on a ticket or on other work; one at most runs for each login."""

    __tablename__ = "time_entry"
    __table_args__ = (
        Index(
            "time_entry_running",
            "login",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("time_entry_login", "login", "started_at"),
        Index("time_entry_started", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str
    work: str
    ticket_id: int | None = None
    started_at: datetime = instant_column()
    stopped_at: datetime | None = instant_column(nullable=True)
    note: str = ""


class SettingRow(SQLModel, table=True):
    """A setting of the whole desk: the policy in force, the mode set by hand."""

    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class MemberRow(SQLModel, table=True):
    """A member of the team as the team file says; ``place`` keeps the file's order."""

    __tablename__ = "member"

    login: str = Field(primary_key=True)
    place: int
    entry: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class TimeOffRow(SQLModel, table=True):
    """A span during which a member is out; ``source`` is the calendar feed it comes from.

    Whether it starts and ends with a day is NULL in what older versions wrote.
    """

    __tablename__ = "time_off"
    __table_args__ = (Index("time_off_login", "login"),)

    id: int | None = Field(default=None, primary_key=True)
    login: str
    start: datetime = instant_column()
    until: datetime | None = instant_column(nullable=True)
    reason: str
    entered_by: str
    source: str | None = None
    starts_with_day: bool | None = None
    ends_with_day: bool | None = None


class QueueCountRow(SQLModel, table=True):
    """How many tickets stood in the queue from a time on: what the level was is known later.

    ``owed`` of them were owed; None where an older version wrote it down.
    """

    __tablename__ = "queue_count"

    at: datetime = Field(sa_column=Column(Instant, primary_key=True, autoincrement=False))
    tickets: int
    owed: int | None = None

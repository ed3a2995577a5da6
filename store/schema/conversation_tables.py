"""The tables of conversations and connections, as SQLModel rows; they never leave ``store``."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from store.schema.column_types import instant_column

_UNSENT = text("state IN ('queued', 'sending')")


def _json() -> Any:
    return Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class MessageRow(SQLModel, table=True):
    """One message of a conversation; ``ticket_id`` may name a ticket that is no more.

    ``source`` and ``external_id`` are its name where it comes from, so that none comes twice.
    ``mark`` is that of the step that sends it. ``told_after`` is the id of the last event before
    the one that tells of it, by which the desk of the past knows what had been said.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_ticket", "ticket_id", "at", "id"),
        Index("message_reference", "source", "external_id", unique=True),
        Index(
            "message_mark",
            "mark",
            unique=True,
            sqlite_where=text("mark IS NOT NULL"),
            postgresql_where=text("mark IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int
    source: str
    external_id: str | None = None
    at: datetime = instant_column()
    author: str
    name: str = ""
    role: str
    public: bool = True
    state: str
    outcome: str = ""
    attachments: list[dict[str, Any]] | None = _json()
    mark: str | None = None
    message_id: str | None = None
    told_after: int = 0


class MessageTextRow(SQLModel, table=True):
    """The text of a message, apart from it so that who wrote when is read quickly."""

    __tablename__ = "message_text"

    message_id: int = Field(
        sa_column=Column(ForeignKey("message.id"), primary_key=True, autoincrement=False)
    )
    text: str


class DraftRow(SQLModel, table=True):
    """What somebody has begun to write about a ticket, kept until it is sent or thrown away."""

    __tablename__ = "draft"

    ticket_id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    login: str = Field(primary_key=True)
    at: datetime = instant_column()
    public: bool = True
    status: str | None = None
    text: str


class ConnectionRow(SQLModel, table=True):
    """A connection as its file says it, without a secret, and how far it has been read.

    ``settings`` is the file's table but for the name, and ``place`` keeps the file's order.
    ``read_until`` is when the last reading began that left nothing unread, ``lease_until`` until
    when ``lease_holder`` alone may read, ``refused`` which tickets could not be taken in, and why.
    """

    __tablename__ = "connection"

    name: str = Field(primary_key=True)
    place: int
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cursor: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    is_caught_up: bool = False
    read_until: datetime | None = instant_column(nullable=True)
    last_ok: datetime | None = instant_column(nullable=True)
    error: str = ""
    failing_since: datetime | None = instant_column(nullable=True)
    refused: dict[str, Any] | None = _json()
    lease_holder: str | None = None
    lease_until: datetime | None = instant_column(nullable=True)


class PresentWriterRow(SQLModel, table=True):
    """When somebody's own login was last at work at a connection: their steps are left to it."""

    __tablename__ = "present_writer"

    connection: str = Field(primary_key=True)
    login: str = Field(primary_key=True)
    seen_at: datetime = instant_column()


class CommonValueRow(SQLModel, table=True):
    """What both sides say of a field since we wrote it there, until its source says it back."""

    __tablename__ = "common_value"

    ticket_id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    field: str = Field(primary_key=True)
    value: str | None = None


class OutgoingStepRow(SQLModel, table=True):
    """One step of a person's on its way to a help desk: the outbox.

    ``before`` is what it changed here, as it was: the value of the field, or of an answer how the
    ticket stood. ``in_doubt_since`` is when an attempt began of which nobody knows the outcome.
    """

    __tablename__ = "outgoing_step"
    __table_args__ = (
        Index("outgoing_step_ticket", "ticket_id", "id"),
        Index(
            "outgoing_step_unsent",
            "connection",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    connection: str
    ticket_id: int
    external_id: str
    mark: str = Field(unique=True)
    kind: str
    author: str
    made_at: datetime = instant_column()
    message_id: int | None = None
    status: str | None = None
    assignee: str | None = None
    priority: str | None = None
    before: dict[str, Any] | None = _json()
    state: str
    attempts: int = 0
    in_doubt_since: datetime | None = instant_column(nullable=True)
    next_attempt_at: datetime = instant_column()
    claimed_by: str | None = None
    ended_at: datetime | None = instant_column(nullable=True)
    outcome: str = ""
    action: int | None = None

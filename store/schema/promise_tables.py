"""The tables of notices, of what they promised, and of what the forecast learns from.

SQLModel rows, as all tables; they never leave ``store``.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

from store.schema.column_types import Instant, instant_column


class NoticeRow(SQLModel, table=True):
    """A wait notice on its way or sent: the ledger.

    One row at most for each episode of a requester is on its way or sent, whoever drafts it:
    the database itself refuses the second. ``expect_by`` is the time that it promises, None for
    none; ``promised`` says of each ticket its id, its priority, and when an answer was expected
    and safe.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_episode",
            "customer",
            "person",
            "episode",
            unique=True,
            sqlite_where=text("state IN ('queued', 'sending', 'sent', 'in_doubt')"),
            postgresql_where=text("state IN ('queued', 'sending', 'sent', 'in_doubt')"),
        ),
        Index("notice_next_attempt", "state", "next_attempt_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer: str
    person: str
    episode: int
    state: str
    way: str
    name: str
    email: str | None = None
    subject: str
    body: str
    tickets: list[int] = Field(sa_column=Column(JSON, nullable=False))
    arrivals: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    arrive_at: datetime | None = instant_column(nullable=True)
    expected: datetime | None = instant_column(nullable=True)
    expect_by: datetime | None = instant_column(nullable=True)
    promised: list[list[str | int | None]] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    aim_by: datetime = instant_column()
    made_at: datetime = instant_column()
    made_by: str
    message_id: str = Field(unique=True)
    answers: str | None = None
    attempts: int = 0
    next_attempt_at: datetime = instant_column()
    claimed_by: str | None = None
    ended_at: datetime | None = instant_column(nullable=True)
    outcome: str = ""


class NoticeTicketRow(SQLModel, table=True):
    """Which tickets a notice speaks of, so that a reply finds the notices it makes needless.

    ``answered_at`` is when the answer came that the notice promised, ``ended_at`` since when
    nobody waits for it any more though none came; what becomes of the ticket writes them.
    """

    __tablename__ = "notice_ticket"
    __table_args__ = (Index("notice_of_ticket", "ticket_id"),)

    notice_id: int = Field(
        sa_column=Column(ForeignKey("notice.id"), primary_key=True, autoincrement=False)
    )
    ticket_id: int = Field(
        sa_column=Column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    )
    answered_at: datetime | None = instant_column(nullable=True)
    ended_at: datetime | None = instant_column(nullable=True)


class StaffedWorkRow(SQLModel, table=True):
    """The staffed work ahead as it was known when promises were made: what they are held against.

    ``steps`` are minutes from then on, and how many people take new tickets from there.
    """

    __tablename__ = "staffed_work"

    at: datetime = Field(sa_column=Column(Instant, primary_key=True, autoincrement=False))
    steps: list[list[float]] = Field(sa_column=Column(JSON, nullable=False))


class PickUpRow(SQLModel, table=True):
    """A ticket of the queue that somebody has in hand, since when, and when they answered it."""

    __tablename__ = "pick_up"
    __table_args__ = (Index("pick_up_login", "login"),)

    ticket_id: int = Field(
        sa_column=Column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    )
    login: str
    since: datetime = instant_column()
    answered_at: datetime | None = instant_column(nullable=True)


class DurationRow(SQLModel, table=True):
    """How long a ticket took somebody, in minutes of their staffed time, until ``ended_at``.

    ``kind`` is ``answer``, from picking it up to its first answer, or ``busy``, to being free.
    """

    __tablename__ = "duration"
    __table_args__ = (
        Index("duration_login", "login", "ended_at"),
        Index("duration_ended", "ended_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str
    ticket_id: int
    priority: str
    kind: str
    ended_at: datetime = instant_column()
    minutes: float


class LearntRow(SQLModel, table=True):
    """How far the margin of a priority was corrected by the promises that came due until then."""

    __tablename__ = "learnt"

    priority: str = Field(primary_key=True)
    correction: float
    until: datetime = instant_column()

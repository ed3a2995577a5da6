"""What another policy says otherwise and does to the queue, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from policy.words import Mode

if TYPE_CHECKING:  # it brings the rules, which help does without
    from policy.rulebook.differences import KeyChange
    from policy.rulebook.lost_words import LostWords
    from policy.waits.promise_changes import PromiseChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A ticket whose place another policy changes; a place is None when not in the queue."""

    ticket: Ticket
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessChange:
    """A ticket that another policy makes late, or late no longer; times are UTC.

    ``ticket`` is as it would be, at its place to be.
    """

    ticket: Ticket
    place: int | None
    respond_by_before: datetime | None
    respond_by_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDifference:
    """What another policy says otherwise, and how the queue would move under it at ``now`` (UTC).

    ``warnings`` are what its times mean where that is not plain. ``lost`` are the words that
    tickets carry and that it does not know, for which it cannot be adopted. ``answers`` are what it
    does to expected and safe times, and to promises made.
    """

    now: datetime
    keys: "tuple[KeyChange, ...]"
    warnings: tuple[str, ...]
    lost: "LostWords"
    total: int
    number_one_before: Ticket | None
    number_one_after: Ticket | None
    moves: tuple[Move, ...]
    late: tuple[LatenessChange, ...]
    late_no_longer: tuple[LatenessChange, ...]
    answers: "PromiseChanges"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsolvedTickets:
    """The tickets that are not solved at ``now`` (UTC), as the desk's policy has them.

    ``left_out`` says of how many more there are that they were not read.
    """

    now: datetime
    mode: Mode
    tickets: tuple[Ticket, ...]
    left_out: int = 0

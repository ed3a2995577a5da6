"""What has changed at the desk between two looks, as far as somebody who works there must know.

The board interrupts for it and ``numberone watch`` prints it: the same things at the same times.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from policy.ticket import Ticket

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.capacity.levels import Capacity
    from policy.capacity.mode import ModeInForce
    from policy.roster.holders import Holders
    from policy.waits.notices import WaitNotice

_REMEMBERED: Final = timedelta(days=1)
"""For how long a deadline that has passed is remembered, so that it is never told twice."""

_Deadline = tuple[int, datetime]
"""The number of a ticket, and when it is due (UTC)."""


class ChangeKind(StrEnum):
    """What has changed; the first four are of the desk, the others of one's own tickets."""

    NUMBER_ONE = "number_one"
    LEVEL = "level"
    MODE = "mode"
    PROMISE = "promise"
    """A promise to a customer cannot be kept any more."""
    CAME = "came"
    WENT = "went"
    CUSTOMER_WROTE = "customer_wrote"
    STATUS = "status"
    PRIORITY = "priority"
    DUE_SOON = "due_soon"
    """Of any ticket in the queue, as ``LATE`` is."""
    LATE = "late"


OF_OWN_TICKETS: Final = frozenset(
    {
        ChangeKind.CAME,
        ChangeKind.WENT,
        ChangeKind.CUSTOMER_WROTE,
        ChangeKind.STATUS,
        ChangeKind.PRIORITY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedDesk:
    """How the desk stands at ``now`` (UTC), as far as somebody is told of it.

    ``mine`` are the tickets that this person has and that are not solved, ``gone`` those that were
    among them at the look before, as they are now; one that is deleted is in neither. ``by`` says
    who did something last to those of both that have changed since. ``due`` are tickets of the
    queue that are due from the look before on, until as long from now as is worth a warning.
    ``revision`` is the number of the latest thing that had happened.
    """

    now: datetime
    revision: int = 0
    number_one: Ticket | None
    why: tuple[str, ...]
    capacity: "Capacity"
    mode: "ModeInForce"
    holders: "Holders"
    mine: tuple[Ticket, ...] = ()
    gone: tuple[Ticket, ...] = ()
    by: Mapping[int, str] = field(default_factory=dict)
    due: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskChange:
    """One thing that has changed: what is so now, and what was before.

    ``ticket`` is the ticket as it is now, ``earlier`` as it was: of a number one, the one before.
    ``value`` and ``before`` are the status, the priority, the level, the mode or the assignee.
    ``by`` is who did it, where that is known.
    """

    kind: ChangeKind
    ticket: Ticket | None = None
    earlier: Ticket | None = None
    value: str | int | None = None
    before: str | int | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDesk:
    """What somebody has seen and been told of: the desk at the last look, and its deadlines."""

    desk: WatchedDesk
    due_soon: frozenset[_Deadline]
    late: frozenset[_Deadline]


def desk_changes(
    desk: WatchedDesk, seen: SeenDesk | None
) -> tuple[tuple[DeskChange, ...], SeenDesk]:
    """Return what somebody is to be told now who has ``seen`` that, and what they have seen then.

    Whoever looks for the first time is told nothing: they see how it stands. Every deadline is
    told once as it comes near, and once when it has passed.
    """
    due_soon = {_deadline(ticket): ticket for ticket in desk.due if not _has_passed(ticket, desk)}
    late = {_deadline(ticket): ticket for ticket in desk.due if ticket.is_late(desk.now)}
    if seen is None:
        return (), SeenDesk(desk=desk, due_soon=frozenset(due_soon), late=frozenset(late))
    after = SeenDesk(
        desk=desk,
        due_soon=_still(seen.due_soon, desk.now) | due_soon.keys(),
        late=_still(seen.late, desk.now) | late.keys(),
    )
    changes = (
        *_number_one(desk, seen.desk),
        *_level_and_mode(desk, seen.desk),
        *_own(desk, seen.desk),
        *_new(ChangeKind.DUE_SOON, due_soon, seen.due_soon),
        *_new(ChangeKind.LATE, late, seen.late),
    )
    return changes, after


def how_it_stands(desk: WatchedDesk) -> tuple[DeskChange, ...]:
    """Return the number one, the level and the mode, as if each were news."""
    first = desk.number_one
    return (
        DeskChange(kind=ChangeKind.NUMBER_ONE, ticket=first, value=_number(first)),
        DeskChange(kind=ChangeKind.LEVEL, value=desk.capacity.level),
        DeskChange(kind=ChangeKind.MODE, value=desk.mode.mode),
    )


def newly_broken(
    drafts: "Sequence[WaitNotice]", told: Set[object] | None
) -> "tuple[list[WaitNotice], set[object]]":
    """Return which promises cannot be kept that still could, and all that has been told since.

    ``told`` is what this returned the time before, None the first time: nobody is told then.
    """
    broken = {(draft.asker, draft.episode): draft for draft in drafts if draft.renews}
    news = [] if told is None else [each for key, each in broken.items() if key not in told]
    return news, {*(told or ()), *broken}


def _number_one(desk: WatchedDesk, before: WatchedDesk) -> Iterator[DeskChange]:
    now, was = desk.number_one, before.number_one
    if _number(now) != _number(was):
        yield DeskChange(
            kind=ChangeKind.NUMBER_ONE,
            ticket=now,
            earlier=was,
            value=_number(now),
            before=_number(was),
        )


def _level_and_mode(desk: WatchedDesk, before: WatchedDesk) -> Iterator[DeskChange]:
    for kind, value, was in (
        (ChangeKind.LEVEL, desk.capacity.level, before.capacity.level),
        (ChangeKind.MODE, desk.mode.mode, before.mode.mode),
    ):
        if value != was:
            yield DeskChange(kind=kind, value=value, before=was)


def _own(desk: WatchedDesk, before: WatchedDesk) -> Iterator[DeskChange]:
    """Yield what became of this person's tickets, each ticket's changes together."""
    were = {ticket.id: ticket for ticket in before.mine}
    for ticket in desk.mine:
        was, by = were.get(ticket.id), desk.by.get(ticket.id)
        if was is None:
            yield DeskChange(kind=ChangeKind.CAME, ticket=ticket, value=ticket.assignee, by=by)
        else:
            yield from _of_one(ticket, was, by)
    gone = {ticket.id: ticket for ticket in desk.gone}
    have = {ticket.id for ticket in desk.mine}
    for was in before.mine:
        if was.id not in have:
            yield _went(gone.get(was.id), was, desk.by.get(was.id))


def _of_one(ticket: Ticket, was: Ticket, by: str | None) -> Iterator[DeskChange]:
    wrote, wrote_before = ticket.last_customer_message_at, was.last_customer_message_at
    if wrote is not None and (wrote_before is None or wrote > wrote_before):
        yield DeskChange(kind=ChangeKind.CUSTOMER_WROTE, ticket=ticket, earlier=was, by=by)
    for kind, value, before in (
        (ChangeKind.STATUS, ticket.status, was.status),
        (ChangeKind.PRIORITY, ticket.priority, was.priority),
    ):
        if value != before:
            yield DeskChange(
                kind=kind, ticket=ticket, earlier=was, value=value, before=before, by=by
            )


def _went(ticket: Ticket | None, was: Ticket, by: str | None) -> DeskChange:
    """Return that a ticket was solved, or is this person's no more; ``ticket`` None is deleted."""
    if ticket is not None and ticket.assignee == was.assignee and ticket.merged_into is None:
        return DeskChange(
            kind=ChangeKind.STATUS,
            ticket=ticket,
            earlier=was,
            value=ticket.status,
            before=was.status,
            by=by,
        )
    return DeskChange(
        kind=ChangeKind.WENT,
        ticket=ticket,
        earlier=was,
        value=None if ticket is None else ticket.assignee,
        before=was.assignee,
        by=by,
    )


def _new(
    kind: ChangeKind, tickets: Mapping[_Deadline, Ticket], told: frozenset[_Deadline]
) -> Iterator[DeskChange]:
    for deadline, ticket in tickets.items():
        if deadline not in told:
            yield DeskChange(kind=kind, ticket=ticket)


def _deadline(ticket: Ticket) -> _Deadline:
    if ticket.respond_by is None:
        raise AssertionError(f"#{ticket.id} is not due, and no reading of what is due has it")
    return ticket.id, ticket.respond_by


def _has_passed(ticket: Ticket, desk: WatchedDesk) -> bool:
    return ticket.respond_by is not None and ticket.respond_by < desk.now


def _still(told: frozenset[_Deadline], now: datetime) -> frozenset[_Deadline]:
    return frozenset(each for each in told if now - each[1] < _REMEMBERED)


def _number(ticket: Ticket | None) -> int | None:
    return None if ticket is None else ticket.id

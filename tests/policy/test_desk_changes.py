"""What is told of a desk that changes: each thing once, and only to those whom it concerns."""

from dataclasses import replace
from datetime import datetime, timedelta

from policy.alerting.desk_changes import (
    ChangeKind,
    SeenDesk,
    WatchedDesk,
    desk_changes,
    how_it_stands,
)
from policy.capacity.levels import Capacity
from policy.capacity.mode import ModeInForce
from policy.roster.holders import Holders
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.words import Mode, Priority, Status
from tests.examples import MONDAY, ticket

MINUTE = timedelta(minutes=1)
PLANNED = Capacity(
    level=1,
    why="All are in.",
    contingency="As planned.",
    scheduled=(),
    available=(),
    actionable=7,
    owed=7,
    next_arrivals=(),
)


def desk(
    *,
    now: datetime = MONDAY,
    first: Ticket | None = None,
    level: int = 1,
    mode: Mode = Mode.NORMAL,
    mine: tuple[Ticket, ...] = (),
    gone: tuple[Ticket, ...] = (),
    due: tuple[Ticket, ...] = (),
) -> WatchedDesk:
    return WatchedDesk(
        now=now,
        number_one=first,
        why=(),
        capacity=replace(PLANNED, level=level),
        mode=ModeInForce(mode=mode, why="So it is."),
        holders=Holders(Roster(), now),
        mine=mine,
        gone=gone,
        by={each.id: "luz" for each in (*mine, *gone)},
        due=due,
    )


def told(*looks: WatchedDesk) -> list[list[tuple[ChangeKind, object, object]]]:
    """Return what is told at each look: the kind, the ticket's number or the value, and before."""
    seen: SeenDesk | None = None
    found: list[list[tuple[ChangeKind, object, object]]] = []
    for look in looks:
        changes, seen = desk_changes(look, seen)
        found.append(
            [(each.kind, each.ticket.id if each.ticket else each.value, each.before)
             for each in changes]
        )  # fmt: skip
    return found


def test_whoever_looks_first_is_told_nothing_but_how_it_stands() -> None:
    due = ticket(2, respond_by=MONDAY)
    first = desk(first=ticket(1), level=3, due=(due,))
    assert told(first, first) == [[], []]
    assert [each.kind for each in how_it_stands(first)] == ["number_one", "level", "mode"]


def test_the_desk_is_told_in_one_order() -> None:
    after = desk(first=ticket(2), level=4, mode=Mode.HARD_CHOICES)
    assert told(desk(first=ticket(1)), after, desk(level=4, mode=Mode.HARD_CHOICES))[1:] == [
        [("number_one", 2, 1), ("level", 4, 1), ("mode", "hard_choices", "normal")],
        [("number_one", None, 2)],
    ]


def test_what_becomes_of_ones_own_tickets_is_told() -> None:
    was = ticket(2, assignee="mo", status=Status.PENDING)
    wrote = replace(
        was,
        status=Status.OPEN,
        last_customer_message_at=MONDAY,
        defined_priority=Priority("p0"),
    )
    assert told(desk(), desk(mine=(was,)), desk(mine=(wrote,)))[1:] == [
        [("came", 2, None)],
        [
            ("customer_wrote", 2, None),
            ("status", 2, "pending"),
            ("priority", 2, was.priority),
        ],
    ]


def test_how_a_ticket_went_is_told() -> None:
    was = ticket(2, assignee="mo")
    for now, kind in (
        (replace(was, status=Status.SOLVED), "status"),
        (replace(was, assignee="luz"), "went"),
        (replace(was, merged_into=4), "went"),
        (None, "went"),
    ):
        gone = () if now is None else (now,)
        (_, ((found, *_),)) = told(desk(mine=(was,)), desk(gone=gone))
        assert found == kind


def test_a_deadline_is_told_once_as_it_comes_and_once_when_it_has_passed() -> None:
    due = ticket(2, respond_by=MONDAY + 2 * MINUTE, waiting_since=MONDAY)
    looks = [desk(now=MONDAY + number * MINUTE, due=(due,)) for number in range(5)]
    quiet, nothing = desk(), desk(now=MONDAY + 5 * MINUTE)
    again = desk(now=MONDAY + 6 * MINUTE, due=(due,))  # the clock was set back, or it was answered
    assert told(quiet, *looks, nothing, again) == [
        [], [("due_soon", 2, None)], [], [], [("late", 2, None)], [], [], []
    ]  # fmt: skip

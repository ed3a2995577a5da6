"""How long the queue was by the source's times, and what was owed though it came here late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from policy.capacity.hard_choices import QueueCount
from policy.report.overdue import overdue
from policy.report.queue_length import queue_lengths
from policy.report.ticket_changes import TicketChange
from policy.ticket import Ticket
from policy.words import Status
from tests.examples import ticket
from tests.policy.pasts import RULEBOOKS, change
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY

START, END = MONDAY - DAY, MONDAY + DAY
CAME = MONDAY + 10 * HOUR
WAITS = ticket(1, respond_by=MONDAY + 8 * HOUR)
ANSWERED = replace(WAITS, first_response_at=MONDAY + 2 * HOUR, waiting_since=None, respond_by=None)


def came(after: Ticket, at: datetime = CAME, *, taken_back: bool = False) -> TicketChange:
    """Return the coming of a ticket by an import."""
    told = change(int((at - MONDAY) / MINUTE), after, after, "imported", taken_back=taken_back)
    return replace(told, before=None)


def lengths(
    *changes: TicketChange, counts: tuple[tuple[int, int], ...] = ()
) -> list[tuple[float, int]]:
    """Return from which hour of Monday on the queue was how long; ``counts`` are such, too."""
    here = [QueueCount(at=MONDAY + hour * HOUR, tickets=many) for hour, many in counts]
    found = queue_lengths(here, [], changes, START, END)
    return [((each.at - MONDAY) / HOUR, each.tickets) for each in found]


def test_what_came_here_late_stood_in_the_queue_since_it_was_received() -> None:
    assert lengths(came(WAITS), counts=((10, 1),)) == [(0, 1), (10, 1)]
    assert lengths(came(WAITS, taken_back=True), counts=((10, 1),)) == [(10, 1)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": Status.PENDING}, [(0, 1), (2, 0)]),
        ({"status": Status.SOLVED, "solved_at": MONDAY + 5 * HOUR}, [(0, 1), (2, 0)]),
        ({"status": Status.SOLVED, "solved_at": CAME}, [(0, 1), (2, 0)]),
        ({"status": Status.SOLVED, "solved_at": MONDAY + 5 * HOUR, "first_response_at": None},
         [(0, 1), (5, 0)]),
        ({"status": Status.SOLVED, "solved_at": CAME, "first_response_at": None}, []),
        ({"status": Status.SOLVED, "solved_at": MONDAY + 7 * HOUR,
          "last_customer_message_at": MONDAY + 4 * HOUR}, [(0, 1), (2, 0), (4, 1), (7, 0)]),
        ({"declined": "Not ours."}, []),
    ],
)  # fmt: skip
def test_it_left_the_queue_when_its_source_says_that_it_was_answered_or_solved(
    fields: dict[str, object], expected: list[tuple[float, int]]
) -> None:
    found = lengths(came(replace(ANSWERED, **fields)))  # type: ignore[arg-type] # any field
    assert [each for each in found if each[0] < 10] == expected


def test_an_answer_that_is_told_of_late_counts_since_it_was_given() -> None:
    pending = replace(ANSWERED, status=Status.PENDING)
    told = [came(WAITS, MONDAY + HOUR), change(600, WAITS, pending, "updated")]
    assert lengths(*told, counts=((1, 1), (10, 0))) == [(0, 1), (1, 1), (2, 0), (10, 0)]


def test_what_was_done_here_is_as_it_was_written_down() -> None:
    told = [change(60, WAITS, replace(WAITS, status=Status.OPEN))]
    counts = [QueueCount(at=MONDAY - DAY, tickets=3), QueueCount(at=MONDAY + HOUR, tickets=4)]
    assert queue_lengths(counts, [WAITS], told, MONDAY, END) == counts


@pytest.mark.parametrize(
    ("after", "end", "late"),
    [
        (WAITS, 9 * HOUR, True),
        (WAITS, 7 * HOUR, False),
        (replace(WAITS, first_response_at=MONDAY + 9 * HOUR), 8.5 * HOUR, True),
        (replace(WAITS, first_response_at=MONDAY + 9 * HOUR), 9.5 * HOUR, False),
        (replace(WAITS, status=Status.SOLVED, solved_at=MONDAY + 7 * HOUR), 9 * HOUR, False),
        (replace(WAITS, status=Status.SOLVED, solved_at=MONDAY + 9.5 * HOUR), 9 * HOUR, True),
        (replace(WAITS, status=Status.SOLVED, solved_at=CAME), 9 * HOUR, False),
        (replace(WAITS, declined="Not ours."), 9 * HOUR, False),
    ],
)  # fmt: skip
def test_owed_and_never_answered_counts_from_the_moment_it_was_late(
    after: Ticket, end: timedelta, late: bool
) -> None:
    found = overdue({}, [came(after)], RULEBOOKS, MONDAY, MONDAY + end)
    assert found == ([1] if late else [])
    told_early = [came(WAITS, MONDAY + HOUR), change(600, WAITS, after, "updated")]
    if after.declined is None and after.solved_at != CAME:
        assert overdue({}, told_early, RULEBOOKS, MONDAY, MONDAY + end) == found

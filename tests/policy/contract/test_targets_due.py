"""What a contract promises to which ticket, and until when."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.business_time import add_business_time
from policy.clocks.calendar import Interval
from policy.contract.targets_due import TargetsDue, running_in, targets_due
from policy.contract.ticket_words import words_of
from policy.rulebook.rulebook import Rulebook, handbook
from policy.words import Status
from tests.policy.contract.policies import ALWAYS, OFFICE, policy, utc

CONTRACT = policy(
    ALWAYS
    + OFFICE
    + """
[facts]
kind = ["incident", "request"]
paged = "flag"
[targets]
own = ["begin"]
[clock]
stops_in = ["pending"]
[[contract]]
when = { closed = ["office"], paged = true }
calendar = "always"
first_response = "1h"
[[contract]]
when = { paying = true, priority = ["first"] }
calendar = "always"
first_response = "30m"
update = "2h"
resolution = "1d"
[[contract]]
when = { kind = ["request"] }
calendar = "office"
first_response = "1bd"
begin = "4h"
[[contract]]
when = { tier = ["gold"] }
calendar = "office"
first_response = "4h"
next_reply = "2h"
resolution = "16h"
not_before = "0bd"
[[contract]]
when = {}
first_response = "none"
"""
)
WEDNESDAY = utc("2026-03-04T10:00")
"""11:00 in Berlin."""


def due(
    book: Rulebook = CONTRACT,
    received_at: datetime = WEDNESDAY,
    *,
    status: Status = Status.NEW,
    zone: str | None = None,
    paused: tuple[Interval, ...] = (),
    **words: object,
) -> TargetsDue:
    known = {"tier": "silver", "priority": "second", **words}
    return targets_due(
        book,
        words_of(**known),  # type: ignore[arg-type] # each a word of the policy
        received_at,
        zone=zone,
        status=status,
        paused=paused,
    )


def test_the_first_row_that_holds_and_names_a_target_decides_it() -> None:
    found = due(tier="gold", priority="first", facts={"kind": "request"})
    assert found.targets == {
        "first_response": utc("2026-03-04T10:30"),  # the row of gold and first
        "next_reply": utc("2026-03-04T12:00"),  # the row of gold
        "update": utc("2026-03-04T12:00"),
        "resolution": utc("2026-03-05T10:00"),
        "not_before": utc("2026-03-04T16:00"),
        "begin": utc("2026-03-04T14:00"),  # the row of requests
    }
    assert found.respond_by == utc("2026-03-04T10:30")
    assert found.row is not None
    assert found.row.number == 2


def test_who_is_promised_nothing_has_no_time_and_no_aim() -> None:
    found = due()
    assert set(found.targets.values()) == {None}
    assert (found.respond_by, found.aim_by) == (None, None)
    assert found.row is not None
    assert found.row.number == 5


def test_whether_it_came_in_hours_decides() -> None:
    night = utc("2026-03-04T20:00")
    assert due(received_at=night, facts={"paged": True}).respond_by == utc("2026-03-04T21:00")
    assert due(received_at=night, facts={"paged": False}).respond_by is None
    assert due(facts={"paged": True}).respond_by is None
    # In hours where the customer is.
    night_there = due(received_at=WEDNESDAY, zone="America/Los_Angeles", facts={"paged": True})
    assert night_there.respond_by == utc("2026-03-04T11:00")


def test_hours_are_the_customers_and_otherwise_those_that_are_named() -> None:
    assert due(tier="gold").respond_by == utc("2026-03-04T14:00")
    assert due(tier="gold", zone="Asia/Tokyo").respond_by == utc("2026-03-05T04:00")
    request = {"kind": "request"}
    assert due(facts=request).respond_by == utc("2026-03-05T16:00")
    assert due(facts=request, zone="Asia/Tokyo").respond_by == utc("2026-03-05T08:00")


def test_what_is_open_in_one_of_two_calendars_counts() -> None:
    book = policy(
        OFFICE
        + """
[calendars.weekend]
timezone = "America/Los_Angeles"
open = ["Fri 17:00 - Mon 09:00"]
[[contract]]
when = {}
calendar = ["office", "weekend"]
first_response = "2h"
"""
    )
    friday_afternoon = utc("2026-03-06T15:00")  # 16:00 in Berlin; Los Angeles begins at 01:00
    assert due(book, friday_afternoon).respond_by == utc("2026-03-07T02:00")


@pytest.mark.parametrize(
    ("status", "running"),
    [
        (Status.NEW, ("first_response",)),
        (Status.OPEN, ("next_reply", "update")),
        (Status.PENDING, ()),
        (Status.ON_HOLD, ("update",)),
        (Status.SOLVED, ()),
        (Status.CLOSED, ()),
    ],
)
def test_which_answer_is_due_in_a_status(status: Status, running: tuple[str, ...]) -> None:
    assert running_in(CONTRACT, status) == running
    found = due(status=status, tier="gold", priority="first")
    times = [moment for each in running if (moment := found.targets[each]) is not None]
    assert found.respond_by == min(times, default=None)


def test_update_and_resolution_stand_still_and_nothing_else_does() -> None:
    stop = (Interval(WEDNESDAY, WEDNESDAY + timedelta(hours=5)),)
    there, then = (
        due(tier="gold", priority="first"),
        due(tier="gold", priority="first", paused=stop),
    )
    moved = {
        name: moment - before
        for name, moment in then.targets.items()
        if moment is not None and (before := there.targets[name]) is not None and moment != before
    }
    assert moved == {"update": timedelta(hours=5), "resolution": timedelta(hours=5)}


PRIORITIES = st.sampled_from(["p0", "p1", "p2", "p3"])
TIERS = st.sampled_from(["presales", "enterprise", "team", "free", "open_source", "internal"])


@given(TIERS, PRIORITIES, st.integers(0, 366 * 24 * 60))
def test_the_handbooks_short_form_is_four_rows(tier: str, priority: str, minutes: int) -> None:
    book, received_at = handbook(), utc("2026-01-01T00:00") + timedelta(minutes=minutes)
    calendar, owed = book.contract_calendar, book.contract_time[priority]
    found = due(book, received_at, tier=tier, priority=priority)
    later = due(book, received_at, tier=tier, priority=priority, status=Status.OPEN)
    if tier == "internal":
        assert {found.respond_by, found.aim_by, later.respond_by, later.aim_by} == {None}
        return
    aim_by = add_business_time(calendar, received_at, book.response.aim)
    assert found.respond_by == add_business_time(calendar, received_at, owed)
    assert (found.aim_by, later.respond_by, later.aim_by) == (aim_by, aim_by, aim_by)
    assert {found.targets[each] for each in ("update", "resolution", "not_before")} == {None}

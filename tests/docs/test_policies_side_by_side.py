"""The page of ten tickets under three policies says what the policies promise, reckoned by hand."""

from datetime import UTC, datetime

import pytest

from docs.policies_side_by_side import POLICIES, TICKETS, decided, page
from policy.words import Mode

NAMES = tuple(each.name for each in POLICIES)


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "number", "priority", "respond_by", "resolve_by"),
    [
        ("gitlab", 1, "emergency", at(4, 14, 25), None),  # 30 m, at any hour
        ("gitlab", 2, "low", at(4, 20, 50), None),  # billing: 8 h of an open Wednesday
        ("gitlab", 3, "high", at(4, 15, 55), None),  # 4 h
        ("gitlab", 9, "emergency", None, None),  # nothing is promised to trials
        ("bu", 1, "P1", at(4, 14, 10), at(4, 15, 55)),  # 15 m and 2 h at any hour
        ("bu", 3, "P2", at(4, 15, 0), at(4, 18, 0)),  # 1 h and 4 h from nine in Boston on
        ("bu", 2, "P4", at(4, 22, 0), None),  # a request: one business day, a date agreed on
        ("skyltmax", 2, "normal", at(4, 16, 0), None),  # closing in Stockholm
        ("skyltmax", 1, "normal", None, None),
    ],
)
def test_the_times_are_those_of_the_policies(
    name: str,
    number: int,
    priority: str,
    respond_by: datetime | None,
    resolve_by: datetime | None,
) -> None:
    ticket = decided(name).ticket(number)
    assert (ticket.priority, ticket.respond_by, ticket.resolve_by) == (
        priority,
        respond_by,
        resolve_by,
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [*Mode])
def test_each_ticket_has_a_place_of_its_own(name: str, mode: Mode) -> None:
    found = decided(name)
    places = [found.place(number, mode) for number, _ in enumerate(TICKETS, start=1)]
    assert sorted(places) == [*range(1, 11)]


def test_the_three_do_not_agree_on_the_number_one() -> None:
    orders = {tuple(each.id for each in decided(name).normal) for name in NAMES}
    assert len(orders) == len(NAMES)
    assert decided("gitlab").normal[0].id == decided("bu").normal[0].id == 1
    assert decided("skyltmax").normal[0].id == 2


def test_every_ticket_stands_in_each_of_the_tables() -> None:
    written = page()
    for number, told in enumerate(TICKETS, start=1):
        assert written.count(f"#{number} {told.name} |") == len(NAMES) + 1
        assert told.says in written

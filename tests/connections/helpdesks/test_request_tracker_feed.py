"""How far the feed has been read: each transaction once, in whatever order they come to be seen."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from connections.helpdesks.request_tracker_feed import (
    MAY_COME_FOR,
    FeedPosition,
    TransactionRow,
    row_of,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def row(
    number: int, at: datetime = NOON, kind: str = "Correspond", mark: str = ""
) -> TransactionRow:
    return TransactionRow(number, kind, "1", "mariam", at, "", "", mark)


def asked(position: FeedPosition, there: list[TransactionRow], page: int) -> list[TransactionRow]:
    """Return what a Request Tracker gives for what a position asks for."""
    wanted = [
        each
        for each in sorted(there, key=lambda each: each.id)
        if each.id > position.read_to
        or any(gap.first <= each.id <= gap.last for gap in position.gaps)
    ]
    return wanted[:page]


def kept(position: FeedPosition) -> FeedPosition:
    """Return a position as it comes back from where cursors are kept."""
    return FeedPosition.of(json.loads(json.dumps(position.cursor())))


@given(
    some.lists(some.integers(1, 60), unique=True, min_size=1),
    some.randoms(use_true_random=False),
    some.integers(1, 5),
)
def test_each_comes_once_in_whatever_order_they_are_seen(
    numbers: list[int], chance: object, page: int
) -> None:
    order = list(numbers)
    chance.shuffle(order)  # type: ignore[attr-defined] # hypothesis' own kind of random
    position, there, told = FeedPosition(0), list[TransactionRow](), list[int]()
    now = NOON
    for number in [*order, *[0] * len(order)]:  # until all have been seen, and on
        now += SECOND
        if number:
            there.append(row(number, now))
        given_now = asked(position, there, page)
        told += [each.id for each in given_now]
        position = kept(position.after(given_now, now))
    assert sorted(told) == sorted(numbers)


def test_what_is_missing_is_given_up_after_ten_minutes() -> None:
    position = FeedPosition(10).after([row(11), row(14), row(20)], NOON)
    assert [(gap.first, gap.last) for gap in position.gaps] == [(12, 13), (15, 19)]
    again = position.after([row(16)], NOON + MAY_COME_FOR - SECOND)
    assert [(gap.first, gap.last) for gap in again.gaps] == [(12, 13), (15, 15), (17, 19)]
    assert again.after([], NOON + MAY_COME_FOR).gaps == ()
    assert again.read_to == 20


def test_what_was_read_long_after_it_was_written_leaves_no_gaps() -> None:
    old = [row(number, NOON - timedelta(days=1)) for number in (3, 7, 9)]
    assert FeedPosition(0).after(old, NOON) == FeedPosition(9)


def test_what_is_asked_for_is_asked_in_pieces_that_fit_an_address() -> None:
    many = [row(number) for number in range(2, 1000, 3)]
    position = FeedPosition(0).after(many, NOON)
    conditions = list(position.conditions())
    assert "id > 998" in conditions[0]
    assert sum(each.count(">=") for each in conditions) == len(position.gaps) == 333
    assert max(map(len, conditions)) < 3000


def test_a_row_as_it_comes_over_the_wire() -> None:
    mark = {"name": "NumberOne", "values": ["n1-7"]}
    item = {
        "id": "68",
        "Type": "Comment",
        "ObjectId": "4",
        "Creator": {"type": "user", "id": "mariam"},
        "Created": "2026-11-28T12:00:00Z",
        "Field": "",
        "NewValue": None,
        "CustomFields": [{"name": "other", "values": ["x"]}, mark],
    }
    found = row_of(item, "numberone")
    assert found == TransactionRow(68, "Comment", "4", "mariam", NOON, "", "", "n1-7")
    assert row_of({**item, "CustomFields": ""}, "numberone").mark == ""

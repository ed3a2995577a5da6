"""The desk as it was: where one stands in it, and what is refused."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policy.refusal import Refusal
from policy.words import Status
from store.desk import Desk
from store.history.past_desk import PastDesk
from tests.examples import incoming

BEGAN = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def present(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk where #1 came, then #2 before it, then #2 was taken and answered."""
    clock = Clock()
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=clock)) as desk:
        desk.transfer.take_in([incoming(1, severity=1)])
        for step in (
            lambda: desk.transfer.take_in([incoming(2, severity=0)]),
            lambda: desk.tickets.take(2),
            lambda: desk.tickets.reply(2, Status.PENDING),
        ):
            clock.now += timedelta(hours=1)
            step()
        yield desk


def past_of(present: Desk, hours: float) -> "closing[PastDesk]":
    return closing(PastDesk(present.history.as_of(BEGAN + timedelta(hours=hours)), actor="mo"))


def test_the_history_begins_with_the_first_thing(present: Desk, tmp_path: Path) -> None:
    assert present.history.begins_at() == BEGAN
    with closing(Desk.open(str(tmp_path / "new.db"), actor="mo")) as desk:
        assert desk.history.begins_at() is None


def test_another_number_one_is_found_before_and_after(present: Desk) -> None:
    with past_of(present, 2.5) as past:
        assert past.number_one_id() == 2
        assert past.step_to_another_number_one(forward=False)
        assert (past.number_one_id(), past.footing().time) == (1, BEGAN)
        assert past.step_to_another_number_one(forward=True)
        assert past.step_to_another_number_one(forward=True)
        assert (past.number_one_id(), past.footing().next) == (1, None)


def test_where_there_is_no_other_number_one_one_stands_where_one_stood(present: Desk) -> None:
    with past_of(present, 3.5) as past:
        before = past.footing()
        assert not past.step_to_another_number_one(forward=True)
        assert past.footing() == before
    with past_of(present, 2.5) as past:
        before = past.footing()
        asked = iter([True, False])
        assert not past.step_to_another_number_one(forward=False, go_on=lambda: next(asked))
        assert past.footing() == before
        assert past.number_one_id() == 2


def test_what_was_closed_is_read_no_more(present: Desk) -> None:
    with past_of(present, 1.5) as past:
        assert not hasattr(past.tickets, "take"), "there is nothing that would have to be refused"
    for reading in (past.queue.overview, past.footing, lambda: past.step(forward=True)):
        with pytest.raises(Refusal, match="the past was left"):
            reading()


def test_a_comment_is_no_version_of_a_ticket_in_the_past_either(present: Desk) -> None:
    taken = present.tickets.get(2).version
    present.tickets.comment(2, "Seen.")
    with past_of(present, 2.5) as past:
        assert past.tickets.get(2).version == taken - 1
    assert present.tickets.get(2).version == taken

"""Several tickets at once: all of them or none, and what each of it leaves behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from policy.refusal import Refusal
from policy.words import Status
from store.desk import Desk
from store.queue.query import Query
from tests.examples import MONDAY, incoming
from tests.store.checking import check
from tests.store.conftest import OpenDesk

MINUTE = timedelta(minutes=1)
ALL_THREE = [1, 2, 3]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk with four tickets; the fourth is closed."""
    done = {"status": "closed", "first_response_at": MONDAY + MINUTE}
    desk.transfer.take_in([incoming(1), incoming(2, severity=1), incoming(3), incoming(4, **done)])
    return desk


def test_several_are_assigned_at_once_in_one_action(filled: Desk, address: str) -> None:
    changed = filled.tickets.assign_each(ALL_THREE, "jo")
    assert [(each.id, each.assignee) for each in changed] == [(1, "jo"), (2, "jo"), (3, "jo")]
    assert [filled.tickets.history(each.id)[-1].kind for each in changed] == ["assigned"] * 3
    check(filled, address)


def test_several_are_taken_and_put_into_a_status(filled: Desk, address: str) -> None:
    assert {each.assignee for each in filled.tickets.take_each(ALL_THREE)} == {"mo"}
    filled.tickets.reply(3)
    pending = filled.tickets.set_status_each(ALL_THREE, Status.PENDING)
    assert {each.status for each in pending} == {Status.PENDING}
    queue = filled.queue.page(Query(), 0, None)
    assert [each.id for each in queue] == [2, 1], "whoever waits stays in the queue"
    check(filled, address)


def test_several_are_solved_and_the_reason_is_for_those_that_are_owed(
    filled: Desk, address: str
) -> None:
    filled.tickets.reply(3)
    reason = "They found it themselves."
    solved = filled.tickets.set_status_each(ALL_THREE, Status.SOLVED, unanswered=reason)
    assert {each.status for each in solved} == {Status.SOLVED}
    told = [filled.tickets.history(each)[-1] for each in ALL_THREE]
    assert [(each.kind, each.note) for each in told] == [
        ("solved_unanswered", reason), ("solved_unanswered", reason), ("status_changed", ""),
    ]  # fmt: skip
    assert filled.queue.overview().queue == 0
    check(filled, address)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda desk: desk.tickets.assign_each([1, 4], "jo"), "#4 is closed"),
        (lambda desk: desk.tickets.assign_each([1, 2], "j o"), "login: "),
        (lambda desk: desk.tickets.set_status_each([1, 4], Status.OPEN), "#4 is closed"),
        (
            lambda desk: desk.tickets.set_status_each([1, 99], Status.OPEN),
            '"99": no such ticket',
        ),
        (lambda desk: desk.tickets.take_each([1, 2, 4]), "#4 is closed"),
        (
            lambda desk: desk.tickets.set_status_each(ALL_THREE, Status.SOLVED),
            "#1 cannot be solved while its customer waits for an answer",
        ),
        (
            lambda desk: desk.tickets.set_status_each([4], Status.CLOSED, unanswered="So."),
            "unanswered: nobody waits for an answer of #4",
        ),
    ],
)
def test_one_that_refuses_leaves_all_as_they_were(
    filled: Desk, address: str, change: Callable[[Desk], object], reason: str
) -> None:
    before = [filled.tickets.get(number) for number in (1, 2, 3, 4)]
    revision = filled.history.revision()
    with pytest.raises(Refusal) as refused:
        change(filled)
    assert refused.value.reason.startswith(reason)
    assert [filled.tickets.get(number) for number in (1, 2, 3, 4)] == before
    assert filled.history.revision() == revision
    check(filled, address)


def test_what_somebody_else_has_keeps_all_from_being_taken(
    filled: Desk, open_desk: OpenDesk
) -> None:
    open_desk("jo").tickets.take(2)
    with pytest.raises(Refusal, match="#2 is jo's already"):
        filled.tickets.take_each(ALL_THREE)
    assert filled.tickets.get(1).assignee is None


def test_what_is_so_already_is_not_written_again(filled: Desk) -> None:
    filled.tickets.assign(1, "jo")
    revision = filled.history.revision()
    filled.tickets.assign_each([1, 1], "jo")
    assert filled.history.revision() == revision
    filled.tickets.assign_each([1, 2, 2], "jo")
    assert [event.kind for event in filled.tickets.history(2)] == ["imported", "assigned"]

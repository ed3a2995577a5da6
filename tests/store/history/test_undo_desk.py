"""Taking back and doing again at a desk: one's own last, whole, unless it was changed since."""

import pytest

from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import Status
from store.desk import Desk
from store.queue.query import Query
from tests.examples import incoming
from tests.store.conftest import OpenDesk

HASTY = load_rulebook('[response]\np2 = "10m"\n', "hasty.toml")


@pytest.fixture
def mo(open_desk: OpenDesk) -> Desk:
    desk = open_desk("mo")
    with desk.one_action():
        desk.transfer.take_in([incoming(number) for number in range(1, 3)])
        desk.transfer.take_in([incoming(number) for number in range(3, 5)])
    return desk


def test_an_import_in_several_batches_is_taken_back_whole_and_done_again(mo: Desk) -> None:
    before = mo.queue.page(Query(), 0, None)
    assert len(mo.history.undo()) == 4
    assert mo.queue.total(Query()) == 0
    mo.history.redo()
    assert [each.id for each in mo.queue.page(Query(), 0, None)] == [each.id for each in before]


def test_what_came_again_since_is_not_brought_back_twice(mo: Desk, open_desk: OpenDesk) -> None:
    mo.history.undo()
    open_desk("jo").transfer.take_in([incoming(2)])
    again = mo.tickets.resolve("test:2")
    revision = mo.history.revision()
    with pytest.raises(
        Refusal, match=rf"^#2 cannot come back: test:2 has come again since, as #{again}$"
    ):
        mo.history.redo()
    assert mo.history.revision() == revision
    open_desk("jo").history.undo()
    assert len(mo.history.redo()) == 4


def test_only_ones_own_is_taken_back_and_not_what_somebody_changed_since(
    mo: Desk, open_desk: OpenDesk
) -> None:
    jo = open_desk("jo")
    mo.tickets.take(1)
    with pytest.raises(Refusal, match="nothing that jo has done"):
        jo.history.undo()
    jo.tickets.set_status(1, Status.PENDING)
    with pytest.raises(Refusal, match=r"#1 was changed since by jo \(status changed\)"):
        mo.history.undo()
    jo.history.undo()
    mo.history.undo()
    assert mo.tickets.get(1).assignee is None


def test_what_is_done_since_leaves_nothing_to_do_again(mo: Desk) -> None:
    mo.tickets.take(1)
    mo.history.undo()
    mo.tickets.take(2)
    with pytest.raises(Refusal, match="nothing that mo has taken back"):
        mo.history.redo()


def test_a_comment_is_no_change(mo: Desk, open_desk: OpenDesk) -> None:
    mo.tickets.take(1)
    open_desk("jo").tickets.comment(1, "Seen.")
    mo.history.undo()
    assert mo.tickets.get(1).assignee is None


def test_what_a_part_was_split_off_since_stays_until_that_is_taken_back(
    mo: Desk, open_desk: OpenDesk
) -> None:
    jo = open_desk("jo")
    part = jo.merging.split(1, "A part")
    with pytest.raises(Refusal, match=r"#1 was changed since by jo \(split off\)"):
        mo.history.undo()
    jo.history.undo()
    with pytest.raises(Refusal, match=f'"{part.id}": no such ticket'):
        mo.tickets.get(part.id)
    mo.history.undo()
    assert mo.queue.total(Query()) == 0


def test_a_policy_is_taken_back_whatever_was_done_to_the_tickets_since(
    mo: Desk, open_desk: OpenDesk
) -> None:
    jo = open_desk("jo")
    due = mo.tickets.get(1).respond_by
    mo.policy.adopt(HASTY)
    jo.tickets.take(1)
    assert mo.tickets.get(1).respond_by != due
    mo.history.undo()
    assert mo.policy.rulebook() == handbook()
    assert (mo.tickets.get(1).respond_by, mo.tickets.get(1).assignee) == (due, "jo")


def test_what_a_policy_ranked_again_is_taken_back_under_that_policy(
    mo: Desk, open_desk: OpenDesk
) -> None:
    open_desk("jo").tickets.take(1)
    mo.policy.adopt(HASTY)
    due = mo.tickets.get(1).respond_by
    open_desk("jo").history.undo()
    assert (mo.tickets.get(1).respond_by, mo.tickets.get(1).assignee) == (due, None)

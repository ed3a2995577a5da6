"""A policy is reckoned beside, while others go on, and put in force at one instant."""

from itertools import product

import pytest

from policy.rulebook.rulebook import handbook
from policy.words import OpenedBy, Status
from store.desk import Desk
from store.policies.reranking import AT_ONCE
from store.queue.query import Query
from store.tickets.ticket_json import facts
from tests.examples import SEVERITIES, TIERS, incoming
from tests.store.checking import EVERYTHING, check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.policies.test_policies import EVERY_KIND, policy


@pytest.mark.parametrize("name", ["other intake", "rows"])
def test_what_changes_while_a_policy_is_reckoned_is_reckoned_again(
    desk: Desk, open_desk: OpenDesk, clock: Clock, address: str, name: str
) -> None:
    desk.transfer.take_in(EVERY_KIND)
    jo = open_desk("jo")
    solved, answered, heard, _ = (each.id for each in jo.queue.page(Query(), 0, 4))
    queue = [each.id for each in jo.queue.page(Query(), 0, None)]

    def meanwhile(_done: int, _total: int) -> None:
        clock.advance(minutes=1)
        jo.tickets.set_status(solved, Status.SOLVED, unanswered="Spam.")
        jo.tickets.reply(answered)
        jo.tickets.heard(heard)
        jo.transfer.take_in([incoming(900, tier="free", severity=1)])
        left = [each for each in queue if each not in (solved, answered)]
        still = [each.id for each in jo.queue.page(Query(), 0, None)]
        assert [each for each in still if each in left] == left
        assert jo.policy.rulebook() == handbook()

    assert desk.policy.adopt(policy(name), meanwhile)
    assert jo.policy.rulebook() == policy(name)
    assert desk.tickets.get(solved).status is Status.SOLVED
    check(desk, address)


def test_of_two_policies_adopted_at_once_the_later_is_in_force(
    desk: Desk, open_desk: OpenDesk, address: str
) -> None:
    desk.transfer.take_in(EVERY_KIND)
    jo = open_desk("jo")
    asked: list[bool] = []

    def meanwhile(_done: int, _total: int) -> None:
        asked.append(jo.policy.adopt(policy("other order")))

    assert desk.policy.adopt(policy("other times"), meanwhile)
    assert asked == [True, False]  # reckoned in vain, it is reckoned once more
    assert desk.policy.rulebook() == policy("other times")
    check(desk, address)


def test_the_history_tells_just_what_differs(desk: Desk) -> None:
    desk.transfer.take_in(EVERY_KIND)
    before = {each.id: facts(each) for each in desk.queue.page(EVERYTHING, 0, None)}
    desk.policy.adopt(policy("rows"))
    for each in desk.queue.page(EVERYTHING, 0, None):
        event = desk.tickets.history(each.id)[-1]
        was, becomes = before[each.id], facts(each)
        names = {n for n in was | becomes if was.get(n) != becomes.get(n)} - {"version"}
        assert event.kind == ("ranked_again" if names else "imported")
        if not names:
            continue
        assert event.before == {name: was.get(name) for name in names}
        assert event.after == {name: becomes.get(name) for name in names}


def test_a_queue_longer_than_what_is_reckoned_at_once(desk: Desk, address: str) -> None:
    kinds = list(product(TIERS, SEVERITIES, [OpenedBy.CUSTOMER, OpenedBy.CE]))
    desk.transfer.take_in(
        [
            incoming(number, tier=tier, severity=severity, opened_by=opened_by)
            for number, (tier, severity, opened_by) in enumerate(
                kinds * (AT_ONCE // len(kinds) + 2)
            )
        ]
    )
    told: list[tuple[int, int]] = []
    desk.policy.adopt(policy("other intake"), lambda *done: told.append(done))
    total = told[-1][1]
    assert told == [(AT_ONCE, total), (total, total)]
    check(desk, address)

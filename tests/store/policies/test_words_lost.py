"""A change of words: what becomes of the tickets here, and that none is left without a meaning."""

from datetime import timedelta

import pytest

from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import PriorityInput, Severity, Status
from store.desk import Desk
from store.queue.query import parse_query
from tests.examples import MONDAY, incoming
from tests.own_words import NEITHER, OURS, ours
from tests.store.checking import EVERYTHING, check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk

_FROM_FIRST = '"sev1", "sev2", "sev3", "sev4", "sev5"'
_FROM_LAST = '"sev5", "sev4", "sev3", "sev2", "sev1"'
TURNED = OURS.replace(_FROM_FIRST, _FROM_LAST)
"""The same words, the last of the priorities first."""


def in_our_words(number: int, tier: str | None, severity: Severity | None) -> dict[str, object]:
    return {
        "external_id": number,
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "tier": tier,
        "severity": severity,
        "received_at": MONDAY,
    }


def take_in(desk: Desk, *told: dict[str, object]) -> None:
    desk.transfer.take_in([incoming_ticket(each, desk.policy.words()) for each in told])


def test_tickets_carry_the_words_of_any_policy(desk: Desk, address: str) -> None:
    desk.policy.adopt(ours())
    take_in(
        desk,
        in_our_words(1, "standard", 2),
        in_our_words(2, "Self-Support", "LOW"),
        in_our_words(3, "ours", "critical"),
        in_our_words(4, "premium", "critical"),
    )
    queue = desk.queue.page(EVERYTHING, 0, None)
    assert {each.id: (each.tier, each.severity, each.priority) for each in queue} == {
        1: ("standard", 2, "sev4"),
        2: ("self_support", "low", "sev4"),
        3: ("ours", "critical", "sev5"),
        4: ("premium", "critical", "sev1"),
    }
    assert [each.id for each in queue if each.owed] == [4, 1, 2]
    for typed, found in (
        ("sev:critical", [4, 3]), ("severity:2", [1]), ("tier:self-support", [2]),
        ("p:SEV4", [1, 2]), ("-p:sev4", [4, 3]),
    ):  # fmt: skip
        query = parse_query(typed, desk.policy.words())
        assert [each.id for each in desk.queue.page(query, 0, None)] == found
    check(desk, address)


def test_a_desk_without_tiers_and_severities_asks_for_none(desk: Desk, address: str) -> None:
    desk.policy.adopt(ours(NEITHER))
    told = in_our_words(1, None, None)
    take_in(desk, {name: value for name, value in told.items() if value is not None})
    take_in(desk, in_our_words(2, "gold", 7))  # what a file says of them all the same
    assert {(each.tier, each.severity) for each in desk.queue.page(EVERYTHING, 0, None)} == {
        (None, None)
    }
    check(desk, address)


def test_a_policy_that_lacks_words_of_tickets_is_refused_with_their_number(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1), incoming(2, severity=0), incoming(3, tier="team")])
    desk.tickets.assign_priority(1, "p0", reason="Now.", rests_on=PriorityInput.CUSTOMER)
    reason = (
        "3 tickets carry words that this policy does not know: tier enterprise (2); tier team (1);"
        " severity 0 (1); priority p0 (1); name them in the order of [tiers], [severities] and"
        " [priorities], behind the others, or change these tickets first"
    )
    difference = desk.policy.difference(ours())
    assert str(difference.lost) == reason
    with pytest.raises(Refusal) as caught:
        desk.policy.adopt(ours())
    assert caught.value.reason == reason
    assert desk.policy.rulebook() == handbook()
    assert desk.policy.difference(load_rulebook("", "same.toml")).lost.words == ()


def test_what_is_closed_keeps_the_words_it_was_closed_with(
    desk: Desk, clock: Clock, address: str
) -> None:
    desk.transfer.take_in([incoming(1, tier="internal"), incoming(2), incoming(3)])
    desk.tickets.reply(2, Status.SOLVED)
    desk.tickets.reply(3, Status.SOLVED)
    desk.tickets.set_status(1, Status.CLOSED)
    desk.tickets.set_status(3, Status.CLOSED)
    with pytest.raises(Refusal, match=r"^1 ticket carries words"):
        desk.policy.adopt(ours())
    clock.advance(hours=73)
    assert desk.policy.adopt(ours())
    kept = [desk.tickets.get(number) for number in (1, 2, 3)]
    assert [(each.tier, each.priority) for each in kept] == [
        ("internal", "p3"), ("enterprise", "p2"), ("enterprise", "p2"),
    ]  # fmt: skip
    assert kept[0].internal
    assert not kept[0].owed
    check(desk, address)
    goes_on = desk.tickets.heard(2)  # closed by itself meanwhile: a ticket of its own
    assert (goes_on.tier, goes_on.priority) == ("enterprise", "sev4")
    assert desk.policy.adopt(ours(OURS.replace('sev4 = "8h"', 'sev4 = "9h"')))
    check(desk, address)


def test_adopting_the_first_policy_again_gives_the_first_order_back(
    desk: Desk, address: str
) -> None:
    desk.policy.adopt(ours())
    words = desk.policy.words()
    take_in(
        desk,
        *(
            in_our_words(number, words.tiers[number % 7 % 2], words.severities[number % 3])
            | {"received_at": MONDAY + timedelta(minutes=number * 5 % 13)}
            for number in range(1, 20)
        ),
    )
    first = desk.queue.page(EVERYTHING, 0, None)
    assert desk.policy.adopt(ours(TURNED))
    assert [each.id for each in desk.queue.page(EVERYTHING, 0, None)] != [each.id for each in first]
    check(desk, address)
    assert desk.policy.adopt(ours())
    again = desk.queue.page(EVERYTHING, 0, None)
    assert [(each.id, each.priority, each.respond_by) for each in again] == [
        (each.id, each.priority, each.respond_by) for each in first
    ]
    check(desk, address)


def test_a_change_of_words_is_not_taken_back_under_tickets_that_came_since(
    desk: Desk, open_desk: OpenDesk
) -> None:
    desk.policy.adopt(ours())
    take_in(open_desk("jo"), in_our_words(1, "premium", "low"))
    with pytest.raises(Refusal, match=r"^1 ticket carries words that this policy does not know"):
        desk.history.undo()
    assert desk.policy.rulebook() == ours()


def test_tickets_read_under_another_policy_are_not_taken_in(desk: Desk) -> None:
    read_before = incoming(1)
    desk.policy.adopt(ours())
    with pytest.raises(Refusal, match="another policy with other words was adopted meanwhile"):
        desk.transfer.take_in([read_before])
    assert desk.queue.overview().total == 0

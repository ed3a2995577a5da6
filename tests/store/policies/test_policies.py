"""Another policy: told beforehand, adopted once, and the same as if it had always been so."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.words import Mode, OpenedBy, PriorityInput, Status
from store.desk import Desk
from store.queue.query import Query
from tests.examples import MONDAY, SEVERITIES, TIERS, incoming
from tests.store.checking import EVERYTHING, check, set_mode
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk

POLICIES = {
    "other times": '[response]\np1 = "10m"\np3 = "1h"\nno_contract = []\n',
    "other hours": '[calendar]\ntimezone = "Asia/Tokyo"\nopen = ["Mon-Fri 09:00-12:00"]\n',
    "other order": '[order]\nnormal = ["tier", "received_at"]\nhard_choices = ["received_at"]\n',
    "other tiers": '[tiers]\norder = ["internal", "open_source", "free", "team", "enterprise",'
    ' "presales"]\n',
    "other intake": '[[intake]]\nwhen = { tier = ["free"] }\ndecline = "Not for free."\n'
    'because = "Not paid for."\n[[intake]]\nwhen = {}\nassign = "p1"\nbecause = "All the same."\n',
    "rows": '[order]\nnormal = ["deviation", "resolve_by", "respond_by"]\n'
    'hard_choices = ["resolve_by", "tier"]\n[[contract]]\nwhen = { severity = [0] }\n'
    'first_response = "30m"\nresolution = "1d"\n[[contract]]\nwhen = {}\n'
    'first_response = "0bd"\nresolution = "9h"\n',
}

TWO_GROUPS = """
[facts]
kind = ["incident", "request"]
special = "flag"
[order]
normal = ["deviation", "group", "respond_by"]
hard_choices = ["group", "tier"]
[[group]]
name = "Incidents"
when = { kind = ["incident"] }
[[group]]
name = "Special"
when = { special = true }
"""
TURNED_ROUND = """
[facts]
kind = ["request", "incident"]
special = "flag"
[order]
normal = ["deviation", "group", "received_at"]
hard_choices = ["tier", "group"]
[[group]]
name = "Special"
when = { special = true, kind = ["request"] }
[[group]]
name = "Incidents"
when = { kind = ["incident"] }
[[contract]]
when = { special = true }
first_response = "none"
[[contract]]
when = {}
first_response = "20h"
resolution = "1d"
"""
"""Two policies that want the same facts of a ticket, and another order of the same queue."""

_FIELDS = {
    "source": "test",
    "subject": "It is broken",
    "customer": "Acme",
    "tier": "enterprise",
    "received_at": MONDAY,
}

EVERY_KIND = [
    incoming(
        number,
        tier=tier,
        severity=severity,
        opened_by=opened_by,
        received_at=MONDAY - timedelta(minutes=7 * number % 31),
        status="pending" if number % 7 == 0 else None,
    )
    for number, (tier, severity, opened_by) in enumerate(
        product(TIERS, SEVERITIES, [OpenedBy.CUSTOMER, OpenedBy.CE])
    )
]


def policy(name: str) -> Rulebook:
    return load_rulebook(POLICIES[name], f"{name}.toml")


@pytest.mark.parametrize("name", POLICIES)
def test_adopting_is_as_if_it_had_always_been_so(
    desk: Desk, open_desk: OpenDesk, address: str, tmp_path: object, name: str
) -> None:
    desk.transfer.take_in(EVERY_KIND)
    assert desk.policy.adopt(policy(name))
    check(desk, address)
    fresh = Desk.open(f"{tmp_path}/fresh.db", actor="mo", clock=desk.now)
    fresh.policy.adopt(policy(name))
    fresh.transfer.take_in(EVERY_KIND)
    for mode in Mode:
        for each in (desk, fresh):
            set_mode(each, mode)
        ours, theirs = (each.queue.page(EVERYTHING, 0, None) for each in (desk, fresh))
        assert [(each.id, each.priority, each.respond_by, each.declined) for each in ours] == [
            (each.id, each.priority, each.respond_by, each.declined) for each in theirs
        ]
    fresh.close()
    assert open_desk("jo").policy.rulebook() == policy(name)


@pytest.mark.parametrize(("name", "mode"), list(product(POLICIES, Mode)))
def test_the_difference_is_what_adopting_does(desk: Desk, name: str, mode: Mode) -> None:
    desk.transfer.take_in(EVERY_KIND)
    set_mode(desk, mode)
    revision = desk.history.revision()
    before = places(desk)
    difference = desk.policy.difference(policy(name))
    assert (desk.history.revision(), places(desk)) == (revision, before)
    desk.policy.adopt(policy(name))
    after = places(desk)
    assert {move.ticket.id: (move.before, move.after) for move in difference.moves} == {
        number: (before[number], after[number])
        for number in before
        if before[number] != after[number]
    }
    assert difference.total == sum(place is not None for place in after.values())
    number_one = desk.queue.overview().number_one
    assert number_one
    assert difference.number_one_after
    assert difference.number_one_after.id == number_one.id
    for move in difference.moves:
        assert move.why.endswith(".")
        assert move.why[0] in "#IBO"  # names one, or begins with It, Both or Others


@pytest.mark.parametrize(("name", "hours"), list(product(POLICIES, (0, 2, 5, 30))))
def test_what_becomes_late_is_what_is_late_once_it_is_adopted(
    desk: Desk, clock: Clock, name: str, hours: int
) -> None:
    desk.transfer.take_in(EVERY_KIND)
    clock.advance(hours=hours, seconds=1)
    before, difference = late(desk), desk.policy.difference(policy(name))
    desk.policy.adopt(policy(name))
    after = late(desk)
    for found, numbers in (
        (difference.late, after.keys() - before.keys()),
        (difference.late_no_longer, before.keys() - after.keys()),
    ):
        assert {each.ticket.id for each in found} == numbers
        for each in found:
            assert each.place == desk.queue.position(each.ticket.id)
            assert each.respond_by_after == desk.tickets.get(each.ticket.id).respond_by
    assert all(each.respond_by_before == before[each.ticket.id]
               for each in difference.late_no_longer)  # fmt: skip


def late(desk: Desk) -> dict[int, datetime]:
    return {
        each.id: each.respond_by
        for each in desk.queue.page(Query(), 0, None)
        if each.respond_by is not None
        and each.respond_by < desk.now()
        and (each.owed or each.update_by is not None)
    }


def places(desk: Desk) -> dict[int, int | None]:
    return {each.id: desk.queue.position(each.id) for each in desk.queue.page(EVERYTHING, 0, None)}


@pytest.mark.parametrize("mode", Mode)
def test_adopting_the_first_policy_again_gives_the_first_order_back(
    desk: Desk, address: str, mode: Mode
) -> None:
    first, second = (load_rulebook(text, "ours.toml") for text in (TWO_GROUPS, TURNED_ROUND))
    desk.policy.adopt(first)
    said: tuple[dict[str, object], ...] = (
        {},
        {"kind": "incident"},
        {"special": True},
        {"special": True, "kind": "request"},
    )
    desk.transfer.take_in(
        [
            incoming_ticket(
                {**_FIELDS, "external_id": str(number), "severity": number % 4, **facts},
                first.vocabulary,
            )
            for number, facts in enumerate(said * 5)
        ]
    )
    set_mode(desk, mode)
    check(desk, address)
    before = [each.id for each in desk.queue.page(Query(), 0, None)]
    assert desk.policy.adopt(second)
    between = [each.id for each in desk.queue.page(Query(), 0, None)]
    assert between != before
    assert sorted(between) == sorted(before)
    assert desk.policy.adopt(first)
    check(desk, address)
    assert [each.id for each in desk.queue.page(Query(), 0, None)] == before


def test_the_difference_says_why_each_one_moves(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1), incoming(2, tier="free"), incoming(3, tier="internal")])
    difference = desk.policy.difference(policy("other intake"))
    why = {move.ticket.id: move.why for move in difference.moves}
    assert why[2] == "It would be declined: Not for free."
    assert why[3] == "It would be p1 instead of p3: All the same."
    assert why.keys() == {2, 3}


def test_no_difference_is_none(desk: Desk) -> None:
    desk.transfer.take_in(EVERY_KIND)
    difference = desk.policy.difference(handbook())
    assert difference.moves == ()
    assert (
        difference.number_one_before
        == difference.number_one_after
        == (desk.queue.overview().number_one)
    )


def test_the_policy_in_force_is_adopted_only_once(desk: Desk) -> None:
    desk.transfer.take_in(EVERY_KIND)
    assert not desk.policy.adopt(handbook())
    assert desk.policy.adopt(policy("other times"))
    revision = desk.history.revision()
    assert not desk.policy.adopt(policy("other times"))
    assert desk.history.revision() == revision
    assert desk.policy.adopt(handbook())
    assert desk.policy.rulebook() == handbook()


def test_adopting_tells_how_far_it_is(desk: Desk) -> None:
    desk.transfer.take_in(EVERY_KIND)
    told: list[tuple[int, int]] = []
    desk.policy.adopt(policy("other times"), lambda done, total: told.append((done, total)))
    assert told == [(len(EVERY_KIND), len(EVERY_KIND))]


def test_adopting_half_way_is_not_adopting(desk: Desk, address: str) -> None:
    """Whoever stops it while it runs leaves everything as it was."""
    desk.transfer.take_in(EVERY_KIND)
    before = desk.queue.page(EVERYTHING, 0, None)

    def stop(done: int, total: int) -> None:
        raise Refusal(f"stopped at {done} of {total}")

    with pytest.raises(Refusal, match="stopped at 48 of 48"):
        desk.policy.adopt(policy("other times"), stop)
    assert desk.policy.rulebook() == handbook()
    assert desk.queue.page(EVERYTHING, 0, None) == before
    check(desk, address)


def test_only_what_becomes_something_else_is_told_in_the_history(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1, severity=1), incoming(2, severity=2)])
    desk.policy.adopt(policy("other times"))
    assert [event.kind for event in desk.tickets.history(1)] == ["imported", "ranked_again"]
    assert dict(desk.tickets.history(1)[-1].after or {}).keys() == {"respond_by"}
    assert [event.kind for event in desk.tickets.history(2)] == ["imported"]


def test_a_priority_that_a_person_assigned_stays(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1)])
    desk.tickets.assign_priority(1, "p0", reason="Down.", rests_on=PriorityInput.CUSTOMER)
    desk.policy.adopt(policy("other intake"))
    ticket = desk.tickets.get(1)
    assert (ticket.defined_priority, ticket.priority) == ("p1", "p0")


def test_what_is_solved_is_decided_anew_when_it_is_opened_again(desk: Desk, address: str) -> None:
    desk.transfer.take_in([incoming(1, tier="free", status="solved")])
    desk.policy.adopt(policy("other intake"))
    assert desk.tickets.get(1).priority == "p3"
    assert desk.tickets.set_status(1, Status.OPEN).declined == "Not for free."
    check(desk, address)

"""Tickets that are put first: what everybody reads while it counts, and once it is over."""

from contextlib import closing
from datetime import timedelta
from random import Random

import pytest

from policy.refusal import Refusal
from policy.rulebook.rulebook import load_rulebook
from policy.words import Mode, PriorityInput, Status
from store.desk import Desk, DeskReading
from store.history.past_desk import PastDesk
from store.queue.query import Query
from tests.examples import MONDAY, incoming
from tests.store.checking import check, set_mode
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

HOUR = timedelta(hours=1)


def three(desk: Desk) -> None:
    """Take in three p2 tickets, the first due first."""
    desk.transfer.take_in(
        [incoming(number, received_at=MONDAY + number * HOUR / 6) for number in (1, 2, 3)]
    )


def numbers(desk: DeskReading, limit: int | None = 9) -> list[int]:
    return [each.id for each in desk.queue.page(Query(), 0, limit)]


def test_a_ticket_is_first_until_its_end_and_nobody_writes_that_it_is_over(
    desk: Desk, open_desk: OpenDesk, clock: Clock, address: str
) -> None:
    three(desk)
    put_first = desk.deviations.put_first(
        3, reason="Their launch\nis today", until=clock.now + HOUR
    )
    assert put_first.deviation
    assert (put_first.deviation.by, put_first.deviation.reason) == ("mo", "Their launch is today")
    other = open_desk("jo")
    assert numbers(other) == [3, 1, 2]
    overview = other.queue.overview()
    assert overview.number_one == put_first
    assert overview.without_deviation == other.tickets.get(1)
    assert overview.valid_until == clock.now + HOUR
    assert overview.why[:2] == (
        "#3 was put first by mo: Their launch is today.",
        "Without it #1 (p2) would be first.",
    )
    revision = desk.history.revision()
    clock.advance(minutes=59, seconds=59)
    assert numbers(other) == [3, 1, 2]
    check(other, address)
    clock.advance(seconds=1)
    for each in (desk, other):
        assert numbers(each) == [1, 2, 3]
        assert numbers(each, None) == [1, 2, 3]
        assert each.queue.overview().without_deviation is None
        assert each.queue.overview().valid_until is None
        assert each.tickets.get(3).deviation is None
        assert [each.queue.position(number) for number in (1, 2, 3)] == [1, 2, 3]
        assert each.queue.explain(2).versus == each.tickets.get(3)
    assert desk.history.revision() == revision
    check(desk, address)
    desk.tickets.take(3)
    check(desk, address)
    with pytest.raises(Refusal, match="#3 was not put first"):
        desk.deviations.end(3)


def test_a_newer_one_stands_before_an_older_one_whichever_ends_first(
    desk: Desk, clock: Clock, address: str
) -> None:
    three(desk)
    desk.deviations.put_first(2, reason="One", until=clock.now + 3 * HOUR)
    clock.advance(minutes=10)
    desk.deviations.put_first(3, reason="Two", until=clock.now + HOUR)
    assert numbers(desk) == [3, 2, 1]
    assert desk.queue.overview().why[0] == "#3 was put first more recently by mo: Two."
    assert desk.queue.overview().why[1] == "Without it #2 (p2, put first by mo) would be first."
    clock.advance(minutes=10)
    desk.deviations.put_first(2, reason="Once more", until=None)
    assert numbers(desk) == [2, 3, 1]
    clock.advance(hours=1)
    assert numbers(desk) == [2, 1, 3]
    assert desk.queue.overview().valid_until is None
    desk.tickets.reply(2)
    assert numbers(desk) == [1, 3, 2]
    check(desk, address)
    assert [each.kind for each in desk.tickets.history(2)] == [
        "imported",
        "deviated",
        "deviated",
        "replied",
    ]


def test_of_two_in_the_same_second_the_second_is_the_newer(desk: Desk, address: str) -> None:
    three(desk)
    for number in (3, 1, 2):
        desk.deviations.put_first(number, reason="Now!", until=None)
        assert numbers(desk)[0] == number
    assert numbers(desk) == [2, 1, 3]
    check(desk, address)


def test_it_is_ended_by_hand(desk: Desk, address: str) -> None:
    three(desk)
    desk.deviations.put_first(3, reason="Now!", until=None)
    assert desk.deviations.foresee(3).ended == "#1 (p2) becomes number one."
    assert desk.deviations.end(3).deviation is None
    assert numbers(desk) == [1, 2, 3]
    last = desk.tickets.history(3)[-1]
    assert (last.kind, last.after) == ("deviation_ended", {"deviation": None})
    check(desk, address)


def test_what_is_over_and_gone_is_there_again_in_the_past(
    desk: Desk, clock: Clock, address: str
) -> None:
    three(desk)
    first = desk.deviations.put_first(3, reason="Now!", until=clock.now + HOUR)
    clock.advance(hours=2)
    desk.tickets.take(3)
    last = desk.tickets.history(3)[-1]
    assert last.after == {"assignee": "mo", "deviation": None}
    desk.deviations.put_first(2, reason="Then", until=clock.now + HOUR)
    for then, queue in ((HOUR / 2, [3, 1, 2]), (1.5 * HOUR, [1, 2, 3]), (2.5 * HOUR, [2, 1, 3])):
        with closing(PastDesk(desk.history.as_of(MONDAY + then), actor="mo")) as past:
            assert numbers(past) == queue
            assert past.tickets.get(3).deviation == (first.deviation if queue[0] == 3 else None)
    desk.history.undo()
    assert numbers(desk) == [1, 2, 3]
    desk.history.redo()
    assert numbers(desk) == [2, 1, 3]
    clock.advance(hours=2)
    assert numbers(desk) == [1, 2, 3]
    check(desk, address)


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_until_answered_ends_when_it_is_done_with(
    desk: Desk, status: Status, clock: Clock, address: str
) -> None:
    three(desk)
    clock.advance(hours=1)
    desk.deviations.put_first(3, reason="Now!", until=None)
    desk.tickets.set_status(3, status, unanswered="They found it themselves.")
    assert numbers(desk) == [1, 2]
    check(desk, address)
    if status is Status.SOLVED:
        desk.tickets.heard(3)
        assert numbers(desk) == [1, 2, 3]
    check(desk, address)


def test_until_answered_stays_while_the_customer_waits_whatever_the_status(
    desk: Desk, clock: Clock, address: str
) -> None:
    three(desk)
    clock.advance(hours=1)
    desk.deviations.put_first(3, reason="Now!", until=None)
    desk.tickets.set_status(3, Status.PENDING)
    assert numbers(desk) == [3, 1, 2], "pending hides nobody who waits"
    check(desk, address)
    desk.tickets.reply(3)
    assert numbers(desk) == [1, 2]
    assert desk.tickets.get(3).deviation is None
    check(desk, address)


def test_with_an_end_it_rests_while_nobody_waits(desk: Desk, clock: Clock, address: str) -> None:
    three(desk)
    desk.deviations.put_first(3, reason="Now!", until=clock.now + 2 * HOUR)
    clock.advance(hours=1)
    desk.tickets.reply(3, Status.PENDING)
    assert numbers(desk) == [1, 2]
    check(desk, address)
    desk.tickets.heard(3)
    assert numbers(desk) == [3, 1, 2]
    check(desk, address)


def test_the_source_s_answer_ends_it_too(desk: Desk, address: str) -> None:
    three(desk)
    desk.deviations.put_first(3, reason="Now!", until=None)
    told = incoming(3, received_at=MONDAY + HOUR / 2, first_response_at=MONDAY + HOUR)
    desk.transfer.take_in([told])
    assert desk.tickets.get(3).deviation is None
    check(desk, address)


def test_what_is_wrong_changes_nothing(desk: Desk, clock: Clock) -> None:
    three(desk)
    clock.advance(hours=1)
    desk.tickets.reply(2, Status.PENDING)
    revision = desk.history.revision()
    for number, reason, until, refusal in (
        (2, "Now!", None, "#2 is pending, so it does not stand in the queue; open it first"),
        (3, " ", None, "reason: missing; say in a sentence why it goes first"),
        (3, "Now!", clock.now, "until: 10:00; expected a time after now"),
        (9, "Now!", None, '"9": no such ticket'),
    ):
        with pytest.raises(Refusal) as refused:
            desk.deviations.put_first(number, reason=reason, until=until)
        assert refused.value.reason == refusal
    assert desk.history.revision() == revision


def test_above_a_p0_only_a_lead_may(open_desk: OpenDesk, address: str) -> None:
    desk = open_desk("mo")
    three(desk)
    desk.transfer.take_in([incoming(12, severity=0)])
    desk.team.import_members(team())
    early = open_desk("early1")
    refusal = (
        "#4 in the queue is p0: early1 is in support, who may do everything about tickets and"
        " waits, not put a ticket above a p0; that is for a lead (lee)"
    )
    assert early.deviations.foresee(3).refusal == refusal
    with pytest.raises(Refusal) as refused:
        early.deviations.put_first(3, reason="Now!", until=None)
    assert refused.value.reason == refusal
    assert numbers(early)[0] == 4
    early.deviations.put_first(4, reason="The p0 itself", until=None)  # above no other p0
    early.deviations.end(4)
    lead = open_desk("lee")
    assert lead.deviations.foresee(3).first == "#3 becomes number one before #4 (p0)."
    lead.deviations.put_first(3, reason="Their launch", until=None)
    assert numbers(early)[0] == 3
    assert early.queue.overview().why[1] == "Without it #4 (p0) would be first."
    early.deviations.end(3)  # taking it back lets the p0 pass, which nobody minds
    early.tickets.set_status(4, Status.PENDING)
    assert early.deviations.foresee(3).refusal == refusal, "pending, and its customer waits"
    early.tickets.reply(4)
    early.deviations.put_first(3, reason="No p0 now", until=None)
    with pytest.raises(Refusal, match=r"eve is an engineer, .* not put tickets first"):
        open_desk("eve").deviations.put_first(3, reason="Now!", until=None)
    check(early, address)


def test_an_order_that_does_not_look_at_deviations_is_left_as_it_is(
    desk: Desk, clock: Clock, address: str
) -> None:
    three(desk)
    plain = '[order]\nnormal = ["received_at"]\nhard_choices = ["deviation", "tier"]\n'
    desk.deviations.put_first(3, reason="Now!", until=clock.now + HOUR)
    desk.policy.adopt(load_rulebook(plain, "plain.toml"))
    assert numbers(desk) == [1, 2, 3]
    assert desk.queue.overview().without_deviation is None
    set_mode(desk, Mode.HARD_CHOICES)
    assert numbers(desk) == [3, 1, 2]
    check(desk, address)
    clock.advance(hours=1)
    assert numbers(desk) == [1, 2, 3]
    check(desk, address)


@pytest.mark.parametrize("seed", range(2))
def test_everything_agrees_with_a_plain_sort_however_many_are_over(
    desk: Desk, clock: Clock, address: str, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - nothing secret
    desk.transfer.take_in(
        [
            incoming(number, severity=chance.randrange(4), received_at=MONDAY - number * HOUR / 60,
                     tier=chance.choice(["enterprise", "free", "team"]),
                     assignee=chance.choice([None, "jo", "jo", "mo"]))
            for number in range(1, 41)
        ]
    )  # fmt: skip
    for number in chance.sample(range(1, 41), 24):
        minutes = chance.choice([None, 3, 3, 7, 20])
        until = None if minutes is None else clock.now + timedelta(minutes=minutes)
        desk.deviations.put_first(number, reason="So.", until=until)
    for moment in (0, 3, 6, 20):
        clock.now = MONDAY + timedelta(minutes=moment)
        for mode in Mode:
            set_mode(desk, mode)
            check(desk, address)
        for number in chance.sample(range(1, 41), 3):  # some that are over are written again
            desk.tickets.assign_priority(
                number, "p1", reason="So.", rests_on=PriorityInput.CONTRACT
            )
        check(desk, address)

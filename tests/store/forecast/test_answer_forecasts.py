"""What the desk learns of its own work and its promises, on both engines, and what it foresees."""

from datetime import timedelta

import pytest

from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import Mode, NoticeWay, Status
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk, with nine people in until 16:00 and two who come at noon."""
    desk = open_desk("lee")
    desk.team.import_members(team())
    return desk


def admit(desk: Desk, count: int, first: int = 1) -> list[int]:
    desk.transfer.take_in([incoming(number) for number in range(first, first + count)])
    return [desk.tickets.resolve(f"test:{number}") for number in range(first, first + count)]


def measured(desk: Desk) -> tuple[int, float, int, float]:
    """Return samples and mean of answering and of being busy, of a p2."""
    found = desk.waits.basis().durations["p2"]
    return found.answer_samples, found.answer, found.busy_samples, found.busy


def work_off(desk: Desk, clock: Clock, number: int, *, answer: int = 10, busy: int = 15) -> None:
    """Take a ticket, answer it and let it rest, so many minutes after picking it up."""
    start = clock.now
    desk.tickets.take(number)
    clock.now = start + answer * MINUTE
    desk.tickets.reply(number)
    clock.now = start + busy * MINUTE
    desk.tickets.set_status(number, Status.PENDING)


def test_thirty_tickets_tell_how_long_an_answer_takes_apart_from_being_busy(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    tickets, early = admit(lead, 30), open_desk("early1")
    for number in tickets[:29]:
        if clock.now.hour >= 15:
            clock.now = clock.now.replace(hour=9, minute=0) + timedelta(days=1)
        work_off(early, clock, number)
    assert measured(lead) == (29, 45, 29, 45), "the policy's own, as long as there are too few"
    clock.now = clock.now.replace(hour=9, minute=0) + timedelta(days=1)
    work_off(early, clock, tickets[29], answer=40, busy=45)
    assert measured(lead) == (30, 11, 30, 16)


def test_only_the_hours_of_whoever_has_it_count(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    (number,), early = admit(lead, 1), open_desk("early1")
    clock.now = MONDAY.replace(hour=15, minute=50)
    early.tickets.take(number)
    clock.now = MONDAY.replace(hour=8, minute=20) + timedelta(days=1)
    early.tickets.reply(number)
    assert sampled(lead) == [("answer", 30)]


def test_of_several_at_once_one_is_worked_on_at_a_time(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    first, second = admit(lead, 2)
    early = open_desk("early1")
    for number in (first, second):
        early.tickets.take(number)
    for number in (first, second):
        clock.advance(minutes=20)
        early.tickets.reply(number, Status.PENDING)
    assert sampled(lead) == [("answer", 20), ("busy", 20), ("answer", 20), ("busy", 20)]


def test_an_answer_taken_back_is_no_sample(lead: Desk, open_desk: OpenDesk, clock: Clock) -> None:
    (number,), early = admit(lead, 1), open_desk("early1")
    early.tickets.take(number)
    clock.advance(minutes=20)
    early.tickets.reply(number)
    early.history.undo()
    assert sampled(lead) == []
    clock.advance(minutes=20)
    early.tickets.reply(number)
    assert sampled(lead) == [("answer", 40)]


def test_what_is_given_to_somebody_else_begins_anew(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    (number,), early = admit(lead, 1), open_desk("early1")
    early.tickets.take(number)
    clock.advance(minutes=20)
    lead.tickets.assign(number, "early2")
    clock.advance(minutes=5)
    open_desk("early2").tickets.reply(number, Status.SOLVED)
    assert sampled(lead) == [("answer", 5), ("busy", 5)]


def sampled(desk: Desk) -> list[tuple[str, float]]:
    with desk.waits._session.read() as reader:
        rows = reader.connection.exec_driver_sql("SELECT kind, minutes FROM duration ORDER BY id")
        return [(row.kind, row.minutes) for row in rows]


# What is foreseen


def test_the_first_are_expected_after_answering_and_the_next_after_being_busy(lead: Desk) -> None:
    tickets = admit(lead, 10)
    found = lead.waits.forecasts()
    assert [found[number].expected for number in tickets[:9]] == [MONDAY + 45 * MINUTE] * 9
    assert found[tickets[9]].expected == MONDAY + 90 * MINUTE
    assert all(each.safe and each.expected and each.safe > each.expected for each in found.values())


def test_those_wanted_are_as_in_the_whole(lead: Desk) -> None:
    tickets = admit(lead, 30)
    whole = lead.waits.forecasts()
    assert lead.waits.forecasts([tickets[3]])[tickets[3]] == whole[tickets[3]]
    assert lead.waits.forecasts(()) == {}


def test_whoever_is_at_a_ticket_needs_only_what_is_left(
    lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    tickets = admit(lead, 12)
    last = tickets[-1]
    open_desk("early1").tickets.take(last)
    clock.advance(minutes=15)
    found = lead.waits.forecasts()
    assert found[last].expected == clock.now + 30 * MINUTE
    assert found[tickets[8]].expected == clock.now + 75 * MINUTE


def test_what_is_answered_or_our_own_has_no_forecast(lead: Desk) -> None:
    answered, waits = admit(lead, 2)
    lead.transfer.take_in([incoming(9, tier="internal")])
    lead.tickets.reply(answered)
    assert set(lead.waits.forecasts()) == {waits}


def test_without_anybody_there_is_no_time(lead: Desk) -> None:
    lead.team.import_members(())
    (number,) = admit(lead, 1)
    assert lead.waits.forecasts([number]) == {}


def test_another_policy_is_played_with_its_own_times(lead: Desk) -> None:
    admit(lead, 1)
    slow = load_rulebook('[answering]\np2 = "3h"', "slow.toml")
    lead.policy.adopt(slow)
    (forecast,) = lead.waits.forecasts().values()
    assert forecast.expected == MONDAY + 3 * HOUR


# What is learnt


def promise_all(desk: Desk, clock: Clock) -> None:
    until = clock.now + 12 * HOUR
    desk.policy.set_mode(Mode.HARD_CHOICES, reason="Half of us are out", until=until)
    clock.now += 3 * HOUR
    desk.waits.send(desk.waits.read().drafts, way=NoticeWay.BY_HAND, domain="desk.example")


def test_a_broken_promise_widens_the_margin_and_a_kept_one_narrows_it_when_due(
    lead: Desk, clock: Clock
) -> None:
    kept, *_ = admit(lead, 2)
    lead.transfer.take_in([incoming(9, customer="Globex", requester_email="g@globex.example")])
    promise_all(lead, clock)
    due = max(each.expect_by or MONDAY for each in lead.waits.read().ledger)
    lead.tickets.reply(kept)
    before = lead.waits.basis().margins["p2"]
    assert (before.due, before.margin.correction) == (0, 0), "never earlier than when it is due"
    clock.now = due
    after = lead.waits.basis().margins["p2"]
    assert (after.due, after.kept) == (3, 1)
    assert after.margin.correction > 0


def test_what_is_learnt_is_the_same_whenever_it_is_written_down(lead: Desk, clock: Clock) -> None:
    admit(lead, 2)
    promise_all(lead, clock)
    clock.now += 24 * HOUR
    read = lead.waits.basis().margins["p2"]
    lead.waits.send(lead.waits.read().drafts, way=NoticeWay.BY_HAND, domain="desk.example")
    assert lead.waits.basis().margins["p2"] == read
    assert read.margin.correction > 0


def test_a_desk_that_knows_nothing_goes_by_the_policy(lead: Desk) -> None:
    basis = lead.waits.basis()
    assert {name: each.answer for name, each in basis.durations.items()} == {
        name: time / MINUTE for name, time in handbook().answering_time.items()
    }
    assert {each.margin.scores for each in basis.margins.values()} == {0}
    assert basis.sure == 0.9


def test_who_is_at_capacity_takes_none_of_the_queue(open_desk: OpenDesk) -> None:
    desk = open_desk("lee")
    desk.team.import_members(team(early=1, late=0))
    (number,) = admit(desk, 1)
    desk.team.set_at_capacity("early1", True)
    assert desk.waits.forecasts([number]) == {}

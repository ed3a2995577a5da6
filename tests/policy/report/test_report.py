"""The report's figures: first responses, deviations, what was dropped everything for, days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.capacity.hard_choices import QueueCount
from policy.clocks.calendar import Interval
from policy.report.days import local_days, longest_queue
from policy.report.exceptions import Ending, asked, deviations
from policy.report.first_responses import (
    FirstResponse,
    Kept,
    Nearness,
    Spread,
    first_response,
    first_responses,
)
from policy.report.report import ReportStage, report
from policy.report.ticket_changes import Since, TicketChange
from policy.rulebook.rulebook import load_rulebook
from policy.ticket import Escalation, Ticket
from policy.time.allocation import Split
from policy.time.entries import TimeEntry
from policy.waits.promises import Promise, PromisedAnswer, PromisesKept
from policy.words import Mode, Priority, Status, Tier, Work
from tests.examples import PRIORITIES, TIERS, WORDS, ticket
from tests.policy.pasts import END, RULEBOOKS, change, past, put_first
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at


def answered(number: int = 1, /, after: timedelta = HOUR, **fields: object) -> Ticket:
    plain = ticket(number, status=Status.OPEN, waiting_since=None, **fields)
    return replace(plain, first_response_at=plain.received_at + after)


def given_after(after: timedelta, **fields: object) -> FirstResponse:
    found = first_response(answered(after=after, **fields), None, RULEBOOKS)
    assert found is not None
    return found


# First responses


@pytest.mark.parametrize(
    ("after", "within"),
    [(8 * HOUR, True), (8 * HOUR + timedelta(seconds=1), False), (timedelta(0), True)],
)
def test_a_first_response_keeps_the_contract_up_to_its_last_instant(
    after: timedelta, within: bool
) -> None:
    assert given_after(after).within_contract is within


def test_what_was_owed_is_what_stood_on_the_ticket_when_it_was_answered() -> None:
    found = first_response(answered(after=3 * HOUR), MONDAY + 2 * HOUR, RULEBOOKS)
    assert found is not None
    assert found.within_contract is False


def test_the_policy_of_that_time_counts_and_not_todays() -> None:
    stricter = load_rulebook('[response]\naim = "10m"\np2 = "1h"', "stricter.toml")
    rulebooks = [*RULEBOOKS, Since(MONDAY + 5 * HOUR, stricter)]
    before = first_response(answered(after=4 * HOUR), None, rulebooks)
    after = first_response(answered(after=6 * HOUR), None, rulebooks)
    assert before is not None
    assert after is not None
    assert (before.within_contract, after.within_contract) == (True, False)
    assert (before.aim, after.aim) == (2 * HOUR, 10 * MINUTE)


def test_internal_work_owes_nothing_and_the_declined_are_not_answered() -> None:
    assert given_after(900 * HOUR, tier="internal").within_contract is None
    assert first_response(answered(declined="Not ours."), None, RULEBOOKS) is None
    assert first_response(ticket(), None, RULEBOOKS) is None


def test_time_to_the_first_response_runs_in_open_hours_only() -> None:
    friday = at("2026-03-07 00:00")  # an hour before the desk closes for the weekend
    found = first_response(answered(received_at=friday, after=50 * HOUR), None, RULEBOOKS)
    assert found is not None
    assert found.took == 6 * HOUR  # clocks change in between, so Monday begins earlier


@pytest.mark.parametrize(
    ("after", "nearness"),
    [
        (HOUR, Nearness.HALF),
        (HOUR + MINUTE, Nearness.AIM),
        (2 * HOUR, Nearness.AIM),
        (4 * HOUR, Nearness.TWICE),
        (8 * HOUR, Nearness.FOUR_TIMES),
        (8 * HOUR + MINUTE, Nearness.LATER),
    ],
)
def test_the_distribution_is_measured_by_the_aim(after: timedelta, nearness: Nearness) -> None:
    assert given_after(after).nearness is nearness


@given(
    st.lists(
        st.tuples(st.integers(0, 4000), st.sampled_from(PRIORITIES), st.sampled_from(TIERS)),
        max_size=40,
    )
)
def test_the_shares_add_up(drawn: list[tuple[int, Priority, Tier]]) -> None:
    given = [
        given_after(minutes * MINUTE, priority=priority, tier=tier)
        for minutes, priority, tier in drawn
    ]
    found = first_responses(given, WORDS, 2 * HOUR, 0)
    assert found.count == len(drawn) == sum(found.by_nearness.values())
    assert found.contract.owed == sum(tier != "internal" for _, _, tier in drawn)
    assert found.contract.within == sum(each.within for each in found.by_priority.values())
    assert found.contract.owed == sum(each.owed for each in found.by_priority.values())
    assert set(found.by_priority) == {priority for _, priority, _ in drawn}
    share = found.contract.share
    assert (share is None) == (found.contract.owed == 0)
    assert share is None or 0 <= share <= 1


def test_there_is_no_share_of_none() -> None:
    assert Kept(within=0, owed=0).share is None
    assert Kept(within=3, owed=4).share == 0.75


@given(st.lists(st.integers(0, 500), max_size=60))
def test_the_spread_holds_the_share_of_lengths_that_it_says(minutes: list[int]) -> None:
    lengths = [each * MINUTE for each in minutes]
    spread = Spread.of(lengths)
    if spread.median is None or spread.most is None:
        assert not minutes
        return
    assert spread.longest == max(lengths)
    assert 2 * sum(each <= spread.median for each in lengths) >= len(lengths)
    assert 2 * sum(each < spread.median for each in lengths) < len(lengths)
    assert 10 * sum(each <= spread.most for each in lengths) >= 9 * len(lengths)
    assert 10 * sum(each < spread.most for each in lengths) < 9 * len(lengths)


# Deviations, and what engineering was asked


def endings(tickets: list[Ticket], *changes: TicketChange) -> list[tuple[Ending, int | None]]:
    found = deviations(tickets, changes, MONDAY, END)
    return [
        (each.ending, None if each.ended_at is None else (each.ended_at - MONDAY) // MINUTE)
        for each in found
    ]


def test_a_deviation_ends_with_its_time_with_an_answer_or_with_a_person() -> None:
    one = ticket()
    first = replace(one, deviation=put_first(5, 60))
    lasting = replace(one, deviation=put_first(5))
    newer = replace(one, deviation=put_first(20))
    reply = replace(one, status=Status.OPEN, waiting_since=None)
    assert endings([], change(5, one, first)) == [(Ending.EXPIRED, 60)]
    assert endings([], change(5, one, first), change(90, first, one)) == [(Ending.EXPIRED, 60)]
    assert endings([], change(5, one, lasting)) == [(Ending.IN_FORCE, None)]
    assert endings([], change(5, one, lasting), change(9, lasting, reply, "replied")) == [
        (Ending.ANSWERED, 9)
    ]
    assert endings([], change(5, one, first), change(9, first, one)) == [(Ending.ENDED, 9)]
    settled = replace(one, waiting_since=None, settled_at=MONDAY + 9 * MINUTE)
    assert endings([first], change(9, first, settled)) == [(Ending.ENDED, 9)]
    into = replace(one, waiting_since=None, status=Status.CLOSED, merged_into=7)
    assert endings([first], change(9, first, into)) == [(Ending.ENDED, 9)]
    assert endings([], change(5, one, first), change(20, first, newer)) == [
        (Ending.REPLACED, 20),
        (Ending.IN_FORCE, None),
    ]


def test_a_deviation_from_before_counts_while_it_is_in_force() -> None:
    over = ticket(1, deviation=put_first(-60, -10))
    lasts = ticket(2, deviation=put_first(-60, 10))
    found = deviations([over, lasts], [], MONDAY, END)
    assert [(each.ticket, each.ending) for each in found] == [(2, Ending.EXPIRED)]


def test_a_deviation_that_was_undone_counts_for_nothing() -> None:
    one = ticket(deviation=put_first(1, reason="The first."))
    other = replace(one, deviation=put_first(5))
    found = endings(
        [one], change(5, one, other, taken_back=True), change(6, other, one, taken_back=True)
    )
    assert found == [(Ending.IN_FORCE, None)]


def test_whoever_asked_to_drop_everything_is_counted_and_so_is_who_can_wait() -> None:
    def answer(minute: int, *, cannot_wait: bool) -> Escalation:
        return Escalation(
            by="mo", at=MONDAY + minute * MINUTE, cannot_wait=cannot_wait, because="All are down."
        )

    one = ticket(priority="p0")
    no = replace(one, escalation=answer(3, cannot_wait=True))
    yes = replace(one, escalation=answer(9, cannot_wait=False))
    undone = change(12, yes, no, taken_back=True)
    changes = [change(3, one, no), change(4, no, no), change(9, no, yes), undone]
    assert [each.escalation.cannot_wait for each in asked(changes)] == [True, False]


# Days


def test_days_are_those_of_the_zone_and_clock_changes_make_them_longer() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = at("2026-10-24 12:00"), at("2026-10-26 12:00")
    days = list(local_days(berlin, start, end))
    assert [day for day, _ in days] == [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)]
    assert [(within.end - within.start) // HOUR for _, within in days] == [10, 25, 13]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis wants bounds without a zone
    st.integers(1, 400),
    st.sampled_from(["UTC", "Africa/Cairo", "America/Santiago", "Pacific/Apia"]),
)
def test_the_days_are_all_of_the_time(start: datetime, hours: int, zone: str) -> None:
    end = start + hours * HOUR
    days = list(local_days(ZoneInfo(zone), start, end))
    assert (days[0][1].start, days[-1][1].end) == (start, end)
    for (day, one), (next_day, following) in pairwise(days):
        assert one.end == following.start
        assert day + DAY == next_day
    for day, within in days:
        assert within.start.astimezone(ZoneInfo(zone)).date() == day


def test_the_longest_queue_of_a_day_may_have_begun_the_day_before() -> None:
    counts = [QueueCount(at=MONDAY, tickets=9), QueueCount(at=MONDAY + 5 * HOUR, tickets=2)]
    assert longest_queue(counts, Interval(MONDAY + HOUR, END)) == 9
    assert longest_queue(counts, Interval(MONDAY + 5 * HOUR, END)) == 2
    assert longest_queue(counts, Interval(MONDAY - HOUR, MONDAY)) == 0


# The whole of it


def test_a_shift_with_a_rush_in_it() -> None:
    one = ticket(1)
    taken = replace(one, assignee="mo")
    replied = answered(1, 3 * HOUR, assignee="mo")
    solved = replace(replied, status=Status.SOLVED)
    found = report(
        past(
            tickets=[one],
            changes=[
                change(30, one, taken, "taken"),
                change(180, taken, replied, "replied"),
                change(200, replied, solved, "status_changed"),
                change(201, solved, replied, taken_back=True),
            ],
            answered=[(replied, MONDAY + 8 * HOUR)],
            arrived=[MONDAY],
            declined=[MONDAY + MINUTE],
            untouched_overdue=1,
        )
    )
    assert found.first_responses.contract == Kept(within=1, owed=1)
    assert found.first_responses.overdue == 1
    assert found.number_one.took.longest == 30 * MINUTE
    assert found.number_one.longest_ticket == 1
    assert found.hard_choices == HOUR + 15 * MINUTE
    (day,) = found.days
    assert (day.arrived, day.declined, day.answered, day.solved) == (1, 1, 1, 1)
    assert (day.longest_queue, day.worst_level, day.hard_choices) == (8, 3, found.hard_choices)
    assert {span.mode for span in found.modes} == set(Mode)
    assert not found.is_empty


def test_promises_count_when_their_time_comes() -> None:
    def promise(made_at: datetime, expect_by: datetime | None, answered: bool) -> Promise:
        answered_at = expect_by if answered else None
        return Promise(
            asker=("Acme", "ada"),
            answers=(PromisedAnswer(ticket=1, answered_at=answered_at),),
            made_at=made_at,
            expect_by=expect_by,
        )

    promises = [
        promise(MONDAY - HOUR, MONDAY + 3 * HOUR, True),  # made before, kept at noon
        promise(MONDAY + HOUR, MONDAY + 2 * HOUR, False),
        promise(MONDAY + HOUR, END + HOUR, True),  # not due yet
        promise(MONDAY + HOUR, None, False),
    ]
    found = report(past(promises=promises)).promises
    assert (found.made, found.kept) == (3, PromisesKept(kept=1, due=2, meant=0.9))


def test_recorded_time_counts_outside_the_rush_and_inside_the_window() -> None:
    def entry(start: int, end: int, work: Work, login: str = "mariam") -> TimeEntry:
        return TimeEntry(
            login=login,
            work=work,
            ticket=None,
            started_at=MONDAY + start * MINUTE,
            stopped_at=MONDAY + end * MINUTE,
        )

    found = report(
        past(
            entries=[
                entry(-30, 30, Work.CUSTOMER),
                entry(60, 120, Work.CUSTOMER),  # level 3: held against nobody
                entry(200, 210, Work.INTERNAL, "ada"),
                entry(7 * 60, 9 * 60, Work.CUSTOMER),
            ]
        )
    ).allocation
    assert found.team == Split(customer=90 * MINUTE, internal=10 * MINUTE)
    assert found.team.customer_share == 0.9
    assert [each.login for each in found.members] == ["mariam", "ada"]


def test_a_time_in_which_nothing_happened_is_empty() -> None:
    found = report(past(circumstances=replace(past().circumstances, counts=[])))
    assert found.is_empty
    assert found.first_responses.contract.share is None
    assert found.number_one.took == Spread(count=0, median=None, most=None, longest=None)
    assert found.promises.kept.share is None


def test_whoever_waits_is_told_what_is_reckoned_and_can_stop_it() -> None:
    told: list[ReportStage] = []
    report(past(), told.append)
    assert told == list(ReportStage)[2:]

    def stop(_: ReportStage) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report(past(), stop)

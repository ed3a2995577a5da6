"""The level of the team, against docs/design.md's table written anew, and how it is explained."""

from datetime import datetime, timedelta

import pytest

from policy.capacity.levels import Capacity, Moment, capacity, level_of
from policy.roster.coverage import Turn
from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import Role
from tests.policy.levels import level_by_design
from tests.policy.teams import DAY, HOUR, MONDAY, at, member, off

SATURDAY = at("2026-03-07 12:00")
"""Outside the contract's hours, which begin again on Sunday at 21:00 UTC, in summer time."""


@pytest.mark.parametrize("now", [MONDAY, SATURDAY], ids=["open", "closed"])
def test_every_level_is_the_one_of_the_table(now: datetime) -> None:
    for scheduled in range(21):
        for available in range(scheduled + 1):
            for tickets in range(12 * available + 13):
                moment = Moment(at=now, scheduled=scheduled, available=available, cases=tickets)
                expected = level_by_design(scheduled, available, tickets, is_open=now == MONDAY)
                assert level_of(handbook(), moment).level == expected, moment


@pytest.mark.parametrize("percent", [89, 55, 45, 35, 25, 10])
def test_a_share_is_reached_exactly_at_a_whole_number_of_people(percent: int) -> None:
    def level(available: int, tickets: int) -> int:
        moment = Moment(at=MONDAY, scheduled=100, available=available, cases=tickets)
        return level_of(handbook(), moment).level

    tickets = 0 if percent > 10 else 10 * 11 + 1
    assert level(percent, tickets) > level(percent + 1, tickets)


def test_a_share_that_binary_fractions_miss_is_reached_too() -> None:
    ours = load_rulebook(
        """
        [[capacity.levels]]
        level = 2
        available_at_most = 0.29
        contingency = "Everybody helps."
        """,
        "ours.toml",
    )
    moment = Moment(at=MONDAY, scheduled=100, available=29, cases=0)
    assert level_of(ours, moment).level == 2


def test_levels_of_a_policy_file() -> None:
    ours = load_rulebook(
        """
        [[capacity.levels]]
        level = 3
        cases_over = 2.5
        contingency = "Everybody helps."
        """,
        "ours.toml",
    )

    def level(scheduled: int, available: int, tickets: int) -> tuple[int, str]:
        moment = Moment(at=MONDAY, scheduled=scheduled, available=available, cases=tickets)
        found = level_of(ours, moment)
        return found.level, found.contingency

    assert level(2, 2, 5) == (1, "As planned.")
    assert level(2, 2, 6) == (3, "Everybody helps.")
    assert level(2, 0, 0) == (3, "Everybody helps.")
    assert level(0, 0, 1) == (3, "Everybody helps.")
    assert level(0, 0, 0) == (1, "As planned.")


def test_a_policy_without_levels_is_always_as_planned() -> None:
    none = load_rulebook("capacity.levels = []", "ours.toml")
    moment = Moment(at=MONDAY, scheduled=3, available=0, cases=99)
    assert level_of(none, moment).level == 1


def team(*, there: int, out: int) -> Roster:
    members = [member(f"in{number}") for number in range(there)]
    away = [member(f"out{number}") for number in range(out)]
    return Roster((*members, *away), tuple(off(each.login, MONDAY - DAY, None) for each in away))


def why(there: int, out: int, tickets: int, now: datetime = MONDAY) -> str:
    return capacity(handbook(), team(there=there, out=out), tickets, tickets, now).why


@pytest.mark.parametrize(
    ("there", "out", "tickets", "sentence"),
    [
        (9, 0, 0, "All 9 scheduled are in, with an empty queue."),
        (9, 0, 12, "All 9 scheduled are in, with 12 tickets in the queue, 1.33 each."),
        (1, 0, 1, "The one scheduled is in, with 1 ticket in the queue."),
        (
            8, 1, 9,
            "Only 8 of 9 scheduled are in, with 9 tickets in the queue, 1.12 each."
            " Level 2 begins at 89 % of the scheduled.",
        ),
        (
            4, 5, 12,
            "Only 4 of 9 scheduled are in, with 12 tickets in the queue, 3 each."
            " Level 4 begins at 45 % of the scheduled.",
        ),
        (
            9, 0, 83,
            "All 9 scheduled are in, with 83 tickets in the queue, 9.22 each."
            " Level 6 begins above 9 each.",
        ),
        (
            1, 9, 11,
            "Only 1 of 10 scheduled is in, with 11 tickets in the queue."
            " Level 7 begins at 10 % of the scheduled and above 10 each.",
        ),
        (0, 9, 1, "All 9 scheduled are out, with 1 ticket in the queue."),
        (0, 1, 0, "The only one scheduled is out, with an empty queue."),
    ],
)  # fmt: skip
def test_the_reason_in_words(there: int, out: int, tickets: int, sentence: str) -> None:
    assert why(there, out, tickets) == sentence


@pytest.mark.parametrize(
    ("there", "owed", "level", "sentence"),
    [
        (4, 20, 1, "All 4 scheduled are in, with 20 tickets owed an answer, 5 each."),
        (
            4, 21, 2,
            "All 4 scheduled are in, with 21 tickets owed an answer, 5.25 each."
            " Level 2 begins above 5 each.",
        ),
        (1, 1, 1, "The one scheduled is in, with 1 ticket owed an answer."),
        (9, 0, 1, "All 9 scheduled are in, with nothing owed."),
    ],
)  # fmt: skip
def test_a_policy_may_count_only_what_is_owed(
    there: int, owed: int, level: int, sentence: str
) -> None:
    by_owed = load_rulebook('[capacity]\ncount = "owed"\n', "owed.toml")
    found = capacity(by_owed, team(there=there, out=0), 90, owed, MONDAY)
    assert (found.level, found.why) == (level, sentence)
    assert (found.actionable, found.owed) == (90, owed)


def test_nobody_scheduled_in_the_contracts_hours() -> None:
    night = at("2026-03-03 03:00")
    assert why(2, 0, 3, night) == (
        "Nobody is scheduled in the contract's hours, with 3 tickets in the queue."
    )
    assert (
        why(2, 0, 0, night) == "Nobody is scheduled in the contract's hours, with an empty queue."
    )
    assert capacity(handbook(), team(there=2, out=0), 3, 3, night).level == 8
    assert capacity(handbook(), team(there=2, out=0), 0, 0, night).level == 1


def test_the_closed_desk_says_until_when() -> None:
    closed = capacity(handbook(), team(there=2, out=0), 50, 50, SATURDAY)
    assert (closed.level, closed.why) == (1, "The desk is closed; it opens in 1 d 9 h.")
    assert closed.closed_until == SATURDAY + 33 * HOUR
    early = Roster((member("ada", "Sat 18:00-20:00"),))
    assert capacity(handbook(), early, 50, 50, SATURDAY).closed_until == SATURDAY + 6 * HOUR
    assert capacity(handbook(), early, 50, 50, SATURDAY + 6 * HOUR).closed_until is None


def test_without_a_team_nothing_is_measured() -> None:
    nobody = Roster((member("lee", role=Role.LEAD),))
    for now in (MONDAY, SATURDAY):
        found = capacity(handbook(), nobody, 999, 0, now)
        assert (found.level, found.closed_until) == (1, None)
        assert found.why == "No team is known yet, so nothing is measured."


def test_capacity_says_who() -> None:
    roster = Roster(
        (
            member("zoe"),
            member("ada", at_capacity=True),
            member("bo"),
            member("cy", "Mon-Fri 11:00-19:00"),
            member("lee", role=Role.LEAD),
        ),
        (off("bo", MONDAY, MONDAY + HOUR),),
    )
    assert capacity(handbook(), roster, 4, 3, MONDAY) == Capacity(
        level=2,
        why=(
            "Only 2 of 3 scheduled are in, with 4 tickets in the queue, 2 each."
            " Level 2 begins at 89 % of the scheduled."
        ),
        contingency="The team coordinates who takes what.",
        scheduled=("ada", "bo", "zoe"),
        available=("ada", "zoe"),
        actionable=4,
        owed=3,
        next_arrivals=(
            Turn(login="bo", at=MONDAY + HOUR),
            Turn(login="cy", at=MONDAY + 2 * HOUR),
            Turn(login="ada", at=MONDAY + DAY),
            Turn(login="zoe", at=MONDAY + DAY),
        ),
    )


@pytest.mark.parametrize("available", range(10))
def test_each_level_carries_its_contingency(available: int) -> None:
    found = capacity(handbook(), team(there=available, out=9 - available), 5, 5, MONDAY)
    sentences = {level.level: level.contingency for level in handbook().capacity.levels}
    assert found.contingency == sentences[found.level]


def test_a_level_holds_from_the_instant_that_somebody_leaves() -> None:
    roster = Roster((member("ada"),), (off("ada", MONDAY + HOUR, MONDAY + 2 * HOUR),))
    moment = timedelta(microseconds=1)
    levels = [
        capacity(handbook(), roster, 1, 1, MONDAY + when).level
        for when in (HOUR - moment, HOUR, 2 * HOUR - moment, 2 * HOUR)
    ]
    assert levels == [1, 8, 8, 1]

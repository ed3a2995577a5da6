"""What the lead is told before somebody is marked out."""

from datetime import datetime

import pytest

from policy.clocks.calendar import Interval
from policy.roster.absence import Guidance, Reassignment, guidance
from policy.roster.members import Roster, TimeOff
from policy.roster.time_off import out
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Ticket
from policy.words import Role, Status
from tests.policy.teams import DAY, HOUR, MONDAY, at, member, off, ticket

DAYTIME = load_rulebook(
    """
    [calendar]
    timezone = "UTC"
    open = ["Mon-Fri 08:00-18:00"]
    """,
    "ours.toml",
)


def guided(
    roster: Roster,
    time_off: TimeOff,
    *tickets: Ticket,
    loads: dict[str, int] | None = None,
    now: datetime = MONDAY,
) -> Guidance:
    return guidance(
        DAYTIME,
        roster,
        out(roster, time_off, now),
        now,
        tickets=tickets,
        loads=loads or {},
        timezone="Europe/Berlin",
    )


def team(**time_off: TimeOff) -> Roster:
    members = (
        member("ada"),
        member("bo", "Mon-Fri 10:00-18:00"),
        member("cy", "Mon-Fri 08:00-16:00", region="APAC"),
        member("lee", role=Role.LEAD),
    )
    return Roster(members, tuple(time_off.values()))


def test_nothing_to_warn_of() -> None:
    found = guided(team(), off("ada", MONDAY, MONDAY + DAY))
    assert found == Guidance(warnings=(), also_out=(), gaps=(), hand_overs=())


# More than one of a region


def test_two_of_one_region_out_at_a_time() -> None:
    roster = team(bo=off("bo", MONDAY + 5 * HOUR, MONDAY + 2 * DAY))
    found = guided(roster, off("ada", MONDAY, MONDAY + DAY))
    assert found.also_out == ("bo",)
    assert found.warnings[0] == (
        "Bo is out at the same time in EMEA: ideally no more than one person of a region is."
    )


@pytest.mark.parametrize(
    ("login", "start", "until"),
    [
        ("cy", MONDAY, MONDAY + DAY),  # another region
        ("lee", MONDAY, MONDAY + DAY),  # nobody's cover
        ("bo", MONDAY + DAY, MONDAY + 2 * DAY),  # another day
        ("bo", MONDAY - DAY, MONDAY),  # until she begins
        ("bo", MONDAY + 9 * HOUR, MONDAY + 23 * HOUR),  # nobody's hours
    ],
)
def test_who_is_out_and_no_reason_to_warn(login: str, start: datetime, until: datetime) -> None:
    found = guided(team(bo=off(login, start, until)), off("ada", MONDAY, MONDAY + DAY))
    assert found.also_out == ()


def test_different_hours_of_the_same_day_count_as_one_time() -> None:
    early, late = member("ada", "Mon-Fri 06:00-12:00"), member("bo", "Mon-Fri 12:00-18:00")
    roster = Roster((early, late), (off("bo", MONDAY - 9 * HOUR, MONDAY + 15 * HOUR),))
    assert guided(roster, off("ada", MONDAY - 9 * HOUR, MONDAY + 15 * HOUR)).also_out == ("bo",)


@pytest.mark.parametrize("hours", [("Mon-Fri 09:00-17:00", "Tue-Sat 09:00-17:00"),
                                   ("Tue-Sat 09:00-17:00", "Mon-Fri 09:00-17:00")])  # fmt: skip
def test_a_day_on_which_one_of_them_never_works_is_none(hours: tuple[str, str]) -> None:
    monday = MONDAY - 9 * HOUR, MONDAY + 15 * HOUR
    roster = Roster((member("ada", hours[0]), member("bo", hours[1])), (off("bo", *monday),))
    assert guided(roster, off("ada", *monday)).also_out == ()


def test_several_of_a_region() -> None:
    roster = Roster(tuple(member(login) for login in ("ada", "bo", "cy")))
    both = roster.with_time_off(off(login, MONDAY, None) for login in ("bo", "cy"))
    assert guided(both, off("ada", MONDAY, None)).warnings[0].startswith("Bo and Cy are out at")


def test_a_lead_leaves_no_region_alone() -> None:
    assert guided(team(ada=off("ada", MONDAY, None)), off("lee", MONDAY, None)).also_out == ()


# Gaps


def test_the_gap_that_it_opens_is_named() -> None:
    found = guided(team(), off("bo", MONDAY, MONDAY + DAY))
    assert found.gaps == (Interval(MONDAY + 8 * HOUR, MONDAY + 9 * HOUR),)
    assert found.warnings == (
        "Opens a gap in the contract's hours: Mon 2 Mar 18:00 to 19:00 (Europe/Berlin).",
    )


def test_a_gap_that_was_there_before_is_not_its_doing() -> None:
    roster = team(cy=off("cy", MONDAY - DAY, None))
    found = guided(roster, off("bo", MONDAY, MONDAY + 3 * DAY))
    assert found.gaps == tuple(
        Interval(MONDAY + day * DAY + 8 * HOUR, MONDAY + day * DAY + 9 * HOUR) for day in range(3)
    )
    assert found.warnings[0] == (
        "Opens a gap in the contract's hours: Mon 2 Mar 18:00 to 19:00,"
        " Tue 3 Mar 18:00 to 19:00 and Wed 4 Mar 18:00 to 19:00 (Europe/Berlin)."
    )


def test_many_gaps_are_not_all_named_and_not_looked_for_for_ever() -> None:
    found = guided(team(), off("bo", MONDAY, None))
    assert len(found.gaps) == 65
    assert found.warnings[0].endswith("Wed 4 Mar 18:00 to 19:00 and 62 more (Europe/Berlin).")


def test_a_gap_over_midnight_names_both_days() -> None:
    alone = Roster((member("ada", "Mon 00:00 - Sun 24:00"),))
    night = off("ada", at("2026-03-02 22:00"), at("2026-03-03 04:00"))
    found = guidance(
        handbook(), alone, out(alone, night, MONDAY), MONDAY, tickets=(), loads={}, timezone="UTC"
    )
    assert found.warnings == (
        "Opens a gap in the contract's hours: Mon 2 Mar 22:00 to Tue 3 Mar 04:00 (UTC).",
    )


# Handing over


def hand_overs(found: Guidance) -> list[tuple[int, str | None, str]]:
    return [(each.ticket.id, each.to, each.why) for each in found.hand_overs]


def adas(number: int, **fields: object) -> Ticket:
    return ticket(number, **{"assignee": "ada"} | fields)


def test_only_what_is_open_and_theirs_is_handed_over() -> None:
    tickets = [
        adas(1),
        adas(2, status=Status.PENDING),
        adas(3, status=Status.ON_HOLD),
        adas(4, status=Status.SOLVED),
        adas(5, status=Status.CLOSED),
        adas(6, declined="Not ours."),
        ticket(7, assignee="bo"),
        ticket(8),
        adas(9, assignee="ADA"),
    ]
    found = guided(team(), off("ada", MONDAY, None), *tickets)
    assert [number for number, _, _ in hand_overs(found)] == [1, 2, 3, 9]


def test_the_least_loaded_who_is_in_takes_over_and_they_take_turns() -> None:
    found = guided(
        team(), off("ada", MONDAY + 2 * HOUR, None), *[adas(number) for number in (1, 2, 3, 4)],
        loads={"ada": 4, "bo": 3, "cy": 1},
    )  # fmt: skip
    assert hand_overs(found) == [
        (1, "cy", "fewest tickets of those in, 1"),
        (2, "cy", "fewest tickets of those in, 2"),
        (3, "bo", "fewest tickets of those in, 3"),
        (4, "cy", "fewest tickets of those in, 3"),
    ]
    assert found.warnings[-1] == (
        "4 tickets stay assigned to Ada, who is away: #1, #2, #3 and 1 more;"
        " hand over to cy and bo."
    )


def with_backup(*, at_capacity: bool = False) -> Roster:
    roster = team()
    backup = member("bo", "Mon-Fri 10:00-18:00", at_capacity=at_capacity)
    return Roster((member("ada", backup="bo"), backup, *roster.members[2:]))


def test_the_backup_comes_first() -> None:
    found = guided(with_backup(), off("ada", MONDAY, None), adas(1), loads={"bo": 99})
    assert hand_overs(found) == [(1, "bo", "backup of Ada")]
    assert found.warnings[-1] == (
        "1 ticket stays assigned to Ada, who is away: #1; hand over to bo (backup of Ada)."
    )


def test_a_backup_who_is_out_or_at_capacity_does_not() -> None:
    away = with_backup().with_time_off([off("bo", MONDAY - DAY, None)])
    full = with_backup(at_capacity=True)
    for roster in (away, full):
        found = guided(roster, off("ada", MONDAY, None), adas(1))
        assert hand_overs(found) == [(1, "cy", "fewest tickets of those in, 0")]


def test_whoever_is_in_when_the_first_hours_are_missed() -> None:
    """Out from midnight on, when nobody is in: it is the morning that counts."""
    found = guided(team(), off("ada", MONDAY + 15 * HOUR, MONDAY + 39 * HOUR), adas(1))
    assert hand_overs(found) == [(1, "cy", "fewest tickets of those in, 0")]


def test_nobody_in_means_whoever_comes_first_and_nobody_at_all_is_said() -> None:
    late = Roster((member("ada"), member("bo", "Mon-Fri 12:00-18:00")))
    assert hand_overs(guided(late, off("ada", MONDAY, None), adas(1))) == [
        (1, "bo", "first to arrive")
    ]
    found = guided(Roster((member("ada"),)), off("ada", MONDAY, None), adas(1))
    assert found.hand_overs == (
        Reassignment(ticket=adas(1), to=None, why="nobody is known to arrive"),
    )
    assert found.warnings[-1].endswith("#1; nobody is known to arrive who could take over.")


def test_time_off_that_is_over_leaves_nothing_open() -> None:
    found = guided(team(), off("ada", MONDAY - 2 * DAY, MONDAY - DAY), adas(1))
    assert found == Guidance(warnings=(), also_out=(), gaps=(), hand_overs=())

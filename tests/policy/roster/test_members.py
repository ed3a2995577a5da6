"""The team as one value: who is known, and who is out until when."""

from dataclasses import replace

import pytest

from policy.clocks.calendar import Interval
from policy.refusal import Refusal
from policy.roster.members import FOREVER, Roster, reasons
from policy.words import Role
from tests.policy.teams import DAY, HOUR, MONDAY, member, off

ROSTER = Roster((member("mariam"), member("Gabe"), member("lee", role=Role.LEAD)))


def test_support_are_those_in_support() -> None:
    assert [each.login for each in ROSTER.support] == ["mariam", "Gabe"]


@pytest.mark.parametrize(
    ("login", "expectation"),
    [
        ("mariem", "a member of the team; did you mean mariam?"),
        ("gaeb", "a member of the team; did you mean Gabe?"),
        ("GAEB", "a member of the team; did you mean Gabe?"),
        ("zoe", "Gabe, lee or mariam"),
        ("", "Gabe, lee or mariam"),
    ],
)
def test_an_unknown_login_names_the_nearest(login: str, expectation: str) -> None:
    with pytest.raises(Refusal) as refused:
        ROSTER.known(login)
    assert refused.value.reason == f'login: "{login}"; expected {expectation}'


def test_an_unknown_login_of_a_large_team_or_none() -> None:
    with pytest.raises(Refusal, match=r'login: "zoe"; expected a member of the team$'):
        Roster(tuple(member(f"person{number}") for number in range(50))).known("zoe")
    with pytest.raises(
        Refusal, match=r'login: "zoe"; expected a member, and there is no team yet$'
    ):
        Roster().known("zoe")


@pytest.mark.parametrize("login", ["Gabe", "gabe", "GABE", "ｇabe", "ga\u00adbe"])
def test_a_known_login_is_that_member_however_it_is_spelled(login: str) -> None:
    assert ROSTER.known(login) is ROSTER.members[1]
    assert ROSTER.by_login[login] is ROSTER.members[1]
    assert ROSTER.login_of(login) == ROSTER.holder(login) == "Gabe"


MAIL = Roster(
    (
        replace(member("bo"), email="Bo.Berg@us.example"),
        replace(member("duty"), email="team@us.example"),
        replace(member("kim"), name="Noor", email="team@us.example"),
    )
)


def test_an_address_names_the_one_member_who_has_it() -> None:
    assert MAIL.login_of("bo.berg@US.example") == "bo"
    assert MAIL.known("BO.BERG@us.example") is MAIL.members[0]
    assert MAIL.login_of("team@us.example") == "team@us.example"
    with pytest.raises(Refusal, match=r"expected a login, as that address is duty's and kim's$"):
        MAIL.holder("team@us.example")


@pytest.mark.parametrize(
    ("nearly", "login"),
    [("bo.breg@us.example", "bo"), ("nour", "kim"), ("NOOR", "kim"), ("dutty", "duty")],
)
def test_a_name_that_is_nearly_one_is_asked_about(nearly: str, login: str) -> None:
    nearest = MAIL.nearest(nearly)
    assert nearest is not None
    assert nearest.login == login
    with pytest.raises(Refusal, match=f"did you mean {login}[?]$"):
        MAIL.holder(nearly)


def test_until_a_team_exists_a_ticket_is_given_to_any_name() -> None:
    assert Roster().holder("whoever") == Roster().login_of("whoever") == "whoever"
    assert Roster().nearest("whoever") is None
    assert MAIL.nearest("zzz") is None
    assert MAIL.login_of("zzz") == "zzz", "a source's unknown assignee is kept as it is"


def test_time_off_is_found_by_its_member_however_they_are_spelled() -> None:
    roster = Roster(
        (member("Gabe"),), (off("gabe", MONDAY, MONDAY + DAY), off("Gabe", MONDAY, None))
    )
    assert len(roster.off("GABE")) == 2
    assert roster.out_until("Gabe", MONDAY) is None
    assert list(roster.by_login) == ["Gabe"]
    assert len(roster.by_login) == 1


def test_who_takes_new_tickets() -> None:
    assert ROSTER.taking_new is ROSTER
    full = Roster((*ROSTER.members, member("ada", at_capacity=True)), (off("ada", MONDAY, None),))
    assert full.taking_new == Roster(ROSTER.members, full.time_off)


def test_time_off_includes_its_start_and_not_its_end() -> None:
    roster = Roster(
        ROSTER.members, (off("mariam", MONDAY, MONDAY + DAY), off("Gabe", MONDAY, None))
    )
    assert [len(roster.holding("mariam", MONDAY + hours * HOUR)) for hours in (-1, 0, 23, 24)] == [
        0, 1, 1, 0,
    ]  # fmt: skip
    assert roster.holding("Gabe", MONDAY + 10_000 * DAY)


def test_a_person_is_out_while_any_holds() -> None:
    first, second = off("mariam", MONDAY, MONDAY + 2 * DAY), off("mariam", MONDAY + DAY, None)
    roster = Roster(ROSTER.members, (second, first))
    assert roster.holding("mariam", MONDAY) == [first]
    assert roster.holding("mariam", MONDAY + DAY) == [first, second]
    assert roster.holding("mariam", MONDAY + 9 * DAY) == [second]
    assert roster.coming("mariam", MONDAY - DAY) == [first, second]
    assert roster.coming("mariam", MONDAY) == [second]
    assert roster.coming("mariam", MONDAY + DAY) == []
    assert roster.away("mariam") == [Interval(MONDAY, FOREVER)]


def test_each_reason_is_said_once() -> None:
    entries = [off("mariam", MONDAY, None, reason) for reason in ("ill", "", "holiday", "ill")]
    assert reasons(entries) == "ill; holiday"


def test_out_at_is_the_one_that_ends_last() -> None:
    short, long = off("mariam", MONDAY, MONDAY + DAY), off("mariam", MONDAY, MONDAY + 2 * DAY)
    endless = off("mariam", MONDAY + HOUR, None)
    roster = Roster(ROSTER.members, (short, long, endless, off("Gabe", MONDAY, None)))
    assert roster.out_at("mariam", MONDAY) == long
    assert roster.out_at("mariam", MONDAY + HOUR) == endless
    assert roster.out_at("mariam", MONDAY - HOUR) is None
    assert roster.out_at("lee", MONDAY) is None


def test_out_until_goes_on_with_what_follows_at_once() -> None:
    days = (off("mariam", MONDAY, MONDAY + DAY), off("mariam", MONDAY + DAY, MONDAY + 2 * DAY))
    roster = Roster(ROSTER.members, (*days, off("Gabe", MONDAY, None)))
    assert roster.out_until("mariam", MONDAY) == MONDAY + 2 * DAY
    assert roster.out_until("mariam", MONDAY - HOUR) == MONDAY - HOUR
    assert roster.out_until("mariam", MONDAY + 2 * DAY) == MONDAY + 2 * DAY
    assert roster.out_until("Gabe", MONDAY + DAY) is None


def test_time_off_is_added_and_removed() -> None:
    first, second = off("mariam", MONDAY, None, number=1), off("Gabe", MONDAY, None, number=2)
    roster = Roster(ROSTER.members, (first,))
    assert roster.with_time_off([second]).time_off == (first, second)
    assert roster.with_time_off([second], removed=[first]).time_off == (second,)

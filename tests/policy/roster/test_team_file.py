"""The team file: what it may say, how the rest is refused, and that it is written as read."""

from datetime import date
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.calendar import Calendar
from policy.refusal import Refusal
from policy.roster.members import Member
from policy.roster.team_file import MemberEntry, load_team, member_of, team_toml
from policy.words import Role

MARIAM = {
    "login": "mariam",
    "name": "Mariam",
    "role": "support",
    "region": "EMEA",
    "timezone": "Africa/Cairo",
    "hours": ["Mon-Fri 09:00-17:00"],
    "holidays": "EG",
    "email": "mariam@example.com",
}

EXAMPLE = """
[[member]]
login = "mariam"
name = "Mariam"
role = "support"                 # support, lead, engineer, ce
region = "EMEA"
timezone = "Africa/Cairo"
hours = ["Mon-Fri 09:00-17:00"]  # in that time zone, the calendar's syntax
holidays = "EG"                  # a country, or country-subdivision; optional
email = "mariam@example.com"
"""


def written(*members: dict[str, Any]) -> str:
    return tomli_w.dumps({"member": list(members)})


def refusal(text: str) -> str:
    with pytest.raises(Refusal) as refused:
        load_team(text, "team.toml")
    assert "\n" not in refused.value.reason
    return refused.value.reason


def test_the_example_of_the_design() -> None:
    (entry,) = load_team(EXAMPLE, "team.toml")
    assert entry == MemberEntry.read(MARIAM)
    easter = date(2026, 4, 13)
    assert member_of(entry, frozenset({easter})) == Member(
        login="mariam",
        name="Mariam",
        role=Role.SUPPORT,
        region="EMEA",
        hours=Calendar.of("Africa/Cairo", ["Mon-Fri 09:00-17:00"], [easter]),
        email="mariam@example.com",
        holidays="EG",
    )


def test_what_may_be_left_out() -> None:
    least = {key: MARIAM[key] for key in ("login", "name", "role", "region", "timezone", "hours")}
    (entry,) = load_team(written(least), "team.toml")
    assert (entry.holidays, entry.email, entry.at_capacity, entry.backup) == (
        None, None, False, None,
    )  # fmt: skip
    assert member_of(entry).hours.holidays == frozenset()


def test_what_may_be_said_besides() -> None:
    gabe = {**MARIAM, "login": "gabe", "backup": "mariam", "at_capacity": True}
    _, entry = load_team("\ufeff" + written(MARIAM, gabe), "team.toml")
    made = member_of(entry)
    assert (made.at_capacity, made.backup) == (True, "mariam")


EXPECTED_HOURS = 'expected open hours such as "Mon-Fri 09:00-17:00" or "Sun 14:00 - Fri 17:00", not'


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("login", "a b", 'member a b, login: expected one word of at most 64 characters,'
                         ' not "a b"'),
        ("login", "x" * 65, f'member 1, login: expected one word of at most 64 characters,'
                            f' not "{"x" * 60}…"'),
        ("login", "", 'member 1, login: expected text that says something, not ""'),
        ("login", 7, "member 1, login: expected text in quotes, not 7"),
        ("login", "a\nb", r'member 1, login: expected one line of text, not "a\nb"'),
        ("name", "x" * 201, f'member mariam, name: expected at most 200 characters,'
                            f' not "{"x" * 60}…"'),
        ("role", "boss", 'member mariam, role: expected support, lead, engineer or ce, not "boss"'),
        ("role", "Support", 'member mariam, role: expected support, lead, engineer or ce,'
                            ' not "Support"'),
        ("role", True, "member mariam, role: expected support, lead, engineer or ce, not true"),
        ("region", " ", 'member mariam, region: expected text that says something, not " "'),
        ("timezone", "Mars/Olympus", "member mariam, timezone: expected a time zone such as"
                                     ' Europe/Berlin or UTC, not "Mars/Olympus"'),
        ("hours", "Mon 09:00-17:00", 'member mariam, hours: expected a list,'
                                     ' not "Mon 09:00-17:00"'),
        ("hours", [], "member mariam, hours: expected at least one entry, not an empty list"),
        ("hours", ["Mon 9-5"], f'member mariam, hours: {EXPECTED_HOURS} "Mon 9-5"'),
        ("hours", ["Mon 09:00-09:00"], "member mariam, hours: expected hours that end at another"
                                       ' time than they start, not "Mon 09:00-09:00"'),
        ("holidays", "Egypt", "member mariam, holidays: expected a country such as EG,"
                              ' or with its subdivision such as DE-BY, not "Egypt"'),
        ("holidays", "eg", "member mariam, holidays: expected a country such as EG,"
                           ' or with its subdivision such as DE-BY, not "eg"'),
        ("email", "mariam", 'member mariam, email: expected an address such as mariam@example.com,'
                            ' not "mariam"'),
        ("email", "a@b c", 'member mariam, email: expected an address such as mariam@example.com,'
                           ' not "a@b c"'),
        ("at_capacity", "yes", 'member mariam, at_capacity: expected true or false, not "yes"'),
        ("at_capacity", 1, "member mariam, at_capacity: expected true or false, not 1"),
        ("backup", "mariam", 'member mariam, backup: expected the login of another member,'
                             ' not "mariam"'),
        ("backup", "zoe", 'member mariam, backup: expected the login of another member, not "zoe"'),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(key: str, value: object, sentence: str) -> None:
    assert refusal(written({**MARIAM, key: value})) == f"team.toml: {sentence}"


@pytest.mark.parametrize("role", [Role.LEAD, Role.ENGINEER, Role.CE])
@pytest.mark.parametrize("empty", [{"hours": []}, {}])
def test_hours_may_be_left_out_or_empty_for_who_is_not_scheduled(
    role: Role, empty: dict[str, Any]
) -> None:
    least = {key: MARIAM[key] for key in ("login", "name", "region", "timezone")}
    (entry,) = load_team(written({**least, "role": role.value, **empty}), "team.toml")
    hours = member_of(entry, frozenset({date(2026, 4, 13)})).hours
    assert (hours.timezone, hours.spans) == ("Africa/Cairo", ())
    again = tomli_w.dumps(team_toml([entry]))
    assert "hours" not in again
    assert load_team(again, "team.toml") == (entry,)


@pytest.mark.parametrize("country", ["EG", "DE-BY", "US-CA", "GB-ENG", "MY-01"])
def test_a_country_and_its_subdivision(country: str) -> None:
    (entry,) = load_team(written({**MARIAM, "holidays": country}), "team.toml")
    assert entry.holidays == country


@pytest.mark.parametrize("key", ["login", "name", "role", "region", "timezone", "hours"])
def test_a_missing_key_is_named(key: str) -> None:
    left = {name: value for name, value in MARIAM.items() if name != key}
    who = "1" if key == "login" else "mariam"
    assert refusal(written(left)) == (
        f"team.toml: member {who}, {key}: expected this key, and it is missing"
    )


def test_an_unknown_key_comes_before_the_one_that_is_missing_because_of_it() -> None:
    misspelt = {("zone" if key == "timezone" else key): value for key, value in MARIAM.items()}
    assert refusal(written(misspelt)) == (
        "team.toml: member mariam, zone: expected login, name, role, region, timezone, hours,"
        " holidays, email, at_capacity or backup, not this key (and 1 more)"
    )


@pytest.mark.parametrize("again", ["mariam", "Mariam", "MARIAM"])
def test_a_login_that_comes_twice(again: str) -> None:
    other = {**MARIAM, "login": "gabe"}
    assert refusal(written(MARIAM, other, {**MARIAM, "login": again})) == (
        'team.toml: member 3, login: expected each login once, and member 1 has "mariam"'
    )


def test_a_backup_in_other_capitals_is_that_member_and_never_oneself() -> None:
    gabe = {**MARIAM, "login": "gabe", "backup": "MARIAM"}
    assert [entry.backup for entry in load_team(written(MARIAM, gabe), "team.toml")][1] == "MARIAM"
    with pytest.raises(Refusal, match="member mariam, backup: expected the login of another"):
        load_team(written({**MARIAM, "backup": "Mariam"}), "team.toml")


def test_a_backup_who_is_nearly_a_member() -> None:
    gabe = {**MARIAM, "login": "gabe", "backup": "maryam"}
    assert refusal(written(MARIAM, gabe)) == (
        'team.toml: member gabe, backup: expected the login of another member, not "maryam";'
        " did you mean mariam?"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected at least one [[member]], and there is none"),
        ("member = []", "expected at least one [[member]], and there is none"),
        ("[member]\nlogin = 'a'", "member: expected a [[member]] for each, not a table"),
        ("member = 'mariam'", 'member: expected a [[member]] for each, not "mariam"'),
        ("member = [1]", "member 1: expected a table, not 1"),
        ("[[members]]\nlogin = 'a'", "members: expected member, not this key"),
        ("[[member]", "expected TOML: Expected ']]' at the end of an array declaration"
                      " at line 1, column 9"),
    ],
)  # fmt: skip
def test_a_file_of_another_shape(text: str, sentence: str) -> None:
    assert refusal(text) == f"team.toml: {sentence}"


def test_several_problems_are_counted() -> None:
    assert refusal(written({**MARIAM, "role": "boss", "email": "x", "holidays": "y"})) == (
        "team.toml: member mariam, role: expected support, lead, engineer or ce,"
        ' not "boss" (and 2 more)'
    )


lines = st.text(min_size=1, max_size=20).filter(
    lambda text: bool(text.strip()) and all(each.isprintable() for each in text)
)
entries = st.fixed_dictionaries(
    {
        "name": lines,
        "role": st.sampled_from([role.value for role in Role]),
        "region": lines,
        "timezone": st.sampled_from(["UTC", "Africa/Cairo", "Asia/Kolkata"]),
        "hours": st.lists(
            st.sampled_from(["Mon-Fri 09:00-17:00", "sat 9:00 - 12:00", "Sun 14:00 - Fri 17:00"]),
            min_size=1,
            unique=True,
        ),
    },
    optional={
        "holidays": st.sampled_from(["EG", "DE-BY"]),
        "email": st.just("a@example.com"),
        "at_capacity": st.booleans(),
    },
)


@given(st.lists(entries, min_size=1, max_size=4), st.booleans())
def test_what_is_written_is_read_back_exactly(drawn: list[dict[str, Any]], backed_up: bool) -> None:
    members = [{**entry, "login": f"person{number}"} for number, entry in enumerate(drawn)]
    if backed_up and len(members) > 1:
        members[0]["backup"] = "person1"
    team = load_team(written(*members), "team.toml")
    again = tomli_w.dumps(team_toml(team))
    assert load_team(again, "again.toml") == team
    assert tomli_w.dumps(team_toml(load_team(again, "again.toml"))) == again


def reason_against(text: str) -> str | None:
    try:
        load_team(text, "team.toml")
    except Refusal as refused:
        return refused.reason
    return None


@given(st.text(max_size=200))
def test_any_text_is_a_team_or_refused_in_one_line(text: str) -> None:
    reason = reason_against(text)
    assert reason is not None
    assert reason.startswith("team.toml: ")
    assert "\n" not in reason


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
).filter(lambda value: value is not None)


@given(st.sampled_from(sorted(MARIAM)), values)
def test_any_value_is_taken_or_refused_in_one_line(key: str, value: object) -> None:
    try:
        text = written({**MARIAM, key: value})
    except (TypeError, UnicodeEncodeError):  # nothing that TOML can say
        return
    assert "\n" not in (reason_against(text) or "")

"""The rulebook: layers over the handbook, and one exact line for every kind of wrong file."""

import json
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.clocks.calendar import Calendar
from policy.refusal import Refusal
from policy.rulebook.rulebook import (
    Rulebook,
    check_rulebook,
    describe,
    fingerprint,
    handbook,
    load_rulebook,
    rulebook_from_json,
    rulebook_json,
)
from policy.words import Criterion
from tests.examples import PRIORITIES

RULE = 'because = "So."'
ALL_ELSE = f'[[intake]]\nwhen = {{}}\nassign = "p3"\n{RULE}'
HOURS = "a time in quotes such as 90m, 2h or 1h30m"
WRITTEN = "a length of time such as 90m, 2h, 1h30m or 2d"
OPEN = 'open hours such as "Mon-Fri 09:00-17:00" or "Sun 14:00 - Fri 17:00"'
TIER_WORDS = "presales, enterprise, team, free, open_source or internal"
NAMES = (
    "$customer, $requester, $tickets, $references, $expect_by, $expect_in, $arrivals, $arrive_in,"
    " $arrive_at or $company"
)
DOLLAR = f"{NAMES} after a dollar sign, and $$ for a sign alone"


def load(text: str) -> Rulebook:
    return load_rulebook(text, "policy.toml")


def test_an_empty_file_is_the_handbook() -> None:
    assert load("") == handbook()
    assert load("\ufeff# nothing but a comment\n") == handbook()
    assert check_rulebook("", "policy.toml") == []


def test_the_handbook_says_what_the_design_says() -> None:
    book = handbook()
    assert book.contract_calendar == Calendar.of("America/Los_Angeles", ["Sun 14:00 - Fri 17:00"])
    assert [book.contract_time[priority] for priority in PRIORITIES] == [
        timedelta(hours=hours) for hours in (2, 4, 8, 48)
    ]
    assert book.response.aim == timedelta(hours=2)
    assert book.tiers.order == (
        "presales", "enterprise", "team", "free", "open_source", "internal",
    )  # fmt: skip
    assert book.priorities.order == ("p0", "p1", "p2", "p3")
    assert book.severities.order == (0, 1, 2, 3)
    assert book.paying == {"enterprise", "team"}
    assert book.order.normal == (
        Criterion.DEVIATION,
        Criterion.PRIORITY,
        Criterion.RESPOND_BY,
        Criterion.RECEIVED_AT,
    )
    levels = [
        (one.level, one.available_at_most, one.cases_over, one.all) for one in book.capacity.levels
    ]
    assert levels == [
        (1, None, None, False),
        (2, 0.89, 5, False),
        (3, 0.55, 7, False),
        (4, 0.45, 8, False),
        (5, 0.35, 9, False),
        (6, 0.25, 9, False),
        (7, 0.10, 10, True),
        (8, 0.0, None, False),
    ]


def test_a_file_says_only_what_differs() -> None:
    book = load('[response]\np0 = "1h30m"\n[calendar]\nholidays = [2026-12-25, "2027-01-01"]\n')
    assert book.contract_time["p0"] == timedelta(minutes=90)
    assert book.contract_time["p1"] == timedelta(hours=4)
    assert book.contract_calendar == Calendar.of(
        "America/Los_Angeles",
        ["Sun 14:00 - Fri 17:00"],
        [date(2026, 12, 25), date(2027, 1, 1)],
    )
    assert book.intake == handbook().intake


def test_lists_of_tables_replace_the_defaults() -> None:
    level = '[[capacity.levels]]\nlevel = 4\ncases_over = 2.5\ncontingency = "Breathe."\n'
    book = load(ALL_ELSE + "\n" + level)
    assert len(book.intake) == 1
    assert [one.level for one in book.capacity.levels] == [4]
    assert book.capacity.calm_for == timedelta(minutes=15)


def test_a_rulebook_cannot_be_changed() -> None:
    with pytest.raises((ValidationError, FrozenInstanceError)):
        handbook().response.aim = timedelta(hours=1)  # type: ignore[misc] # that is the point


def test_a_rulebook_is_stored_and_read_back_exactly() -> None:
    book = load('[calendar]\nholidays = [2026-12-25]\n[response]\nno_contract = []\np2 = "7d"\n')
    for read in (
        rulebook_from_json(rulebook_json(book)),
        Rulebook.read(json.loads(rulebook_json(book))),
    ):
        assert read == book
        assert rulebook_json(read) == rulebook_json(book)
        assert fingerprint(read) == fingerprint(book)


def test_what_an_older_program_stored_takes_new_keys_from_the_handbook() -> None:
    assert rulebook_from_json('{"response": {"p0": "1h"}}') == load('[response]\np0 = "1h"')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the stored policy: expected JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "the stored policy: expected a table, not an empty list"),
        ('{"response": {"p0": 1}}', f"the stored policy: response.p0: expected {HOURS}, not 1"),
    ],
)
def test_what_is_no_stored_policy_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        rulebook_from_json(text)
    assert caught.value.reason == reason


def test_a_fingerprint_is_the_same_for_the_same_policy_only() -> None:
    assert fingerprint(load('[response]\np1 = "240m"')) == fingerprint(handbook())
    assert fingerprint(load('[response]\np1 = "241m"')) != fingerprint(handbook())


def test_a_rulebook_describes_itself_in_the_words_of_the_file() -> None:
    described = describe(load("[calendar]\nholidays = [2026-12-25]"))
    assert described["response"]["p3"] == "48h"
    assert described["allocation"] == {"customer": 0.8, "window": "7d"}
    assert described["calendar"]["holidays"] == ["2026-12-25"]
    assert described["intake"][0] == {
        "when": {"tier": ["internal"]},
        "assign": "p3",
        "because": "Internally identified goals, tasks and projects are p3.",
    }


TABLES = (
    "calendar, calendars, tiers, priorities, severities, facts, matrix, intake, targets, clock,"
    " response, contract, group, order, capacity, handling, answering, waits, statuses,"
    " engineering or allocation"
)
WRONG_FILES = {
    # No TOML.
    "x =": "expected TOML: Invalid value at line 1, column 4",
    "[response]\np0 = 2h": (
        "expected TOML: Expected newline or end of document after a statement at line 2, column 7"
    ),
    "[order]\n[order]": "expected TOML: Cannot declare ('order',) twice at line 2, column 7",
    "x = " + "9" * 5000: "expected TOML, and a number in it has too many digits",
    "x = " + "[" * 9999: "expected TOML, and this is nested too deeply",
    # Unknown keys, wrong kinds.
    "respond = 1": f"respond: expected {TABLES}, not this key; did you mean response?",
    "[response]\np4 = 1": "response.p4: expected aim, p0, p1, p2, p3 or no_contract, not this key",
    '"a\\nb" = 1': (f'"a\\nb": expected {TABLES}, not this key'),
    "calendar = 3": "calendar: expected a table, not 3",
    "intake = true": "intake: expected a list of tables, each under [[intake]], not true",
    "[tiers]\npaying = 'team'": 'tiers.paying: expected a list, not "team"',
    # Times.
    "[response]\np0 = 'soon'": f'response.p0: expected {WRITTEN}, not "soon"',
    "[response]\np0 = 2": f"response.p0: expected {HOURS}, not 2",
    "[handling]\np3 = '0m'": 'handling.p3: expected more than no time and at most 366d, not "0m"',
    "[allocation]\nwindow = '999d'": (
        'allocation.window: expected more than no time and at most 366d, not "999d"'
    ),
    # Numbers.
    "[capacity]\ncount = 'all'": ('capacity.count: expected actionable or owed, not "all"'),
    "[capacity]\nhard_choices_from = 1": (
        "capacity.hard_choices_from: expected a whole number from 2 to 8, not 1"
    ),
    "[capacity]\nhard_choices_from = true": (
        "capacity.hard_choices_from: expected a whole number from 2 to 8, not true"
    ),
    "[capacity]\nhard_choices_from = 3.0": (
        "capacity.hard_choices_from: expected a whole number from 2 to 8, not 3.0"
    ),
    "[allocation]\ncustomer = nan": "allocation.customer: expected a number from 0 to 1, not nan",
    "[allocation]\ncustomer = -inf": "allocation.customer: expected a number from 0 to 1, not -inf",
    "[allocation]\ncustomer = true": "allocation.customer: expected a number from 0 to 1, not true",
    "[allocation]\ncustomer = " + "9" * 999: (
        "allocation.customer: expected a number of at most 18 digits, "
        "not a number of more than seventy digits"
    ),
    # The calendar.
    "[calendar]\ntimezone = 'Mars'": (
        'calendar.timezone: expected a time zone such as Europe/Berlin or UTC, not "Mars"'
    ),
    "[calendar]\nopen = ['Mon 09:00-17:00', 'Tue 9-5']": (
        f'calendar.open entry 2: expected {OPEN}, not "Tue 9-5"'
    ),
    "[calendar]\nopen = []": "calendar.open: expected at least one entry, not an empty list",
    "[calendar]\nholidays = ['2026-02-30']": (
        'calendar.holidays entry 1: expected a date such as 2026-12-25, not "2026-02-30"'
    ),
    "[calendar]\nholidays = [20261225]": (
        "calendar.holidays entry 1: expected a date such as 2026-12-25, not 20261225"
    ),
    "[calendar]\nholidays = [2026-12-25T00:00:00]": (
        "calendar.holidays entry 1: expected a date such as 2026-12-25, not 2026-12-25 00:00:00"
    ),
    # Tiers and orders.
    "[tiers]\npaying = ['gold']": f'tiers.paying entry 1: expected {TIER_WORDS}, not "gold"',
    "[tiers]\norder = ['team', 'free']": (
        "intake: expected rules of its own, as the handbook's name tiers, severities or priorities "
        "that are not there any more"
    ),
    "[response]\nno_contract = ['free', 'free']": (
        "response.no_contract: expected each entry once, and free comes again"
    ),
    "[order]\nnormal = ['priority', 'id']": (
        "order.normal entry 2: expected deviation, priority, owed, tier, group, respond_by,"
        ' resolve_by or received_at, not "id"'
    ),
    "[order]\nnormal = ['priority', 'deviation']": (
        "order.normal: expected deviation before all else: a person's decision comes first"
    ),
    "[order]\nhard_choices = []": (
        "order.hard_choices: expected at least one entry, not an empty list"
    ),
    # Intake.
    f"[[intake]]\nwhen = {{ tiers = ['free'] }}\nassign = 'p1'\n{RULE}": (
        "intake rule 1, when.tiers: expected tier, severity, opened_by or paying, not this key; did"
        " you mean tier?"
    ),
    f"{ALL_ELSE}\n[[intake]]\nwhen = {{}}\nassign = 'p9'\n{RULE}": (
        'intake rule 2, assign: expected p0, p1, p2 or p3, not "p9"'
    ),
    f"{ALL_ELSE}\n[[intake]]\nwhen = {{}}\nassign = 'p1'\ndecline = 'No.'\n{RULE}": (
        "intake rule 2: expected either assign or decline, not both"
    ),
    f"{ALL_ELSE}\n[[intake]]\nwhen = {{}}\n{RULE}": (
        "intake rule 2: expected either assign or decline, not neither"
    ),
    f"[[intake]]\nwhen = {{ severity = [true] }}\nassign = 'p1'\n{RULE}": (
        "intake rule 1, when.severity entry 1: expected 0, 1, 2 or 3, not true"
    ),
    f"[[intake]]\nwhen = {{ paying = 'yes' }}\nassign = 'p1'\n{RULE}": (
        'intake rule 1, when.paying: expected true or false, not "yes"'
    ),
    "[[intake]]\nwhen = {}\nassign = 'p1'": (
        "intake rule 1, because: expected this key, and it is missing"
    ),
    "[[intake]]\nwhen = {}\nassign = 'p1'\nbecause = ' '": (
        'intake rule 1, because: expected text that says something, not " "'
    ),
    "[[intake]]\nwhen = {}\nassign = 'p1'\nbecause = '''a\nb'''": (
        'intake rule 1, because: expected one line of text, not "a\\nb"'
    ),
    f"[[intake]]\nwhen = {{ paying = true }}\nassign = 'p1'\n{RULE}": (
        "intake: expected a rule for every ticket, and none matches "
        "tier presales, severity 0, opened by customer"
    ),
    "intake = []": (
        "intake: expected a rule for every ticket, and none matches "
        "tier presales, severity 0, opened by customer"
    ),
    # Capacity.
    "[[capacity.levels]]\nlevel = 9\ncases_over = 1\ncontingency = 'x'": (
        "capacity.levels entry 1, level: expected a whole number from 1 to 8, not 9"
    ),
    "[[capacity.levels]]\nlevel = 2\ncontingency = 'x'": (
        "capacity.levels entry 1: expected available_at_most, cases_over or both"
    ),
    "[[capacity.levels]]\nlevel = 2\ncases_over = 1\nall = true\ncontingency = 'x'": (
        "capacity.levels entry 1: expected both available_at_most and cases_over where all is true"
    ),
    "[[capacity.levels]]\nlevel = 1\ncases_over = 1\ncontingency = 'x'": (
        "capacity.levels entry 1: expected no threshold for level 1, which holds when no other does"
    ),
    "[[capacity.levels]]\nlevel = 2\ncases_over = 1\ncontingency = 'x'\n" * 2: (
        "capacity.levels: expected each level once, and level 2 comes again"
    ),
    # Notices.
    "[waits]\nsubject = '$name'": f'waits.subject: expected {NAMES}, not "$name"',
    "[waits]\nsubject = '5 $'": f'waits.subject: expected {DOLLAR}, not "5 $"',
    "[waits]\nsubject = '''a\nb'''": 'waits.subject: expected one line of text, not "a\\nb"',
    "[waits]\nbody = 7": "waits.body: expected text in quotes, not 7",
    '[waits]\nbody = "a\\u001b[2J"': (
        'waits.body: expected text without control characters, not "a\\x1b[2J"'
    ),
    f"[waits]\nbody = '{'x' * 10_001}'": (
        f'waits.body: expected at most 10000 characters, not "{"x" * 60}…"'
    ),
}


@pytest.mark.parametrize(("text", "problem"), WRONG_FILES.items(), ids=WRONG_FILES.values())
def test_a_wrong_file_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(Refusal) as caught:
        load(text)
    assert caught.value.reason == f"policy.toml: {problem}"
    assert check_rulebook(text, "policy.toml") == [caught.value.reason]


odd_values = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(st.characters(codec="utf-8"))
    | st.sampled_from(["$", "2h", "p0", "Mon 09:00-17:00", "UTC", "deviation", "team"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.data(), odd_values)
def test_whatever_stands_in_a_file_it_is_read_or_named_in_one_line(
    data: st.DataObject, value: object
) -> None:
    described = describe(handbook())
    section: Any = described[data.draw(st.sampled_from(sorted(described)))]
    table = section[0] if isinstance(section, list) else section
    key = data.draw(st.sampled_from(sorted(table)) | st.text())
    table[key] = value
    for problem in check_rulebook(tomli_w.dumps(described), "policy.toml"):
        assert problem.startswith("policy.toml: ")
        assert problem.isprintable()
        assert "expected" in problem


def test_of_several_problems_the_first_is_told_and_how_many_more() -> None:
    text = "[calendar]\ntimezone = 'Mars'\n[response]\np0 = 1\np1 = 'x'\n"
    problems = check_rulebook(text, "policy.toml")
    assert problems == [
        "policy.toml: calendar.timezone: expected a time zone such as Europe/Berlin or UTC, "
        'not "Mars"',
        f"policy.toml: response.p0: expected {HOURS}, not 1",
        f'policy.toml: response.p1: expected {WRITTEN}, not "x"',
    ]
    with pytest.raises(Refusal) as caught:
        load(text)
    assert caught.value.reason == f"{problems[0]} (and 2 more)"

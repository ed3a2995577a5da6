"""Contracts in a policy file: what is read, and one exact line for what is wrong."""

from datetime import date

import pytest

from policy.clocks.calendar import Calendar, together
from policy.rulebook.rulebook import (
    check_rulebook,
    describe,
    fingerprint,
    handbook,
    rulebook_from_json,
    rulebook_json,
)
from tests.policy.contract.policies import ALWAYS, OFFICE, WORDS, policy

NOTHING = '[[contract]]\nwhen = {}\nfirst_response = "none"\n'
FACTS = '[facts]\nkind = ["incident", "request"]\nspecial = "flag"\namount = "money"\n'
TIME = 'a time in quotes such as "4h" of open time, "1bd" for a closing, or "none"'
NO_WAY = "expected a row that some ticket reaches, and no ticket is ever like this"
LEAVE_NONE = "expected a row that some ticket reaches, and the rows before it leave none"
NO_ANSWER = 'expected a first_response, or "none", for every ticket, and no row has one'
TARGETS = "first_response, next_reply, update, resolution or not_before"


def wrong(text: str) -> list[str]:
    return [each.removeprefix("p.toml: ") for each in check_rulebook(WORDS + text, "p.toml")]


def row(when: str, *times: str) -> str:
    return "\n".join([f"[[contract]]\nwhen = {when}", *times, ""])


def test_a_calendar_goes_by_the_customers_zone_and_its_holidays() -> None:
    book = policy(
        """
[calendars.office]
timezone = "customer"
otherwise = "Europe/Berlin"
open = ["Mon-Fri 09:00-17:00"]
holidays = { "Europe/Berlin" = [2026-10-03], "Asia/Tokyo" = ["2026-11-03"] }
"""
        + NOTHING
    )
    hours = ["Mon-Fri 09:00-17:00"]
    berlin = Calendar.of("Europe/Berlin", hours, [date(2026, 10, 3)])
    assert book.calendar_named(("office",), None) == berlin
    assert book.calendar_named(("office",), "Europe/Berlin") == berlin
    assert book.calendar_named(("office",), "Asia/Tokyo") == Calendar.of(
        "Asia/Tokyo", hours, [date(2026, 11, 3)]
    )
    assert book.calendar_named(("office",), "UTC") == Calendar.of("UTC", hours)


def test_without_a_calendar_of_its_own_all_named_ones_count_for_levels() -> None:
    book = policy(ALWAYS + OFFICE + NOTHING)
    assert book.calendar is None
    always, office = (book.calendar_named((name,), None) for name in ("always", "office"))
    assert book.contract_calendar == together([always, office])
    named = policy('[calendar]\ntimezone = "UTC"\nopen = ["Mon 09:00-10:00"]\n' + ALWAYS + NOTHING)
    assert named.contract_calendar == Calendar.of("UTC", ["Mon 09:00-10:00"])


def test_what_a_policy_with_a_contract_says_is_stored_and_read_back() -> None:
    book = policy(
        ALWAYS + OFFICE + FACTS
        + '[targets]\nown = ["begin"]\n[clock]\nstops_in = ["pending", "on_hold"]\n'
        '[matrix]\nrows = "kind"\ncolumns = "kind"\nacross = ["incident"]\n'
        'assign.incident = ["first"]\n'
        '[[group]]\nname = "Large"\nwhen = { amount = { SEK = "> 5" }, special = true }\n'
        + row('{ kind = ["request"], closed = ["office"] }', 'calendar = ["always", "office"]',
              'first_response = "90m"', 'begin = "2h"')
        + NOTHING
    )  # fmt: skip
    read = rulebook_from_json(rulebook_json(book))
    assert read == book
    assert fingerprint(read) == fingerprint(book)
    assert describe(book)["contract"] == [
        {
            "when": {"closed": ["office"], "kind": ["request"]},
            "calendar": ["always", "office"],
            "first_response": "90m",
            "begin": "2h",
        },
        {"when": {}, "first_response": "none"},
    ]
    assert describe(book)["group"] == [
        {"name": "Large", "when": {"amount": {"SEK": "> 5"}, "special": True}}
    ]


def test_the_handbook_says_nothing_of_what_it_has_not() -> None:
    ours = {"calendars", "facts", "matrix", "targets", "clock", "contract", "group"}
    assert not ours & describe(handbook()).keys()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        # Facts.
        ('[facts]\ntier = ["a"]\n' + NOTHING,
         ["facts.tier: expected another name, as tier is one that tickets have already"]),
        ('[facts]\nKind = ["a"]\n' + NOTHING,
         ["facts.Kind: expected a name of at most 40 small letters, digits and _ that begins with"
          ' a letter, not "Kind"']),
        ('[facts]\nkind = "words"\n' + NOTHING,
         ['facts.kind: expected a list of words, "flag" or "money", not "words"']),
        ("[facts]\nkind = []\n" + NOTHING,
         ["facts.kind: expected at least one entry, not an empty list"]),
        # What a row asks.
        (FACTS + row('{ kind = ["incidnt"] }', 'first_response = "none"') + NOTHING,
         ['contract rule 1, when.kind entry 1: expected incident or request, not "incidnt"; did'
          " you mean incident?"]),
        (FACTS + row("{ kind = true }", 'first_response = "none"') + NOTHING,
         ["contract rule 1, when.kind: expected a list of words of the fact kind, not true"]),
        (FACTS + row("{ special = [true] }", 'first_response = "none"') + NOTHING,
         ["contract rule 1, when.special: expected true or false, not a list"]),
        (FACTS + row('{ amount = { kr = "5" } }', 'first_response = "none"') + NOTHING,
         ["contract rule 1, when.amount.kr: expected a currency of three capital letters such as"
          ' SEK, not "kr"']),
        (FACTS + row('{ amount = { SEK = "5" } }', 'first_response = "none"') + NOTHING,
         ['contract rule 1, when.amount.SEK: expected a comparison in quotes such as "> 15000" or'
          ' "<= 99.5", not "5"']),
        (FACTS + row('{ kin = ["incident"] }', 'first_response = "none"') + NOTHING,
         ["contract rule 1, when.kin: expected tier, severity, opened_by, paying, priority, closed,"
          " kind, special or amount, not this key; did you mean kind?"]),
        (row('{ teir = ["gold"], severity = ["worse"] }', 'first_response = "none"') + NOTHING,
         ['contract rule 1, when.severity entry 1: expected bad or mild, not "worse"',
          "contract rule 1, when.teir: expected tier, severity, opened_by, paying, priority or"
          " closed, not this key; did you mean tier?"]),
        (row('{ priority = ["third"] }', 'first_response = "none"') + NOTHING,
         ['contract rule 1, when.priority entry 1: expected first or second, not "third"']),
        (ALWAYS + row('{ closed = ["offce"] }', 'first_response = "none"') + NOTHING,
         ['contract rule 1, when.closed entry 1: expected always, not "offce"']),
        # What a row promises.
        (row("{}", "first_response = 4"),
         [f"contract rule 1, first_response: expected {TIME}, not 4"]),
        (row("{}", 'first_respons = "4h"'),
         [f"contract rule 1, first_respons: expected when, calendar, {TARGETS}, not this key; did"
          " you mean first_response?",
          f"contract rule 1: expected a time for {TARGETS}"]),
        (ALWAYS + row("{}", 'calendar = "alway"', 'first_response = "4h"'),
         ['contract rule 1, calendar: expected always, not "alway"; did you mean always?']),
        (ALWAYS + row("{}", 'first_response = "4h"'),
         ["contract rule 1, calendar: expected always, and it is missing"]),
        (ALWAYS + row("{}", 'calendar = "always"', 'first_response = "1bd"'),
         ["contract rule 1, first_response: expected a calendar whose hours end within the day for"
          " 1bd, not always"]),
        (ALWAYS + row("{}", 'calendar = "always"', 'first_response = "0bd"'),
         ["contract rule 1, first_response: expected a calendar that closes for 0bd, not always"]),
        (ALWAYS + OFFICE
         + row("{}", 'calendar = ["always", "office"]', 'first_response = "0bd"'),
         ["contract rule 1, first_response: expected one calendar for 0bd, not always and"
          " office"]),
        # Calendars.
        ('[calendars.office]\ntimezone = "customer"\nopen = ["Mon 09:00-17:00"]\n' + NOTHING,
         ["calendars.office: expected otherwise, the time zone where the customer's is not known,"
          ' beside timezone = "customer"']),
        ('[calendars.office]\ntimezone = "Mars"\nopen = ["Mon 09:00-17:00"]\nclosed = []\n'
         + NOTHING,
         ["calendars.office.timezone: expected a time zone such as Europe/Berlin or UTC, not"
          ' "Mars"',
          "calendars.office.closed: expected timezone, otherwise, open or holidays, not this key"]),
        ('[calendars.contract]\ntimezone = "UTC"\nopen = ["Mon 09:00-17:00"]\n'
         '[calendar]\ntimezone = "UTC"\nopen = ["Mon 09:00-17:00"]\n' + NOTHING,
         ["calendars.contract: expected another name, as contract is what [calendar] is called"]),
        (ALWAYS + '[response]\nfirst = "1h"\nsecond = "2h"\n',
         ["calendar: expected this table, or [[contract]] rows that name calendars, beside"
          " [calendars]"]),
        # As a whole.
        (ALWAYS + row('{ closed = ["always"] }', 'first_response = "none"') + NOTHING,
         [f"contract rule 1: {NO_WAY}"]),
        (row('{ tier = ["silver"], paying = true }', 'first_response = "none"') + NOTHING,
         [f"contract rule 1: {NO_WAY}"]),
        (row('{ tier = ["gold"] }', 'first_response = "none"')
         + row('{ tier = ["silver"] }', 'first_response = "none"') + NOTHING,
         [f"contract rule 3: {LEAVE_NONE}"]),
        (row('{ tier = ["gold"] }', 'first_response = "none"')
         + row('{ priority = ["first"] }', 'first_response = "none"'),
         [f"contract: {NO_ANSWER} for priority second, tier silver"]),
        (row('{ tier = ["gold"] }', 'resolution = "none"'),
         [f"contract: {NO_ANSWER} for priority first, tier gold"]),
        (FACTS + row("{ special = true }", 'first_response = "none"'),
         [f"contract: {NO_ANSWER} for priority first, tier gold, special false"]),
        (NOTHING + '[[group]]\nname = "All"\nwhen = {}\n[[group]]\nname = "None"\nwhen = {}\n',
         [f"group rule 2: {LEAVE_NONE}, as rule 1 takes them all"]),
        (NOTHING + '[order]\nnormal = ["group"]\n',
         ["order.normal: expected [[group]] rows where group is a criterion"]),
        # The matrix.
        (FACTS + '[matrix]\nrows = "knd"\ncolumns = "special"\nacross = []\nassign = {}\n'
         + NOTHING,
         ['matrix.rows: expected kind, special or amount, not "knd"; did you mean kind?',
          "matrix.columns: expected a fact with a list of words, and special is a flag"]),
        (FACTS + '[matrix]\nrows = "kind"\ncolumns = "kind"\nacross = ["incident", "x"]\n'
         'assign.incident = ["first"]\nassign.y = ["first", "third"]\n' + NOTHING,
         ['matrix.assign.y entry 2: expected first or second, not "third"']),
        (FACTS + '[matrix]\nrows = "kind"\ncolumns = "kind"\nacross = ["incident", "x"]\n'
         'assign.incident = ["first"]\nassign.y = ["first", "second"]\n' + NOTHING,
         ['matrix.across entry 2: expected incident or request, not "x"',
          "matrix.assign.incident: expected 2 priorities, one for each of across, not 1",
          'matrix.assign.y: expected incident or request, not "y"']),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(text: str, problems: list[str]) -> None:
    assert wrong(text) == problems


def test_a_fact_that_may_be_left_out_is_warned_of() -> None:
    book = policy(FACTS + row('{ kind = ["incident", "request"] }', 'first_response = "none"'))
    assert book.without_first_response() == (
        "A ticket that says nothing of kind may have no first response by any [[contract]] row.",
    )
    assert policy(FACTS + NOTHING).without_first_response() == ()

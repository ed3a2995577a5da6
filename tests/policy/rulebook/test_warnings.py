"""What is right in a policy and worth a second look: times, rules nobody comes to, facts unsaid."""

import pytest

from policy.rulebook.book import book, text_in_the_book
from policy.rulebook.rulebook import check_rulebook, handbook, load_rulebook
from policy.rulebook.warnings import warnings_of
from tests.policy.contract.policies import ALWAYS, WORDS

NOTHING = '[[contract]]\nwhen = {}\nfirst_response = "none"\n'
FACTS = '[facts]\nkind = ["incident", "request"]\nspecial = "flag"\namount = "money"\n'
OFFICE = '[calendars.office]\ntimezone = "UTC"\nopen = ["Mon-Fri 09:00-17:00"]\n'
RULE = 'assign = "p3"\nbecause = "So it is."\n'
UNDECIDED = "p.toml: intake: expected a rule for every ticket, and none matches"


def warned(text: str) -> tuple[str, ...]:
    return warnings_of(load_rulebook(text, "p.toml"))


def test_the_handbook_needs_no_second_look() -> None:
    assert warnings_of(handbook()) == ()


def test_of_the_book_only_long_times_are_told() -> None:
    told = [
        line
        for each in book()
        for line in warnings_of(load_rulebook(text_in_the_book(each.name), each.name))
    ]
    assert all("h of open time (a day counts as 24 h of it)" in line for line in told)
    assert len(told) == 5


def test_a_long_time_of_a_row_is_told_in_its_own_calendars_days() -> None:
    rows = (
        '[[contract]]\nwhen = { tier = ["gold"] }\ncalendar = "office"\nfirst_response = "1h"\n'
        'resolution = "5d"\nupdate = "23h"\n'
        '[[contract]]\nwhen = {}\ncalendar = "always"\nfirst_response = "5d"\n'
    )
    assert warned(WORDS + ALWAYS + OFFICE + rows) == (
        "contract rule 1, resolution is 120 h of open time (a day counts as 24 h of it); calendar"
        " office is open 8 h a day, so that is 15 working days.",
    )


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (['tier = ["team"]', "", 'tier = ["free"]'],
         ("intake rule 3 is never reached: the rules before it decide all of its tickets.",)),
        (['tier = ["presales", "team"]', 'tier = ["team"], severity = [0]', ""],
         ("intake rule 2 is never reached: the rules before it decide all of its tickets.",)),
        (['tier = ["free"], paying = true', ""],
         ("intake rule 1 is never reached: no ticket is ever like this.",)),
        (["paying = true", "paying = false"], ()),
        (['opened_by = ["ce"]', ""], ()),
    ],
)  # fmt: skip
def test_a_rule_of_intake_that_decides_nothing_is_told(
    when: list[str], told: tuple[str, ...]
) -> None:
    rules = "".join(f"[[intake]]\nwhen = {{ {each} }}\n{RULE}" for each in when)
    assert warned(rules) == told


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        (["special = true"], "tier presales, severity 0, opened by customer, nothing said of its"
         " facts"),
        (["special = false"], "special true"),
        (['kind = ["incident"]', "special = false"], "kind request, special true"),
        (['kind = ["incident", "request"]', "special = false"],
         "nothing said of kind, special true"),
        (['amount = { SEK = "> 5" }', "special = false"], "amount 2.5 SEK, special true"),
        (['amount = { SEK = "> 5" }', 'amount = { SEK = "<= 5" }', "special = false"],
         "amount in another currency, special true"),
        (["special = true", "special = false"], None),
        (['kind = ["incident"], special = true', ""], None),
    ],
)  # fmt: skip
def test_every_ticket_is_decided_whatever_is_said_of_its_facts(
    when: list[str], problem: str | None
) -> None:
    rules = "".join(f"[[intake]]\nwhen = {{ {each} }}\n{RULE}" for each in when)
    found = check_rulebook(FACTS + rules, "p.toml")
    assert found == ([] if problem is None else [f"{UNDECIDED} {problem}"])


MATRIX = """
[tiers]
order = []
[severities]
order = []
[priorities]
order = ["first", "second"]
[facts]
impact = ["wide", "narrow"]
urgency = ["high", "low"]
[matrix]
rows = "impact"
columns = "urgency"
across = ["high"]
assign.wide = ["first"]
"""


def test_what_a_matrix_does_not_assign_is_told() -> None:
    gaps = ("matrix assigns nothing for impact narrow;", "matrix assigns nothing for urgency low;")
    assert warned(MATRIX + NOTHING) == tuple(
        f"{each} the last priority counts there." for each in gaps
    )
    rule = '[[intake]]\nwhen = { impact = ["wide"], urgency = ["high"] }\n'
    rest = "[[intake]]\nwhen = {}\n"
    because = 'assign = "second"\nbecause = "So it is."\n'
    assert warned(MATRIX + rule + because + rest + because + NOTHING) == (
        "intake rule 1 is never reached: the rules before it decide all of its tickets.",
        *(f"{each} [[intake]] decides there." for each in gaps),
    )


def test_a_fact_without_which_there_is_no_first_response_is_told() -> None:
    rows = "".join(
        f'[[contract]]\nwhen = {{ kind = ["{word}"] }}\nfirst_response = "none"\n'
        for word in ("incident", "request")
    )
    assert warned(WORDS + FACTS + rows) == (
        "A ticket that says nothing of kind may have no first response by any [[contract]] row.",
    )

"""Intake: every ticket there can be, against the six rules of docs/design.md written out again."""

from itertools import product

import pytest

from policy.intake.rules import IntakeDecision, decide, ready_reply
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import FactValue, OpenedBy, Priority, Severity, Tier
from tests.examples import PRIORITIES, SEVERITIES, TIERS

NO_LONGER = "no longer offered to trial customers; a CE may open the ticket on their behalf"
EXCEPTIONS = "exceptions are for p0 and p1 only"

EVERY_TICKET = list(product(TIERS, SEVERITIES, OpenedBy))


def by_the_design(tier: Tier, severity: Severity, opened_by: OpenedBy) -> Priority | str:
    """Return the priority, or a part of the sentence with which it is declined."""
    if tier == "internal":
        return "p3"
    if tier == "presales" and opened_by != "ce":
        return NO_LONGER
    if severity in (0, 1):
        return f"p{severity}"
    if tier == "presales":
        return EXCEPTIONS
    if tier in ("enterprise", "team") and severity == 2:
        return "p2"
    return "p3"


@pytest.mark.parametrize(("tier", "severity", "opened_by"), EVERY_TICKET)
def test_the_handbook_decides_as_designed(
    tier: Tier, severity: Severity, opened_by: OpenedBy
) -> None:
    decision = decide(handbook(), tier, severity, opened_by)
    expected = by_the_design(tier, severity, opened_by)
    if expected in PRIORITIES:
        assert (decision.priority, decision.declined) == (expected, None)
        assert str(expected) in decision.because
    else:
        assert decision.priority is None
        assert decision.declined is not None
        assert expected in decision.declined
    assert decision.because.endswith(".")


def test_there_are_ninety_six_kinds_of_ticket() -> None:
    assert len(EVERY_TICKET) == 6 * 4 * 4


def test_the_first_rule_that_matches_decides() -> None:
    book = load_rulebook(
        """
        [tiers]
        paying = ["free"]
        [[intake]]
        when = { paying = true, severity = [0, 1] }
        assign = "p1"
        because = "They pay."
        [[intake]]
        when = { opened_by = ["engineering"], paying = false }
        decline = "Ask your lead."
        because = "Not for engineering."
        [[intake]]
        when = {}
        assign = "p2"
        because = "All else."
        """,
        "policy.toml",
    )
    pays = IntakeDecision("p1", None, "They pay.")
    not_ours = IntakeDecision(None, "Ask your lead.", "Not for engineering.")
    all_else = IntakeDecision("p2", None, "All else.")
    for severity in (0, 1):
        assert decide(book, "free", severity, OpenedBy.ENGINEERING) == pays
    assert decide(book, "free", 2, OpenedBy.ENGINEERING) == all_else
    assert decide(book, "team", 1, OpenedBy.ENGINEERING) == not_ours
    assert decide(book, "team", 1, OpenedBy.CUSTOMER) == all_else


MATRIX = """
[tiers]
order = []
[severities]
order = []
[priorities]
order = ["high", "middle", "low"]
[facts]
impact = ["wide", "narrow", "none_yet"]
urgency = ["now", "later"]
[matrix]
rows = "impact"
columns = "urgency"
across = ["now", "later"]
assign.wide = ["high", "middle"]
assign.narrow = ["middle", "low"]
[response]
high = "1h"
middle = "2h"
low = "4h"
"""
ALL_ELSE = '[[intake]]\nwhen = {}\nassign = "middle"\nbecause = "All else."\n'


@pytest.mark.parametrize(
    ("facts", "priority", "because"),
    [
        ({"impact": "wide", "urgency": "now"}, "high",
         "By its impact (wide) and urgency (now) it is high."),
        ({"impact": "narrow", "urgency": "later"}, "low",
         "By its impact (narrow) and urgency (later) it is low."),
        ({}, "low", "Its impact and urgency are not known yet."),
        ({"urgency": "now"}, "low", "Its impact is not known yet."),
        ({"impact": "none_yet", "urgency": "now"}, "low",
         "The policy in force assigns nothing for its impact (none_yet) and urgency (now)."),
    ],
)  # fmt: skip
def test_a_matrix_alone_says_why_it_does_not_say(
    facts: dict[str, FactValue], priority: str, because: str
) -> None:
    decision = decide(load_rulebook(MATRIX, "p.toml"), None, None, OpenedBy.CUSTOMER, facts)
    assert decision == IntakeDecision(priority, None, because)
    beside = decide(load_rulebook(MATRIX + ALL_ELSE, "p.toml"), None, None, OpenedBy.CE, facts)
    by_matrix = because.startswith("By its")
    assert beside == (decision if by_matrix else IntakeDecision("middle", None, "All else."))


def test_a_declined_ticket_has_a_friendly_reply() -> None:
    decision = decide(handbook(), "presales", 0, OpenedBy.CUSTOMER)
    assert decision.declined is not None
    reply = ready_reply("Ada", decision.declined)
    assert reply.startswith("Hello Ada,\n")
    assert decision.declined in reply

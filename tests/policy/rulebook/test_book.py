"""The policies that come with the program: that each holds, and what it promises, by hand."""

import re
from datetime import timedelta
from functools import cache

import pytest

from policy.contract.targets_due import targets_due
from policy.contract.ticket_words import words_of
from policy.facts import Facts, known_facts
from policy.intake.rules import decide
from policy.ordering.order import order_of
from policy.refusal import Refusal
from policy.rulebook.book import book, text_in_the_book
from policy.rulebook.rulebook import Rulebook, check_rulebook, load_rulebook
from policy.words import Mode, OpenedBy, Status
from tests.examples import MONDAY, ticket
from tests.policy.contract.policies import utc

NAMES = (
    "atlassian",
    "bu",
    "canonical",
    "gitlab",
    "mattermost",
    "posthog",
    "redhat",
    "skyltmax",
    "suse",
    "ucsf",
    "wikimedia",
    "zbiroh",
)


@cache
def of_the_book(name: str) -> Rulebook:
    return load_rulebook(text_in_the_book(name), name)


def test_the_twelve_are_there_each_with_a_line() -> None:
    assert [each.name for each in book()] == [*NAMES]
    assert all(20 < len(each.about) <= 110 for each in book())


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_policy_that_names_its_source_and_date(name: str) -> None:
    text = text_in_the_book(name)
    assert check_rulebook(text, name) == []
    assert re.search(r"^# Sources?: .*\.", text, re.M)
    assert "read in November 2026" in text
    assert of_the_book(name).without_first_response() == ()
    assert all(len(line) <= 120 for line in text.splitlines())


def test_a_name_that_is_not_in_the_book_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        text_in_the_book("gitlub")
    assert caught.value.reason == (
        '"gitlub": expected atlassian, bu, canonical, gitlab, mattermost, posthog, redhat,'
        " skyltmax, suse, ucsf, wikimedia or zbiroh; did you mean gitlab?"
    )


def promised(
    name: str,
    received: str,
    target: str,
    *,
    tier: str | None = None,
    severity: int | str | None = None,
    priority: str | None = None,
    zone: str | None = None,
    facts: Facts | None = None,
) -> str | None:
    rulebook = of_the_book(name)
    known = known_facts(facts or {}, rulebook.fact_kinds)
    if priority is None:
        priority = decide(rulebook, tier, severity, OpenedBy.CUSTOMER, known).priority
    words = words_of(tier=tier, severity=severity, priority=priority, facts=known)
    due = targets_due(rulebook, words, utc(received), zone=zone).targets[target]
    return None if due is None else due.isoformat().removesuffix(":00+00:00")


@pytest.mark.parametrize(
    ("name", "received", "target", "words", "due"),
    [
        # The 24x5 week of GitLab ends on Friday at 17:00 in Los Angeles, and goes on at 15:00 on
        # Sunday, after the clocks have changed there.
        ("gitlab", "2026-03-06T23:00", "first_response",
         {"tier": "priority", "severity": "high"}, "2026-03-09T00:00"),
        ("gitlab", "2026-03-06T23:00", "first_response",
         {"tier": "standard", "severity": "emergency"}, "2026-03-09T20:00"),
        ("gitlab", "2026-03-04T12:00", "first_response",
         {"tier": "trial", "severity": "emergency"}, None),
        ("gitlab", "2026-03-04T12:00", "next_reply",
         {"tier": "free", "severity": "low", "facts": {"topic": "billing"}}, "2026-03-04T20:00"),
        ("redhat", "2026-03-04T16:00", "first_response",
         {"tier": "premium", "severity": 2, "zone": "Europe/Berlin"}, "2026-03-05T10:00"),
        ("redhat", "2026-03-06T14:00", "first_response",
         {"tier": "standard", "severity": 4, "zone": "Europe/Berlin"}, "2026-03-10T14:00"),
        ("redhat", "2026-03-04T12:00", "update", {"tier": "standard", "severity": 1}, None),
        ("redhat", "2026-03-04T12:00", "first_response",
         {"tier": "self_support", "severity": 1}, None),
        ("posthog", "2026-03-06T18:00", "first_response",
         {"tier": "startup", "severity": "low"}, "2026-03-09T18:00"),
        ("posthog", "2026-03-04T18:00", "next_reply",
         {"tier": "free", "severity": "high"}, "2026-03-06T18:00"),
        ("posthog", "2026-03-05T12:00", "first_response",
         {"tier": "free", "severity": "low", "facts": {"topic": "billing", "escalated": True}},
         "2026-03-11T12:00"),
        ("suse", "2026-03-04T12:00", "first_response",
         {"tier": "priority", "severity": 4, "zone": "America/Denver"}, "2026-03-06T01:00"),
        ("suse", "2026-03-04T23:30", "first_response",
         {"tier": "priority", "severity": 3, "zone": "America/Denver"}, "2026-03-05T15:30"),
        ("canonical", "2026-03-07T10:00", "first_response",
         {"tier": "24x7", "severity": 4}, "2026-03-07T22:00"),
        ("canonical", "2026-03-05T16:00", "first_response",
         {"tier": "weekday", "severity": 4, "zone": "Europe/Berlin"}, "2026-03-10T10:00"),
        ("mattermost", "2026-03-06T15:30", "first_response",
         {"tier": "premier", "severity": 1, "zone": "Europe/Berlin"}, "2026-03-07T01:30"),
        ("mattermost", "2026-03-04T18:00", "first_response",
         {"tier": "premier", "severity": 2, "zone": "Europe/Berlin"}, "2026-03-05T10:00"),
        ("atlassian", "2026-03-04T16:00", "first_response",
         {"tier": "standard", "severity": 5, "zone": "Europe/Berlin"}, "2026-03-09T16:00"),
        ("atlassian", "2026-03-04T03:00", "first_response",
         {"tier": "premium", "severity": 1}, "2026-03-04T04:00"),
        ("bu", "2026-03-06T20:00", "resolution",
         {"facts": {"kind": "incident", "impact": "individual", "urgency": "low"}},
         "2026-03-11T19:00"),  # two hours before the clocks change, 22 after
        ("bu", "2026-03-04T15:00", "resolution",
         {"facts": {"kind": "request", "impact": "individual", "urgency": "low"}}, None),
        ("bu", "2026-03-04T15:00", "first_response", {}, "2026-03-04T19:00"),  # a P4
        ("ucsf", "2026-03-07T20:00", "first_response",
         {"severity": 1, "facts": {"paged": True}}, "2026-03-07T21:00"),
        ("ucsf", "2026-03-07T20:00", "first_response", {"severity": 1}, "2026-03-09T14:30"),
        ("ucsf", "2026-03-07T20:00", "begin_fix", {"severity": 1}, "2026-03-07T23:00"),
        ("ucsf", "2026-03-07T20:00", "begin_fix", {"severity": 3}, "2026-03-10T01:00"),
        ("ucsf", "2026-03-03T20:00", "begin_fix", {"severity": 4}, "2026-03-10T19:00"),
        ("skyltmax", "2026-03-06T17:00", "first_response",
         {"facts": {"kind": "b2b_quote"}}, "2026-03-09T16:00"),
        ("skyltmax", "2026-03-06T17:00", "first_response", {"facts": {"special": True}}, None),
        ("zbiroh", "2026-03-06T14:00", "resolution", {"priority": "urgent"}, "2026-03-10T14:00"),
        ("zbiroh", "2026-03-06T14:00", "first_response", {}, "2026-03-11T14:00"),
        ("wikimedia", "2026-03-03T12:00", "resolution", {"priority": "high"}, "2026-03-06T00:00"),
        ("wikimedia", "2026-03-03T12:00", "not_before", {"priority": "low"}, "2026-03-17T12:00"),
        ("wikimedia", "2026-03-03T12:00", "resolution", {"priority": "low"}, None),
    ],
)  # fmt: skip
def test_what_each_promises_worked_out_by_hand(
    name: str, received: str, target: str, words: dict[str, object], due: str | None
) -> None:
    assert promised(name, received, target, **words) == due  # type: ignore[arg-type] # as named


def test_a_matrix_gives_the_priority_before_intake_does() -> None:
    rulebook = of_the_book("bu")
    decision = decide(
        rulebook, None, None, OpenedBy.CUSTOMER, {"impact": "group", "urgency": "critical"}
    )
    assert (decision.priority, decision.declined) == ("P2", None)
    assert decision.because == "By its impact (group) and urgency (critical) it is P2."
    unknown = decide(rulebook, None, None, OpenedBy.CUSTOMER, {"impact": "group"})
    assert unknown.priority == "P4"


def test_who_goes_first_in_the_web_shop() -> None:
    rulebook = of_the_book("skyltmax")
    order = order_of(rulebook, Mode.HARD_CHOICES)

    def order_received(number: int, **facts: object) -> object:
        known = known_facts(facts, rulebook.fact_kinds)
        return ticket(
            number,
            tier=None,
            severity=None,
            priority="normal",
            status=Status.NEW,
            received_at=MONDAY - timedelta(hours=number),
            facts=tuple(known.items()),
        )

    quote = ticket(
        1,
        priority="normal",
        received_at=MONDAY,
        facts=(("kind", "b2b_quote"), ("amount", "1 SEK")),
    )
    others = [
        order_received(3, amount=1201, currency="GBP"),
        order_received(2, special=True),
        order_received(4, contract=True, amount="15000 SEK"),
        order_received(5, kind="missing_order", has_deadline=True),
        order_received(7, kind="missing_order"),
        order_received(6, special=False),
    ]
    expected = [quote, *others]
    assert sorted([*others, quote], key=order.key) == expected  # type: ignore[arg-type] # tickets
    assert order.groups.name(quote) == "Quotes for businesses"

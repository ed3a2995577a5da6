"""Two real policies as answers, held against the hand-reckoned cases of their files in the book."""

from datetime import UTC, datetime

import pytest

from policy.contract.targets_due import targets_due
from policy.contract.ticket_words import words_of
from policy.drafting.example_queue import example_queue
from policy.drafting.policy_question import rulebook_of
from policy.drafting.policy_text import policy_text
from policy.drafting.queue_effect import due_otherwise, effect_on
from policy.facts import known_facts
from policy.intake.rules import assess, decide
from policy.refusal import Refusal
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.ticket import Ticket
from policy.words import Mode, OpenedBy
from tests.examples import ticket
from tests.policy.drafting.drafts import question_named, told

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
UNIVERSITY = {
    "priorities": "P1, P2, P3, P4",
    "severities": "none",
    "fact 1": "kind: incident, request",
    "fact 2": "impact: campus, multiple groups, group, individual",
    "fact 3": "urgency: critical, high, moderate, low",
    "matrix": "impact, urgency",
    "row campus": "P1 P1 P2 P2",
    "row multiple_groups": "P1 P2 P2 P3",
    "row group": "P2 P2 P3 P3",
    "row individual": "P2 P3 P3 P4",
    "timezone": "America/New_York",
    "open": "Mon-Fri 09:00-17:00",
    "other hours 1": "always",
    "times by": "kind",
    "targets": "resolution",
    "first_response incident": "15m 1h 2h 4h",
    "first_response request": "30m 2h 4h 8h",
    "resolution incident": "2h 4h 8h 24h",
    "resolution request": "4h 4h 16h none",
}
SHOP = {
    "priorities": "normal",
    "severities": "none",
    "fact 1": "kind: b2b_quote, missing_order, wrong_item, damaged_goods",
    "fact 2": "special: flag",
    "fact 3": "contract: flag",
    "fact 4": "has_deadline: flag",
    "fact 5": "amount: money",
    "timezone": "Europe/Stockholm",
    "open": "Mon-Fri 08:00-17:00",
    "times by": "kind",
    "first_response b2b_quote": "0bd",
    "first_response missing_order": "none",
    "first_response wrong_item": "none",
    "first_response damaged_goods": "none",
    "untold": "none",
    "normal": "due, age",
    "hard choices": "group, age",
    "group 1": "Quotes for businesses: kind = b2b_quote",
    "group 2": "High-value and special orders: amount > 15000 SEK, 1500 EUR, 1200 GBP or special",
    "group 3": "Customers with a contract: contract",
    "group 4": "Lost, wrong or damaged with a deadline: kind = missing_order, wrong_item or"
    " damaged_goods and has_deadline",
}
BUSINESS_HOURS = {**UNIVERSITY, "open": "always"}


@pytest.fixture(scope="module")
def university() -> Rulebook:
    return rulebook_of(told(UNIVERSITY))


@pytest.fixture(scope="module")
def shop() -> Rulebook:
    return rulebook_of(told(SHOP))


@pytest.mark.parametrize("kind", ["incident", "request", None])
@pytest.mark.parametrize("impact", ["campus", "multiple_groups", "group", "individual", None])
@pytest.mark.parametrize("urgency", ["critical", "low"])
def test_the_university_promises_what_its_file_in_the_book_does(
    university: Rulebook, kind: str | None, impact: str | None, urgency: str
) -> None:
    book = load_rulebook(text_in_the_book("bu"), "bu")
    given = {"kind": kind, "impact": impact, "urgency": urgency}
    said = {name: value for name, value in given.items() if value is not None}
    for received in (NOW, datetime(2026, 3, 6, 21, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC)):
        ours, theirs = (
            targets_due(
                rulebook,
                words_of(
                    priority=decide(rulebook, None, None, OpenedBy.CUSTOMER, said).priority,
                    facts=known_facts(said, rulebook.fact_kinds),
                ),
                received,
            )
            for rulebook in (university, book)
        )
        assert ours.targets == theirs.targets
        assert ours.respond_by == theirs.respond_by


def test_the_shop_puts_its_groups_first_as_its_file_in_the_book_does(shop: Rulebook) -> None:
    book = load_rulebook(text_in_the_book("skyltmax"), "skyltmax")
    assert shop.groups == book.groups
    assert shop.order == book.order
    assert [row.times for row in shop.rows] == [row.times for row in book.rows]
    assert [row.conditions for row in shop.rows] == [row.conditions for row in book.rows]


def test_a_simple_desk_needs_few_answers_and_a_short_form() -> None:
    text = policy_text(told({"priorities": "high, low", "severities": "none"}))
    assert "[[contract]]" not in "\n".join(
        line for line in text.splitlines() if not line.startswith("#")
    )
    assert "[response]" in text


@pytest.mark.parametrize(
    ("name", "given", "typed", "said"),
    [
        ("first_response incident", UNIVERSITY, "1d", "1d: a day, d, would be 24 h of open time,"
         " and yours is 8h long; expected hours, such as 8h for a day, or 1bd"),
        ("first_response incident", UNIVERSITY, "1bd", "P1 goes by always, which never close;"),
        ("first_response incident", BUSINESS_HOURS, "0bd", "never close"),
        ("first_response None", {"open": "Mon-Fri 22:00-06:00"}, "1bd", "end within the day"),
        ("ours", {"plans": "a, b"}, "a, b", "expected at least one that is not your own work"),
        ("group 2", SHOP, "More quotes: kind = b2b_quote", "group rule 2: expected a row that"),
        ("group 2", SHOP, "Quotes for businesses: special", "is one already"),
        ("group 1", SHOP, "none", "expected a group"),
        ("times by", UNIVERSITY, "request", "did you mean kind?"),
        ("matrix", UNIVERSITY, "yes", "expected two of kind, impact and urgency, or none"),
        ("matrix", UNIVERSITY, "impact, impact", "expected two of"),
        ("fact 2", UNIVERSITY, "kind: a, b", "expected another name, as kind is one already"),
        ("rule 1", UNIVERSITY, "P1 when it burns", "expected a priority, if, and when"),
        ("rule 1", UNIVERSITY, "P7 if kind = request", 'not "P7"'),
        ("priorities", {}, "none", "expected at least one priority"),
        ("priorities", {}, "aim, low", "which is a key of [response]"),
        ("other hours 1", {}, "contract: always", "expected another name"),
        ("other hours 1", {}, "update: always", "expected another name"),
        ("plans", {}, "a\x1b[2J", "expected one line"),
        ("plans", {}, "a" * 3000, "expected one line"),
        ("stops in", UNIVERSITY, "pendng", "did you mean pending?"),
    ],
)  # fmt: skip
def test_what_is_refused(name: str, given: dict[str, str], typed: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        question_named(name, given).with_answer(typed)
    assert said in refused.value.reason


def test_the_made_up_queue_carries_each_word_and_is_new(shop: Rulebook) -> None:
    tickets = example_queue(shop, NOW)
    assert len({each.id for each in tickets}) == len(tickets) == 8
    assert all(each.actionable and each.received_at < NOW for each in tickets)
    carried = {pair for each in tickets for pair in each.facts}
    for pair in (("kind", "wrong_item"), ("special", True), ("amount", "30000 SEK")):
        assert pair in carried
    assert {each.tier for each in example_queue(handbook(), NOW)} == {*handbook().tiers.order}


def queue() -> list[Ticket]:
    return [
        assess(handbook(), ticket(number, severity=severity, received_at=NOW, waiting_since=NOW))
        for number, severity in enumerate([0, 2, 3], 1)
    ]


def test_the_effect_counts_priorities_and_says_who_is_first_and_who_is_late() -> None:
    quick = load_rulebook('[response]\np2 = "1m"\n[order]\nnormal = ["respond_by"]\n', "quick.toml")
    words, later = handbook().vocabulary, NOW.replace(hour=16)
    effect = effect_on(quick, queue(), words, Mode.NORMAL, later)
    assert effect.by_priority == {"p0": 1, "p1": 0, "p2": 1, "p3": 1}
    assert [each.id for each in effect.queue] == [2, 1, 3]
    assert (effect.late, effect.declined) == (1, 0)
    assert "#2" in effect.why
    before = effect_on(handbook(), queue(), words, Mode.NORMAL, later)
    assert due_otherwise(effect, before) == 1


def test_tickets_of_lost_words_are_left_out_and_counted(university: Rulebook) -> None:
    tickets = [*queue(), ticket(9, tier="free", severity=None)]
    lost = load_rulebook(
        '[tiers]\norder = ["free", "new"]\n[[intake]]\nwhen = {}\nassign = "p3"\nbecause = "x"\n',
        "few.toml",
    )
    words = handbook().vocabulary
    effect = effect_on(lost, tickets, words, Mode.NORMAL, NOW)
    assert [each.id for each in effect.queue] == [9]
    assert effect.lost.tickets == 3
    assert [(each.field, each.word, each.tickets) for each in effect.lost.words] == [
        ("tier", "enterprise", 3)
    ]
    assert effect_on(university, tickets, words, Mode.NORMAL, NOW).lost.tickets == 0


def test_groups_are_named_where_the_order_looks_at_them(shop: Rulebook) -> None:
    tickets, words = example_queue(shop, NOW), shop.vocabulary
    named = effect_on(shop, tickets, words, Mode.HARD_CHOICES, NOW)
    assert named.groups[named.queue[0].id] == "Quotes for businesses"
    assert effect_on(shop, tickets, words, Mode.NORMAL, NOW).groups == {}

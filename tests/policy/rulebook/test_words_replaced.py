"""A policy file's own tiers, priorities and severities: what follows them, and what is refused."""

from datetime import timedelta

import pytest

from policy.intake.rules import decide
from policy.refusal import Refusal
from policy.rulebook.rulebook import check_rulebook, describe, handbook, load_rulebook
from policy.words import OpenedBy
from tests.own_words import NEITHER, OURS, ours


def without(*beginnings: str) -> str:
    """Return the policy without the lines that begin so."""
    return "\n".join(line for line in OURS.splitlines() if not line.startswith(beginnings))


def test_what_the_handbook_says_of_words_that_are_replaced_goes_with_them() -> None:
    told = describe(ours())
    assert told["tiers"] == {
        "order": ["premium", "standard", "self_support", "ours"],
        "paying": ["premium", "standard"],
        "trial": [],
        "internal": ["ours"],
        "names": {},
        "short": {},
    }
    assert told["severities"] == {"order": ["critical", 2, "low"], "names": {"2": "limited"}}
    assert list(told["response"]) == ["aim", "sev1", "sev2", "sev3", "sev4", "sev5", "no_contract"]
    assert told["waits"] == describe(handbook())["waits"]


def test_how_long_a_ticket_takes_goes_by_rank_and_beyond_the_fourth_as_the_fourth() -> None:
    book = ours(f'{OURS}\n[handling]\nsev2 = "5m"\n')
    assert list(book.handling.by_priority.values()) == [
        timedelta(minutes=minutes) for minutes in (120, 5, 45, 30, 30)
    ]
    assert list(book.answering.by_priority.values()) == [
        timedelta(minutes=minutes) for minutes in (15, 30, 45, 30, 30)
    ]


def test_a_severity_that_is_a_number_stays_one() -> None:
    assert ours().severities.order == ("critical", 2, "low")
    assert decide(ours(), "standard", "critical", OpenedBy.CUSTOMER).priority == "sev1"
    assert decide(ours(), "standard", 2, OpenedBy.CUSTOMER).priority == "sev4"


def test_a_desk_may_have_no_tiers_and_no_severities() -> None:
    book = ours(NEITHER)
    assert (book.vocabulary.tiers, book.vocabulary.severities) == ((), ())
    assert decide(book, None, None, OpenedBy.CUSTOMER).priority == "low"


def test_what_only_leaves_a_tier_out_keeps_the_others() -> None:
    book = load_rulebook('[tiers]\norder = ["enterprise", "internal", "presales"]\n', "fewer.toml")
    assert book.tiers.paying == ("enterprise",)
    assert book.tiers.internal == ("internal",)
    assert book.intake == handbook().intake


def test_a_word_of_an_earlier_policy_is_decided_by_the_first_rule_that_holds_for_any() -> None:
    assert decide(ours(), "enterprise", 7, OpenedBy.CUSTOMER).priority == "sev4"
    strict = OURS.replace("when = {}", 'when = { tier = ["premium", "standard", "self_support"] }')
    decision = decide(ours(strict), "enterprise", 7, OpenedBy.CUSTOMER)
    assert decision.priority == "sev5"
    assert "earlier policy" in decision.because


NO_INTAKE = (
    "intake: expected rules of its own, as the handbook's name tiers, severities or priorities "
    "that are not there any more"
)
WORD = "a word of at most 40 letters, digits and _ . + -, such as open_source"
NUMBER = "a whole number from 0 to 1000 without quotes, or a word"
WRONG = {
    # Lists of words.
    "[priorities]\norder = []": "priorities.order: expected at least one entry, not an empty list",
    "[tiers]\norder = ['a b']": f'tiers.order entry 1: expected {WORD}, not "a b"',
    "[tiers]\norder = ['a:b']": f'tiers.order entry 1: expected {WORD}, not "a:b"',
    "[tiers]\norder = [1]": f"tiers.order entry 1: expected {WORD}, not 1",
    "[tiers]\norder = ['free', 'Free']": (
        "tiers.order: expected each entry once, and Free comes again"
    ),
    "[severities]\norder = ['1']": f'severities.order entry 1: expected {NUMBER}, not "1"',
    "[severities]\norder = [true]": f"severities.order entry 1: expected {NUMBER}, not true",
    "[severities]\norder = [1.0]": f"severities.order entry 1: expected {NUMBER}, not 1.0",
    "[priorities]\norder = ['aim']": (
        "priorities.order: expected another word than aim, which is a key of [response]"
    ),
    # Words that are in none.
    "[tiers]\ntrial = ['presale']": (
        "tiers.trial entry 1: expected presales, enterprise, team, free, open_source or internal, "
        'not "presale"; did you mean presales?'
    ),
    "[priorities]\nurgent = ['p7']": (
        'priorities.urgent entry 1: expected p0, p1, p2 or p3, not "p7"'
    ),
    "[tiers]\nshort = { fre = 'fr' }": (
        "tiers.short: expected presales, enterprise, team, free, open_source or internal, "
        'not "fre"; did you mean free?'
    ),
    "[tiers]\nshort = { free = 'forfree' }": (
        'tiers.short.free: expected at most 6 characters, not "forfree"'
    ),
    "[severities]\nnames = { 7 = 'odd' }": ('severities.names: expected 0, 1, 2 or 3, not "7"'),
    # What goes with a word that is replaced.
    "[tiers]\norder = ['gold', 'silver']": NO_INTAKE,
    "[severities]\norder = []": NO_INTAKE,
    without(
        "sev4"
    ): "response.sev4: expected a time, or rows of [[contract]] for all tickets, and it is missing",
    OURS.replace("[[intake]]", 'sev6 = "1h"\n[[intake]]', 1): (
        "response.sev6: expected aim, sev1, sev2, sev3, sev4, sev5 or no_contract, not this key;"
        " did you mean sev5?"
    ),
    OURS.replace('"sev4"\nbecause', '"p3"\nbecause'): (
        'intake rule 4, assign: expected sev1, sev2, sev3, sev4 or sev5, not "p3"'
    ),
    NEITHER.replace("when = {}", 'when = { tier = ["free"] }'): (
        'intake rule 1, when.tier entry 1: expected no word, as [tiers] order has none, not "free"'
    ),
    OURS.replace("when = {}", 'when = { tier = ["standard"] }'): (
        "intake: expected a rule for every ticket, and none matches "
        "tier self_support, severity 2, opened by customer"
    ),
    NEITHER.replace("when = {}", 'when = { opened_by = ["ce"] }'): (
        "intake: expected a rule for every ticket, and none matches opened by customer"
    ),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.items(), ids=WRONG.values())
def test_a_word_is_refused_in_one_line_with_its_place_and_the_nearest(
    text: str, problem: str
) -> None:
    with pytest.raises(Refusal) as caught:
        ours(text)
    assert caught.value.reason.removesuffix(" (and 1 more)") == f"ours.toml: {problem}"
    assert check_rulebook(text, "ours.toml")[0] == f"ours.toml: {problem}"


def test_levels_speak_to_all_where_they_spoke_to_whom_there_are_none_of() -> None:
    to_all = "Customers are told that an answer may take longer."

    def told(text: str) -> list[str]:
        return [each.contingency for each in ours(text).capacity.levels]

    handbooks = told("")
    assert told(OURS) == [*handbooks[:5], to_all, *handbooks[6:]]
    assert told(NEITHER) == [*handbooks[:4], to_all, to_all, *handbooks[6:]]
    own = '[[capacity.levels]]\nlevel = 2\ncases_over = 5\ncontingency = "Pre-sales wait."\n'
    own += '[[capacity.levels]]\nlevel = 1\ncontingency = "As planned."\n'
    assert told(OURS + own) == ["Pre-sales wait.", "As planned."]

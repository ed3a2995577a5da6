"""What people type as answers: what each means, and how it is refused."""

from datetime import date, timedelta

import pytest

from policy.clocks.target_time import TargetTime
from policy.drafting import typed_answers
from policy.refusal import Refusal
from policy.words import Criterion
from tests.policy.drafting.drafts import holidays_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("premium, standard", ("premium", "standard")),
        ("P1 P2  P3", ("P1", "P2", "P3")),
        ("several groups, one person,", ("several_groups", "one_person")),
        ("impact and urgency", ("impact", "urgency")),
        ("a, b and c d", ("a", "b", "c_d")),
        ("none", ()),
        ("NONE", ()),
        ("-", ()),
    ],
)
def test_a_list_of_words(typed: str, words: tuple[str, ...]) -> None:
    assert typed_answers.words(typed) == words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a, a", 'expected each once, and "a" comes again'),
        ("a, none", "expected another word than none"),
        ("a, b!", "expected a word of at most 40 letters"),
    ],
)
def test_a_list_that_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        typed_answers.words(typed)
    assert said in refused.value.reason


def test_severities_are_numbers_where_they_are_typed_so() -> None:
    assert typed_answers.severities("critical, 2, 10") == ("critical", 2, 10)
    with pytest.raises(Refusal, match="whole number from 0 to 1000"):
        typed_answers.severities("5000")


def test_some_of_a_list_come_in_its_own_order_and_with_the_nearest_word() -> None:
    known = ("urgent", "normal", "low")
    assert typed_answers.some_of("Low, urgent", known, "priorities") == ("urgent", "low")
    assert typed_answers.some_of("2", (1, 2), "severities") == (2,)
    with pytest.raises(Refusal) as refused:
        typed_answers.some_of("urgnt", known, "priorities")
    assert refused.value.reason == (
        'expected urgent, normal or low, not "urgnt"; did you mean urgent?'
    )


def test_one_for_each_or_one_for_all() -> None:
    words = ("P1", "P2")
    assert typed_answers.word_for_each("p2 P1", "ab", words, "priorities") == ("P2", "P1")
    assert typed_answers.word_for_each("P2", "ab", words, "priorities") == ("P2", "P2")
    with pytest.raises(Refusal, match="expected 3, for a, b and c, or one for all, not 2"):
        typed_answers.word_for_each("P1 P1", "abc", words, "priorities")


def test_times() -> None:
    assert [time.written for time in typed_answers.time_for_each("15m, 1H 0bd none"
            .replace(",", ""), "abcd")] == ["15m", "1h", "0bd", "none"]  # fmt: skip
    assert typed_answers.time_for_each("none", "ab") == (TargetTime(), TargetTime())
    with pytest.raises(Refusal) as refused:
        typed_answers.time_for_each("soon", "a")
    assert refused.value.reason == 'expected a time such as 4h, 90m, 0bd, 1bd or none, not "soon"'
    with pytest.raises(Refusal, match="at most 366bd"):
        typed_answers.time_for_each("999bd", "a")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("always", ("Mon-Sun 00:00-24:00",)),
        ("Mon-Fri 8-17", ("Mon-Fri 08:00-17:00",)),
        ("Mon-Thu 08:00-12:00, Fri 9:30 - 14", ("Mon-Thu 08:00-12:00", "Fri 9:30 - 14:00")),
        ("Sun 14:00 - Fri 17:00", ("Sun 14:00 - Fri 17:00",)),
    ],
)
def test_hours(typed: str, hours: tuple[str, ...]) -> None:
    assert typed_answers.hours(typed) == hours


@pytest.mark.parametrize("typed", ["9-17", ",", "Mon-Fri", "Mon-Fri 25-26", "Mon-Fri 9:5-17:00"])
def test_hours_that_are_none(typed: str) -> None:
    with pytest.raises(Refusal, match=r"expected (open hours such as|times from 00:00 to 24:00)"):
        typed_answers.hours(typed)


def test_a_zone_and_the_one_that_is_meant() -> None:
    assert typed_answers.zone("America/New York") == "America/New_York"
    for typed, meant in (("Stockholm", "Europe/Stockholm"), ("europe/berlin", "Europe/Berlin")):
        with pytest.raises(Refusal) as refused:
            typed_answers.zone(typed)
        assert refused.value.reason.endswith(f'not "{typed}"; did you mean {meant}?')


def test_holidays_are_dates_or_a_countrys() -> None:
    read = typed_answers.holidays
    assert read("2026-12-26, 2026-12-25", holidays_of) == (
        (date(2026, 12, 25), date(2026, 12, 26)),
        None,
    )
    assert read("se", holidays_of) == (holidays_of("SE"), "SE")
    assert read("none", holidays_of) == ((), None)
    with pytest.raises(Refusal, match="XX is no country"):
        read("XX", holidays_of)
    for typed in ("2026-12-25, SE", "25.12.2026", "2026-02-30"):
        with pytest.raises(Refusal, match="expected"):
            read(typed, holidays_of)


def test_an_order_in_plain_words_or_as_a_policy_file_has_it() -> None:
    known = ("priority", "waiting", "plan", "due", "age")
    wanted = (Criterion.DEVIATION, Criterion.TIER, Criterion.RESPOND_BY, Criterion.RECEIVED_AT)
    assert typed_answers.order("plan, due, oldest", known) == wanted
    assert typed_answers.order("tier respond_by received_at", known) == wanted
    assert typed_answers.said(wanted) == "plan, due, age"
    for typed, said in (
        ("group", 'not "group"'),
        ("none", "expected at least one of"),
        ("due, due", "comes again"),
        ("prioritty", "did you mean priority?"),
    ):
        with pytest.raises(Refusal) as refused:
            typed_answers.order(typed, known)
        assert said in refused.value.reason


def test_a_fact_and_what_it_may_be() -> None:
    assert typed_answers.fact("Kind: incident, big request") == (
        "kind",
        ("incident", "big_request"),
    )
    assert typed_answers.fact("special = Flag") == ("special", "flag")
    assert typed_answers.fact("special: yes/no") == ("special", "flag")
    assert typed_answers.fact("amount:money") == ("amount", "money")
    for typed, said in (
        ("kind", "expected a name and what it may be, such as kind: incident, request"),
        ("kind: flg", "did you mean flag?"),
        ("subject: a, b", "is one that tickets have already"),
        ("plan: a, b", "is what a customer has"),
        ("kind: a, a", "comes again"),
        ("Ürgent: a", "expected a name of at most 40 small letters"),
    ):
        with pytest.raises(Refusal) as refused:
            typed_answers.fact(typed)
        assert said in refused.value.reason


def test_yes_no_and_lengths() -> None:
    assert typed_answers.yes_or_no(" Y ")
    assert not typed_answers.yes_or_no("no")
    with pytest.raises(Refusal, match='expected yes or no, not "maybe"'):
        typed_answers.yes_or_no("maybe")
    assert typed_answers.length_of_time("1H30M") == timedelta(minutes=90)
    for typed in ("0h", "2 years", "9999d"):
        with pytest.raises(Refusal, match="expected"):
            typed_answers.length_of_time(typed)

"""``[waits]``: the words of a notice in several languages, and what is said of wrong ones."""

import pytest

from policy.rulebook import earlier_words
from policy.rulebook.renewals import renewed
from policy.rulebook.rulebook import (
    check_rulebook,
    describe,
    handbook,
    load_rulebook,
    rulebook_from_json,
    rulebook_json,
)
from policy.rulebook.waits_section import NoticeKind
from policy.rulebook.warnings import warnings_of


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[waits.de]\nbdy = 'x'", "waits.de.bdy: expected locale, company, subject, body,"
         " body_present, body_no_time or renewal, not this key; did you mean body?"),
        ("[waits.DE]\nbody = 'x'", 'waits.DE: expected de, as that language is written, not "DE"'),
        ("[waits]\nsbuject = 'x'", "waits.sbuject: expected sure, company, timezone, locale,"
         " subject, body, body_present, body_no_time, renewal or a table in a language such as de,"
         " not this key; did you mean subject?"),
        ("[waits]\nlocale = 'zz'", "waits.locale: expected a language as it is written somewhere,"
         ' such as en or de_AT, not "zz"'),
        ("[waits]\nsure = 1", "waits.sure: expected a number from 0.5 to 0.99, not 1"),
        ("[waits]\ntimezone = 'Mars'", "waits.timezone: expected a time zone such as"
         ' Europe/Berlin or UTC, not "Mars"'),
        ("[waits]\nbody_no_time = '$expect_by'", "waits.body_no_time: expected $customer,"
         " $requester, $tickets, $references, $arrivals, $arrive_in, $arrive_at or $company, not"
         ' "$expect_by"'),
        ("[waits]\nbody_present = '$arrivals'", "waits.body_present: expected $customer,"
         " $requester, $tickets, $references, $expect_by, $expect_in or $company, not"
         ' "$arrivals"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str) -> None:
    assert check_rulebook(text, "ours.toml") == [f"ours.toml: {problem}"]


def test_a_language_lies_over_the_handbooks() -> None:
    book = load_rulebook('[waits.de]\ncompany = "Wir"\n[waits.pt-BR]\nbody = "Olá"', "ours.toml")
    german = book.waits.templates("de-CH", NoticeKind.ARRIVALS)
    assert (german.language, german.company, german.locale) == ("de", "Wir", "de")
    assert german.body == handbook().waits.languages["de"].body
    assert book.waits.templates("pt-BR", NoticeKind.NO_TIME).body == "Olá"
    assert book.waits.templates("pt", NoticeKind.NO_TIME).language == ""
    assert rulebook_from_json(rulebook_json(book)) == book


def test_a_team_that_words_the_notice_itself_says_it_to_all() -> None:
    ours = load_rulebook('[waits]\nbody = "Soon: $expect_by"', "ours.toml")
    assert not ours.waits.languages
    assert rulebook_from_json(rulebook_json(ours)) == ours
    named = load_rulebook('[waits]\nbody = "Soon: $expect_by"\n[waits.de]', "ours.toml")
    assert named.waits.languages == handbook().waits.languages


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", "America/Los_Angeles"),
        ('[calendar]\ntimezone = "Europe/Berlin"', "Europe/Berlin"),
        ('[calendar]\ntimezone = "Europe/Berlin"\n[waits]\ntimezone = "UTC"', "UTC"),
    ],
)
def test_contract_time_says_whose_clock_is_meant_unless_somebody_does(text: str, zone: str) -> None:
    assert load_rulebook(text, "ours.toml").waits.timezone == zone


def test_what_promises_nothing_is_warned_of() -> None:
    assert warnings_of(handbook()) == ()
    text = '[waits]\nbody = "Hello $customer"\n[waits.de]\nbody_present = "Ja"\n[waits.fr]\n'
    assert warnings_of(load_rulebook(text, "ours.toml")) == (
        "waits.body names no $expect_by: a notice in these words sets no promise.",
        "waits.body names $customer, which is the customer's own name; the person who asked is"
        " $requester.",
        "waits.de.body_present names no $expect_by: a notice in these words sets no promise.",
        "waits.fr has no body: who writes in it is told in the words of [waits].",
    )


def test_a_database_that_kept_the_handbooks_words_gets_the_new_ones() -> None:
    before = {"subject": earlier_words.SUBJECT, "body": earlier_words.BODY}
    kept = describe(handbook()) | {"waits": before}
    read = renewed(handbook(), kept)
    assert read.waits == handbook().waits

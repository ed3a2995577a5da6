"""What a notice says: in whose language, by whose clock, and of whom who arrives."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from policy.clocks.zones import zone_named
from policy.conversation.connections import ConnectionEntry
from policy.local_words import span_in_words, time_in_full
from policy.locales import is_locale
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.ticket import Requester, Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import WaitNotice, notices_due, unreachable_due
from policy.waits.references import reference_forms, reference_of
from policy.words import Mode
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, member, off, ticket

BO = member("bo", "Mon-Fri 12:00-20:00")
CY = member("cy", "Mon-Fri 14:00-22:00")
TEAM = Roster((member("ada"), BO, CY), (off("ada", MONDAY - DAY, None),))
NOON, THREE = MONDAY + 3 * HOUR, MONDAY + 6 * HOUR
EVE = Requester(name="Eve", email="eve@example.com", timezone="Europe/Berlin")
JAPANESE = '''
[waits]
company = "Acme Support"
[waits.ja]
body = """
$requester 様

$expect_by までに。

$arrivals が $arrive_at に参ります。

$tickets"""
'''


def asked(number: int = 1, requester: Requester | None = EVE, /, **fields: object) -> Ticket:
    """Return a ticket that should have been answered an hour ago."""
    return ticket(number, **{"requester": requester, "aim_by": MONDAY - HOUR} | fields)


def notice(
    *queue: Ticket,
    safe: datetime | None = THREE,
    book: Rulebook | None = None,
    roster: Roster = TEAM,
    forms: dict[str, str] | None = None,
) -> WaitNotice:
    """Return the notice about tickets whose answers are safe at a time."""
    expected = None if safe is None else safe - HOUR
    (found,) = notices_due(
        book or handbook(),
        roster,
        MONDAY,
        mode=Mode.HARD_CHOICES,
        queue=queue,
        forecasts={each.id: AnswerForecast(expected, safe) for each in queue},
        promises=(),
        forms=forms or {},
    )
    return found


def test_it_says_by_when_they_hear_and_who_arrives_before() -> None:
    found = notice(asked(subject="Down"), asked(2, subject="Slow"))
    assert found.subject == "Our answer to you takes longer than usual [#1] [#2]"
    assert (
        "hear from us by Monday, March 2, 2026, 4:00 PM (Central European Standard Time, UTC+1)."
        in (found.body)
    )
    assert "That is within 6 hours.\n" in found.body
    assert "help you: Bo,\nfrom Monday, March 2, 2026, 1:00 PM (Central" in found.body
    assert "- [#1] Down\n- [#2] Slow\n" in found.body
    assert found.body.startswith("Hello Eve,\n")
    assert found.body.endswith("\nExample\n")
    assert "$" not in found.body
    assert (found.expect_by, [turn.login for turn in found.arrivals]) == (THREE, ["bo", "cy"])


@pytest.mark.parametrize("safe", [NOON, NOON - MINUTE])
def test_nobody_is_named_who_arrives_no_sooner_than_they_hear(safe: datetime) -> None:
    found = notice(asked(), safe=safe)
    assert found.arrivals == ()
    assert found.expect_by == safe
    assert "Those of our team who will help you are here already." in found.body
    assert "Bo" not in found.body


def test_where_the_roster_does_not_reach_no_time_is_named_and_only_who_arrives_next() -> None:
    found = notice(asked(), safe=None)
    assert (found.expect_by, [turn.login for turn in found.arrivals]) == (None, ["bo"])
    assert "cannot say yet by when" in found.body
    assert "to help you: Bo,\nfrom Monday, March 2, 2026, 1:00 PM" in found.body
    alone = notice(
        asked(),
        safe=None,
        roster=TEAM.with_time_off([off("bo", MONDAY, None), off("cy", MONDAY, None)]),
    )
    assert alone.nobody_is_known_to_come
    assert "arrives" not in alone.body


def test_of_several_tickets_the_last_to_be_safe_is_promised() -> None:
    queue = [asked(1), asked(2)]
    soon, late = AnswerForecast(NOON, NOON), AnswerForecast(NOON + HOUR, THREE)

    def expect_by(*forecasts: AnswerForecast) -> datetime | None:
        (found,) = notices_due(
            handbook(), TEAM, MONDAY, mode=Mode.HARD_CHOICES, queue=queue, promises=(),
            forecasts=dict(enumerate(forecasts, 1)),
        )  # fmt: skip
        return found.expect_by

    assert expect_by(soon, late) == THREE
    assert expect_by(late, AnswerForecast(None, None)) is None


@pytest.mark.parametrize(
    ("language", "words", "greeting"),
    [
        ("de", "de", "Guten Tag Eve,"),
        ("de-AT", "de", "Guten Tag Eve,"),
        ("den", "", "Hello Eve,"),
        ("fr", "", "Hello Eve,"),
        (None, "", "Hello Eve,"),
    ],
)
def test_who_writes_in_a_language_is_told_in_it(
    language: str | None, words: str, greeting: str
) -> None:
    found = notice(asked(language=language))
    assert (found.language, found.locale) == (words, words or "en")
    assert found.body.startswith(greeting)
    if words:
        assert (
            "bis Montag, 2. März 2026, 16:00 (Mitteleuropäische Normalzeit, UTC+1)." in found.body
        )


def test_a_language_with_one_body_says_what_is_known() -> None:
    book = load_rulebook(JAPANESE, "ours.toml")
    taro = Requester(name="山田 太郎", timezone="Asia/Tokyo")
    at_three = "2026年3月3日火曜日 0:00 (日本標準時, UTC+9)"
    told = notice(asked(1, taro, language="ja", subject="請求書"), book=book)
    assert told.subject == "Re: 請求書 [#1]"
    assert told.body == (
        f"山田 太郎 様\n\n{at_three} までに。\n\n"
        "Bo が 2026年3月2日月曜日 21:00 (日本標準時, UTC+9) に参ります。\n\n- [#1] 請求書\n"
    )
    present = notice(asked(1, taro, language="ja"), book=book, safe=NOON)
    assert "参ります" not in present.body
    assert present.expect_by == NOON
    unknown = notice(asked(1, taro, language="ja"), book=book, safe=None)
    assert "までに" not in unknown.body
    assert "参ります" in unknown.body


def test_whose_zone_is_not_known_is_told_by_the_policys_and_it_is_named() -> None:
    for zone in (None, "Mars/Olympus"):
        found = notice(asked(1, Requester(name="Eve", timezone=zone)))
        assert found.zone == "America/Los_Angeles"
        assert "7:00 AM (Pacific Standard Time, UTC-8)" in found.body


def test_customer_requester_and_company() -> None:
    book = load_rulebook(
        '[waits]\ncompany = "Us"\nbody = "$customer|$requester|$company|$references|$expect_in"',
        "ours.toml",
    )
    assert notice(asked(), book=book).body == "Acme|Eve|Us|[#1]|6 hours\n"
    assert notice(asked(1, None), book=book).body.startswith("Acme|Acme|")


def test_a_body_that_names_no_time_promises_none_and_greets_german_customers_too() -> None:
    book = load_rulebook('[waits]\nbody = "Hello $customer: $arrivals"', "ours.toml")
    found = notice(asked(language="de"), book=book)
    assert (found.body, found.expect_by, found.language) == ("Hello Acme: Bo\n", None, "")


def test_what_a_customer_wrote_is_no_template_and_no_second_line_of_the_subject() -> None:
    book = load_rulebook('[waits]\nsubject = "$requester, $arrive_at"', "ours.toml")
    eve = Requester(name="$tickets\nBcc: x@y")
    found = notice(asked(1, eve, subject="$customer $$\n{0} %s"), book=book)
    assert found.subject.startswith("$tickets Bcc: x@y, Monday, March 2, 2026, 4:00 AM (")
    assert found.subject.endswith(") [#1]")
    assert "- [#1] $customer $$ {0} %s\n" in found.body
    assert notice(asked(1, eve, subject="Down"), book=book, safe=NOON).subject == "Re: Down [#1]"


def test_a_subject_names_few_and_the_text_all() -> None:
    found = notice(*(asked(number) for number in range(1, 8)))
    assert found.subject.endswith("usual [#1] [#2] [#3] [#4] [#5] …")
    assert "[#7]" in found.body


@pytest.mark.parametrize(("together", "said"), [(1, "P0"), (2, "P0 and P1"), (6, "P0, P1, and P2")])
def test_those_who_arrive_together_are_named(together: int, said: str) -> None:
    team = [member(f"p{number}", "Mon-Fri 12:00-20:00") for number in range(together)]
    found = notice(asked(), roster=Roster((*team, member("z", "Mon-Fri 13:00-20:00"))))
    assert f"help you: {said},\n" in found.body
    assert len(found.arrivals) == min(3, together + 1)


def test_a_ticket_of_a_help_desk_is_called_as_it_calls_it() -> None:
    def entry(name: str, kind: str, **settings: object) -> ConnectionEntry:
        return ConnectionEntry(name=name, kind=kind, address="x", settings=settings)

    forms = reference_forms(
        [
            entry("rt", "request_tracker", reference="[desk.example #$id]"),
            entry("bare", "request_tracker"),
            entry("zen", "zendesk"),
        ]
    )
    named = [("rt", "[desk.example #12]"), ("bare", "[#3]"), ("zen", "[#12]"), ("file", "[#3]")]
    for source, reference in named:
        assert reference_of(ticket(3, source=source, external_id="12"), forms) == reference


def test_an_address_that_failed_for_good_is_told_and_not_drafted_to() -> None:
    zoe = Requester(name="Zoe", email="zoe@example.com")
    queue: Sequence[Ticket] = [asked(1), asked(2, zoe)]
    rest = {
        "mode": Mode.HARD_CHOICES, "queue": queue, "forecasts": {}, "promises": (),
        "failed": {"eve@example.com"},
    }  # fmt: skip
    drafts = notices_due(handbook(), TEAM, MONDAY, **rest)  # type: ignore[arg-type] # one table
    assert [draft.requester for draft in drafts] == [zoe]
    (gone,) = unreachable_due(TEAM, MONDAY, **rest)  # type: ignore[arg-type] # as above
    assert (gone.requester, gone.tickets) == (EVE, (queue[0],))


@pytest.mark.parametrize(
    ("length", "locale", "words"),
    [
        (timedelta(0), "en", "1 minute"),
        (timedelta(seconds=61), "en", "2 minutes"),
        (timedelta(hours=2, minutes=10), "de", "2 Stunden 10 Minuten"),
        (timedelta(days=1, minutes=5), "en", "1 day"),
        (timedelta(days=3, hours=1, minutes=5), "ja", "3 日 1 時間"),
    ],
)
def test_a_span_in_words_for_customers(length: timedelta, locale: str, words: str) -> None:
    assert span_in_words(length, locale) == words


def test_a_zone_without_a_name_is_said_by_how_far_it_is() -> None:
    said = time_in_full(NOON, zone_named("Etc/GMT-3"), "en")
    assert said == "Monday, March 2, 2026, 3:00 PM (UTC+3)"
    assert time_in_full(NOON, zone_named("Asia/Kathmandu"), "de").endswith(", UTC+5:45)")
    assert [is_locale(each) for each in ("de", "pt-BR", "en_GB", "xx", "", "../de")] == [
        *(True, True, True),
        *(False, False, False),
    ]

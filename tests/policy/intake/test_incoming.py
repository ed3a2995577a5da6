"""One ticket from outside: what is taken, what is made of it, and how each refusal is worded."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.intake.incoming import FIELDS, REQUIRED_FIELDS, incoming_ticket, misspelt_field
from policy.refusal import Refusal
from policy.words import OpenedBy, Status
from tests.connections.files_of_tickets import fields
from tests.examples import WORDS

A_TIME = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)


def refusal(**changed: object) -> str:
    with pytest.raises(Refusal) as refused:
        incoming_ticket(fields(**changed), WORDS)
    return refused.value.reason


def test_a_line_with_the_required_fields_is_a_new_ticket_of_a_customer() -> None:
    ticket = incoming_ticket(fields(7), WORDS)
    assert ticket.source == "import"
    assert ticket.external_id == "7"
    assert (ticket.tier, ticket.severity) == ("team", 2)
    assert ticket.opened_by is OpenedBy.CUSTOMER
    assert ticket.status is None
    assert ticket.starting_status is Status.NEW
    assert ticket.tags == ()


def test_the_required_fields_are_the_design_pages() -> None:
    assert REQUIRED_FIELDS == (
        "external_id",
        "subject",
        "customer",
        "tier",
        "severity",
        "received_at",
    )
    assert set(REQUIRED_FIELDS) < set(FIELDS)


def test_without_status_a_ticket_that_was_answered_is_open() -> None:
    answered = incoming_ticket(fields(first_response_at="2026-03-02T10:00:00Z"), WORDS)
    assert answered.starting_status is Status.OPEN
    as_given = incoming_ticket(
        fields(first_response_at="2026-03-02T10:00:00Z", status="new"), WORDS
    )
    assert as_given.starting_status is Status.NEW


@pytest.mark.parametrize("written", [2, "2", " 2 "])
def test_a_severity_is_a_number_or_its_digit(written: object) -> None:
    assert incoming_ticket(fields(severity=written), WORDS).severity == 2


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-06T22:00:00Z",
        "2026-03-06T22:00:00+00:00",
        "2026-03-06 22:00",
        " 2026-03-06T22:00 ",
        "2026-03-06T14:00:00-08:00",
        "20260306T220000Z",
        A_TIME,
        A_TIME.replace(tzinfo=None),
        A_TIME.astimezone(timezone(timedelta(hours=9))),
    ],
)
def test_times_come_out_in_utc_and_without_a_zone_are_utc(written: object) -> None:
    received_at = incoming_ticket(fields(received_at=written), WORDS).received_at
    assert received_at == A_TIME
    assert received_at.utcoffset() == timedelta(0)


def test_a_date_is_its_midnight_in_utc() -> None:
    received_at = incoming_ticket(fields(received_at="2026-03-06"), WORDS).received_at
    assert received_at == datetime(2026, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        (["b", "a", "b", " "], ("b", "a")),
        ("Technical issue", ("Technical issue",)),
        ("b;a;b", ("b", "a")),
        ("needs reply, vip,", ("needs reply", "vip")),
        ("", ()),
        (None, ()),
        ([], ()),
    ],
)
def test_tags_keep_their_order_and_come_once(written: object, tags: tuple[str, ...]) -> None:
    assert incoming_ticket(fields(tags=written), WORDS).tags == tags


@pytest.mark.parametrize(
    "name", ["requester_name", "requester_email", "requester_timezone", "assignee", "url"]
)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_optional_field_is_none(name: str, empty: object) -> None:
    assert getattr(incoming_ticket(fields(**{name: empty}), WORDS), name) is None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Ada Li <ada@acme.example>", "ada@acme.example"),
        ('"Li, Ada" <ada@acme.example>', "ada@acme.example"),
        ("<ada@acme.example>", "ada@acme.example"),
    ],
)
def test_an_address_may_stand_behind_its_name(written: str, address: str) -> None:
    assert incoming_ticket(fields(requester_email=written), WORDS).requester_email == address


@pytest.mark.parametrize("written", ["On Hold", "on-hold", "ON_HOLD", " on_hold "])
def test_a_status_is_known_by_case_hyphens_and_spaces_alike(written: str) -> None:
    assert incoming_ticket(fields(status=written), WORDS).status == "on_hold"


@pytest.mark.parametrize("written", ["2026-03-06 22:00:00 UTC", "2026-03-06T22:00 GMT"])
def test_a_time_may_name_utc_in_words(written: str) -> None:
    assert incoming_ticket(fields(received_at=written), WORDS).received_at == A_TIME


def test_optional_fields_of_no_use_are_left_out_where_that_is_told() -> None:
    warnings: list[str] = []
    told = fields(requester_email="nobody", url="a b", body="x" * 1_000_001)
    ticket = incoming_ticket(told, WORDS, warnings=warnings)
    assert sorted(line.split(":")[0] for line in warnings) == [
        "body cut",
        "requester_email left out",
        "url left out",
    ]
    assert (ticket.requester_email, len(ticket.body)) == (None, 1_000_000)
    assert ticket.spoken == {*fields(), "body"}


def test_texts_lose_surrounding_white_space_and_lines_their_breaks() -> None:
    ticket = incoming_ticket(
        fields(subject=" Down \r\n again\u2028now ", customer="\tAcme\n", body=" a\nb "), WORDS
    )
    assert ticket.subject == "Down again now"
    assert ticket.customer == "Acme"
    assert ticket.body == "a\nb"


def test_escapes_markup_and_formulas_are_stored_as_they_are() -> None:
    subject = "\x1b[2J[/] [URGENT] =HYPERLINK() \u202eabc"
    assert incoming_ticket(fields(subject=subject), WORDS).subject == subject


def test_a_number_may_be_an_external_id() -> None:
    assert incoming_ticket(fields(external_id=4127), WORDS).external_id == "4127"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"severity": 9}, "severity: 9; expected 0, 1, 2 or 3"),
        ({"severity": -1}, "severity: -1; expected 0, 1, 2 or 3"),
        ({"severity": True}, "severity: true; expected 0, 1, 2 or 3"),
        ({"severity": 2.0}, "severity: 2.0; expected 0, 1, 2 or 3"),
        ({"severity": "high"}, 'severity: "high"; expected 0, 1, 2 or 3'),
        ({"severity": None}, "severity: null; expected 0, 1, 2 or 3"),
        (
            {"severity": 10**5000},
            "severity: a number of more than seventy digits; expected 0, 1, 2 or 3",
        ),
        (
            {"tier": "gold"},
            'tier: "gold"; expected presales, enterprise, team, free, open_source or internal',
        ),
        (
            {"tier": ["team"]},
            "tier: a list; expected presales, enterprise, team, free, open_source or internal",
        ),
        (
            {"status": "waiting"},
            'status: "waiting"; expected new, open, pending, on_hold, solved or closed',
        ),
        (
            {"opened_by": "sales"},
            'opened_by: "sales"; expected customer, ce, support or engineering',
        ),
        (
            {"received_at": "31/02/2026"},
            'received_at: "31/02/2026"; expected an ISO 8601 time such as 2026-03-06T22:00:00Z',
        ),
        (
            {"received_at": 1772834400},
            "received_at: 1772834400; expected an ISO 8601 time such as 2026-03-06T22:00:00Z",
        ),
        (
            {"received_at": "1969-12-31T23:59:59Z"},
            'received_at: "1969-12-31T23:59:59Z"; expected a year from 1970 to 9000',
        ),
        (
            {"received_at": "1970-01-01T00:00:00+01:00"},
            'received_at: "1970-01-01T00:00:00+01:00"; expected a year from 1970 to 9000',
        ),
        (
            {"received_at": "0001-01-01T00:00:00+14:00"},
            'received_at: "0001-01-01T00:00:00+14:00"; expected a year from 1970 to 9000',
        ),
        (
            {"first_response_at": "2026-03-02T08:59:59Z"},
            'first_response_at: "2026-03-02T08:59:59Z"; '
            "expected a time not before received_at, 2026-03-02T09:00:00Z",
        ),
        ({"subject": ...}, "subject: missing"),
        ({"subject": ..., "tier": ...}, "subject, tier: missing"),
        ({"subject": ..., "severity": 9}, "subject: missing (also wrong: severity)"),
        ({"subject": " \n "}, "subject: empty"),
        ({"subject": None}, "subject: null; expected text"),
        ({"subject": 5}, "subject: 5; expected text"),
        ({"subject": {"a": 1}}, "subject: an object; expected text"),
        ({"subject": "a" * 10_485_760}, "subject: 10,485,760 characters; at most 1,000"),
        ({"subject": "a\0b"}, 'subject: "a\\x00b"; expected text without NUL characters'),
        (
            {"subject": "a\ud800b"},
            'subject: "a\\ud800b"; expected Unicode text without unpaired surrogates',
        ),
        ({"body": "a" * 1_000_001}, "body: 1,000,001 characters; at most 1,000,000"),
        ({"body": False}, "body: false; expected text"),
        ({"customer": "a" * 201}, "customer: 201 characters; at most 200"),
        ({"external_id": ""}, "external_id: empty"),
        ({"external_id": 1.5}, "external_id: 1.5; expected text"),
        ({"external_id": True}, "external_id: true; expected text"),
        ({"source": ""}, "source: empty"),
        (
            {"source": "a:b"},
            'source: "a:b"; expected a word without colon and white space, such as zendesk',
        ),
        (
            {"source": "a b"},
            'source: "a b"; expected a word without colon and white space, such as zendesk',
        ),
        ({"assignee": "Mo B"}, 'assignee: "Mo B"; expected a login without white space'),
        ({"assignee": "a" * 65}, "assignee: 65 characters; at most 64"),
        (
            {"requester_email": "ada"},
            'requester_email: "ada"; expected an address such as ada@example.com',
        ),
        (
            {"requester_email": "a@b@c"},
            'requester_email: "a@b@c"; expected an address such as ada@example.com',
        ),
        (
            {"requester_email": "a@b\r\nBcc: c@d"},
            'requester_email: "a@b\\r\\nBcc: c@d"; expected an address such as ada@example.com',
        ),
        (
            {"requester_timezone": "Mars/Base"},
            'requester_timezone: "Mars/Base"; expected a time zone such as Europe/Berlin or UTC',
        ),
        (
            {"requester_timezone": "../../etc/passwd"},
            'requester_timezone: "../../etc/passwd"; '
            "expected a time zone such as Europe/Berlin or UTC",
        ),
        (
            {"url": "javascript:alert(1)"},
            'url: "javascript:alert(1)"; expected an address that starts with http:// or https://',
        ),
        (
            {"url": "https://"},
            'url: "https://"; expected an address that starts with http:// or https://',
        ),
        ({"url": "https://a/" + "b" * 2000}, "url: 2,010 characters; at most 2,000"),
        ({"tags": 5}, "tags: 5; expected a list of words, or words separated by commas"),
        ({"tags": ["a", 5]}, "tags: 5; expected text"),
        ({"tags": [str(n) for n in range(101)]}, "tags: 101 tags; at most 100"),
        (
            {"received_at": ..., "recieved_at": "2026-03-02"},
            "recieved_at: unknown field; did you mean received_at?",
        ),
        ({"subject": ..., "Subject": "a"}, "Subject: unknown field; did you mean subject?"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(changed: dict[str, object], reason: str) -> None:
    assert refusal(**changed) == reason


def test_unknown_fields_are_ignored_as_real_exports_have_many() -> None:
    ticket = incoming_ticket(fields(customer_id=5, priority="high", subjects=["kept apart"]), WORDS)
    assert ticket == incoming_ticket(fields(), WORDS)


def test_a_field_that_is_there_is_not_what_a_similar_one_meant() -> None:
    assert misspelt_field("recieved_at", ["subject"], WORDS) == "received_at"
    assert misspelt_field("recieved_at", ["received_at"], WORDS) is None
    assert misspelt_field("customer_id", [], WORDS) is None
    assert misspelt_field("x" * 10_000_000, [], WORDS) is None


def test_a_ticket_is_immutable() -> None:
    with pytest.raises(ValidationError):
        incoming_ticket(fields(), WORDS).subject = "Another"  # type: ignore[misc] # what mypy sees too


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), _JSON))
def test_whatever_comes_is_a_ticket_or_a_refusal_of_one_short_printable_line(
    changed: dict[str, object],
) -> None:
    reason = _reason_or_nothing(fields() | changed)
    assert reason.isprintable()
    assert len(reason) < 500


def _reason_or_nothing(given_fields: dict[str, object]) -> str:
    try:
        incoming_ticket(given_fields, WORDS)
    except Refusal as refused:
        return refused.reason
    return ""


def test_what_was_not_given_and_what_only_stands_in_is_not_spoken_of() -> None:
    given_empty = incoming_ticket(fields(assignee=None), WORDS)
    assert given_empty.spoken == {*fields(), "assignee"}
    with_a_stand_in = incoming_ticket(fields(), WORDS, stand_ins=frozenset({"customer"}))
    assert with_a_stand_in.spoken == fields().keys() - {"customer"}


def test_a_field_that_hangs_on_another_one_than_before_is_spoken_of() -> None:
    told = incoming_ticket(
        fields(),
        WORDS,
        stand_ins=frozenset({"customer"}),
        references={"customer": "organizations 2", "requester_email": "users 5"},
    )
    assert told.after({}) == told
    assert told.after({"customer": "organizations 2", "requester_email": "users 5"}) == told
    moved = told.after({"customer": "organizations 1", "requester_email": "users 5"})
    assert moved.spoken == told.spoken | {"customer"}
    nobody = told.after({"customer": "organizations 2", "requester_email": ""})
    assert nobody.spoken == told.spoken | {"requester_email"}
    assert nobody.requester_email is None

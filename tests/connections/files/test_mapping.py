"""Mappings: what they make of a record, and how each mistake in one is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connections.files.mapping_files import load_mapping, mapping_from, shipped_mappings
from policy.intake.incoming import FIELDS, incoming_ticket
from policy.refusal import Refusal
from tests.examples import WORDS

GOOD = """
source = "desk"
[columns]
external_id = "Key"
subject = "Summary"
customer = ["Account", "Person"]
tier = "Plan"
severity = "Level"
received_at = "Opened"
[values.severity]
"Sev *" = "*"
none = 3
[values.tier]
"Gold" = "enterprise"
"*" = "free"
"""
RECORD = {
    "Key": 7,
    "Summary": " Down ",
    "Account": "",
    "Person": "Ada",
    "Plan": "Gold",
    "Level": "Sev 1",
    "Opened": "2026-03-02 09:00",
}


def fields(toml: str = "", record: dict[str, object] | None = None) -> dict[str, object]:
    return mapping_from(GOOD + toml, "my.toml", WORDS).told(RECORD | (record or {})).fields


def refusal(toml: str) -> str:
    with pytest.raises(Refusal) as refused:
        mapping_from(toml, "my.toml", WORDS)
    return refused.value.reason


def test_columns_values_and_the_source_become_a_ticket() -> None:
    ticket = incoming_ticket(fields(), WORDS)
    assert (ticket.source, ticket.external_id, ticket.subject) == ("desk", "7", "Down")
    assert (ticket.customer, ticket.tier, ticket.severity) == (
        "Ada",
        "enterprise",
        1,
    )
    assert ticket.received_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_the_rest_is_taken_by_a_star() -> None:
    assert fields(record={"Plan": "Silver"})["tier"] == "free"
    assert fields(record={"Plan": True})["tier"] == "free"


def test_a_value_without_a_translation_is_named_with_the_known_ones() -> None:
    with pytest.raises(Refusal) as refused:
        fields(record={"Level": "Blocker\x1b[2J"})
    assert refused.value.reason == (
        'severity: "Blocker\\x1b[2J" has no translation; known are "Sev *", "none"'
    )


def test_a_required_field_without_a_value_says_where_it_was_looked_for() -> None:
    with pytest.raises(Refusal, match=r"^customer: missing; looked in Account or Person$"):
        fields(record={"Person": " "})


def test_constants_fill_in_what_columns_leave_out() -> None:
    constants = '[constants]\ncustomer = "Unknown"\ntags = ["vip"]\n'
    assert fields(constants)["customer"] == "Ada"
    without = fields(constants, {"Person": None})
    assert (without["customer"], without["tags"]) == ("Unknown", ["vip"])


@pytest.mark.parametrize(
    ("record", "subject"),
    [
        ({"a": "1", "b": "2", "c": "3"}, "<1 · 2 / 3>"),
        ({"a": "1", "b": "?", "c": "3"}, "<1 / 3>"),
        ({"a": "?", "b": "2", "c": "?"}, "<2>"),
        ({"a": "?", "b": "?", "c": 3}, "<3>"),
        ({"a": "?"}, None),
    ],
)
def test_a_template_leaves_out_the_text_beside_what_is_missing(
    record: dict[str, object], subject: str | None
) -> None:
    toml = GOOD.replace('"Summary"', '"<{a} · {b} / {c}>"') + '[missing]\nvalues = ["?"]\n'
    toml += '[constants]\nsubject = "none"\n'
    result = mapping_from(toml, "my.toml", WORDS).told(RECORD | record).fields
    assert result["subject"] == (subject or "none")


def test_paths_and_custom_fields_are_found_in_objects() -> None:
    toml = GOOD.replace('"Plan"', '["custom_field: 36", "org.plan.name"]').replace(
        "[values.tier]", "[values.assignee]\n[values.tier]\n42 = 'team'"
    )
    toml = toml.replace('external_id = "Key"', 'external_id = "Key"\nassignee = "x"')
    mapping = mapping_from(toml, "my.toml", WORDS)
    custom = {"custom_fields": [5, {"id": 35, "value": 1}, {"id": 36, "value": 42}]}
    assert mapping.told(RECORD | custom).fields["tier"] == "team"
    assert mapping.told(RECORD | {"org": {"plan": {"name": "Gold"}}}).fields["tier"] == "enterprise"
    assert mapping.told(RECORD | {"org.plan.name": "Gold"}).fields["tier"] == "enterprise"


def test_a_list_translates_by_the_first_item_that_is_known_by_name() -> None:
    assert fields(record={"Plan": ["vip", "Gold"]})["tier"] == "enterprise"
    with pytest.raises(Refusal, match=r"^tier: missing; looked in Plan$"):
        fields(record={"Plan": ["vip", "new"]})


def test_stars_on_the_right_are_what_stars_on_the_left_stood_for() -> None:
    toml = GOOD + '[values.url]\n"*/api/*.json" = "*/agent/*"\n"*" = "*"\n'
    toml = toml.replace("[columns]", '[columns]\nurl = "link"')
    mapping = mapping_from(toml, "my.toml", WORDS)
    for link, url in (
        ("https://a/api/5.json", "https://a/agent/5"),
        ("https://a/b", "https://a/b"),
        ("https://a/" + "*" * 600, "https://a/" + "*" * 600),
    ):
        assert mapping.told(RECORD | {"link": link}).fields["url"] == url


def test_times_are_read_in_the_form_and_zone_that_the_mapping_names() -> None:
    dates = '[dates]\nformat = "%d/%m/%Y %H:%M"\ntimezone = "America/New_York"\n'
    result = incoming_ticket(fields(dates, {"Opened": "02/03/2026 09:00"}), WORDS)
    assert result.received_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        fields(dates, {"Opened": "31/02/2026 09:00"})
    assert refused.value.reason == (
        'received_at: "31/02/2026 09:00"; expected a time in the form %d/%m/%Y %H:%M'
    )


def test_without_a_form_times_are_iso_8601_in_the_zone_named() -> None:
    zone = '[dates]\ntimezone = "Asia/Tokyo"\n'
    assert incoming_ticket(fields(zone), WORDS).received_at == datetime(2026, 3, 2, tzinfo=UTC)
    zoned = fields(zone, {"Opened": "2026-03-02T09:00:00Z"})
    assert incoming_ticket(zoned, WORDS).received_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("", "my.toml: columns: expected this key, and it is missing"),
        ("source = ", "my.toml: expected TOML: Invalid value at line 1, column 10"),
        ("columns = 5", "my.toml: columns: expected a table, not 5"),
        (
            "[column]",
            "my.toml: columns: expected this key, and it is missing (and 1 more)",
        ),
        (
            GOOD.replace('"desk"', "5"),
            "my.toml: source: expected a text, not 5",
        ),
        (
            GOOD.replace('"desk"', '"my desk"'),
            'my.toml: source: "my desk"; expected a word without colon and white space, '
            "such as zendesk",
        ),
        (
            GOOD.replace("received_at", "recieved_at"),
            'my.toml: columns: "recieved_at" is no field of a ticket; did you mean received_at?',
        ),
        (
            GOOD.replace('tier = "Plan"\n', "").replace("[values.tier]", "[values.severity2]"),
            'my.toml: values: "severity2" is no field of a ticket; did you mean severity?',
        ),
        (
            GOOD.replace('"Summary"', "5"),
            "my.toml: columns.subject: expected a text, not 5",
        ),
        (
            GOOD.replace('"Summary"', "[]"),
            "my.toml: columns.subject: expected a text, not an empty list",
        ),
        (
            GOOD.replace('"Summary"', '" "'),
            'my.toml: columns.subject: " "; expected the name of a column',
        ),
        (
            GOOD.replace('"Summary"', '"{a"'),
            'my.toml: columns.subject: "{a"; expected every name in a pair of braces',
        ),
        (
            GOOD.replace('subject = "Summary"\n', ""),
            "my.toml: columns: subject is missing; expected a column or a constant for it",
        ),
        (
            GOOD.replace('"enterprise"', '"gold"'),
            'my.toml: values.tier."Gold": "gold"; '
            "expected presales, enterprise, team, free, open_source or internal",
        ),
        (
            GOOD.replace("none = 3", "none = true"),
            'my.toml: values.severity."none": true; expected 0, 1, 2 or 3',
        ),
        (
            GOOD.replace("none = 3", "none = 4"),
            'my.toml: values.severity."none": 4; expected 0, 1, 2 or 3',
        ),
        (
            GOOD + '[values.status]\na = "open"',
            "my.toml: values.status: nothing to translate; expected columns.status too",
        ),
        (
            GOOD + '[values.received_at]\na = "b"',
            "my.toml: values.received_at: received_at cannot be translated",
        ),
        (
            GOOD + '[constants]\nstatus = "waiting"',
            'my.toml: constants.status: "waiting"; '
            "expected new, open, pending, on_hold, solved or closed",
        ),
        (
            GOOD + '[dates]\nformat = "%Q"',
            "my.toml: dates.format: expected a form such as %d/%m/%Y %H:%M, "
            'or iso, unix, unix_ms or excel, not "%Q"',
        ),
        (
            GOOD + '[dates]\ntimezone = "Mars"',
            "my.toml: dates.timezone: expected a time zone such as Europe/Berlin or UTC, "
            'not "Mars"',
        ),
        (
            GOOD + '[missing]\nvalues = "?"',
            'my.toml: missing: expected a list of texts such as ["?", ""], not "?" for values',
        ),
        (
            GOOD + '[lines]\nkeep = "last"',
            "my.toml: lines.ticket: expected this key, and it is missing",
        ),
        (
            GOOD + '[lines]\nticket = "Key"\nkeep = "middle"',
            'my.toml: lines.keep: expected first, last or both, not "middle"',
        ),
        (
            GOOD + '[lines]\nticket = "Key"\nkeep = "last"\nsort = "n"',
            "my.toml: lines.sort: expected ticket, keep, order_by, first or last, not this key",
        ),
    ],
)
def test_a_wrong_mapping_names_file_key_value_and_expectation(toml: str, reason: str) -> None:
    assert refusal(toml) == reason


def test_the_shipped_mappings_are_found_by_name() -> None:
    assert shipped_mappings() == (
        "incident_event_log",
        "incident_event_log_first_and_last",
        "mailbox",
        "request_tracker",
        "zendesk",
    )
    for name in shipped_mappings():
        assert set(load_mapping(name, WORDS).columns) <= set(FIELDS)


def test_a_mapping_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert load_mapping(str(path), WORDS).source == "desk"


def test_a_mapping_that_is_no_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xff")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_000)
    for name, reason in (
        ("nowhere", 'no mapping "nowhere"; expected a TOML file, or incident_event_log, '),
        (str(tmp_path), "no mapping "),
        (str(path), f"{path}: expected a mapping in UTF-8"),
        (str(large), f"{large}: expected a mapping, and this is more than 1,048,576 bytes"),
    ):
        with pytest.raises(Refusal) as refused:
            load_mapping(name, WORDS)
        assert refused.value.reason.startswith(reason)

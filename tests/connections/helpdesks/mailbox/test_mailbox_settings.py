"""What a mailbox's connection is told, and the line that each wrong value is named with."""

from typing import Final

import pytest

from connections.files.columns import Aside
from connections.files.mapping_files import load_mapping
from connections.helpdesks.mailbox_settings import mailbox_settings
from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from tests.examples import WORDS


def test_an_address_is_enough() -> None:
    settings = mailbox_settings(
        {"name": "x", "kind": "mailbox", "address": "Help@Acme.example"}, "x"
    )
    assert (settings.imap.place, settings.imap.security) == ("imap.acme.example:993", "tls")
    assert (settings.smtp.place, settings.smtp.security) == ("smtp.acme.example:587", "starttls")
    assert settings.login == settings.smtp.username == "help@acme.example"
    assert settings.sender == settings.smtp.sender_name == "help@acme.example"


def test_what_is_said_goes_before_what_is_usual() -> None:
    settings = mailbox_settings(
        {
            "address": "help@acme.example",
            "username": "acme",
            "sender_name": "Acme Help",
            "imap": {"host": "mail.acme.example", "security": "starttls"},
            "smtp": {"host": "127.0.0.1", "security": "none", "login": False},
        },
        "x",
    )
    assert (settings.imap.place, settings.login) == ("mail.acme.example:143", "acme")
    assert (settings.smtp.place, settings.smtp.username) == ("127.0.0.1:25", None)
    assert settings.smtp.sender_name == "Acme Help"


WRONG: Final[tuple[tuple[dict[str, object], str], ...]] = (
    ({}, "desk: address: expected a mail address such as support@example.com, not nothing"),
    (
        {"address": "help"},
        'desk: address: expected a mail address such as ada@example.com, not "help"',
    ),
    (
        {"imap": {"host": "far.example", "security": "none"}},
        'desk: imap: security: expected "tls" or "starttls", for far.example is not this machine',
    ),
    ({"imap": {"host": "a b"}}, "desk: imap.host: expected the name of a host"),
    ({"imap": {"host": "x", "port": 0}}, "desk: imap.port: expected a port from 1 to 65535, not 0"),
    ({"imap": {"host": "x", "security": "ssl"}}, 'desk: imap.security: expected "tls", "starttls"'),
    ({"smtp": 3}, "desk: smtp: expected a table, not 3"),
    ({"since": "soon"}, 'desk: since: expected a day such as 2026-01-31, not "soon"'),
    (
        {"aliases": ["x"]},
        'desk: aliases entry 1: expected a mail address such as ada@example.com, not "x"',
    ),
    ({"foldr": "x"}, "desk: foldr: expected address, sender_name, aliases"),
    ({"password": "x"}, 'desk: password: expected by "numberone login", never in a file'),
)


@pytest.mark.parametrize(("wrong", "line"), WRONG)
def test_what_is_wrong_is_named_in_one_line(wrong: dict[str, object], line: str) -> None:
    table = {"address": "help@acme.example", **wrong} if wrong else {}
    with pytest.raises(Refusal) as refused:
        mailbox_settings(table, "desk")
    assert refused.value.reason.startswith(line)
    assert "\n" not in refused.value.reason


RECORD = {
    "id": "one@acme.example",
    "subject": "Down",
    "received_at": "2026-03-02T09:00:00+00:00",
    "customer": {
        "address": "ida@eu.acme.example",
        "name": "Ida Moe",
        "names": ["ida@eu.acme.example", "eu.acme.example", "acme.example"],
        "domain": "eu.acme.example",
    },
    "opened_by": "customer",
    "language": "de",
    "importance": "high",
    "sent_to": ["help@example.com"],
}


def test_a_first_mail_is_a_ticket() -> None:
    told = load_mapping("mailbox", WORDS).told(RECORD)
    ticket = incoming_ticket(told.fields, WORDS)
    assert (ticket.external_id, ticket.subject, ticket.customer) == (
        "one@acme.example",
        "Down",
        "eu.acme.example",
    )
    assert (ticket.tier, ticket.severity, ticket.language) == ("team", 2, "de")
    assert ticket.requester_email == "ida@eu.acme.example"


def test_a_thread_whose_first_mail_is_gone_changes_nothing_that_is_known() -> None:
    stand_ins = {
        name: value if name == "id" else Aside(value, spoken=False)
        for name, value in RECORD.items()
    }
    told = load_mapping("mailbox", WORDS).told(stand_ins)
    assert told.lacking is None
    assert told.fields["received_at"] is not None
    assert {"subject", "customer", "tier", "received_at"} <= told.stand_ins


def test_our_own_words_alone_make_no_new_ticket() -> None:
    told = load_mapping("mailbox", WORDS).told({"id": "one@acme.example"})
    assert told.lacking is not None

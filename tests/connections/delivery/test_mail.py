"""A notice becomes a mail in which the words of customers stay words."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import hypothesis
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connections.delivery.mail import Letter, MailSettings, mail_settings, message
from policy.refusal import Refusal
from tests.connections.mail_server import unflowed

UNHURRIED = hypothesis.settings(deadline=None)
SENDER: dict[str, object] = {
    "host": "mail.example.com",
    "sender_address": "support@example.com",
    "sender_name": "Example support",
}
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]
ANYTHING = st.text(st.characters(), max_size=300)
HOSTILE = st.lists(
    st.sampled_from(
        [
            *("\r\n", "\n", "\r", "\0", "\x0b", "\x85", "\u2028", "\t", " ", "\ud800"),
            *(",", ";", ":", '"', "\\", "(", ")", ".", "=?", "?=", "=?utf-8?q?=0A?="),
            *("Bcc: eve@example.com", "<eve@example.com>", "a" * 80, "山田　太郎", "🦀" * 30),
        ]
    ),
    max_size=12,
).map("".join)
WORDS = ANYTHING | HOSTILE


def settings(**more: object) -> MailSettings:
    return mail_settings(SENDER | more, "[mail]")


def letter(
    to_name: str = "Ada",
    subject: str = "When we can help you",
    body: str = "We are few.\n",
    *,
    to_address: str = "ada@customer.example",
    thread: tuple[str, ...] = (),
    message_id: str = "<notice-1@example.com>",
) -> Letter:
    return Letter(
        message_id=message_id,
        to_address=to_address,
        to_name=to_name,
        subject=subject,
        body=body,
        written_at=datetime(2026, 3, 6, 23, 30, tzinfo=timezone(timedelta(hours=1))),
        thread=thread,
    )


def decoded(raw: str) -> str:
    return str(make_header(decode_header(raw)))


def cleaned(words: str) -> str:
    """Say independently what is left of words on one line."""
    characters = [
        " " if ord(each) <= 32 or 127 <= ord(each) <= 159 or each in "\u2028\u2029" else each
        for each in words
    ]
    one_line = re.sub(" +", " ", "".join(characters)).strip()
    return re.sub("[\ud800-\udfff]", "\ufffd", one_line)


def header_lines(mail: EmailMessage) -> list[str]:
    head, _, _ = mail.as_bytes().partition(b"\r\n\r\n")
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    return head.decode("ascii").split("\r\n")


@UNHURRIED
@given(to_name=WORDS, subject=WORDS, body=WORDS, sender_name=WORDS)
@example("x" * 200, "x" * 500, "", "")
@example("a, b " * 30, "word " * 100, ".", '"')
def test_no_words_become_a_header(to_name: str, subject: str, body: str, sender_name: str) -> None:
    named = settings().model_copy(update={"sender_name": sender_name})
    mail = message(named, letter(to_name, subject, body))
    lines = header_lines(mail)
    assert all(len(line) <= 78 for line in lines)
    assert [line.partition(":")[0] for line in lines if line[0] != " "] == HEADERS
    read = message_from_bytes(mail.as_bytes())
    assert read.keys() == HEADERS
    for header, name, address in (
        ("To", to_name, "ada@customer.example"),
        ("From", sender_name, "support@example.com"),
    ):
        [(shown, reached)] = getaddresses([re.sub(r"\r\n", "", read[header])])
        assert reached == address
        assert decoded(shown) == cleaned(name)
    assert decoded(re.sub(r"\r\n", "", read["Subject"])) == cleaned(subject)


@UNHURRIED
@given(body=WORDS)
def test_a_body_arrives_as_it_was_written(body: str) -> None:
    mail = message(settings(), letter(body=body))
    wire = mail.as_bytes()
    assert wire.isascii()
    assert all(len(line) <= 78 for line in wire.split(b"\r\n"))
    assert b"\n" not in wire.replace(b"\r\n", b"")
    read = message_from_bytes(wire, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read.get_content_type() == "text/plain"
    assert "\0" not in read.get_content()
    written = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", re.sub("\r\n?", "\n", body))
    expected = written.encode("utf-8", "replace").decode().rstrip("\n") + "\n"
    shown = read.get_content().replace("\r\n", "\n")
    if read["Content-Type"].params.get("format") == "flowed":
        shown = unflowed(shown)
        lines = expected.split("\n")
        expected = "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)
    assert shown == expected


def test_long_lines_are_broken_where_words_end_and_flow() -> None:
    long = "You will hear from us by Monday, March 2, 2026, 4:30 PM (Pacific Standard Time, UTC-8)."
    mail = message(settings(), letter(body=f"Hello,\n\n{long}\n> quoted\n{'x' * 90} y\n-- \nWe"))
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["Content-Type"].params["format"] == "flowed"
    lines = read.get_content().replace("\r\n", "\n").split("\n")
    assert lines[2:4] == [long[:-13], long[-13:]]
    assert unflowed("\n".join(lines)) == f"Hello,\n\n{long}\n> quoted\n{'x' * 90} y\n-- \nWe\n"


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "O'Neil, Pat (ops)",
        "山田　太郎",
        "Ćwikła “Zosia” Żółć",
        "مريم",
        "علی‌رضا",
        "🦀",
    ],
)
def test_names_and_subjects_of_the_world_arrive(name: str) -> None:
    mail = message(settings(), letter(name, f"{name}: your tickets"))
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read["To"].addresses[0].display_name == name
    assert read["Subject"] == f"{name}: your tickets"


def test_what_else_it_says() -> None:
    mail = message(settings(), letter())
    assert mail["Date"] == "Fri, 06 Mar 2026 22:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None
    assert mail.get_content_charset() == "utf-8"


class TestThreads:
    def test_it_answers_the_customers_last_mail(self) -> None:
        mail = message(
            settings(), letter(thread=("<first@customer.example>", "<last@customer.example>"))
        )
        assert "In-Reply-To: <last@customer.example>" in header_lines(mail)
        assert mail["References"] == "<first@customer.example> <last@customer.example>"

    def test_long_message_ids_stay_whole(self) -> None:
        ids = tuple(f"<{number}{'x' * 120}@prod.outlook.example>" for number in range(3))
        lines = header_lines(message(settings(), letter(thread=ids)))
        assert f"In-Reply-To: {ids[-1]}" in lines
        assert [f"References: {ids[0]}", f" {ids[1]}", f" {ids[2]}"] == [
            line for line in lines if line.endswith(">") and ids[0][2:] in line
        ][1:]

    def test_a_long_thread_keeps_its_first_and_its_last_mails(self) -> None:
        ids = tuple(f"<{number}@customer.example>" for number in range(100))
        references = str(message(settings(), letter(thread=ids))["References"]).split()
        assert references == [ids[0], *ids[-19:]]

    @UNHURRIED
    @given(st.lists(WORDS, max_size=4).map(tuple))
    def test_what_is_no_message_id_is_left_out(self, thread: tuple[str, ...]) -> None:
        read = message_from_bytes(message(settings(), letter(thread=thread)).as_bytes())
        assert set(read.keys()) - {"In-Reply-To", "References"} == set(HEADERS)
        assert all(re.fullmatch("<[!-~]+>", each) for each in (read["References"] or "").split())

    @UNHURRIED
    @given(WORDS.filter(lambda words: not re.fullmatch("<[!-~]+@[!-~]+>", words)))
    def test_our_own_message_id_is_one(self, message_id: str) -> None:
        with pytest.raises(ValueError, match="no Message-ID"):
            message(settings(), letter(message_id=message_id))


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "reached"),
        [
            ("ada@customer.example", "ada@customer.example"),
            (" ada+tickets@Customer.Example ", "ada+tickets@Customer.Example"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@faß.example", "ada@xn--fa-hia.example"),
            ("o'neil!#$%&*/=?^_`{|}~@customer.example", "o'neil!#$%&*/=?^_`{|}~@customer.example"),
            ("a..b@docomo.example", "a..b@docomo.example"),
            ("root@localhost", "root@localhost"),
        ],
    )
    def test_they_are_reached(self, written: str, reached: str) -> None:
        mail = message(settings(), letter(to_address=written))
        assert mail["To"].addresses[0].addr_spec == reached
        assert f" <{reached}>" in header_lines(mail)

    @pytest.mark.parametrize(
        "written",
        [
            *("", "ada", "@customer.example", "ada@", "a@b@c.example", "a b@x", "<ada@x>"),
            *("ada@x,eve@y", "ada@x> RCPT TO:<eve@y", "ada@x\r\nBcc: eve@y", "ada@x..y"),
            *("ada@[127.0.0.1]", f"{'a' * 65}@x", f"a@{'x.' * 126}example"),
            *("ada@-\u2028.example", "ada@\u202eelpmaxe", "\u202eada@customer.example"),
        ],
    )
    def test_what_is_none_is_refused(self, written: str) -> None:
        with pytest.raises(Refusal, match=r"expected a mail address such as ada@example\.com, not"):
            message(settings(), letter(to_address=written))

    @UNHURRIED
    @given(WORDS, st.sampled_from(["@customer.example", "@", ""]))
    def test_an_address_is_refused_or_one_alone(self, local: str, domain: str) -> None:
        try:
            mail = message(settings(), letter(to_address=local + domain))
        except Refusal:
            return
        [address] = mail["To"].addresses
        assert not re.search(r"[\s<>,\x00-\x1f]", address.addr_spec)
        assert message_from_bytes(mail.as_bytes()).keys() == HEADERS


class TestSettings:
    def test_what_is_usual_need_not_be_said(self) -> None:
        usual = settings()
        assert (usual.port, usual.security, usual.timeout) == (587, "starttls", 30.0)
        assert settings(security="tls").port == 465
        assert settings(security="tls", port=2465).port == 2465
        assert usual.longest_attempt == timedelta(minutes=5)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "LOCALHOST."])
    def test_mail_in_the_open_stays_on_this_machine(self, host: str) -> None:
        assert settings(host=host, security="none").port == 25

    def test_a_host_in_other_letters(self) -> None:
        assert settings(host="bücher.example").place == "xn--bcher-kva.example:587"

    def test_an_address_with_colons_is_named_in_brackets(self) -> None:
        assert settings(host="::1").place == "[::1]:587"

    @pytest.mark.parametrize(
        ("table", "words"),
        [
            ({"security": "none"}, 'security: expected "starttls" or "tls", for mail.example.com'),
            ({"security": ["tls"]}, 'security: expected "starttls", "tls" or "none", not a list'),
            ({"port": "587"}, 'port: expected a port from 1 to 65535, not "587"'),
            ({"port": 0}, "port: expected a port from 1 to 65535, not 0"),
            ({"port": True}, "port: expected a port from 1 to 65535, not true"),
            ({"timeout": 0}, "timeout: expected seconds, more than 0 and at most 300, not 0"),
            ({"timeout": float("nan")}, "timeout: expected seconds, more than 0 and at most 300"),
            ({"timeout": "30s"}, "timeout: expected seconds, more than 0 and at most 300, not"),
            ({"host": "example.com/x"}, "host: expected the name of a host such as mail.example"),
            ({"host": "a..b"}, "host: expected the name of a host such as mail.example"),
            ({"host": f"{'a' * 64}.example"}, "host: expected the name of a host such as mail"),
            ({"host": "xn--zz"}, "host: expected the name of a host such as mail.example"),
            ({"host": "a\nb"}, "host: expected one line of text without control characters"),
            ({"sender_name": " "}, "sender_name: expected text in quotes that says something"),
            ({"sender_address": "support"}, "sender_address: expected a mail address such as"),
            ({"sender_address": "sü@example.com"}, "sender_address: expected a sender that every"),
            ({"ca_file": "/no/ca.pem"}, 'ca_file: expected a file of certificates, not "/no/ca'),
            ({"pasword": "hunter2"}, "pasword: expected host, port, security, username, sender"),
            ({"password": "hunter2"}, "password: expected in NUMBERONE_SMTP_PASSWORD or in the"),
        ],
    )
    def test_a_wrong_one_is_named(self, table: dict[str, object], words: str) -> None:
        with pytest.raises(Refusal) as refused:
            mail_settings(SENDER | table, "config.toml: [mail]")
        assert f"config.toml: [mail]: {words}" in refused.value.reason
        assert "hunter2" not in refused.value.reason
        assert refused.value.reason.isprintable()

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        with pytest.raises(Refusal) as refused:
            mail_settings({"port": 0}, "[mail]")
        assert refused.value.reason == (
            "[mail]: host: expected this key, and it is missing; port: expected a port from 1 to"
            " 65535, not 0; sender_address: expected this key, and it is missing; sender_name:"
            " expected this key, and it is missing"
        )

    def test_certificates_that_are_none(self, tmp_path: Path) -> None:
        broken = tmp_path / "ca.pem"
        broken.write_text("not a certificate")
        with pytest.raises(Refusal, match="ca_file: expected a file of certificates, not"):
            settings(ca_file=str(broken))


def test_the_date_is_utc_whatever_zone_it_was_written_in() -> None:
    assert message(settings(), letter())["Date"].datetime == datetime(
        2026, 3, 6, 22, 30, tzinfo=UTC
    )

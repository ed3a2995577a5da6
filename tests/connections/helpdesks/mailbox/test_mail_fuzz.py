"""Any bytes are a mail, and any mail a ticket that can be taken in."""

import re
from datetime import UTC, datetime
from typing import Final

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connections.files.mapping_files import load_mapping
from connections.helpdesks.mail_parts import file_content
from connections.helpdesks.mail_people import OurAddresses
from connections.helpdesks.mail_reading import Mail, StoredMail, bare_subject, parsed, read_mail
from connections.helpdesks.mail_threads import ticket_of
from connections.helpdesks.mail_tickets import message_read, place_of, ticket_read
from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from tests.connections.helpdesks.mailbox.mailboxes import DESK, MAILS, MEMBERS, kept_mail
from tests.examples import WORDS

OURS: Final = OurAddresses((DESK,), MEMBERS)
MAPPING: Final = load_mapping("mailbox", WORDS)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNREADABLE: Final = "This mail could not be read"

NAMES: Final = (
    "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
    "Return-Path", "Received", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
    "Content-Language", "Auto-Submitted", "Precedence", "List-Id", "List-Post", "X-Original-From",
    "Authentication-Results", "X-Failed-Recipients",
)  # fmt: skip
PIECES: Final = (
    b"ida@acme.example", b"<a@b.example>", b"support@example.com", b"luz@example.com", b"\xff\xfe",
    b"=?utf-8?q?=C3=BC?=", b"=?x-no?b?////?=", b"=?utf-8?b?A?=", b"(((", b'"', b"<", b">", b",",
    b";", b":", b"@", b"\\", b"\0", b"\x1b[2J", b"\r\n ", b"multipart/mixed; boundary=B",
    b"multipart/report; boundary=B", b"multipart/alternative; boundary=", b"text/html",
    b"text/plain; charset=idna", b"text/plain; charset=unicode_escape", b"message/rfc822",
    b"message/delivery-status", b"base64", b"quoted-printable", b"x-uuencode", b"format=flowed",
    b"filename*0*=utf-8''%ff", b"filename=../../etc/passwd", b"Mon, 2 Mar 2026 10:00:00 +0100",
    b"Mon, 32 Foo 99999 99:99:99 +9999", b"<support.example.com>", b"auto-replied", b"bulk", b"no",
    b"dmarc=fail", b"Fwd: ", b"Re: ", b"[n1-aaaaaaaaaa]", b"\xe2\x80\xae", b"0", b"\xc2\x85",
)  # fmt: skip
BODIES: Final = (
    b"--B\r\n", b"--B--\r\n", b"\r\n", b"Content-Type: text/html\r\n\r\n", b"<div>", b"</div>",
    b"<blockquote>", b"<a href='https://x.example'>", b"</a>", b"<!--", b"<script>", b"&#0;",
    b"From: Olga <olga@volga.example>\r\n", b"Sent: x\r\nTo: y\r\nSubject: z\r\n", b"> ",
    b"Content-Type: message/delivery-status\r\n\r\n", b"Action: failed\r\n",
    b"Final-Recipient: rfc822; x\r\n", b"Message-ID: <n1.a.b@example.com>\r\n", b"begin 644 x\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"\xff\x00\x1b", b"\xed\xa0\x80", b"=3D=\r\n", b"~~~~",
    b"Content-Type: multipart/mixed; boundary=B\r\n\r\n", b"Action: delayed\r\n\r\n",
)  # fmt: skip

values = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=5).map(b" ".join)
headers = st.lists(
    st.tuples(st.sampled_from(NAMES), values).map(lambda pair: pair[0].encode() + b": " + pair[1]),
    max_size=12,
).map(b"\r\n".join)
bodies = st.lists(st.sampled_from(BODIES) | st.binary(max_size=30), max_size=15).map(b"".join)
mails = st.tuples(headers, bodies).map(b"\r\n\r\n".join)


def read(content: bytes, *, sent: bool = False) -> Mail:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    stored = StoredMail(
        folder="INBOX", uidvalidity=1, uid=1, content=content, arrived_at=at, sent=sent
    )
    return read_mail(stored, OURS)


def check(content: bytes, *, sent: bool) -> None:
    mail = read(content, sent=sent)
    assert not mail.text.startswith(_UNREADABLE), "what the parsers stumble over is read, too"
    message = message_read(mail, OURS)
    for said in (message.text, message.author, message.name, message.external_id, mail.subject):
        assert not _CONTROL.search(said)
        said.encode()
    assert message.text.strip()
    assert 0 < len(message.external_id) <= 200
    assert message.at.tzinfo is UTC
    for file in message.attachments:
        assert file.name
        assert not re.search(r"[/\\\x00-\x1f]", file.name)
        number = place_of(file.reference)[-1]
        assert len(file_content(parsed(mail.stored), number) or b"") == file.size
    ticket = ticket_of(mail, {}, OURS, lambda _: None)
    if ticket is None:
        return
    told = ticket_read(ticket, mail, [mail], OURS, lambda _: None)
    assert told.record is not None
    fields = MAPPING.told(told.record)
    if fields.lacking is None:
        taken_in(fields.fields)


def taken_in(fields: dict[str, object]) -> None:
    """Have a ticket taken in; an address of no use is left out, as an import leaves it out."""
    try:
        incoming_ticket(fields, WORDS)
    except Refusal as refusal:
        if not refusal.reason.startswith("requester_email"):
            raise
        incoming_ticket({**fields, "requester_email": None}, WORDS)


@given(content=st.binary(max_size=2_000), sent=st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(content=b"", sent=False)
def test_any_bytes_are_a_mail(content: bytes, sent: bool) -> None:
    check(content, sent=sent)


@given(content=mails, sent=st.booleans())
@example(content=b"Content-Type: text/plain; charset=idna\r\n\r\n\x80", sent=False)
@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_headers_and_parts_are_a_mail(content: bytes, sent: bool) -> None:
    check(content, sent=sent)


@given(data=st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mail_that_was_damaged_on_its_way_is_a_mail(data: st.DataObject) -> None:
    content = kept_mail(data.draw(st.sampled_from(sorted(MAILS.glob("*.eml")))))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, max(0, len(content) - 1)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + data.draw(st.binary(max_size=10)) + content[end:]
    check(content, sent=False)


def test_what_no_parser_gets_through_stays_in_its_thread_and_says_so() -> None:
    head = b"From: ida@acme.example\r\nSubject: Re: x\r\nMessage-ID: <a@b.example>\r\n"
    part = b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n"
    parts = b"".join(part % (number, number) for number in range(1_500))
    mail = read(head + b"In-Reply-To: <root@b.example>\r\n" + parts)
    assert mail.text == "This mail could not be read. Look at it in the mailbox."
    assert (mail.id, mail.author.address) == ("a@b.example", "ida@acme.example")
    assert ticket_of(mail, {}, OURS, lambda _: None) == "root@b.example"


@given(subject=st.text())
def test_a_bare_subject_is_bare(subject: str) -> None:
    assert bare_subject(f"Re: {subject}") == bare_subject(subject)
    assert bare_subject(bare_subject(subject)) == bare_subject(subject)

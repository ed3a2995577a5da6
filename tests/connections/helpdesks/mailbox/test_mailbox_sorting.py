"""Mails of many programs, sorted into tickets as a person would sort them."""

import re
from datetime import UTC, datetime
from typing import Final

from connections.attempts import DeliveryOutcome
from connections.files.columns import Aside
from connections.helpdesks.help_desk import MessageRead
from connections.helpdesks.mail_people import OurAddresses
from connections.helpdesks.mail_reading import Mail, StoredMail, read_mail
from connections.helpdesks.mail_threads import mark_in
from policy.intake.conversation import MessageRole
from tests.connections.helpdesks.mailbox.mailboxes import (
    DESK,
    MAILS,
    MEMBERS,
    Heard,
    Post,
    answer,
    kept_mail,
    mail,
)

SORTED: Final = (
    (
        "ida@acme.example",
        "Pipelines stuck since this morning",
        "01c 02u 03c 04c 05c 06u 07i 08p 09p",
    ),
    ("joerg.weiss@halcyon.example", "Anmeldung schlägt fehl", "11c 12u 13c 14p 15p 16p"),
    ("helene@umoja.example", "Les factures n’arrivent plus", "18c 19u 20c 21p 22p"),
    ("hanako@sakura.example", "画面が開きません", "23c 24c"),
    ("anais@brightmoor.example", "Report of the audit", "25c"),
    ("petr@zbiroh.example", "Question about tokens", "26c"),
    ("vault@secret.example", "(sealed)", "27c"),
    ("olga@volga.example", "Refund?", "28c"),
    ("sven@granit.example", "Export is empty", "29c"),
    ("noor@delta.example", "for the desk", "30c"),
    ("chief@granit.example", "Fwd: Invoice of a third party", "31c"),
    ("mina@hanok.example", "Contact form: cannot sign up", "32p"),
    ("noreply@watch.granit.example", "[ALERT] api slow", "33p"),
    ("ana@porto.example", "Two bills for one month", "36c"),
    ("kofi@accra.example", "Out of disk", "38c"),
    ("fax@oldfactory.example", "", "39c"),
    ("zoe@latin.example", "Café menü is gone", "40c"),
    ("a@many.example", "=?utf-8?B?broken", "41c"),
    ("kim@hanok.example", "로그인 오류", "42c"),
    ("layla@nile.example", "لا يعمل", "43c"),
    ("ivan@volga.example", "Отчёт пуст", "44c"),
    ("mallory@evil.example", "hello Bcc: x@y.example ]0;owned", "45c"),
    ("old@exchange.example", "Meeting notes", "46c"),
    ("gita@mumbai.example", "Invitation: call about the outage", "47c"),
    ("scan@paper.example", "Scan", "48c"),
    ("support@example.com", "your wallet", "49o"),
    ("yuki@sakura.example", "Licence count", "50c"),
    ("pia@one.example", "We move to new servers", "52c"),
    ("q@two.example", "We move to new servers", "53c"),
    ("rosa@lima.example", "Your contract ends in May", "55c"),
    ("tove@fjord.example", "Slow search", "56c 57c"),
)
"""Customer, subject, and the mails by their files' numbers: c a customer's, u ours, i ours and
internal, p a program's, o nobody's whom we know."""

MACHINES: Final = ("MAILER-DAEMON", "servicedesk@", "noreply@", "news@", "some@one", "www@", DESK)

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OURS: Final = OurAddresses((DESK, "help@example.com"), MEMBERS)


def mails_by_id() -> dict[str, str]:
    """Return the numbers of the files by the ids of their mails; one that comes back has no own."""
    numbers: dict[str, str] = {}
    for file in sorted(MAILS.glob("*.eml")):
        numbers.setdefault(_read(kept_mail(file)).id, file.name[:2])
    return numbers


def _read(content: bytes) -> Mail:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    stored = StoredMail(folder="INBOX", uidvalidity=1, uid=1, content=content, arrived_at=at)
    return read_mail(stored, _OURS)


def sign(message: MessageRead) -> str:
    """Return whose word a message is, as one letter."""
    if message.role is MessageRole.US:
        return "u" if message.public else "i"
    return {"customer": "c", "program": "p", "other": "o"}[message.role]


def told(record: dict[str, object], name: str) -> object:
    """Return a field of a ticket, be it a stand-in."""
    value = record[name]
    return value.value if isinstance(value, Aside) else value


def sorted_out(heard: Heard) -> list[tuple[str, str, str]]:
    """Return what was told in the form of the table above."""
    numbers, found = mails_by_id(), []
    for ticket, messages in heard.messages.items():
        record = dict(heard.records[ticket])
        customer = told(record, "customer")
        assert isinstance(customer, dict)
        signs = sorted(f"{numbers[each.external_id]}{sign(each)}" for each in messages.values())
        found.append((customer["address"], str(told(record, "subject")), " ".join(signs)))
    return sorted(found)


def test_they_are_sorted_as_a_person_would(post: Post, heard: Heard) -> None:
    post.all_mails_come()
    heard.read()
    assert sorted_out(heard) == sorted(SORTED)


def test_they_are_sorted_alike_in_small_batches_and_after_a_new_start(post: Post) -> None:
    post.all_mails_come()
    cursor, seen = Heard(post.desk()).cursor, dict[str, dict[str, MessageRead]]()
    while True:
        desk = post.desk()
        reading = desk.changes(cursor, 3)
        desk.close()
        cursor = reading.cursor
        assert len(reading.tickets) <= 3
        for ticket in reading.tickets:
            seen.setdefault(ticket.external_id, {}).update(
                {each.external_id: each for each in ticket.messages}
            )
        if not reading.more:
            break
    numbers = mails_by_id()
    signs = [
        " ".join(sorted(f"{numbers[each.external_id]}{sign(each)}" for each in messages.values()))
        for messages in seen.values()
    ]
    assert sorted(signs) == sorted(row[2] for row in SORTED)


def test_what_came_back_is_named_and_what_is_late_or_read_is_not(post: Post, heard: Heard) -> None:
    post.all_mails_come()
    heard.read()
    # Of the answer in the first ticket only a copy came back; of the third it was the answer.
    ours = [each for each in heard.undelivered if mark_in(each) == "n1-5e11"]
    assert list(heard.undelivered) == ours
    assert heard.undelivered[ours[0]].startswith("not delivered: Hi. This is the mail program")


def test_nothing_answers_a_machine_and_answers_land_in_the_customers_thread(
    post: Post, heard: Heard
) -> None:
    post.all_mails_come()
    heard.read()
    refused = set()
    for ticket, messages in heard.messages.items():
        before = len(post.smtp.taken)
        delivery = heard.desk.write(answer(ticket))
        if delivery.outcome is not DeliveryOutcome.SENT:
            assert len(post.smtp.taken) == before
            refused.add((delivery.outcome, sorted(map(sign, messages.values()))[0]))
            continue
        sent = post.smtp.taken[-1]
        assert not sent.recipient.startswith(MACHINES), sent.recipient
        assert "Auto-Submitted" not in sent.message
        asked = {each.message_id for each in messages.values() if sign(each) in "cp"}
        assert sent.message["In-Reply-To"] in asked | {None}
        reply = mail(
            "Thank you.",
            From=f"<{sent.recipient.split(',')[0]}>",
            In_Reply_To=sent.message["Message-ID"],
            Message_ID=f"<thanks-{len(post.smtp.taken)}@their.example>",
        )
        told = heard.told
        post.comes(reply)
        heard.until(told + 2)  # our copy, and the reply
        assert "Thank you." in heard.texts(ticket)
    assert refused == {(DeliveryOutcome.PERMANENT, "p"), (DeliveryOutcome.PERMANENT, "o")}
    assert len(post.smtp.taken) == len(SORTED) - 2


def test_the_form_on_our_site_is_answered_to_whoever_filled_it_in(post: Post, heard: Heard) -> None:
    post.comes(kept_mail(next(MAILS.glob("32-*"))))
    heard.read()
    heard.desk.write(answer("form-32@www.example.com"))
    assert [each.recipient for each in post.smtp.taken] == ["mina@hanok.example"]


def test_nothing_from_outside_is_obeyed(post: Post, heard: Heard) -> None:
    post.all_mails_come()
    heard.read()
    shown = [
        part
        for messages in heard.messages.values()
        for each in messages.values()
        for part in (each.text, each.name, each.author, *(file.name for file in each.attachments))
    ]
    assert all(
        character.isprintable()
        or character in "\n\t"
        or character == "\u3000"
        or ord(character) > 0x2000
        for part in shown
        for character in part
    )
    assert not any("<script" in part or "javascript:" in part for part in shown)
    files = [
        file.name
        for messages in heard.messages.values()
        for each in messages.values()
        for file in each.attachments
    ]
    assert not any("/" in name or "\\" in name for name in files)
    assert {"anmeldung.log", "Prüfbericht.pdf", "scan.pdf", "winmail.dat"} <= set(files)

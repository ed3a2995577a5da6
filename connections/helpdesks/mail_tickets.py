"""Mails as the protocol of help desks knows them: tickets with fields, and messages."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from connections.delivery.mail_headers import message_ids
from connections.files.columns import Aside
from connections.helpdesks.help_desk import AttachmentRead, MessageRead, TicketRead
from connections.helpdesks.mail_forwards import unforwarded
from connections.helpdesks.mail_people import OurAddresses, Person
from connections.helpdesks.mail_programs import MailKind
from connections.helpdesks.mail_reading import Mail, StoredMail, bare_subject, mail_id
from connections.helpdesks.mail_threads import begins_a_ticket, mark_in, root_of
from policy.intake.conversation import MessageRole

_FREE: Final = frozenset((
    "126.com", "163.com", "aol.com", "bigpond.com", "btinternet.com", "comcast.net", "daum.net",
    "fastmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
    "gmx.net", "googlemail.com", "hanmail.net", "hotmail.co.uk", "hotmail.com", "hotmail.fr",
    "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.com", "mail.ru",
    "mailbox.org", "me.com", "msn.com", "naver.com", "o2.pl", "onet.pl", "orange.fr",
    "outlook.com", "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com", "seznam.cz",
    "t-online.de", "tutanota.com", "virgilio.it", "wanadoo.fr", "web.de", "wp.pl", "yahoo.co.jp",
    "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru", "ymail.com", "zoho.com",
))  # fmt: skip
"""Where anybody may have an address: there the domain says nothing of whose customer they are."""
_NOBODY: Final = "@invalid"

IN_DOUBT: Final = "\\Flagged"
"""How a copy of ours is marked among sent mail while nobody knows whether it went out."""
REMOVED: Final = "\\Deleted"
"""How a mail is marked that is about to be removed."""
_DRAFT: Final = "\\Draft"


def ticket_read(
    ticket: str,
    root: Mail | None,
    mails: Sequence[Mail],
    ours: OurAddresses,
    known: Callable[[str], Mail | None],
) -> TicketRead:
    """Return what mails of one ticket tell; ``root`` is the one it is named after, if known.

    ``known`` gives a mail by its id, where it has been seen.
    """
    ordered = sorted(mails, key=lambda mail: mail.at)
    messages = [message_read(mail, ours) for mail in ordered]
    return TicketRead(
        external_id=ticket,
        record=_record(ticket, root, ordered, ours),
        messages=tuple(messages),
        marks=frozenset(each.mark for each in messages if each.mark is not None),
        undelivered=_undelivered(ordered, ours, known),
    )


def message_read(mail: Mail, ours: OurAddresses) -> MessageRead:
    """Return a mail as a message.

    One of ours is public where it went to anybody who is not us.
    """
    is_ours = mail.is_ours and mail.kind is MailKind.PERSON
    reached = bool(ours.others(mail.people)) or not mail.people
    return MessageRead(
        external_id=mail.id,
        at=mail.at,
        role=_role(mail),
        public=reached if is_ours else True,
        author=mail.author.address,
        name=mail.author.name,
        text=_words(mail),
        attachments=tuple(
            AttachmentRead(
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                reference=_reference(mail.stored, mail.id, each.number),
            )
            for each in mail.files
        ),
        mark=mark_in(mail.id) if mail.is_ours else None,
        message_id=mail.message_id,
        answers=mail.answers,
        subject=mail.subject,
    )


def is_told(mail: Mail) -> bool:
    """Return whether a mail is anybody's word yet: a draft, or a copy in doubt, is none."""
    flags = mail.stored.flags
    if REMOVED in flags or _DRAFT in flags:
        return False
    return not (IN_DOUBT in flags and mail.stored.sent and mark_in(mail.id) is not None)


def _role(mail: Mail) -> MessageRole:
    if mail.kind is not MailKind.PERSON:
        return MessageRole.PROGRAM
    if mail.is_forged:
        return MessageRole.OTHER
    return MessageRole.US if mail.is_ours else MessageRole.CUSTOMER


def _words(mail: Mail) -> str:
    if mail.report is None or not mail.report.why:
        return mail.text
    return f"A mail of ours came back: {mail.report.why.rstrip('.')}.\n\n{mail.text}"


def came_back(mails: Iterable[Mail]) -> Mapping[str, str]:
    """Return which mails of ours reached nobody, as servers report, by their ids, and why."""
    return {
        mail_id(report.message_ids[0]): report.why
        for report in (mail.report for mail in mails if is_told(mail))
        if report is not None and report.why and report.message_ids
    }


def _undelivered(
    mails: Iterable[Mail], ours: OurAddresses, known: Callable[[str], Mail | None]
) -> Mapping[str, str]:
    """Return which mails of ours came back, by their ids, and why.

    One of which only a copy came back did reach whom it is for.
    """
    failed: dict[str, str] = {}
    for report in (mail.report for mail in mails if mail.report is not None):
        for reported in map(mail_id, report.message_ids[:1] if report.why else ()):
            mail = known(reported)
            others = [each.address for each in ours.others(mail.people)] if mail else []
            if not set(others[1:]).issuperset(report.recipients) or not report.recipients:
                failed[reported] = report.why
    return failed


def _record(
    ticket: str, root: Mail | None, mails: Sequence[Mail], ours: OurAddresses
) -> Mapping[str, object]:
    """Return a ticket's fields, for a mapping.

    Where its first mail is not there any more, what the first one that is there says only stands in
    for a ticket that is not known; and where none of these mails could begin one, nothing is said.
    """
    if root is not None and begins_a_ticket(root, ours) and root.id == root_of(ticket):
        return _fields(ticket, root, ours)
    opening = next((mail for mail in mails if _role(mail) in _ASKS), None)
    if opening is None:
        opening = next((mail for mail in mails if mail.kind is MailKind.NOTICE), None)
    if opening is None:
        return {"id": ticket}
    fields = _fields(ticket, opening, ours)
    return {
        name: value if name == "id" else Aside(value, spoken=False)
        for name, value in fields.items()
    }


_ASKS: Final = frozenset({MessageRole.CUSTOMER, MessageRole.OTHER})


def _fields(ticket: str, opening: Mail, ours: OurAddresses) -> dict[str, object]:
    asker = opening.answer_to if opening.kind is MailKind.NOTICE else opening.author
    sent_to = [each.address for each in opening.people if ours.is_desk(each.address)]
    return {
        "id": ticket,
        "subject": _subject(opening),
        "received_at": opening.at.isoformat(),
        "customer": _customer(asker),
        "opened_by": "us" if opening.is_ours else "customer",
        "language": opening.language,
        "importance": opening.importance,
        "message_id": next(iter(message_ids(opening.message_id or "")), None),
        "sent_to": sent_to,
    }


def _subject(opening: Mail) -> str:
    """Return what a ticket is about: a mail that one of us passed on is about what it was about."""
    passed_on = opening.by_member and not opening.is_ours
    return bare_subject(unforwarded(opening.subject) if passed_on else opening.subject)


def _customer(person: Person) -> dict[str, object]:
    if person.address.endswith(_NOBODY):
        return {"name": person.name}
    domain = {} if person.domain in _FREE else {"domain": person.domain}
    return {
        "address": person.address,
        "name": person.name or person.address,
        "names": [person.address, *_domains(person.domain)],
        **domain,
    }


def _domains(domain: str) -> list[str]:
    """Return a domain and those above it, the nearest first, without the last part alone."""
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(max(1, min(len(parts) - 1, 10)))]


def _reference(stored: StoredMail, mail_id: str, number: int) -> str:
    """Return what an attachment is found by: where the mail lies, and which one it is."""
    place = [stored.folder, stored.uidvalidity, stored.uid, mail_id, number]
    return json.dumps(place, separators=(",", ":"))


def place_of(reference: str) -> tuple[str, int, int, str, int]:
    """Return folder, UIDVALIDITY, UID, the mail's id and the part's number of an attachment.

    Raises ValueError for what is no such reference.
    """
    place = json.loads(reference)
    match place:
        case [str() as folder, int() as validity, int() as uid, str() as mail_id, int() as number]:
            return folder, validity, uid, mail_id, number
    raise ValueError(reference)

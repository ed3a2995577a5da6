"""One mail as it lies in a folder, read: who wrote what, when, in answer to which other mails.

Any bytes give a mail: what cannot be read is said in its text.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Final

from connections.helpdesks.mail_bounces import MailReport, report_in
from connections.helpdesks.mail_forwards import original_sender
from connections.helpdesks.mail_parts import MailFile, content_of
from connections.helpdesks.mail_people import (
    OurAddresses,
    Person,
    first_person,
    headers_of,
    people_in,
)
from connections.helpdesks.mail_programs import MailKind, kind_of, takes_no_answer
from connections.helpdesks.mail_text import header_text
from policy.intake.language_tags import language_tag
from policy.intake.limits import FIRST_YEAR, SUBJECT_AT_MOST

_NOBODY: Final = Person("unknown@invalid", "(unknown)")
_LONGEST_ID: Final = 190
_PREFIX: Final = re.compile(
    r"\s*(?:re|aw|sv|antw|antwort|rif|rép|réf|ref|res|odp|ynt|vs|回复|答复|返信|답장|отв)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_MOST_PREFIXES: Final = 20
_ID: Final = re.compile(r"<[!-;=?-~]{1,900}>")
_BARE_ID: Final = re.compile(r"[!-;=?-~]{1,400}@[!-;=?-~]{1,400}")
_BEHIND_US: Final = ("x-original-from", "x-original-sender", "reply-to")
_AHEAD: Final = timedelta(minutes=10)
_FORGED: Final = re.compile(r"\bdmarc=fail\b", re.IGNORECASE)
_UNREADABLE: Final = "This mail could not be read. Look at it in the mailbox."
_EMPTY: Final = "This mail has no text."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """A mail as a folder holds it: its bytes, when it came there (UTC), and whether we sent it.

    ``whole`` says that the bytes are all of it. ``uid`` is its number in the ``folder``, valid as
    long as ``uidvalidity`` is that of the folder.
    """

    folder: str
    uidvalidity: int
    uid: int
    content: bytes
    arrived_at: datetime
    whole: bool = True
    sent: bool = False
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says of itself; ``at`` is UTC.

    ``id`` names it for ever and is made of its Message-ID, or of its bytes where it has none.
    ``answers`` are the ids of the mails before it in its thread, the nearest first. ``author`` is
    who wrote its words, and ``answer_to`` whoever an answer is for. ``people`` are all whom it was
    sent to. ``is_ours`` says that the desk or one of the team wrote it.
    """

    id: str
    message_id: str | None
    references: tuple[str, ...]
    answers: tuple[str, ...]
    at: datetime
    kind: MailKind
    author: Person
    answer_to: Person
    people: tuple[Person, ...]
    subject: str
    text: str
    files: tuple[MailFile, ...]
    is_ours: bool
    is_forged: bool = False
    by_member: bool = False
    report: MailReport | None = None
    language: str | None = None
    importance: str = ""
    stored: StoredMail

    @property
    def begins(self) -> str:
        """The id of the first mail of its thread, as far as it tells."""
        return mail_id(self.references[0]) if self.references else self.id


def read_mail(stored: StoredMail, ours: OurAddresses) -> Mail:
    """Return what a mail says, whatever its bytes are; it raises nothing."""
    try:
        return _read(parsed(stored), stored, ours)
    except Exception:  # the parsers that it goes through promise nothing of foreign bytes
        return _by_its_headers(stored, ours)


def parsed(stored: StoredMail) -> Message:
    """Return the parts of a mail, as they can be made out."""
    return message_from_bytes(stored.content, policy=compat32)


def mail_id(message_id: str) -> str:
    """Return the id of the mail with this Message-ID: without its brackets, and never too long."""
    bare = message_id.strip().strip("<>")
    if len(bare) <= _LONGEST_ID:
        return bare
    return f"{bare[: _LONGEST_ID - 20]}~{_digest(bare.encode())}"


def bare_subject(subject: str) -> str:
    """Return a subject without what mail programs put before it in answers."""
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return subject.strip()


def _read(mail: Message, stored: StoredMail, ours: OurAddresses) -> Mail:
    content = content_of(mail)
    subject = _header(mail, "subject")[:SUBJECT_AT_MOST]
    kind = kind_of(mail, ours)
    sender = _sender(mail, stored, ours)
    is_from_us = stored.sent or ours.is_us(sender.address)
    is_forged = is_from_us and not stored.sent and _is_forged(mail)
    passed_on = None
    if is_from_us and not stored.sent and not is_forged and kind is MailKind.PERSON:
        passed_on = original_sender(mail, subject, content.text, ours)
    author = passed_on or sender
    own = _ids(mail, "message-id")
    report = report_in(mail, content.text) if kind is MailKind.REPORT else None
    answered = _ids(mail, "in-reply-to")
    references = _ids(mail, "references") or answered
    nearest = (*(report.message_ids if report else ()), *answered, *reversed(references))
    identity = mail_id(own[0]) if own else f"none.{_digest(stored.content)}"
    return Mail(
        id=identity,
        message_id=own[0] if own else None,
        references=references,
        answers=tuple(each for each in dict.fromkeys(map(mail_id, nearest)) if each != identity),
        at=_when(mail, stored),
        kind=kind,
        author=author,
        answer_to=passed_on or _answer_to(mail, author, kind),
        people=people_in([each for name in ("to", "cc", "bcc") for each in headers_of(mail, name)]),
        subject=subject,
        text=_said(content.text, stored, has_files=bool(content.files)),
        files=content.files,
        is_ours=is_from_us and not is_forged and passed_on is None,
        is_forged=is_forged,
        by_member=is_from_us and not is_forged,
        report=report,
        language=_language(mail),
        importance=_header(mail, "importance").lower()[:20],
        stored=stored,
    )


def _said(text: str, stored: StoredMail, *, has_files: bool) -> str:
    said = text if text.strip() else ("" if has_files else _EMPTY) or _EMPTY
    return said if stored.whole else f"{said}\n\n[This mail is too large: its end was not read.]"


def _ids(mail: Message, name: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header, also of programs that write them as no standard does."""
    written = " ".join(headers_of(mail, name))
    found = tuple(_ID.findall(written))
    alone = written.strip()
    return found or ((f"<{alone}>",) if _BARE_ID.fullmatch(alone) else ())


def _header(mail: Message, name: str) -> str:
    return header_text(next(iter(headers_of(mail, name)), ""))


def _sender(mail: Message, stored: StoredMail, ours: OurAddresses) -> Person:
    """Return who a mail is from: also behind a list or a form of ours that writes in our name."""
    sender = (
        first_person(mail, "from") or first_person(mail, "sender") or first_person(mail, "reply-to")
    )
    if sender is not None and ours.is_desk(sender.address):
        behind = (first_person(mail, name) for name in _BEHIND_US if not stored.sent)
        return next((each for each in behind if each and not ours.is_us(each.address)), sender)
    return sender or first_person(mail, "return-path") or _NOBODY


def _answer_to(mail: Message, author: Person, kind: MailKind) -> Person:
    wanted = first_person(mail, "reply-to")
    if wanted is None or (kind is MailKind.PERSON and takes_no_answer(wanted.address)):
        return author
    return Person(wanted.address, wanted.name or author.name)


def _is_forged(mail: Message) -> bool:
    """Return whether our own mail server says that the sender is not whom the mail names."""
    return _FORGED.search(next(iter(headers_of(mail, "authentication-results")), "")) is not None


def _when(mail: Message, stored: StoredMail) -> datetime:
    """Return when a mail reached us, or when we wrote it.

    The newest Received line is our own server's, and stays when a folder is made anew or moved;
    a mail that was put there without one says itself when it was written.
    """
    received = next(iter(headers_of(mail, "received")), "").rpartition(";")[2]
    latest = stored.arrived_at + _AHEAD
    for written in (received, next(iter(headers_of(mail, "date")), "")):
        moment = _moment(written)
        if moment is not None and FIRST_YEAR < moment.year and moment <= latest:
            return moment
    return stored.arrived_at


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(" ".join(written.split()))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _language(mail: Message) -> str | None:
    said = _header(mail, "content-language") or _header(mail, "accept-language")
    return language_tag(said.partition(",")[0].partition(";")[0].strip()[:35])


def _by_its_headers(stored: StoredMail, ours: OurAddresses) -> Mail:
    """Return who wrote a mail that cannot be read, and to which, as far as that can be."""
    headers = stored.content.partition(b"\r\n\r\n")[0]
    try:
        mail = _read(message_from_bytes(headers, policy=compat32), stored, ours)
    except Exception:  # as above
        return _unreadable(stored)
    return replace(mail, text=_UNREADABLE)


def _unreadable(stored: StoredMail) -> Mail:
    return Mail(
        id=f"none.{_digest(stored.content)}",
        message_id=None,
        references=(),
        answers=(),
        at=stored.arrived_at,
        kind=MailKind.PERSON,
        author=_NOBODY,
        answer_to=_NOBODY,
        people=(),
        subject="",
        text=_UNREADABLE,
        files=(),
        is_ours=stored.sent,
        stored=stored,
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]

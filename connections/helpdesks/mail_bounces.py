"""What a mail server says of a mail of ours that it could not deliver (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

from connections.attempts import on_one_line
from connections.delivery.mail_headers import message_ids
from connections.helpdesks.mail_parts import content_bytes, media_type
from connections.helpdesks.mail_people import headers_of
from connections.helpdesks.mail_text import decoded, header_text

_MOST_BYTES: Final = 200_000
_FAILED: Final = "failed"
_ID_LINE: Final = re.compile(
    r"^[ \t>]*message-id:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE
)
_DELAYED: Final = re.compile(
    r"\bdelay|\bwill (?:keep|continue to) try|not yet been delivered", re.I
)


@dataclass(frozen=True, slots=True)
class MailReport:
    """Which mail a report is about, and of a failure why it did not arrive, in one line.

    ``recipients`` are whom it did not reach, none where that is not said. ``why`` is "" where the
    report tells of no failure: of a delay, of a mail that was read.
    """

    message_ids: tuple[str, ...]
    why: str = ""
    recipients: frozenset[str] = frozenset()


def report_in(mail: Message, text: str) -> MailReport:
    """Return what a report says; ``text`` are its words for people."""
    parts = [part for part in mail.walk() if part is not mail] if mail.is_multipart() else []
    about = tuple(dict.fromkeys(_reported_ids(mail, parts, text)))
    fields = [status for part in parts for status in _statuses(part)]
    if fields:
        failed = [each for each in fields if _value(each, "action").lower() == _FAILED]
        whom = frozenset(address.lower() for each in failed if (address := _recipient(each)))
        return MailReport(about, "; ".join(dict.fromkeys(map(_why, failed)))[:300], whom)
    if media_type(mail) == "multipart/report" and _is_about_reading(mail):
        return MailReport(about)
    if _DELAYED.search(text[:2000]):
        return MailReport(about)
    to = header_text(next(iter(headers_of(mail, "x-failed-recipients")), ""))
    said = on_one_line(next(filter(str.strip, text.splitlines()), ""), 160)
    return MailReport(
        about, f"not delivered{f' to {to}' if to else ''}{f': {said}' if said else ''}"
    )


def _is_about_reading(mail: Message) -> bool:
    return "disposition" in header_text(next(iter(headers_of(mail, "content-type")), "")).lower()


def _reported_ids(mail: Message, parts: list[Message], text: str) -> Iterator[str]:
    for part in parts:
        kind = media_type(part)
        if kind == "message/rfc822":
            inner = part.get_payload()
            within = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(within, Message):
                yield from message_ids(" ".join(headers_of(within, "message-id")))
        elif kind in (
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/disposition-notification",
        ):
            yield from _ids_in(decoded(content_bytes(part)[:_MOST_BYTES], "utf-8"))
    for status in (each for part in parts for each in _statuses(part)):
        yield from message_ids(_value(status, "original-message-id"))
    for name in ("in-reply-to", "references"):
        yield from reversed(message_ids(" ".join(headers_of(mail, name))))
    yield from _ids_in(text)


def _ids_in(text: str) -> Iterator[str]:
    for found in _ID_LINE.finditer(text.replace("Original-Message-ID", "Message-ID")):
        yield from message_ids(found.group(1))


def _statuses(part: Message) -> Iterator[Message]:
    """Give the groups of fields of a report for programs, one for each recipient."""
    if media_type(part) != "message/delivery-status":
        return
    groups = part.get_payload()
    for each in groups if isinstance(groups, list) else ():
        if isinstance(each, Message):
            yield each


def _value(fields: Message, name: str) -> str:
    return header_text(next(iter(headers_of(fields, name)), ""))


def _recipient(fields: Message) -> str:
    whom = _value(fields, "original-recipient") or _value(fields, "final-recipient")
    return whom.rpartition(";")[2].strip()


def _why(fields: Message) -> str:
    said = _value(fields, "diagnostic-code").partition(";")[2] or _value(fields, "status")
    whom, reason = _recipient(fields) or "somebody", said.strip() or "no reason given"
    return on_one_line(f"not delivered to {whom}: {reason}")

"""Whether a mail was written by a person or by a program, and what kind of one (RFC 3834)."""

import re
from email.message import Message
from enum import StrEnum
from typing import Final

from connections.helpdesks.mail_parts import media_type
from connections.helpdesks.mail_people import OurAddresses, first_person, headers_of, people_in
from connections.helpdesks.mail_text import header_text


class MailKind(StrEnum):
    """What wrote a mail; all but a person's are nobody's word, and are never answered."""

    PERSON = "person"
    REPORT = "report"
    """A server says what became of a mail: a bounce, a delay, a receipt."""
    REPLY = "reply"
    """A program answers in somebody's place: out of office, a receipt of another help desk."""
    LIST = "list"
    """One of many alike: a newsletter, a list's mail."""
    NOTICE = "notice"
    """A program writes by itself, and perhaps for somebody: a form on a web site, an alert."""


_DAEMONS: Final = frozenset({"mailer-daemon", "mail-daemon"})
_OF_LISTS: Final = ("list-id", "list-unsubscribe")
_REPLY_HEADERS: Final = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply")
_REPLY_SUBJECT: Final = re.compile(
    r"(?:auto(?:matic|matische|matisch)?[- ]?(?:reply|antwort|response)|out of (?:the )?office"
    r"|automatische antwort|abwesenheitsnotiz|abwesend|réponse automatique|absence du bureau"
    r"|respuesta automática|fuera de la oficina|risposta automatica|fuori sede|resposta automática"
    r"|automatisch antwoord|afwezig|autosvar|automatiskt svar|poissaolo|automatyczna odpowiedź"
    r"|automatická odpověď|автоответ|自動応答|自動返信|不在通知|自动回复|자동 회신)\s*[:：]",
    re.IGNORECASE,
)
_NO_REPLY: Final = re.compile(
    r"(?:no|do[-_.]?not|ne)[-_.]?(?:reply|respond|pas[-_.]?repondre)", re.I
)


def kind_of(mail: Message, ours: OurAddresses) -> MailKind:
    """Return what wrote a mail, as its headers tell.

    What comes through a list that is the desk's own address is the word of whoever wrote to it.
    """
    submitted, precedence = _first_word(mail, "auto-submitted"), _first_word(mail, "precedence")
    if _is_report(mail):
        return MailKind.REPORT
    if submitted == "auto-replied" or precedence == "auto_reply" or _answers_by_itself(mail):
        return MailKind.REPLY
    if not _is_own_list(mail, ours):
        if precedence in ("list", "junk") or any(headers_of(mail, name) for name in _OF_LISTS):
            return MailKind.LIST
        if precedence == "bulk":
            return MailKind.NOTICE
    return MailKind.PERSON if submitted in ("", "no") else MailKind.NOTICE


def takes_no_answer(address: str) -> bool:
    """Return whether an address says of itself that nobody reads what is sent there."""
    local = address.partition("@")[0].lower()
    return local in _DAEMONS or _NO_REPLY.match(local) is not None


def _is_report(mail: Message) -> bool:
    if media_type(mail) == "multipart/report" or headers_of(mail, "x-failed-recipients"):
        return True
    sender = first_person(mail, "from")
    local = "" if sender is None else sender.address.partition("@")[0]
    return local in _DAEMONS or (local == "postmaster" and _has_no_way_back(mail))


def _has_no_way_back(mail: Message) -> bool:
    returns = headers_of(mail, "return-path")
    return bool(returns) and returns[0].strip() == "<>"


def _answers_by_itself(mail: Message) -> bool:
    if _has_no_way_back(mail) or any(headers_of(mail, name) for name in _REPLY_HEADERS):
        return True
    if _REPLY_SUBJECT.match(header_text(next(iter(headers_of(mail, "subject")), ""))):
        return True
    is_generated = _first_word(mail, "auto-submitted") == "auto-generated"
    wants_none = _first_word(mail, "x-auto-response-suppress") == "all"
    return is_generated and wants_none and bool(headers_of(mail, "in-reply-to"))


def _is_own_list(mail: Message, ours: OurAddresses) -> bool:
    posts = people_in([raw.replace("mailto:", "") for raw in headers_of(mail, "list-post")])
    if any(ours.is_desk(each.address) for each in posts):
        return True
    identifiers = [
        header_text(raw).rpartition("<")[2].strip("> ") for raw in headers_of(mail, "list-id")
    ]
    return any(
        identifier.lower() == address.lower().replace("@", ".")
        for identifier in identifiers
        for address in ours.desk
    )


def _first_word(mail: Message, name: str) -> str:
    value = header_text(next(iter(headers_of(mail, name)), "")).lower()
    return value.replace(";", " ").replace(",", " ").partition(" ")[0]

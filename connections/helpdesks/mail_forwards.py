"""Whose mail it was that somebody passed on, where that can be read."""

import re
from email.message import Message
from typing import Final

from connections.helpdesks.mail_parts import media_type
from connections.helpdesks.mail_people import OurAddresses, Person, first_person, people_in

_PREFIX: Final = re.compile(
    r"^\s*(?:fwd?|fw|wg|tr|rv|enc|i|vb|vs|vl|doorst|转发|転送|전달|пересл)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    r"^[ \t>]*(?:-{4,} ?(?:forwarded message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat meddelande)"
    r"|begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato)",
    re.IGNORECASE | re.MULTILINE,
)
_FROM_LINE: Final = re.compile(
    r"^[ \t>*_]*(?:from|von|de|da|van|från|fra|od|lähettäjä|от|差出人|发件人|보낸 사람)[*_]{0,2}"
    r" ?[:：][*_]{0,2}[ \t]*([^\n]{3,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_MAILTO: Final = re.compile(
    r"\[mailto:([^\]\s]{3,250})\]|<mailto:([^>\s]{3,250})>|\(([^()\s]+@[^()\s]+)\)"
)


def is_forwarded(subject: str, text: str) -> bool:
    """Return whether a mail says that it passes another one on."""
    return _PREFIX.match(subject) is not None or _MARK.search(text) is not None


def unforwarded(subject: str) -> str:
    """Return a subject without the sign that a mail is passed on."""
    return _PREFIX.sub("", subject, count=1).strip()


def original_sender(mail: Message, subject: str, text: str, ours: OurAddresses) -> Person | None:
    """Return who wrote the mail that this one passes on; None where that is nobody else's.

    It is read from a mail that came as a file, else from the lines above the words passed on.
    """
    for part in mail.walk():
        inner = part.get_payload() if media_type(part) == "message/rfc822" else None
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            sender = first_person(inner[0], "from")
            if sender is not None and not ours.is_us(sender.address):
                return sender
    if not is_forwarded(subject, text):
        return None
    for found in _FROM_LINE.finditer(text):
        line = _MAILTO.sub(r" <\1\2\3>", found.group(1)).strip("*_ ")
        for person in people_in([line]):
            if not ours.is_us(person.address):
                return person
    return None

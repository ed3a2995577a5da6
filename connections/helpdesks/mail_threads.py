"""Which ticket a mail belongs to: the first mail of its thread names it.

"In-Reply-To, References from the end, then the subject's token": the nearest mail that is known
decides. Our own answers say in their Message-ID which ticket they belong to, so that a thread holds
together when the mails in it have long been put away.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final
from urllib.parse import quote, unquote

from connections.helpdesks.mail_people import OurAddresses, Person
from connections.helpdesks.mail_programs import MailKind
from connections.helpdesks.mail_reading import Mail

_OURS: Final = re.compile(r"n1\.([^.@]+)\.([^.@]+)@[^@]+")
_REFERENCE: Final = re.compile(r"n1-[a-z2-7]{10}")
_IN_BRACKETS: Final = re.compile(r"\[(n1-[a-z2-7]{10})\]")
_WITH: Final = ","
"""What no Message-ID may hold, between that of a thread and whom it is with."""
_LONGEST_ID: Final = 190
_FEW: Final = 5

Known = Mapping[str, Mail]


def message_id_of(mark: str, ticket: str, domain: str) -> str:
    """Return the Message-ID of an answer: it is made of its mark and its ticket, and of no time."""
    whole = f"n1.{_part(mark)}.{_part(ticket)}@{domain}"
    if len(whole) > _LONGEST_ID:
        whole = f"n1.{_part(mark)}.{reference_of(ticket)}@{domain}"
    return f"<{whole}>"


def mark_in(mail_id: str) -> str | None:
    """Return the mark of the step that wrote the mail with this id; None where none of ours did."""
    found = _OURS.fullmatch(mail_id)
    return None if found is None else unquote(found.group(1))


def ticket_named(mail_id: str) -> str | None:
    """Return the ticket that the id of one of our answers names; None of any other mail."""
    found = _OURS.fullmatch(mail_id)
    if found is None or _REFERENCE.fullmatch(found.group(2)):
        return None
    return unquote(found.group(2))


def quoted_ticket(ticket: str) -> str:
    """Return a ticket's external id as it stands in the Message-IDs of our answers."""
    return _part(ticket)


def reference_of(ticket: str) -> str:
    """Return the desk's short reference to a ticket, as it stands in subjects in brackets."""
    digest = hashlib.sha256(ticket.encode()).digest()
    return f"n1-{base64.b32encode(digest).decode().lower()[:10]}"


def reference_in(subject: str) -> str | None:
    """Return the desk's reference in a subject, or None."""
    found = _IN_BRACKETS.search(subject)
    return None if found is None else found.group(1)


def root_of(ticket: str) -> str:
    """Return the id of the mail that a ticket is named after."""
    root, comma, _ = ticket.rpartition(_WITH)
    return root if comma and "@" in root else ticket


def needed_for(mails: Collection[Mail], known: Known) -> set[str]:
    """Return the ids of the mails that would have to be known to sort these, and are not yet.

    Where one of ours names the ticket, nothing more is needed.
    """
    wanted: set[str] = set()
    for mail in mails:
        for answered in mail.answers:
            if answered in known or ticket_named(answered) is not None:
                break
            wanted.add(answered)
    return wanted


def ticket_of(
    mail: Mail, known: Known, ours: OurAddresses, referred: Callable[[str], str | None]
) -> str | None:
    """Return the external id of the ticket that a mail belongs to; None where it is in none.

    ``referred`` gives the ticket of a reference in a subject. What we begin becomes a ticket with
    the first answer to it. A list's mail, a program's reply and a report begin none.
    """
    first, passed = mail, {mail.id}
    while (before := _before(first, known)) is not None:
        if isinstance(before, str):
            return before
        if before.id in passed:
            break
        passed.add(before.id)
        first = before
    if first is mail:
        reference = reference_in(mail.subject)
        ticket = None if reference is None else referred(reference)
        if ticket is not None:
            return ticket
        if not (begins_a_ticket(mail, ours) if not mail.answers else may_be_new(mail)):
            return None
    return _named_after(first, mail, ours)


def begins_a_ticket(mail: Mail, ours: OurAddresses) -> bool:
    """Return whether a mail that answers none is a ticket by itself."""
    if mail.answers or mail.kind not in (MailKind.PERSON, MailKind.NOTICE):
        return False
    return not is_to_customers(mail, ours) and not (mail.is_ours and mail.kind is MailKind.NOTICE)


def may_be_new(mail: Mail) -> bool:
    """Return whether a mail in an unknown thread belongs to some ticket, be it a new one."""
    return mail.kind in (MailKind.PERSON, MailKind.NOTICE)


def is_to_customers(mail: Mail, ours: OurAddresses) -> bool:
    """Return whether one of us wrote it, to somebody who is not us."""
    return mail.by_member and (mail.stored.sent or bool(ours.others(mail.people)))


def _before(mail: Mail, known: Known) -> Mail | str | None:
    """Return the nearest known mail before one, or the ticket where one of ours names it."""
    own = ticket_named(mail.id)
    if own is not None:
        return own
    for answered in mail.answers:
        ticket = ticket_named(answered)
        if ticket is not None:
            return ticket
        if answered in known:
            return known[answered]
    return None


def _named_after(first: Mail, mail: Mail, ours: OurAddresses) -> str | None:
    """Return the ticket of a thread: its first mail's id, with whom it is where we began it.

    So those who each answer one mail that went to many have a ticket each.
    """
    begins = first.begins
    is_known = begins == first.id
    if not (is_to_customers(first, ours) if is_known else _is_of(ours, begins)):
        return begins
    customer = _other_side(first, mail, ours)
    return None if customer is None else f"{begins}{_WITH}{customer.address}"


def _other_side(first: Mail, mail: Mail, ours: OurAddresses) -> Person | None:
    """Return whom a thread that we began is with: whom we wrote to, unless those are many."""
    others = ours.others(first.people)
    if first.by_member and 1 <= len(others) <= _FEW:
        return others[0]
    if not mail.by_member:
        return mail.author
    return next(iter(ours.others(mail.people)), None)


def _is_of(ours: OurAddresses, mail_id: str) -> bool:
    """Return whether an unknown mail's id says that it was written at our own domain."""
    domain = mail_id.rpartition("@")[2].lower()
    return any(domain == address.rpartition("@")[2].lower() for address in ours.desk)


def _part(text: str) -> str:
    return quote(text, safe="").replace(".", "%2E")

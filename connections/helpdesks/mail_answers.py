"""An answer as a mail: to whom it goes, and that it goes once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.mail import Letter, message
from connections.delivery.mail_headers import message_ids
from connections.delivery.smtp import MailSession
from connections.helpdesks.help_desk import OutgoingStep, Unreachable
from connections.helpdesks.imap_session import ImapSession
from connections.helpdesks.mail_people import OurAddresses, Person
from connections.helpdesks.mail_programs import MailKind, takes_no_answer
from connections.helpdesks.mail_reading import Mail, bare_subject
from connections.helpdesks.mail_threads import message_id_of, reference_of
from connections.helpdesks.mail_tickets import IN_DOUBT
from connections.helpdesks.mailbox_settings import MailboxSettings
from policy.refusal import Refusal

_MOST_COPIES: Final = 20
_NO_SUBJECT: Final = "your message"


def letter_for(
    step: OutgoingStep, mails: Sequence[Mail], ours: OurAddresses, settings: MailboxSettings
) -> Letter:
    """Return an answer as a letter to whoever wrote last, with copies to whom they wrote, too.

    "Nothing answers a machine." Raises Refusal where there is nobody to answer.
    """
    answered = _answered(step, mails, ours)
    to = _recipient(answered, ours)
    copies = [
        each.address
        for each in ours.others(answered.people)
        if each.address != to.address and not takes_no_answer(each.address)
    ]
    subject = f"Re: {bare_subject(answered.subject) or _NO_SUBJECT}"
    if settings.reference_in_subject:
        reference = f"[{reference_of(step.external_id)}]"
        subject = subject if reference in subject else f"{subject} {reference}"
    return Letter(
        message_id=message_id_for(step, settings),
        to_address=to.address,
        to_name=to.name,
        subject=subject,
        body=step.text,
        written_at=step.made_at,
        thread=message_ids(" ".join((*answered.references, answered.message_id or ""))),
        copies=tuple(copies[:_MOST_COPIES]),
        author=step.author_name or step.author,
    )


def message_id_for(step: OutgoingStep, settings: MailboxSettings) -> str:
    """Return the Message-ID that a step has at every attempt."""
    domain = settings.smtp.sender_address.rpartition("@")[2]
    return message_id_of(step.mark, step.external_id, domain)


def _answered(step: OutgoingStep, mails: Sequence[Mail], ours: OurAddresses) -> Mail:
    """Return the mail that an answer is to: the one it names, else the newest of a person."""
    theirs = [mail for mail in mails if mail.kind is MailKind.PERSON and not mail.by_member]
    passed_on = [
        mail for mail in mails if mail.by_member and not mail.is_ours and not mail.is_forged
    ]
    written = sorted((*theirs, *passed_on), key=lambda mail: mail.at)
    named = [mail for mail in written if mail.id == step.answers]
    notices = [mail for mail in mails if mail.kind is MailKind.NOTICE and _is_for_somebody(mail)]
    to_them = [mail for mail in mails if mail.is_ours and ours.others(mail.people)]
    own = [mail for mail in mails if mail.is_ours and mail.kind is MailKind.PERSON]
    for candidates in (named, written, notices, to_them, own):
        if candidates:
            return candidates[-1]
    if not mails:
        raise Refusal(
            "no mail of this conversation is in the mailbox any more; answer it from there by hand"
        )
    raise Refusal("only programs wrote in this conversation, and they are never answered")


def _is_for_somebody(mail: Mail) -> bool:
    """Return whether a program wrote for a person: whom it says to answer is not itself."""
    return mail.answer_to.address != mail.author.address and not takes_no_answer(
        mail.answer_to.address
    )


def _recipient(answered: Mail, ours: OurAddresses) -> Person:
    to = answered.answer_to
    if answered.is_ours and (others := ours.others(answered.people)):
        to = others[0]
    if ours.is_desk(to.address) or takes_no_answer(to.address) or to.address.endswith("@invalid"):
        raise Refusal(f"{to.address} takes no answers; write to a person by hand")
    return to


class AnswerSender:
    """Hands answers over and keeps a copy of each in the folder of sent mail.

    The copy is made when the server waits for the mail, marked as in doubt, and the mark goes when
    the mail is taken. So whoever finds a copy knows that the mail went out, or that nobody knows.
    """

    def __init__(self, session: ImapSession, settings: MailboxSettings, secret: SecretStr) -> None:
        self._session = session
        self._settings = settings
        self._secret = secret

    def send(self, letter: Letter, folder: str) -> Delivery:
        """Send a letter unless it was sent, and say what became of it; ``folder`` keeps the copy.

        Raises Refusal where the address is none, Unreachable where there is no place for the copy:
        then nothing was sent.
        """
        mail = message(self._settings.smtp, letter)
        was_sent = self.was_sent(letter.message_id, folder)
        if was_sent:
            return Delivery(outcome=DeliveryOutcome.SENT, why=f"was sent; its copy is in {folder}")
        if was_sent is None:
            return Delivery(outcome=DeliveryOutcome.UNKNOWN, why=_doubt(folder))

        def keep_a_copy() -> None:
            self._session.append(folder, mail.as_bytes(), ("\\Seen", IN_DOUBT), letter.written_at)

        with MailSession(self._settings.smtp, self._secret) as smtp:
            delivery = smtp.send(mail, before=keep_a_copy)
        if delivery.outcome is DeliveryOutcome.UNKNOWN:
            return delivery
        is_sent = delivery.outcome is DeliveryOutcome.SENT
        with suppress(Unreachable):  # what became of it is known, and its copy stays marked
            numbers = self._copies(letter.message_id, folder)
            if numbers and is_sent:
                self._session.flag(numbers, add=(), remove=(IN_DOUBT,))
            elif numbers:
                self._session.remove(numbers)
        return delivery

    def was_sent(self, message_id: str, folder: str) -> bool | None:
        """Return whether a mail of ours went out, as its copy says; None where nobody knows."""
        numbers = self._copies(message_id, folder)
        if not numbers:
            return False
        doubtful = set(self._session.searched("FLAGGED", "UNDELETED"))
        if not doubtful.issuperset(numbers):
            return True
        return True if self._is_answered(message_id) else None

    def _is_answered(self, message_id: str) -> bool:
        """Return whether somebody answers a mail of ours, who must have it then."""
        if self._session.look_into(self._settings.folder) is None:
            return False
        needle = message_id.strip("<>")
        headers = [("In-Reply-To", needle), ("References", needle)]
        return bool(self._session.with_headers(headers))

    def _copies(self, message_id: str, folder: str) -> list[int]:
        """Return the copies of a mail in the folder of sent mail, which is made where it lacks."""
        if self._session.look_into(folder, to_write=True) is None:
            self._session.make(folder)
            self._session.look_into(folder, to_write=True)
        needle = message_id.strip("<>")
        found = self._session.searched("HEADER", "Message-ID", needle)
        gone = set(self._session.searched("DELETED"))
        return [number for number in found if number not in gone]


def _doubt(folder: str) -> str:
    return (
        f"whether it went out is not known: its copy, marked in {folder}, was made and no answer of"
        " the mail server is known; ask the customer, or write again"
    )

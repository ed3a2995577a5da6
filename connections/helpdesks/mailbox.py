"""A mailbox as a help desk: a mail is a ticket or a message in one, an answer is a mail.

It is for a team that has nothing but an address. What a mailbox has no place for, who a ticket's
person is, its status, its priority and internal notes, stays with us.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Final

from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.delivery.smtp_connection import Connection, NotPossibleError
from connections.helpdesks.help_desk import (
    START,
    Account,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
    StepKind,
    TicketRead,
    Unreachable,
)
from connections.helpdesks.imap_session import FolderState, ImapSession
from connections.helpdesks.mail_answers import AnswerSender, letter_for, message_id_for
from connections.helpdesks.mail_index import MailIndex
from connections.helpdesks.mail_parts import file_content
from connections.helpdesks.mail_reading import Mail, parsed, read_mail
from connections.helpdesks.mail_tickets import (
    came_back,
    is_told,
    message_read,
    place_of,
    ticket_read,
)
from connections.helpdesks.mailbox_settings import MailboxSettings, mailbox_settings
from policy.refusal import Refusal

_TOLD_BY_ITSELF: Final = timedelta(seconds=1)
"""How long to leave a server alone that says when a mail comes; asking costs it nothing."""
_TO_BE_ASKED: Final = timedelta(seconds=5)
_LOOKED_INTO_EVERY: Final = 10.0
_FOLDERS, _VALIDITY, _NEXT = "folders", "uidvalidity", "uidnext"
_STAYS: Final = {
    StepKind.ASSIGN: "who has it",
    StepKind.STATUS: "its status",
    StepKind.PRIORITY: "its priority",
    StepKind.NOTE: "the note",
}


def mailbox(
    table: Mapping[str, object], secret: SecretStr, members: frozenset[str] = frozenset()
) -> HelpDesk:
    """Return the help desk that a connection of the kind ``mailbox`` says.

    ``secret`` is the password of both servers, ``members`` are the addresses of the team.
    Raises Refusal naming every wrong key.
    """
    return MailboxDesk(mailbox_settings(table, str(table.get("name", "mailbox"))), secret, members)


@dataclass(frozen=True, slots=True)
class _Unread:
    """A folder with the first of its mails that are still to be read, and how many there are."""

    state: FolderState
    sent: bool
    first: int
    numbers: tuple[int, ...]
    arrivals: Mapping[int, datetime]
    total: int

    def in_order(self, place: int) -> Iterator[tuple[datetime, int, int]]:
        """Give each mail's time, ``place`` and number; no time is before that of the one before."""
        latest: datetime | None = None
        for number in self.numbers:
            at = self.arrivals.get(number)
            if at is not None:
                latest = at if latest is None else max(latest, at)
                yield latest, place, number

    def after(self, taken: Sequence[int]) -> dict[str, int]:
        """Return how far it is read when these mails of it are."""
        following = max(taken, default=self.first - 1) + 1
        if len(taken) == self.total:
            following = max(following, self.state.uidnext)
        return {_VALIDITY: self.state.uidvalidity, _NEXT: following}


class MailboxDesk:
    """A mailbox that is read by IMAP and writes by SMTP; made by ``mailbox``."""

    def __init__(
        self, settings: MailboxSettings, secret: SecretStr, members: frozenset[str] = frozenset()
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._ours = settings.ours(members)
        self._session = ImapSession(settings, secret)
        self._index = MailIndex(self._session, self._ours, self._both_folders)
        self._sender = AnswerSender(self._session, settings, secret)
        self._sent: str | None = None
        self._quiet: tuple[Cursor, float] | None = None

    @property
    def settles_after(self) -> timedelta:
        """As long as handing a mail over may last."""
        return self._settings.smtp.longest_attempt + timedelta(minutes=1)

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def account(self) -> Account:
        """Log in to both servers, and return what is missing there."""
        self._session.log_in()
        lacks = [*self._lacking_folders(), *self._lacking_smtp()]
        return Account(login=self._settings.login, name=self._settings.sender, lacks=tuple(lacks))

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return the mails that came since a cursor, both theirs and ours, oldest first.

        A folder that was made anew is read from its beginning: its mails have the ids they had.
        """
        if self._is_quiet(since):
            return Reading(tickets=(), cursor=since, pause=_TOLD_BY_ITSELF)
        unread = [self._unread(folder, sent, since, limit) for folder, sent in self._both_folders()]
        there = [each for each in unread if each is not None]
        ordered = heapq.merge(*(each.in_order(place) for place, each in enumerate(there)))
        taken: dict[int, list[int]] = {place: [] for place in range(len(there))}
        for _, place, number in islice(ordered, limit):
            taken[place].append(number)
        mails = [
            mail for place, numbers in taken.items() for mail in self._read(there[place], numbers)
        ]
        cursor = {
            _FOLDERS: {
                each.state.name: each.after(taken[place]) for place, each in enumerate(there)
            }
        }
        more = any(each.total > len(taken[place]) for place, each in enumerate(there))
        total = self._beginnings() if since == START and more else None
        tickets = tuple(self._tickets(mails))
        pause = timedelta(0) if more else self._rest(cursor)
        return Reading(
            tickets=tickets,
            cursor=cursor,
            more=more,
            pause=pause,
            total=total,
            came_back=came_back(mails),
        )

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return every mail of a thread that is in the folders, the first one first."""
        mails = self._index.thread(external_id)
        return [message_read(mail, self._ours) for mail in mails if is_told(mail)]

    def attachment(self, reference: str) -> bytes:
        """Return a file that came with a mail, wherever the mail lies by now."""
        try:
            folder, validity, uid, mail_id, number = place_of(reference)
        except ValueError:
            raise Unreachable("expected the reference of an attachment", for_good=True) from None
        stored = self._index.again(folder, validity, uid, mail_id)
        content = None if stored is None else file_content(parsed(stored), number)
        if content is None:
            raise Unreachable("the mail that it came with is not there any more", for_good=True)
        return content

    def write(self, step: OutgoingStep) -> Delivery:
        """Send an answer as a mail in its thread; what a mailbox has no place for stays here."""
        if step.kind is not StepKind.ANSWER:
            words = f"{_STAYS[step.kind]} stays here: a mailbox has no place for it"
            return Delivery(outcome=DeliveryOutcome.SENT, why=words)
        try:
            mails = [mail for mail in self._index.thread(step.external_id) if is_told(mail)]
            letter = letter_for(step, mails, self._ours, self._settings)
            return self._sender.send(letter, self._sent_folder())
        except Refusal as refusal:
            return never(refusal.reason)

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether an answer went out, as its copy among sent mail says."""
        if step.kind is not StepKind.ANSWER:
            return True
        message_id = message_id_for(step, self._settings)
        return self._sender.was_sent(message_id, self._sent_folder())

    def _is_quiet(self, since: Cursor) -> bool:
        """Return whether the server would have told of a new mail, and has not."""
        if self._quiet is None or self._quiet[0] != since or self._quiet[1] < monotonic():
            return False
        return self._session.news() is False

    def _rest(self, cursor: Cursor) -> timedelta:
        if not self._session.can_tell_of_news:
            return _TO_BE_ASKED
        self._session.wait_for_news(self._settings.folder)
        self._quiet = (cursor, monotonic() + _LOOKED_INTO_EVERY)
        return _TOLD_BY_ITSELF

    def _both_folders(self) -> tuple[tuple[str, bool], ...]:
        return ((self._settings.folder, False), (self._sent_folder(), True))

    def _sent_folder(self) -> str:
        if self._sent is None:
            self._sent = self._session.sent_folder()
        return self._sent

    def _unread(self, folder: str, sent: bool, since: Cursor, limit: int) -> _Unread | None:
        state = self._session.look_into(folder)
        if state is None:
            if sent:
                return None  # it is made with the first answer
            raise Unreachable(self._no_folder(), for_good=True)
        first = _first(since, state)
        numbers: list[int] = []
        if not state.uidnext or first < state.uidnext:
            numbers = self._session.numbers_from(first, self._settings.since)
        next_ones = tuple(numbers[:limit])
        arrivals = self._session.arrivals(next_ones)
        total = len(numbers) - len(next_ones) + len(arrivals)  # some may be gone meanwhile
        return _Unread(state, sent, first, next_ones, arrivals, total)

    def _read(self, unread: _Unread, numbers: Sequence[int]) -> Iterator[Mail]:
        state = self._session.look_into(unread.state.name) if numbers else None
        if state is None:
            return
        if state.uidvalidity != unread.state.uidvalidity:
            raise Unreachable(f"{state.name} was made anew while it was read")
        for stored in self._session.mails(state, numbers, sent=unread.sent):
            yield read_mail(stored, self._ours)

    def _tickets(self, mails: Sequence[Mail]) -> Iterator[TicketRead]:
        self._index.learn(mails)
        self._index.complete(mails)
        sorted_out: dict[str, dict[str, Mail]] = {}
        for mail in sorted(mails, key=lambda mail: mail.at):
            ticket = self._index.ticket(mail) if is_told(mail) else None
            if ticket is not None:
                sorted_out.setdefault(ticket, {}).setdefault(mail.id, mail)
        for ticket, found in sorted_out.items():
            root = self._index.root(ticket)
            yield ticket_read(ticket, root, list(found.values()), self._ours, self._index.known)

    def _beginnings(self) -> int | None:
        """Return about how many tickets there are: how many mails answer none."""
        try:
            if self._session.look_into(self._settings.folder) is None:
                return None
            return len(self._session.searched("NOT", "HEADER", "In-Reply-To", ""))
        except Unreachable:
            return None

    def _lacking_folders(self) -> Iterator[str]:
        if self._session.look_into(self._settings.folder) is None:
            yield self._no_folder()
        sent = self._sent_folder()
        state = self._session.look_into(sent, to_write=True)
        if state is None:
            yield f"there is no folder {sent} for copies of answers; the first answer makes it"
        elif state.read_only:
            yield f"{self._settings.login} may not write in {sent}: no answer can go out"

    def _no_folder(self) -> str:
        there = ", ".join(sorted(self._session.folders())[:12])
        return f"there is no folder {self._settings.folder}; there are {there}"

    def _lacking_smtp(self) -> Iterator[str]:
        smtp = self._settings.smtp
        try:
            ends_at = monotonic() + smtp.time_to_hand_over.total_seconds()
            Connection.open(smtp, self._secret, ends_at).say_goodbye()
        except NotPossibleError as reason:
            yield f"{smtp.place} {reason}: no answer can go out"


def _first(since: Cursor, state: FolderState) -> int:
    """Return the first number that is unread: 1 where the folder is new, or was made anew."""
    folders = since.get(_FOLDERS)
    place = folders.get(state.name) if isinstance(folders, Mapping) else None
    if not isinstance(place, Mapping) or place.get(_VALIDITY) != state.uidvalidity:
        return 1
    following = place.get(_NEXT)
    return following if isinstance(following, int) and following > 0 else 1

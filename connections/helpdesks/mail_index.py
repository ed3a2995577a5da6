"""Mails found again in their folders: those before one in its thread, and the whole of a thread."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.imap_session import FolderState, ImapSession
from connections.helpdesks.mail_people import OurAddresses
from connections.helpdesks.mail_reading import Mail, StoredMail, read_mail
from connections.helpdesks.mail_threads import (
    needed_for,
    quoted_ticket,
    reference_of,
    root_of,
    ticket_named,
    ticket_of,
)

_MOST_KNOWN: Final = 50_000
_MOST_ROUNDS: Final = 12
_MOST_OF_A_THREAD: Final = 1_000
_LONGEST_NEEDLE: Final = 150
_WITHOUT_ID: Final = "none."
_THREADED: Final = ("Message-ID", "In-Reply-To", "References")


class MailIndex:
    """What is known of the mails in the two folders, and asked for where it is not.

    ``folders`` gives the names of the folders, each with whether it holds what we sent.
    """

    def __init__(
        self,
        session: ImapSession,
        ours: OurAddresses,
        folders: Callable[[], Iterable[tuple[str, bool]]],
    ) -> None:
        self._session = session
        self._ours = ours
        self._folders = folders
        self._known: dict[str, Mail] = {}
        self._whole: set[str] = set()
        self._referred: dict[str, str] = {}

    def learn(self, mails: Iterable[Mail]) -> None:
        """Remember mails that were read whole, without their words."""
        for mail in mails:
            self._remember(mail)
            self._whole.add(mail.id)

    def complete(self, mails: Collection[Mail]) -> None:
        """Look for the mails before these, and for those before them, as far as they are there."""
        missing: set[str] = set()
        for _ in range(_MOST_ROUNDS):
            wanted = needed_for(mails, self._known) - missing
            if not wanted:
                return
            missing |= wanted
            mails = [mail for mail in self._headers_of(wanted) if mail.id in wanted]
            for mail in mails:
                self._remember(mail)

    def known(self, mail_id: str) -> Mail | None:
        """Return a mail that has been seen, without its words."""
        return self._known.get(mail_id)

    def ticket(self, mail: Mail) -> str | None:
        """Return the ticket that a mail belongs to; the mails before it have been looked for."""
        return ticket_of(mail, self._known, self._ours, self._referred_to)

    def root(self, ticket: str) -> Mail | None:
        """Return the mail that a ticket is named after, None where it is not there any more."""
        wanted = root_of(ticket)
        if wanted not in self._whole:
            found = (mail for mail in self._whole_mails(wanted) if mail.id == wanted)
            self.learn(list(found)[:1])
        return self._known.get(wanted) if wanted in self._whole else None

    def thread(self, ticket: str) -> list[Mail]:
        """Return every mail of a ticket that is there, each once, the first one first."""
        found: dict[str, Mail] = {}
        asked: set[str] = set()
        wanted = {root_of(ticket)}
        for _ in range(_MOST_ROUNDS):
            wanted -= asked
            if not wanted or len(found) > _MOST_OF_A_THREAD:
                break
            asked |= wanted
            needles = [(name, _needle(each)) for each in sorted(wanted) for name in _THREADED]
            if len(asked) == len(wanted):
                needles += [("Message-ID", part) for part in _parts_of_ours(ticket)]
            for mail in self._found(needles, also=wanted):
                found.setdefault(mail.id, mail)
            wanted = set(found)
        self.learn(found.values())
        self.complete(list(found.values()))
        own = [mail for mail in found.values() if self.ticket(mail) == ticket]
        return sorted(own, key=lambda mail: mail.at)

    def again(self, folder: str, uidvalidity: int, uid: int, mail_id: str) -> StoredMail | None:
        """Return a mail from where it lay, or from wherever it lies now; None where it is gone."""
        state = self._session.look_into(folder)
        if state is not None and state.uidvalidity == uidvalidity:
            for stored in self._session.mails(state, [uid], sent=False):
                if read_mail(stored, self._ours).id == mail_id:
                    return stored
        found = (mail.stored for mail in self._whole_mails(mail_id) if mail.id == mail_id)
        return next(found, None)

    def _remember(self, mail: Mail) -> None:
        if len(self._known) >= _MOST_KNOWN and mail.id not in self._known:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._whole.discard(oldest)
        emptied = replace(mail.stored, content=b"")
        if mail.id not in self._whole:
            self._known[mail.id] = replace(mail, text="", files=(), stored=emptied)

    def _headers_of(self, wanted: Collection[str]) -> Iterator[Mail]:
        needles = [("Message-ID", _needle(each)) for each in sorted(wanted)]
        for state, sent in self._opened():
            numbers = self._session.with_headers(needles)
            for stored in self._session.mails(state, numbers, sent=sent, headers_only=True):
                yield read_mail(stored, self._ours)

    def _whole_mails(self, wanted: str) -> Iterator[Mail]:
        yield from self._found([("Message-ID", _needle(wanted))], also={wanted})

    def _found(self, needles: Collection[tuple[str, str]], also: Collection[str]) -> Iterator[Mail]:
        """Give the mails whose headers hold any of the needles, or that have no Message-ID."""
        nameless = any(each.startswith(_WITHOUT_ID) for each in also)
        for state, sent in self._opened():
            numbers = set(self._session.with_headers(needles))
            if nameless:
                numbers |= set(self._session.searched("NOT", "HEADER", "Message-ID", ""))
            for stored in self._session.mails(state, sorted(numbers), sent=sent):
                mail = read_mail(stored, self._ours)
                if mail.message_id is not None or mail.answers or mail.id in also:
                    yield mail

    def _referred_to(self, reference: str) -> str | None:
        """Return the ticket that a reference in a subject of ours stands for, or None."""
        if reference not in self._referred:
            for state, sent in self._opened():
                numbers = self._session.searched("SUBJECT", reference) if sent else []
                for stored in self._session.mails(
                    state, numbers[:20], sent=sent, headers_only=True
                ):
                    ticket = ticket_named(read_mail(stored, self._ours).id)
                    if ticket is not None and reference_of(ticket) == reference:
                        self._referred[reference] = ticket
        return self._referred.get(reference)

    def _opened(self) -> Iterator[tuple[FolderState, bool]]:
        for folder, sent in self._folders():
            state = self._session.look_into(folder)
            if state is not None:
                yield state, sent
            elif not sent:
                raise Unreachable(f"there is no folder {folder} any more", for_good=True)


def _needle(mail_id: str) -> str:
    """Return what a header with this id holds: of a very long one, how it begins."""
    return mail_id[:_LONGEST_NEEDLE]


def _parts_of_ours(ticket: str) -> tuple[str, str]:
    """Return what the Message-IDs of our own answers in a ticket hold: the one or the other."""
    return f".{quoted_ticket(ticket)}@"[:_LONGEST_NEEDLE], f".{reference_of(ticket)}@"

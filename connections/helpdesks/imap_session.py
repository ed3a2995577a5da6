"""One session with an IMAP server: as safe as asked for, and every failure in one line of words."""

import contextlib
import imaplib
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

import imapclient
from imapclient.exceptions import LoginError
from pydantic import SecretStr

from connections.attempts import on_one_line
from connections.connection_errors import how_it_ended
from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.mail_reading import StoredMail
from connections.helpdesks.mailbox_settings import MailboxSettings

LARGEST_MAIL: Final = 30_000_000
"""How many bytes of one mail are read at most."""

_MOST_AT_ONCE: Final = 20
_LONGEST_COMMAND: Final = 4_000
_NOT_FOR_GOOD: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "TRY AGAIN")
_OLDEST: Final = datetime(1971, 1, 1, tzinfo=UTC)

logging.getLogger("imapclient").setLevel(logging.WARNING)  # below that it writes what is sent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as it was when it was opened: which numbering of mails holds, and its next number.

    ``uidnext`` is 0 where the server does not say it.
    """

    name: str
    uidvalidity: int
    uidnext: int
    read_only: bool


class ImapSession:
    """A logged-in session; made again by itself where it was lost. Use it from one thread.

    Every method raises Unreachable where there is no answer to rely on.
    """

    def __init__(self, settings: MailboxSettings, secret: SecretStr) -> None:
        self._settings = settings
        self._secret = secret
        self._client: Any = None  # imapclient says nothing of its types
        self._is_idle = False

    def close(self) -> None:
        """Hang up as servers like it."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                if self._is_idle:
                    client.idle_done()
                client.logout()
            with contextlib.suppress(Exception):
                client.shutdown()
        self._is_idle = False

    def log_in(self) -> None:
        """Be logged in."""
        self._asked(lambda client: client.noop(), again=True)

    def folders(self) -> Mapping[str, frozenset[str]]:
        """Return the names of all folders, each with what the server marks it as."""
        listed = self._asked(lambda client: client.list_folders(), again=True)
        return {str(name): frozenset(map(_text, flags)) for flags, _, name in listed}

    def sent_folder(self) -> str:
        """Return where sent mail is kept: as the settings or the server say, else ``Sent``."""
        if self._settings.sent is not None:
            return self._settings.sent
        folders = self.folders()
        marked = (name for name, flags in folders.items() if "\\Sent" in flags)
        usual = (name for name in _USUAL if name in folders)
        return next(marked, None) or next(usual, None) or "Sent"

    def look_into(self, folder: str, *, to_write: bool = False) -> FolderState | None:
        """Open a folder, afresh; None where there is none of that name."""
        try:
            answer = self._asked(
                lambda client: client.select_folder(folder, readonly=not to_write), again=True
            )
        except _RefusedError:
            if folder in self.folders():
                raise
            return None
        return FolderState(
            name=folder,
            uidvalidity=int(answer.get(b"UIDVALIDITY", 0)),
            uidnext=int(answer.get(b"UIDNEXT", 0)),
            read_only=b"READ-ONLY" in answer,
        )

    def make(self, folder: str) -> None:
        """Make a folder."""
        self._asked(lambda client: client.create_folder(folder))
        with contextlib.suppress(Unreachable):
            self._asked(lambda client: client.subscribe_folder(folder))

    def numbers_from(self, first: int, since: date | None) -> list[int]:
        """Return the numbers, from ``first`` on, of the mails in the folder that is open, in order.

        ``first:*`` always names the newest mail, be its number lower; that one is left out.
        """
        criteria: list[object] = ["UID", f"{first}:*"]
        if since is not None:
            criteria += ["SINCE", since]
        found = self._asked(lambda client: client.search(criteria))
        return sorted({number for number in map(int, found) if number >= first})

    def searched(self, *criteria: object) -> list[int]:
        """Return the numbers of the mails in the open folder that fit, in order."""
        found = self._asked(lambda client: client.search(list(criteria)))
        return sorted({int(number) for number in found})

    def with_headers(self, wanted: Iterable[tuple[str, str]]) -> list[int]:
        """Return the numbers of the mails in the open folder whose headers hold any of the texts.

        ``wanted`` are headers' names, each with a text.
        """
        found: set[int] = set()
        for criteria in _any_of(wanted):
            found |= set(self.searched(*criteria))
        return sorted(found)

    def arrivals(self, numbers: Sequence[int]) -> dict[int, datetime]:
        """Return when each of these mails came into the open folder, in UTC."""
        if not numbers:
            return {}
        answer = self._asked(lambda client: client.fetch(numbers, ["INTERNALDATE"]))
        return {number: _utc(parts.get(b"INTERNALDATE")) for number, parts in answer.items()}

    def mails(
        self, state: FolderState, numbers: Sequence[int], *, sent: bool, headers_only: bool = False
    ) -> Iterator[StoredMail]:
        """Give these mails of the open folder, as far as they are still there, in order."""
        body = "BODY.PEEK[HEADER]" if headers_only else f"BODY.PEEK[]<0.{LARGEST_MAIL}>"
        items = ["INTERNALDATE", "RFC822.SIZE", "FLAGS", body]
        for start in range(0, len(numbers), _MOST_AT_ONCE):
            answer = self._fetched(numbers[start : start + _MOST_AT_ONCE], items)
            for number, parts in sorted(answer.items()):
                content = _content(parts)
                if content is not None:
                    yield StoredMail(
                        folder=state.name,
                        uidvalidity=state.uidvalidity,
                        uid=number,
                        content=content,
                        arrived_at=_utc(parts.get(b"INTERNALDATE")),
                        whole=headers_only or len(content) < LARGEST_MAIL,
                        sent=sent,
                        flags=frozenset(map(_text, parts.get(b"FLAGS", ()))),
                    )

    def append(self, folder: str, content: bytes, flags: Sequence[str], at: datetime) -> None:
        """Put a mail into a folder."""
        self._asked(lambda client: client.append(folder, content, flags, at))

    def flag(self, numbers: Sequence[int], *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Change the flags of mails in the folder that is open for writing."""
        if add:
            self._asked(lambda client: client.add_flags(numbers, list(add)))
        if remove:
            self._asked(lambda client: client.remove_flags(numbers, list(remove)))

    def remove(self, numbers: Sequence[int]) -> None:
        """Take mails out of the folder that is open for writing, and no others with them."""
        self._asked(lambda client: client.delete_messages(numbers))
        if self._asked(lambda client: client.has_capability("UIDPLUS")):
            self._asked(lambda client: client.uid_expunge(numbers))

    @property
    def can_tell_of_news(self) -> bool:
        """Whether the server says by itself when a mail comes."""
        return bool(self._asked(lambda client: client.has_capability("IDLE")))

    def wait_for_news(self, folder: str) -> None:
        """Have the server tell from now on what comes into a folder."""
        self.look_into(folder)
        self._asked(lambda client: client.idle())
        self._is_idle = True

    def news(self) -> bool | None:
        """Return whether the server has told of anything meanwhile; None where it does not tell."""
        if self._client is None or not self._is_idle:
            return None
        try:
            return any(self._client.idle_check(timeout=0))
        except Exception:  # whatever became of it, the folder is looked into
            self._drop()
            return None

    def _fetched(self, numbers: Sequence[int], items: list[str]) -> Mapping[int, Any]:
        answer: Mapping[int, Any] = self._asked(lambda client: client.fetch(numbers, items))
        return answer

    def _asked(self, ask: Callable[[Any], T], *, again: bool = False) -> T:
        """Ask the server; ``again`` on a new session, where the one there was is found to be gone.

        Only what needs no open folder and may happen twice is asked again.
        """
        was_there = self._client is not None
        try:
            return self._once(ask)
        except _LostError:
            if not (again and was_there):
                raise
        return self._once(ask)

    def _once(self, ask: Callable[[Any], T]) -> T:
        try:
            if self._client is None:
                self._client = self._connected()
            if self._is_idle:
                self._is_idle = False
                self._client.idle_done()
            return ask(self._client)
        except Unreachable:
            raise
        except (imaplib.IMAP4.abort, OSError, EOFError) as error:
            self._drop()
            raise _LostError(self._words(_ended(error))) from None
        except imaplib.IMAP4.error as error:
            raise _RefusedError(self._words(f"says: {self._said(error)}")) from None
        except Exception as error:  # the library promises nothing of odd answers
            self._drop()
            raise _LostError(
                self._words(f"answers what cannot be read ({type(error).__name__})")
            ) from None

    def _connected(self) -> Any:  # noqa: ANN401 - imapclient says nothing of its types
        server = self._settings.imap
        context = ssl.create_default_context(cafile=server.ca_file)
        client: Any = imapclient.IMAPClient(
            server.host,
            port=server.usual_port,
            ssl=server.security == "tls",
            ssl_context=context,
            timeout=server.timeout,
        )
        try:
            if server.security == "starttls":
                if not client.has_capability("STARTTLS"):
                    raise Unreachable(
                        self._words("offers no STARTTLS, and mail is not to travel in the open"),
                        for_good=True,
                    )
                client.starttls(context)
            self._log_in(client)
        except BaseException:
            with contextlib.suppress(Exception):
                client.shutdown()
            raise
        return client

    def _log_in(self, client: Any) -> None:  # noqa: ANN401 - as above
        try:
            client.login(self._settings.login, self._secret.get_secret_value())
        except LoginError as error:
            said = self._said(error)
            words = self._words(f"does not let {self._settings.login} log in: {said}")
            for_good = not any(sign in said.upper() for sign in _NOT_FOR_GOOD)
            raise Unreachable(words, for_good=for_good) from None

    def _said(self, error: Exception) -> str:
        """Return what a server says, without the password that a bad one may repeat."""
        said = _text(error.args[0]) if error.args else type(error).__name__
        secret = self._secret.get_secret_value()
        return on_one_line(said.replace(secret, "…") if secret else said)

    def _words(self, what: str) -> str:
        return f"{self._settings.imap.place} {what}"

    def _drop(self) -> None:
        client, self._client, self._is_idle = self._client, None, False
        if client is not None:
            with contextlib.suppress(Exception):
                client.shutdown()


class _LostError(Unreachable):
    """The session is gone."""


class _RefusedError(Unreachable):
    """The server has said no."""


_USUAL: Final = ("Sent", "INBOX.Sent", "Sent Items", "Sent Messages", "INBOX/Sent")


def _ended(error: Exception) -> str:
    cause = error.__context__ if isinstance(error, imaplib.IMAP4.abort) else error
    return how_it_ended(cause if isinstance(cause, Exception) else None)


def _text(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _utc(moment: object) -> datetime:
    """Return a time of the server's in UTC; without a zone it is this machine's."""
    if not isinstance(moment, datetime):
        return datetime.now(UTC)
    try:
        return max(moment.astimezone(UTC), _OLDEST)
    except (OverflowError, ValueError, OSError):
        return _OLDEST


def _content(parts: Mapping[bytes, Any]) -> bytes | None:
    found = (
        value for name, value in parts.items() if name.startswith((b"BODY[", b"RFC822.HEADER"))
    )
    content = next(found, None)
    return content if isinstance(content, bytes) else None


def _any_of(wanted: Iterable[tuple[str, str]]) -> Iterator[list[object]]:
    """Give criteria that together find what has any of these headers, each not too long."""
    pending: list[list[object]] = []
    length = 0
    for header, text in wanted:
        if not text.isascii() or not text.isprintable():
            continue
        if pending and length + len(text) > _LONGEST_COMMAND:
            yield _alternatives(pending)
            pending, length = [], 0
        pending.append(["HEADER", header, text])
        length += len(text) + 30
    if pending:
        yield _alternatives(pending)


def _alternatives(criteria: list[list[object]]) -> list[object]:
    """Return criteria of which one is enough, as shallow as servers like it."""
    if len(criteria) == 1:
        return criteria[0]
    middle = len(criteria) // 2
    return ["OR", *_alternatives(criteria[:middle]), *_alternatives(criteria[middle:])]

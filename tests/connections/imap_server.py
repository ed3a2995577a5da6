"""A small IMAP server on this machine for the tests: what a mailbox's connection speaks, for real.

Where it and Debian's Dovecot differ in what the tests of the connection see, it is wrong.
"""

import asyncio
import re
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from types import TracebackType
from typing import Any, Final, Self

DROP: Final = "drop the connection"
_A_MOMENT: Final = 0.005
_LITERAL: Final = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")
_TOKEN: Final = re.compile(
    rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|\x00(\d+)\x00|([^\s()"\[\]]*(?:\[[^\]]*\](?:<[^>]*>)?)?))'
)
_DATE: Final = "%d-%b-%Y"
_DATE_TIME: Final = "%d-%b-%Y %H:%M:%S %z"

Token = bytes | list["Token"]


@dataclass
class Kept:
    """One mail in a folder."""

    content: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)

    @property
    def header(self) -> bytes:
        """The mail down to the empty line."""
        head, gap, _ = self.content.partition(b"\r\n\r\n")
        return head + gap

    def holds(self, name: str, text: str) -> bool:
        """Return whether a header of that name holds a text; an empty one is in every header."""
        values = message_from_bytes(self.header, policy=compat32).get_all(name, [])
        return any(text.lower() in " ".join(str(value).split()).lower() for value in values)


@dataclass
class Folder:
    """A folder: its mails by their numbers, which never come twice while ``uidvalidity`` holds."""

    uidvalidity: int
    uidnext: int = 1
    mails: dict[int, Kept] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    read_only: bool = False

    def add(self, content: bytes, *, at: datetime | None = None, flags: Iterable[str] = ()) -> int:
        """Put a mail in, and return its number."""
        number, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[number] = Kept(content, at or datetime.now(UTC), set(flags))
        return number


class ImapServer:
    """Listens on 127.0.0.1 in a thread of its own while the ``with`` statement lasts.

    ``answers`` says what a command is answered with, instead of being carried out: a line such as
    ``NO [LIMIT] too much``, or ``DROP``.
    """

    def __init__(
        self,
        *,
        users: dict[str, str],
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        can_idle: bool = True,
    ) -> None:
        self.folders = {"INBOX": Folder(101), "Sent": Folder(102, marks=("\\Sent",))}
        self.answers: dict[str, str] = {}
        self.said: list[str] = []
        self.port = 0
        self.users = users
        self.tls = tls
        self.from_the_start = from_the_start
        self.can_idle = can_idle
        self._validity = 200
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def inbox(self) -> Folder:
        """Where mail comes in."""
        return self.folders["INBOX"]

    @property
    def sent(self) -> Folder:
        """Where sent mail is kept."""
        return self.folders["Sent"]

    def make_anew(self, name: str) -> Folder:
        """Make a folder anew with the same mails: other numbers, from 1, and another validity."""
        old, self._validity = self.folders.get(name), self._validity + 1
        made = self.folders[name] = Folder(self._validity, marks=old.marks if old else ())
        for mail in old.mails.values() if old else ():
            made.add(mail.content, at=mail.at, flags=mail.flags)
        return made

    def hang_up(self) -> None:
        """Close every connection, as a server does that is started again."""
        self._in_loop(self._cancel_others)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self._in_loop(self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up on everybody."""
        self._in_loop(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            lambda reader, writer: _Session(self, reader, writer).run(),
            "127.0.0.1",
            0,
            ssl=self.tls if self.from_the_start else None,
            limit=2**26,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        await self._cancel_others()

    async def _cancel_others(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _in_loop(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(step(), self._loop).result(10)


class _RefusedError(Exception):
    """What the server says no to, and in which words."""


class _Session:
    def __init__(
        self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._user: str | None = None
        self._folder: Folder | None = None
        self._read_only = True
        self._seen = 0
        self._over_tls = server.from_the_start

    async def run(self) -> None:
        try:
            self._say(f"* OK [CAPABILITY {self._capabilities}] ready")
            while (line := await self._command()) is not None:
                await self._answered(*line)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._writer.transport.abort()

    @property
    def _capabilities(self) -> str:
        more = ["IDLE"] if self._server.can_idle else []
        if self._server.tls is not None and not self._over_tls:
            more += ["STARTTLS", "LOGINDISABLED"]
        return " ".join(["IMAP4rev1", "UIDPLUS", "SPECIAL-USE", *more])

    async def _command(self) -> tuple[str, str, list[Token]] | None:
        line, literals = b"", list[bytes]()
        while True:
            piece = await self._reader.readline()
            if not piece:
                return None
            found = _LITERAL.search(piece)
            if found is None:
                line += piece
                break
            if not found.group(2):
                self._say("+ go on")
                await self._writer.drain()
            line += piece[: found.start()] + b"\0%d\0" % len(literals)
            literals.append(await self._reader.readexactly(int(found.group(1))))
        tag, _, rest = line.strip().partition(b" ")
        name, _, arguments = rest.partition(b" ")
        command = name.decode().upper()
        if command == "UID":
            sub, _, arguments = arguments.partition(b" ")
            command = f"UID {sub.decode().upper()}"
        return tag.decode(), command, _tokens(arguments, literals)

    async def _answered(self, tag: str, command: str, arguments: list[Token]) -> None:
        self._server.said.append(command)
        said = self._server.answers.get(command)
        if said == DROP:
            raise ConnectionResetError
        if said is None:
            try:
                said = await self._carried_out(command, arguments)
            except _RefusedError as refused:
                said = f"NO {refused}"
        self._say(f"{tag} {said}")
        await self._writer.drain()
        if command == "LOGOUT":
            raise ConnectionResetError
        if command == "STARTTLS" and said.startswith("OK"):
            assert self._server.tls is not None
            await self._writer.start_tls(self._server.tls)
            self._over_tls = True

    async def _carried_out(self, command: str, arguments: list[Token]) -> str:
        if command == "IDLE":
            await self._idle()
            return "OK done"
        steps: dict[str, Callable[[list[Token]], str]] = {
            "CAPABILITY": self._capability,
            "NOOP": lambda _: "OK done",
            "LOGOUT": lambda _: "OK goodbye",
            "STARTTLS": lambda _: "OK begin",
            "LOGIN": self._login,
            "LIST": self._list,
            "CREATE": self._create,
            "SUBSCRIBE": lambda _: "OK done",
            "SELECT": lambda given: self._open(given, read_only=False),
            "EXAMINE": lambda given: self._open(given, read_only=True),
            "APPEND": self._append,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID STORE": self._store,
            "UID EXPUNGE": self._expunge,
        }
        step = steps.get(command)
        if step is None:
            return f"BAD unknown command {command}"
        if self._user is None and command not in ("CAPABILITY", "LOGIN", "STARTTLS", "LOGOUT"):
            return "BAD log in first"
        return step(arguments)

    def _say(self, line: str | bytes) -> None:
        self._writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def _capability(self, _: list[Token]) -> str:
        self._say(f"* CAPABILITY {self._capabilities}")
        return "OK done"

    def _login(self, given: list[Token]) -> str:
        if self._server.tls is not None and not self._over_tls:
            raise _RefusedError("[PRIVACYREQUIRED] not in the open")
        user, password = (_text(each) for each in given)
        if self._server.users.get(user) != password:
            raise _RefusedError("[AUTHENTICATIONFAILED] Authentication failed.")
        self._user = user
        return f"OK [CAPABILITY {self._capabilities}] logged in"

    def _list(self, _: list[Token]) -> str:
        for name, folder in self._server.folders.items():
            marks = " ".join(("\\HasNoChildren", *folder.marks))
            self._say(f'* LIST ({marks}) "/" "{name}"')
        return "OK done"

    def _create(self, given: list[Token]) -> str:
        name = _text(given[0])
        if name in self._server.folders:
            raise _RefusedError("[ALREADYEXISTS] is there")
        self._server.make_anew(name)
        return "OK done"

    def _named(self, name: Token) -> Folder:
        folder = self._server.folders.get(_text(name))
        if folder is None:
            raise _RefusedError("[TRYCREATE] no such folder")
        return folder

    def _open(self, given: list[Token], *, read_only: bool) -> str:
        self._folder = None
        folder = self._folder = self._named(given[0])
        self._read_only = read_only or folder.read_only
        self._seen = len(folder.mails)
        self._say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {folder.uidvalidity}] valid")
        self._say(f"* OK [UIDNEXT {folder.uidnext}] next")
        return f"OK [{'READ-ONLY' if self._read_only else 'READ-WRITE'}] open"

    def _append(self, given: list[Token]) -> str:
        folder = self._named(given[0])
        if folder.read_only:
            raise _RefusedError("[NOPERM] not here")
        flags = next((each for each in given[1:-1] if isinstance(each, list)), [])
        dates = [each for each in given[1:-1] if isinstance(each, bytes)]
        at = None
        if dates:
            at = datetime.strptime(_text(dates[0]).strip(), _DATE_TIME)  # noqa: DTZ007 - has %z
        content = given[-1]
        assert isinstance(content, bytes)
        number = folder.add(content, at=at, flags=map(_text, flags))
        return f"OK [APPENDUID {folder.uidvalidity} {number}] kept"

    @property
    def _selected(self) -> Folder:
        if self._folder is None:
            raise _RefusedError("no folder is open")
        return self._folder

    def _search(self, given: list[Token]) -> str:
        folder = self._selected
        words = [each if isinstance(each, bytes) else b"" for each in given]
        criteria = _Criteria(words, folder)
        found = [str(number) for number, mail in folder.mails.items() if criteria.fit(number, mail)]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK done"

    def _fetch(self, given: list[Token]) -> str:
        folder = self._selected
        items = given[1] if isinstance(given[1], list) else [given[1]]
        places = {number: place for place, number in enumerate(sorted(folder.mails), start=1)}
        for number in _numbers(_text(given[0]), folder):
            mail = folder.mails[number]
            parts = [b"UID %d" % number, *(_item(_text(item), mail) for item in items)]
            self._say(b"* %d FETCH (%s)" % (places[number], b" ".join(parts)))
        return "OK done"

    def _store(self, given: list[Token]) -> str:
        if self._read_only:
            raise _RefusedError("[READ-ONLY] open for reading")
        flags = set(map(_text, given[2] if isinstance(given[2], list) else [given[2]]))
        how = _text(given[1])
        for number in _numbers(_text(given[0]), self._selected):
            mail = self._selected.mails[number]
            mail.flags = mail.flags - flags if how.startswith("-") else mail.flags | flags
        return "OK done"

    def _expunge(self, given: list[Token]) -> str:
        for number in _numbers(_text(given[0]), self._selected):
            if "\\Deleted" in self._selected.mails[number].flags:
                del self._selected.mails[number]
        return "OK done"

    async def _idle(self) -> None:
        folder = self._selected
        self._say("+ idling")
        reading = asyncio.ensure_future(self._reader.readline())
        try:
            while not reading.done():
                if len(folder.mails) != self._seen:
                    self._seen = len(folder.mails)
                    self._say(f"* {self._seen} EXISTS")
                    await self._writer.drain()
                await asyncio.wait({reading}, timeout=_A_MOMENT)
        finally:
            reading.cancel()
        if not reading.done() or not reading.result():
            raise ConnectionResetError


class _Criteria:
    """What a search asks for, read from the left."""

    def __init__(self, words: list[bytes], folder: Folder) -> None:
        self._words = iter(words)
        self._folder = folder
        self._all: list[Callable[[int, Kept], bool]] = []
        for word in self._words:
            self._all.append(self._criterion(word.decode().upper()))

    def fit(self, number: int, mail: Kept) -> bool:
        return all(criterion(number, mail) for criterion in self._all)

    def _next(self) -> str:
        return next(self._words).decode()

    def _criterion(self, word: str) -> Callable[[int, Kept], bool]:
        if word == "NOT":
            inner = self._criterion(self._next().upper())
            return lambda number, mail: not inner(number, mail)
        if word == "OR":
            one, other = (self._criterion(self._next().upper()) for _ in range(2))
            return lambda number, mail: one(number, mail) or other(number, mail)
        if word in ("FLAGGED", "DELETED", "UNDELETED"):
            flag = f"\\{word.removeprefix('UN').title()}"
            return lambda _, mail: (flag in mail.flags) != word.startswith("UN")
        if word == "UID":
            wanted = set(_numbers(self._next(), self._folder))
            return lambda number, _: number in wanted
        if word == "SINCE":
            day = datetime.strptime(self._next(), _DATE).date()  # noqa: DTZ007 - a day
            return lambda _, mail: mail.at.date() >= day
        if word not in ("HEADER", "SUBJECT"):
            raise _RefusedError(f"[CANNOT] search for {word}")
        name = self._next() if word == "HEADER" else "Subject"
        text = self._next()
        return lambda _, mail: mail.holds(name, text)


def _numbers(written: str, folder: Folder) -> Iterator[int]:
    """Give the numbers that are there; ``n:*`` names the newest mail, be its number lower."""
    newest = max(folder.mails, default=0)
    wanted: set[int] = set()
    for piece in written.split(","):
        first, colon, last = piece.partition(":")
        ends = sorted(
            newest if each == "*" else int(each) for each in (first, last if colon else first)
        )
        wanted |= {number for number in folder.mails if ends[0] <= number <= ends[1]}
    yield from sorted(wanted)


def _item(item: str, mail: Kept) -> bytes:
    name = item.upper()
    if name == "FLAGS":
        return f"FLAGS ({' '.join(sorted(mail.flags))})".encode()
    if name == "INTERNALDATE":
        return f'INTERNALDATE "{mail.at.strftime(_DATE_TIME)}"'.encode()
    if name == "RFC822.SIZE":
        return b"RFC822.SIZE %d" % len(mail.content)
    if name == "BODY.PEEK[HEADER]":
        return _literal(b"BODY[HEADER]", mail.header)
    part = re.fullmatch(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>", name)
    if part is not None:
        start, length = map(int, part.groups())
        return _literal(b"BODY[]<%d>" % start, mail.content[start : start + length])
    raise _RefusedError(f"[CANNOT] fetch {item}")


def _literal(name: bytes, content: bytes) -> bytes:
    return b"%s {%d}\r\n%s" % (name, len(content), content)


def _tokens(line: bytes, literals: list[bytes]) -> list[Token]:
    stack: list[list[Token]] = [[]]
    at = 0
    while at < len(line):
        found = _TOKEN.match(line, at)
        if found is None or found.end() == at:
            break
        at = found.end()
        opens, closes, quoted, literal, atom = found.groups()
        if opens:
            inner: list[Token] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif closes:
            stack.pop()
        elif quoted is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted))
        elif literal is not None:
            stack[-1].append(literals[int(literal)])
        elif atom:
            stack[-1].append(atom)
    return stack[0]


def _text(token: Token) -> str:
    assert isinstance(token, bytes)
    return token.decode()

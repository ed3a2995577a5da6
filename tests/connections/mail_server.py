"""A real mail server on this machine for the tests, which does what they ask of it."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP: Final = "drop the connection"
STALL: Final = "never answer"
OK: Final = "250 OK"

_A_MOMENT = 0.005


@dataclass(frozen=True)
class Taken:
    """One mail that the server has taken; ``over_tls`` says whether nobody could listen."""

    sender: str
    recipient: str
    content: bytes
    over_tls: bool
    logged_in_as: str | None

    @property
    def message(self) -> EmailMessage:
        """The mail as its reader sees it."""
        read = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


def unflowed(text: str) -> str:
    """Return a text as a mail program shows it that knows flowing lines (RFC 3676)."""
    lines = [line.removeprefix(" ") for line in text.replace("\r\n", "\n").split("\n")]
    flowing = [line.endswith(" ") and line != "-- " for line in lines]
    return "".join(
        line if goes_on else f"{line}\n" for line, goes_on in zip(lines, flowing, strict=True)
    )[:-1]


@dataclass
class Held:
    """A step at which the server waits: ``reached`` says so, ``go_on`` lets it answer."""

    step: str
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@dataclass
class Behaviour:
    """What the server says at every step; at a step that is not named it agrees.

    The steps are ``MAIL``, ``RCPT`` (all of them or ``RCPT`` and an address), ``DATA`` (after
    "go ahead", before the message) and ``END`` (the message is there whole).
    """

    answers: dict[str, str] = field(default_factory=dict)
    most_per_connection: int = 1_000_000
    held: Held | None = None
    slow: dict[str, float] = field(default_factory=dict)
    """How many seconds it takes over a step."""


class _Handler:
    def __init__(self, server: "MailServer") -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._server.answer(server, "MAIL")
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._server.answer(server, f"RCPT {address}", "RCPT")
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self._server.behaviour.answers.get("END", OK)
        if answer in (OK, DROP, STALL):
            self._server.take(session, envelope)
        return await self._server.answer(server, "END")


class _Protocol(SMTP):
    """The library's server, but for what it does at "go ahead"."""

    tests_server: "MailServer"

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the library's name
        if "DATA" in self.tests_server.behaviour.answers:
            await self.push("354 go ahead")
            await self.push(await self.tests_server.answer(self, "DATA"))
        else:
            await super().smtp_DATA(arg)


class MailServer:
    """Listens on 127.0.0.1 in a thread of its own while the ``with`` statement lasts."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        users: dict[str, str] | None = None,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN"),
        behaviour: Behaviour | None = None,
        utf8_addresses: bool = True,
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.taken: list[Taken] = []
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._from_the_start = from_the_start
        self._users = users
        self._mechanisms = mechanisms
        self._utf8_addresses = utf8_addresses
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

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

    def take(self, session: Session, envelope: Envelope) -> None:
        """Keep a mail that has come whole."""
        content = envelope.original_content
        assert content is not None
        assert envelope.mail_from is not None
        self.taken.append(
            Taken(
                sender=envelope.mail_from,
                recipient=",".join(envelope.rcpt_tos),
                content=content,
                over_tls=self._from_the_start or session.ssl is not None,
                logged_in_as=session.auth_data,
            )
        )

    async def answer(self, server: SMTP, *steps: str) -> str:
        """Return what to say at a step; dropped and stalled connections say nothing."""
        await asyncio.sleep(max((self.behaviour.slow.get(step, 0.0) for step in steps), default=0))
        held = self.behaviour.held
        if held is not None and held.step in steps:
            held.reached.set()
            while not held.go_on.is_set():
                await asyncio.sleep(_A_MOMENT)
        answers = self.behaviour.answers
        answer = next((answers[step] for step in steps if step in answers), OK)
        if answer == DROP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if answer in (DROP, STALL):
            await asyncio.Event().wait()  # until the connection is over
        return answer

    def _protocol(self) -> SMTP:
        self.connections += 1
        protocol = _Protocol(
            _Handler(self),
            hostname="mail.example.com",
            tls_context=None if self._from_the_start else self._tls,
            enable_SMTPUTF8=self._utf8_addresses,
            authenticator=self._authenticated,
            auth_required=self._users is not None,
            auth_require_tls=self._tls is not None and not self._from_the_start,
            auth_exclude_mechanism={"PLAIN", "LOGIN"} - set(self._mechanisms),
            data_size_limit=None,
            command_call_limit={"MAIL": self.behaviour.most_per_connection, "*": 10_000},
            loop=self._loop,
        )
        protocol.tests_server = self
        return protocol

    def _authenticated(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        user, password = given.login.decode(), given.password.decode()
        right = (self._users or {}).get(user) == password
        answers = self.behaviour.answers
        message = None if right else answers.get("AUTH", "").replace("PASSWORD", password) or None
        return AuthResult(success=right, handled=message is None, message=message, auth_data=user)

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            self._protocol,
            "127.0.0.1",
            0,
            ssl=self._tls if self._from_the_start else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _in_loop(self, step: Callable[[], object]) -> None:
        coroutine = step()
        assert asyncio.iscoroutine(coroutine)
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

"""A mail server for the demonstration alone: it takes everything, and sends nothing on."""

import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Self

_MOST_LINES: Final = 50_000
_LONGEST_LINE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that arrived, as its reader sees it."""

    to: str
    subject: str
    body: str


class MailSink:
    """Listens on this machine alone, in a thread, while the ``with`` statement lasts."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        sink = self

        class Conversation(_Conversation):
            def take(self, content: bytes) -> None:
                sink.arrived.append(_read(content))

        self._server = _Server(("127.0.0.1", 0), Conversation)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening; what arrived stays."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hung up."""


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as handing over a mail takes."""

    timeout = 60

    def handle(self) -> None:
        """Answer line by line until the client is done."""
        self._say("220 numberone's demonstration")
        while line := self.rfile.readline(_LONGEST_LINE):
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go ahead")
                self.take(self._content())
            elif verb == b"QUIT":
                self._say("221 goodbye")
                return
            known = verb in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"NOOP")
            self._say("250 OK" if known else "502 not here")

    def take(self, content: bytes) -> None:
        """Keep a mail that has come whole."""
        raise NotImplementedError

    def _content(self) -> bytes:
        lines = []
        for _ in range(_MOST_LINES):
            line = self.rfile.readline(_LONGEST_LINE)
            if line in (b".\r\n", b".\n", b""):
                break
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _read(content: bytes) -> Arrived:
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    body = str(message.get_content())
    return Arrived(to=str(message["To"]), subject=str(message["Subject"]), body=body)

"""A mailbox as those see it who have nothing to do with us: customers and their programs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import count
from pathlib import Path
from typing import Any, Final

import imapclient
from pydantic import SecretStr

from connections.helpdesks.help_desk import (
    START,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
    StepKind,
)
from connections.helpdesks.mailbox import mailbox
from tests.connections.imap_server import ImapServer
from tests.connections.mail_server import MailServer

DESK: Final = "support@example.com"
PASSWORD: Final = "a-secret-of-the-tests"  # noqa: S105 - of nobody else
MEMBERS: Final = frozenset({"luz@example.com", "tomasz@example.com"})
MAILS: Final = Path(__file__).parent / "mails"
_NUMBERS: Final = count(1)
_PATIENCE: Final = 20.0


def mail(text: str = "Hello.", **headers: str | None) -> bytes:
    """Return a mail of Ida's to the desk, with other headers where they are given.

    An underscore stands for the hyphen in a header's name; None leaves the header out.
    """
    number = next(_NUMBERS)
    plain: dict[str, str | None] = {
        "From": "Ida Moe <ida@acme.example>",
        "To": DESK,
        "Subject": f"Question {number}",
        "Message-ID": f"<question-{number}@acme.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    plain |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in plain.items() if value is not None]
    return "\r\n".join([*lines, "", *text.split("\n"), ""]).encode()


def kept_mail(file: Path) -> bytes:
    """Return a mail that is kept as a file, with the line ends that mail has on its way."""
    return file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def answer(ticket: str, text: str = "We are on it.", **fields: Any) -> OutgoingStep:  # noqa: ANN401 - JSON
    """Return an answer of Luz's that is made now, with a mark of its own."""
    plain: dict[str, Any] = {
        "mark": f"n1-{next(_NUMBERS)}",
        "kind": StepKind.ANSWER,
        "external_id": ticket,
        "author": "luz",
        "author_name": "Luz Ortega",
        "made_at": datetime.now(UTC),
        "text": text,
    }
    return OutgoingStep(**(plain | fields))


@dataclass
class Post:
    """A mailbox of one test: ``user`` logs in to the IMAP server at ``port``, ``smtp`` sends.

    ``server`` is the in-process one, None for a real one.
    """

    port: int
    user: str
    smtp: MailServer
    server: ImapServer | None = None
    imap: Any = field(init=False)

    def __post_init__(self) -> None:
        """Log in, with a mail program of the test's own."""
        self.imap = imapclient.IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=20)
        self.imap.login(self.user, PASSWORD)

    def close(self) -> None:
        """Hang up."""
        self.imap.shutdown()

    def table(self, **more: object) -> dict[str, object]:
        """Return the settings of the connection."""
        plain: dict[str, object] = {
            "name": "desk",
            "kind": "mailbox",
            "address": DESK,
            "aliases": ["help@example.com"],
            "sender_name": "Example Support",
            "username": self.user,
            "imap": {"host": "127.0.0.1", "port": self.port, "security": "none", "timeout": 10},
            "smtp": {
                "host": "127.0.0.1",
                "port": self.smtp.port,
                "security": "none",
                "login": False,
                "timeout": 2,
            },
        }
        return plain | more

    def desk(self, **more: object) -> HelpDesk:
        """Return what we speak to the mailbox with."""
        return mailbox(self.table(**more), SecretStr(PASSWORD), MEMBERS)

    def comes(self, content: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Have a mail come into a folder."""
        self.imap.append(folder, content, msg_time=at)

    def all_mails_come(self) -> None:
        """Have every mail come that is kept as a file, a minute after the one before."""
        at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        for file in sorted(MAILS.glob("*.eml")):
            at += timedelta(minutes=7)
            self.comes(kept_mail(file), "Sent" if "-sent-" in file.name else "INBOX", at)

    def in_sent(self) -> list[tuple[str, set[bytes]]]:
        """Return the Message-IDs and flags of what lies in the folder of sent mail."""
        self.imap.select_folder("Sent", readonly=True)
        found = self.imap.fetch(self.imap.search("ALL"), ["BODY.PEEK[HEADER]", "FLAGS"])
        return [
            (
                str(message_from_bytes(parts[b"BODY[HEADER]"])["Message-ID"]),
                set(parts[b"FLAGS"]) - {b"\\Recent"},
            )
            for parts in found.values()
        ]

    def is_made_anew(self) -> None:
        """Have the inbox made anew, with the same mails in it."""
        if self.server is not None:
            self.server.make_anew("INBOX")
            return
        self.imap.rename_folder("INBOX", "Old")
        self.imap.select_folder("Old")
        self.imap.copy(self.imap.search("ALL"), "INBOX")


@dataclass
class Heard:
    """What a mailbox has told so far, by ticket, read on at each ``read``."""

    desk: HelpDesk
    cursor: Cursor = field(default_factory=lambda: START)
    records: dict[str, Mapping[str, object]] = field(default_factory=dict)
    messages: dict[str, dict[str, MessageRead]] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    undelivered: dict[str, str] = field(default_factory=dict)
    told: int = 0

    def read(self, limit: int = 100) -> Reading:
        """Read until there is no more to be read at once; return the last reading."""
        while True:
            reading = self.desk.changes(self.cursor, limit)
            self.cursor = reading.cursor
            for ticket in reading.tickets:
                assert ticket.record is not None
                self.records[ticket.external_id] = ticket.record
                known = self.messages.setdefault(ticket.external_id, {})
                self.told += len(ticket.messages)
                for message in ticket.messages:
                    known.setdefault(message.external_id, message)
                self.marks |= ticket.marks
                self.undelivered.update(ticket.undelivered)
            if not reading.more:
                return reading

    def until(self, told: int) -> None:
        """Read again and again until so many messages were told; the server says when they come."""
        ends_at = time.monotonic() + _PATIENCE
        self.read()
        while self.told < told:
            assert time.monotonic() < ends_at, f"{self.told} told, and {told} are there"
            self.read()

    def texts(self, ticket: str) -> list[str]:
        """Return what is written in a ticket, in the order in which it was written."""
        written = sorted(self.messages.get(ticket, {}).values(), key=lambda each: each.at)
        return [each.text for each in written]

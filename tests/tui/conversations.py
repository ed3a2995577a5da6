"""A desk that is connected to a small help desk, for boards: with threads, and with bad days."""

from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connections.helpdesks.help_desk import AttachmentRead
from connections.sync import kinds
from connections.sync.kinds import Kind
from connections.sync.rounds import Round, Syncer
from policy.conversation.connections import ConnectionEntry
from policy.intake.conversation import MessageRole
from store.desk import Desk
from tests.connections.sync.small_help_desk import MAPPING, SmallHelpDesk
from tests.databases import address_of, made
from tests.tui.boards import NOW, Driver

CUSTOMER, US, PROGRAM = MessageRole.CUSTOMER, MessageRole.US, MessageRole.PROGRAM

ENTRY = ConnectionEntry(
    name="desk", kind="small", address="https://desk.example", settings={"tickets": MAPPING}
)

ASKED = "Our instance is down for everyone.\n\nIt began at half past one.\n\nAda"
ANSWERED = "Dear Ada,\n\ncould you restart the search node?\n\nLuz"
NOTED = "Looks like the bug of last week."
WROTE_AGAIN = """Thank you, that is quick.

We restarted it and it came back for ten minutes, then the same error again.

On Wed, 4 Mar 2026 at 13:45, Luz wrote:
> Dear Ada,
>
> could you restart the search node?
>
> Luz
"""


@dataclass
class Connected:
    """A desk in ``path`` whose tickets come from a small help desk, and the time for both."""

    path: Path
    there: SmallHelpDesk
    now: datetime = NOW
    names: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        """Return the time."""
        return self.now

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def round(self) -> Round:
        """Go round once, as a loop beside the board does."""
        self.there.now = self.now
        with closing(self.opened("loop")) as desk:
            done = Syncer(desk, ENTRY, "loop", lambda _: self.there).round()
            assert done.error is None, done.error
            return done

    def opened(self, actor: str = "mariam") -> Desk:
        """Open the desk."""
        return Desk.open(address_of(self.path), actor=actor, clock=self.clock)


def connected(path: Path, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Return a desk with a thread in its number one, and a second ticket behind it."""
    made(path)
    both = Connected(path, SmallHelpDesk(now=NOW))
    kind = Kind("none", lambda _, __: None, lambda _, __, ___: both.there)
    monkeypatch.setattr(kinds, "KINDS", {**kinds.KINDS, "small": kind})
    monkeypatch.setattr("connections.sync.connection_file.KINDS", kinds.KINDS)
    monkeypatch.setenv("NUMBERONE_DESK_TOKEN", "planted")
    with closing(both.opened()) as desk:
        desk.connections.import_entries([ENTRY])
    there = both.there
    there.now = NOW - timedelta(minutes=35)
    first = there.asked("Instance down for all users", text=ASKED)
    there.now += timedelta(minutes=15)
    there.says(first, US, ANSWERED)
    there.says(first, US, NOTED, public=False)
    there.says(first, PROGRAM, "We have got your message.")
    there.now += timedelta(minutes=10)
    there.says(first, CUSTOMER, WROTE_AGAIN, author="ada@acme.example")
    attach(there, first, "search.log", b"error: pool exhausted\n" * 200)
    there.now += timedelta(minutes=2)
    second = there.asked("Export drops columns", customer="Globex", tier="free", text="It drops.")
    both.names += [first, second]
    both.round()
    return both


def attach(there: SmallHelpDesk, name: str, file: str, content: bytes) -> None:
    """Attach a file to the last message of a ticket there; what it holds is its reference."""
    *before, last = there.tickets[name].messages
    attachment = AttachmentRead(
        name=file, media_type="text/plain", size=len(content), reference=content.decode()
    )
    last = replace(last, attachments=(*last.attachments, attachment))
    there.tickets[name].messages = [*before, last]


def pane(board: Driver) -> str:
    """Return the text about the ticket in one line, without the signs at the left of it."""
    return " ".join(each for each in board.ticket.split() if each not in "┃│║┆")

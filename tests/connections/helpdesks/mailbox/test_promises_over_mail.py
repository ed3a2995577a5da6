"""A day of hard choices over mail: told, answered, told again before it breaks, kept and broken."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from connections.delivery.mail import MailSettings
from connections.delivery.mail_way import MailWay
from connections.delivery.outbox import Outbox
from connections.sync.rounds import Syncer
from policy.conversation.connections import ConnectionEntry
from policy.words import Mode, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.connections.helpdesks.mailbox.mailboxes import DESK, Post, mail
from tests.store.clock import Clock
from tests.store.teams import team

ENTRY: Final = ConnectionEntry(name="mail", kind="mailbox", address=DESK, settings={})
CUSTOMERS: Final = ("ada", "bo", "cy", "dee", "eve", "flo")


class Day:
    """One day at a desk whose tickets live in a mailbox, and whose notices go out by SMTP."""

    def __init__(self, desk: Desk, post: Post, clock: Clock) -> None:
        self.desk = desk
        self._post = post
        self._clock = clock
        plain = {"host": "127.0.0.1", "port": post.smtp.port, "security": "none"}
        sender = {"sender_address": DESK, "sender_name": "Example support"}
        self._way = MailWay(MailSettings.model_validate(plain | sender))

    def writes(self, who: str, text: str, **headers: str | None) -> None:
        """Have somebody write to the desk, a minute later."""
        now = self._clock.advance(minutes=1)
        sender = f"{who.title()} <{who}@{who}.example>"
        date = f"{now:%a, %d %b %Y %H:%M:%S} +0000"
        self._post.comes(mail(text, **{"From": sender, "Date": date, **headers}), at=now)

    def sync(self) -> None:
        """Read what came into the mailbox, and send the answers."""
        mailbox = self._post.desk(name="mail")
        assert Syncer(self.desk, ENTRY, "loop", lambda _: mailbox).round().error is None
        mailbox.close()

    def tell(self) -> list[str]:
        """Send the drafts there are; return to whom they went."""
        before = len(self._post.smtp.taken)
        self.desk.waits.send(self.desk.waits.read().drafts, domain="example.com")
        self._clock.advance(seconds=11)
        with Outbox((self._way,)) as outbox:
            while outbox.send_next(self.desk.waits, "loop"):
                pass
        return sorted(each.recipient for each in self._post.smtp.taken[before:])

    def answers(self, who: str) -> None:
        """Answer somebody, through the mailbox."""
        self.desk.conversation.answer(self.ticket(who), f"Dear {who}, done.", Status.PENDING)
        self.sync()

    def ticket(self, who: str) -> int:
        """Return the number of somebody's ticket."""
        found = self.desk.queue.page(Query(Scope.ALL), 0, None)
        (number,) = (
            each.id
            for each in found
            if each.requester is not None and each.requester.name == who.title()
        )
        return number

    def promised(self, who: str) -> datetime:
        """Return by when somebody was promised an answer last."""
        number = self.ticket(who)
        ledger = self.desk.waits.read().ledger
        found = [each for each in ledger if number in each.tickets and each.expect_by is not None]
        by = max(found, key=lambda each: each.id).expect_by
        assert by is not None
        return by


def test_promises_are_made_renewed_kept_and_broken(post: Post, tmp_path: Path) -> None:
    clock = Clock()
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="lee", clock=clock)) as desk:
        desk.team.import_members(team(early=9, late=2))
        desk.connections.import_entries([ENTRY])
        day = Day(desk, post, clock)
        for who in CUSTOMERS:
            day.writes(who, "It is slow.", Subject=f"Slow at {who}")
        day.sync()
        for number in range(1, 9):
            desk.team.mark_out(f"early{number}", reason="flu")
        assert desk.policy.mode().mode is Mode.HARD_CHOICES
        clock.advance(hours=2, minutes=30)
        assert day.tell() == [f"{who}@{who}.example" for who in CUSTOMERS]

        # A customer writes back: the ticket that it is about, and no other.
        notice = next(each.message for each in post.smtp.taken if "bo@" in each.recipient)
        assert f"[#{day.ticket('bo')}]" in notice["Subject"]
        day.writes("bo", "Thanks!", In_Reply_To=notice["Message-ID"], Subject="Re: your notice")
        day.sync()
        said = [each.text.strip() for each in desk.conversation.of(day.ticket("bo"))]
        assert said == ["It is slow.", "Thanks!"]

        # In time; and the promise to who stands last is about to break, as more people go out.
        day.answers("ada")
        day.answers("bo")
        first = day.promised("flo")
        tomorrow = clock.now.replace(hour=8, minute=0) + timedelta(days=1)
        for login in ("early9", "late1", "late2"):
            desk.team.mark_out(login, until=tomorrow, reason="flu")
        told_again = day.tell()
        assert "flo@flo.example" in told_again
        assert "ada@ada.example" not in told_again
        assert day.promised("flo") > first
        again = post.smtp.taken[-1].message.get_content()
        assert again.startswith("We wrote to you before")

        # What is answered after the time is broken, what is answered before is kept.
        clock.now = day.promised("flo") - timedelta(minutes=20)
        day.answers("flo")
        clock.now = max(day.promised(who) for who in CUSTOMERS) + timedelta(minutes=1)
        kept = desk.waits.read().promises
        assert (kept.kept, kept.due) == (3, 6 + len(told_again))
        assert sum(each.due for each in desk.waits.basis().margins.values()) == kept.due

"""A customer's answer to a wait notice finds its ticket, whatever it was imported from."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest

from connections.delivery.mail import MailSettings
from connections.delivery.mail_way import MailWay
from connections.delivery.outbox import Outbox
from connections.sync.rounds import Syncer
from policy.conversation.connections import ConnectionEntry
from policy.words import NoticeState, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.connections.helpdesks.mailbox.mailboxes import DESK, Post, mail
from tests.examples import incoming
from tests.store.clock import Clock
from tests.store.teams import team

ENTRY: Final = ConnectionEntry(name="mail", kind="mailbox", address=DESK, settings={})
EVE: Final = "Eve Ng <eve@acme.example>"


@dataclass
class Told:
    """A desk of whom Eve was told that three tickets wait, and the mailbox she may answer to."""

    desk: Desk
    post: Post
    clock: Clock
    notice: EmailMessage

    def comes(self, text: str, **headers: str | None) -> None:
        """Have a mail come a minute later, and read the mailbox."""
        now = self.clock.advance(minutes=1)
        date = f"{now:%a, %d %b %Y %H:%M:%S} +0000"
        self.post.comes(mail(text, **{"From": EVE, "Date": date, **headers}), at=now)
        self.read()

    def read(self) -> None:
        """Read what came into the mailbox."""
        desk = self.post.desk(name="mail")
        assert Syncer(self.desk, ENTRY, "loop", lambda _: desk).round().error is None
        desk.close()

    def said(self, ticket: int) -> list[str]:
        """Return what was written in a ticket."""
        return [each.text.strip() for each in self.desk.conversation.of(ticket)]

    @property
    def tickets(self) -> int:
        """How many tickets there are."""
        return self.desk.queue.total(Query(Scope.ALL))


@pytest.fixture
def told(post: Post, tmp_path: Path) -> Iterator[Told]:
    """Give a desk on which Eve, with three tickets of a file, has been sent a notice."""
    clock = Clock()
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="lee", clock=clock)) as desk:
        desk.team.import_members(team(early=1))
        desk.transfer.take_in(
            [
                incoming(
                    number,
                    body=f"Number {number}.",
                    requester_name="Eve Ng",
                    requester_email="Eve@acme.example",
                )
                for number in range(1, 4)
            ]
        )
        desk.team.mark_out("early1")
        clock.advance(hours=1)
        desk.waits.send(desk.waits.read().drafts, domain="example.com")
        clock.advance(seconds=11)
        way = MailWay(
            MailSettings.model_validate(
                {
                    "host": "127.0.0.1",
                    "port": post.smtp.port,
                    "security": "none",
                    "sender_address": DESK,
                    "sender_name": "Example support",
                }
            )
        )
        with Outbox((way,)) as outbox:
            delivered = outbox.send_next(desk.waits, "loop")
        assert delivered is not None
        (taken,) = post.smtp.taken
        desk.connections.import_entries([ENTRY])
        yield Told(desk, post, clock, taken.message)


def test_an_answer_goes_to_the_first_ticket_that_still_waits(told: Told) -> None:
    told.desk.tickets.reply(1, Status.PENDING)
    told.comes("It is urgent!", In_Reply_To=told.notice["Message-ID"], Subject="Re: hm")
    assert told.said(2) == ["Number 2.", "It is urgent!"]
    assert told.said(1) == ["Number 1."]
    event = told.desk.tickets.history(2)[-1]
    assert (event.kind, event.note) == ("heard", "an answer to the notice also about #1, #3")
    assert told.tickets == 3
    told.desk.connections.import_entries([])
    told.desk.connections.import_entries([ENTRY])
    told.desk.tickets.reply(2, Status.PENDING)
    told.comes("And more.", References=f"{told.notice['Message-ID']} <x@acme.example>")
    assert told.said(2) == ["Number 2.", "It is urgent!"], "what is read anew stays where it was"
    assert told.said(3) == ["Number 3.", "And more."]


def test_who_goes_on_writing_goes_on_where_the_answer_was_put(told: Told) -> None:
    told.comes("Hello?", In_Reply_To=told.notice["Message-ID"], Message_ID="<one@acme.example>")
    told.desk.tickets.reply(1, Status.PENDING)
    thread = f"{told.notice['Message-ID']} <one@acme.example>"
    told.comes("More.", In_Reply_To="<one@acme.example>", References=thread)
    told.comes("Bye.", In_Reply_To="<one@acme.example>")
    assert told.said(1) == ["Number 1.", "Hello?", "More.", "Bye."]
    assert told.said(2) == ["Number 2."]
    assert told.tickets == 3


def test_an_answer_opens_again_what_was_answered_meanwhile(told: Told) -> None:
    for ticket in (1, 2, 3):
        told.desk.tickets.reply(ticket, Status.PENDING)
    told.comes("Not yet.", In_Reply_To=told.notice["Message-ID"])
    first = told.desk.tickets.get(1)
    assert (first.status, first.owed) == (Status.OPEN, True)
    assert first.waiting_since == told.clock.now


def test_the_subject_finds_the_ticket_where_a_program_drops_all_else(told: Told) -> None:
    assert all(f"[#{number}]" in told.notice["Subject"] for number in (1, 2, 3))
    told.comes("Only of the third.", Subject="AW: [#3]")
    assert told.said(3) == ["Number 3.", "Only of the third."]
    assert told.tickets == 3


def test_a_reference_in_the_subject_of_somebody_else_finds_nothing(told: Told) -> None:
    told.comes("Let me in.", Subject="Re: [#3]", From="mallory@evil.example")
    assert told.said(3) == ["Number 3."]


def test_a_ticket_that_is_closed_takes_no_answer_any_more(told: Told) -> None:
    for ticket in (1, 2, 3):
        told.desk.tickets.reply(ticket)
        told.desk.tickets.set_status(ticket, Status.CLOSED)
    told.comes("Again.", In_Reply_To=told.notice["Message-ID"])
    assert [told.said(ticket) for ticket in (1, 2, 3)] == [[f"Number {n}."] for n in (1, 2, 3)]


def test_a_notice_that_comes_back_counts_as_not_told_and_its_address_as_failed(told: Told) -> None:
    parts = [
        "--x\nContent-Type: text/plain\n\nNot delivered.\n",
        "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n"
        "Final-Recipient: rfc822; eve@acme.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n",
        f"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: {told.notice['Message-ID']}\n",
        "--x--",
    ]
    told.comes(
        "\n".join(parts),
        From="MAILER-DAEMON@mx.acme.example",
        Subject="Undelivered Mail Returned to Sender",
        Content_Type='multipart/report; report-type=delivery-status; boundary="x"',
    )
    waits = told.desk.waits.read()
    assert [each.state for each in waits.ledger] == [NoticeState.UNDELIVERABLE]
    assert waits.ledger[0].outcome == (
        "cannot be reached at Eve@acme.example:"
        " not delivered to eve@acme.example: 550 5.1.1 no such user"
    )
    assert waits.drafts == ()
    (gone,) = waits.unreachable
    assert (gone.customer, len(gone.tickets)) == ("Acme", 3)
    assert told.desk.tickets.history(1)[-1].kind == "wait_undeliverable"

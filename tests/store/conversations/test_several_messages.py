"""Customers who write several times: their first message since our last answer counts."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from policy.conversation.connections import ConnectionEntry, ConversationRead
from policy.conversation.messages import IncomingMessage
from policy.intake.conversation import MessageRole
from policy.words import Status
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.checking import check
from tests.store.clock import Clock

CUSTOMER, US = MessageRole.CUSTOMER, MessageRole.US
ENTRY = ConnectionEntry(name="desk", kind="small", address="https://desk.example", settings={})


class Sourced:
    """A desk that is told of one ticket by a connection, message after message."""

    def __init__(self, address: str) -> None:
        self.clock = Clock()
        self.address = address
        self.desk = Desk.open(address, actor="mo", clock=self.clock)
        self.desk.connections.import_entries([ENTRY])
        self._cursor = 0
        self._number = 0

    def told(self, *said: tuple[MessageRole, int]) -> None:
        """Read messages of some roles, so many minutes after the ticket came."""
        messages = []
        for role, minutes in said:
            self._number += 1
            messages.append(self._message(str(self._number), role, minutes))
        ticket = incoming(7, source="desk", received_at=MONDAY)
        read = ConversationRead(external_id="7", ticket=ticket, messages=messages)
        self.clock.now = MONDAY + timedelta(minutes=max(minutes for _, minutes in said) + 1)
        assert self.desk.connections.lease("desk", "loop")
        before: dict[str, object] = {"n": self._cursor} if self._cursor else {}
        self._cursor += 1
        self.desk.connections.take_in(
            "desk",
            "loop",
            [read],
            since=before,
            cursor={"n": self._cursor},
            read_until=self.clock.now,
        )

    def _message(self, name: str, role: MessageRole, minutes: int) -> IncomingMessage:
        return IncomingMessage(
            external_id=name,
            at=minutes_on(minutes),
            role=role,
            public=True,
            author="ada@acme.example",
            name="Ada",
            text=f"Message {name}",
        )

    @property
    def waiting_since(self) -> datetime | None:
        """Since when the customer waits."""
        return self.desk.tickets.get(1).waiting_since


def minutes_on(minutes: int) -> datetime:
    """Return so many minutes after the ticket came."""
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def sourced(address: str) -> Iterator[Sourced]:
    made = Sourced(address)
    with closing(made.desk):
        yield made
        assert made.desk.transfer.problems() == []
        check(made.desk, made.address)


@pytest.mark.parametrize("apart", [False, True])
def test_further_messages_do_not_reset_it(sourced: Sourced, apart: bool) -> None:
    words = [(CUSTOMER, 0), (US, 10), (CUSTOMER, 20), (CUSTOMER, 30), (CUSTOMER, 40)]
    if apart:
        for each in words:
            sourced.told(each)
    else:
        sourced.told(*words)
    assert sourced.waiting_since == minutes_on(20)


def test_an_answer_between_two_messages_settles_the_first_alone(sourced: Sourced) -> None:
    sourced.told((CUSTOMER, 0), (US, 10), (CUSTOMER, 20), (US, 30), (CUSTOMER, 40), (CUSTOMER, 50))
    assert sourced.waiting_since == minutes_on(40)


def test_an_answer_that_is_known_only_here_settles_what_was_written_before(
    sourced: Sourced,
) -> None:
    sourced.told((CUSTOMER, 0), (US, 10), (CUSTOMER, 20))
    sourced.clock.now = minutes_on(25)
    sourced.desk.tickets.reply(1)
    assert sourced.waiting_since is None
    sourced.told((CUSTOMER, 30), (CUSTOMER, 40))
    assert sourced.waiting_since == minutes_on(30)


def test_the_first_message_after_a_close_begins_the_ticket_that_goes_on(sourced: Sourced) -> None:
    sourced.told((CUSTOMER, 0), (US, 10))
    sourced.desk.tickets.set_status(1, Status.CLOSED)
    sourced.told((CUSTOMER, 20), (CUSTOMER, 30))
    further = sourced.desk.tickets.get(2)
    assert (further.split_from, further.received_at) == (1, minutes_on(20))
    assert [each.text for each in sourced.desk.conversation.of(2)] == ["Message 3", "Message 4"]

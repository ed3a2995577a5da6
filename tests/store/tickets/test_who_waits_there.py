"""The page about who waits says what a real desk does: each of its cases, step by step."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from docs.who_waits import (
    ANSWERED,
    CASES,
    MERGED,
    RECEIVED,
    SAID,
    WROTE_AFTER,
    WROTE_AGAIN,
    Case,
    Said,
    Wrote,
    ended,
)
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Status
from store.desk import Desk
from tests.examples import incoming
from tests.store.checking import check
from tests.store.clock import Clock


class There:
    """A ticket at its source, and what is done with it here, one case on a desk of its own."""

    def __init__(self, desk: Desk, clock: Clock, case: Case) -> None:
        self._desk, self._clock, self._case = desk, clock, case
        self._word: dict[str, object] = {"received_at": RECEIVED, "status": "new"}
        clock.now = RECEIVED
        desk.transfer.take_in([incoming("it", **self._word)])

    def happen(self) -> list[Ticket]:
        """Let the case happen, and return all tickets but the other one while nobody woke it."""
        case, here = self._case, self._case.said is not Said.THERE
        if case.wrote is not Wrote.FIRST:
            answered = {"first_response_at": ANSWERED, "last_response_at": ANSWERED}
            self._step(ANSWERED, lambda: self._desk.tickets.reply(1), status="open", **answered)
        if case.wrote is Wrote.AGAIN:
            self._hear(WROTE_AGAIN)
        if case.merged and not here:
            self._merge(SAID - timedelta(minutes=1))
        self._step(SAID, lambda: self._desk.tickets.set_status(1, case.status), status=case.status)
        if case.merged and here:
            self._merge(MERGED)
        if case.wrote is Wrote.AFTER:
            self._hear(WROTE_AFTER)
        return list(self._tickets())

    def _hear(self, at: datetime) -> None:
        self._step(at, lambda: self._desk.tickets.heard(1), last_customer_message_at=at)

    def _step(self, at: datetime, here: Callable[[], object], **there: object) -> None:
        self._clock.now = at
        if self._case.said is not Said.THERE:
            with suppress(Refusal):
                here()
        if self._case.said is not Said.HERE:
            self._word |= there
            self._desk.transfer.take_in([incoming("it", **self._word)])

    def _merge(self, at: datetime) -> None:
        self._clock.now = at
        answered = {"first_response_at": ANSWERED, "last_response_at": ANSWERED}
        if self._desk.tickets.get(1).status is Status.CLOSED:
            return
        self._desk.transfer.take_in(
            [incoming("other", received_at=RECEIVED, status="pending", **answered)]
        )
        self._desk.merging.merge(1, 2)

    def _tickets(self) -> Iterator[Ticket]:
        with suppress(Refusal):  # there is no further one
            for number in count(1):
                yield self._desk.tickets.get(number)


def waits(tickets: list[Ticket] | tuple[Ticket, ...]) -> list[tuple[Status, bool, bool, bool]]:
    return [(each.status, each.owed, each.actionable, each.parked) for each in tickets]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_real_desk_does_as_the_page_says(case: Case, tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(empty_file.read_bytes())
    clock = Clock()
    with closing(Desk.open(str(path), actor="mo", clock=clock)) as desk:
        tickets = There(desk, clock, case).happen()
        assert waits(tickets) == waits(ended(case).tickets)
        for ticket in tickets:
            assert (desk.queue.position(ticket.id) is not None) == ticket.actionable
        if case.merged:
            check(desk, str(path))

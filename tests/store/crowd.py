"""Run as a program: many processes at one database at once; prints what became of each as JSON.

``new ADDRESS COUNT`` opens a database that is not there yet, all at the same instant.
``change ADDRESS COUNT CHANGES`` lets COUNT processes make CHANGES each, while two boards poll.
``hang ADDRESS`` begins a change, says so, and never ends it.
"""

import json
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from importlib import import_module
from multiprocessing.synchronize import Barrier, Event
from random import Random
from typing import Any

from policy.ticket import Ticket
from policy.words import Status
from store.desk import Desk
from store.queue.query import Query
from store.tickets.ticket_writer import TicketUpdate

BOARDS = 2
FORKED = multiprocessing.get_context("fork")
"""A forked process costs little; nothing has been opened yet when they part."""

Answers = list[dict[str, Any]]


def run_new(address: str, count: int) -> Answers:
    """Let ``count`` processes open a new database at once, with all they need loaded before."""
    import_module("store.migrations.upgrade")
    ready = FORKED.Barrier(count)
    with ProcessPoolExecutor(count, FORKED, _share, (ready,)) as processes:
        return list(processes.map(_open_new, [address] * count, range(count)))


def run_change(address: str, count: int, changes: int) -> Answers:
    """Let ``count`` processes make their changes while boards look on."""
    over = FORKED.Event()
    with ProcessPoolExecutor(count + BOARDS, FORKED, _share, (over,)) as processes:
        boards = [processes.submit(_watch, address, number) for number in range(BOARDS)]
        writers = processes.map(
            _change, [address] * count, range(count), [changes] * count, timeout=500
        )
        try:
            made = list(writers)
        finally:
            over.set()
        return made + [board.result() for board in boards]


_shared: list[Any] = []
"""What all processes of a crowd wait for."""


def _share(what: Event | Barrier) -> None:
    _shared.append(what)


def _open_new(address: str, number: int) -> dict[str, Any]:
    """Open a desk and change something at once."""
    _shared[0].wait()
    with closing(Desk.open(address, actor=f"p{number}")) as desk:
        desk.policy.set_mode(None, reason=f"from {number}")
    return {"opened": number}


def _change(address: str, number: int, changes: int) -> dict[str, Any]:
    """Make changes to random tickets, and tell which version of which ticket each one made."""
    chance = Random(number)  # noqa: S311 - nothing secret
    with closing(Desk.open(address, actor=f"p{number}")) as desk:
        total = desk.queue.total(Query())
        made = [chance.choice(ACTIONS)(desk, chance.randint(1, total)) for _ in range(changes)]
    return {"writer": number, "made": [(ticket.id, ticket.version) for ticket in made]}


ACTIONS: Sequence[Callable[[Desk, int], Ticket]] = (
    lambda desk, ticket: desk.tickets.reply(ticket),
    lambda desk, ticket: desk.tickets.reply(ticket, Status.PENDING),
    lambda desk, ticket: desk.tickets.reply(ticket, Status.OPEN),
    lambda desk, ticket: desk.tickets.heard(ticket),
    lambda desk, ticket: desk.tickets.heard(ticket),
)
"""What always counts as a change, however the ticket stands."""


def _watch(address: str, number: int) -> dict[str, Any]:
    """Poll as a board does, and tell the number one that was shown last."""
    shown, revision = 0, -1
    with closing(Desk.open(address, actor=f"board{number}")) as desk:
        while True:
            finished = _shared[0].is_set()
            if desk.history.revision() != revision:
                overview = desk.queue.overview()
                assert overview.revision > revision, "a board went back in time"
                page = desk.queue.page(Query(), 0, 20)
                assert len({each.id for each in page}) == len(page)
                revision = overview.revision
                shown = overview.number_one.id if overview.number_one else 0
            elif finished:
                return {"board": number, "number_one": shown, "revision": revision}


def hang(address: str) -> None:
    """Change a ticket, and stop for good before the change is committed."""
    desk = Desk.open(address, actor="hanging")
    before = desk.tickets.get(1)
    with desk._session.write() as (writer, _):  # there is no other way into the middle of a change
        writer.write([TicketUpdate(before=before, after=before, kind="heard")])
        print("in the middle", flush=True)
        sys.stdin.read()


def main() -> None:
    """Do what the command line asks for."""
    what, address, *numbers = sys.argv[1:]
    match what:
        case "new":
            print(json.dumps(run_new(address, int(numbers[0]))))
        case "change":
            print(json.dumps(run_change(address, int(numbers[0]), int(numbers[1]))))
        case "hang":
            hang(address)


if __name__ == "__main__":
    main()

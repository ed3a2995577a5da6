"""What the chain of hashes costs: ``python -m bench.chain``, with ``--seconds`` and ``--events``.

Each figure with the chain stands beside the same without it, taken in turns: events are then
numbered by the engine and carry no hash. Eight processes write to one PostgreSQL server at once,
first each as people do, then each as fast as it can; a take and an import are timed on both
engines; and a long history is checked.
"""

import argparse
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, process_time, sleep, thread_time
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import col

from store.desk import Desk
from store.engines.prepared import run_each
from store.history import journal
from store.history.hash_chain import CHAINED, Head, chained
from store.history.journal import Journal, JournalEntry
from store.schema.tables import TicketRow
from tests.examples import incoming
from tests.store.postgres_server import PostgresServer

WRITERS: Final = 8
_OF_PEOPLE: Final = 0.25
"""Seconds between two changes of one writer that is a person in a great hurry."""

_TICKETS: Final = 400
_TAKES: Final = 40
_IMPORTED: Final = 200
_AT_ONCE: Final = 2000
_MILLI: Final = 1000.0

Parts = dict[str, list[float]]
"""The seconds that each part of each change took."""


def _append_unchained(self: Journal, entries: Sequence[JournalEntry]) -> None:
    """Append events as they were appended before there was a chain."""
    if not entries:
        return
    action = self._begun()
    rows = [
        (
            *(self.now, self.actor, each.kind, each.ticket, each.before, each.after, each.note),
            *(action, self.undoes, self.entered_by),
        )
        for each in entries
    ]
    run_each(self.connection, journal._NEW_EVENT, CHAINED[1:], rows)


@contextmanager
def _chaining(wanted: bool) -> Iterator[None]:
    """Let events be chained, or not, inside the ``with``."""
    kept = Journal.append_all
    if not wanted:
        Journal.append_all = _append_unchained  # type: ignore[method-assign] # that is the other side
    try:
        yield
    finally:
        Journal.append_all = kept  # type: ignore[method-assign] # as it was


_PARTS: Final = ("change", "lock", "chain", "chain's own work")


def _write(
    address: str,
    number: int,
    seconds: float,
    pause: float,
    ready: Barrier,
    answers: "SimpleQueue[Parts]",
) -> None:
    """Change one ticket after the other, and answer how long each part of each change took."""
    taken: Parts = {name: [] for name in _PARTS}
    with closing(Desk.open(address, actor=f"writer{number}")) as desk:
        tickets = range(1 + number, _TICKETS, WRITERS)
        desk.tickets.assign(tickets[0], "ann")
        _timed(desk._session.database.kind, "lock_for_writing", taken["lock"])
        _timed(journal, "head_of", taken["chain"])

        def all_chained(head: Head, rows: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - rows
            start, work = perf_counter(), thread_time()
            told = list(chained(head, rows))
            taken["chain's own work"].append(thread_time() - work)
            taken["chain"][-1] += perf_counter() - start
            return told

        vars(journal)["chained"] = all_chained
        ready.wait()
        until, turns = monotonic() + seconds, random.Random(number)  # noqa: S311 - no secret
        while monotonic() < until:
            if pause:
                sleep(turns.uniform(0, 2 * pause))
            ticket = turns.choice(tickets)
            start = perf_counter()
            desk.tickets.assign(ticket, turns.choice(["ann", "bo", "cy", "di"]))
            taken["change"].append(perf_counter() - start)
    answers.put(taken)


def _timed(owner: Any, name: str, into: list[float]) -> None:  # noqa: ANN401 - what has the name
    before = getattr(owner, name)

    def timed(*given: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        start = perf_counter()
        found = before(*given)
        into.append(perf_counter() - start)
        return found

    setattr(owner, name, timed)


def _writers(server: PostgresServer, seconds: float) -> None:
    for what, pause in (("as people in a hurry", _OF_PEOPLE), ("as fast as they can", 0.0)):
        taken: dict[bool, Parts] = {True: {}, False: {}}
        for is_chained in (True, False, True, False):
            address = server.new_schema()
            with _chaining(is_chained), closing(Desk.open(address, actor="mo")) as desk:
                desk.transfer.take_in([incoming(each) for each in range(_TICKETS)])
            with _chaining(is_chained):
                for parts in _at_once(address, seconds, pause):
                    for name, times in parts.items():
                        taken[is_chained].setdefault(name, []).extend(times)
        for is_chained, parts in taken.items():
            side = "chained" if is_chained else "without"
            changes = len(parts["change"])
            print(f"{WRITERS} writers {what}, {side}: {changes} changes", flush=True)
            print(_told(parts), flush=True)


def _at_once(address: str, seconds: float, pause: float) -> Iterator[Parts]:
    """Yield what each of the writers answers; they are this process again, and begin together."""
    forking = get_context("fork")
    ready = forking.Barrier(WRITERS)
    answers: SimpleQueue[Parts] = forking.SimpleQueue()
    running = [
        forking.Process(target=_write, args=(address, each, seconds, pause, ready, answers))
        for each in range(WRITERS)
    ]
    for each in running:
        each.start()
    for _ in running:
        yield answers.get()
    for each in running:
        each.join()


def _told(parts: Parts) -> str:
    return "\n".join(
        f"    {name}: median {median(times) * _MILLI:.2f} ms,"
        f" p99 {quantiles(times, n=100)[98] * _MILLI:.2f}, longest {max(times) * _MILLI:.1f}"
        for name, times in parts.items()
        if times
    )


def _import(desk: Desk, turn: int) -> None:
    numbers = range(turn * _IMPORTED, (turn + 1) * _IMPORTED)
    desk.transfer.take_in([incoming(each) for each in numbers])


def _take(desk: Desk, turn: int) -> None:
    desk.tickets.take(1 + turn)


_STEPS: Final = {f"an import of {_IMPORTED}": _import, "a take": _take}


def _costs(server: PostgresServer, folder: Path) -> None:
    """Tell the time this process works at a take and an import, with and without, in turns."""
    engines: dict[str, Callable[[bool], str]] = {
        "SQLite": lambda is_chained: str(folder / f"{is_chained}.db"),
        "PostgreSQL": lambda _: server.new_schema(),
    }
    for engine, address in engines.items():
        desks = {side: Desk.open(address(side), actor="mo") for side in (True, False)}
        taken: dict[tuple[str, bool], list[float]] = {}
        for turn in range(_TAKES):
            for side in (True, False) if turn % 2 else (False, True):
                with _chaining(side):
                    for what, step in _STEPS.items():
                        wall, start = perf_counter(), process_time()
                        step(desks[side], turn)
                        taken.setdefault((f"{what}, work", side), []).append(process_time() - start)
                        taken.setdefault((f"{what}, all", side), []).append(perf_counter() - wall)
        for what in sorted({what for what, _ in taken}):
            with_it, without = (median(taken[what, side]) * _MILLI for side in (True, False))
            print(f"{engine}, {what}: {with_it:.2f} ms, without {without:.2f}: "
                  f"{with_it / without:.3f}", flush=True)  # fmt: skip
        for desk in desks.values():
            desk.close()


def _long_history(folder: Path, events: int) -> None:
    """Tell what it takes to check a long history, in a process of its own for its memory."""
    path = folder / "long.db"
    with closing(Desk.open(str(path), actor="mo")) as desk:
        tickets = max(1, events // 20)
        for start in range(0, tickets, 500):
            batch = range(start, min(start + 500, tickets))
            desk.transfer.take_in([incoming(each, body=f"Body of {each}") for each in batch])
        start_time = process_time()
        _tell_more(desk, events - tickets)
        print(f"{events:,} events are written; {events - tickets:,} of them took this process "
              f"{process_time() - start_time:.1f} s", flush=True)  # fmt: skip
    subprocess.run([sys.executable, "-m", "bench.chain", "--check", str(path)], check=True)


def _tell_more(desk: Desk, events: int) -> None:
    """Write events that say of each ticket in turn who has it: in the end, nobody, as it is."""
    with desk._session.database.read() as reading:
        numbers = reading.scalars(select(col(TicketRow.id)).order_by(col(TicketRow.id))).all()
    left = events
    while left > 0:
        some = [numbers[(left - each) % len(numbers)] for each in range(min(left, _AT_ONCE))]
        with desk._session.write() as (writer, _):
            writer.journal.append_all(
                [
                    JournalEntry(
                        kind="assigned",
                        ticket=number,
                        before={"assignee": None, "status": "new"},
                        after={"assignee": None, "status": "new"},
                    )
                    for number in some
                ]
            )
        left -= len(some)


def _check(path: str) -> None:
    seen = [0.0]
    with closing(Desk.open(path, actor="mo")) as desk:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, work = perf_counter(), process_time()
        found = desk.transfer.problems(lambda done, total: seen.append(done / total))
        wall, work = perf_counter() - start, process_time() - work
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{path}: {len(found)} problems {found[:3]}; {wall:.1f} s, of them {work:.1f} s work; "
          f"{peak / 1024:.0f} MB before, at most {after / 1024:.0f} MB; "
          f"progress told {len(seen):,} times, to {seen[-1]:.0%}")  # fmt: skip


def main() -> None:
    """Measure all, or be the process that checks, which is measured."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--seconds", type=float, default=10.0, help="how long writers write")
    told.add_argument("--events", type=int, default=1_000_000, help="how long the history is")
    told.add_argument("--only", choices=["writers", "costs", "history"])
    told.add_argument("--check", help=argparse.SUPPRESS)
    said = told.parse_args()
    if said.check:
        _check(said.check)
    else:
        with PostgresServer() as server, TemporaryDirectory() as folder:
            if said.only in (None, "writers"):
                _writers(server, said.seconds)
            if said.only in (None, "costs"):
                _costs(server, Path(folder))
            if said.only in (None, "history"):
                _long_history(Path(folder), said.events)


if __name__ == "__main__":
    main()

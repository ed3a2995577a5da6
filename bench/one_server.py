"""A team on one PostgreSQL: boards in terminals, importers and people who change, all at once.

    python -m bench.one_server --boards 12 --importers 4 --minutes 10 --changes 50000

It makes a server of its own, which writes to the disk what it says is committed. First it says what
the boards cost while nothing happens. Then all change, each with a log of what was told as done,
and every two seconds the number one gets another assignee: how long until every board shows who.
At the end what the logs say is counted against the events and the versions, and the lines of every
board against the order in the database. It ends with 1 where anything differs.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import psycopg

from bench.changers import IMPORTER, PERSON, READY, Line, login
from bench.processes import mebibytes, processor_seconds
from bench.program import environment, numberone
from bench.report import middle, p99
from bench.shown_order import shown_order
from bench.terminal import STYLE, Terminal
from bench.tickets import NUMBER_ONE, write_tickets
from store.desk import Desk
from store.queue.query import Query
from tests.store.postgres_server import PostgresServer

_SIZE: Final = (160, 50)
_IDLE: Final = 60.0
_EVERY: Final = 2.0
"""Seconds between two assignments of the number one."""

_PATIENCE: Final = 30.0
_OF_PEOPLE: Final = 0.2
"""The part of the changes that people make, one by one; importers make the rest in batches."""

_SEEN: Final = 15
"""How many letters of a subject are seen in a line."""

_KEPT: Final = 400
"""How many bytes of what was written are kept, for a text that comes in two pieces."""


class Board:
    """One board in its terminal, of which only what is looked for is kept."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.sent = 0
        self._tail = b""

    def read(self) -> bytes:
        """Take what was written, and return the last of it, in whatever colours."""
        piece = self.terminal.read(0)
        if not piece:
            raise AssertionError("a board has ended")
        self.sent += len(piece)
        self._tail = STYLE.sub(b"", self._tail + piece)[-_KEPT - len(piece) :]
        return self._tail

    def forget(self) -> None:
        """Look for nothing in what was written before."""
        self._tail = b""


def main() -> None:
    """Let all work at once, and print what came of it."""
    wanted = _arguments()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="numberone-bench-")))
        server = opened.enter_context(PostgresServer(measured=True))
        address = server.new_database()
        _filled(address, folder, wanted.tickets)
        boards = [
            Board(opened.enter_context(_board(address, folder, number)))
            for number in range(wanted.boards)
        ]
        _idle(server, address, boards)
        logs = _changed(server, address, folder, boards, wanted, opened)
        wrong = [*_lost_or_twice(address, logs), *_other_orders(address, boards)]
    print(*wrong or ["Nothing lost, nothing twice, and one order on every board."], sep="\n")
    sys.exit(bool(wrong))


def _filled(address: str, folder: Path, tickets: int) -> None:
    file = folder / "tickets.jsonl"
    write_tickets(file, tickets)
    subprocess.run(
        [numberone(), "import", str(file)],
        env=environment(folder / "none") | {"NUMBERONE_DB": address},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _board(address: str, folder: Path, number: int) -> Terminal:
    own = folder / f"board{number}"
    own.mkdir()
    given = {"NUMBERONE_DB": address, "NUMBERONE_AS": f"board{number}"}
    terminal = Terminal([numberone()], environment(own / "none") | given, _SIZE)
    terminal.shown(NUMBER_ONE)
    terminal.quiet()
    return terminal


def _read_for(boards: Sequence[Board], seconds: float) -> None:
    end = perf_counter() + seconds
    while (left := end - perf_counter()) > 0:
        for board in _written(boards, left):
            board.read()


def _written(boards: Sequence[Board], patience: float) -> list[Board]:
    """Return the boards that have written something, once any has."""
    by_handle = {board.terminal.fileno(): board for board in boards}
    return [by_handle[handle] for handle in select([*by_handle], [], [], max(0.0, patience))[0]]


# What is seen


def _idle(server: PostgresServer, address: str, boards: Sequence[Board]) -> None:
    """Print what the boards cost for a minute in which nothing happens."""
    processes = [board.terminal.process for board in boards]
    _read_for(boards, 10.0)
    used, served = _used(processes), _used(server.processes)
    sent = sum(board.sent for board in boards)
    _read_for(boards, _IDLE)
    each = [
        100 * (after - before) / _IDLE for before, after in zip(used, _used(processes), strict=True)
    ]
    there = 100 * (sum(_used(server.processes)) - sum(served)) / _IDLE
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        ).fetchone()
    print(
        f"| {len(boards)} idle boards: of a core, each / all / the server | "
        f"{middle(each):.2f} % / {sum(each):.1f} % / {there:.1f} % |\n"
        f"| sent to their terminals in a minute, each | "
        f"{(sum(board.sent for board in boards) - sent) / len(boards):,.0f} bytes |\n"
        f"| their connections | {found[0] if found else 0} |\n"
        f"| memory of a board (PSS) | {middle([mebibytes(each) for each in processes]):.1f} MiB |",
        flush=True,
    )


def _used(processes: Sequence[int]) -> list[float]:
    return [processor_seconds(each) for each in processes if Path(f"/proc/{each}").exists()]


# What is changed


def _changed(
    server: PostgresServer,
    address: str,
    folder: Path,
    boards: Sequence[Board],
    wanted: argparse.Namespace,
    opened: ExitStack,
) -> Mapping[str, list[Line]]:
    """Let all change for as long as is wanted, print how long boards took; return the logs."""
    seconds = wanted.minutes * 60
    rates = {
        IMPORTER: wanted.changes * (1 - _OF_PEOPLE) / seconds / wanted.importers,
        PERSON: wanted.changes * _OF_PEOPLE / seconds / wanted.people,
    }
    numbers = {IMPORTER: wanted.importers, PERSON: wanted.people}
    changers = {
        login(kind, number): opened.enter_context(_changer(address, folder, kind, number, rate))
        for kind, rate in rates.items()
        for number in range(numbers[kind])
    }
    for each in changers.values():
        if each.stdin is None or each.stdout is None or each.stdout.readline().strip() != READY:
            raise AssertionError("one who changes did not begin")
    for each in changers.values():
        _tell(each, "\n")
    parts = {
        "boards": [board.terminal.process for board in boards],
        "those who change": [each.pid for each in changers.values()],
        "the server": server.processes,
    }
    before = {part: sum(_used(processes)) for part, processes in parts.items()}
    began = perf_counter()
    logs = {"prober": _probed(address, boards, seconds)}
    used = {
        part: (sum(_used(processes)) - before[part]) / (perf_counter() - began)
        for part, processes in parts.items()
    }
    for each in changers.values():
        each.stdin.close()  # type: ignore[union-attr] # seen above
    while any(each.poll() is None for each in changers.values()):
        _read_for(boards, 0.1)
    took = perf_counter() - began
    if any(each.returncode for each in changers.values()):
        raise AssertionError("one who changes came to a bad end")
    for name in changers:
        with _log(folder, name).open(encoding="utf-8") as lines:
            logs[name] = [json.loads(line) for line in lines]
    made = sum(map(len, logs.values()))
    print(
        f"| changes by {len(changers)} processes in {took:,.0f} s |"
        f" {made:,}, {made / took:.0f} a second |\n"
        f"| of a core, {', '.join(used)} | {', '.join(f'{part:.0%}' for part in used.values())} |\n"
        f"| 1-minute load at the end | {os.getloadavg()[0]:.1f} |",
        flush=True,
    )
    return logs


def _log(folder: Path, name: str) -> Path:
    return folder / f"{name}.jsonl"


def _changer(
    address: str, folder: Path, kind: str, number: int, rate: float
) -> "subprocess.Popen[str]":
    log = _log(folder, login(kind, number))
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "bench.changers", address, kind, str(number)),
            *(str(rate), str(log)),
        ],
        env=environment(folder / "none"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _tell(process: "subprocess.Popen[str]", text: str) -> None:
    if process.stdin is None:
        raise AssertionError(process)
    process.stdin.write(text)
    process.stdin.flush()


def _probed(address: str, boards: Sequence[Board], seconds: float) -> list[Line]:
    """Assign the number one again and again, print how long boards took, and return the log."""
    log, took, slowest = list[Line](), list[float](), list[float]()
    end = perf_counter() + seconds
    with closing(Desk.open(address, actor="prober")) as desk:
        first = desk.queue.overview().number_one
        if first is None:
            raise ValueError("the queue is empty")
        for number in count():
            if perf_counter() > end:
                break
            due = perf_counter() + _EVERY
            name = _name(number)
            changed = desk.tickets.assign(first.id, name)
            each = list(_shown(boards, name.encode(), perf_counter()))
            log.append({"ticket": changed.id, "version": changed.version})
            took += each
            slowest.append(max(each))
            _read_for(boards, due - perf_counter())
    print(
        f"| commit → a board's number one, {len(took):,} times | median {middle(took):,.0f} ms,"
        f" p99 {p99(took):,.0f} ms |\n"
        f"| commit → every board's number one, {len(slowest):,} times | median"
        f" {middle(slowest):,.0f} ms, p99 {p99(slowest):,.0f} ms |",
        flush=True,
    )
    return log


def _name(number: int) -> str:
    """Return a login that differs from the one before in every letter, so that all are sent."""
    return "".join(chr(ord("a") + (5 * place + number) % 26) for place in range(9))


def _shown(boards: Sequence[Board], text: bytes, committed: float) -> Iterator[float]:
    """Yield for each board after how many milliseconds it has written a text."""
    missing = list(boards)
    for board in boards:
        board.forget()
    while missing:
        written = _written(boards, _PATIENCE)
        if not written or perf_counter() - committed > _PATIENCE:
            raise TimeoutError(f"{len(missing)} boards do not show {text!r}")
        for board in written:
            if text in board.read() and board in missing:
                missing.remove(board)
                yield (perf_counter() - committed) * 1000


# What came of it


def _lost_or_twice(address: str, logs: Mapping[str, Sequence[Line]]) -> Iterator[str]:
    """Yield what the events and the versions say otherwise than the logs."""
    with psycopg.connect(address) as connection:
        events = connection.execute(
            "SELECT actor, count(*) FROM event WHERE ticket_id IS NOT NULL GROUP BY actor"
        ).fetchall()
        given = connection.execute(
            "SELECT after->>'subject', count(*) FROM event WHERE actor LIKE %s GROUP BY 1",
            [f"{IMPORTER}%"],
        ).fetchall()
        versions: dict[int, int] = dict(
            connection.execute("SELECT id, version FROM ticket").fetchall()
        )
    there: dict[str, int] = dict(events)
    for name, log in logs.items():
        if there.get(name, 0) != len(log):
            yield f"{name} was told of {len(log)} changes, and {there.get(name, 0)} are there"
    told = Counter(each["subject"] for log in logs.values() for each in log if "subject" in each)
    if told != Counter(dict(given)) or any(times != 1 for times in told.values()):
        yield "what importers were told of, and what is there, differ"
    made = Counter(
        (each["ticket"], each["version"])
        for log in logs.values()
        for each in log
        if "ticket" in each
    )
    if any(times != 1 for times in made.values()):
        yield "a version was told of twice"
    known = dict.fromkeys(ticket for ticket, _ in made)
    lost = [
        (ticket, version)
        for ticket in known
        for version in range(2, versions[ticket] + 1)
        if (ticket, version) not in made
    ]
    if lost:
        yield f"{len(lost)} versions are there that nobody was told of: {lost[:5]}"
    beyond = [each for each in made if each[1] > versions[each[0]]]
    if beyond:
        yield f"{len(beyond)} versions are lost: {beyond[:5]}"


def _other_orders(address: str, boards: Sequence[Board]) -> Iterator[str]:
    """Yield where a board shows another order than the database has."""
    with closing(Desk.open(address, actor="prober")) as desk:
        page = desk.queue.page(Query(), 0, None)
    _read_for(boards, 5.0)
    print(f"| lines compared on every board | {len(page):,} |", flush=True)
    with ThreadPoolExecutor(len(boards)) as beside_each_other:
        shown = [
            beside_each_other.submit(shown_order, board.terminal, _SIZE, len(page))
            for board in boards
        ]
    orders = [each.result() for each in shown]
    for number, order in enumerate(orders):
        if len(order) != len(page):
            missing = [place for place in range(1, len(page) + 1) if place not in order]
            yield f"board {number} shows {len(order):,} lines of {len(page):,}, not {missing[:5]}"
        if place := _first_other(orders[0], order):
            yield (
                f"line {place}: board 0 shows {orders[0].get(place)!r},"
                f" board {number} {order.get(place)!r}"
            )
    for place, ticket in enumerate(page, 1):
        line = orders[0].get(place, "")
        if ticket.subject.isascii() and ticket.subject[:_SEEN] not in line:
            yield f"line {place}: {line!r}, and {ticket.subject!r} in the database"
            break


def _first_other(one: Mapping[int, str], other: Mapping[int, str]) -> int | None:
    """Return the first place at which two boards show something else."""
    places = sorted({*one, *other})
    return next((place for place in places if one.get(place) != other.get(place)), None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.one_server", description=__doc__)
    parser.add_argument("--boards", type=int, default=12)
    parser.add_argument("--importers", type=int, default=4)
    parser.add_argument("--people", type=int, default=4, help="who change tickets one by one")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--changes", type=int, default=50_000)
    parser.add_argument("--tickets", type=int, default=1_000, help="that wait at the beginning")
    return parser.parse_args()


if __name__ == "__main__":
    main()

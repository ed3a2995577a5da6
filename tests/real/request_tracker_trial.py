"""Run as a program: a real Request Tracker and a desk, both changed at once by many people.

Three agents and the customers work there, two people here, while ``numberone sync`` is killed again
and again. Then both sides must be equal field by field, with no message twice and none lost.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
from sqlalchemy import Engine, create_engine, text

from policy.refusal import Refusal
from policy.roster.team_file import load_team
from policy.words import Status
from store.desk import Desk
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.real.request_tracker import RealRequestTracker, install
from tests.store.postgres_server import PostgresServer

AGENTS: Final = ("mariam", "tomasz", "kenji")
PEOPLE: Final = ("luz", "gabe")
CUSTOMERS: Final = ("ida@customer.example", "omar@client.example")
HOT: Final = 120
"""So many tickets take most of the changes, so that both sides meet in them."""

PATIENCE: Final = timedelta(minutes=6)
TEAM: Final = "".join(
    f"""
[[member]]
login = "{login}"
name = "{login.title()}"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Sun-Sat 00:00-24:00"]
email = "{login}@help.example"
"""
    for login in (*AGENTS, *PEOPLE)
) + (
    """
[[member]]
login = "loop"
name = "Loop"
role = "lead"
region = "EMEA"
timezone = "UTC"
"""
)
FIELDS: Final = ("subject", "tier", "severity", "priority", "status", "assignee", "received_at")


@dataclass
class Ledger:
    """What was written by whom, beside either side; guarded by its lock."""

    there: dict[str, float] = field(default_factory=dict)
    here: dict[str, float] = field(default_factory=dict)
    seen_here: dict[str, float] = field(default_factory=dict)
    seen_there: dict[str, float] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wrote(self, side: dict[str, float], token: str, kind: str) -> None:
        """Keep that a message is written now."""
        with self.lock:
            side[token] = time.time()
            self.done[kind] += 1

    def did(self, kind: str) -> None:
        """Count a change."""
        with self.lock:
            self.done[kind] += 1


class Trial:
    """One Request Tracker, one desk, and everybody who works there and here."""

    def __init__(
        self, server: RealRequestTracker, address: str, folder: Path, pause: float
    ) -> None:
        self.server = server
        self.pause = pause
        self.there = RequestTrackerOverThere(server)
        self.address = address
        self.folder = folder
        self.ledger = Ledger()
        self.over = threading.Event()
        self.loop: subprocess.Popen[bytes] | None = None
        self.tickets: list[str] = []

    # The program

    def command(self, *arguments: str, address: str | None = None) -> list[str]:
        """Return a command of the real program."""
        options = ["--db", address or self.address, "--as", "loop"]
        return [sys.executable, "-c", "from tui.cli import main; main()", *options, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """Where the program finds the token."""
        return os.environ | {"NUMBERONE_DESK_TOKEN": self.server.tokens["numberone"]}

    def runs(self, *arguments: str, address: str | None = None) -> Any:  # noqa: ANN401 - JSON
        """Return what a command says in JSON."""
        ran = subprocess.run(
            [*self.command("--json", *arguments, address=address)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout)

    def connect(self, address: str) -> None:
        """Make a desk with the team and the connection."""
        with closing(Desk.open(address, actor="loop")) as desk:
            desk.team.import_members(load_team(TEAM, "team.toml"))
        file = self.folder / "connections.toml"
        file.write_text(
            f'[[connection]]\nname = "desk"\nkind = "request_tracker"\n'
            f'address = "{self.server.address}"\ngives_up_after = 20\n'
        )
        self.runs("connections", "import", str(file), address=address)

    def start(self) -> None:
        """Start the loop."""
        log = (self.folder / "sync.log").open("ab")
        self.loop = subprocess.Popen(
            self.command("sync"), env=self.environment, stdout=log, stderr=log
        )
        log.close()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the loop, without a word unless it is asked kindly."""
        assert self.loop is not None
        self.loop.send_signal(number)
        self.loop.wait(120)

    # Those who work

    def works_there(self, login: str, many: int, seed: int) -> None:
        """Change things over there."""
        draw = random.Random(seed)  # noqa: S311 - no secret
        for number in range(many):
            ticket = self._any(draw)
            what = draw.choices(
                ("answer", "customer", "note", "status", "owner"), (28, 27, 10, 18, 17)
            )[0]
            token = f"there-{login}-{seed}-{number}-x"
            try:
                self._do_there(what, login, ticket, token, draw)
            except (AssertionError, httpx2.HTTPError) as error:
                self.ledger.faults.append(f"{what} there: {error!r}")
            self.over.wait(draw.uniform(0, 2 * self.pause))

    def _do_there(
        self, what: str, login: str, ticket: str, token: str, draw: random.Random
    ) -> None:
        if what in ("answer", "note"):
            path = "correspond" if what == "answer" else "comment"
            content = {"Content": f"Word {token}", "ContentType": "text/plain"}
            answer = self.there.asks("POST", f"/ticket/{ticket}/{path}", content, by=login)
            assert answer.status_code == httpx2.codes.CREATED, answer.text
            self.ledger.wrote(self.ledger.there, token, f"{what} there")
        elif what == "customer":
            self.there.writes(ticket, f"Word {token}", by=draw.choice(CUSTOMERS))
            self.ledger.wrote(self.ledger.there, token, f"{what} there")
        elif what == "status":
            status = draw.choices(("open", "stalled", "resolved"), (4, 3, 3))[0]
            self.there.sets(ticket, by=login, Status=status)
            self.ledger.did("status there")
        else:
            self.there.gives(ticket, draw.choice((*AGENTS, *PEOPLE, None)), by=login)
            self.ledger.did("owner there")

    def works_here(self, login: str, many: int, seed: int) -> None:
        """Change things here."""
        draw = random.Random(seed)  # noqa: S311 - no secret
        with closing(Desk.open(self.address, actor=login)) as desk:
            for number in range(many):
                ticket = desk.tickets.resolve(f"desk:{self._any(draw)}")
                try:
                    self._do_here(desk, ticket, f"here-{login}-{seed}-{number}-x", draw)
                except Refusal:
                    self.ledger.did("refused here")
                self.over.wait(draw.uniform(0, 2 * max(0.5, self.pause)))

    def _do_here(self, desk: Desk, ticket: int, token: str, draw: random.Random) -> None:
        what = draw.choices(
            ("answer", "note", "status", "assign", "take", "undo"), (35, 10, 20, 15, 10, 10)
        )[0]
        if what == "answer":
            status = draw.choice((None, None, Status.PENDING, Status.SOLVED))
            desk.conversation.answer(ticket, f"Word {token}", status)
            self.ledger.wrote(self.ledger.here, token, "answer here")
        elif what == "note":
            desk.conversation.note(ticket, f"Word {token}")
            self.ledger.wrote(self.ledger.here, token, "note here")
        elif what == "status":
            status = draw.choice((Status.OPEN, Status.PENDING, Status.SOLVED))
            desk.tickets.set_status(ticket, status)
        elif what == "assign":
            desk.tickets.assign(ticket, draw.choice((*AGENTS, *PEOPLE, None)))
        elif what == "take":
            desk.tickets.take(ticket)
        else:
            undone = desk.history.undo()
            what = f"undo of {undone[0].kind}" if undone else "undo"
        if what not in ("answer", "note"):
            self.ledger.did(f"{what} here")

    def _any(self, draw: random.Random) -> str:
        hot = self.tickets[:: max(1, len(self.tickets) // HOT)]
        return draw.choice(hot if draw.random() < 0.8 else self.tickets)

    # Those who watch

    def watch_here(self) -> None:
        """Note when each message over there is seen here."""
        engine = _engine(self.address)
        last = 0
        while not self.over.wait(0.05):
            with engine.connect() as connection:
                rows = connection.execute(
                    text(
                        "SELECT m.id, t.text FROM message m JOIN message_text t"
                        " ON t.message_id = m.id WHERE m.id > :last ORDER BY m.id"
                    ),
                    {"last": last},
                ).fetchall()
            now = time.time()
            for number, words in rows:
                last = max(last, number)
                for token in _tokens(words):
                    self.ledger.seen_here.setdefault(token, now)
        engine.dispose()

    def watch_there(self) -> None:
        """Note when each message of here is seen over there."""
        last = 0
        while not self.over.wait(0.05):
            rows = self.server.written_after(last)
            now = time.time()
            for number, words in rows:
                last = max(last, number)
                for token in _tokens(words):
                    self.ledger.seen_there.setdefault(token, now)

    # What must hold

    def is_quiet(self, since: datetime) -> bool:
        """Return whether nothing waits to go out and all until ``since`` has been read."""
        with closing(Desk.open(self.address, actor="loop")) as desk:
            status = desk.connections.status("desk")
        return status.waiting_out == 0 and (status.read_until or since) > since

    def wait_until_quiet(self) -> float:
        """Wait until both sides are at rest; return after how many seconds."""
        began = time.monotonic()
        since = datetime.now(UTC)
        while not self.is_quiet(since):
            assert time.monotonic() - began < PATIENCE.total_seconds(), "it never rests"
            self.over.wait(1)
            with closing(Desk.open(self.address, actor="loop")) as desk:
                if desk.connections.status("desk").waiting_out:
                    since = datetime.now(UTC)
        return time.monotonic() - began

    def compare(self, other: str) -> list[str]:
        """Return what differs from a desk that has read the same only now."""
        self.connect(other)
        self.runs("sync", "--once", address=other)
        differences: list[str] = []
        here, there = self._all(self.address), self._all(other)
        if here.keys() != there.keys():
            differences.append(f"tickets: {sorted(here.keys() ^ there.keys())[:10]}")
        for name in sorted(here.keys() & there.keys(), key=int):
            differences += _differences(name, here[name], there[name])
        one, another = (self._number_one(each) for each in (self.address, other))
        if one != another:
            differences.append(f"number one: {one} here, {another} there")
        return differences

    def _number_one(self, address: str) -> str | None:
        with closing(Desk.open(address, actor="loop")) as desk:
            number_one = desk.queue.overview().number_one
            return None if number_one is None else number_one.external_id

    def _all(self, address: str) -> dict[str, dict[str, Any]]:
        engine = _engine(address)
        found: dict[str, dict[str, Any]] = {}
        with engine.connect() as connection:
            names = {}
            for row in connection.execute(text("SELECT * FROM ticket WHERE source = 'desk'")):
                names[row.id] = row.external_id
                found[row.external_id] = {**row._mapping, "messages": []}
            for row in connection.execute(
                text(
                    "SELECT m.*, t.text FROM message m JOIN message_text t ON t.message_id = m.id"
                    " ORDER BY m.at, m.id"
                )
            ):
                name = names.get(row.ticket_id)
                if name is not None and row.state != "taken_back":
                    found[name]["messages"].append(row._mapping)
        engine.dispose()
        return found

    def _taken_back(self) -> set[str]:
        """Return the messages that were undone before they went out."""
        engine = _engine(self.address)
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT t.text FROM message m JOIN message_text t ON t.message_id = m.id"
                    " WHERE m.state = 'taken_back'"
                )
            ).fetchall()
        engine.dispose()
        return {token for (words,) in rows for token in _tokens(words)}

    def lost_or_twice(self) -> list[str]:
        """Return which messages are not exactly once on either side."""
        there = Counter(
            token for _, words in self.server.written_after(0) for token in _tokens(words)
        )
        here = Counter(
            token
            for ticket in self._all(self.address).values()
            for message in ticket["messages"]
            for token in _tokens(message["text"])
        )
        wrong = []
        for token in sorted({*self.ledger.there, *self.ledger.here} - self._taken_back()):
            if here[token] != 1:
                wrong.append(f"{token}: {here[token]} times here")
            if there[token] != 1:
                wrong.append(f"{token}: {there[token]} times there")
        return wrong


def _tokens(words: str) -> Iterator[str]:
    for word in words.split():
        if word.startswith(("there-", "here-")) and word.endswith("-x"):
            yield word


def _differences(name: str, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for key in FIELDS:
        if one[key] != other[key] and not (key == "status" and _was_opened(one, other)):
            yield f"{name}, {key}: {one[key]} here, {other[key]} there"
    is_owed_alike = (one["waiting_since"] is None) == (other["waiting_since"] is None)
    if not is_owed_alike and not _crossed(one, other):
        yield f"{name}, owed: {one['waiting_since']} here, {other['waiting_since']} there"
    mine = [_said(each) for each in one["messages"]]
    theirs = [_said(each) for each in other["messages"]]
    if Counter(mine) != Counter(theirs):
        only = Counter(mine) - Counter(theirs), Counter(theirs) - Counter(mine)
        yield f"{name}, messages: {only}"


def _was_opened(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a customer's message opened here what stays stalled there, as the docs say."""
    words = [each for each in one["messages"] if each["role"] == "customer"]
    return (one["status"], other["status"]) == ("open", "pending") and len(words) > 1


def _crossed(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether who waits is known here by what a reader who comes only now cannot see.

    An answer of ours and a word of theirs were on their way at once ("an answer of ours that is
    being sent counts from the moment the person sends it"), or it was solved in between.
    """
    return one["settled_at"] is not None or [
        each["role"] for each in one["messages"] if each["public"]
    ] != [each["role"] for each in other["messages"] if each["public"]]


def _said(message: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row
    words = " ".join(_tokens(message["text"])) or message["text"].strip()[:40]
    return (message["external_id"], message["role"], message["public"], words)


def _engine(address: str) -> Engine:
    url = address if "://" in address else f"sqlite:///{address}"
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def _spread(lags: Sequence[float]) -> str:
    if not lags:
        return "none"
    cuts = statistics.quantiles(lags, n=100) if len(lags) > 1 else [lags[0]] * 99
    return (
        f"{len(lags)}, median {statistics.median(lags):.2f} s, p99 {cuts[98]:.2f} s,"
        f" most {max(lags):.2f} s"
    )


def run(trial: Trial, tickets: int, changes: int, kills: int, addresses: Iterator[str]) -> bool:
    """Try it all, and say what came of it; return whether both sides are equal."""
    began = time.monotonic()
    trial.server.runs(Path(__file__).with_name("request_tracker_many.pl"), str(tickets))
    print(f"{tickets:,} tickets made in {time.monotonic() - began:.0f} s", flush=True)
    trial.connect(trial.address)
    began = time.monotonic()
    first = trial.runs("sync", "--once")["connections"][0]
    took = time.monotonic() - began
    print(
        f"first reading of {first['read']:,} tickets, {first['messages']:,} messages: {took:.1f} s"
    )
    with closing(Desk.open(trial.address, actor="loop")) as desk:
        assert desk.connections.status("desk").error is None
    trial.tickets = sorted(trial._all(trial.address), key=int)
    trial.start()
    watchers = [threading.Thread(target=each) for each in (trial.watch_here, trial.watch_there)]
    for watcher in watchers:
        watcher.start()
    is_well = True
    rounds = 3
    for number in range(rounds):
        _round(trial, number, changes // rounds, kills // rounds + (number < kills % rounds))
        differences = trial.compare(next(addresses))
        print(f"round {number + 1}: {len(differences)} differences", flush=True)
        for each in differences[:20]:
            print("   ", each)
        is_well &= not differences
    trial.over.set()
    trial.kill(signal.SIGTERM)
    for watcher in watchers:
        watcher.join()
    wrong = trial.lost_or_twice()
    print(f"messages lost or twice: {len(wrong)}")
    for line in wrong[:20]:
        print("   ", line)
    ledger = trial.ledger
    print("done:", dict(sorted(ledger.done.items())), "faults:", ledger.faults[:5])
    print(
        "there → here:",
        _spread(
            [ledger.seen_here[t] - at for t, at in ledger.there.items() if t in ledger.seen_here]
        ),
    )
    print(
        "here → there:",
        _spread(
            [ledger.seen_there[t] - at for t, at in ledger.here.items() if t in ledger.seen_there]
        ),
    )
    return is_well and not wrong and not ledger.faults


def _round(trial: Trial, number: int, changes: int, kills: int) -> None:
    """Have everybody work at once while the loop is killed; return once all is quiet."""
    there = changes * 7 // 10 // len(AGENTS)
    here = (changes - there * len(AGENTS)) // len(PEOPLE)
    threads = [
        threading.Thread(target=trial.works_there, args=(login, there, 100 * number + place))
        for place, login in enumerate(AGENTS)
    ] + [
        threading.Thread(target=trial.works_here, args=(login, here, 100 * number + 50 + place))
        for place, login in enumerate(PEOPLE)
    ]
    for each in threads:
        each.start()
    draw = random.Random(number)  # noqa: S311 - no secret
    for _ in range(kills):
        time.sleep(draw.uniform(2, 14))
        trial.kill()
        trial.start()
    for each in threads:
        each.join()
    after = trial.wait_until_quiet()
    print(f"round {number + 1}: quiet {after:.0f} s after the last change", flush=True)


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[tuple[Callable[[], str], str | None]]:
    """Give what makes a database of the desk's, and one for Request Tracker."""
    if engine == "sqlite":
        names = iter(range(1_000))
        yield (lambda: str(folder / f"desk-{next(names)}.db")), None
        return
    with PostgresServer() as server:
        yield server.new_database, server.new_database()


def main() -> None:
    """Run the trial as the command line says; exit 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--tickets", type=int, default=2_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument(
        "--pause", type=float, default=0.0, help="seconds between two changes of one agent"
    )
    wanted = parser.parse_args()
    install()
    folder = Path(tempfile.mkdtemp(prefix="numberone-trial-"))
    print(datetime.now(UTC), folder, flush=True)
    with (
        _databases(wanted.engine, folder) as (new_database, theirs),
        RealRequestTracker(theirs) as server,
    ):
        trial = Trial(server, new_database(), folder, wanted.pause)
        addresses = iter(new_database, None)
        try:
            is_well = run(trial, wanted.tickets, wanted.changes, wanted.kills, addresses)
        finally:
            trial.over.set()
            if trial.loop is not None and trial.loop.poll() is None:
                trial.kill()
    if is_well:
        shutil.rmtree(folder)
    sys.exit(not is_well)


if __name__ == "__main__":
    main()

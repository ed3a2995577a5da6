"""Real processes send and deliver the same notices at once, and some are killed: each goes once.

With ``NUMBERONE_MANY_NOTICES=500`` in the environment there are as many, and more is killed.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from store.desk import Desk
from tests.connections.mail_server import Behaviour, Held, MailServer
from tests.connections.waiting import NOW, SetClock, fill, states
from tests.databases import address_of, another_writes, counted
from tests.tui.cli.delivering_processes import Program

MANY = int(os.environ.get("NUMBERONE_MANY_NOTICES", "16"))
_ENOUGH = 100
DUE = NOW + timedelta(seconds=11)
AFTER_THE_LEASE = NOW + timedelta(minutes=10)
PATIENCE = 60
ONCE = {"person1@customer.example": 1}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(behaviour=Behaviour()) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, server: MailServer) -> Program:
    return Program(tmp_path, server.port)


def fill_and_send(program: Program, customers: int) -> None:
    with closing(Desk.open(address_of(program.db), actor="mo", clock=SetClock())) as desk:
        fill(desk, customers)
        desk.waits.send(desk.waits.read().drafts, domain="example.com")


def states_of(program: Program) -> list[str]:
    with closing(Desk.open(address_of(program.db), actor="mo", clock=SetClock())) as desk:
        return states(desk)


def copies(server: MailServer) -> Counter[str]:
    return Counter(taken.recipient for taken in server.taken)


@contextmanager
def reached(server: MailServer, step: str) -> Iterator[Held]:
    """Give the server as it waits at a step that somebody has reached."""
    held = server.behaviour.held = Held(step)
    try:
        yield held
    finally:
        held.go_on.set()
        server.behaviour.held = None


def end(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGKILL) -> int:
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    return process.returncode


def until(true: Callable[[], object]) -> None:
    """Wait for what another process does."""
    patience = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.01)


def test_killed_before_the_message_is_out_it_goes_out_once(
    program: Program, server: MailServer
) -> None:
    fill_and_send(program, 2)
    with reached(server, "RCPT") as held:
        process = program.start(DUE, "deliver")
        assert held.reached.wait(PATIENCE)
        assert end(process) == -signal.SIGKILL
    program.run(DUE, "deliver", "--once")
    assert states_of(program) == ["sending", "sent"]
    program.run(AFTER_THE_LEASE, "deliver", "--once")
    assert sorted(copies(server).values()) == [1, 1]
    assert states_of(program) == ["sent", "sent"]


def test_killed_between_the_answer_and_the_record_it_is_not_sent_again(
    program: Program, server: MailServer
) -> None:
    fill_and_send(program, 1)
    with reached(server, "END") as held, ExitStack() as busy:
        process = program.start(DUE, "deliver")
        assert held.reached.wait(PATIENCE)
        busy.enter_context(another_writes(program.db))  # nobody can record anything
        held.go_on.set()
        receipts = program.db.parent / "state" / "taken"
        until(lambda: list(receipts.iterdir()))
        assert end(process) == -signal.SIGKILL
    assert states_of(program) == ["sending"]
    program.run(DUE, "deliver", "--once")
    assert (states_of(program), copies(server)) == (["sent"], ONCE)
    program.run(AFTER_THE_LEASE, "deliver", "--once")
    assert copies(server) == ONCE


def test_killed_while_the_answer_is_on_its_way_the_second_copy_has_the_same_message_id(
    program: Program, server: MailServer
) -> None:
    """The one window that remains."""
    fill_and_send(program, 1)
    with reached(server, "END") as held:
        process = program.start(DUE, "deliver")
        assert held.reached.wait(PATIENCE)
        assert end(process) == -signal.SIGKILL
    program.run(AFTER_THE_LEASE, "deliver", "--once")
    assert states_of(program) == ["sent"]
    assert len(server.taken) == 2
    assert len({taken.message["Message-ID"] for taken in server.taken}) == 1


def test_told_to_stop_it_ends_what_it_is_at_and_then_itself(
    program: Program, server: MailServer
) -> None:
    fill_and_send(program, 2)
    with reached(server, "END") as held:
        process = program.start(DUE, "deliver")
        assert held.reached.wait(PATIENCE)
        process.send_signal(signal.SIGTERM)
        held.go_on.set()
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert out.count("\n") == 1
    assert "#1 to person1@customer.example: sent" in out
    assert states_of(program) == ["sent", "queued"]


def test_three_who_send_and_two_loops_of_which_one_is_killed_again_and_again(
    program: Program, server: MailServer
) -> None:
    with closing(Desk.open(address_of(program.db), actor="mo", clock=SetClock())) as desk:
        fill(desk, MANY)
    server.behaviour.slow["RCPT"] = 0.0 if MANY < _ENOUGH else 0.1  # so that more can be killed
    senders = [program.start(NOW, "waits", "send", "--all") for _ in range(3)]
    for sender in senders:
        _, err = sender.communicate(timeout=PATIENCE)
        assert sender.returncode == 0, err
    assert states_of(program) == ["queued"] * MANY
    kills = _deliver_and_kill(program, server)
    program.run(AFTER_THE_LEASE, "deliver", "--once")
    taken = copies(server)
    again = [recipient for recipient, count in taken.items() if count > 1]
    sys.stdout.write(f"{MANY} notices, {kills} kills, {len(again)} second copies\n")
    assert len(taken) == MANY, "none is missing"
    assert set(states_of(program)) == {"sent"}
    message_ids = {each.message["Message-ID"] for each in server.taken}
    assert len(message_ids) == MANY, "a second copy is the same to every mailbox"
    assert len(again) <= kills, "and there is none but by a kill within the window"


def _deliver_and_kill(program: Program, server: MailServer) -> int:
    """Run two loops until all is out or claimed; return how often one of them was killed."""
    random = Random(3)  # noqa: S311 - nothing here is a secret
    steady = program.start(DUE, "deliver", "--every", "0.1")
    until(lambda: server.connections)  # from then on it listens to what tells it to stop
    kills = 0

    def through() -> bool:
        return counted(program.db, "SELECT count(*) FROM notice WHERE state = 'queued'") == 0

    def has_begun() -> bool:
        return server.connections > 1 + kills or through()

    while not through():
        victim = program.start(DUE, "deliver", "--every", "0.1")
        until(has_begun)
        time.sleep(random.uniform(0.0, 0.3))
        end(victim)
        kills += 1
    assert end(steady, signal.SIGTERM) == 0
    return kills

"""Who reads a connection, and who writes whose steps: a lease outlives no process of a machine."""

import socket
import subprocess
import sys

import pytest

from connections.sync.rounds import Syncer
from connections.sync.workers import is_gone, this_worker
from tests.connections.sync.conftest import ENTRY, InStep


def ended() -> int:
    """Return the number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_this_process_runs() -> None:
    assert not is_gone(this_worker())


def test_a_process_that_has_ended_is_gone() -> None:
    assert is_gone(f"process {ended()} on {socket.gethostname()}")


@pytest.mark.parametrize(
    "worker",
    [
        "loop",
        "",
        f"process 1 on {socket.gethostname()}",  # everybody's first process, which runs
        "process 999999999 on another.example",
        f"process x on {socket.gethostname()}",
        f"process {10**30} on {socket.gethostname()}",
    ],
)
def test_of_others_nothing_is_known(worker: str) -> None:
    assert not is_gone(worker)


def test_nobody_waits_for_the_lease_of_a_process_that_was_killed(both: InStep) -> None:
    dead = f"process {ended()} on {socket.gethostname()}"
    assert both.desk.connections.lease("desk", dead)
    assert not both.desk.connections.lease("desk", "another")
    both.there.asked()
    assert both.round(this_worker()).taken.admitted == 1


def test_a_reader_elsewhere_keeps_its_lease_for_a_while_and_over_a_rest(both: InStep) -> None:
    assert both.desk.connections.lease("desk", "process 1 on another.example")
    both.there.asked()
    assert both.round(this_worker()).taken.read == 0
    both.later(seconds=21)
    assert both.round(this_worker()).taken.admitted == 1
    Syncer(both.desk, ENTRY, this_worker(), lambda _: both.there).stop()
    syncer = Syncer(both.desk, ENTRY, "process 1 on another.example", lambda _: both.there)
    syncer.round()
    syncer.rest(both.there.settles_after * 100)
    both.later(seconds=21)
    both.there.asked("2")
    assert both.round(this_worker()).taken.read == 0


def test_the_steps_of_whoever_is_at_work_with_their_own_login_are_left_to_it(
    both: InStep,
) -> None:
    both.there.asked()
    both.round()
    mine = Syncer(both.desk, ENTRY, "mo's", lambda _: both.there, own="mo")
    mine.round()
    both.later(seconds=1)
    both.desk.conversation.answer(1, "We look at it.")
    both.later(seconds=1)
    assert both.round().sent == 0, "the loop leaves it to mo's"
    assert mine.round().sent == 1


def test_what_its_author_does_not_write_another_one_does(both: InStep) -> None:
    both.there.asked()
    both.round()
    mine = Syncer(both.desk, ENTRY, "mo's", lambda _: both.there, own="mo")
    mine.round()
    both.desk.conversation.answer(1, "We look at it.")
    both.later(seconds=16)
    assert both.round().sent == 1, "mo's is no longer at work"
    mine.round()
    both.desk.conversation.answer(1, "And again.")
    for _ in range(3):
        both.later(seconds=9)
        both.desk.connections.is_present("desk", "mo")
        assert both.round().sent == 0
    both.later(seconds=9)
    both.desk.connections.is_present("desk", "mo")
    assert both.round().sent == 1, "mo's is at work, and does nothing"

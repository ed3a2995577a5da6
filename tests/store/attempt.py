"""Run as a program: opens a desk under a hardship, changes it, and prints what came of it."""

import argparse
import os
import pwd
import resource
import signal
from contextlib import closing

from policy.refusal import Refusal
from store.desk import Desk
from tests.examples import incoming
from tests.store.checking import EVERYTHING

NOBODY = pwd.getpwnam("nobody")


def attempt(address: str) -> str:
    """Return "done" when a desk can be opened and changed, else why not."""
    try:
        desk = Desk.open(address, actor="mo")
        desk.transfer.take_in(
            [incoming(number, body="x" * 10_000) for number in range(1_000, 1_100)]
        )
    except Refusal as refusal:
        return refusal.reason
    return "done"


def look(address: str) -> str:
    """Return how many tickets a desk shows, and why none of them can be taken."""
    with closing(Desk.open(address, actor="mo")) as desk:
        seen = desk.queue.total(EVERYTHING)
        try:
            desk.tickets.take(1)
        except Refusal as refusal:
            return f"{seen}; {refusal.reason}"
    return f"{seen}; and one was taken"


def main() -> None:
    """Put up with the hardships asked for, and try."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--unprivileged", action="store_true")
    parser.add_argument("--looking", action="store_true")
    parser.add_argument("--largest-file", type=int)
    asked = parser.parse_args()
    if asked.largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.largest_file, asked.largest_file))
    if asked.unprivileged and os.geteuid() == 0:  # whom no permission stops
        os.setgroups([])
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)
    print((look if asked.looking else attempt)(asked.address))


if __name__ == "__main__":
    main()

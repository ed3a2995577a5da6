"""What others do on the same database: a process that changes or reads at a rate, until told.

It begins once it says "ready", ends when its input is closed, and prints as its last line how often
it did so, and for how many milliseconds the slowest took.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from select import select
from time import perf_counter
from typing import Final

from bench.program import environment
from bench.report import milliseconds
from store.desk import Desk

CHANGE, READ = "change", "read"

_READY: Final = "ready"


@dataclass
class Others:
    """What others did until they were stopped."""

    times: int = 0
    slowest: float = 0.0
    """In milliseconds."""


@contextmanager
def others(database: Path, what: str, rate: float) -> Iterator[Others]:
    """Let another process ``change`` or ``read`` so many times a second inside the ``with``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.others", str(database), what, str(rate)],
        env=environment(database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None or process.stdin is None:
        raise AssertionError(process)
    with process:
        if process.stdout.readline().strip() != _READY:
            raise AssertionError("the other process did not begin")
        did = Others()
        yield did
        process.stdin.close()
        figures = json.loads(process.stdout.read())
        did.times, did.slowest = figures["times"], figures["slowest"]


def main() -> None:
    """Do so until the input is closed."""
    database, what, rate = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    random, slowest, times = Random(rate), 0.0, 0  # noqa: S311 - nothing here is a secret
    with closing(Desk.open(str(database), actor=f"bench-{what}")) as desk:
        total = desk.queue.overview().total
        print(_READY, flush=True)
        began = perf_counter()
        while True:
            pause = max(0.0, began + times / rate - perf_counter())
            if select([sys.stdin], [], [], pause)[0]:
                break
            ticket = random.randrange(total) + 1
            took = milliseconds(
                desk.queue.overview if what == READ else lambda: desk.tickets.heard(ticket)  # noqa: B023 - called at once
            )
            slowest, times = max(slowest, took), times + 1
    print(json.dumps({"times": times, "slowest": slowest}))


if __name__ == "__main__":
    main()

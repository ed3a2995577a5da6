"""The version before the newest schema and this one work on one database, on each engine.

``python -m tests.store.engines.two_versions 20`` takes the older program out of the history in git:
it changes without an end while this one opens the database, and so brings it to the newer schema.
What either was told as done is there once; afterwards the older one is told why it may not go on.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

from policy.refusal import Refusal
from store.database import SCHEMA
from store.desk import Desk
from store.read_models import EventFilter
from tests.examples import incoming
from tests.store.checking import EVERYTHING
from tests.store.postgres_server import PostgresServer

_ROOT: Final = Path(__file__).parents[3]
_STEP: Final = f"store/migrations/versions/step_{SCHEMA}.py"
_OLDER: Final = """
import sys
from policy.refusal import Refusal
from store.desk import Desk
from tests.examples import incoming
desk = Desk.open(sys.argv[1], actor="older")
print("open", flush=True)
refused = 0
for number in range(1, 100_000):
    try:
        desk.transfer.take_in([incoming(number)])
        print(f"done {number}", flush=True)
    except Refusal as refusal:
        print(f"not {number} {refusal.reason}", flush=True)
        refused += 1
        if refused == 5:
            break
"""
"""The older program, as far as it goes: it gives up after the fifth refusal."""


def older_program(folder: Path) -> Path:
    """Return a folder with the program as it was before the newest schema."""
    git = ["git", "-C", str(_ROOT)]
    said = subprocess.check_output([*git, "log", "--format=%H", "--", _STEP], text=True)
    archive = subprocess.check_output([*git, "archive", f"{said.split()[-1]}^"])
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def together(address: str, older: Path) -> str:
    """Let both work on a new database; return what the older one was told at last."""
    program = [sys.executable, "-c", _OLDER, address]
    environment = os.environ | {"PYTHONPATH": str(older)}
    with subprocess.Popen(
        program, cwd=older, env=environment, stdout=subprocess.PIPE, text=True
    ) as running:
        if running.stdout is None:
            raise AssertionError(running)
        said = [running.stdout.readline() for _ in range(6)]
        done = [line.split()[1] for line in said if line.startswith("done")]
        ours = list[str]()
        with closing(Desk.open(address, actor="newer")) as desk:
            for number in range(200_000, 200_020):
                try:
                    desk.transfer.take_in([incoming(number)])
                except Refusal as refusal:
                    assert "nothing was changed" in refusal.reason  # noqa: PT017 - told truly
                else:
                    ours.append(str(number))
            rest = running.stdout.read().splitlines()
            done += [line.split()[1] for line in rest if line.startswith("done")]
            there = [each.external_id for each in desk.queue.page(EVERYTHING, 0, None)]
            assert sorted(there) == sorted([*done, *ours]), "what was told as done is there once"
            with desk.history.events(EventFilter()) as events:
                made = Counter(event.ticket for event in events)
            assert set(made.values()) == {1}
    assert running.returncode == 0
    return rest[-1].partition(": ")[2]


def main(times: int) -> None:
    """Do it so many times on each engine, and print what the older one was told."""
    with PostgresServer() as server, tempfile.TemporaryDirectory() as folder:
        older = older_program(Path(folder))
        for engine in ("sqlite", "postgresql"):
            told = Counter[str]()
            for number in range(times):
                file = str(older / f"{number}.db")
                told[together(file if engine == "sqlite" else server.new_schema(), older)] += 1
            said = ", ".join(f"{count} × {each}" for each, count in told.items())
            print(f"two versions, {engine}: {said}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))

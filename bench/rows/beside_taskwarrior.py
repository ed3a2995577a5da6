"""What Taskwarrior takes for its own next task, where it is installed."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.desks import tickets_file
from bench.program import plain_environment
from bench.report import Measures, Row, measured, milliseconds

_AT_MOST: Final = 10_000
"""Of how many tickets at most tasks are made: it reads all of them at each command."""

_IMPORTANCE: Final = {0: "H", 1: "H", 2: "M", 3: "L"}


def beside_taskwarrior(data: Path, folder: Path, sizes: Sequence[int], rounds: int) -> list[Row]:
    """Return how long ``task next limit:1`` takes on the same tickets; nothing where it is not."""
    program = shutil.which("task")
    if program is None:
        return []
    desks = {
        size: _filled(program, tickets_file(data, size), folder / str(size))
        for size in sizes
        if size <= _AT_MOST
    }
    return measured(
        rounds,
        [
            Measures(
                what="Taskwarrior's `task next limit:1`, for comparison",
                by_size={
                    size: partial(_next, program, environment)
                    for size, environment in desks.items()
                },
            )
        ],
    )


def _filled(program: str, file: Path, folder: Path) -> Mapping[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "taskrc"
    settings.write_text(f"data.location={folder}\nconfirmation=off\nverbose=nothing\n", "utf-8")
    environment = {**plain_environment(), "TASKRC": str(settings), "TASKDATA": str(folder)}
    tasks = [_task(json.loads(line)) for line in file.read_text("utf-8").splitlines()]
    subprocess.run(
        [program, "import", "-"],
        input=json.dumps(tasks),
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return environment


def _task(ticket: Mapping[str, object]) -> Mapping[str, object]:
    received = str(ticket["received_at"])[:19].replace("-", "").replace(":", "")
    return {
        "description": ticket["subject"],
        "project": str(ticket["customer"]),
        "priority": _IMPORTANCE[int(str(ticket["severity"]))],
        "entry": f"{received}Z",
        "status": "pending",
    }


def _next(program: str, environment: Mapping[str, str]) -> float:
    return milliseconds(
        lambda: subprocess.run(
            [program, "next", "limit:1"],
            env=dict(environment),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )

"""The program, which says on SIGUSR1 how many tasks its event loop has: ``numberone`` otherwise."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

from tui.cli import main

TASKS: Final = "BENCH_TASKS"
"""The variable of the environment that names the file to write the number into."""


def _say(*_: object) -> None:
    Path(os.environ[TASKS]).write_text(f"{len(asyncio.all_tasks())}\n", encoding="utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _say)
    main()

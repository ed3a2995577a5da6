"""The loop beside a board: a process of its own, so that no key waits for a help desk."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import Final

PROGRAM: Final = "import sys; from tui.cli.run import run; sys.exit(run(sys.argv[1:]))"
"""This program, for a process of its own that is told all by its environment."""

_ENDS_WITHIN: Final = 2.0


class SyncProcess:
    """Runs ``numberone sync`` for one board; it ends with it, however that ends.

    The process is told where the database is and who acts by its ``environment``: an address can
    hold a password, and the arguments of a process are there for all to read.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._process: Popen[str] | None = None
        self._listener: Thread | None = None
        self._said = ""

    @property
    def runs(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> str:
        """What it said last of what is wrong, in one line, or nothing."""
        return self._said

    def start(self) -> None:
        """Start it, unless it runs; what cannot be started is said like all that is wrong."""
        if self.runs:
            return
        self._said = ""
        try:
            # -P: a folder named as one of ours, where the board was opened, is none of ours.
            self._process = Popen(  # noqa: S603 - the program itself
                [sys.executable, "-P", "-c", PROGRAM, "sync", "--attached"],
                env=self._environment,
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # ctrl+c in the terminal is for the board alone
            )
        except OSError as error:
            self._said = f"sync cannot be started: {error.strerror}"
            return
        self._listener = Thread(target=self._listen, args=(self._process,), daemon=True)
        self._listener.start()

    def stop(self) -> None:
        """Tell it to end; what it has begun it brings to its end, if need be after the board."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_ENDS_WITHIN)
        if self._listener is not None:
            self._listener.join(_ENDS_WITHIN)

    def _listen(self, process: "Popen[str]") -> None:
        if process.stderr is None:
            return
        with process.stderr as said:
            for line in said:
                self._said = line.strip().removeprefix("numberone: ")

"""The program as processes of its own: senders, loops that deliver, and what kills them."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.databases import made

_PROGRAM = "import sys; from tui.cli.run import run; sys.exit(run(sys.argv[1:]))"
_ROOT = Path(__file__).parents[3]


class Program:
    """Starts ``numberone`` on one database as ``mo``, with a mail server set up."""

    def __init__(self, folder: Path, port: int, *, timeout: float = 5) -> None:
        self.db = folder / "desk.db"
        config = folder / "config.toml"
        config.write_text(
            "[mail]\n"
            'host = "127.0.0.1"\n'
            f"port = {port}\n"
            'security = "none"\n'
            'sender_address = "support@example.com"\n'
            'sender_name = "Support"\n'
            f"timeout = {timeout}\n"
        )
        self._environment = os.environ | {
            "NUMBERONE_CONFIG": str(config),
            "NUMBERONE_STATE": str(folder / "state"),
            "PYTHONPATH": str(_ROOT),
        }

    def start(self, at: datetime | None, *words: str) -> "subprocess.Popen[str]":
        """Start a command, its clock standing ``at`` a time (None: going as usual)."""
        clock = [] if at is None else ["--at", at.isoformat()]
        return subprocess.Popen(
            [
                sys.executable,
                "-c",
                _PROGRAM,
                "--db",
                made(self.db),
                "--as",
                "mo",
                *clock,
                *words,
            ],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, at: datetime | None, *words: str) -> str:
        """Run a command to its end and return what it printed."""
        process = self.start(at, *words)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

"""Runs of the command line inside the test's own process, on a database of its own."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.databases import address_of, made
from tui.cli.run import run

NOW = "2026-03-06T22:00:00Z"
"""A Friday in the handbook's open hours, which end at 2026-03-07T01:00Z."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """How a run ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Document:
        """The one JSON document that was printed."""
        document: Document = json.loads(self.out)
        return document


class CommandLine:
    """Types commands as ``mo`` on one database at one time."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.db = folder / "desk.db"
        self._capsys = capsys

    def __call__(self, typed: str, *more: str, code: int = 0) -> Ran:
        """Type a command, ``numberone`` left out; ``more`` is taken as it is."""
        settled = ["--db", address_of(self.db), "--as", "mo", "--at", NOW]
        return self.plain([*settled, *shlex.split(typed), *more], code=code)

    def plain(self, arguments: list[str], *, code: int = 0) -> Ran:
        """Run with these arguments and no others, and expect an exit code."""
        ran = self.ended(arguments)
        assert ran.code == code, ran
        return ran

    def ended(self, arguments: list[str]) -> Ran:
        """Run with these arguments and no others, however it ends."""
        self._capsys.readouterr()
        code = run(arguments)
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def json(self, typed: str, *more: str) -> Document:
        """Type a command and return the JSON it prints; nothing else is printed."""
        ran = self(typed, *more, "--json")
        assert ran.out.isascii()
        assert not ran.err
        return ran.json

    def refused(self, typed: str, *more: str) -> str:
        """Type a command that is refused, and return its one line."""
        ran = self(typed, *more, code=1)
        assert not ran.out
        line = ran.err
        assert line.startswith("numberone: ")
        assert line.endswith("\n")
        assert line.count("\n") == 1
        return line.removeprefix("numberone: ").removesuffix("\n")

    def take_in(self, *tickets: Mapping[str, object]) -> Ran:
        """Import tickets given in a few fields; the others are filled in."""
        made(self.db)
        file = self.folder / "tickets.jsonl"
        lines = [line(number, **fields) for number, fields in enumerate(tickets, start=1)]
        file.write_text("\n".join(lines), encoding="utf-8")
        return self("import", str(file))


def line(number: int, **fields: object) -> str:
    """Return a line of the import's own format: an Enterprise customer's p2, unless said."""
    plain: dict[str, object] = {
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "tier": "enterprise",
        "severity": 2,
        "received_at": "2026-03-06T20:00:00Z",
    }
    return json.dumps(plain | fields)

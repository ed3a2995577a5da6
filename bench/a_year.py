"""Takes a year at a desk out and in again, and compares: ``python -m bench.a_year FOLDER``.

It lives through the year, exports it in both formats, takes each back into an empty database, and
compares all three: ticket by ticket, event by event, and in their order.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import perf_counter

from bench.year import Year
from store.desk import Desk

_TOLD = ("next", "list --all", "history", "waits", "team", "allocation", "review", "policy show")
"""The commands that must tell the same of both."""


def main() -> None:
    """Live through a year, and see that both formats of an export bring it back."""
    parser = argparse.ArgumentParser(prog="python -m bench.a_year", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the databases and the exports go")
    parser.add_argument("--tickets", type=int, default=3_000)
    parser.add_argument("--deeds", type=int, default=15_000)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    lived = wanted.folder / "year.db"
    year = Year(str(lived), tickets=wanted.tickets, deeds=wanted.deeds)
    _timed("lived", year.live)
    print(dict(year.done))
    for ending in ("jsonl", "csv"):
        _there_and_back(wanted.folder, lived, ending, str(year.now.isoformat()))


def _there_and_back(folder: Path, lived: Path, ending: str, now: str) -> None:
    file, back = folder / f"year.{ending}", folder / f"back-from-{ending}.db"
    _timed("exported", lambda: _numberone(lived, now, "export", str(file)))
    print(f"{file.name}: {file.stat().st_size:,} bytes, {_lines(file):,} lines")
    _timed("imported", lambda: _numberone(back, now, "import", str(file)))
    again = folder / f"again.{ending}"
    _numberone(back, now, "export", str(again))
    skipped = 1 if ending == "jsonl" else 2
    _same("exports but for their first line", *(_rest(each, skipped) for each in (file, again)))
    for command in _TOLD:
        told = (_numberone(place, now, *command.split(), "--json") for place in (lived, back))
        _same(command, *told)
    tickets = json.loads(_numberone(lived, now, "list", "--all", "--json"))["tickets"]
    with closing(_opened(lived, now)) as one, closing(_opened(back, now)) as other:
        for ticket in tickets:
            if one.tickets.card(ticket["id"]) != other.tickets.card(ticket["id"]):
                raise SystemExit(f"#{ticket['id']} differs")
    print(f"{len(tickets):,} cards: the same")
    print(_numberone(back, now, "db", "check").strip())


def _opened(place: Path, now: str) -> Desk:
    return Desk.open(str(place), actor="mariam", clock=lambda: datetime.fromisoformat(now))


def _same(what: str, one: str, other: str) -> None:
    if one != other:
        raise SystemExit(f"{what}: differ")
    print(f"{what}: the same, {len(one):,} characters")


def _numberone(place: Path, now: str, *words: str) -> str:
    program = "import sys; from tui.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "--db", str(place), "--at", now, "--as", "mariam"]
    return subprocess.run([*command, *words], check=True, capture_output=True, text=True).stdout


def _lines(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def _rest(file: Path, skipped: int) -> str:
    return "".join(file.read_text("utf-8").splitlines(keepends=True)[skipped:])


def _timed(what: str, do: Callable[[], object]) -> None:
    began = perf_counter()
    do()
    print(f"{what} in {perf_counter() - began:,.1f} s")


if __name__ == "__main__":
    main()

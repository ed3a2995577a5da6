"""Fuzzes the board by hand: ``python -m tests.tui.fuzz --minutes 60``, and tells what it found."""

import argparse
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import time

from tests.tui.fuzz.desk import hostile_desk
from tests.tui.fuzz.runs import Report, run_for


def main() -> int:
    """Run, and return 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.tui.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time()) % 1_000_000)
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}", flush=True)
    told: set[str] = set()

    def tell(report: Report) -> None:
        for what, how in report.findings.items():
            if what not in told:
                told.add(what)
                print(f"--- {what}\n{how}\n", flush=True)

    with TemporaryDirectory(prefix="numberone-fuzz-") as folder:
        place = Path(folder)
        database = hostile_desk(place / "desk.db", Random(wanted.seed))  # noqa: S311 - no secret
        report = run_for(wanted.minutes * 60, place, database, wanted.seed, tell)
    print(f"{report.keys:,} keys in {report.episodes:,} boards; {len(report.findings)} findings.")
    for what in report.findings:
        print(f"  {what}")
    return bool(report.findings)


if __name__ == "__main__":
    sys.exit(main())

"""Whether customers hear from us when they are told they will: two replays, three ways to promise.

    python -m bench.promises incident_event_log.csv.gz --seeds 3

The desk replay plays a team of twelve through most of a year, the log replay goes by the log's own
first answers; both are described in ``bench/promises.toml``. First it is seen whether the replay
is one to judge by, then whether ours meets its bars, each seed for itself. Loss is the mean of
0.9 x hours late + 0.1 x hours early. At the end, what one forecast costs.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from cProfile import Profile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from pstats import Stats
from time import process_time
from typing import Any

from bench.desk_replay import START, DeskReplay
from bench.incident_log import Incident, incidents
from bench.judged import WEEK, Judged, Told, judged
from bench.large_forecast import MEMBERS, WAITING, large_forecast
from bench.log_replay import LogReplay

PARAMETERS = Path(__file__).with_suffix(".toml")
METHODS: tuple[tuple[str, Callable[[Told], datetime | None]], ...] = (
    ("naive 2", lambda told: told.naive),
    ("version 0.1", lambda told: told.first_version),
    ("ours", lambda told: told.ours),
)
MOST_MILLISECONDS = 50
COLUMNS = (
    "method", "promises", "kept", "rush week", "flu week", "calm weeks", "weeks >= .80",
    "early h: median", "p90", "loss h", "loss / naive", "width / naive",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure of a seed, and within what it is to lie, both ends included."""

    name: str
    value: float
    least: float = float("-inf")
    most: float = float("inf")

    @property
    def is_met(self) -> bool:
        """Whether the figure lies where it is meant to."""
        return self.least <= self.value <= self.most

    @property
    def said(self) -> str:
        """The figure, its bar and whether it is met, in one line."""
        ends = [f">= {self.least:g}"] if self.least > float("-inf") else []
        ends += [f"<= {self.most:g}"] if self.most < float("inf") else []
        return f"- {self.name} {self.value:.3f} ({', '.join(ends)}): {_met(self.is_met)}"


def checked(naive: Judged, first: Judged) -> Iterator[Figure]:
    """Yield what must hold of the desk replay before any bar counts."""
    yield Figure("naive 2 keeps", naive.kept, 0.80, 0.88)
    yield Figure("naive 2 loses, h", naive.loss, 4.5, 5.7)
    yield Figure("version 0.1 keeps", first.kept, most=0.5)


def desk_bars(naive: Judged, ours: Judged) -> Iterator[Figure]:
    """Yield ours beside its bars in the desk replay."""
    yield Figure("kept", ours.kept, 0.87, 0.93)
    yield Figure("kept in calm weeks", ours.calm_weeks, 0.87)
    yield Figure("weeks of 30 promises that keep .80", ours.weeks_held, 0.75)
    yield Figure("loss / naive 2's", ours.loss / naive.loss, most=0.60)
    yield Figure("median width / naive 2's", ours.early_median / naive.early_median, most=0.25)


def log_bars(naive: Judged, ours: Judged) -> Iterator[Figure]:
    """Yield ours beside its bars in the log replay."""
    yield Figure("kept", ours.kept, 0.87, 0.94)
    yield Figure("weeks of 30 promises that keep .80", ours.weeks_held, 0.90)
    yield Figure("loss / naive 2's", ours.loss / naive.loss, most=1.1)
    yield Figure("median width / naive 2's", ours.early_median / naive.early_median, most=1.5)


def desk_replay(log: Sequence[Incident], parameters: dict[str, Any], seed: int) -> bool:
    """Play the desk, print how each method did, and return whether all is as it is to be."""
    desk = parameters["desk"]
    told = DeskReplay(log, parameters["promises"], desk, seed).run()
    found = _judged(
        told, START, parameters["promises"]["weeks_from"], desk["rush_week"], desk["flu_week"]
    )
    _print(f"desk replay, seed {seed}", told, found)
    naive, first, ours = (found[name] for name, _ in METHODS)
    return _all_met("The replay:", checked(naive, first)) & _all_met(
        "Ours:", desk_bars(naive, ours)
    )


def log_replay(log: Sequence[Incident], parameters: dict[str, Any], seed: int) -> bool:
    """Go through the log, print how each method did, and return whether ours met its bars."""
    told = LogReplay(log, parameters["promises"], parameters["log"], seed).run()
    found = _judged(told, log[0].received, parameters["promises"]["weeks_from"])
    _print(f"log replay, seed {seed}", told, found)
    return _all_met("Ours:", log_bars(found["naive 2"], found["ours"]))


def _judged(
    told: Sequence[Told],
    start: datetime,
    weeks_from: int,
    rush_week: int | None = None,
    flu_week: int | None = None,
) -> dict[str, Judged]:
    def week_of(instant: datetime) -> int:
        return (instant - start) // WEEK

    late_enough = [each for each in told if week_of(each.told_at) >= weeks_from]
    return {
        name: judged(late_enough, said, week_of, rush_week=rush_week, flu_week=flu_week)
        for name, said in METHODS
    }


def _print(title: str, told: Sequence[Told], found: dict[str, Judged]) -> None:
    naive = found["naive 2"]
    without = sum(each.ours is None for each in told)
    print(f"\n### {title}: {len(told):,} told, {without:,} of them no time\n")
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"|---|{'---:|' * (len(COLUMNS) - 1)}")
    for name, of in found.items():
        weeks = (f"{each:.2f}" if each is not None else "" for each in (of.rush_week, of.flu_week))
        cells = [
            name, f"{of.promises:,}", f"{of.kept:.3f}", *weeks, f"{of.calm_weeks:.3f}",
            f"{of.weeks_held:.0%}", f"{of.early_median:.1f}", f"{of.early_most:.1f}",
            f"{of.loss:.2f}", f"{of.loss / naive.loss:.2f}",
            f"{of.early_median / naive.early_median:.2f}",
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def _all_met(title: str, figures: Iterator[Figure]) -> bool:
    listed = list(figures)
    print(title, *(each.said for each in listed), sep="\n", flush=True)
    return all(each.is_met for each in listed)


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def cost() -> bool:
    """Print what one forecast of everything costs, with a profile; return whether it is cheap."""
    large_forecast()  # the calendars of the zones are reckoned once a process
    begin = process_time()
    large_forecast()
    milliseconds = (process_time() - begin) * 1000
    print(f"\n### one forecast of {WAITING:,} waiting with {MEMBERS} members, roster read\n")
    figure = Figure("milliseconds of processor time", milliseconds, most=MOST_MILLISECONDS)
    print(figure.said)
    profile = Profile()
    profile.runcall(large_forecast)
    Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(14)
    return figure.is_met


def main() -> int:
    """Run what the command line asks for; 0 where the replays are sound and all bars are met."""
    parser = argparse.ArgumentParser(prog="python -m bench.promises", description=__doc__)
    parser.add_argument("log", help="the log, incident_event_log.csv.gz")
    parser.add_argument("--seeds", type=int, default=3, help="how many replays of each kind")
    parser.add_argument("--only", choices=("desk", "log", "cost"), help="leave out the others")
    wanted = parser.parse_args()
    log = incidents(wanted.log)
    parameters = tomllib.loads(PARAMETERS.read_text("utf-8"))
    met = []
    for name, replay in (("desk", desk_replay), ("log", log_replay)):
        if wanted.only in (None, name):
            met += [replay(log, parameters, seed) for seed in range(1, wanted.seeds + 1)]
    if wanted.only in (None, "cost"):
        met.append(cost())
    print(f"\nAll of it: {_met(all(met))}.")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

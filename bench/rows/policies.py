"""Another policy, which ranks every ticket again, while others change and read."""

from collections.abc import Mapping
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Final

from bench.floors.side_table import rebuilt
from bench.others import CHANGE, READ, others
from bench.report import Goal, Row, milliseconds
from policy.rulebook.rulebook import handbook, load_rulebook
from store.desk import Desk

_OTHER_POLICY: Final = '[response]\np2 = "6h"\n'
_A_SECOND: Final = 20


def policies(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long adopting another policy takes, and how long others wait meanwhile."""
    taken: dict[int, list[float]] = {size: [] for size in databases}
    floors: dict[int, list[float]] = {size: [] for size in databases}
    writers: dict[int, list[float]] = {size: [] for size in databases}
    readers: dict[int, list[float]] = {size: [] for size in databases}
    wanted = cycle([load_rulebook(_OTHER_POLICY, "the other policy"), handbook()])
    for _ in range(rounds):
        for size, database in databases.items():
            floors[size].append(rebuilt(database))
            with (
                closing(Desk.open(str(database), actor="bench")) as desk,
                others(database, CHANGE, _A_SECOND) as changing,
                others(database, READ, _A_SECOND) as reading,
            ):
                rulebook = next(wanted)
                if rulebook == desk.policy.rulebook():
                    rulebook = next(wanted)
                taken[size].append(milliseconds(lambda: desk.policy.adopt(rulebook)) / 1000)  # noqa: B023 - called at once
            writers[size].append(changing.slowest)
            readers[size].append(reading.slowest)
    return [
        Row(
            what="another policy adopted",
            unit="s",
            figures=taken,
            floor="a table of its keys made anew, raw",
            floors=floors,
            goals=(Goal(25),),
        ),
        Row(
            what="another's slowest change meanwhile",
            unit="ms",
            figures=writers,
            goals=(Goal(250, what=max),),
        ),
        Row(what="another's slowest reading meanwhile", unit="ms", figures=readers),
    ]

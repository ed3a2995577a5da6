"""Figures taken at several sizes, and how they grow, as a Markdown table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final

Measure = Callable[[], float]

_THREE_DIGITS: Final = ((10, 2), (100, 1))
"""Below so much, a figure is shown with so many decimal places."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: by size, what every round gave; the medians are shown."""

    what: str
    unit: str
    figures: Mapping[int, Sequence[float]]


def measured(rounds: int, unit: str, measures: Mapping[str, Mapping[int, Measure]]) -> list[Row]:
    """Return a row for each measure by size; in every round each is taken once, one by one.

    So what else the machine does at a time is in the figures of all sizes alike.
    """
    figures: dict[str, dict[int, list[float]]] = {
        what: {size: [] for size in by_size} for what, by_size in measures.items()
    }
    for _ in range(rounds):
        for what, by_size in measures.items():
            for size, measure in by_size.items():
                figures[what][size].append(measure())
    return [Row(what, unit, figures[what]) for what in measures]


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def table(rows: Sequence[Row], sizes: Sequence[int]) -> str:
    """Return the table: first how many times the smallest size's figure the others' are."""
    first, *others = sizes
    ratios = [f"{size:,} ÷ {first:,}" for size in others]
    heading = ["median", *ratios, *(f"{size:,}" for size in sizes), "unit"]
    lines = [heading, ["---", *("---:" for _ in heading[2:]), "---"]]
    for row in rows:
        medians = {size: median(row.figures[size]) for size in sizes}
        grown = [f"{medians[size] / medians[first]:.2f}" for size in others]
        shown = [_shown(medians[size]) for size in sizes]
        lines.append([row.what, *grown, *shown, row.unit])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _shown(figure: float) -> str:
    places = next((places for below, places in _THREE_DIGITS if figure < below), 0)
    return f"{figure:,.{places}f}"

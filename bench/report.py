"""Figures taken at several sizes beside their floors, held against goals, as Markdown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter
from typing import Final

Figures = Mapping[int, Sequence[float]]
"""By how many tickets there are, what every round gave."""

_THREE_DIGITS: Final = ((10, 2), (100, 1))
"""Below so much, a figure is shown with so many decimal places."""

_ENOUGH_FOR_P99: Final = 100
"""Of fewer figures the largest stands where the 99th percentile would."""


def middle(figures: Sequence[float]) -> float:
    """Return the median."""
    return median(figures)


def p99(figures: Sequence[float]) -> float:
    """Return the 99th percentile; of fewer than a hundred figures, the largest."""
    if len(figures) < _ENOUGH_FOR_P99:
        return max(figures)
    return quantiles(figures, n=100)[-1]


@dataclass(frozen=True, slots=True)
class Goal:
    """That at every size a figure is at most so much: of ``what``, beside the floor or by itself.

    ``aim`` is what would be better still; ``at`` is the size that it is meant of, None for all.
    """

    at_most: float
    what: Callable[[Sequence[float]], float] = middle
    beside_floor: bool = False
    aim: float | None = None
    at: int | None = None

    def reached(self, row: "Row") -> float:
        """Return the worst of all sizes, or what it is at the one that is meant."""
        only = self.at is not None and self.at in row.figures
        sizes = [each for each in row.figures if not only or each == self.at]
        return max(self._at(row, size) for size in sizes)

    def _at(self, row: "Row", size: int) -> float:
        figure = self.what(row.figures[size])
        return figure / middle(row.floors[size]) if self.beside_floor else figure

    def words(self, unit: str) -> str:
        """Return the goal as it is read in the table."""
        of = "" if self.what is middle else f"{self.what.__name__} "
        unit = "×" if self.beside_floor else unit
        aim = "" if self.aim is None else f" (aim {self.aim:g})"
        return f"{of}≤ {self.at_most:,g} {unit}{aim}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; ``floor`` says what it stands beside, taken in the same rounds."""

    what: str
    unit: str
    figures: Figures
    floor: str = ""
    floors: Figures = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()

    def verdict(self) -> str:
        """Return for each goal what was reached, and whether that is it."""
        said = []
        for goal in self.goals:
            reached = goal.reached(self)
            unit = " ×" if goal.beside_floor else f" {self.unit}"
            said.append(
                f"{'met' if reached <= goal.at_most else '**not met**'}: {shown(reached)}{unit}"
            )
        return "; ".join(said)


Measure = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How a row's figures are taken, by size; ``floors`` may be empty."""

    what: str
    unit: str = "ms"
    by_size: Mapping[int, Measure]
    floor: str = ""
    floors: Mapping[int, Measure] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()


def measured(rounds: int, measures: Sequence[Measures]) -> list[Row]:
    """Return a row for each of the measures; in every round each is taken once, one by one.

    So what else the machine does at a time is in the figures of all sizes and floors alike.
    """
    figures: list[dict[int, list[float]]] = [
        {size: [] for size in each.by_size} for each in measures
    ]
    floors: list[dict[int, list[float]]] = [{size: [] for size in each.floors} for each in measures]
    for _ in range(rounds):
        for each, taken, beside in zip(measures, figures, floors, strict=True):
            for size, measure in each.by_size.items():
                if size in each.floors:
                    beside[size].append(each.floors[size]())
                taken[size].append(measure())
    return [
        Row(
            what=each.what,
            unit=each.unit,
            figures=taken,
            floor=each.floor,
            floors=beside,
            goals=each.goals,
        )
        for each, taken, beside in zip(measures, figures, floors, strict=True)
    ]


def _empty(by_size: Mapping[int, Measure]) -> dict[int, list[float]]:
    return {size: [] for size in by_size}


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def table(rows: Sequence[Row], sizes: Sequence[int]) -> str:
    """Return the table: medians by size, the worst p99, the floor, and what became of the goals."""
    heading = ["what a person feels", *(f"{size:,}" for size in sizes), "p99", "floor", "goal"]
    lines = [[*heading, "verdict"], ["---", *("---:" for _ in sizes), "---:", "---", "---", "---"]]
    for row in rows:
        cells = [shown(middle(row.figures[size])) if size in row.figures else "" for size in sizes]
        worst = max(p99(figures) for figures in row.figures.values())
        floor = f"{row.floor}: {_floors(row)}" if row.floors else row.floor
        goals = "; ".join(goal.words(row.unit) for goal in row.goals)
        lines.append([f"{row.what}, {row.unit}", *cells, shown(worst), floor, goals, row.verdict()])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def growth(rows: Sequence[Row], sizes: Sequence[int]) -> str:
    """Return a curve for each row with a floor: how many times the smallest size's figure.

    In Mermaid's words, which the places that show Markdown draw.
    """
    whole = [row for row in rows if row.floors and set(sizes) <= row.figures.keys()]
    drawn = whole if len(sizes) > 1 else []
    return "\n\n".join(_curve(row, sizes) for row in drawn)


def _curve(row: Row, sizes: Sequence[int]) -> str:
    first = middle(row.figures[sizes[0]]) or 1.0
    times = [middle(row.figures[size]) / first for size in sizes]
    names = ", ".join(f'"{size:,}"' for size in sizes)
    line = ", ".join(f"{each:.2f}" for each in times)
    title = row.what.replace('"', "'")
    return (
        f'```mermaid\nxychart-beta\n    title "{title}"\n    x-axis [{names}]\n'
        f'    y-axis "× the smallest" 0 --> {max(2.0, *times):.1f}\n    line [{line}]\n```'
    )


def _floors(row: Row) -> str:
    medians = [middle(figures) for figures in row.floors.values()]
    least, most = shown(min(medians)), shown(max(medians))
    return f"{least if least == most else f'{least}–{most}'} {row.unit}"


def shown(figure: float) -> str:
    """Return a figure with three digits or all before the point."""
    places = next((places for below, places in _THREE_DIGITS if abs(figure) < below), 0)
    return f"{figure:,.{places}f}"

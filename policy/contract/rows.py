"""The contract as rows: what each asks of a ticket, and what it promises by which calendar."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy.clocks.target_time import TargetTime
from policy.contract.conditions import Condition, Value, all_hold


@dataclass(frozen=True, slots=True)
class Row:
    """What is promised to the tickets that all conditions mean.

    ``number`` is the row's in the policy file, from 1; None for one that ``[response]`` stands for.
    """

    number: int | None
    conditions: tuple[Condition, ...]
    calendars: tuple[str, ...]
    times: Mapping[str, TargetTime]


@dataclass(frozen=True, slots=True)
class Term:
    """The time that is promised for one target, and the row that decides it."""

    time: TargetTime
    row: Row


def terms_of(rows: Iterable[Row], value_of: Callable[[str], Value]) -> Mapping[str, Term]:
    """Return what is promised to a ticket, by target; ``value_of`` says what it is by each thing.

    "For each target the first row that holds and names it decides." A target that no such row
    names is not there; one with the time ``"none"`` is, and is none.
    """
    terms: dict[str, Term] = {}
    for row in rows:
        if row.times.keys() <= terms.keys() or not all_hold(row.conditions, value_of):
            continue
        for target, time in row.times.items():
            terms.setdefault(target, Term(time, row))
    return terms


def naming(rows: Sequence[Row], target: str) -> Sequence[Row]:
    """Return the rows that name a target, in their order."""
    return [row for row in rows if target in row.times]

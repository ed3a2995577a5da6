"""The frozen values that copying, restoring and exporting hand out; light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from policy.words import FactKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """From which schema to which a database was brought; ``before`` None where nothing was.

    ``brought_back`` are the tickets of customers who waited in no list before that; ``backup`` is
    where the file lies as it was, None where nothing was brought or a server has it.
    """

    before: str | None
    schema: str
    brought_back: tuple[int, ...] = ()
    backup: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEnd:
    """How many events there are, and the newest one's hash, empty without any.

    Kept elsewhere, it shows whether the history up to there is still the same.
    """

    events: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup holds: its schema, its size in bytes, and how much is in it."""

    schema: str
    size: int
    tickets: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restoring brought back; ``kept`` is where all that was there before lies now.

    ``from_schema`` is the backup's own, and ``kept`` None where there was nothing to keep.
    ``brought_back`` are the tickets of customers who waited in no list of an older backup.
    """

    from_schema: str
    tickets: int
    events: int
    kept: Path | None
    brought_back: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything at one instant (UTC), as records one by one, and how many there are of a kind.

    ``fact_kinds`` are what else the policy in force says of tickets.
    """

    schema: str
    at: datetime
    fact_kinds: Mapping[str, FactKind]
    counts: Mapping[str, int]
    records: Iterator[Mapping[str, Any]]

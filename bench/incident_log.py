"""A help desk's public log: when each incident came, and when it had its first answer."""

import csv
import gzip
import re
from datetime import UTC, datetime
from typing import NamedTuple

_ANSWERED = frozenset({"Awaiting User Info", "Resolved", "Closed"})
_PRIORITIES = {"1": "p0", "2": "p1", "3": "p2", "4": "p3"}


class Incident(NamedTuple):
    """One ticket of the log, times in UTC; ``answered`` is None where it never was."""

    received: datetime
    priority: str
    answered: datetime | None


def incidents(path: str) -> list[Incident]:
    """Return what the log at ``path`` holds, by the time it came.

    The first answer is the first event by which the customer was asked something, or helped.
    """
    received: dict[str, tuple[datetime, str]] = {}
    answers: dict[str, list[tuple[int, datetime]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            number = line["number"]
            received[number] = _time(line["opened_at"]), _PRIORITIES[line["priority"][0]]
            if line["incident_state"] in _ANSWERED:
                event = int(line["sys_mod_count"]), _time(line["sys_updated_at"])
                answers.setdefault(number, []).append(event)
    return sorted(
        Incident(came, priority, min(answers[number])[1] if number in answers else None)
        for number, (came, priority) in received.items()
    )


def _time(written: str) -> datetime:
    day, month, year, hour, minute = map(int, re.split("[/ :]", written))
    return datetime(year, month, day, hour, minute, tzinfo=UTC)

"""The order as docs/design.md says it, written a second time: slowly, and with no keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cmp_to_key

from policy.ticket import Ticket
from policy.words import Mode

NORMAL = ("deviation", "priority", "respond_by", "received_at")
HARD_CHOICES = ("deviation", "priority", "owed", "tier", "respond_by", "received_at")
CRITERIA = {Mode.NORMAL: NORMAL, Mode.HARD_CHOICES: HARD_CHOICES}
"""The order as docs/design.md says it."""

TIERS = ("presales", "enterprise", "team", "free", "open_source", "internal")
PRIORITIES = ("p0", "p1", "p2", "p3")


def compare(
    one: Ticket,
    other: Ticket,
    criteria: Sequence[str],
    tiers: Sequence[str],
    priorities: Sequence[str] = PRIORITIES,
) -> int:
    """Return less than 0 when ``one`` comes first, looking at one criterion after the other."""
    for criterion in criteria:
        difference = compare_by(criterion, one, other, tiers, priorities)
        if difference:
            return difference
    return -1 if one.id < other.id else int(one.id > other.id)


def compare_by(  # noqa: PLR0911 - one for each criterion
    criterion: str,
    one: Ticket,
    other: Ticket,
    tiers: Sequence[str],
    priorities: Sequence[str] = PRIORITIES,
) -> int:
    """Return less than 0 when ``one`` comes first by one criterion, 0 when that does not tell."""
    match criterion:
        case "deviation":
            mine = one.deviation.since if one.deviation else None
            yours = other.deviation.since if other.deviation else None
            return compare_times(yours, mine) if mine and yours else compare_times(mine, yours)
        case "priority":
            return place(one.priority, priorities) - place(other.priority, priorities)
        case "owed":
            return int(is_owed(other)) - int(is_owed(one))
        case "tier":
            return place(one.tier, tiers) - place(other.tier, tiers)
        case "respond_by":
            return compare_times(one.respond_by, other.respond_by)
        case "group":
            return group_of(one) - group_of(other)
        case "resolve_by":
            return compare_times(one.resolve_by, other.resolve_by)
        case "received_at":
            return compare_times(one.received_at, other.received_at)
    raise AssertionError(criterion)


def group_of(one: Ticket) -> int:
    """Return the place of its group: incidents, what is special, and all else."""
    said = dict(one.facts)
    if said.get("kind") == "incident":
        return 0
    return 1 if said.get("special") is True else 2


def place(word: str | None, order: Sequence[str]) -> int:
    """Return where a word stands; one that is not in the order, or none, comes last."""
    return [*order, word].index(word)


def is_owed(one: Ticket) -> bool:
    """Return whether the customer waits: nobody is owed what is declined, internal or merged."""
    if one.internal or one.declined is not None or one.merged_into is not None:
        return False
    return one.waiting_since is not None


def stands_in_the_queue(one: Ticket) -> bool:
    """Return whether it is new, open, owed or to be updated, and neither declined nor merged."""
    if one.declined is not None or one.merged_into is not None:
        return False
    return one.status in ("new", "open") or is_owed(one) or one.update_by is not None


def compare_times(one: datetime | None, other: datetime | None) -> int:
    """Return less than 0 when ``one`` is earlier, or is a time while ``other`` is none."""
    if one is None or other is None:
        return (one is None) - (other is None)
    return (one > other) - (one < other)


def ranked(
    tickets: Iterable[Ticket],
    criteria: Sequence[str],
    tiers: Sequence[str] = TIERS,
    priorities: Sequence[str] = PRIORITIES,
) -> list[Ticket]:
    """Return the tickets that stand in the queue, in the order of the criteria."""
    queue = [each for each in tickets if stands_in_the_queue(each)]

    def by_criteria(one: Ticket, other: Ticket) -> int:
        return compare(one, other, criteria, tiers, priorities)

    return sorted(queue, key=cmp_to_key(by_criteria))

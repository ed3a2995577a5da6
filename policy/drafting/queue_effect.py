"""What a policy makes of a queue, in a few figures: priorities, who is first, how many are late."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.intake.rules import assess
from policy.ordering.explanation import why_number_one
from policy.ordering.order import Order, order_of
from policy.ordering.ranking import Ranking
from policy.rulebook.lost_words import LostWord, LostWords, gone
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import Criterion, Mode, Priority, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEffect:
    """What a policy makes of tickets at one time, in one mode.

    ``queue`` is in its order, ``by_priority`` has how many of it have each priority, ``why`` is why
    the first is that. ``groups`` names the group of each that is in one, by its number, where the
    order looks at groups. ``declined`` tickets are none of it; ``lost`` are the words that tickets
    carry and the policy does not know, for which they are left out.
    """

    queue: tuple[Ticket, ...]
    by_priority: Mapping[Priority, int]
    late: int
    declined: int
    why: str
    groups: Mapping[int, str]
    lost: LostWords


def effect_on(
    rulebook: Rulebook, tickets: Sequence[Ticket], before: Vocabulary, mode: Mode, now: datetime
) -> QueueEffect:
    """Return what a policy makes of tickets at ``now`` (UTC).

    ``before`` are the words of the policy under which they came.
    """
    lost = _Lost(before, rulebook.vocabulary)
    readable = [ticket for ticket in tickets if not any(lost.of(ticket))]
    order = order_of(rulebook, mode)
    ranking = Ranking([assess(rulebook, ticket) for ticket in readable], order)
    counted = Counter(ticket.priority for ticket in ranking.queue)
    second = next(iter(ranking.queue[1:]), None)
    return QueueEffect(
        queue=tuple(ranking.queue),
        by_priority={each: counted[each] for each in rulebook.vocabulary.priorities},
        late=sum(ticket.is_late(now) for ticket in ranking.queue),
        declined=sum(ticket.declined is not None for ticket in ranking.tickets.values()),
        why="" if ranking.first is None else why_number_one(ranking.first, second, order),
        groups=_groups(ranking, order),
        lost=lost.words_of(tickets),
    )


def _groups(ranking: Ranking, order: Order) -> Mapping[int, str]:
    if Criterion.GROUP not in order.criteria:
        return {}
    named = ((ticket.id, order.groups.name(ticket)) for ticket in ranking.queue)
    return {number: name for number, name in named if name is not None}


def due_otherwise(effect: QueueEffect, before: QueueEffect) -> int:
    """Return how many tickets of both queues are to be answered or solved by another time."""
    was = {ticket.id: _due(ticket) for ticket in before.queue}
    return sum(was.get(ticket.id, _due(ticket)) != _due(ticket) for ticket in effect.queue)


def _due(ticket: Ticket) -> tuple[datetime | None, datetime | None]:
    return ticket.respond_by, ticket.resolve_by


class _Lost:
    """Which words of the policy before another one lacks, and what tickets carry of them."""

    def __init__(self, before: Vocabulary, after: Vocabulary) -> None:
        self._gone: Mapping[str, frozenset[Severity]] = {
            "tier": gone("tier", before.tiers, after.tiers),
            "severity": gone("severity", before.severities, after.severities),
            "priority": gone("priority", before.priorities, after.priorities),
        }

    def of(self, ticket: Ticket) -> Iterator[tuple[str, Severity]]:
        """Yield the words that a ticket carries and the other policy lacks, each with its field."""
        assigned = ticket.assigned_priority
        carried: Mapping[str, Severity | None] = {
            "tier": ticket.tier,
            "severity": ticket.severity,
            "priority": None if assigned is None else assigned.priority,
        }
        for field, word in carried.items():
            if word is not None and word in self._gone[field]:
                yield field, word

    def words_of(self, tickets: Iterable[Ticket]) -> LostWords:
        """Return those words with how many tickets carry each."""
        carried = [list(self.of(ticket)) for ticket in tickets]
        counted = Counter(each for listed in carried for each in listed)
        return LostWords(
            tickets=sum(map(bool, carried)),
            words=tuple(
                LostWord(field=field, word=word, tickets=number)
                for (field, word), number in sorted(counted.items(), key=str)
            ),
        )

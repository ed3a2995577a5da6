"""The order of the queue: what is compared, one criterion after the other, and its byte keys.

"There is only ever a single number one priority": the id comes last of all, so there is never
a tie, and the byte keys sort exactly like the order itself.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from policy.ordering.groups import NO_GROUPS, Groups
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import Criterion, Mode

LAST = (1 << 64) - 1
"""Sorts after every instant: used where there is no deadline or no deviation."""

_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Order:
    """One of the two orders: its criteria, and the words of the policy, which it ranks by.

    ``criteria`` are compared one after the other; the id is added at the end. A word that the
    policy does not know comes last.
    """

    def __init__(
        self, criteria: Sequence[Criterion], words: Vocabulary, groups: Groups = NO_GROUPS
    ) -> None:
        self.criteria = (*criteria, Criterion.ID)
        self.words = words
        self.groups = groups
        self._ranks: dict[Criterion, Callable[[Ticket], int]] = {
            Criterion.DEVIATION: _newest_deviation_first,
            Criterion.PRIORITY: lambda ticket: words.priority_rank(ticket.priority),
            Criterion.OWED: lambda ticket: 0 if ticket.owed else 1,
            Criterion.TIER: lambda ticket: words.tier_rank(ticket.tier),
            Criterion.GROUP: groups.rank,
            Criterion.RESPOND_BY: lambda ticket: _due(ticket.respond_by),
            Criterion.RESOLVE_BY: lambda ticket: _due(ticket.resolve_by),
            Criterion.RECEIVED_AT: lambda ticket: _instant(ticket.received_at),
            Criterion.ID: lambda ticket: ticket.id,
        }
        self._pieces = [(self._ranks[each], _WIDTHS[each]) for each in self.criteria]

    def rank(self, ticket: Ticket, criterion: Criterion) -> int:
        """Return where ``ticket`` stands by one criterion alone; the smaller comes first."""
        return self._ranks[criterion](ticket)

    def key(self, ticket: Ticket) -> bytes:
        """Return the bytes that sort among all tickets' keys as the ticket does in this order."""
        return b"".join([rank(ticket).to_bytes(width, "big") for rank, width in self._pieces])

    @property
    def deviation_starts(self) -> int | None:
        """At which byte of a key its deviation is, None where the order does not look at it."""
        if Criterion.DEVIATION not in self.criteria:
            return None
        before = self.criteria[: self.criteria.index(Criterion.DEVIATION)]
        return sum(_WIDTHS[criterion] for criterion in before)

    def key_without_deviation(self, key: bytes) -> bytes:
        """Return the key that a ticket with this one has once its deviation is over."""
        start = self.deviation_starts
        if start is None:
            return key
        end = start + _WIDTHS[Criterion.DEVIATION]
        return key[:start] + LAST.to_bytes(end - start, "big") + key[end:]

    def first_difference(self, one: Ticket, other: Ticket) -> Criterion:
        """Return the first criterion that tells two different tickets apart."""
        return next(
            criterion
            for criterion in self.criteria
            if self.rank(one, criterion) != self.rank(other, criterion)
        )

    def is_before(self, one: Ticket, other: Ticket) -> bool:
        """Return whether ``one`` comes before ``other``; never both ways, never neither."""
        criterion = self.first_difference(one, other)
        return self.rank(one, criterion) < self.rank(other, criterion)


def orders_differ(one: Rulebook, other: Rulebook) -> bool:
    """Return whether two policies may key a ticket otherwise that both assess alike."""
    return (one.order, one.vocabulary, one.groups) != (other.order, other.vocabulary, other.groups)


def order_of(rulebook: Rulebook, mode: Mode) -> Order:
    """Return the order that the policy gives for a mode."""
    match mode:
        case Mode.NORMAL:
            return Order(rulebook.order.normal, rulebook.vocabulary, Groups(rulebook.groups))
        case Mode.HARD_CHOICES:
            return Order(rulebook.order.hard_choices, rulebook.vocabulary, Groups(rulebook.groups))


_WIDTHS = {
    Criterion.DEVIATION: 8,
    Criterion.PRIORITY: 1,
    Criterion.OWED: 1,
    Criterion.TIER: 1,
    Criterion.GROUP: 1,
    Criterion.RESPOND_BY: 8,
    Criterion.RESOLVE_BY: 8,
    Criterion.RECEIVED_AT: 8,
    Criterion.ID: 8,
}
"""How many bytes each criterion takes in a key; fixed, so that keys compare like tuples."""


def _newest_deviation_first(ticket: Ticket) -> int:
    """Return a rank by which "a newer deviation stands before an older one", none last."""
    return LAST - _instant(ticket.deviation.since) - 1 if ticket.deviation else LAST


def _due(time: datetime | None) -> int:
    return _instant(time) if time else LAST


def _instant(time: datetime) -> int:
    """Return the microseconds since the year one, so that no time is negative."""
    return (time - _YEAR_ONE) // _MICROSECOND

"""One read transaction: what the first look at a desk stands on, and all else that is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from policy.capacity.hard_choices import QueueCount, automatic_mode
from policy.capacity.levels import Capacity, capacity
from policy.capacity.mode import NORMAL, ModeInForce, mode_in_force
from policy.clocks.zones import zone_named
from policy.ordering.deviations import in_force
from policy.ordering.order import Order, order_of
from policy.phrases import ReadersClock
from policy.roster.holders import Holders
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.actions import closed_when_due
from policy.vocabulary import Vocabulary
from policy.words import Mode
from store.history.event_reading import events_of_ticket, latest_id
from store.queue.counted import counts_between, counts_of_all
from store.queue.queue_order import QueueOrder
from store.quick.reads import Reads
from store.read_models import Event
from store.schema.kept_names import OWED, QUEUE
from store.schema.settings_in_force import Settings, settings_of
from store.team.roster_reading import roster_of
from store.tickets.references import ticket_numbered
from store.tickets.ticket_mapping import by_ids

_AT_ONCE = 500
"""How many tickets of a long list are read at a time, so that memory stays flat."""

RosterKey = tuple[int, int]
"""The version of a roster, and the year around which its public holidays were looked up."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A ticket's 1-based place in the queue, None outside it, and who is right beside it there."""

    position: int | None
    ahead: Ticket | None
    behind: Ticket | None


@dataclass(frozen=True)
class Reader:
    """One read transaction, for one person, under the ``name`` they gave, at one time (UTC).

    ``machine_zone`` is the zone of whoever is in no team file.
    """

    reads: Reads
    name: str
    now: datetime
    rosters: dict[RosterKey, Roster]
    machine_zone: tzinfo

    @cached_property
    def settings(self) -> Settings:
        """What belongs to the whole desk."""
        return settings_of(self.reads)

    @cached_property
    def roster(self) -> Roster:
        """The team and its time off, read anew only when it has been changed."""
        key = (self.settings.roster_version, self.now.year)
        if key not in self.rosters:
            self.rosters.clear()
            self.rosters[key] = roster_of(self.reads, self.now)
        return self.rosters[key]

    @cached_property
    def login(self) -> str:
        """Who reads: the login of the team's member whom their name means, else that name."""
        return self.roster.login_of(self.name)

    @cached_property
    def holders(self) -> Holders:
        """Who of the team can be reckoned with for the tickets they have."""
        return Holders(self.roster, self.now)

    @cached_property
    def zone(self) -> tzinfo:
        """The person's zone: "the team file's for a member, else the machine's"."""
        member = self.roster.by_login.get(self.login)
        return self.machine_zone if member is None else zone_named(member.hours.timezone)

    @cached_property
    def clock(self) -> ReadersClock:
        """The person's clock, as sentences say times."""
        return ReadersClock(self.now, self.zone)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The policy of this database."""
        return self.settings.rulebook

    @property
    def words(self) -> Vocabulary:
        """The words of this database's policy."""
        return self.rulebook.vocabulary

    @cached_property
    def mode(self) -> ModeInForce:
        """The mode in force now."""
        return self.mode_with(self.roster)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many tickets there are, in the queue, and declined."""
        return counts_of_all(self.reads)

    @cached_property
    def capacity(self) -> Capacity:
        """How much of the team is there for how much work."""
        return self.capacity_with(self.roster)

    def capacity_with(self, roster: Roster) -> Capacity:
        """Return how much of a team would be there for how much work."""
        queue, owed = self.counts[QUEUE], self.counts[OWED]
        return capacity(self.rulebook, roster, queue, owed, self.now)

    @cached_property
    def order(self) -> Order:
        """The order of the mode in force."""
        return order_of(self.rulebook, self.mode.mode)

    @cached_property
    def queue(self) -> QueueOrder:
        """The queue as it stands now in the order of the mode in force."""
        return self.queue_in(self.mode.mode)

    def revision(self) -> int:
        """Return the number of the latest event: it grows with every change by anyone."""
        return latest_id(self.reads)

    def ticket(self, number: int) -> Ticket:
        """Return the ticket with this number.

        Raises:
            Refusal: there is none.
        """
        return self._as_it_stands(ticket_numbered(self.reads, number))

    def position(self, ticket_id: int) -> int | None:
        """Return the 1-based place in the queue, None for a ticket outside it."""
        place = self.queue.place(ticket_id)
        return None if place is None else place + 1

    def history(self, ticket_id: int, newest: int | None = None) -> tuple[Event, ...]:
        """Return a ticket's events, oldest first; only the ``newest`` so many when given."""
        return events_of_ticket(self.reads, ticket_id, newest)

    def each(self, ids: list[int]) -> Iterator[Ticket]:
        """Yield the tickets of these numbers, in this order, a few hundred at a time."""
        for start in range(0, len(ids), _AT_ONCE):
            for ticket in by_ids(self.reads, ids[start : start + _AT_ONCE]):
                yield self._as_it_stands(ticket)

    def _as_it_stands(self, ticket: Ticket) -> Ticket:
        """Return a ticket as it counts now: without what is over, and closed once that is due."""
        close_after = self.rulebook.statuses.close_after
        return closed_when_due(in_force(ticket, self.now), self.now, close_after)

    def queue_in(self, mode: Mode) -> QueueOrder:
        """Return the queue as it stands now in the order of a mode."""
        return QueueOrder(self.reads, mode, order_of(self.rulebook, mode), self.now)

    def standing(self, ticket: Ticket) -> Neighbours:
        """Return where a ticket stands in the queue, and the two between which it does."""
        place = self.queue.standing(ticket.id)
        if place is None:
            return Neighbours(None, None, None)
        ids = [each for each in (place.ahead, place.behind) if each is not None]
        found = {each.id: each for each in self.each(ids)}
        ahead, behind = (
            None if each is None else found.get(each) for each in (place.ahead, place.behind)
        )
        return Neighbours(place.place + 1, ahead, behind)

    def behind(self, ticket: Ticket) -> Ticket | None:
        """Return the ticket that stands right behind another one in the queue."""
        behind = self.queue.behind(ticket.id)
        return None if behind is None else self.ticket(behind)

    def mode_with(self, roster: Roster) -> ModeInForce:
        """Return the mode that would be in force now with a roster."""
        automatic = self.automatic_with(roster)
        return mode_in_force(self.settings.mode, self.now, self.zone, automatic)

    def automatic_with(self, roster: Roster) -> ModeInForce:
        """Return the mode that would be in force now with a roster if nobody had set it by hand."""
        if not roster.support:
            return NORMAL
        return automatic_mode(self.rulebook, roster, self._counts(), self.now)

    def _counts(self) -> list[QueueCount]:
        """Return how many tickets stood in the queue in the calm time, and how many do now."""
        start = self.now - self.rulebook.capacity.calm_for
        counts = [each for each in counts_between(self.reads, start, self.now)
                  if each.at < self.now]  # fmt: skip
        queue, owed = self.counts[QUEUE], self.counts[OWED]
        return [*counts, QueueCount(at=self.now, tickets=queue, owed=owed)]

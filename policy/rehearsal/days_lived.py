"""What a rehearsal plays: the tickets of the last days as they came in, and under what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from policy.intake.rules import assess
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.waits.margins import Margin
from policy.words import Priority, Status


class CameIn(NamedTuple):
    """A ticket that came in, and how long it really took whoever had it.

    ``answer`` is from picking it up to its first answer and ``busy`` until its holder was free
    again, both in minutes of their own staffed time; None where nobody knows.
    """

    ticket: Ticket
    answer: float | None = None
    busy: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysLived:
    """What came to the desk from ``start`` to before ``end`` (UTC).

    ``came`` holds the tickets of that time, and those from before it that had no answer by then:
    these are work to do, and no figure speaks of them.
    """

    start: datetime
    end: datetime
    came: tuple[CameIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Under what the days are played: the policy, the team with its time off, and the margins.

    ``margins`` are between the expected and the safe time of an answer, by priority, as they stand
    now; of a priority without one it is that of a desk that has learnt nothing yet.
    """

    rulebook: Rulebook
    roster: Roster
    margins: Mapping[Priority, Margin]

    def team_played(self) -> Roster:
        """Return the team as it plays: who is at capacity today counts as the others do.

        They "take no new tickets" now, and have hardly been so for all of the days.
        """
        members = (replace(member, at_capacity=False) for member in self.roster.members)
        return replace(self.roster, members=tuple(members))


def as_it_came(rulebook: Rulebook, ticket: Ticket) -> Ticket:
    """Return a ticket as it stood when it came, and as intake decides on it under this policy.

    What has been done about it since is to be played. The priority that a person assigned stays
    where this policy knows it: "priority is always assigned by us".
    """
    assigned = ticket.assigned_priority
    known = assigned is not None and assigned.priority in rulebook.vocabulary.priority_ranks
    new = replace(
        ticket,
        status=Status.NEW,
        assignee=None,
        first_response_at=None,
        last_response_at=None,
        last_customer_message_at=None,
        settled_at=None,
        solved_at=None,
        waiting_since=ticket.received_at,
        assigned_priority=assigned if known else None,
        deviation=None,
        paused=(),
        escalation=None,
        handed_over=None,
        review=None,
        merged_into=None,
        continued_in=None,
    )
    return assess(rulebook, new)

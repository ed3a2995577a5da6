"""First responses: how many kept the contract, and how they lie around what we strive for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from typing import Self

from policy.clocks.business_time import business_time_between
from policy.clocks.deadlines import deadlines
from policy.contract.ticket_words import words_of_ticket
from policy.report.ticket_changes import Since, value_at
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import Priority

_MOST = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took: half of them at most ``median``, nine of ten at most ``most``.

    All are None where there is nothing to measure.
    """

    count: int
    median: timedelta | None
    most: timedelta | None
    longest: timedelta | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> Self:
        """Return the figures of these; each is the length of one of them."""
        ordered = sorted(lengths)
        if not ordered:
            return cls(count=0, median=None, most=None, longest=None)
        return cls(
            count=len(ordered),
            median=_at_share(ordered, 0.5),
            most=_at_share(ordered, _MOST),
            longest=ordered[-1],
        )


def _at_share(ordered: list[timedelta], share: float) -> timedelta:
    """Return the shortest that at least this share of them do not exceed."""
    return ordered[ceil(share * len(ordered)) - 1]


class Nearness(StrEnum):
    """How long a first response took, measured by the aim."""

    HALF = "half_aim"
    AIM = "aim"
    TWICE = "twice_aim"
    FOUR_TIMES = "four_times_aim"
    LATER = "later"


_TIMES_AIM: Mapping[Nearness, float] = MappingProxyType(
    {Nearness.HALF: 0.5, Nearness.AIM: 1.0, Nearness.TWICE: 2.0, Nearness.FOUR_TIMES: 4.0}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResponse:
    """A first response: when it came, and when it was owed (UTC; None without a contract).

    ``took`` is the open time of the calendar from becoming aware to it, and ``aim`` what we strove
    for then.
    """

    ticket: int
    priority: Priority
    answered_at: datetime
    respond_by: datetime | None
    took: timedelta
    aim: timedelta

    @property
    def within_contract(self) -> bool | None:
        """Whether it came in time; None where nothing was owed."""
        return None if self.respond_by is None else self.answered_at <= self.respond_by

    @property
    def nearness(self) -> Nearness:
        """How long it took, measured by the aim."""
        return next(
            (each for each, times in _TIMES_AIM.items() if self.took <= times * self.aim),
            Nearness.LATER,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many first responses were owed by contract, and how many of those came in time."""

    within: int
    owed: int

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None when none was owed."""
        return self.within / self.owed if self.owed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResponses:
    """The first responses of a span of time.

    ``overdue`` counts the customers whose first response was owed in that time and had not come
    by its end: they are in no share. ``aim`` is the one in force at the end.
    """

    count: int
    contract: Kept
    by_priority: Mapping[Priority, Kept]
    by_nearness: Mapping[Nearness, int]
    took: Spread
    aim: timedelta
    overdue: int


def first_response(
    ticket: Ticket, owed: datetime | None, rulebooks: Sequence[Since[Rulebook]]
) -> FirstResponse | None:
    """Return the first response that a ticket had, None where it had none or was declined.

    ``owed`` is ``respond_by`` as it stood when it came, where that is known; else it is reckoned
    by the policy that was in force: "first response within business hours of becoming aware".
    """
    if ticket.first_response_at is None or ticket.priority is None:
        return None
    rulebook = value_at(rulebooks, ticket.first_response_at)
    if owed is None:
        owed = owed_by_contract(ticket, rulebook)
    return FirstResponse(
        ticket=ticket.id,
        priority=ticket.priority,
        answered_at=ticket.first_response_at,
        respond_by=owed,
        took=open_time(rulebook, ticket.received_at, ticket.first_response_at),
        aim=rulebook.response.aim,
    )


def owed_by_contract(ticket: Ticket, rulebook: Rulebook) -> datetime | None:
    """Return when (UTC) a first response is owed: "within business hours of becoming aware".

    None where nobody promised one.
    """
    return deadlines(
        rulebook,
        words_of_ticket(ticket),
        received_at=ticket.received_at,
        waiting_since=ticket.received_at,
        answered_before=False,
        zone=ticket.zone,
    ).respond_by


def first_responses(
    given: Sequence[FirstResponse], words: Vocabulary, aim: timedelta, overdue: int
) -> FirstResponses:
    """Return the figures of the first responses given, by priority in the order of ``words``."""
    nearness = Counter(each.nearness for each in given)
    priorities = {each.priority for each in given}
    return FirstResponses(
        count=len(given),
        contract=_kept(given),
        by_priority={
            priority: _kept(each for each in given if each.priority == priority)
            for priority in sorted(priorities, key=lambda each: (words.priority_rank(each), each))
        },
        by_nearness={each: nearness[each] for each in Nearness},
        took=Spread.of(each.took for each in given),
        aim=aim,
        overdue=overdue,
    )


def open_time(rulebook: Rulebook, start: datetime, end: datetime) -> timedelta:
    """Return the open time of a policy's calendar from one time to another (UTC).

    It is zero where a source says that something was done before it came.
    """
    return max(business_time_between(rulebook.contract_calendar, start, end), timedelta(0))


def _kept(given: Iterable[FirstResponse]) -> Kept:
    owed = [each.within_contract for each in given if each.within_contract is not None]
    return Kept(within=sum(owed), owed=len(owed))

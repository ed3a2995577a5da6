"""Who is to be told now that they will wait, and what the notice says.

"In such situations, we will communicate proactively, letting them know that we have team members
arriving in another few hours who will be able to help them."
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from zoneinfo import ZoneInfo

from policy.capacity import AHEAD
from policy.coverage import Turn, arrivals, coverage
from policy.phrases import span
from policy.roster import Roster
from policy.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.words import Priority, Tier

MOST_ARRIVALS = 3
"""How many of those who arrive a notice names; more is a list, not an answer."""


_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a customer was told: somebody who can help arrives at ``arrive_at`` (UTC)."""

    tickets: tuple[int, ...]
    logins: tuple[str, ...]
    arrive_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNotice:
    """One message to one requester about all their waiting tickets; times are UTC.

    ``expected`` is the earliest of their expected first answers, None beyond the forecast;
    ``renews`` says that an earlier promise cannot be kept.
    """

    customer: str
    requester: Requester | None
    tickets: tuple[Ticket, ...]
    expected: datetime | None
    aim_by: datetime
    arrivals: tuple[Turn, ...]
    subject: str
    body: str
    renews: bool

    @property
    def urgent(self) -> bool:
        """Whether a p0 or p1 waits: "a p0 or p1 also asks the lead to call someone in"."""
        return any(ticket.priority in (Priority.P0, Priority.P1) for ticket in self.tickets)


def late_answers(queue: Iterable[Ticket], expected: Mapping[int, datetime]) -> list[Ticket]:
    """Return the tickets of customers "whose expected answer is later than aim_by", in order.

    Pre-sales customers too; work of our own is nobody's wait. A ticket without an expected
    answer is later than anything.
    """
    return [
        ticket
        for ticket in queue
        if ticket.tier is not Tier.INTERNAL
        and ticket.aim_by is not None
        and (ticket.id not in expected or expected[ticket.id] > ticket.aim_by)
    ]


def is_kept(promise: Promise, roster: Roster) -> bool:
    """Return whether somebody is available at the time that was promised.

    Whoever it is: the customer was promised help, not a name.
    """
    instant = promise.arrive_at
    return bool(coverage(roster, instant, instant + _INSTANT)[0].available)


def notices_due(
    rulebook: Rulebook,
    roster: Roster,
    queue: Sequence[Ticket],
    expected: Mapping[int, datetime],
    promises: Sequence[Promise],
    now: datetime,
) -> tuple[WaitNotice, ...]:
    """Return the notices to draft at ``now``: "one message per requester for all their tickets".

    Whoever has been told is not told again, unless "a promise about to be broken prompts a new
    notice": at the time that was promised, still to come, nobody is going to be available.
    """
    told = {number for each in promises for number in each.tickets}
    broken = {
        number
        for each in promises
        if each.arrive_at > now and not is_kept(each, roster)
        for number in each.tickets
    }
    grouped: dict[Asker, list[Ticket]] = {}
    for ticket in late_answers(queue, expected):
        if ticket.id not in told or ticket.id in broken:
            grouped.setdefault(asked_by(ticket), []).append(ticket)
    coming = arrivals(roster, now, AHEAD)[:MOST_ARRIVALS]
    names = {member.login: member.name for member in roster.members}
    return tuple(
        _notice(rulebook, tickets, expected, coming, names, now, broken)
        for tickets in grouped.values()
    )


Asker = tuple[str, str]
"""Who is told: a customer, and the requester's address or name there, folded."""


def asked_by(ticket: Ticket) -> Asker:
    """Return who asked, so that all of one requester's tickets come together."""
    requester = ticket.requester
    person = "" if requester is None else (requester.email or requester.name)
    return ticket.customer, person.casefold()


def _notice(
    rulebook: Rulebook,
    tickets: Sequence[Ticket],
    expected: Mapping[int, datetime],
    coming: Sequence[Turn],
    names: Mapping[str, str],
    now: datetime,
    broken: set[int],
) -> WaitNotice:
    first = tickets[0]
    words = _words(rulebook, tickets, coming, names, now)
    renews = any(ticket.id in broken for ticket in tickets)
    body = Template(rulebook.waits.body).substitute(words)
    return WaitNotice(
        customer=first.customer,
        requester=first.requester,
        tickets=tuple(tickets),
        expected=min((expected[each.id] for each in tickets if each.id in expected), default=None),
        aim_by=min(each.aim_by for each in tickets if each.aim_by is not None),
        arrivals=tuple(coming),
        subject=" ".join(Template(rulebook.waits.subject).substitute(words).split()),
        body=(_RENEWAL + body) if renews else body,
        renews=renews,
    )


_RENEWAL = (
    "We told you when somebody would arrive who can help you. That has changed, and we are"
    " sorry:\nthis is the time that holds now.\n\n"
)
"""How a renewed notice begins: it says that the promise before it cannot be kept."""


def _words(
    rulebook: Rulebook,
    tickets: Sequence[Ticket],
    coming: Sequence[Turn],
    names: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """Return what a notice's template may say; times in the customer's zone where known."""
    requester = tickets[0].requester
    zone = (requester and requester.timezone) or rulebook.calendar.timezone
    soonest = coming[0].at if coming else None
    return {
        "customer": requester.name if requester else tickets[0].customer,
        "tickets": "\n".join(f"- {each.subject}" for each in tickets),
        "arrivals": _listed([names[turn.login] for turn in coming if turn.at == soonest]),
        "arrive_in": "some time" if soonest is None else span(soonest - now),
        "arrive_at": "a time we do not know yet" if soonest is None else _said(soonest, zone),
    }


def _said(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M on %A, %-d %B} ({zone})"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:  # noqa: PLR2004 - a list of one needs no "and"
        return "".join(names) or "a colleague"
    return f"{', '.join(names[:-1])} and {names[-1]}"

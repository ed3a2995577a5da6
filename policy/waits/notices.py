"""Who is to be told now that they will wait, and what the notice says.

"In such situations, we will communicate proactively, letting them know that we have team members
arriving in another few hours who will be able to help them."
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from string import Template
from zoneinfo import ZoneInfo

from policy.capacity.levels import AHEAD
from policy.clocks.zones import zone_named
from policy.phrases import span_in_full
from policy.refusal import Refusal, one_of
from policy.roster.coverage import Turn, arrivals
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.waits.forecast import NOT_FORESEEN, AnswerForecast
from policy.waits.promises import Asker, Promise, PromisedAnswer, Told, asked_by
from policy.words import Mode

MOST_ARRIVALS = 3
"""How many of those who arrive a notice names; more is a list, not an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNotice:
    """One message to one requester about all their tickets that will be late; times are UTC.

    ``episode`` counts the notices to this requester, from 0: with ``asker`` it names this one,
    whoever drafts it. ``forecasts`` are of its tickets, one after the other; ``expected`` is the
    earliest of their expected answers, None beyond the forecast, and ``expect_by`` the latest of
    their safe ones: None where any has none, and then nothing is promised. ``arrivals`` are the
    next to arrive, none when no arrival is known. ``renews`` says that the promise before does not
    hold.
    """

    asker: Asker
    episode: int
    customer: str
    requester: Requester | None
    tickets: tuple[Ticket, ...]
    forecasts: tuple[AnswerForecast, ...]
    expected: datetime | None
    expect_by: datetime | None
    aim_by: datetime
    arrivals: tuple[Turn, ...]
    subject: str
    body: str
    renews: bool
    urgent: bool
    """Whether an urgent one waits: "a p0 or p1 also asks the lead to call someone in"."""

    def reworded(self, subject: str, body: str) -> "WaitNotice":
        """Return the notice in a person's words; what it promises stays what the schedule says.

        Raises:
            Refusal: subject or body is empty.
        """
        line, text = " ".join(subject.split()), body.strip()
        for name, said in (("subject", line), ("body", text)):
            if not said:
                raise Refusal(f"{name}: empty; say what the customer is to know")
        return replace(self, subject=line, body=f"{text}\n")

    def promise(self, made_at: datetime) -> Promise:
        """Return what sending the notice at ``made_at`` promises."""
        return Promise(
            asker=self.asker,
            answers=tuple(
                PromisedAnswer(
                    ticket=ticket.id,
                    priority=ticket.priority,
                    expected=forecast.expected,
                    safe=forecast.safe,
                )
                for ticket, forecast in zip(self.tickets, self.forecasts, strict=True)
            ),
            made_at=made_at,
            expect_by=self.expect_by,
            arrive_at=self.arrivals[0].at if self.arrivals else None,
        )


def late_answers(queue: Iterable[Ticket], forecasts: Mapping[int, AnswerForecast]) -> list[Ticket]:
    """Return the tickets of customers "whose expected answer is later than aim_by", in order.

    Pre-sales customers too; work of our own is nobody's wait. A ticket without an expected
    answer is later than anything.
    """
    return [
        ticket
        for ticket in queue
        if not ticket.internal
        and ticket.aim_by is not None
        and _is_later(forecasts.get(ticket.id), ticket.aim_by)
    ]


def _is_later(forecast: AnswerForecast | None, aim_by: datetime) -> bool:
    return forecast is None or forecast.expected is None or forecast.expected > aim_by


def notices_due(
    rulebook: Rulebook,
    roster: Roster,
    now: datetime,
    *,
    mode: Mode,
    queue: Iterable[Ticket],
    forecasts: Mapping[int, AnswerForecast],
    promises: Iterable[Promise],
) -> tuple[WaitNotice, ...]:
    """Return the notices to draft at ``now``, in the order of the queue.

    "In hard_choices, every customer whose expected answer is later than aim_by and who has not
    been told is due a wait notice: one message per requester for all their tickets." Whoever has
    been told is not told again, unless "a promise about to be broken", or broken, "prompts a new
    notice". ``promises`` are all that were made to those who ask, oldest first, those about to be
    sent too. Without a team there is nobody whose arrival could be told.
    """
    if mode is not Mode.HARD_CHOICES or not roster.support:
        return ()
    told = Told(now, promises, forecasts)
    letter = _Letter(rulebook, roster, now)
    return tuple(
        _notice(letter, told, asker, tickets, forecasts)
        for asker, tickets in _by_asker(late_answers(queue, forecasts)).items()
        if told.is_owed(asker, tickets)
    )


def notices_about(
    rulebook: Rulebook,
    roster: Roster,
    now: datetime,
    *,
    tickets: Iterable[Ticket],
    forecasts: Mapping[int, AnswerForecast],
    promises: Iterable[Promise],
) -> tuple[WaitNotice, ...]:
    """Return a notice to each requester of these tickets, whether or not it is due at ``now``.

    For whoever picks the tickets: "one message per requester for all their tickets", in the words
    of a notice that is due. Where no customer waits for us there is nothing to say, so what is
    answered, rests or is our own work has none.
    """
    told = Told(now, promises, forecasts)
    letter = _Letter(rulebook, roster, now)
    return tuple(
        _notice(letter, told, asker, of_asker, forecasts)
        for asker, of_asker in _by_asker(filter(_is_waited_for, tickets)).items()
    )


def _is_waited_for(ticket: Ticket) -> bool:
    """Return whether a customer waits for us in the ticket; work of our own is nobody's wait."""
    return ticket.actionable and not ticket.internal and ticket.aim_by is not None


def _by_asker(tickets: Iterable[Ticket]) -> dict[Asker, list[Ticket]]:
    grouped: dict[Asker, list[Ticket]] = {}
    for ticket in tickets:
        grouped.setdefault(asked_by(ticket), []).append(ticket)
    return grouped


class _Letter:
    """What is the same in all notices of one moment: the texts, who arrives, and when."""

    def __init__(self, rulebook: Rulebook, roster: Roster, now: datetime) -> None:
        self.subject = Template(rulebook.waits.subject)
        self.body = Template(rulebook.waits.body)
        coming = arrivals(roster.taking_new, now, AHEAD)
        self.arrivals = tuple(coming[:MOST_ARRIVALS])
        self._first = self.arrivals[0].at if self.arrivals else None
        self._now = now
        self._home = rulebook.contract_calendar.timezone
        self.urgent = rulebook.vocabulary.urgent
        together = [turn.login for turn in coming if turn.at == self._first]
        self._names = _listed([roster.by_login[login].name for login in together])
        self._times: dict[str, dict[str, str]] = {}

    def words(self, tickets: Sequence[Ticket]) -> dict[str, str]:
        """Return what a template may say; times in the customer's zone where known."""
        requester = tickets[0].requester
        zone = (requester and requester.timezone) or self._home
        if zone not in self._times:
            self._times[zone] = self._time(zone)
        return {
            "customer": requester.name if requester else tickets[0].customer,
            "tickets": "\n".join(f"- {each.subject}" for each in tickets),
            "arrivals": self._names,
            **self._times[zone],
        }

    def _time(self, zone: str) -> dict[str, str]:
        if self._first is None:
            return {"arrive_in": "some time", "arrive_at": "a time that we do not know yet"}
        wait = span_in_full(self._first - self._now)
        return {"arrive_in": wait, "arrive_at": _said(self._first, self._zone(zone))}

    def _zone(self, name: str) -> ZoneInfo:
        try:
            return zone_named(name)
        except ValueError:  # known where the ticket came in, and not on this machine
            return zone_named(self._home)


def _notice(
    letter: _Letter,
    told: Told,
    asker: Asker,
    tickets: Sequence[Ticket],
    forecasts: Mapping[int, AnswerForecast],
) -> WaitNotice:
    words = letter.words(tickets)
    found = tuple(forecasts.get(each.id, NOT_FORESEEN) for each in tickets)
    safe = [each.safe for each in found if each.safe is not None]
    renews = told.is_broken(asker, tickets)
    body = letter.body.substitute(words)
    return WaitNotice(
        asker=asker,
        episode=told.times(asker),
        customer=tickets[0].customer,
        requester=tickets[0].requester,
        tickets=tuple(tickets),
        forecasts=found,
        expected=min((each.expected for each in found if each.expected is not None), default=None),
        expect_by=max(safe) if len(safe) == len(found) else None,
        aim_by=min(each.aim_by for each in tickets if each.aim_by is not None),
        arrivals=letter.arrivals,
        subject=" ".join(letter.subject.substitute(words).split()),
        body=(_RENEWAL + body) if renews else body,
        renews=renews,
        urgent=any(each.priority in letter.urgent for each in tickets),
    )


_RENEWAL = (
    "We wrote to you before about when somebody arrives who can help you. That has changed, and\n"
    "we are sorry. This is what holds now.\n\n"
)
"""How a renewed notice begins: it says that what was promised before does not hold."""


def _listed(names: Sequence[str]) -> str:
    """Return the names of those who arrive together: a few of them, and how many more."""
    more = len(names) - MOST_ARRIVALS
    if more > 0:
        others = "another colleague" if more == 1 else f"{more} more colleagues"
        return one_of([*names[:MOST_ARRIVALS], others], "and")
    return one_of(names, "and") or "a colleague"


def _said(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local:%H:%M} on {local:%A}, {local.day} {local:%B} ({zone.key})"

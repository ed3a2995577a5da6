"""Who is to be told now that they will wait, and what the notice says.

"In such situations, we will communicate proactively, letting them know that we have team members
arriving in another few hours who will be able to help them."
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from policy.capacity.levels import AHEAD
from policy.refusal import Refusal
from policy.roster.coverage import Turn, arrivals
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.waits.addresses import has_failed
from policy.waits.forecast import NOT_FORESEEN, AnswerForecast
from policy.waits.notice_words import MOST_ARRIVALS, NoticeWriter
from policy.waits.promises import Asker, Promise, PromisedAnswer, Told, asked_by
from policy.waits.references import ReferenceForms
from policy.words import Mode, Priority

Forecasts = Mapping[int, AnswerForecast]
"""When tickets are likely to be answered, and by when it is safe to say so, by their ids."""

_NO_FORMS: ReferenceForms = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitDue:
    """A requester who is due a message about all their tickets that will be late; times are UTC.

    ``expected`` is the earliest of their expected answers, None beyond the forecast; ``forecasts``
    are those of the tickets, in their order. ``arrivals`` are the next to arrive before the time by
    which all of them are safe; where none can be named, whoever arrives next. ``renews`` says that
    what they were told before does not hold.
    """

    asker: Asker
    expected: datetime | None
    forecasts: tuple[AnswerForecast, ...]
    arrivals: tuple[Turn, ...]
    renews: bool
    urgent: bool
    """Whether an urgent one waits: "a p0 or p1 also asks the lead to call someone in"."""

    @property
    def nobody_is_known_to_come(self) -> bool:
        """Whether no time can be named, and nobody either who arrives next."""
        return not self.arrivals and safe_for_all(self.forecasts) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNotice(WaitDue):
    """The message to somebody who is due one; times are UTC.

    ``episode`` counts the notices to this requester, from 0: with ``asker`` it names this one,
    whoever drafts it. ``expect_by`` is the time that it promises: the latest by which all of its
    tickets are safe, None where it names none. ``language`` is the tag of the policy's words, ""
    for its own; times are written as in ``locale``, by the clock of ``zone``.
    """

    episode: int
    customer: str
    requester: Requester | None
    tickets: tuple[Ticket, ...]
    expect_by: datetime | None
    aim_by: datetime
    subject: str
    body: str
    language: str = ""
    locale: str = ""
    zone: str = ""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Somebody who would be told, and whose address failed for good.

    "An address that failed for good is told as such and not drafted again until it changes."
    """

    customer: str
    requester: Requester
    tickets: tuple[Ticket, ...]


class CanBeLate(Protocol):
    """What is asked of a ticket of the queue whose answer may come late."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def internal(self) -> bool:
        """Whether it is our own work."""

    @property
    def aim_by(self) -> datetime | None:
        """By when we strive to answer (UTC)."""


_Late = TypeVar("_Late", bound=CanBeLate)


def late_answers(queue: Iterable[_Late], forecasts: Forecasts) -> list[_Late]:
    """Return the tickets of customers "whose expected answer is later than aim_by", in order.

    Pre-sales customers too; work of our own is nobody's wait. A ticket without an expected
    answer is later than anything.
    """
    return [
        ticket
        for ticket in queue
        if not ticket.internal
        and (aim_by := ticket.aim_by) is not None
        and ((likely := forecasts.get(ticket.id, NOT_FORESEEN).expected) is None or likely > aim_by)
    ]


def notices_due(
    rulebook: Rulebook,
    roster: Roster,
    now: datetime,
    *,
    mode: Mode,
    queue: Iterable[Ticket],
    forecasts: Forecasts,
    promises: Iterable[Promise],
    forms: ReferenceForms = _NO_FORMS,
    failed: Collection[str] = (),
) -> tuple[WaitNotice, ...]:
    """Return the notices to draft at ``now``, in the order of the queue.

    "In hard_choices, every customer whose expected answer is later than aim_by and who has not
    been told is due a wait notice: one message per requester for all their tickets." Whoever has
    been told is not told again, unless "a promise about to be broken", or broken, "prompts a new
    notice": that it does in every mode. ``promises`` are all that were made to those who ask,
    oldest first, those about to be sent too. ``failed`` are addresses, as they compare, that
    failed for good: nothing is drafted to them. Without a team there is nobody who could answer.
    """
    if not roster.support:
        return ()
    told = Told(now, promises, forecasts)
    drafts = _drafts(rulebook, roster, now, told, forms)
    return tuple(
        drafts.notice(asker, tickets)
        for asker, tickets in _to_be_told(mode, told, queue, forecasts)
        if not has_failed(tickets[0].requester, failed)
    )


def waits_due(
    rulebook: Rulebook,
    roster: Roster,
    now: datetime,
    *,
    mode: Mode,
    queue: Iterable[Ticket],
    forecasts: Forecasts,
    promises: Iterable[Promise],
    failed: Collection[str] = (),
) -> tuple[WaitDue, ...]:
    """Return who is due a notice at ``now``, as ``notices_due`` does, without the words."""
    if not roster.support:
        return ()
    told = Told(now, promises, forecasts)
    coming = arrivals(roster.taking_new, now, AHEAD)
    return tuple(
        _due(asker, tickets, told, coming, rulebook.vocabulary.urgent)
        for asker, tickets in _to_be_told(mode, told, queue, forecasts)
        if not has_failed(tickets[0].requester, failed)
    )


def unreachable_due(
    roster: Roster,
    now: datetime,
    *,
    mode: Mode,
    queue: Iterable[Ticket],
    forecasts: Forecasts,
    promises: Iterable[Promise],
    failed: Collection[str],
) -> tuple[Unreachable, ...]:
    """Return who would be due a notice at ``now`` but for their address, in the queue's order.

    What is given is as for ``notices_due``.
    """
    if not roster.support or not failed:
        return ()
    told = Told(now, promises, forecasts)
    return tuple(
        Unreachable(
            customer=tickets[0].customer, requester=tickets[0].requester, tickets=tuple(tickets)
        )
        for _, tickets in _to_be_told(mode, told, queue, forecasts)
        if tickets[0].requester is not None and has_failed(tickets[0].requester, failed)
    )


def notices_about(
    rulebook: Rulebook,
    roster: Roster,
    now: datetime,
    *,
    tickets: Iterable[Ticket],
    forecasts: Forecasts,
    promises: Iterable[Promise],
    forms: ReferenceForms = _NO_FORMS,
) -> tuple[WaitNotice, ...]:
    """Return a notice to each requester of these tickets, whether or not it is due at ``now``.

    For whoever picks the tickets: "one message per requester for all their tickets", in the words
    of a notice that is due. Where no customer waits for us there is nothing to say, so what is
    answered, rests or is our own work has none.
    """
    drafts = _drafts(rulebook, roster, now, Told(now, promises, forecasts), forms)
    return tuple(
        drafts.notice(asker, of_asker)
        for asker, of_asker in _by_asker(filter(_is_waited_for, tickets)).items()
    )


def _to_be_told(
    mode: Mode, told: Told, queue: Iterable[Ticket], forecasts: Forecasts
) -> Iterator[tuple[Asker, list[Ticket]]]:
    is_owed = told.is_owed if mode is Mode.HARD_CHOICES else told.is_broken
    for asker, tickets in _by_asker(late_answers(queue, forecasts)).items():
        if is_owed(asker, tickets):
            yield asker, tickets


def _is_waited_for(ticket: Ticket) -> bool:
    """Return whether a customer waits for us in the ticket; work of our own is nobody's wait."""
    return ticket.actionable and not ticket.internal and ticket.aim_by is not None


def _by_asker(tickets: Iterable[Ticket]) -> dict[Asker, list[Ticket]]:
    grouped: dict[Asker, list[Ticket]] = {}
    for ticket in tickets:
        grouped.setdefault(asked_by(ticket), []).append(ticket)
    return grouped


def safe_for_all(forecasts: Iterable[AnswerForecast]) -> datetime | None:
    """Return by when an answer to each of these is safe: the latest; None where any has none."""
    safe = [each.safe for each in forecasts]
    known = [each for each in safe if each is not None]
    return max(known) if known and len(known) == len(safe) else None


def arrivals_named(coming: Sequence[Turn], expect_by: datetime | None) -> tuple[Turn, ...]:
    """Return who a notice that names this time (UTC) names: "never an arrival later than that".

    Without a time "only who arrives next": all who do so together.
    """
    if expect_by is None:
        named = [turn for turn in coming if turn.at == coming[0].at]
    else:
        named = [turn for turn in coming if turn.at < expect_by]
    return tuple(named[:MOST_ARRIVALS])


def _due(
    asker: Asker,
    tickets: Sequence[Ticket],
    told: Told,
    coming: Sequence[Turn],
    urgent: Collection[Priority],
) -> WaitDue:
    forecasts = tuple(told.forecast(each) for each in tickets)
    return WaitDue(
        asker=asker,
        expected=min((each.expected for each in forecasts if each.expected), default=None),
        forecasts=forecasts,
        arrivals=arrivals_named(coming, safe_for_all(forecasts)),
        renews=told.is_broken(asker, tickets),
        urgent=any(each.priority in urgent for each in tickets),
    )


@dataclass(frozen=True, slots=True)
class _Drafts:
    """What all notices of one moment have in common."""

    writer: NoticeWriter
    urgent: Collection[Priority]
    coming: Sequence[Turn]
    told: Told

    def notice(self, asker: Asker, tickets: Sequence[Ticket]) -> WaitNotice:
        """Return the notice to somebody about these tickets of theirs."""
        due = _due(asker, tickets, self.told, self.coming, self.urgent)
        expect_by = safe_for_all(due.forecasts)
        text = self.writer.text(tickets, expect_by, due.arrivals, renews=due.renews)
        return WaitNotice(
            asker=asker,
            episode=self.told.times(asker),
            customer=tickets[0].customer,
            requester=tickets[0].requester,
            tickets=tuple(tickets),
            expected=due.expected,
            expect_by=expect_by if text.names_a_time else None,
            forecasts=due.forecasts,
            aim_by=min(each.aim_by for each in tickets if each.aim_by is not None),
            arrivals=due.arrivals,
            subject=text.subject,
            body=text.body,
            renews=due.renews,
            urgent=due.urgent,
            language=text.language,
            locale=text.locale,
            zone=text.zone,
        )


def _drafts(
    rulebook: Rulebook, roster: Roster, now: datetime, told: Told, forms: ReferenceForms
) -> _Drafts:
    return _Drafts(
        writer=NoticeWriter(rulebook, roster, now, forms),
        urgent=rulebook.vocabulary.urgent,
        coming=arrivals(roster.taking_new, now, AHEAD),
        told=told,
    )

"""Engineering: what support fills in, hands over or escalates, and what an engineer decides.

"It's okay for p2 issues to sit a bit before engineering takes a look and decides timing for work.
The onus will be on support to provide all the necessary context for engineering to decide."
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from policy.engineering.wording import in_words
from policy.refusal import Refusal, one_of, quoted
from policy.ticket import Escalation, HandOver, Review, Ticket
from policy.tickets.actions import check_open, checked_reason, opened_again, with_status
from policy.vocabulary import Vocabulary
from policy.words import ACTIONABLE_STATUSES, Status

if TYPE_CHECKING:
    from policy.rulebook.rulebook import Rulebook

SCHEDULED: Final = "scheduled"
"""The timing that comes with a date: "scheduled with a date"."""

LONGEST_CONTEXT: Final = 10_000
"""How many characters one answer of the context may have."""

_BEHIND_UTC: Final = timedelta(hours=12)
"""Nowhere is it an earlier date than where the clocks are so far behind UTC."""


def checklist(ticket: Ticket, rulebook: "Rulebook") -> tuple[tuple[str, str | None], ...]:
    """Return the names of the context in the policy's order, each with its text or None.

    What was filled in under a name that the policy no longer has comes last.
    """
    answers = dict(ticket.context)
    names = rulebook.engineering.context
    others = [(name, text) for name, text in ticket.context if name not in names]
    return (*((name, answers.get(name)) for name in names), *others)


def missing(ticket: Ticket, rulebook: "Rulebook") -> tuple[str, ...]:
    """Return the names of the context that nobody has filled in, in the policy's order."""
    answers = dict(ticket.context)
    return tuple(name for name in rulebook.engineering.context if name not in answers)


def says_little(rulebook: "Rulebook", name: str, text: str) -> bool:
    """Return whether a text for a name of the context has fewer words than the policy asks for.

    "What the context needs is more than a filled field"; one that is empty is missing instead.
    """
    return 0 < len(text.split()) < rulebook.engineering.fewest_words.get(name, 0)


def thin(ticket: Ticket, rulebook: "Rulebook") -> tuple[str, ...]:
    """Return the names of the context that are filled in and say too little, in its order.

    "A field that says less is named as thin."
    """
    return tuple(
        name
        for name, text in checklist(ticket, rulebook)
        if says_little(rulebook, name, text or "")
    )


def filled(ticket: Ticket, rulebook: "Rulebook", name: str, text: str) -> Ticket:
    """Return the ticket with the text for one name of the context; an empty one clears it.

    "p2: support fills the context (environment, steps to reproduce, logs, recent changes, who is
    affected, urgency)."

    Raises:
        Refusal: it was declined or is closed, the policy has no such name, or the text has a NUL
            character or more than 10,000 characters.
    """
    _ours(ticket)
    known = rulebook.engineering.context
    if name not in known and name not in dict(ticket.context):
        raise Refusal(f"context: {quoted(name)}; expected {one_of(known)}")
    answers = dict(ticket.context) | {name: _checked_answer(name, text)}
    order = (*known, *(each for each in answers if each not in known))
    context = tuple((each, answers[each]) for each in order if answers.get(each))
    return replace(ticket, context=context)


def handed_over(
    ticket: Ticket, rulebook: "Rulebook", *, by: str, now: datetime, as_it_is: bool = False
) -> Ticket:
    """Return the ticket as it rests ``on_hold`` with engineering from ``now`` (UTC) on.

    "Support fills the context; only then is it handed over, on_hold, and sits." A p0 or p1 goes
    this way only when a person has answered that it can wait a day. "A field that says less is
    named as thin, and handing over then needs a second word from the person": ``as_it_is``.

    Raises:
        Refusal: it was declined, is closed or with engineering already, its customer waits for an
            answer, a p0 or p1 of which nobody said that it can wait, or some of the context is
            missing or, unless it goes ``as_it_is``, thin; the line says what.
    """
    _ours(ticket)
    if ticket.handed_over is not None:
        raise Refusal(
            f"#{ticket.id} is with engineering already, handed over by {ticket.handed_over.by}"
        )
    if ticket.owed:
        raise Refusal(
            f"#{ticket.id} is owed an answer: first an answer to the customer, then the hand-over"
        )
    _can_wait(ticket, rulebook.vocabulary)
    lacking = missing(ticket, rulebook)
    if lacking:
        raise Refusal(f"#{ticket.id} lacks {one_of(map(in_words, lacking), 'and')}; fill it in")
    if not as_it_is and (little := thin(ticket, rulebook)):
        raise Refusal(
            f"#{ticket.id} says little in {one_of(map(in_words, little), 'and')};"
            " say more, or hand it over as it is"
        )
    answered = ticket.review is not None and ticket.review.timing is None
    resting = with_status(ticket, Status.ON_HOLD, now)
    return replace(
        resting,
        handed_over=HandOver(by=by, at=now),
        review=None if answered else ticket.review,
    )


def escalated(
    ticket: Ticket,
    words: Vocabulary,
    *,
    by: str,
    now: datetime,
    cannot_wait: bool,
    because: str = "",
) -> Ticket:
    """Return the ticket with a person's answer at ``now`` (UTC) to "can it wait a day?".

    "We will only expect engineering to drop everything for p0 and p1 issues if they really cannot
    wait a day." One that cannot wait stays in the queue as it is; one that can takes the way of a
    p2, ``handed_over``. The same answer again changes nothing.

    Raises:
        Refusal: it was declined or is closed, is not urgent, or cannot wait for no reason.
    """
    _ours(ticket)
    if ticket.priority not in words.urgent:
        what = f"{one_of(words.urgent, 'and')} only" if words.urgent else "nothing by this policy"
        raise Refusal(
            f"#{ticket.id} is {ticket.priority}: engineering drops everything for {what};"
            " hand it over instead"
        )
    said = checked_reason(because, "because")
    if cannot_wait and not said:
        raise Refusal("because: missing; say in a sentence why it cannot wait a day")
    last = ticket.escalation
    stands = asks_to_drop_everything(ticket, words) if cannot_wait else last is not None
    if stands and last is not None and (last.cannot_wait, last.because) == (cannot_wait, said):
        return ticket
    answer = Escalation(by=by, at=now, cannot_wait=cannot_wait, because=said)
    return replace(ticket, escalation=answer)


def asks_to_drop_everything(ticket: Ticket, words: Vocabulary) -> bool:
    """Return whether engineering was asked to drop everything for it, and has not said more."""
    asked, said = ticket.escalation, ticket.review
    return (
        asked is not None
        and asked.cannot_wait
        and ticket.priority in words.urgent
        and (said is None or said.at < asked.at)
    )


def reviewed(
    ticket: Ticket,
    rulebook: "Rulebook",
    *,
    by: str,
    now: datetime,
    timing: str,
    scheduled_for: date | None = None,
    note: str = "",
) -> Ticket:
    """Return the ticket as reviewed at ``now`` (UTC), its timing decided, and ours again.

    "An engineer marks it reviewed, timing decided (now, next release, scheduled with a date,
    backlog, won't do) with a note; it comes back to support as `open` to tell the customer." How
    long the customer has waited stays as it is. The date may be today's anywhere on Earth.

    Raises:
        Refusal: it does not rest with engineering, the policy has no such timing, or the date is
            missing, past, or given for another timing than ``scheduled``.
    """
    _rests_with_engineering(ticket)
    known = rulebook.engineering.timings
    if timing not in known:
        raise Refusal(f"timing: {quoted(timing)}; expected {one_of(known)}")
    check_day(timing, scheduled_for, now)
    return _ours_again(
        ticket,
        Review(
            by=by,
            at=now,
            timing=timing,
            scheduled_for=scheduled_for,
            note=checked_reason(note, "note"),
            told=False,
        ),
    )


def check_day(timing: str, scheduled_for: date | None, now: datetime) -> None:
    """Raise a Refusal unless the day fits the timing: ``scheduled`` has one, which is not past."""
    if timing != SCHEDULED:
        if scheduled_for is not None:
            raise Refusal(f"date: {scheduled_for}; expected none for the timing {in_words(timing)}")
    elif scheduled_for is None:
        raise Refusal("date: missing; say for which day it is scheduled, such as 2026-03-12")
    elif scheduled_for < (now - _BEHIND_UTC).date():
        raise Refusal(f"date: {scheduled_for}; expected a day that is not past")


def sent_back(ticket: Ticket, *, by: str, now: datetime, question: str) -> Ticket:
    """Return the ticket as sent back to support with the question what is missing.

    Raises:
        Refusal: it does not rest with engineering, or there is no question.
    """
    _rests_with_engineering(ticket)
    said = checked_reason(question, "question")
    if not said:
        raise Refusal("question: missing; say in a sentence what engineering lacks")
    asked = Review(by=by, at=now, timing=None, scheduled_for=None, note=said, told=False)
    return _ours_again(ticket, asked)


def checked_comment(text: str) -> str:
    """Return a comment as it is kept, its lines without the spaces at their ends.

    Raises:
        Refusal: it is empty, has a NUL character, or more than 10,000 characters.
    """
    said = _checked_text("comment", text)
    if not said:
        raise Refusal("comment: missing; say something")
    if len(said) > LONGEST_CONTEXT:
        raise Refusal(f"comment: {len(said):,} characters; expected at most {LONGEST_CONTEXT:,}")
    return said


class Way(StrEnum):
    """What support can do with a ticket and engineering."""

    FILL = "fill"
    HAND_OVER = "hand_over"
    CANNOT_WAIT = "cannot_wait"
    CAN_WAIT = "can_wait"
    TAKE_BACK = "take_back"


def ways(ticket: Ticket, rulebook: "Rulebook", now: datetime) -> Mapping[Way, str | None]:
    """Return why each way is not open to the ticket at ``now`` (UTC), None where it is."""
    return {way: _refusal(way, ticket, rulebook, now) for way in Way}


def _refusal(way: Way, ticket: Ticket, rulebook: "Rulebook", now: datetime) -> str | None:
    try:
        _TRIALS[way](ticket, rulebook, now)
    except Refusal as refusal:
        return refusal.reason
    return None


def _take_back(ticket: Ticket, _: "Rulebook", now: datetime) -> Ticket:
    if ticket.handed_over is None:
        raise Refusal(f"#{ticket.id} was not handed over, so there is nothing to take back")
    return with_status(ticket, Status.OPEN, now)


_TRIALS: Final[Mapping[Way, Callable[[Ticket, "Rulebook", datetime], object]]] = MappingProxyType(
    {
        Way.FILL: lambda ticket, _, __: _ours(ticket),
        Way.HAND_OVER: lambda ticket, rulebook, now: handed_over(
            ticket, rulebook, by="trial", now=now, as_it_is=True
        ),
        Way.CANNOT_WAIT: lambda ticket, rulebook, now: escalated(
            ticket, rulebook.vocabulary, by="trial", now=now, cannot_wait=True, because="trial"
        ),
        Way.CAN_WAIT: lambda ticket, rulebook, now: escalated(
            ticket, rulebook.vocabulary, by="trial", now=now, cannot_wait=False
        ),
        Way.TAKE_BACK: _take_back,
    }
)


def _ours(ticket: Ticket) -> None:
    if ticket.declined is not None:
        raise Refusal(f"#{ticket.id} was declined, so it is nothing for engineering")
    check_open(ticket)


def _can_wait(ticket: Ticket, words: Vocabulary) -> None:
    if ticket.priority not in words.urgent:
        return
    answer = ticket.escalation
    if answer is None:
        raise Refusal(f"#{ticket.id} is {ticket.priority}: say first whether it can wait a day")
    if answer.cannot_wait:
        raise Refusal(
            f"#{ticket.id} is {ticket.priority} and cannot wait, as {answer.by} said;"
            " say first that it can wait a day"
        )


def _rests_with_engineering(ticket: Ticket) -> None:
    if ticket.with_engineering_since is None:
        raise Refusal(f"#{ticket.id} does not rest with engineering; support hands it over first")


def _ours_again(ticket: Ticket, review: Review) -> Ticket:
    """Return the ticket with what engineering said; one that stayed in the queue stays there."""
    said = replace(ticket, review=review, handed_over=None)
    return said if ticket.status in ACTIONABLE_STATUSES else opened_again(said)


def _checked_answer(name: str, text: str) -> str:
    said = _checked_text(in_words(name), text)
    if len(said) > LONGEST_CONTEXT:
        raise Refusal(
            f"{in_words(name)}: {len(said):,} characters; expected at most"
            f" {LONGEST_CONTEXT:,}: say where the rest can be found"
        )
    return said


def _checked_text(name: str, text: str) -> str:
    if "\0" in text:
        raise Refusal(f"{name}: expected text without NUL characters")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")

"""What a person does to a ticket: each action gives the changed ticket, or refuses with a reason.

Nothing here looks at deadlines or keys; ``policy.intake.rules`` does, after every change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from policy.refusal import Refusal
from policy.ticket import AssignedPriority, Ticket
from policy.words import DECIDED_STATUSES, Priority, PriorityInput, Status


def taken(ticket: Ticket, login: str) -> Ticket:
    """Return the ticket as ``login``'s: "one person is accountable from the moment they take it".

    Raises:
        Refusal: it is closed, or somebody else is accountable for it already.
    """
    _not_closed(ticket)
    if ticket.assignee not in (None, login):
        raise Refusal(
            f"#{ticket.id} is {ticket.assignee}'s already;"
            f" assign it to {login} if it is to change hands"
        )
    return replace(ticket, assignee=login)


def assigned(ticket: Ticket, login: str | None) -> Ticket:
    """Return the ticket assigned to ``login``, or to nobody.

    Raises:
        Refusal: it is closed, or the login is empty, too long or has white space in it.
    """
    _not_closed(ticket)
    if login is not None:
        check_login(login)
    return replace(ticket, assignee=login)


LONGEST_LOGIN = 64


def check_login(login: str) -> None:
    """Raise a Refusal unless ``login`` is one word of printable characters, at most 64."""
    if not login or len(login) > LONGEST_LOGIN or not login.isprintable() or " " in login:
        raise Refusal(
            f"login: {login[:LONGEST_LOGIN]!r}; expected one word"
            f" of at most {LONGEST_LOGIN} printable characters"
        )


LONGEST_REASON = 1_000


def checked_reason(reason: str, name: str = "reason") -> str:
    """Return a person's reason on one line; ``name`` is what else it is called when refused.

    Raises:
        Refusal: it has a NUL character, or more than 1,000 characters.
    """
    line = " ".join(reason.split())
    if len(line) > LONGEST_REASON:
        raise Refusal(f"{name}: {len(line):,} characters; expected at most {LONGEST_REASON:,}")
    if "\0" in line:
        raise Refusal(f"{name}: expected text without NUL characters")
    return line


def replied(ticket: Ticket, now: datetime, status: Status | None = None) -> Ticket:
    """Return the ticket as answered at ``now``: nobody waits any more, a new one becomes open.

    ``status`` says whose step is next, when it is not ours. A deviation "until answered" ends, and
    the customer knows what engineering said. One that was handed over rests with them again.

    Raises:
        Refusal: it is closed, or the status given is ``new`` or cannot be reached.
    """
    _not_closed(ticket)
    answered = replace(
        done_with(ticket),
        first_response_at=ticket.first_response_at or now,
        waiting_since=None,
        review=ticket.review and replace(ticket.review, told=True),
        status=_after_a_reply(ticket),
    )
    return answered if status is None else with_status(answered, status)


def heard(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket as written to by the customer at ``now``: the next step is ours.

    "Afterwards the customer's first message since our last reply (further messages do not reset
    it)." A ticket that was pending, on hold or solved is open again; with engineering it stays.

    Raises:
        Refusal: it is closed, which is final.
    """
    _not_closed(ticket)
    return replace(
        ticket,
        waiting_since=ticket.waiting_since or now,
        status=Status.NEW if ticket.status is Status.NEW else Status.OPEN,
    )


def with_status(ticket: Ticket, status: Status) -> Ticket:
    """Return the ticket in another status; "coming back keeps its waiting_since".

    Any status but ``on_hold`` takes it back from engineering; solved or closed it is done with, so
    a deviation "until answered" ends.

    Raises:
        Refusal: it is closed, which is final, or it would be new again after a reply.
    """
    if status is ticket.status and (status is Status.ON_HOLD or ticket.handed_over is None):
        return ticket
    _not_closed(ticket)
    if status is Status.NEW and ticket.first_response_at is not None:
        raise Refusal(
            f"#{ticket.id} had its first reply, so it cannot be new; open says the step is ours"
        )
    left = done_with(ticket) if status in DECIDED_STATUSES else ticket
    moved = with_status_elsewhere(left, status)
    return moved if status is Status.ON_HOLD else replace(moved, handed_over=None)


def with_status_elsewhere(ticket: Ticket, status: Status) -> Ticket:
    """Return the ticket in the status that another help desk says, without what it ends.

    Open, which it also is when the customer wrote, takes nothing back from engineering, all else
    but ``on_hold`` does; and nobody drops anything for what is solved.
    """
    rests = status in (Status.ON_HOLD, Status.OPEN)
    over = status in DECIDED_STATUSES
    return replace(
        ticket,
        status=status,
        handed_over=ticket.handed_over if rests else None,
        escalation=None if over else ticket.escalation,
    )


def done_with(ticket: Ticket) -> Ticket:
    """Return the ticket without a deviation "until answered": it was answered, solved or closed."""
    deviation = ticket.deviation
    until_answered = deviation is not None and deviation.until is None
    return replace(ticket, deviation=None) if until_answered else ticket


def with_priority(
    ticket: Ticket, priority: Priority, *, by: str, reason: str, rests_on: PriorityInput
) -> Ticket:
    """Return the ticket with a priority that a person assigned, beside the definition's.

    "Priority is always assigned by us, sometimes with input from the customer and/or other
    internal teams/practices/contractual obligations."

    Raises:
        Refusal: it is closed, was declined, or no reason is given.
    """
    _not_closed(ticket)
    if ticket.declined is not None:
        raise Refusal(f"#{ticket.id} was declined and has no priority: {ticket.declined}")
    said = checked_reason(reason)
    if not said:
        raise Refusal("reason: missing; say in a sentence why the priority differs")
    assigned_priority = AssignedPriority(priority=priority, by=by, reason=said, rests_on=rests_on)
    return replace(ticket, assigned_priority=assigned_priority)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who would act and when; what ``refusal_of`` tries an action with."""

    login: str
    now: datetime


_TRIALS: dict[str, Callable[[Ticket, Attempt], Ticket]] = {
    "take": lambda ticket, attempt: taken(ticket, attempt.login),
    "assign": lambda ticket, attempt: assigned(ticket, attempt.login),
    "reply": lambda ticket, attempt: replied(ticket, attempt.now),
    "heard": lambda ticket, attempt: heard(ticket, attempt.now),
    "status": lambda ticket, _: _not_closed(ticket),
    "priority": lambda ticket, attempt: with_priority(
        ticket, Priority.P3, by=attempt.login, reason="trial", rests_on=PriorityInput.CUSTOMER
    ),
}


def refusal_of(action: str, ticket: Ticket, login: str, now: datetime) -> str | None:
    """Return why ``login`` may not do ``action`` to the ticket at ``now``, None when they may.

    The actions are ``take, assign, reply, heard, status, priority``.
    """
    try:
        _TRIALS[action](ticket, Attempt(login, now))
    except Refusal as refusal:
        return refusal.reason
    return None


def _after_a_reply(ticket: Ticket) -> Status:
    """Return the status after a reply that does not name one."""
    if ticket.handed_over is not None and ticket.status is Status.OPEN:
        return Status.ON_HOLD
    return Status.OPEN if ticket.status is Status.NEW else ticket.status


def _not_closed(ticket: Ticket) -> Ticket:
    if ticket.status is Status.CLOSED:
        raise Refusal(f"#{ticket.id} is closed, which is final; open a new ticket instead")
    return ticket

"""What a person does to a ticket: each action gives the changed ticket, or refuses with a reason.

Nothing here looks at deadlines or keys; ``policy.intake.rules`` does, after every change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from policy.names import same_name
from policy.refusal import Refusal
from policy.roster.holders import HolderAway
from policy.ticket import AssignedPriority, Ticket
from policy.words import DECIDED_STATUSES, Priority, PriorityInput, Status


def taken(ticket: Ticket, login: str, away: HolderAway | None = None) -> Ticket:
    """Return the ticket as ``login``'s: "one person is accountable from the moment they take it".

    ``away`` is why whoever has it is away: "then the ticket counts as nobody's, and take takes
    over".

    Raises:
        Refusal: it is closed, or somebody else is accountable for it already who is not away.
    """
    check_open(ticket)
    if same_name(ticket.assignee, login):
        return ticket
    if ticket.assignee is not None and away is None:
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
    check_open(ticket)
    if login is not None:
        check_login(login)
    return ticket if same_name(ticket.assignee, login) else replace(ticket, assignee=login)


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

    "An answer settles only what was written before it." ``status`` says whose step is next, when it
    is not ours. A deviation "until answered" ends, and the customer knows what engineering said.
    One that was handed over rests with them again.

    Raises:
        Refusal: it is closed, or the status given is ``new`` or cannot be reached.
    """
    check_open(ticket)
    answered = replace(
        done_with(ticket),
        first_response_at=ticket.first_response_at or now,
        last_response_at=latest(ticket.last_response_at, now),
        waiting_since=_waiting_after(ticket, now),
        review=ticket.review and replace(ticket.review, told=True),
        status=_after_a_reply(ticket),
    )
    return answered if status is None else with_status(answered, status, now)


def heard(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket as written to by the customer at a time (UTC): the next step is ours.

    "Afterwards the customer's first message since our last reply (further messages do not reset
    it)." A ticket that was pending, on hold or solved is open again; with engineering it stays.
    "What was settled without an answer begins anew with the next message of the customer."

    Raises:
        Refusal: it is closed or was merged; ``follow_up`` and ``merging`` say where it goes on.
    """
    check_open(ticket)
    return replace(
        opened_again(ticket),
        waiting_since=ticket.waiting_since or at,
        last_customer_message_at=latest(ticket.last_customer_message_at, at),
    )


def opened_again(ticket: Ticket) -> Ticket:
    """Return the ticket as open, unless it is new: the next step is ours."""
    status = Status.NEW if ticket.status is Status.NEW else Status.OPEN
    return replace(ticket, status=status, solved_at=None)


def with_status(ticket: Ticket, status: Status, now: datetime, *, unanswered: str = "") -> Ticket:
    """Return the ticket in another status at ``now``; "coming back keeps its waiting_since".

    Any status but ``on_hold`` takes it back from engineering; solved or closed it is done with, so
    a deviation "until answered" ends. "``solved`` or ``closed`` is refused while it is owed, unless
    ``--unanswered REASON`` says why nobody needs an answer": from then on nobody waits.

    Raises:
        Refusal: it is closed, which is final, its customer waits for an answer, it would be new
            again after a reply, or there is a reason why nobody needs an answer and nobody waits.
    """
    reason = checked_reason(unanswered, "unanswered")
    if reason and not (ticket.owed and status in DECIDED_STATUSES):
        raise Refusal(_needs_no_reason(ticket, status))
    if status is ticket.status and (status is Status.ON_HOLD or ticket.handed_over is None):
        return ticket
    check_open(ticket)
    if status is Status.NEW and ticket.first_response_at is not None:
        raise Refusal(
            f"#{ticket.id} had its first reply, so it cannot be new; open says the step is ours"
        )
    if status in DECIDED_STATUSES:
        if ticket.owed and not reason:
            raise Refusal(
                f"#{ticket.id} cannot be {status} while its customer waits for an answer;"
                " answer it, or say with --unanswered why nobody needs one"
            )
        # What is here may be dated by a clock ahead of ours, and yet nobody needs an answer to it.
        known = latest(now, ticket.waiting_since, ticket.last_customer_message_at)
        return decided(settled(ticket, known or now), status, now)
    moved = with_status_elsewhere(ticket, status)
    return moved if status is Status.ON_HOLD else replace(moved, handed_over=None)


def decided(ticket: Ticket, status: Status, at: datetime) -> Ticket:
    """Return the ticket as solved or closed since a time (UTC): nobody waits from then on.

    Whoever had written before it is settled, "solved without an answer where there was none".
    """
    return replace(
        settled(done_with(ticket), at),
        status=status,
        solved_at=ticket.solved_at or at,
        handed_over=None,
        escalation=None,
    )


def settled(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with nobody waiting who had written by then (UTC), though unanswered.

    That it is settled is kept of one that is never owed, too: it may become one that can be.
    """
    since = ticket.waiting_since
    if since is None or since > at:
        return ticket
    return replace(ticket, waiting_since=_waiting_after(ticket, at), settled_at=at)


def _waiting_after(ticket: Ticket, end: datetime) -> datetime | None:
    """Return since when the customer waits after what had been written by then (UTC) is over."""
    since, written = ticket.waiting_since, ticket.last_customer_message_at
    if since is None or since > end:
        return since
    return written if written is not None and written > end else None


def with_status_elsewhere(ticket: Ticket, status: Status) -> Ticket:
    """Return the ticket in the status, none that ends it, that another help desk says.

    Open, which it also is when the customer wrote, takes nothing back from engineering, all else
    but ``on_hold`` does.
    """
    rests = status in (Status.ON_HOLD, Status.OPEN)
    return replace(
        ticket, status=status, solved_at=None, handed_over=ticket.handed_over if rests else None
    )


def closed_by_itself_at(ticket: Ticket, close_after: timedelta) -> datetime | None:
    """Return when a solved ticket closes, or closed, by itself (UTC); None for all others.

    "A ``solved`` ticket closes after ``close_after`` from ``solved_at``."
    """
    if ticket.status is not Status.SOLVED or ticket.solved_at is None:
        return None
    return ticket.solved_at + close_after


def closed_when_due(ticket: Ticket, now: datetime, close_after: timedelta) -> Ticket:
    """Return the ticket as every reading at ``now`` (UTC) shows it: closed, once that is due."""
    at = closed_by_itself_at(ticket, close_after)
    return ticket if at is None or at > now else replace(ticket, status=Status.CLOSED)


def latest(*times: datetime | None) -> datetime | None:
    """Return the latest of some times (UTC), of which each may be none."""
    return max((each for each in times if each is not None), default=None)


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
    check_open(ticket)
    if ticket.declined is not None:
        raise Refusal(f"#{ticket.id} was declined and has no priority: {ticket.declined}")
    said = checked_reason(reason)
    if not said:
        raise Refusal("reason: missing; say in a sentence why the priority differs")
    assigned_priority = AssignedPriority(priority=priority, by=by, reason=said, rests_on=rests_on)
    return replace(ticket, assigned_priority=assigned_priority)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who would act and when; what ``refusal_of`` tries an action with.

    ``away`` is why whoever has the ticket is away, None where they are not.
    """

    login: str
    now: datetime
    away: HolderAway | None


_TRIALS: dict[str, Callable[[Ticket, Attempt], Ticket]] = {
    "take": lambda ticket, attempt: taken(ticket, attempt.login, attempt.away),
    "assign": lambda ticket, attempt: assigned(ticket, attempt.login),
    "reply": lambda ticket, attempt: replied(ticket, attempt.now),
    "heard": lambda ticket, attempt: heard(ticket, attempt.now),
    "status": lambda ticket, _: check_open(ticket),
    "priority": lambda ticket, attempt: with_priority(
        ticket, "any", by=attempt.login, reason="trial", rests_on=PriorityInput.CUSTOMER
    ),
}


def refusal_of(
    action: str, ticket: Ticket, login: str, now: datetime, away: HolderAway | None = None
) -> str | None:
    """Return why ``login`` may not do ``action`` to the ticket at ``now``, None when they may.

    The actions are ``take, assign, reply, heard, status, priority``; ``away`` is why whoever has
    the ticket is away.
    """
    try:
        _TRIALS[action](ticket, Attempt(login, now, away))
    except Refusal as refusal:
        return refusal.reason
    return None


def _after_a_reply(ticket: Ticket) -> Status:
    """Return the status after a reply that does not name one."""
    if ticket.handed_over is not None and ticket.status is Status.OPEN:
        return Status.ON_HOLD
    return Status.OPEN if ticket.status is Status.NEW else ticket.status


def check_open(ticket: Ticket) -> Ticket:
    """Return the ticket as it is.

    Raises:
        Refusal: it is closed, which is final, or was merged; the line says where it goes on.
    """
    if ticket.merged_into is not None:
        raise Refusal(
            f"#{ticket.id} was merged into #{ticket.merged_into}; go on in #{ticket.merged_into}"
        )
    if ticket.continued_in is not None:
        raise Refusal(
            f"#{ticket.id} is closed, which is final; it goes on in #{ticket.continued_in}"
        )
    if ticket.status is Status.CLOSED:
        raise Refusal(f"#{ticket.id} is closed, which is final; open a new ticket instead")
    return ticket


def _needs_no_reason(ticket: Ticket, status: Status) -> str:
    if ticket.owed:
        return f"unanswered: only for solved or closed, and this is {status.replace('_', ' ')}"
    return f"unanswered: nobody waits for an answer of #{ticket.id}; leave it out"

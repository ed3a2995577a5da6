"""What a source says of its tickets, and what that changes of those that are here.

"A source's word changes only what the source has changed since its last word", and "no status,
person, merge or source hides a customer who waits".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from policy.ticket import Ticket, with_values
from policy.tickets.actions import (
    decided,
    done_with,
    heard,
    latest,
    opened_again,
    settled,
    with_status_elsewhere,
)
from policy.words import DECIDED_STATUSES, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWord:
    """What a source says of a conversation; times are UTC, None where it says none.

    ``updated_at`` is when anything of the ticket was changed there last. ``written`` is when the
    customer wrote, the first time first, None where the source does not tell conversations whole.
    """

    received_at: datetime
    status: Status | None = None
    first_response_at: datetime | None = None
    last_response_at: datetime | None = None
    last_customer_message_at: datetime | None = None
    solved_at: datetime | None = None
    updated_at: datetime | None = None
    written: tuple[datetime, ...] | None = None

    def written_after(self, floor: datetime | None) -> datetime | None:
        """Return when the customer wrote first after ``floor``, None where they did not.

        Of a source that does not tell conversations whole only their last word is known.
        """
        last = self.last_customer_message_at
        times = self.written if self.written is not None else (last,) if last else ()
        return next((at for at in times if not _is_by(at, floor)), None)

    @property
    def answered_at(self) -> datetime | None:
        """Our newest answer that it knows of."""
        return latest(self.first_response_at, self.last_response_at)


def came_in(ticket: Ticket, said: SourceWord, now: datetime) -> Ticket:
    """Return a ticket that comes for the first time, with what its source says of it at ``now``.

    "``solved`` or ``closed`` said of a ticket that comes for the first time settles whoever had
    written before it", and "``pending`` or ``on_hold`` without any time of an answer is owed all
    the same".
    """
    told = with_values(
        ticket,
        first_response_at=said.first_response_at or said.last_response_at,
        last_response_at=said.answered_at,
        last_customer_message_at=said.last_customer_message_at,
        waiting_since=_claimed_wait(said.received_at, said.answered_at, said),
    )
    if told.status not in DECIDED_STATUSES:
        return _new_no_more(told)
    return _settled_by_its_source(told, told.status, said, now)


def told_by_source(ticket: Ticket, said: SourceWord, before: SourceWord, now: datetime) -> Ticket:
    """Return a ticket after its source's word at ``now`` (UTC), ``before`` being the word before.

    "A customer's message opens a ``pending``, ``on_hold`` or ``solved`` ticket. ``solved`` or
    ``closed`` said anew settles whoever had written before it, whether that was read with it or
    earlier." One that is closed here, or merged, keeps its status; who waits in it afterwards goes
    on in another ticket.
    """
    told = _with_times(ticket, said, before)
    anew = _is_anew(said, before)
    if ticket.status is Status.CLOSED:
        return _told_of_closed(ticket, told, said, before, now)
    if anew and said.status in DECIDED_STATUSES:
        return _settled_by_its_source(told, said.status, said, now)
    if anew and said.status is not None:
        told = with_status_elsewhere(told, said.status)
    told = _new_no_more(told)
    answered = ticket.waiting_since is not None and told.waiting_since is None
    told = done_with(told) if answered else told
    return opened_again(told) if _wakes(ticket, told, said, before) else told


def _told_of_closed(
    ticket: Ticket, told: Ticket, said: SourceWord, before: SourceWord, now: datetime
) -> Ticket:
    """Return a ticket that was closed here, ``told`` with the times that its source says.

    "A close is for good against sources": an answer that is taken back was one when it was closed.
    Only a message makes somebody wait, and that not where it is closed or solved there.
    """
    answered = latest(told.last_response_at, ticket.last_response_at)
    wrote = _new_message(said, before, latest(answered, ticket.settled_at))
    told = replace(
        told,
        first_response_at=told.first_response_at or ticket.first_response_at,
        last_response_at=answered,
        waiting_since=ticket.waiting_since if wrote is None else wrote,
    )
    over_anew = said.status is Status.SOLVED and _is_anew(said, before)
    is_over = said.status is Status.CLOSED or over_anew
    return settled(told, _end_there(told, said, now)) if is_over else told


def _new_message(said: SourceWord, before: SourceWord, floor: datetime | None) -> datetime | None:
    """Return when the customer wrote what the word before did not tell, None until ``floor``."""
    if said.last_customer_message_at == before.last_customer_message_at:
        return None
    if said.written is None:
        return said.written_after(floor)
    return said.written_after(latest(floor, before.last_customer_message_at))


def is_overtaken(updated_at: datetime | None, before: datetime | None) -> bool:
    """Return whether a word is older than the one before it, by when its source changed the ticket.

    An older page is no change of the source's: "a source's word changes only what the source has
    changed since its last word". It would take back what a customer wrote since, and hide them.
    """
    return updated_at is not None and before is not None and updated_at < before


def wrote_since(said: SourceWord, before: SourceWord) -> tuple[datetime, ...]:
    """Return when the customer wrote what the word before did not tell, the first time first."""
    last = said.last_customer_message_at
    if last is None or last == before.last_customer_message_at:
        return ()
    floor = before.last_customer_message_at
    return tuple(at for at in said.written or () if not _is_by(at, floor)) or (last,)


def written_to(ticket: Ticket, at: datetime) -> Ticket:
    """Return a ticket after a message of its customer at a time (UTC) that was read just now.

    "A message in a merged ticket counts as a message in the ticket it was merged into, and wakes
    that one", unless we have answered since.
    """
    if _is_by(at, latest(ticket.last_response_at, ticket.settled_at)):
        return ticket
    return heard(replace(ticket, waiting_since=min(at, ticket.waiting_since or at)), at)


def _new_no_more(ticket: Ticket) -> Ticket:
    """Return the ticket as open where it is called new though there was a reply."""
    if ticket.status is not Status.NEW or ticket.first_response_at is None:
        return ticket
    return replace(ticket, status=Status.OPEN)


def _is_anew(said: SourceWord, before: SourceWord) -> bool:
    """Return whether the status is said anew: another one, or solved again since the last word."""
    if said.status is not before.status:
        return said.status is not None
    if said.status is not Status.SOLVED or said.solved_at is None or before.solved_at is None:
        return False
    return said.solved_at > before.solved_at


def _wakes(ticket: Ticket, told: Ticket, said: SourceWord, before: SourceWord) -> bool:
    """Return whether the word has what makes the next step ours: a message, or work over there.

    A source without conversations says by ``open`` alone that it is our step: said of a ticket
    that was changed there after the last thing that we know of, it holds.
    """
    if told.status in (Status.NEW, Status.OPEN):
        return False
    if told.waiting_since is not None:
        written = said.last_customer_message_at != before.last_customer_message_at
        return written or ticket.waiting_since is None or told.status is Status.SOLVED
    if said.updated_at is None or said.updated_at == before.updated_at:
        return False
    is_open_there = said.status in (Status.NEW, Status.OPEN)
    return is_open_there and _is_by(_last_known(told), said.updated_at)


def _with_times(ticket: Ticket, said: SourceWord, before: SourceWord) -> Ticket:
    """Return the ticket with the source's times; what is known of only here counts as well."""
    first = _both(
        ticket.first_response_at,
        before.first_response_at or before.last_response_at,
        said.first_response_at or said.last_response_at,
        min,
    )
    answered = _both(ticket.last_response_at, before.answered_at, said.answered_at, max)
    written = _both(
        ticket.last_customer_message_at,
        before.last_customer_message_at,
        said.last_customer_message_at,
        max,
    )
    told = replace(
        ticket,
        first_response_at=answered if first is None else first,
        last_response_at=answered,
        last_customer_message_at=written,
    )
    if ticket.solved_at is not None and said.solved_at not in (None, before.solved_at):
        told = replace(told, solved_at=said.solved_at)
    return replace(told, waiting_since=_waiting_since(ticket, told, said, before))


def _waiting_since(
    ticket: Ticket, told: Ticket, said: SourceWord, before: SourceWord
) -> datetime | None:
    """Return since when the customer waits, after what happened here and what the source says.

    "An answer settles only what was written before it", "further messages do not reset it", and
    where the source says nothing new of it, it stays.
    """
    since = ticket.waiting_since
    floor = latest(told.last_response_at, told.settled_at)
    if told.last_response_at != ticket.last_response_at and _is_by(since, told.last_response_at):
        written = told.last_customer_message_at
        since = None if _is_by(written, floor) else said.written_after(floor) or written
    claimed_before = _claimed_wait(
        before.received_at, latest(ticket.last_response_at, ticket.settled_at), before
    )
    claimed = _claimed_wait(said.received_at, floor, said)
    if claimed == claimed_before:
        return since
    if since == claimed_before and (claimed is None or floor is None):
        return claimed
    if claimed is None or since is None:
        return since if claimed is None else claimed
    return min(since, claimed)


def _claimed_wait(
    received_at: datetime, floor: datetime | None, said: SourceWord
) -> datetime | None:
    """Return since when a customer waits by what a source says; until ``floor`` nobody does.

    "A later ``last_customer_message_at`` means the customer is waiting since then; none means we
    have answered."
    """
    if floor is None:
        return received_at
    return said.written_after(floor)


def _is_by(time: datetime | None, floor: datetime | None) -> bool:
    """Return whether a time is none, or not after another one."""
    return time is None or (floor is not None and time <= floor)


def _both(
    ours: datetime | None,
    before: datetime | None,
    said: datetime | None,
    safer: Callable[[datetime, datetime], datetime],
) -> datetime | None:
    """Return a time after the source's word: theirs where only they changed it, else of both."""
    if said == before:
        return ours
    if ours is None or ours == before:
        return said
    return ours if said is None else safer(ours, said)


def _settled_by_its_source(
    ticket: Ticket, status: Status, said: SourceWord, now: datetime
) -> Ticket:
    """Return the ticket as solved or closed by its source: since then nobody waits.

    Solved, a message that came after that keeps it open; closed, it "stays closed, as a source
    opens a follow-up itself".
    """
    over = replace(
        decided(ticket, status, _end_there(ticket, said, now)),
        solved_at=said.solved_at or ticket.solved_at or now,
    )
    return over if over.waiting_since is None else opened_again(over)


def _last_known(ticket: Ticket) -> datetime:
    """Return when the last thing was written that is known of."""
    times = (ticket.last_response_at, ticket.last_customer_message_at, ticket.waiting_since)
    return latest(*times) or ticket.received_at


def _end_there(ticket: Ticket, said: SourceWord, now: datetime) -> datetime:
    """Return by when what was written is over, as its source says that it is solved or closed.

    When it was solved, where that is said; else a time by which all that is known of had been
    written, ``now`` as a rule.
    """
    if said.status is Status.SOLVED and said.solved_at is not None:
        return max(said.solved_at, ticket.received_at)
    return max(now, _last_known(ticket))

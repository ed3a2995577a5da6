"""What another policy does to the tickets that are here: re-ranked for good, or only compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from policy.intake.rules import assess
from policy.ordering.deviations import in_force
from policy.ordering.explanation import explain
from policy.ordering.order import order_of
from policy.ordering.ranking import Ranking
from policy.phrases import STATUS_NAMES
from policy.rulebook.differences import changed_keys
from policy.rulebook.rulebook import Rulebook
from policy.rulebook.warnings import warnings_of
from policy.ticket import Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.promise_changes import promise_changes
from policy.words import Mode
from store.notices.promise_rows import open_promises
from store.policies.lost_words import lost_words
from store.policies.policy_difference import (
    LatenessChange,
    Move,
    PolicyDifference,
    UnsolvedTickets,
)
from store.policies.ranked_tickets import undecided
from store.policies.reranking import Reranking, pieces
from store.queue import positions
from store.tickets.pausing import renewed_pauses
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import Writer


def rank_all_again(writer: Writer, present: Rulebook) -> None:
    """Assess and key every unsolved ticket anew under the writer's policy, in its transaction.

    They stand as the ``present`` policy ranks them.
    """
    writer.kind.take_long(writer.connection)
    ranking = Reranking.begun(writer.connection, present, writer.rulebook)
    for some, _ in ranking.batches():
        ranking.gather(writer.connection, some)
    ranking.put_in_place(writer)


def key_all_again(connection: Connection, rulebook: Rulebook) -> None:
    """Key every ticket of the queue anew under a policy, and leave the tickets as they are."""
    for batch in _batches(connection, undecided(connection)):
        positions.put(connection, batch, rulebook)


Foresee = Callable[[Rulebook, Sequence[Ticket]], Mapping[int, AnswerForecast]]
"""Gives when the tickets of a queue, in its order, can expect their answers under a policy."""


def difference(
    connection: Connection,
    present: Rulebook,
    other: Rulebook,
    mode: Mode,
    at: datetime,
    *,
    foresee: Foresee,
) -> PolicyDifference:
    """Return what another policy says otherwise, and how the queue would move from the present one.

    As it stands ``at`` a time (UTC), in one mode.
    """
    batches = _batches(connection, undecided(connection))
    tickets_now = [in_force(ticket, at) for batch in batches for ticket in batch]
    now = Ranking(tickets_now, order_of(present, mode))
    tickets_then = [
        assess(other, ticket)
        for some in pieces(tickets_now)
        for ticket in renewed_pauses(connection, other, some)
    ]
    then = Ranking(tickets_then, order_of(other, mode))
    moves = [
        Move(
            ticket=then.tickets[ticket.id],
            before=now.place(ticket.id),
            after=then.place(ticket.id),
            why=_why(ticket.id, now, then),
        )
        for ticket in tickets_now
        if now.place(ticket.id) != then.place(ticket.id)
    ]
    return PolicyDifference(
        now=at,
        keys=changed_keys(present, other),
        warnings=warnings_of(other),
        lost=lost_words(connection, present, other, at),
        total=len(then.queue),
        number_one_before=now.first,
        number_one_after=then.first,
        moves=tuple(sorted(moves, key=_as_it_would_stand)),
        late=tuple(_late_only_in(then, now, then, at)),
        late_no_longer=tuple(_late_only_in(now, now, then, at)),
        answers=promise_changes(
            foresee(present, now.queue),
            foresee(other, then.queue),
            open_promises(connection, at),
            at,
        ),
    )


def unsolved_tickets(
    connection: Connection, mode: Mode, at: datetime, *, at_most: int
) -> UnsolvedTickets:
    """Return the tickets that a policy is compared on, as they stand ``at`` a time (UTC)."""
    ids = undecided(connection)
    batches = _batches(connection, ids[:at_most])
    return UnsolvedTickets(
        now=at,
        mode=mode,
        tickets=tuple(in_force(ticket, at) for batch in batches for ticket in batch),
        left_out=max(0, len(ids) - at_most),
    )


def _late_only_in(
    ranking: Ranking, now: Ranking, then: Ranking, at: datetime
) -> Iterator[LatenessChange]:
    """Yield the tickets that are late ``at`` a time in one ranking and not in the other.

    In the order of that ranking.
    """
    other = then if ranking is now else now
    for ticket in ranking.queue:
        if ticket.is_late(at) and not other.tickets[ticket.id].is_late(at):
            yield LatenessChange(
                ticket=then.tickets[ticket.id],
                place=then.place(ticket.id),
                respond_by_before=now.tickets[ticket.id].respond_by,
                respond_by_after=then.tickets[ticket.id].respond_by,
            )


_NEIGHBOURS = 200
"""How far around a moved ticket the one it changed places with is looked for."""


def _why(ticket_id: int, now: Ranking, then: Ranking) -> str:
    """Return why a ticket would stand elsewhere: what changes of it, or who changes around it."""
    before, after = now.tickets[ticket_id], then.tickets[ticket_id]
    if after.declined is not None:
        return f"It would be declined: {after.declined}"
    if before.declined is not None:
        return f"It would be admitted as {after.priority}: {after.because}"
    if before.priority != after.priority:
        return f"It would be {after.priority} instead of {before.priority}: {after.because}"
    was, would_be = now.place(ticket_id), then.place(ticket_id)
    if was is None or would_be is None:
        return _waked(before, after)
    return _passing(after, was, would_be, now, then)


def _waked(before: Ticket, after: Ticket) -> str:
    """Return why a ticket would join the queue, or leave it: an update comes due, or none does."""
    status = STATUS_NAMES[after.status]
    if after.update_by is not None:
        return f"It is {status}, and would be in the queue as an update would be due."
    if before.update_by is None:
        raise AssertionError(after)  # else only what is declined or admitted leaves or joins it
    return f"It is {status}, and would leave the queue as no update would be due."


def _passing(ticket: Ticket, was: int, would_be: int, now: Ranking, then: Ranking) -> str:
    """Return why a ticket passes, or is passed by, one that stood on its other side before."""
    up = would_be < was
    neighbours = (
        then.queue[would_be : would_be + _NEIGHBOURS]
        if up
        else then.queue[max(0, would_be - 1 - _NEIGHBOURS) : would_be - 1][::-1]
    )
    for other in neighbours:
        stood = now.place(other.id)
        if stood is not None and (stood < was) is up:
            return explain(ticket, other, then.order).why
    return "Others around it move."


def _as_it_would_stand(move: Move) -> tuple[bool, int, int]:
    """Return what sorts moves by their place to be; those that leave the queue come last."""
    return (move.after is None, move.after or move.before or 0, move.ticket.id)


def _batches(connection: Connection, ids: list[int]) -> Iterator[Sequence[Ticket]]:
    """Yield the tickets, a few hundred at a time.

    By their ids, as SQLite would sort all of them anew for each few hundred by status.
    """
    for some in pieces(ids):
        yield by_ids(connection, list(some))

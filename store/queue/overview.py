"""The number one and why it is that one, with what the header shows."""

from datetime import datetime

from policy.engineering.handover import missing
from policy.ordering.deviations import ended, without_it
from policy.ordering.explanation import why_number_one, why_number_one_in_short
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.tickets.guidance import NextAction, handling, next_step, next_step_of_ce
from policy.words import Criterion, Mode, Role
from store.quick.reads import Read
from store.read_models import Overview
from store.reader import Reader
from store.schema.kept_names import ALL, DECLINED, PARKED, QUEUE

_LATE = Read("late")


def overview(reader: Reader) -> Overview:
    """Return the number one with its why, and what the header shows."""
    number_one, runner_up = (*first_two(reader), None, None)[:2]
    without = None if number_one is None else first_without(reader, number_one, runner_up)
    return Overview(
        revision=reader.revision(),
        now=reader.now,
        number_one=number_one,
        why=() if number_one is None else _why(reader, number_one, runner_up, without),
        why_in_short=""
        if number_one is None
        else why_number_one_in_short(number_one, runner_up, reader.order, reader.clock),
        runner_up=runner_up,
        without_deviation=without,
        mode=reader.mode,
        capacity=reader.capacity,
        queue=reader.counts[QUEUE],
        declined=reader.counts[DECLINED],
        total=reader.counts[ALL],
        valid_until=_valid_until(reader),
        holders=reader.holders,
        words=reader.words,
        next_step=None if number_one is None else next_step_of(reader, number_one),
        late=_late(reader),
        parked=reader.counts[PARKED],
    )


def next_step_of(reader: Reader, ticket: Ticket) -> NextAction:
    """Return the one thing to do next with a ticket, as seen by who reads."""
    member = reader.roster.by_login.get(reader.login)
    if member is not None and member.role is Role.CE:
        return next_step_of_ce(ticket, reader.words)
    return next_step(
        ticket,
        reader.login,
        reader.words,
        missing(ticket, reader.rulebook),
        reader.holders.away(ticket),
        clock=reader.clock,
    )


def number_one(reader: Reader, roster: Roster | None = None) -> Ticket | None:
    """Return the number one now, or what it would be with another roster."""
    mode = reader.mode if roster is None else reader.mode_with(roster)
    return next(reader.each(reader.queue_in(mode.mode).ids(0, 1)), None)


def first_two(reader: Reader) -> tuple[Ticket, ...]:
    """Return the number one and the ticket behind it, as far as there are any."""
    return tuple(reader.each(reader.queue.ids(0, 2)))


def first_without(reader: Reader, number_one: Ticket, runner_up: Ticket | None) -> Ticket | None:
    """Return what would be first if nobody had put the number one there.

    None when nobody has, or the order in force does not look at deviations.
    """
    if number_one.deviation is None or Criterion.DEVIATION not in reader.order.criteria:
        return None
    plain = ended(number_one)
    if runner_up is None or reader.order.is_before(plain, runner_up):
        return plain
    return runner_up


def _late(reader: Reader) -> int:
    """Return how many of the queue are late; beyond ``LATE_AT_MOST`` that is what is said."""
    return int(_LATE.value(reader.reads, {"that_time": reader.now}) or 0)


def _valid_until(reader: Reader) -> datetime | None:
    """Return when time alone, with nobody doing anything, changes the order (UTC)."""
    ends = (reader.queue.next_end(), reader.mode.until)
    return min((end for end in ends if end is not None), default=None)


def _why(
    reader: Reader, number_one: Ticket, runner_up: Ticket | None, without: Ticket | None
) -> tuple[str, ...]:
    sentences = [why_number_one(number_one, runner_up, reader.order, reader.clock)]
    if without is not None:
        sentences.append(without_it(number_one, without))
    sentences += handling(number_one, reader.clock)
    if reader.mode.mode is Mode.HARD_CHOICES:
        sentences.append(f"Hard choices are in force. {reader.mode.why}")
    elif reader.mode.by_hand is not None:
        sentences.append(f"The normal order is in force. {reader.mode.why}")
    return tuple(sentences)

"""Why one ticket stands before another, said in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.ordering.order import Order
from policy.phrases import STATUS_NAMES, ReadersClock, sentence, span
from policy.refusal import one_of
from policy.ticket import Ticket
from policy.words import ACTIONABLE_STATUSES, Criterion

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether ``ticket`` comes before ``versus``, by which criterion, and why in a sentence.

    ``versus`` is None when there is no other ticket to compare with, ``criterion`` is None
    when the order does not decide: one of the two is not in the queue, or is alone there.
    """

    ticket: Ticket
    versus: Ticket | None
    before: bool
    criterion: Criterion | None
    why: str


def explain(
    ticket: Ticket, versus: Ticket | None, order: Order, clock: ReadersClock | None = None
) -> Explanation:
    """Return why ``ticket`` stands before or behind ``versus`` in ``order``.

    "Explain says in words the first criterion that puts a ticket before the next one, and
    before any other that is asked about." Tickets outside the queue stand behind all in it. By
    when an update is due is said as the reader's ``clock`` shows it, and only where one is given.
    """
    if not ticket.actionable:
        return _undecided(ticket, versus, before=False, why=_absence(ticket))
    if versus is None:
        why = "It is the last in the queue; nothing stands behind it."
        why += _only_for_an_update(ticket, clock)
        return _undecided(ticket, None, before=True, why=why)
    if versus.id == ticket.id:
        return _undecided(ticket, versus, before=False, why=f"#{ticket.id} is the same ticket.")
    if not versus.actionable:
        return _undecided(ticket, versus, before=True, why=_absence(versus))
    criterion = order.first_difference(ticket, versus)
    before = order.is_before(ticket, versus)
    first, second = (ticket, versus) if before else (versus, ticket)
    difference = _difference(first, second, criterion, order, clock)
    why = f"{_shared(first, criterion, order)}{difference}"
    return Explanation(
        ticket=ticket,
        versus=versus,
        before=before,
        criterion=criterion,
        why=_capitalized(why) + _only_for_an_update(ticket, clock),
    )


def why_number_one(
    ticket: Ticket, runner_up: Ticket | None, order: Order, clock: ReadersClock | None = None
) -> str:
    """Return the banner's sentence: why this ticket and not the one behind it."""
    if runner_up is None:
        return "The only ticket in the queue."
    if _alone_in_its_priority(ticket, runner_up, order):
        return (
            f"The only {ticket.priority} in the queue;"
            f" #{runner_up.id} behind it is {runner_up.priority}."
        )
    return explain(ticket, runner_up, order, clock).why


def why_number_one_in_short(
    ticket: Ticket, runner_up: Ticket | None, order: Order, clock: ReadersClock | None = None
) -> str:
    """Return no more of the banner's sentence than what decides, for where there is little room."""
    if runner_up is None or not (ticket.actionable and runner_up.actionable):
        return why_number_one(ticket, runner_up, order, clock)
    if _alone_in_its_priority(ticket, runner_up, order):
        return f"The only {ticket.priority} in the queue."
    criterion = order.first_difference(ticket, runner_up)
    return _capitalized(_difference(ticket, runner_up, criterion, order, clock))


def _alone_in_its_priority(ticket: Ticket, runner_up: Ticket, order: Order) -> bool:
    """Return whether nobody else in the queue has the number one's priority.

    Only where nothing else is looked at before the priority: among what an earlier criterion put
    behind, another one may have it too. With no deviation on the first there is none at all.
    """
    if order.first_difference(ticket, runner_up) is not Criterion.PRIORITY or ticket.deviation:
        return False
    return order.criteria[0] is Criterion.PRIORITY or order.criteria[:2] == (
        Criterion.DEVIATION,
        Criterion.PRIORITY,
    )


def _undecided(ticket: Ticket, versus: Ticket | None, *, before: bool, why: str) -> Explanation:
    return Explanation(ticket=ticket, versus=versus, before=before, criterion=None, why=why)


def _absence(ticket: Ticket) -> str:
    if ticket.declined is not None:
        return f"#{ticket.id} was declined, so it is never ranked."
    if ticket.merged_into is not None:
        return f"#{ticket.id} was merged into #{ticket.merged_into}, and stands there."
    return f"#{ticket.id} is {ticket.status.replace('_', ' ')}, so it does not stand in the queue."


def _shared(first: Ticket, criterion: Criterion, order: Order) -> str:
    """Return what the two have in common before the criterion that decides: ``both are p1; ``."""
    before = order.criteria[: order.criteria.index(criterion)]
    alike = [said for each in before if (said := _alike(first, each, order))]
    return f"both are {one_of(alike, 'and')}; " if alike else ""


def _alike(  # noqa: PLR0911 - one for each criterion
    ticket: Ticket, criterion: Criterion, order: Order
) -> str:
    """Return what is said of two tickets that a criterion does not tell apart, if anything."""
    match criterion:
        case Criterion.PRIORITY:
            return str(ticket.priority)
        case Criterion.OWED:
            return "owed an answer" if ticket.owed else "answered"
        case Criterion.TIER:
            return order.words.tier_name(ticket.tier)
        case Criterion.GROUP:
            return f"of {_group(ticket, order)}"
        case Criterion.RESPOND_BY:
            return "due at the same time" if ticket.respond_by else "without an answer due"
        case Criterion.RESOLVE_BY:
            return (
                "to be solved by the same time" if ticket.resolve_by else "without a time to solve"
            )
        case Criterion.RECEIVED_AT:
            return "equally old"
        case _:
            return ""


def _difference(  # noqa: PLR0911 - one sentence for each criterion
    first: Ticket, second: Ticket, criterion: Criterion, order: Order, clock: ReadersClock | None
) -> str:
    words = order.words
    one, two = f"#{first.id}", f"#{second.id}"
    match criterion:
        case Criterion.DEVIATION:
            return _deviating(first, second)
        case Criterion.PRIORITY:
            return f"{one} is {first.priority}, {two} is {second.priority}."
        case Criterion.OWED:
            return f"{one} is owed an answer, {two} has its answer."
        case Criterion.TIER:
            tier, other = words.tier_name(first.tier), words.tier_name(second.tier)
            return f"{one} is {tier}, {two} is {other}, and {tier} comes first."
        case Criterion.GROUP:
            group, other = _group(first, order), _group(second, order)
            return f"{one} is of {group}, {two} of {other}, and {group} comes first."
        case Criterion.RESPOND_BY:
            return _sooner(first, second, clock)
        case Criterion.RESOLVE_BY:
            return _solved_sooner(first, second)
        case Criterion.RECEIVED_AT:
            return f"{one} was received {_earlier(first.received_at, second.received_at)} {two}."
        case Criterion.ID:
            return f"{one} has a lower number than {two}."


def _deviating(first: Ticket, second: Ticket) -> str:
    deviation = first.deviation
    if deviation is None:  # the order puts a deviation before none, so the first one has it
        raise AssertionError(first)
    newer = " more recently" if second.deviation else ""
    return sentence(f"#{first.id} was put first{newer} by {deviation.by}: {deviation.reason}")


def _sooner(first: Ticket, second: Ticket, clock: ReadersClock | None) -> str:
    if first.respond_by is None:  # none comes last, so the first one has a deadline
        raise AssertionError(first)
    due = "is due" if clock is None or not first.update_first else clock.due(first.respond_by)
    if second.respond_by is not None:
        apart = _earlier(first.respond_by, second.respond_by)
        pause = ", " if due != "is due" else " "
        return f"{_what_is_due(first)} {due}{pause}{apart} {_what_is_due(second)}."
    if first.update_first:
        return f"{_what_is_due(first)} {due}, and nothing is due on #{second.id}."
    return f"#{first.id} has an answer due, #{second.id} has none."


def _what_is_due(ticket: Ticket) -> str:
    """Return what its time to respond is of: the ticket's own as a rule, as that is the answer."""
    return f"an update on #{ticket.id}" if ticket.update_first else f"#{ticket.id}"


def _only_for_an_update(ticket: Ticket, clock: ReadersClock | None) -> str:
    """Return why a ticket stands in the queue whose status does not say so, if it is an update."""
    if ticket.owed or ticket.update_by is None or ticket.status in ACTIONABLE_STATUSES:
        return ""
    due = "is due" if clock is None else clock.due(ticket.update_by)
    return f" It is {STATUS_NAMES[ticket.status]}, and stands in the queue as an update {due}."


def _capitalized(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _solved_sooner(first: Ticket, second: Ticket) -> str:
    if first.resolve_by is None:  # none comes last, so the first one has a time
        raise AssertionError(first)
    if second.resolve_by is None:
        return f"#{first.id} has a time to be solved by, #{second.id} has none."
    sooner = _earlier(first.resolve_by, second.resolve_by)
    return f"#{first.id} is to be solved {sooner} #{second.id}."


def _group(ticket: Ticket, order: Order) -> str:
    name = order.groups.name(ticket)
    return "no group" if name is None else f'the group "{name}"'


def _earlier(first: datetime, second: datetime) -> str:
    """Return by how much the first of two times is before the other: ``1 h 5 m before``."""
    apart = second - first
    return f"{span(apart)} before" if apart >= _SECOND else "a moment before"

"""Why one ticket stands before another, said in words."""

from dataclasses import dataclass

from policy.order import Order
from policy.phrases import TIER_NAMES, span
from policy.ticket import Ticket
from policy.words import Criterion, Mode


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


def explain(ticket: Ticket, versus: Ticket | None, order: Order) -> Explanation:
    """Return why ``ticket`` stands before or behind ``versus`` in ``order``.

    "Explain says in words the first criterion that puts a ticket before the next one, and
    before any other that is asked about." Tickets outside the queue stand behind all in it.
    """
    if not ticket.actionable:
        return _undecided(ticket, versus, before=False, why=_absence(ticket))
    if versus is None:
        why = "It is the last in the queue; nothing stands behind it."
        return _undecided(ticket, None, before=True, why=why)
    if versus.id == ticket.id:
        return _undecided(ticket, versus, before=False, why=f"#{ticket.id} is the same ticket.")
    if not versus.actionable:
        return _undecided(ticket, versus, before=True, why=_absence(versus))
    criterion = order.first_difference(ticket, versus)
    before = order.is_before(ticket, versus)
    first, second = (ticket, versus) if before else (versus, ticket)
    why = f"{_shared(first, criterion, order)}{_difference(first, second, criterion)}"
    return Explanation(
        ticket=ticket,
        versus=versus,
        before=before,
        criterion=criterion,
        why=why[0].upper() + why[1:],
    )


def why_number_one(ticket: Ticket, runner_up: Ticket | None, order: Order) -> str:
    """Return the banner's sentence: why this ticket and not the one behind it."""
    if runner_up is None:
        return "The only ticket in the queue."
    if order.first_difference(ticket, runner_up) is Criterion.PRIORITY:
        return (
            f"The only {ticket.priority} in the queue;"
            f" #{runner_up.id} behind it is {runner_up.priority}."
        )
    return explain(ticket, runner_up, order).why


def _undecided(ticket: Ticket, versus: Ticket | None, *, before: bool, why: str) -> Explanation:
    return Explanation(ticket=ticket, versus=versus, before=before, criterion=None, why=why)


def _absence(ticket: Ticket) -> str:
    if ticket.declined is not None:
        return f"#{ticket.id} was declined, so it is never ranked."
    return f"#{ticket.id} is {ticket.status.replace('_', ' ')}, so it does not stand in the queue."


def _shared(first: Ticket, criterion: Criterion, order: Order) -> str:
    """Return what the two have in common before the criterion that decides: ``Both are p1; ``."""
    before = order.criteria[: order.criteria.index(criterion)]
    alike = []
    if Criterion.PRIORITY in before:
        alike.append(f"are {first.priority}")
    if Criterion.TIER in before:
        alike.append(f"come from {TIER_NAMES[first.tier]}")
    if Criterion.RESPOND_BY in before and first.respond_by:
        alike.append("have the same deadline")
    return f"both {_listed(alike)}; " if alike else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _difference(first: Ticket, second: Ticket, criterion: Criterion) -> str:
    one, two = f"#{first.id}", f"#{second.id}"
    match criterion:
        case Criterion.DEVIATION:
            return _deviating(first, second)
        case Criterion.PRIORITY:
            return f"{one} is {first.priority}, {two} is {second.priority}."
        case Criterion.TIER:
            return (
                f"{one} is {TIER_NAMES[first.tier]}, which comes before"
                f" {two}, {TIER_NAMES[second.tier]}."
            )
        case Criterion.RESPOND_BY:
            return _sooner(first, second)
        case Criterion.RECEIVED_AT:
            earlier = span(second.received_at - first.received_at)
            return f"{one} was received {earlier} before {two}."
        case Criterion.ID:
            return f"they came in at the same moment; {one} has the lower number than {two}."


def _deviating(first: Ticket, second: Ticket) -> str:
    deviation = first.deviation
    if deviation is None:  # the order puts a deviation before none, so the first one has it
        raise AssertionError(first)
    newer = " more recently" if second.deviation else ""
    return f"#{first.id} was put first{newer} by {deviation.by}: {deviation.reason}"


def _sooner(first: Ticket, second: Ticket) -> str:
    if first.respond_by is None:  # none comes last, so the first one has a deadline
        raise AssertionError(first)
    if second.respond_by is None:
        return f"#{first.id} has an answer due, #{second.id} has none."
    sooner = span(second.respond_by - first.respond_by)
    return f"#{first.id} is due {sooner} before #{second.id}."


def mode_sentence(mode: Mode) -> str:
    """Return what the mode means for the order, for ``next`` and the header."""
    if mode is Mode.HARD_CHOICES:
        return "Hard choices: within a priority, the customer's tier decides first."
    return "Normal: within a priority, the earliest answer due comes first."

"""Until when each target of a ticket is due by its contract, and which of them run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from policy.clocks.business_time import add_business_time, is_open
from policy.clocks.calendar import Interval
from policy.clocks.target_time import due_at
from policy.contract.conditions import Value, closed_in
from policy.contract.rows import Row, Term, terms_of
from policy.rulebook.contract_sections import (
    FIRST_RESPONSE,
    NEXT_REPLY,
    STOPPED,
    UPDATE,
)
from policy.rulebook.rulebook import Rulebook
from policy.words import Status

_MOST_KNOWN = 10_000

_ANSWERS: Final[Mapping[Status, tuple[str, ...]]] = MappingProxyType(
    {
        Status.NEW: (FIRST_RESPONSE,),
        Status.OPEN: (NEXT_REPLY, UPDATE),
        Status.PENDING: (UPDATE,),
        Status.ON_HOLD: (UPDATE,),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsDue:
    """When what a contract promises is due, in UTC, and which ``row`` decides the answer.

    ``targets`` has each target of the policy, None for one that nobody is promised; ``by_rows``
    names those that a ``[[contract]]`` row decides.
    """

    row: Row | None
    respond_by: datetime | None
    aim_by: datetime | None
    targets: Mapping[str, datetime | None]
    by_rows: frozenset[str]


def contract_terms(
    rulebook: Rulebook, words: Mapping[str, Value], came: datetime, zone: str | None
) -> Mapping[str, Term]:
    """Return what is promised to a ticket that ``came`` at an instant from a customer in ``zone``.

    ``words`` say what it is, as ``words_of`` gives them.
    """
    asked, calendars = rulebook.asked_by_rows
    closed = {
        closed_in(each): not is_open(rulebook.calendar_named((each,), zone), came)
        for each in calendars
    }
    # Most tickets are alike by what is asked, and a queue is reckoned again as a whole.
    key = (*map(words.get, asked), *closed.values())
    known = rulebook.terms_by_values
    terms = known.get(key)
    if terms is None:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        terms = known[key] = terms_of(rulebook.rows, {**words, **closed}.get)
    return terms


def due_by(
    rulebook: Rulebook,
    term: Term | None,
    start: datetime,
    zone: str | None,
    paused: Iterable[Interval] = (),
) -> datetime | None:
    """Return when a term that runs since ``start`` is due, in UTC; None for none.

    Raises Refusal for a time too far away to reckon with.
    """
    if term is None or not term.time.promised:
        return None
    calendar = rulebook.calendar_named(term.row.calendars, zone)
    return due_at(calendar, start, term.time, paused)


def running_in(rulebook: Rulebook, status: Status) -> tuple[str, ...]:
    """Return the targets of an answer whose clock runs in a status.

    "``respond_by`` is the earliest running of first response, next reply and update."
    """
    running = _ANSWERS.get(status, ())
    return tuple(each for each in running if each not in STOPPED or status not in rulebook.stops_in)


def targets_due(
    rulebook: Rulebook,
    words: Mapping[str, Value],
    received_at: datetime,
    *,
    zone: str | None = None,
    status: Status = Status.NEW,
    paused: Iterable[Interval] = (),
) -> TargetsDue:
    """Return until when each target is due, "every target reckoned from" ``received_at``.

    ``words`` say what the ticket is, as ``words_of`` gives them, ``zone`` where the customer is,
    None where that is not known. ``update`` and ``resolution`` stand still while ``paused``.
    ``respond_by`` is "the earliest of those that run in" ``status``, and ``aim_by`` what is striven
    for wherever an answer is not promised as none. Raises Refusal for a time too far away.
    """
    terms = contract_terms(rulebook, words, received_at, zone)
    stops = list(paused)
    targets = {
        name: due_by(rulebook, terms.get(name), received_at, zone, stops if name in STOPPED else ())
        for name in rulebook.target_names
    }
    running = running_in(rulebook, status)
    answers = [name for name in running if targets[name] is not None]
    soonest = min(answers, key=lambda name: targets[name] or received_at, default=None)
    deciding = soonest or next((name for name in running if name in terms), None)
    term = None if deciding is None else terms.get(deciding)
    aimed = term is None or term.time.promised
    return TargetsDue(
        row=None if term is None else term.row,
        respond_by=None if soonest is None else targets[soonest],
        aim_by=_aim_by(rulebook, received_at) if aimed and running else None,
        targets=MappingProxyType(targets),
        by_rows=frozenset(each for each in terms if terms[each].row.number is not None),
    )


def _aim_by(rulebook: Rulebook, since: datetime) -> datetime:
    return add_business_time(rulebook.contract_calendar, since, rulebook.response.aim)

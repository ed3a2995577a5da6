"""Contract time: until when an answer, an update or a solution is owed, and we aim for one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from policy.clocks.business_time import add_business_time
from policy.clocks.calendar import Interval
from policy.contract.conditions import Value
from policy.contract.targets_due import contract_terms, due_by
from policy.rulebook.contract_sections import FIRST_RESPONSE, NEXT_REPLY, RESOLUTION, UPDATE
from policy.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an answer or an update is owed (``respond_by``) and when we strive for it, in UTC.

    ``aim_by`` is only of an answer. ``update_by`` is when the customer is to hear how it stands,
    and ``resolve_by`` when the ticket is to be solved, None where nobody is promised that, and
    while that clock does not run.
    """

    respond_by: datetime | None = None
    aim_by: datetime | None = None
    resolve_by: datetime | None = None
    update_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class GoingOn:
    """How far the clocks of a ticket are that stand still and go on.

    An update is due since ``answered_at``, our newest public answer (UTC), None where there was
    none or nobody is to hear anything. ``paused`` is when the clocks stood still.
    """

    answered_at: datetime | None = None
    paused: Iterable[Interval] = ()


_FROM_THE_BEGINNING = GoingOn()


def deadlines(
    rulebook: Rulebook,
    words: Mapping[str, Value],
    *,
    received_at: datetime,
    waiting_since: datetime | None,
    answered_before: bool,
    zone: str | None = None,
    going_on: GoingOn | None = _FROM_THE_BEGINNING,
) -> Deadlines:
    """Return the deadlines of a ticket, in UTC.

    "While unanswered, ``respond_by`` = ``waiting_since`` + the contract time before the first
    response, + ``aim`` after it. Once answered: none." What the contract calls its next reply is
    ``aim`` where no row says otherwise, and an update may be due before that: "the earliest running
    of first response, next reply and update". ``words`` say what the ticket is, as ``words_of``
    gives them, ``zone`` where the customer is, and ``going_on`` how far the clocks of update and
    resolution are, None while they stand still. A declined ticket (no priority), a priority of
    another policy and whoever is promised ``"none"`` are owed nothing. Raises Refusal for a time
    too far away to reckon with.
    """
    if words["priority"] not in rulebook.vocabulary.priority_ranks:
        return Deadlines()
    terms = contract_terms(rulebook, words, received_at, zone)
    resolve_by = update_by = None
    if going_on is not None and rulebook.pauses_in is not None:
        paused, since = going_on.paused, going_on.answered_at
        resolve_by = due_by(rulebook, terms.get(RESOLUTION), received_at, zone, paused)
        if since is not None:
            update_by = due_by(rulebook, terms.get(UPDATE), since, zone, paused)
    if waiting_since is None:
        return Deadlines(update_by, None, resolve_by, update_by)
    answer = terms.get(NEXT_REPLY if answered_before else FIRST_RESPONSE)
    if answer is not None and not answer.time.promised:
        return Deadlines(update_by, None, resolve_by, update_by)
    answer_by = due_by(rulebook, answer, waiting_since, zone)
    aim_by = add_business_time(rulebook.contract_calendar, waiting_since, rulebook.response.aim)
    return Deadlines(_earlier(answer_by, update_by), aim_by, resolve_by, update_by)


def _earlier(answer_by: datetime | None, update_by: datetime | None) -> datetime | None:
    if answer_by is None or update_by is None:
        return answer_by or update_by
    return min(answer_by, update_by)

"""Contract time: until when an answer is owed, and aimed for, and a ticket is to be solved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from policy.clocks.business_time import add_business_time
from policy.contract.conditions import Value
from policy.contract.targets_due import contract_terms, due_by
from policy.rulebook.contract_sections import FIRST_RESPONSE, NEXT_REPLY, RESOLUTION
from policy.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an answer is owed (``respond_by``) and when we strive for it (``aim_by``), in UTC.

    ``resolve_by`` is when the ticket is to be solved, None where nobody is promised that.
    """

    respond_by: datetime | None = None
    aim_by: datetime | None = None
    resolve_by: datetime | None = None


def deadlines(
    rulebook: Rulebook,
    words: Mapping[str, Value],
    *,
    received_at: datetime,
    waiting_since: datetime | None,
    answered_before: bool,
    zone: str | None = None,
) -> Deadlines:
    """Return the deadlines of a ticket, in UTC.

    "While unanswered, ``respond_by`` = ``waiting_since`` + the contract time before the first
    response, + ``aim`` after it. Once answered: none." What the contract calls its next reply is
    ``aim`` where no row says otherwise. ``words`` say what the ticket is, as ``words_of`` gives
    them, and ``zone`` where the customer is. A declined ticket (no priority), a priority of another
    policy and whoever is promised ``"none"`` are owed nothing. Raises Refusal for a time too far
    away to reckon with.
    """
    if words["priority"] not in rulebook.vocabulary.priority_ranks:
        return Deadlines()
    terms = contract_terms(rulebook, words, received_at, zone)
    resolve_by = due_by(rulebook, terms.get(RESOLUTION), received_at, zone)
    if waiting_since is None:
        return Deadlines(resolve_by=resolve_by)
    answer = terms.get(NEXT_REPLY if answered_before else FIRST_RESPONSE)
    if answer is not None and not answer.time.promised:
        return Deadlines(resolve_by=resolve_by)
    return Deadlines(
        respond_by=due_by(rulebook, answer, waiting_since, zone),
        aim_by=add_business_time(rulebook.contract_calendar, waiting_since, rulebook.response.aim),
        resolve_by=resolve_by,
    )

"""Which tickets another policy would leave without a meaning."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlmodel import col

from policy.rulebook.lost_words import LostWord, LostWords, gone
from policy.rulebook.rulebook import Rulebook
from policy.words import DECIDED_STATUSES, Severity, Status
from store.schema.tables import TicketRow


def lost_words(
    connection: Connection, present: Rulebook, other: Rulebook, now: datetime
) -> LostWords:
    """Return the words that tickets carry at ``now`` (UTC) and that another policy lacks.

    In the order of the present policy. What is closed keeps the words that it was closed with, and
    a priority counts where a person assigned it.
    """
    words, known = present.vocabulary, other.vocabulary
    assigned = col(TicketRow.assigned_priority).is_not(None)
    fields = (
        ("tier", col(TicketRow.tier), words.tiers, known.tiers),
        ("severity", col(TicketRow.severity), words.severities, known.severities),
        ("priority", col(TicketRow.priority), words.priorities, known.priorities),
    )
    carry = {
        name: and_(column.in_(lost), *([assigned] if name == "priority" else []))
        for name, column, before, after in fields
        if (lost := gone(name, before, after))
    }
    if not carry:
        return LostWords()
    open_still = _not_closed(now - present.statuses.close_after)
    found = [
        each
        for name, column, before, _ in fields
        if name in carry
        for each in _lost(connection, name, column, before, and_(open_still, carry[name]))
    ]
    counted = select(func.count()).select_from(TicketRow)
    any_of_them = counted.where(open_still, or_(*carry.values()))
    return LostWords(tickets=connection.scalar(any_of_them) or 0, words=tuple(found))


def _lost(
    connection: Connection,
    field: str,
    column: Any,
    order: Sequence[Severity],
    among: ColumnElement[bool],
) -> Iterator[LostWord]:
    counted = select(column, func.count()).where(among).group_by(column)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    for word in order:
        if word in found:
            yield LostWord(field=field, word=word, tickets=found[word])


def _not_closed(closed_since: datetime) -> ColumnElement[bool]:
    """Return the condition that a ticket is not closed, and not solved for so long that it is."""
    solved_at = col(TicketRow.solved_at)
    return or_(
        col(TicketRow.status).not_in(DECIDED_STATUSES),
        and_(
            col(TicketRow.status) == Status.SOLVED,
            or_(solved_at.is_(None), solved_at > closed_since),
        ),
    )

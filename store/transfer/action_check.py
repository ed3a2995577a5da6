"""Checks the actions: that each is what its events say, and is taken back where they say so."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select
from sqlmodel import col

from policy.words import Action
from store.schema.tables import ActionRow, EventRow

_NUMBER, _UNDOES, _UNDONE = col(ActionRow.id), col(ActionRow.undoes), col(ActionRow.undone)
_OF = col(EventRow.action)
_BEGUN = (
    select(_OF.label("action"), func.min(col(EventRow.id)).label("event"))
    .where(_OF.is_not(None))
    .group_by(_OF)
    .subquery()
)
_UNLIKE_ITS_FIRST_EVENT = (
    select(_NUMBER)
    .join(_BEGUN, _BEGUN.c.action == _NUMBER)
    .join(EventRow, col(EventRow.id) == _BEGUN.c.event)
    .where(
        or_(
            col(EventRow.at) != col(ActionRow.at),
            col(EventRow.actor) != col(ActionRow.actor),
            col(EventRow.undoes).is_distinct_from(_UNDOES),
        )
    )
    .order_by(_NUMBER)
)
_WITHOUT_A_RIGHT = (
    select(_NUMBER).where(col(ActionRow.wanted).not_in(sorted(Action))).order_by(_NUMBER)
)
_TAKEN_BACK = select(_NUMBER).where(_UNDONE.is_(True))
_BY_OTHERS = select(_UNDOES).where(_UNDOES.is_not(None), _UNDONE.is_not(True))


def check_actions(connection: Connection) -> Iterator[str]:
    """Yield which actions are not as the history tells them."""
    for number in connection.scalars(_UNLIKE_ITS_FIRST_EVENT):
        yield f"action {number}: is not what its first event says"
    for number in connection.scalars(_WITHOUT_A_RIGHT):
        yield f"action {number}: needed a right that there is not"
    marked, told = set(connection.scalars(_TAKEN_BACK)), set(connection.scalars(_BY_OTHERS))
    for number in sorted(each for each in marked ^ told if each is not None):
        yield f"action {number}: is taken back, or is not, against what the history tells"

"""The addresses that notices could not reach: "told as such and not drafted again"."""

from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlmodel import col

from policy.waits.addresses import CANNOT_BE_REACHED, address_compared
from policy.words import NoticeState, NoticeWay
from store.engines.statements import AT_ONCE
from store.schema.promise_tables import NoticeRow

_ID, _STATE = col(NoticeRow.id), col(NoticeRow.state)
_EMAIL: Any = col(NoticeRow.email)


def failed_addresses(connection: Connection) -> frozenset[str]:
    """Return the addresses that failed for good, as they compare.

    Not those that a notice has reached since, as when a person sent one once more.
    """
    failures = select(_ID, _EMAIL).where(
        _STATE == NoticeState.UNDELIVERABLE,
        _EMAIL.is_not(None),
        col(NoticeRow.outcome).startswith(CANNOT_BE_REACHED),
    )
    newest = {row.email: row.id for row in connection.execute(failures.order_by(_ID))}
    reached: dict[str, int] = {}
    for start in range(0, len(newest), AT_ONCE):
        some = sorted(newest)[start : start + AT_ONCE]
        by_mail = and_(_EMAIL.in_(some), col(NoticeRow.way) == NoticeWay.MAIL)
        sent = select(_EMAIL, func.max(_ID)).where(by_mail, _STATE == NoticeState.SENT)
        reached.update((email, last) for email, last in connection.execute(sent.group_by(_EMAIL)))
    return frozenset(
        address_compared(email)
        for email, number in newest.items()
        if reached.get(email, 0) < number
    )

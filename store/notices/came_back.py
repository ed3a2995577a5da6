"""Notices that were taken and came back: "an address that failed for good is told as such"."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from policy.waits.addresses import address_failure
from policy.words import NoticeState
from store.notices import ledger
from store.notices.notice_events import notice_facts, tell
from store.schema.promise_tables import NoticeRow
from store.tickets.ticket_writer import Writer

_TAKEN = (NoticeState.SENT, NoticeState.IN_DOUBT)
_ID: Any = col(NoticeRow.id)


def take_back_undelivered(writer: Writer, came_back: Mapping[str, str]) -> None:
    """Write down which notices reached nobody: by their Message-IDs without brackets, and why.

    Whoever they were for has not been told, and their address failed for good.
    """
    if not came_back:
        return
    those = col(NoticeRow.message_id).in_([f"<{each}>" for each in came_back])
    rows = writer.connection.execute(
        select(_ID, col(NoticeRow.message_id), col(NoticeRow.email)).where(
            those, col(NoticeRow.state).in_(_TAKEN), col(NoticeRow.email).is_not(None)
        )
    ).all()
    before = notice_facts(writer.connection, [row.id for row in rows])
    for row in rows:
        why = came_back[row.message_id.strip("<>")]
        values = {
            "state": NoticeState.UNDELIVERABLE,
            "outcome": address_failure(row.email, why),
            "ended_at": writer.now,
        }
        writer.connection.execute(update(NoticeRow).where(_ID == row.id).values(values))
        (notice,) = ledger.by_ids(writer.connection, [row.id])
        tell(writer, "wait_undeliverable", [notice], before, notice.outcome)

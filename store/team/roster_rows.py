"""What is written of the team and its time off."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from policy.names import comparable
from policy.roster.members import TimeOff
from policy.roster.team_file import MemberEntry
from store.schema.tables import MemberRow, TimeOffRow
from store.team.public_holidays import check_holiday_code
from store.team.roster_reading import all_time_off
from store.tickets.ticket_json import Facts, instant, moment

_FORGET = delete(TimeOffRow).where(col(TimeOffRow.id) == bindparam("that"))


def put_members(connection: Connection, entries: Sequence[MemberEntry]) -> list[TimeOff]:
    """Make these the team, and return the time off of whoever is no longer in it, which goes too.

    Raises:
        Refusal: a country's or region's holidays are not known.
    """
    for entry in entries:
        if entry.holidays is not None:
            check_holiday_code(entry.holidays)
    connection.execute(delete(MemberRow))
    logins = {comparable(entry.login) for entry in entries}
    gone = [off for off in all_time_off(connection) if comparable(off.login) not in logins]
    change_time_off(connection, gone, ())
    if entries:
        connection.execute(
            insert(MemberRow),
            [
                {"login": entry.login, "place": place, "entry": entry.as_plain()}
                for place, entry in enumerate(entries)
            ],
        )
    return gone


def put_at_capacity(connection: Connection, login: str, at_capacity: bool) -> None:
    """Write of one member whether they take no new tickets; nobody else's row is touched."""
    kept = select(col(MemberRow.entry)).where(col(MemberRow.login) == login)
    entry = connection.scalar(kept)
    if entry is not None:
        that_one = update(MemberRow).where(col(MemberRow.login) == login)
        connection.execute(that_one.values(entry=entry | {"at_capacity": at_capacity}))


def time_off_facts(off: TimeOff) -> Facts:
    """Return time off as plain JSON values, for the history; times are ISO 8601 in UTC.

    What an older version wrote says nothing of days, here as in the events of that time.
    """
    days = {"starts_with_day": off.starts_with_day, "ends_with_day": off.ends_with_day}
    return {
        "login": off.login,
        "from": instant(off.start),
        "until": instant(off.until),
        "reason": off.reason,
        "entered_by": off.entered_by,
        "source": off.source,
        **{name: said for name, said in days.items() if said is not None},
    }


def time_off_of(facts: Mapping[str, Any]) -> TimeOff:
    """Return the time off that ``facts`` say; its id comes when it is written."""
    return TimeOff(
        login=facts["login"],
        start=datetime.fromisoformat(facts["from"]),
        until=moment(facts["until"]),
        reason=facts["reason"],
        entered_by=facts["entered_by"],
        source=facts["source"],
        starts_with_day=facts.get("starts_with_day"),
        ends_with_day=facts.get("ends_with_day"),
    )


def change_time_off(
    connection: Connection, removed: Iterable[TimeOff], added: Iterable[TimeOff]
) -> None:
    """Take some time off away, and write some down: what has an id under it, else a new one."""
    gone = [{"that": off.id} for off in removed]
    if gone:
        connection.execute(_FORGET, gone)
    come = list(added)
    for rows in (
        [{"id": off.id, **_columns(off)} for off in come if off.id],
        [_columns(off) for off in come if not off.id],
    ):
        if rows:
            connection.execute(insert(TimeOffRow), rows)


def _columns(off: TimeOff) -> dict[str, Any]:
    return {
        "login": off.login,
        "start": off.start,
        "until": off.until,
        "reason": off.reason,
        "entered_by": off.entered_by,
        "source": off.source,
        "starts_with_day": off.starts_with_day,
        "ends_with_day": off.ends_with_day,
    }

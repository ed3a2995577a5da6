"""The team and its time off: how the roster is read from its tables, and what is written of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlmodel import col

from policy.names import comparable
from policy.roster.members import Member, Roster, TimeOff
from policy.roster.team_file import MemberEntry, member_of
from store.schema.tables import MemberRow, TimeOffRow
from store.team.public_holidays import check_holiday_code, holiday_dates
from store.tickets.ticket_json import Facts, instant, moment

_YEARS_BACK, _YEARS_AHEAD = 1, 3
"""For which years around now public holidays are looked up."""

_MEMBERS = select(col(MemberRow.entry)).order_by(col(MemberRow.place))
_TIME_OFF = select(*TimeOffRow.__table__.c).order_by(col(TimeOffRow.id))  # type: ignore[attr-defined] # SQLModel's table
_FORGET = delete(TimeOffRow).where(col(TimeOffRow.id) == bindparam("that"))


def entries_of(connection: Connection) -> tuple[MemberEntry, ...]:
    """Return the members as the team file says them, in its order."""
    return tuple(MemberEntry.model_validate(entry) for entry in connection.scalars(_MEMBERS))


def roster_of(connection: Connection, now: datetime) -> Roster:
    """Return the team and all of its time off, with the public holidays of the years around now."""
    return roster_with(entries_of(connection), all_time_off(connection), now)


def roster_with(
    entries: Iterable[MemberEntry], time_off: Iterable[TimeOff], now: datetime
) -> Roster:
    """Return these members with their time off; without any there is no time off either."""
    years = range(now.year - _YEARS_BACK, now.year + _YEARS_AHEAD + 1)
    members = tuple(_member(entry, years) for entry in entries)
    return Roster(members, tuple(time_off)) if members else Roster()


def all_time_off(connection: Connection) -> tuple[TimeOff, ...]:
    """Return all time off that is kept, in the order in which it was written down."""
    return tuple(_time_off(row) for row in connection.execute(_TIME_OFF))


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
                {"login": entry.login, "place": place, "entry": entry.model_dump(mode="json")}
                for place, entry in enumerate(entries)
            ],
        )
    return gone


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


@lru_cache(maxsize=1024)
def _member(entry: MemberEntry, years: range) -> Member:
    holidays = frozenset() if entry.holidays is None else holiday_dates(entry.holidays, years)
    return member_of(entry, holidays)


def _time_off(row: Any) -> TimeOff:
    return TimeOff(
        id=row.id,
        login=row.login,
        start=row.start,
        until=row.until,
        reason=row.reason,
        entered_by=row.entered_by,
        source=row.source,
        starts_with_day=row.starts_with_day,
        ends_with_day=row.ends_with_day,
    )


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

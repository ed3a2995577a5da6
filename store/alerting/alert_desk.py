"""The desk's part for alerts: which are due to somebody who is alerted, each given out once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from policy.alerting.team_alerts import (
    DUE_SOON,
    AlertKind,
    AlertSituation,
    AlreadyTold,
    TeamAlert,
    alerts_due,
    taken_back,
)
from policy.roster.permissions import check
from policy.ticket import Ticket
from policy.words import Action, Mode
from store.desk_reader import DeskReader
from store.queue.counters import queue_count_of
from store.queue.overview import number_one
from store.queue.query import Query, QueryField, Term
from store.queue.queue_desk import QueueReading
from store.schema.desk_settings import alert_memories, alert_memory, put_alert_memory
from store.session import ReadSession, Session

_TICKETS_AT_MOST: Final = 200
"""Of how many tickets of one kind is told at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedAlerts:
    """What somebody is to be told now, by whoever has this; ``attempts`` are those before it."""

    receiver: str
    alerts: tuple[TeamAlert, ...]
    before: AlreadyTold
    after: AlreadyTold
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFailure:
    """Why somebody could not be told the last time, and since when that is so (UTC)."""

    why: str
    since: datetime
    attempts: int


class AlertReading:
    """How telling the team where they are fares."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def failures(self) -> Mapping[str, AlertFailure]:
        """Return why telling fails, by the names of those to whom it does."""
        with self._session.read() as reader:
            memories = alert_memories(reader.connection)
        return {
            receiver: AlertFailure(
                why=memory["error"],
                since=datetime.fromisoformat(memory["failing_since"]),
                attempts=memory["attempts"],
            )
            for receiver, memory in memories.items()
            if memory.get("error")
        }


class AlertDesk(AlertReading):
    """Alerts for whoever may send them."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._queue = QueueReading(session)

    def claim(self, receiver: str, about: Collection[AlertKind]) -> ClaimedAlerts | None:
        """Give what somebody is to be told now, None for nothing; nobody else is given it.

        It counts as told from this moment on: whoever is killed before telling it has not told it,
        and nobody is told twice. Say ``failed`` where it is known that it was not told.

        Raises:
            Refusal: this person may not.
        """
        with self._session.snapshot(), self._session.read() as reader:
            check(Action.DELIVER, reader.login, reader.roster)
            memory = alert_memory(reader.connection, receiver)
            if _rests(memory, reader.now):
                return None
            told = _told(memory)
            if alerts_due(self._situation(reader), told, about)[1] == told:
                return None
        with self._session.write(Action.DELIVER, undoable=False) as (writer, reader):
            memory = alert_memory(writer.connection, receiver)
            if _rests(memory, reader.now):
                return None
            told = _told(memory)
            alerts, after = alerts_due(self._situation(reader), told, about)
            put_alert_memory(writer.connection, receiver, {**memory, "told": _facts(after)})
        if not alerts:
            return None
        return ClaimedAlerts(
            receiver=receiver,
            alerts=alerts,
            before=told,
            after=after,
            attempts=memory.get("attempts", 0),
        )

    def told(self, claimed: ClaimedAlerts) -> None:
        """Write down that somebody was told, so that nothing fails there any more."""
        with self._session.write(Action.DELIVER, undoable=False) as (writer, _):
            memory = alert_memory(writer.connection, claimed.receiver)
            if memory.get("attempts"):
                kept = {"told": memory["told"]}
                put_alert_memory(writer.connection, claimed.receiver, kept)

    def failed(self, claimed: ClaimedAlerts, why: str, again_in: timedelta) -> None:
        """Write down that somebody was not told, and why; what still holds is due ``again_in``."""
        with self._session.write(Action.DELIVER, undoable=False) as (writer, _):
            memory = alert_memory(writer.connection, claimed.receiver)
            told = taken_back(_told(memory), claimed.before, claimed.after)
            memory = {
                "told": _facts(told),
                "attempts": memory.get("attempts", 0) + 1,
                "again_at": (writer.now + again_in).isoformat(),
                "error": why,
                "failing_since": memory.get("failing_since") or writer.now.isoformat(),
            }
            put_alert_memory(writer.connection, claimed.receiver, memory)

    def _situation(self, reader: DeskReader) -> AlertSituation:
        return AlertSituation(
            now=reader.now,
            has_team=bool(reader.roster.support),
            number_one=number_one(reader),
            due_soon=self._queue.due_between(
                reader.now, reader.now + DUE_SOON, limit=_TICKETS_AT_MOST
            ),
            unheld=_unheld(reader),
            capacity=reader.capacity,
            mode=reader.mode,
            calm_for=reader.rulebook.capacity.calm_for,
        )


def _unheld(reader: DeskReader) -> tuple[Ticket, ...]:
    """Return the tickets of the highest of the urgent priorities that are nobody's.

    Of those there are few, and how many is known without counting: no more of the queue is read.
    """
    urgent = sorted(reader.words.urgent, key=reader.words.priority_rank)[:1]
    count = sum(queue_count_of(reader.connection, each) for each in urgent)
    if not count:
        return ()
    highest = Query(terms=(Term(QueryField.PRIORITY, tuple(urgent)),))
    return tuple(
        ticket
        for ticket in reader.page(highest, 0, min(count, _TICKETS_AT_MOST))
        if ticket.assignee is None or reader.holders.away(ticket) is not None
    )


def _rests(memory: Mapping[str, Any], now: datetime) -> bool:
    """Return whether telling failed so lately that it is not tried again yet."""
    again_at = memory.get("again_at")
    return again_at is not None and datetime.fromisoformat(again_at) > now


def _told(memory: Mapping[str, Any]) -> AlreadyTold:
    told = memory.get("told")
    if told is None:
        return AlreadyTold()
    since = told["lower_since"]
    return AlreadyTold(
        number_one=told["number_one"],
        due_soon={int(each): datetime.fromisoformat(at) for each, at in told["due_soon"].items()},
        unheld=frozenset(told["unheld"]),
        level=told["level"],
        lower_since=None if since is None else datetime.fromisoformat(since),
        mode=Mode(told["mode"]),
    )


def _facts(told: AlreadyTold) -> dict[str, Any]:
    """Return what was told as plain JSON values; times are ISO 8601 in UTC."""
    since = told.lower_since
    return {
        "number_one": told.number_one,
        "due_soon": {str(each): at.isoformat() for each, at in told.due_soon.items()},
        "unheld": sorted(told.unheld),
        "level": told.level,
        "lower_since": None if since is None else since.isoformat(),
        "mode": told.mode,
    }

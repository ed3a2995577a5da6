"""Checks the history: that it is as it was written, and that it tells what is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlmodel import col

from policy.refusal import Refusal
from policy.roster.team_file import MemberEntry
from policy.ticket import Ticket
from store.conversations.message_events import MESSAGE_WRITTEN
from store.history.hash_chain import (
    NOTHING,
    StoredEvent,
    events_of_tickets,
    hash_of_plain,
    whole_history,
)
from store.history.journal import REDONE, UNDONE
from store.history.targets import SUBJECTS, Value
from store.progress import Told
from store.schema.desk_settings import mode_facts
from store.schema.settings_in_force import settings_of
from store.schema.stored_values import moment_of
from store.schema.tables import EventRow, TicketRow
from store.team.roster_reading import all_time_off, entries_of
from store.team.roster_rows import time_off_facts, time_off_of
from store.tickets.ticket_json import BESIDE, Facts, facts

BY_DAMAGE: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading raises where a value is another one than was ever written."""

_ONLY_WHERE_ANY: Final = ("facts", "resolve_by", "update_by", "paused", "internal")
"""What a ticket's facts leave out where it is nothing, or what its tier says."""

_NOT_ITS_OWN: Final = frozenset({"version", "requester"})
"""What a ticket's events do not tell whole: their number, and a person known from other tickets."""


def check_history(connection: Connection, told: Told) -> Iterator[str]:
    """Yield from where to where the history is not as it was written, and what of it is not so.

    What it tells of tickets is not looked at here; see ``check_told``.
    """
    follows: Sequence[str] = (NOTHING,)
    desk, damage = _Desk(), _Run()
    for events in whole_history(connection):
        for event in events:
            wrong, follows = _wrong_with(event, follows)
            yield from damage.goes_on(event, wrong)
            if event.values is not None:
                with suppress(*BY_DAMAGE if wrong else ()):
                    desk.take(event)
        told(len(events))
    yield from damage.ends()
    yield from desk.check(connection)


def events_in(connection: Connection) -> int:
    """Return how many events there are."""
    return connection.scalar(select(func.count()).select_from(EventRow)) or 0


def original_kind_of(event: StoredEvent) -> str:
    """Return what was done by an event that can be read: what it takes back, or does again."""
    kind = event.told("kind")
    return str(event.told("note") if kind in (UNDONE, REDONE) else kind)


def _wrong_with(event: StoredEvent, follows: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return what is wrong with an event, nothing for a sound one, and what the next follows on.

    It follows on the first of the hashes before it, or, where one was damaged, on another.
    """
    kept = event.hash or NOTHING
    if event.values is None:
        return f"cannot be read: {event.problem}", (kept, follows[0])
    reckoned = [hash_of_plain(before, event.values) for before in follows]
    if kept in reckoned:
        return "", (kept,)
    if event.hash is None:
        return "carries no hash", (kept, reckoned[0])
    return "is not as it was written, or what was before it is gone", (kept, reckoned[0])


@dataclass(slots=True)
class _Run:
    """Events one after the other with the same thing wrong, told in one line."""

    first: StoredEvent | None = None
    last: StoredEvent | None = None
    wrong: str = ""

    def goes_on(self, event: StoredEvent, wrong: str) -> Iterator[str]:
        """Take the next event, and yield the line of those before it that it does not go with."""
        if wrong != self.wrong or not wrong:
            yield from self.ends()
            self.wrong, self.first = wrong, event if wrong else None
        self.last = event

    def ends(self) -> Iterator[str]:
        """Yield the line of what was gathered, if anything was."""
        if self.first is None or self.last is None:
            return
        numbers = f"event {self.first.id}"
        if self.last.id != self.first.id:
            numbers = f"events {self.first.id} to {self.last.id}"
        yield f"{numbers}{_where(self.first)}: {self.wrong}"
        self.first, self.wrong = None, ""


def _where(event: StoredEvent) -> str:
    """Return when an event was and of which ticket, in words, as far as that can be read."""
    try:
        at = moment_of(event.at)
    except Refusal:
        at = None
    said = [] if at is None else [_clock(at)]
    said += [] if event.ticket is None else [f"#{event.ticket}"]
    return f" ({', '.join(said)})" if said else ""


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(slots=True)
class _Desk:
    """What the history tells of all that is not a ticket: the last that it says of each thing."""

    last: dict[tuple[str, object], tuple[str, Value]] = field(default_factory=dict)
    members: list[dict[str, Any]] | None = None
    time_off: Counter[str] = field(default_factory=Counter)
    mode: Value = None
    tells_mode: bool = False

    def take(self, event: StoredEvent) -> None:
        """Take what an event says; what one says of a message is looked at with its ticket."""
        kind = original_kind_of(event)
        if kind not in SUBJECTS or kind == MESSAGE_WRITTEN:
            return
        was, becomes = event.told("before"), event.told("after")
        match kind:
            case "mode_set":
                self.mode, self.tells_mode = becomes, True
            case "team_imported":
                self.members = [] if becomes is None else becomes["members"]
                self._take_time_off(was, becomes)
            case "at_capacity_set":
                self._take_at_capacity(becomes or {})
            case "marked_out" | "marked_back" | "calendar_read":
                self._take_time_off(was, becomes)
            case _:
                self._take_last(kind, was, becomes)

    def _take_last(self, kind: str, was: Value, becomes: Value) -> None:
        family = kind.partition("_")[0]
        said = becomes or was or {}
        match family:
            case "requester":
                about = said["requester"]
                key: object = about["customer"], about["identity"]
            case "wait":
                key = (said.get("row") or {}).get("id")
            case "timer" | "entry":
                family, key = "entry", said.get("id")
            case _:
                key = None
        self.last[family, key] = kind, becomes

    def _take_at_capacity(self, said: Mapping[str, Any]) -> None:
        if self.members is not None:
            self.members = [
                {**entry, "at_capacity": said["at_capacity"]}
                if entry["login"] == said.get("login")
                else entry
                for entry in self.members
            ]

    def _take_time_off(self, was: Value, becomes: Value) -> None:
        for facts_of_one in (was or {}).get("time_off", ()):
            self.time_off[_key(facts_of_one)] -= 1
        for facts_of_one in (becomes or {}).get("time_off", ()):
            self.time_off[_key(facts_of_one)] += 1

    def check(self, connection: Connection) -> Iterator[str]:
        """Yield what is kept otherwise than the history tells it."""
        if self.tells_mode and not self._tells(mode_facts(settings_of(connection).mode)):
            yield "the mode is not what the history tells"
        if self.members is not None:
            kept = [entry.as_plain() for entry in entries_of(connection)]
            told = [MemberEntry.read(entry) for entry in self.members]
            if kept != [entry.as_plain() for entry in told]:
                yield "the team is not what the history tells"
        kept_off = Counter(_key(time_off_facts(off)) for off in all_time_off(connection))
        if kept_off != +self.time_off:
            yield "who is out is not what the history tells"
        for (family, key), (kind, becomes) in self.last.items():
            if becomes is not None and not SUBJECTS[kind].stands(connection, becomes):
                which = "" if key is None else f" {key}"
                yield f"{family}{which}: is not what the history tells"

    def _tells(self, mode: Value) -> bool:
        """Return whether the mode is as it is told; what older versions told lacks newer keys."""
        told = self.mode if self.mode and self.mode.get("mode") else None
        if told is None or mode is None:
            return told is mode
        return all(told[name] == kept for name, kept in mode.items() if name in told)


def _key(time_off: Mapping[str, Any]) -> str:
    return repr(time_off_facts(time_off_of(time_off)))


def check_told(
    ticket: Ticket, kept: Mapping[str, Any], events: Sequence[StoredEvent], now: datetime
) -> Iterator[str]:
    """Yield what is kept of a ticket otherwise than its events, in their order, tell it.

    ``kept`` is what is kept beside it, by the names of ``BESIDE``.
    """
    if any(event.values is None for event in events):
        return  # which one is told where the history is looked at, and the rest tells too little
    try:
        differing = differences(ticket, kept, told_of(events), now)
    except BY_DAMAGE as error:
        yield f"its history tells what cannot be: {' '.join(str(error).split())}"
        return
    if differing:
        names = f"{', '.join(differing)} {'is' if len(differing) == 1 else 'are'}"
        last = events[-1] if events else None
        until = "" if last is None else f" (up to event {last.id}{_where(last)})"
        yield f"its {names} not what the history tells{until}"


def lost_tickets(connection: Connection) -> Iterator[str]:
    """Yield the tickets that the history tells of, and that nobody took back, and are not there."""
    told = col(EventRow.ticket_id)
    there = select(col(TicketRow.id)).where(col(TicketRow.id) == told).exists()
    strays = select(told).where(told.is_not(None), ~there).distinct().order_by(told)
    for number in connection.scalars(strays).all():
        if number is None or _tells_of_it(events_of_tickets(connection, [number])[number]):
            yield f"#{number}: the history tells of it, and it is not there"


def _tells_of_it(events: Sequence[StoredEvent]) -> bool:
    try:
        return bool(told_of(events))
    except BY_DAMAGE:
        return True  # which event that is, is told where the history is looked at


def told_of(events: Sequence[StoredEvent]) -> Facts:
    """Return all that events tell of their ticket, in the end."""
    told: Facts = {}
    for event in events:
        if event.values is None:
            continue
        if not original_kind_of(event).startswith(("wait_", "message_")):
            was, becomes = event.told("before"), event.told("after")
            told = {} if was and "id" in was and not becomes else told | (becomes or {})
    return told


def differences(
    ticket: Ticket, kept: Mapping[str, Any], told: Facts, now: datetime
) -> dict[str, tuple[Any, Any]]:
    """Return what is told otherwise than it is kept, by its name: as told, and as kept."""
    stands: Facts = {**facts(ticket), **{name: kept[name] for name in BESIDE if name in told}}
    for name in _ONLY_WHERE_ANY:
        if not told.get(name) and not stands.get(name):
            told.pop(name, None)
            stands.pop(name, None)
    until = (told.get("deviation") or {}).get("until")
    if until and stands.get("deviation") is None and datetime.fromisoformat(until) <= now:
        told["deviation"] = None  # it came to its end, which no event says
    names = (told.keys() | stands.keys()) - _NOT_ITS_OWN
    return {
        name: (told.get(name), stands.get(name))
        for name in sorted(names)
        if told.get(name) != stands.get(name)
    }

"""What an event changes beside tickets: whether it stands so, and how it is put to what it was.

The history keeps of each such event its subject before and after, so that what it did can be taken
back, and any past state told.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from policy.roster.members import TimeOff
from policy.roster.team_file import MemberEntry
from policy.rulebook.rulebook import fingerprint, rulebook_from_json
from policy.ticket import Requester
from policy.time.entries import check_apart
from store.conversations.message_events import MESSAGE_WRITTEN, message_stands, put_message
from store.notices.notice_events import ROW, notice_facts, put_notice, remove_notice
from store.schema.desk_settings import count_roster_change, mode_facts, put_mode, put_policy
from store.schema.settings_in_force import mode_of, settings_of
from store.team.roster_reading import all_time_off, entries_of
from store.team.roster_rows import (
    change_time_off,
    put_at_capacity,
    put_members,
    time_off_facts,
    time_off_of,
)
from store.tickets.people import person_of, put_person
from store.time.entry_rows import drop, entries_beside, entry_of, known, put_changed, put_new

Value = Mapping[str, Any] | None
"""What an event says of its subject: before, or after."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of thing that events change.

    ``stands`` says whether it is now as an event left it, and ``put`` makes of what it was, the
    first value, what it becomes, the second.
    """

    stands: Callable[[Connection, Value], bool]
    put: Callable[[Connection, Value, Value], None]


def _policy_stands(connection: Connection, value: Value) -> bool:
    if value is None:
        return False
    then = rulebook_from_json(json.dumps(value))  # what an older version wrote lacks newer keys
    return fingerprint(settings_of(connection).rulebook) == fingerprint(then)


def _put_policy(connection: Connection, _: Value, becomes: Value) -> None:
    put_policy(connection, rulebook_from_json(json.dumps(becomes)))


def _mode_stands(connection: Connection, value: Value) -> bool:
    return mode_facts(settings_of(connection).mode) == value


def _put_mode(connection: Connection, _: Value, becomes: Value) -> None:
    put_mode(connection, mode_of(becomes))


def _team_stands(connection: Connection, value: Value) -> bool:
    return value is not None and _members(connection) == value["members"]


def _put_team(connection: Connection, was: Value, becomes: Value) -> None:
    members = [] if becomes is None else becomes["members"]
    put_members(connection, [MemberEntry.read(entry) for entry in members])
    _put_time_off(connection, was, becomes)


def _members(connection: Connection) -> list[dict[str, Any]]:
    return [entry.as_plain() for entry in entries_of(connection)]


def _at_capacity_stands(connection: Connection, value: Value) -> bool:
    return value is not None and any(
        entry.login == value["login"] and entry.at_capacity == value["at_capacity"]
        for entry in entries_of(connection)
    )


def _put_at_capacity(connection: Connection, _: Value, becomes: Value) -> None:
    said = becomes or {}
    put_at_capacity(connection, str(said.get("login")), bool(said.get("at_capacity")))
    count_roster_change(connection)


def _time_off_stands(connection: Connection, value: Value) -> bool:
    kept = [time_off_facts(off) for off in all_time_off(connection)]
    return all(facts in kept for facts in (value or {}).get("time_off", ()))


def _put_time_off(connection: Connection, was: Value, becomes: Value) -> None:
    wanted = list((was or {}).get("time_off", ()))
    gone: list[TimeOff] = []
    for off in all_time_off(connection):
        if time_off_facts(off) in wanted:
            wanted.remove(time_off_facts(off))
            gone.append(off)
    come = [time_off_of(facts) for facts in (becomes or {}).get("time_off", ())]
    change_time_off(connection, gone, come)
    count_roster_change(connection)


def _requester_stands(connection: Connection, value: Value) -> bool:
    said = (value or {})["requester"]
    return person_of(connection, said["customer"], said["identity"]) == _person(said)


def _put_requester(connection: Connection, _: Value, becomes: Value) -> None:
    said = (becomes or {})["requester"]
    put_person(connection, said["customer"], said["identity"], _person(said))


def _person(said: Mapping[str, Any]) -> Requester:
    return Requester(name=said["name"], email=said["email"], timezone=said["timezone"])


def _notice_stands(connection: Connection, value: Value) -> bool:
    row = (value or {}).get(ROW)
    if row is None:  # of several tickets that a notice speaks of, the first event carries it
        return True
    known = notice_facts(connection, [row["id"]]).get(row["id"])
    return known is not None and known["state"] == row["state"]


def _put_notice(connection: Connection, was: Value, becomes: Value) -> None:
    row = (becomes or {}).get(ROW)
    if row is not None:
        put_notice(connection, row)
    elif was is not None and ROW in was:
        remove_notice(connection, was[ROW]["id"])


def _entry_stands(connection: Connection, value: Value) -> bool:
    """Return whether a recorded entry is as an event left it; one that was removed stays away."""
    if value is None:
        return True
    entry = entry_of(value)
    return known(connection, entry.id) == entry


def _put_entry(connection: Connection, was: Value, becomes: Value) -> None:
    if becomes is None:
        drop(connection, entry_of(was or {}).id)
        return
    entry = entry_of(becomes)
    check_apart(entry, entries_beside(connection, entry))
    if was is None:
        put_new(connection, entry)
    else:
        put_changed(connection, entry)


_TIME_ENTRY = Subject(_entry_stands, _put_entry)
_TIME_OFF = Subject(_time_off_stands, _put_time_off)
_NOTICE = Subject(_notice_stands, _put_notice)

SUBJECTS: Mapping[str, Subject] = {
    "policy_adopted": Subject(_policy_stands, _put_policy),
    "mode_set": Subject(_mode_stands, _put_mode),
    "team_imported": Subject(_team_stands, _put_team),
    "at_capacity_set": Subject(_at_capacity_stands, _put_at_capacity),
    "marked_out": _TIME_OFF,
    "marked_back": _TIME_OFF,
    "calendar_read": _TIME_OFF,
    "timer_started": _TIME_ENTRY,
    "timer_stopped": _TIME_ENTRY,
    "entry_edited": _TIME_ENTRY,
    "entry_removed": _TIME_ENTRY,
    "requester_updated": Subject(_requester_stands, _put_requester),
    "wait_promised": _NOTICE,
    "wait_taken_back": _NOTICE,
    "wait_cancelled": _NOTICE,
    "wait_retried": _NOTICE,
    "wait_told": _NOTICE,
    "wait_undeliverable": _NOTICE,
    "wait_in_doubt": _NOTICE,
    MESSAGE_WRITTEN: Subject(message_stands, put_message),
}
"""What the events of each kind change beside tickets; the others change their ticket."""

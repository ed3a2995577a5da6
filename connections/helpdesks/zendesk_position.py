"""How far a Zendesk has been read: what was told in the last while, and where its exports stand.

A list gives tickets by when they were changed last, to the second, so what changes twice within a
second, or is shown a little late, is told by remembering what was told of the last while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self

from connections.helpdesks.help_desk import Cursor
from connections.helpdesks.zendesk_wire import moment, text, whole, written

OVERLAP: Final = timedelta(minutes=2)
"""How long before the newest change that was read another may still appear."""

_SETTLED: Final = timedelta(seconds=2)
_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class ToldTicket:
    """What was told of a ticket: as of when (UTC), a digest of it, and its latest comments.

    It is ``settled`` once nothing more can happen within the second of its last change.
    """

    updated_at: datetime
    digest: str
    comments: tuple[int, ...] = ()
    settled: bool = True


@dataclass(frozen=True, slots=True)
class ExportPosition:
    """Where the incremental exports stand; times are Zendesk's own, UTC.

    ``cursor`` is that of tickets, of which all is told that changed before ``read_to``, at first
    when the first reading began; ``people`` that of users, and ``organizations_from`` the second
    from which on organizations are to come.
    """

    cursor: str = ""
    asked_at: datetime | None = None
    read_to: datetime | None = None
    people: str = ""
    organizations_from: int = 0
    people_asked_at: datetime | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class ZendeskPosition:
    """How far a Zendesk has been read once all of it was; times are Zendesk's own, UTC."""

    read_to: datetime
    told: Mapping[str, ToldTicket] = field(default_factory=dict)
    deleted: Mapping[str, str] = field(default_factory=dict)
    deleted_asked_at: datetime | None = None
    export: ExportPosition = field(default_factory=ExportPosition)

    @property
    def floor(self) -> datetime:
        """Before when all is told."""
        return self.read_to - OVERLAP

    @property
    def exported_since(self) -> datetime:
        """Since when the exports are wanted, where none was read yet (UTC, theirs)."""
        return self.floor if self.export.read_to is None else self.export.read_to - OVERLAP

    @classmethod
    def of(cls, cursor: Cursor) -> Self:
        """Return what a cursor says."""
        export = _object(cursor.get("export"))
        return cls(
            read_to=moment(cursor.get("read_to")),
            told=told_of(cursor),
            deleted={key: text(at) for key, at in _object(cursor.get("deleted")).items()},
            deleted_asked_at=_time(cursor.get("deleted_asked_at")),
            export=ExportPosition(
                cursor=text(export.get("cursor")),
                asked_at=_time(export.get("asked_at")),
                read_to=_time(export.get("read_to")),
                people=text(export.get("people")),
                organizations_from=whole(export.get("organizations_from")),
                people_asked_at=_time(export.get("people_asked_at")),
                is_refused=export.get("is_refused") is True,
            ),
        )

    def cursor(self) -> dict[str, object]:
        """Return it as a cursor keeps it."""
        export = self.export
        return {
            "read_to": written(self.read_to),
            "told": told_in(self.told),
            "deleted": dict(self.deleted),
            "deleted_asked_at": _written(self.deleted_asked_at),
            "export": {
                "cursor": export.cursor,
                "asked_at": _written(export.asked_at),
                "read_to": _written(export.read_to),
                "people": export.people,
                "organizations_from": export.organizations_from,
                "people_asked_at": _written(export.people_asked_at),
                "is_refused": export.is_refused,
            },
        }

    def having_told(self, ticket: str, told: ToldTicket) -> Self:
        """Return it after a ticket was told of."""
        return replace(self, told={**self.told, ticket: told})

    def pruned(self) -> Self:
        """Return it without what nothing will ask for any more.

        What the export has not passed yet stays, so that it is not taken for missed.
        """
        least = self.floor
        passed = self.export.read_to
        if not self.export.is_refused and passed is not None:
            least = min(least, passed - OVERLAP)
        kept = {number: each for number, each in self.told.items() if each.updated_at >= least}
        if len(kept) > _MOST:
            newest = sorted(kept, key=lambda number: kept[number].updated_at)[-_MOST:]
            kept = {number: kept[number] for number in newest}
        gone = {number: at for number, at in self.deleted.items() if moment(at) >= least}
        return replace(self, told=kept, deleted=gone)


def is_settled(updated_at: datetime, now: datetime) -> bool:
    """Return whether nothing more can happen within the second in which a ticket was changed."""
    return now - updated_at >= _SETTLED


def told_until(cursor: Cursor, ticket: str) -> datetime | None:
    """Return until when all is told of a ticket (UTC, theirs), None where that is not known."""
    if "read_to" not in cursor or "first" in cursor:
        return None
    told = told_of(cursor).get(ticket)
    return moment(cursor["read_to"]) - OVERLAP if told is None else told.updated_at


def told_of(cursor: Cursor) -> dict[str, ToldTicket]:
    """Return what a cursor says was told of tickets lately."""
    found: dict[str, ToldTicket] = {}
    for number, each in _object(cursor.get("told")).items():
        if isinstance(each, Sequence):
            at, digest, comments, settled = each
            found[number] = ToldTicket(
                moment(at), text(digest), tuple(map(whole, comments)), settled is True
            )
    return found


def told_in(told: Mapping[str, ToldTicket]) -> dict[str, object]:
    """Return what was told of tickets lately as a cursor keeps it."""
    return {
        number: [written(each.updated_at), each.digest, list(each.comments), each.settled]
        for number, each in told.items()
    }


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _time(value: object) -> datetime | None:
    return None if value is None else moment(value)


def _written(at: datetime | None) -> str | None:
    return None if at is None else written(at)

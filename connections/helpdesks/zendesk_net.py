"""The net below the list of a Zendesk: what is deleted, what the exports have, who has changed.

The exports are an administrator's; under another login there is only the list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connections.helpdesks.zendesk_position import OVERLAP, ExportPosition, ZendeskPosition
from connections.helpdesks.zendesk_tickets import SIDELOADS, ZendeskTicket, deleted_in
from connections.helpdesks.zendesk_wire import (
    MOST_ROWS,
    Json,
    Query,
    ZendeskAnswer,
    ZendeskWire,
    moment,
    text,
    whole,
)

WITHHELD: Final = timedelta(minutes=1)
"""The exports tell nothing that is younger."""

_DELETED_EVERY: Final = timedelta(seconds=10)
_EXPORTS_EVERY: Final = timedelta(seconds=60)
"""How often to ask; the limits are ten a minute, for the exports in all."""

_REFUSED_EVERY: Final = timedelta(hours=1)
"""How often to ask again for what was refused: whose login it is may have become more."""

_EXPORTED_AT_ONCE: Final = 1_000
_PAGES: Final = 10
_NAMED_AT_ONCE: Final = 20
_REFUSED: Final = 403
_WRONG_CURSOR: Final = (400, 422)


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A page of the export: its tickets, those that are deleted, and where it stands after it."""

    tickets: Sequence[ZendeskTicket]
    deleted: Sequence[str]
    onward: ExportPosition
    is_last: bool


class ZendeskNet:
    """Asks now and then for what the list of tickets does not tell."""

    def __init__(self, wire: ZendeskWire) -> None:
        self._wire = wire

    def deleted(
        self, position: ZendeskPosition, now: datetime
    ) -> tuple[Sequence[str], ZendeskPosition]:
        """Return the ids of tickets that were deleted lately, and the position after that."""
        last = position.deleted_asked_at
        if last is not None and now - last < _DELETED_EVERY:
            return (), position
        since = min(position.floor, last - OVERLAP) if last is not None else position.floor
        known = dict(position.deleted)
        gone: list[str] = []
        for number, at in self._deleted(since):
            if known.get(number) != at:
                known[number] = at
                gone.append(number)
        return gone, replace(position, deleted=known, deleted_asked_at=now)

    def export(self, position: ZendeskPosition, now: datetime) -> ExportPage | None:
        """Return the next page of the export of tickets, None where it is not time for one."""
        export = position.export
        every = _REFUSED_EVERY if export.is_refused else _EXPORTS_EVERY
        if export.asked_at is not None and now - export.asked_at < every:
            return None
        answer = self._exported("tickets", export.cursor, position.exported_since, now)
        if answer is None:
            refused = replace(export, is_refused=True, asked_at=now)
            return ExportPage((), (), refused, is_last=True)
        if answer.code in _WRONG_CURSOR and export.cursor:
            return ExportPage((), (), replace(export, cursor=""), is_last=False)
        tickets = ZendeskTicket.all_of(answer)
        is_last = answer.record.get("end_of_stream") is not False
        reached = now - WITHHELD if is_last else _newest(tickets, export.read_to)
        return ExportPage(
            tickets=[each for each in tickets if not each.is_deleted],
            deleted=[str(each.id) for each in tickets if each.is_deleted],
            onward=replace(
                export,
                cursor=text(answer.record.get("after_cursor")) or export.cursor,
                asked_at=now if is_last else export.asked_at,
                read_to=reached,
                is_refused=False,
            ),
            is_last=is_last,
        )

    def touched(
        self, position: ZendeskPosition, now: datetime
    ) -> tuple[Sequence[ZendeskTicket], ExportPosition]:
        """Return the tickets that wait of customers and organizations that changed."""
        export = position.export
        last = export.people_asked_at
        if export.is_refused or (last is not None and now - last < _EXPORTS_EVERY):
            return (), export
        since = position.exported_since
        start = export.organizations_from or int((since - WITHHELD).timestamp())
        organizations, next_start = self._organizations(start)
        people = self._exported("users", export.people, since, now)
        if people is None or organizations is None:
            return (), replace(export, people_asked_at=now)
        changed = [each for each in people.rows("users") if not _is_new(each)]
        asked = [f"organization:{whole(each.get('id'))}" for each in organizations]
        asked += [f"requester:{whole(each.get('id'))}" for each in changed]
        onward = replace(
            export,
            people=text(people.record.get("after_cursor")) or export.people,
            organizations_from=next_start,
            people_asked_at=now,
        )
        return self._of(asked), onward

    def _deleted(self, since: datetime) -> Iterator[tuple[str, str]]:
        query: Query = {"sort_by": "deleted_at", "sort_order": "desc", "per_page": MOST_ROWS}
        for page in range(1, _PAGES + 1):
            answer = self._wire.look("/deleted_tickets", {**query, "page": page})
            rows = [] if answer is None else deleted_in(answer)
            recent = [(number, at) for number, at in rows if moment(at) >= since]
            yield from recent
            if len(recent) < MOST_ROWS:
                return

    def _exported(
        self, what: str, cursor: str, since: datetime, now: datetime
    ) -> ZendeskAnswer | None:
        """Return a page of an export, None where this login may not have it."""
        start = min(since, now - WITHHELD - timedelta(seconds=5))
        query: Query = {"cursor": cursor} if cursor else {"start_time": int(start.timestamp())}
        beside: Query = SIDELOADS if what == "tickets" else {}
        path = f"/incremental/{what}/cursor"
        answer = self._wire.ask(
            "GET", path, query={**query, "per_page": _EXPORTED_AT_ONCE, **beside}
        )
        if answer.code in _WRONG_CURSOR and cursor:
            return answer
        if answer.code == _REFUSED:
            return None
        return answer if answer.is_done else self._wire.read(path, query)

    def _organizations(self, start: int) -> tuple[Sequence[Json] | None, int]:
        answer = self._wire.look(
            "/incremental/organizations", {"start_time": start, "per_page": _EXPORTED_AT_ONCE}
        )
        if answer is None:
            return None, start
        found = answer.rows("organizations")
        # Asked from its last second on, a page would begin with what this one ends with, for ever;
        # as the last minute is withheld, nothing more comes within that second.
        end = whole(answer.record.get("end_time")) + 1 if found else start
        return [each for each in found if not _is_new(each)], max(start, end)

    def _of(self, asked: Sequence[str]) -> list[ZendeskTicket]:
        """Return the tickets that are not solved of people and organizations, by a search."""
        numbers: dict[int, None] = {}
        for start in range(0, len(asked), _NAMED_AT_ONCE):
            for kind in ("organization:", "requester:"):
                some = [each for each in asked[start : start + _NAMED_AT_ONCE] if kind in each]
                if some:
                    numbers |= dict.fromkeys(self._searched(" ".join(some)))
        found: list[ZendeskTicket] = []
        listed = list(numbers)
        for start in range(0, len(listed), MOST_ROWS):
            ids = ",".join(map(str, listed[start : start + MOST_ROWS]))
            found += ZendeskTicket.all_of(
                self._wire.read("/tickets/show_many", {"ids": ids, **SIDELOADS})
            )
        return found

    def _searched(self, whose: str) -> Iterable[int]:
        query: Query = {"query": f"type:ticket status<solved {whose}", "per_page": MOST_ROWS}
        for page in range(1, _PAGES + 1):
            answer = self._wire.read("/search", {**query, "page": page})
            rows = answer.rows("results")
            yield from (whole(each.get("id")) for each in rows)
            if len(rows) < MOST_ROWS:
                return


def _newest(tickets: Sequence[ZendeskTicket], otherwise: datetime | None) -> datetime | None:
    return max((moment(each.updated_at) for each in tickets), default=otherwise)


def _is_new(record: Mapping[str, object]) -> bool:
    """Return whether somebody was made just now, whose tickets were told of with them."""
    made = moment(record.get("created_at"))
    return moment(record.get("updated_at")) - made < WITHHELD

"""What a Request Tracker says of its tickets: all of them the first time, then what changes."""

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from connections.helpdesks.help_desk import Cursor, MessageRead, Reading, TicketRead, Unreachable
from connections.helpdesks.request_tracker_feed import (
    MARKED,
    MAY_COME_FOR,
    FeedPosition,
    TransactionRow,
    text,
    whole,
)
from connections.helpdesks.request_tracker_messages import (
    AttachmentPart,
    came_by_program,
    message_of,
    parts_by_message,
)
from connections.helpdesks.request_tracker_people import TrackerUsers
from connections.helpdesks.request_tracker_settings import RequestTrackerSettings
from connections.helpdesks.request_tracker_tickets import (
    FIELDS,
    owner_of,
    queue_of,
    record_of,
    requesters_of,
)
from connections.helpdesks.request_tracker_transactions import TrackerTransactions
from connections.helpdesks.request_tracker_wire import (
    MOST_ROWS,
    Json,
    Query,
    TrackerWire,
    any_of,
    in_query,
)

_BODY: Final = "TransactionId,ContentType,Headers,ContentLength,Content"
_FILE: Final = "TransactionId,ContentType,Headers,ContentLength,Filename"
_LOOKS_BEHIND_EVERY: Final = 60.0
_MESSAGES_AT_ONCE: Final = 200
_PAGES_BEFORE: Final = 10
"""How many pages of transactions before the first reading are read again after it, at most."""

_MARKED_WITHIN: Final = (0.1, 0.2, 0.4, 0.8)
"""For how long a message may be without its mark: the pauses between two looks, in seconds."""

_DELETED: Final = "deleted"
_TICKET: Final = "ticket"

Messages = Mapping[int, Sequence[AttachmentPart]]
"""The parts of messages by the number of each."""


class TrackerReader:
    """Reads one Request Tracker under one login; one thread at a time."""

    def __init__(
        self,
        wire: TrackerWire,
        settings: RequestTrackerSettings,
        people: TrackerUsers,
        transactions: TrackerTransactions,
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._people = people
        self._transactions = transactions
        self._looked_behind = -_LOOKS_BEHIND_EVERY
        self._turn = 0

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor: of the first reading a page, else of the feed."""
        if not since:
            since = self._beginning()
        if "tickets_to" in since:
            return self._page(since, min(limit, MOST_ROWS))
        return self._news(FeedPosition.of(since), limit)

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return all that was written on a ticket, and on those that were merged into it."""
        ticket = self._wire.look(f"/ticket/{whole(external_id)}")
        if ticket is None:
            return []
        rows = [row for row in self._transactions.history(external_id) if row.is_message]
        parts = self._parts(rows)
        return [self._message(row, parts, ticket.record) for row in rows]

    def attachment(self, reference: str) -> bytes:
        """Return a file as it was sent."""
        answer = self._wire.read(f"/attachment/{whole(reference)}")
        return base64.b64decode(text(answer.record.get("Content")))

    def texts(self, rows: Sequence[TransactionRow]) -> Mapping[int, str]:
        """Return the plain text of messages, by their numbers, just as it stands there."""
        return {
            number: "\n".join(part.content for part in its if part.media_type == "text/plain")
            for number, its in self._parts(rows).items()
        }

    # The first reading.

    def _beginning(self) -> dict[str, object]:
        """Return where the first reading begins, and from where on the feed tells the rest.

        That is well before now: what has begun by now, and is not seen yet, comes with the feed.
        """
        page, now = self._transactions.page("id > 0", newest=MOST_ROWS)
        newest = page[-1].at if page else now
        start = 0
        for _ in range(_PAGES_BEFORE):
            start = page[0].id - 1 if page else 0
            old = [row.id for row in page if newest - row.at > MAY_COME_FOR]
            if old or not page:
                start = max(old, default=0)
                break
            page, _ = self._transactions.page(f"id < {page[0].id}", newest=MOST_ROWS)
        days = timedelta(days=self._settings.closed_days + 1)  # a day more for zones
        closed_since = (now - days).date().isoformat()
        return {"read_to": start, "tickets_to": 0, "closed_since": closed_since}

    def _page(self, cursor: Cursor, most: int) -> Reading:
        """Return the next tickets of the first reading, by their number."""
        asked = [
            f"id > {whole(cursor.get('tickets_to'))}",
            f"(Status = '__Active__' OR LastUpdated > {in_query(text(cursor['closed_since']))})",
        ]
        if self._settings.queues:
            asked.append(any_of("Queue", self._settings.queues))
        answer = self._wire.read(
            "/tickets", {"query": " AND ".join(asked), **FIELDS, "per_page": most}
        )
        items = answer.rows
        total = whole(cursor.get("total", answer.record.get("total"))) or None
        if not items:
            return Reading(tickets=(), cursor={"read_to": cursor["read_to"]}, more=True)
        tickets = {text(item.get("id")): item for item in items}
        onward = {**cursor, "tickets_to": whole(items[-1].get("id")), "total": total}
        rows = self._transactions.written_on(tickets)
        merged = {row.ticket for row in rows if row.merges}
        parts = self._parts(rows)
        return Reading(
            tickets=tuple(
                self._told(number, item, rows, parts, merged) for number, item in tickets.items()
            ),
            cursor=onward,
            more=True,
            total=total,
        )

    def _told(
        self,
        number: str,
        item: Json,
        rows: Sequence[TransactionRow],
        parts: Messages,
        merged: set[str],
    ) -> TicketRead:
        if number in merged:
            messages = tuple(self.conversation(number))
        else:
            messages = tuple(
                self._message(row, parts, item)
                for row in rows
                if row.ticket == number and row.is_message
            )
        return TicketRead(
            external_id=number,
            record=record_of(item, self._settings, self._people),
            messages=messages,
            marks=frozenset(each.mark for each in messages if each.mark),
        )

    # The feed.

    def _news(self, position: FeedPosition, limit: int) -> Reading:
        next_rows, now = self._next_rows(position)
        rows = self._transactions.marked(_of_tickets(next_rows, limit))
        changed = [row for row in rows if row.is_change]
        written = [row for row in changed if row.is_message]
        parts = self._parts(written)
        marked = {row.id: row for row in self._marked_by_now(written, parts)}
        onward = position.after(rows, now)
        return Reading(
            tickets=tuple(self._changed([marked.get(row.id, row) for row in changed], parts)),
            cursor=onward.cursor(),
            more=onward.read_to > position.read_to,
        )

    def _marked_by_now(
        self, written: Sequence[TransactionRow], parts: Messages
    ) -> Sequence[TransactionRow]:
        """Return messages with our marks on all that are ours.

        A mark is written right after its message, and a message may be seen between the two: one
        that came as ours come is looked at again for a moment.
        """
        for pause in _MARKED_WITHIN:
            if not any(_may_be_ours(row, parts) for row in written):
                break
            time.sleep(pause)
            written = self._transactions.marked(written)
        return written

    def _next_rows(self, position: FeedPosition) -> tuple[list[TransactionRow], datetime]:
        """Return the next transactions, by their number, and what the time is over there."""
        first, *others = position.conditions()
        rows, now = self._transactions.page(first)
        if len(rows) < MOST_ROWS:
            for condition in self._in_turn(others):
                rows += self._transactions.page(condition)[0]
        if not rows and time.monotonic() - self._looked_behind > _LOOKS_BEHIND_EVERY:
            self._looked_behind = time.monotonic()
            rows = self._transactions.behind(f"id > {position.read_to}")
        return sorted(rows, key=lambda row: row.id), now

    def _in_turn(self, conditions: Sequence[str]) -> Sequence[str]:
        """Return which of some more conditions to ask for now: all at first, then one at a time.

        They are for what has been missing for longest, and that comes hardly ever.
        """
        turn, self._turn = self._turn, self._turn + 1
        return [conditions[turn % len(conditions)]] if conditions and turn else conditions

    def _changed(self, rows: Sequence[TransactionRow], parts: Messages) -> Iterator[TicketRead]:
        """Yield the tickets of transactions as they are now, the one that changed first first."""
        by_ticket: dict[str, list[TransactionRow]] = {}
        for row in rows:
            by_ticket.setdefault(row.ticket, []).append(row)
        found = self._tickets(list(by_ticket))
        for number, its in by_ticket.items():
            read = self._ticket_read(number, found.get(number), its, parts)
            if read is not None:
                yield read

    def _ticket_read(
        self, number: str, item: Json | None, rows: Sequence[TransactionRow], parts: Messages
    ) -> TicketRead | None:
        """Return a ticket that changed; None where it is none of ours."""
        merged_into = None
        if item is not None:
            if text(item.get("Type")) not in ("", _TICKET):
                return None  # a reminder or an approval, which Request Tracker keeps as tickets
            if text(item.get("id")) != number:
                merged_into = text(item.get("id"))
            elif not self._is_ours(item) and not any(row.moves for row in rows):
                return None
        is_here = item is not None and merged_into is None and self._is_ours(item)
        gone = item is None or not is_here or item.get("Status") == _DELETED
        return TicketRead(
            external_id=number,
            record=None if gone or item is None else self._record(item),
            messages=tuple(self._message(row, parts, item or {}) for row in rows if row.is_message),
            marks=frozenset(row.mark for row in rows if row.mark),
            merged_into=merged_into,
        )

    def _record(self, item: Json) -> Json:
        return record_of(item, self._settings, self._people)

    def _is_ours(self, item: Json) -> bool:
        ours = {queue.casefold() for queue in self._settings.queues}
        return not ours or queue_of(item).casefold() in ours

    def _tickets(self, numbers: Sequence[str]) -> dict[str, Json]:
        """Return tickets by their numbers; those that are deleted or merged are in no search.

        One that was merged is given as the one it became part of, and one that may not be seen any
        more is not given at all.
        """
        found: dict[str, Json] = {}
        for start in range(0, len(numbers), MOST_ROWS):
            some = [whole(each) for each in numbers[start : start + MOST_ROWS]]
            answer = self._wire.read("/tickets", {"query": any_of("id", some), **FIELDS})
            found |= {text(item.get("id")): item for item in answer.rows}
        for number in numbers:
            if number not in found and (item := self._by_itself(number)) is not None:
                found[number] = item
        return found

    def _by_itself(self, number: str) -> Json | None:
        answer = self._wire.look(f"/ticket/{whole(number)}", {"fields[Queue]": "Name"})
        if answer is None:
            return None
        item = answer.record
        is_searched = text(item.get("Type")) == _TICKET and item.get("Status") != _DELETED
        if is_searched and text(item.get("id")) == number:  # it came between two questions
            again = self._wire.read("/tickets", {"query": f"id = {whole(number)}", **FIELDS}).rows
            if not again:
                raise Unreachable(f"{self._wire.place} does not find its own ticket {number}")
            return again[0]
        return item

    # What both ask.

    def _parts(self, rows: Sequence[TransactionRow]) -> Messages:
        """Return what is written in messages, and of the files beside it all but the files."""
        items: list[Json] = []
        for start in range(0, len(rows), _MESSAGES_AT_ONCE):
            some = [row.id for row in rows[start : start + _MESSAGES_AT_ONCE] if row.is_message]
            items += self._attachments(some, _BODY, "IS")
            items += self._attachments(some, _FILE, "IS NOT")
        return parts_by_message(items)

    def _attachments(self, messages: Sequence[int], fields: str, named: str) -> Iterator[Json]:
        last = 0
        while messages:
            where = [
                {"field": "TransactionId", "operator": "IN", "value": messages},
                {"field": "Filename", "operator": named, "value": "NULL"},
                {"field": "id", "operator": ">", "value": last},
            ]
            asked: Query = {"fields": fields, "orderby": "id", "per_page": MOST_ROWS}
            page = self._wire.read("/attachments", asked, where).rows
            yield from page
            if len(page) < MOST_ROWS:  # nothing is left out of what belongs to seen messages
                return
            last = max(whole(item.get("id")) for item in page)

    def _message(self, row: TransactionRow, parts: Messages, ticket: Json) -> MessageRead:
        return message_of(
            row,
            parts.get(row.id, ()),
            self._people.named(row.creator),
            requesters_of(ticket),
            owner_of(ticket),
        )


def _may_be_ours(row: TransactionRow, parts: Messages) -> bool:
    return row.kind in MARKED and not row.mark and came_by_program(parts.get(row.id, ()))


def _of_tickets(rows: Sequence[TransactionRow], limit: int) -> list[TransactionRow]:
    """Return the first of some transactions, of so many tickets at most."""
    seen: set[str] = set()
    for place, row in enumerate(rows):
        seen.add(row.ticket)
        if len(seen) > limit:
            return list(rows[:place])
    return list(rows)

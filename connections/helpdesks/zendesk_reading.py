"""What a Zendesk says of its tickets: all of them the first time, then what changes.

The list by the time of the last change is the quick way, as the exports withhold the last minute;
these are the net below it, for what the list did not show, and for people and organizations.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from connections.helpdesks.help_desk import Cursor, MessageRead, Reading, TicketRead, Unreachable
from connections.helpdesks.zendesk_conversations import WrittenThere, ZendeskConversations
from connections.helpdesks.zendesk_net import ZendeskNet
from connections.helpdesks.zendesk_position import (
    ExportPosition,
    ToldTicket,
    ZendeskPosition,
    is_settled,
    told_in,
    told_of,
)
from connections.helpdesks.zendesk_settings import ZendeskSettings
from connections.helpdesks.zendesk_tickets import SIDELOADS, ZendeskTicket, merged_into
from connections.helpdesks.zendesk_wire import (
    MOST_ROWS,
    ZendeskWire,
    moment,
    text,
    whole,
    written,
)

_AT_MOST: Final = 20.0
"""For how many seconds to go on with one reading: whoever reads has a connection for a minute."""

_NET_AGAIN: Final = timedelta(seconds=10)
_WITHOUT_NET: Final = timedelta(minutes=10)
"""How soon to ask again for what is not listed, and how long to do without it in silence."""

_AGAIN: Final = timedelta(seconds=1)

_PAGES: Final = 100
"""How many pages a list has at most, wherever it is sorted."""


@dataclass
class _Batch:
    """One reading while it is made; ``now`` is Zendesk's time (UTC) when it was listed."""

    position: ZendeskPosition
    limit: int
    now: datetime
    is_first: bool = False
    tickets: list[TicketRead] = field(default_factory=list)
    more: bool = False
    pause: timedelta = timedelta(0)


class ZendeskReader:
    """Reads one Zendesk under one login; one thread at a time."""

    def __init__(
        self,
        wire: ZendeskWire,
        settings: ZendeskSettings,
        conversations: ZendeskConversations,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._conversations = conversations
        self._net = ZendeskNet(wire)
        self._clock = clock
        self._until = 0.0
        self._net_from: datetime | None = None

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor: of the first reading a page, else of the list."""
        self._until = self._clock() + _AT_MOST
        if not since:
            since = self._beginning()
        if "first" in since:
            return self._page(since, limit)
        return self._news(ZendeskPosition.of(since), limit)

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return all that was written on a ticket."""
        answer = self._wire.look(f"/tickets/{whole(external_id)}")
        found = None if answer is None else self._conversations.written(answer.named("ticket"))
        return [] if found is None else found.messages(found.comments)

    # The first reading.

    def _beginning(self) -> dict[str, object]:
        """Return where the first reading begins, and since when the list tells the rest."""
        answer = self._wire.read("/tickets/count")
        total = whole(answer.named("count").get("value"))
        return {"first": {"total": total or None}, "read_to": written(answer.at)}

    def _page(self, cursor: Cursor, limit: int) -> Reading:
        """Return the next tickets of the first reading, by their number."""
        first = cursor["first"]
        if not isinstance(first, dict):
            raise Unreachable("the cursor of this connection is none of Zendesk's", for_good=True)
        query: dict[str, str | int] = {"page[size]": min(limit, MOST_ROWS), "sort": "id"}
        if first.get("after"):
            query["page[after]"] = text(first["after"])
        answer = self._wire.read("/tickets", {**query, **SIDELOADS})
        began = moment(cursor["read_to"])
        position = ZendeskPosition(began, told_of(cursor), export=ExportPosition(read_to=began))
        batch = _Batch(position, limit, answer.at, is_first=True)
        done = [text(each) for each in first.get("done", ())]
        tickets = [
            each
            for each in ZendeskTicket.all_of(answer)
            if str(each.id) not in done and not self._is_left_out(each, began)
        ]
        handled = self._handle(batch, tickets, whole_conversation=True)
        total = whole(first.get("total")) or None
        onward: dict[str, object]
        meta = answer.named("meta")
        if handled < len(tickets):
            done += [str(each.id) for each in tickets[:handled]]
            onward = {"first": {**first, "done": done}}
        elif meta.get("has_more") is True:
            onward = {"first": {"total": total, "after": text(meta.get("after_cursor"))}}
        else:
            return Reading(
                tickets=tuple(batch.tickets),
                cursor=batch.position.pruned().cursor(),
                more=True,
                total=total,
            )
        told = told_in(batch.position.pruned().told)
        return Reading(
            tickets=tuple(batch.tickets),
            cursor={**onward, "read_to": cursor["read_to"], "told": told},
            more=True,
            pause=batch.pause,
            total=total,
        )

    def _is_left_out(self, each: ZendeskTicket, began: datetime) -> bool:
        """Return whether a ticket does not come with the first reading: closed long since."""
        days = timedelta(days=self._settings.closed_days)
        return each.is_merged or (each.is_closed and moment(each.updated_at) < began - days)

    # What changes.

    def _news(self, position: ZendeskPosition, limit: int) -> Reading:
        listed, now = self._listed(position.floor)
        batch = _Batch(position, limit, now)
        self._tell_listed(batch, listed)
        if not batch.more and (self._net_from is None or now >= self._net_from):
            self._tell_what_is_not_listed(batch)
        pace = timedelta(0) if batch.more else self._wire.limits.pace
        return Reading(
            tickets=tuple(batch.tickets),
            cursor=batch.position.pruned().cursor(),
            more=batch.more,
            pause=max(batch.pause, pace),
        )

    def _tell_what_is_not_listed(self, batch: _Batch) -> None:
        """Tell what the list does not; where that cannot be had now, what it showed is told still.

        Raises Unreachable once it could not be had for long.
        """
        try:
            self._tell_deleted(batch)
            self._tell_touched(batch)
            self._tell_missed(batch)
        except Unreachable as lost:
            last = batch.position.export.asked_at
            is_long = last is not None and batch.now - last > _WITHOUT_NET
            if lost.for_good or is_long:
                raise
            self._net_from = batch.now + (lost.retry_after or _NET_AGAIN)

    def _listed(self, floor: datetime) -> tuple[list[ZendeskTicket], datetime]:
        """Return the tickets that changed since, the first change first, and the time there."""
        found: dict[int, ZendeskTicket] = {}
        now: datetime | None = None
        for page in range(1, _PAGES + 1):
            answer = self._wire.read(
                "/tickets",
                {
                    "sort_by": "updated_at",
                    "sort_order": "desc",
                    "per_page": MOST_ROWS,
                    "page": page,
                    **SIDELOADS,
                },
            )
            now = now or answer.at
            rows = ZendeskTicket.all_of(answer)
            for each in rows:
                if moment(each.updated_at) >= floor:
                    found.setdefault(each.id, each)
            if len(rows) < MOST_ROWS or moment(rows[-1].updated_at) < floor:
                break
        in_order = sorted(found.values(), key=lambda each: (moment(each.updated_at), each.id))
        return in_order, now or floor

    def _tell_listed(self, batch: _Batch, listed: Sequence[ZendeskTicket]) -> None:
        news = [each for each in listed if _is_news(each, batch.position)]
        handled = self._handle(batch, news[: batch.limit])
        reached = listed[-1:] if handled == len(news) else news[:handled][-1:]
        for each in reached:
            read_to = max(batch.position.read_to, moment(each.updated_at))
            batch.position = replace(batch.position, read_to=read_to)
        batch.more = handled < len(news)

    def _tell_deleted(self, batch: _Batch) -> None:
        told = {each.external_id for each in batch.tickets}
        gone, batch.position = self._net.deleted(batch.position, batch.now)
        batch.tickets += [
            TicketRead(external_id=each, record=None) for each in gone if each not in told
        ]

    def _tell_missed(self, batch: _Batch) -> None:
        """Tell what the export has and the list did not show."""
        page = self._net.export(batch.position, batch.now)
        if page is None:
            return
        missed = [each for each in page.tickets if _is_missed(each, batch.position)]
        handled = self._handle(batch, missed, whole_conversation=True)
        for number in page.deleted:
            if number not in batch.position.deleted:
                deleted = {**batch.position.deleted, number: written(batch.now)}
                batch.position = replace(batch.position, deleted=deleted)
                batch.tickets.append(TicketRead(external_id=number, record=None))
        if handled == len(missed):
            batch.position = replace(batch.position, export=page.onward)
        batch.more = batch.more or handled < len(missed) or not page.is_last

    def _tell_touched(self, batch: _Batch) -> None:
        """Tell tickets whose customer or organization changed, though they did not themselves."""
        touched, onward = self._net.touched(batch.position, batch.now)
        handled = self._handle(batch, touched, although_the_same=True)
        if handled == len(touched):
            batch.position = replace(batch.position, export=onward)
        batch.more = batch.more or handled < len(touched)

    # What all of them do.

    def _handle(
        self,
        batch: _Batch,
        tickets: Iterable[ZendeskTicket],
        *,
        whole_conversation: bool = False,
        although_the_same: bool = False,
    ) -> int:
        """Tell of tickets one after the other; return how many, as time and limits are short."""
        handled = 0
        for each in tickets:
            if handled and (self._clock() > self._until or self._wire.limits.is_spent):
                break
            try:
                self._tell(batch, each, whole_conversation, although_the_same)
            except Unreachable as lost:
                if not handled or lost.for_good:
                    raise
                batch.pause = lost.retry_after or _AGAIN
                return handled
            handled += 1
        if self._wire.limits.is_spent:
            batch.pause = self._wire.limits.pace
        return handled

    def _tell(
        self, batch: _Batch, each: ZendeskTicket, whole_conversation: bool, although_the_same: bool
    ) -> None:
        """Tell of one ticket as it is, and of what is new in it."""
        number, floor = str(each.id), batch.position.floor
        before = batch.position.told.get(number)
        at = moment(each.updated_at)
        told = ToldTicket(at, each.digest, settled=is_settled(at, batch.now))
        if batch.is_first and each.is_closed:
            # Nothing is written in it any more: what was is there when somebody asks.
            batch.tickets.append(TicketRead(external_id=number, record=each.record()))
            batch.position = batch.position.having_told(number, told)
            return
        found = self._conversations.written(each.ticket, None if whole_conversation else floor)
        if found is None:  # deleted since it was listed, and told of as that
            return
        lately = [one for one in found.comments if moment(one.get("created_at")) >= floor]
        new = found.comments
        if before is not None and not whole_conversation:
            new = tuple(one for one in lately if whole(one.get("id")) not in before.comments)
        into = self._merged_into(found) if each.is_merged else None
        # Nothing is asked any more from here on: what is noted as told is told.
        told = replace(told, comments=tuple(whole(one.get("id")) for one in lately))
        batch.position = batch.position.having_told(number, told)
        is_same = before is not None and before.digest == each.digest and not new
        if is_same and not although_the_same:
            return
        messages = found.messages(new)
        batch.tickets.append(
            TicketRead(
                external_id=number,
                record=each.record() if into is None else None,
                messages=messages if into is None else (),
                marks=frozenset(message.mark for message in messages if message.mark),
                merged_into=into,
            )
        )

    def _merged_into(self, found: WrittenThere) -> str | None:
        """Return the ticket that one became part of; None where that is not there any more."""
        into = merged_into(found.comments)
        is_there = into is not None and self._wire.look(f"/tickets/{into}") is not None
        return into if is_there else None


def _is_news(each: ZendeskTicket, position: ZendeskPosition) -> bool:
    told = position.told.get(str(each.id))
    return told is None or not told.settled or told.digest != each.digest


def _is_missed(each: ZendeskTicket, position: ZendeskPosition) -> bool:
    told = position.told.get(str(each.id))
    if told is None:
        return True
    return told.digest != each.digest and moment(each.updated_at) >= told.updated_at

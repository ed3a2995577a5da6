"""The ticket under the cursor in a pane that scrolls; what happened long ago is read on the way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from textual.reactive import var

from policy.conversation.messages import ConversationEnd
from store.read_models import Card, Event, EventFilter
from tui.board.conversation.thread_lines import ThreadLook
from tui.board.desk_client import ReadingWanted
from tui.board.ticket.detail_lines import (
    Detail,
    ThreadKeys,
    detail_lines,
    earlier_line,
    history_lines,
    history_title,
)
from tui.board.waits.waits_client import WaitsState
from tui.board.widgets.line_view import LineView
from tui.environment.keymap import Keys, display
from tui.phrasing.times import NOT_YET

if TYPE_CHECKING:
    from store.desk import DeskReading

_NARROWEST: Final = 20
_EVENTS_AT_ONCE: Final = 200


class TicketText(LineView):
    """The text about one ticket; it stays where it was scrolled to until another is shown."""

    now: var[datetime] = var(NOT_YET, init=False)
    waiting: var[WaitsState] = var(WaitsState(""), init=False, always_update=True)

    def __init__(self, zone: tzinfo | None, now: datetime, keys: Keys) -> None:
        super().__init__()
        self._zone = zone
        self._keys = ThreadKeys(
            fold=display(keys["fold_quotes"][0]),
            whole=display(keys["conversation"][0]),
            refused=display(keys["refused_answer"][0]),
            reply=display(keys["reply"][0]),
        )
        self._folded = True
        self._is_forgotten = False
        self.set_reactive(TicketText.now, now)
        self._detail: Detail | None = None
        self._events: tuple[Event, ...] = ()
        self._earlier = 0
        self._asked_before: int | None = None

    @property
    def is_stale(self) -> bool:
        """Whether what is shown may be otherwise though nothing was changed in the ticket.

        So it is while an answer of ours is on its way, and after a draft was kept.
        """
        is_moving = self._detail is not None and self._detail.card.conversation.is_moving
        return is_moving or self._is_forgotten

    def forget(self) -> None:
        """Say that what is shown is to be read anew."""
        self._is_forgotten = True

    @property
    def detail(self) -> Detail | None:
        """What is shown."""
        return self._detail

    def ready_reply(self, ticket_id: int) -> str | None:
        """Return what the ticket may be answered with, None while it is not read yet."""
        if self._detail is None or self._detail.card.ticket.id != ticket_id:
            return None
        return self._detail.ready_reply

    def card(self, ticket_id: int) -> Card | None:
        """Return the whole ticket, None while it is not read yet."""
        if self._detail is None or self._detail.card.ticket.id != ticket_id:
            return None
        return self._detail.card

    def conversation(self, ticket_id: int | None) -> ConversationEnd | None:
        """Return the end of a ticket's conversation, None while it is not read yet."""
        card = None if ticket_id is None else self.card(ticket_id)
        return None if card is None else card.conversation

    def watch_waiting(self) -> None:
        """Say when an answer is likely by now."""
        if self._detail is not None:
            self.show(self._detail, forget=False)

    def show(self, detail: Detail | None, *, forget: bool = True) -> None:
        """Show a ticket, or none; ``forget`` is whether it was read anew."""
        self._is_forgotten = self._is_forgotten and not forget
        if detail is not None:
            forecast = self.waiting.forecast(detail.card.ticket.id)
            detail = replace(detail, forecast=forecast)
        if detail == self._detail:
            return
        is_another = _number(detail) != _number(self._detail)
        if is_another:
            self.scroll_home(animate=False, immediate=True)
            self._folded = True
        read = () if is_another else self._events
        self._detail = detail
        self._follow_history(read)
        self._draw()

    def _add_earlier(self, wanted: EventFilter, events: Sequence[Event]) -> None:
        """Show a page of what happened before an event, where that is the last that is shown."""
        is_last = self._events and self._events[-1].id == wanted.before
        if _number(self._detail) != wanted.ticket or not is_last:
            return
        tail = earlier_line(self._earlier)
        self._events += tuple(events)
        self._earlier = max(0, self._earlier - len(events)) if events else 0
        if not self.is_whole:
            self._draw()
            return
        more = history_lines(events, self.now, self._zone, self._cells)
        self.extend(chain(more, earlier_line(self._earlier)), in_place_of=len(tail))

    def move_to(self, row: int) -> None:
        """Scroll to a line, and ask for what happened earlier when one nears the end."""
        super().move_to(row)
        nearly = self.scroll_offset.y + 2 * self.page_height >= len(self.lines)
        if self._detail is None or not (self._earlier and self.is_whole and nearly):
            return
        last = self._events[-1].id
        if last != self._asked_before:
            self._asked_before = last
            wanted = EventFilter(ticket=self._detail.card.ticket.id, before=last)
            read, show = partial(_page_of, wanted), partial(self._add_earlier, wanted)
            self.post_message(ReadingWanted("earlier", read, show))

    def watch_now(self) -> None:
        """Show times as of another time."""
        self._draw()

    def fold(self) -> None:
        """Show what only repeats an earlier message, and all facts, or fold them again."""
        self._folded = not self._folded
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self._draw()

    def _follow_history(self, read: Sequence[Event]) -> None:
        """Join what happened by now with what was ``read`` of the same ticket before that."""
        self._asked_before = None
        if self._detail is None:
            self._events, self._earlier = (), 0
            return
        card = self._detail.card
        oldest = card.history[-1].id if card.history else 0
        further = tuple(event for event in read if event.id < oldest)
        self._events = card.history + further
        self._earlier = max(0, card.earlier_events - len(further))

    @property
    def _cells(self) -> int:
        return max(_NARROWEST, self.scrollable_content_region.width)

    def _draw(self) -> None:
        if self._detail is None:
            self.draw(iter(()))
            return
        look = ThreadLook(
            now=self.now,
            zone=self._zone,
            cells=self._cells,
            folded=self._folded,
            fold_key=self._keys.fold,
        )
        lines = detail_lines(self._detail, look, self._keys)
        if self._events:
            events = history_lines(self._events, self.now, self._zone, look.cells)
            lines = chain(lines, history_title(), events, earlier_line(self._earlier))
        self.draw(lines)


def _page_of(wanted: EventFilter, desk: "DeskReading") -> tuple[Event, ...]:
    """Return the next page of events, newest first; for a thread."""
    with desk.history.events(wanted, limit=_EVENTS_AT_ONCE) as events:
        return tuple(events)[::-1]


def _number(detail: Detail | None) -> int | None:
    return detail.card.ticket.id if detail else None

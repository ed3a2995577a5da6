"""What is worth interrupting for: another number one, and a deadline that comes near."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from policy.alerting.desk_changes import (
    OF_OWN_TICKETS,
    ChangeKind,
    DeskChange,
    SeenDesk,
    WatchedDesk,
    desk_changes,
    newly_broken,
)
from policy.ticket import Ticket
from tui.board.snapshot import BoardState
from tui.board.widgets.toasts import ToastsApp
from tui.phrasing import times
from tui.phrasing.change_words import own_words, why_another
from tui.phrasing.text import plain_line, shortened

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.notices.notice_models import Waits

_SUBJECT_AT_MOST: Final = 52
_NAMED_AT_MOST: Final = 3
_NOTIFYING_PROGRAMS: Final = frozenset({"iTerm.app", "WezTerm", "ghostty"})
_NOTIFYING_TERMINALS: Final = frozenset({"xterm-kitty", "xterm-ghostty", "foot"})


@dataclass(frozen=True, slots=True)
class Alert:
    """A sentence for a toast, the bell and, where there is one, the desktop.

    What ``rings`` not is only a toast. ``number_one`` is the ticket that it says is first, ``due``
    those of which it says that they are due soon, by their numbers: it is over when that is so no
    longer.
    """

    title: str
    text: str
    rings: bool = True
    number_one: int | None = field(default=None, compare=False)
    due: frozenset[int] = field(default=frozenset(), compare=False)

    def is_over(self, board_state: BoardState) -> bool:
        """Return whether what it says is true no longer, as of a reading."""
        if self.number_one is not None:
            first = board_state.overview.number_one
            return first is None or first.id != self.number_one
        due = () if board_state.watched is None else board_state.watched.due
        return bool(self.due) and not self.due & {each.id for each in due}


class Notices:
    """Compares one reading with the one before; the first is only remembered.

    Every deadline is told once: who opens the board sees at once what is near.
    """

    def __init__(self) -> None:
        self._seen: SeenDesk | None = None
        self._broken: set[object] | None = None

    def see(self, desk: WatchedDesk, actor: str) -> list[Alert]:
        """Return what is new in a reading, but for what ``actor``, who sees it, did to theirs."""
        changes, self._seen = desk_changes(desk, self._seen)
        others = [each for each in changes if not _is_ones_own_doing(each, actor)]
        return [
            *_another_number_one(others, desk.now),
            *_passing(others, ChangeKind.DUE_SOON, desk.now),
            *_passing(others, ChangeKind.LATE, desk.now),
            *_own_tickets(others),
        ]

    def see_waits(self, waits: "Waits") -> list[Alert]:
        """Return which promises can no longer be kept that still could before."""
        broken, self._broken = newly_broken(waits.drafts, self._broken)
        return _broken(broken)


def together(alerts: "list[Alert]") -> list[Alert]:
    """Return one alert for what one reading brought, the weightiest first; none for nothing."""
    if len(alerts) < 2:  # noqa: PLR2004 - one stands alone
        return alerts
    first, second, *others = alerts
    more = f"; and {len(others)} more" if others else ""
    return [
        Alert(
            first.title,
            f"{first.text}; {second.title}: {second.text}{more}",
            rings=any(each.rings for each in alerts),
            number_one=first.number_one,
            due=first.due,
        )
    ]


def interrupt(app: App[Any], notice: Alert) -> None:
    """Show the notice as a toast, ring the bell, and tell the desktop where that can be done.

    Whoever looks at the past is told that this is about now.
    """
    in_the_past = any(screen.has_class("-past") for screen in app.screen_stack)
    title = f"Now: {notice.title}" if in_the_past else notice.title
    if isinstance(app, ToastsApp):
        app.tell_news(notice.text, title=title)
    if notice.rings:
        ring(app, notice)


def ring(app: App[Any], notice: Alert) -> None:
    """Ring the bell, and tell the desktop of what the screen says already."""
    app.bell()
    sequence = desktop_sequence(notice, os.environ)
    driver = app._driver  # Textual has a public way to the bell, but none to other sequences
    if sequence and driver is not None and not app.is_headless:
        driver.write(sequence)


def desktop_sequence(notice: Alert, environment: Mapping[str, str]) -> str | None:
    """Return what makes the terminal tell the desktop, None where it is not known to (OSC 9)."""
    program, terminal = environment.get("TERM_PROGRAM"), environment.get("TERM")
    if program not in _NOTIFYING_PROGRAMS and terminal not in _NOTIFYING_TERMINALS:
        return None
    return f"\x1b]9;{plain_line(f'{notice.title}: {notice.text}')}\a"


def _another_number_one(changes: list[DeskChange], now: datetime) -> list[Alert]:
    return [
        Alert(
            why_another(each.earlier, each.ticket, now),
            _named(each.ticket),
            number_one=each.ticket.id,
        )
        for each in changes
        if each.kind is ChangeKind.NUMBER_ONE and each.ticket is not None
    ]


def _passing(changes: list[DeskChange], kind: ChangeKind, now: datetime) -> list[Alert]:
    """Return which deadlines come near, or have passed; many at once are one alert."""
    tickets = [each.ticket for each in changes if each.kind is kind and each.ticket is not None]
    soon = kind is ChangeKind.DUE_SOON  # what is late stays so until somebody does something
    due = frozenset(ticket.id for ticket in tickets) if soon else frozenset()
    if len(tickets) > _NAMED_AT_MOST:
        numbers = ", ".join(f"#{ticket.id}" for ticket in tickets[:_NAMED_AT_MOST])
        more = len(tickets) - _NAMED_AT_MOST
        title = "Due soon" if soon else "Late"
        return [Alert(title, f"{numbers} and {more} more", due=due)]
    return [
        Alert(
            f"{_what(ticket)} {times.in_words(ticket.respond_by, now)}",
            _named(ticket),
            due=due & {ticket.id},
        )
        for ticket in tickets
        if ticket.respond_by is not None
    ]


def _what(ticket: Ticket) -> str:
    return "Update due" if ticket.update_first else "Due"


def _own_tickets(changes: list[DeskChange]) -> list[Alert]:
    """Return what others made of one's own tickets: of each the first thing, many at once as one.

    The first says most: that the customer wrote has opened the ticket, too.
    """
    first: dict[int, tuple[DeskChange, Ticket]] = {}
    for each in changes:
        ticket = each.ticket or each.earlier
        if each.kind in OF_OWN_TICKETS and ticket is not None:
            first.setdefault(ticket.id, (each, ticket))
    if len(first) > _NAMED_AT_MOST:
        numbers = ", ".join(f"#{number}" for number in list(first)[:_NAMED_AT_MOST])
        return [Alert("Your tickets", f"{numbers} and {len(first) - _NAMED_AT_MOST} more changed")]
    return [Alert(own_words(each), _named(ticket), rings=False) for each, ticket in first.values()]


def _is_ones_own_doing(change: DeskChange, actor: str) -> bool:
    return change.kind in OF_OWN_TICKETS and change.by == actor


def _broken(drafts: "list[WaitNotice]") -> list[Alert]:
    if not drafts:
        return []
    who = ", ".join(plain_line(draft.customer) for draft in drafts[:_NAMED_AT_MOST])
    more = f" and {len(drafts) - _NAMED_AT_MOST} more" if len(drafts) > _NAMED_AT_MOST else ""
    title = "A promise cannot be kept" if len(drafts) == 1 else "Promises cannot be kept"
    return [Alert(title, f"{who}{more}: a renewed notice is ready.")]


def _named(ticket: Ticket) -> str:
    said = f"{plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    return shortened(f"#{ticket.id}  {ticket.priority}  {said}", _SUBJECT_AT_MOST)

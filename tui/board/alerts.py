"""What is worth interrupting for: another number one, and a deadline that comes near."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from policy.ordering.deviations import in_force
from policy.ticket import Ticket
from store.read_models import Overview
from tui.board.snapshot import BoardState
from tui.board.widgets.toasts import ToastsApp
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.read_models import Waits

_SUBJECT_AT_MOST: Final = 52
_NAMED_AT_MOST: Final = 3
_NOTIFYING_PROGRAMS: Final = frozenset({"iTerm.app", "WezTerm", "ghostty"})
_NOTIFYING_TERMINALS: Final = frozenset({"xterm-kitty", "xterm-ghostty", "foot"})


@dataclass(frozen=True, slots=True)
class Alert:
    """A sentence for a toast, the bell and, where there is one, the desktop.

    ``number_one`` is the ticket that it says is first, ``due`` those of which it says that they are
    due soon, by their numbers: it is over when that is so no longer.
    """

    title: str
    text: str
    number_one: int | None = field(default=None, compare=False)
    due: frozenset[int] = field(default=frozenset(), compare=False)

    def is_over(self, board_state: BoardState) -> bool:
        """Return whether what it says is true no longer, as of a reading."""
        if self.number_one is not None:
            first = board_state.overview.number_one
            return first is None or first.id != self.number_one
        return bool(self.due) and not self.due & {each.id for each in board_state.due_soon}


class Notices:
    """Compares one reading with the one before; the first is only remembered.

    Every deadline is told once: who opens the board sees at once what is near.
    """

    def __init__(self) -> None:
        self._number_one: Ticket | None = None
        self._told: set[tuple[int, datetime | None]] | None = None
        self._broken: set[object] | None = None

    def see(self, board_state: BoardState, now: datetime) -> list[Alert]:
        """Return what is new in a reading at ``now`` (UTC)."""
        due = {(ticket.id, ticket.respond_by): ticket for ticket in board_state.due_soon}
        before, self._number_one = self._number_one, board_state.overview.number_one
        told, self._told = self._told, (self._told or set()) | due.keys()
        if told is None:
            return []
        newly_due = [ticket for key, ticket in due.items() if key not in told]
        return [
            *_another_number_one(before, board_state.overview),
            *_due_soon(newly_due, now),
        ]

    def see_waits(self, waits: "Waits") -> list[Alert]:
        """Return which promises can no longer be kept that still could before."""
        renewed = {(draft.asker, draft.episode): draft for draft in waits.drafts if draft.renews}
        told, self._broken = self._broken, (self._broken or set()) | renewed.keys()
        if told is None:
            return []
        return _broken([draft for key, draft in renewed.items() if key not in told])


def interrupt(app: App[Any], notice: Alert) -> None:
    """Show the notice as a toast, ring the bell, and tell the desktop where that can be done.

    Whoever looks at the past is told that this is about now.
    """
    in_the_past = any(screen.has_class("-past") for screen in app.screen_stack)
    title = f"Now: {notice.title}" if in_the_past else notice.title
    if isinstance(app, ToastsApp):
        app.tell_news(notice.text, title=title)
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


def _another_number_one(before: Ticket | None, overview: Overview) -> list[Alert]:
    now = overview.number_one
    if now is None or (before is not None and before.id == now.id):
        return []
    return [Alert(_why_another(before, overview), _named(now), number_one=now.id)]


def _why_another(before: Ticket | None, overview: Overview) -> str:
    """Return the title of another number one: a person put it first, or did so no longer."""
    if before is not None and in_force(before, overview.now) != before:
        return f"The deviation of #{before.id} is over"
    now = overview.number_one
    if now is not None and now.deviation is not None:
        return f"Put first by {plain_line(now.deviation.by)}"
    return "Another number one"


def _due_soon(tickets: list[Ticket], now: datetime) -> list[Alert]:
    if len(tickets) > _NAMED_AT_MOST:
        numbers = ", ".join(f"#{ticket.id}" for ticket in tickets[:_NAMED_AT_MOST])
        more = len(tickets) - _NAMED_AT_MOST
        due = frozenset(ticket.id for ticket in tickets)
        return [Alert("Due soon", f"{numbers} and {more} more", due=due)]
    return [
        Alert(
            f"{_what(ticket)} {times.in_words(ticket.respond_by, now)}",
            _named(ticket),
            due=frozenset({ticket.id}),
        )
        for ticket in tickets
        if ticket.respond_by is not None
    ]


def _what(ticket: Ticket) -> str:
    return "Update due" if ticket.update_first else "Due"


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

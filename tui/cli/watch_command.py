"""The command to follow the desk without looking at it: a line for each thing that changes."""

import select
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

from policy.alerting.desk_changes import (
    ChangeKind,
    DeskChange,
    SeenDesk,
    WatchedDesk,
    desk_changes,
    how_it_stands,
    newly_broken,
)
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Action
from tui.cli.grammar import CommandHeading, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.cli.render.ticket_documents import Document, instant
from tui.cli.stopping import stopped_by_signals
from tui.phrasing import times
from tui.phrasing.change_words import change_sentence
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.desk import Desk

_LOOK_EVERY: Final = 0.5
"""Seconds between two looks where nobody changes anything, at what time alone brings."""

_REST: Final = 0.1
"""Seconds between two looks, however much changes."""

_REST_TIMES: Final = 5
"""How many times as long as it took to reckon who waits it is not reckoned again: as on a board."""


@click.command(
    "watch",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="A line for each thing that changes, as it happens.",
    examples=[
        ("numberone watch", "until Ctrl-C; a screen reader reads each line as it comes"),
        ("numberone watch --as luz", "with what becomes of the tickets that luz has"),
        ("numberone watch --json >> shift.log", "one JSON object a line, for a script or a log"),
    ],
)
@pass_invocation
def watch_command(invocation: Invocation) -> None:
    """Print a line for each thing that a board would interrupt for, as it happens.

    The first lines say which ticket is the number one, the level and the mode. From then on: when
    another ticket is the number one; when one of your tickets comes to you or goes, its customer
    writes, its status or priority changes; when the level or the mode changes; when any ticket is
    due in 15 minutes, when it is late, and when a promise cannot be kept. It ends when it is told
    to (Ctrl-C) or when nobody reads it any more. With --at time stands still: only what people
    change is told.
    """
    news = Event()
    with (
        stopped_by_signals(news.set) as stop,
        invocation.desk() as desk,
        closing(desk.changes(news.set)),
    ):
        watch = Watch(invocation, desk)
        while not stop.is_set() and not _nobody_reads():
            news.clear()
            watch.look()
            stop.wait(_REST)
            news.wait(_LOOK_EVERY)


class Watch:
    """Looks again and again, and tells what is new since the look before."""

    def __init__(self, invocation: Invocation, desk: "Desk") -> None:
        self._invocation = invocation
        self._desk = desk
        self._seen: SeenDesk | None = None
        self._looked: tuple[int, datetime] | None = None
        self._valid_until: datetime | None = None
        self._broken: set[object] | None = None
        self._waits_at: tuple[int, datetime] | None = None
        self._rests_until = 0.0
        self._trouble = ""

    def look(self) -> None:
        """Look once, and tell what is new.

        Raises:
            Refusal: the database does not answer at the first look; later that is said, once for
                as long as it lasts.
        """
        try:
            self._look_at_the_desk()
            self._look_who_waits()
        except Refusal as refusal:
            if self._seen is None:
                raise
            self._looked = None  # what comes after trouble may be another file: nothing is known
            self._complain(refusal.reason)
        else:
            if self._trouble:
                self._complain("")

    def _look_at_the_desk(self) -> None:
        with self._desk.snapshot():
            now = self._desk.now()
            at = self._desk.history.revision(), times.whole_minute(now)
            is_over = self._valid_until is not None and now >= self._valid_until
            if at == self._looked and not is_over:
                return
            overview = self._desk.queue.overview()
            before = None if self._seen is None else self._seen.desk
            watched = self._desk.queue.watched(overview, before)
            self._invocation.zone.settle(self._desk.zone())
        self._looked, self._valid_until = at, overview.valid_until
        first = self._seen is None
        changes, self._seen = desk_changes(watched, self._seen)
        self._tell(how_it_stands(watched) if first else changes, watched)

    def _look_who_waits(self) -> None:
        if self._seen is None or self._waits_at == self._looked:
            return
        began = monotonic()
        if began < self._rests_until:
            return
        self._waits_at = self._looked
        broken, self._broken = newly_broken(self._desk.waits.read().drafts, self._broken)
        self._rests_until = monotonic() + _REST_TIMES * (monotonic() - began)
        self._tell([_broken(draft) for draft in broken], self._seen.desk)

    def _tell(self, changes: Sequence[DeskChange], watched: WatchedDesk) -> None:
        zone = self._invocation.zone
        for change in changes:
            said = change_sentence(change, watched, zone)
            if self._invocation.json:
                printing.print_json(change_document(change, watched, said))
            else:
                self._invocation.printer().say(f"{watched.now.astimezone(zone):%H:%M}  {said}")
        sys.stdout.flush()

    def _complain(self, trouble: str) -> None:
        if trouble != self._trouble:
            said = f"{trouble}; trying again" if trouble else "the database answers again"
            sys.stderr.write(f"numberone: {plain_line(said)}\n")
            sys.stderr.flush()
        self._trouble = trouble


def change_document(change: DeskChange, watched: WatchedDesk, said: str) -> Document:
    """Return a change as ``watch --json`` prints it; times are UTC.

    ``before`` is what was so before, null in the first lines: they say how things stand.
    """
    ticket = change.ticket or change.earlier
    named = change.kind is ChangeKind.NUMBER_ONE and change.ticket is None
    return {
        "at": instant(watched.now),
        "kind": change.kind,
        "ticket": None if ticket is None or named else ticket.id,
        "text": said,
        **_MORE[change.kind](change, watched),
    }


def _of_ticket(change: DeskChange, _: WatchedDesk) -> Document:
    ticket = change.ticket or change.earlier
    return {} if ticket is None else _facts(ticket)


def _facts(ticket: Ticket) -> Document:
    return {
        "priority": ticket.priority,
        "status": ticket.status,
        "customer": ticket.customer,
        "subject": ticket.subject,
        "assignee": ticket.assignee,
        "respond_by": instant(ticket.respond_by),
    }


def _number_one(change: DeskChange, watched: WatchedDesk) -> Document:
    facts = {} if change.ticket is None else _facts(change.ticket)
    return {**facts, "why": list(watched.why), "before": change.before}


def _level(change: DeskChange, watched: WatchedDesk) -> Document:
    return {"level": change.value, "before": change.before, "why": watched.capacity.why}


def _mode(change: DeskChange, watched: WatchedDesk) -> Document:
    return {"mode": change.value, "before": change.before, "why": watched.mode.why}


def _own(change: DeskChange, watched: WatchedDesk) -> Document:
    return {**_of_ticket(change, watched), "by": change.by, "before": change.before}


def _promise(change: DeskChange, _: WatchedDesk) -> Document:
    return {"customer": change.value}


_MORE: Final[dict[ChangeKind, Callable[[DeskChange, WatchedDesk], Document]]] = {
    ChangeKind.NUMBER_ONE: _number_one,
    ChangeKind.LEVEL: _level,
    ChangeKind.MODE: _mode,
    ChangeKind.PROMISE: _promise,
    ChangeKind.CAME: _own,
    ChangeKind.WENT: _own,
    ChangeKind.CUSTOMER_WROTE: _own,
    ChangeKind.STATUS: _own,
    ChangeKind.PRIORITY: _own,
    ChangeKind.DUE_SOON: _of_ticket,
    ChangeKind.LATE: _of_ticket,
}


def _broken(draft: "WaitNotice") -> DeskChange:
    return DeskChange(kind=ChangeKind.PROMISE, value=draft.customer)


def _nobody_reads() -> bool:
    """Return whether output is a pipe that nobody reads any more, though nothing was written."""
    if not hasattr(select, "poll"):  # not on Windows: there, the next line finds out
        return False
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):  # standard output is no file at all
        return False

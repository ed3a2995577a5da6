"""One round with one connection: what changed there is taken in, then what was done here goes out.

Nothing here is called inside a database transaction: a help desk may take its time.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from connections.attempts import Delivery, DeliveryOutcome, on_one_line
from connections.delivery.retries import BackOff
from connections.helpdesks.help_desk import HelpDesk, Unreachable
from connections.sync.connection_file import mapping_of
from connections.sync.translating import translated
from connections.sync.workers import is_gone
from policy.conversation.connections import ConnectionEntry, ConversationRead, TakenIn
from policy.conversation.steps import ClaimedStep, StepState
from store.desk import Desk

AT_ONCE: Final = 200
"""Of how many tickets a reading is asked for: what one transaction takes in."""

STEPS: Final = BackOff(first=timedelta(seconds=5), longest=timedelta(minutes=15), attempts=10_000)
"""When a step that was refused for now is tried again: for as long as it takes."""

FRESH: Final = timedelta(seconds=5)
"""How old a reading may be while ours go out; an older one is made anew between two of them."""

_REST: Final = timedelta(seconds=20)
"""After how long an empty reading is written down, so that it is seen how old what is shown is."""

_PRESENT_EVERY: Final = timedelta(seconds=5)

_TO_RECORD: Final = timedelta(minutes=1)
_LOOK_UP: Final = 0.5
"""How often to see, in a rest, whether to go on: in seconds."""

Progress = Callable[[int, int], None]
"""Told how many tickets of how many have been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round did: what came in, and how many steps went out or were refused for good.

    ``pause`` is how long the help desk asked to be left alone; ``error`` why it gave no answer to
    rely on, None where it did. ``unread`` says that the reading was left off for that pause, with
    more to be read after it.
    """

    taken: TakenIn = field(default_factory=TakenIn)
    sent: int = 0
    failed: int = 0
    pause: timedelta = timedelta(0)
    error: str | None = None
    unread: bool = False

    def plus(self, other: "Round") -> "Round":
        """Return what both did, one after the other, and how things are after that."""
        return replace(
            other,
            taken=self.taken.plus(other.taken),
            sent=self.sent + other.sent,
            failed=self.failed + other.failed,
        )


Opened = Callable[[str], HelpDesk]
"""Gives the help desk under the login of the person named, or under our own."""


class Syncer:
    """Keeps one connection and the desk in step; used by one thread.

    ``opened`` gives the help desk under the login of whoever is named, as far as there is one;
    ``go_on`` is asked between two steps whether to. ``own`` is whose login our own is, "" where it
    is nobody's: the steps of others who are at work with theirs are left to them.
    """

    def __init__(
        self,
        desk: Desk,
        entry: ConnectionEntry,
        worker: str,
        opened: Opened,
        go_on: Callable[[], bool] = lambda: True,
        *,
        own: str = "",
    ) -> None:
        self._desk = desk
        self._entry = entry
        self._worker = worker
        self._opened = opened
        self._go_on = go_on
        self._own = own
        self._written_down: datetime | None = None
        self._present_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the connection."""
        return self._entry.name

    def round(self, progress: Progress | None = None) -> Round:
        """Read what changed until nothing is left, then write what waits; raise nothing of theirs.

        Where somebody else reads the connection now, only what may go out does.

        Raises:
            Refusal: we are not logged in there, or the database refuses.
        """
        done = Round()
        try:
            self._say_present()
            done = self._read(progress)
            return self._write(done)
        except Unreachable as error:
            why = on_one_line(error.why)
            self._desk.connections.failed(self.name, why)
            self._written_down = None
            pause = error.retry_after or timedelta(0)
            return replace(done, error=why, pause=pause)

    def rest(self, rest: timedelta) -> None:
        """Keep the connection for a rest, where it is ours to read: others would only ask too."""
        self._desk.connections.lease(self.name, self._worker, rest=rest, is_gone=is_gone)

    def stop(self) -> None:
        """Let others read the connection."""
        self._desk.connections.release(self.name, self._worker)

    def _say_present(self) -> None:
        """Say that this login is at work, but not so often that it costs anything."""
        now = self._desk.now()
        if self._own and (self._present_at is None or now - self._present_at >= _PRESENT_EVERY):
            self._opened("")
            self._desk.connections.is_present(self.name, self._own)
            self._present_at = now

    # In

    def _read(self, progress: Progress | None = None) -> Round:
        taken = TakenIn()
        pause = timedelta(0)
        unread = False
        for batch in self._readings(progress):
            taken = taken.plus(batch.taken)
            pause, unread = batch.pause, batch.unread
        return Round(taken=taken, pause=pause, unread=unread)

    def _readings(self, progress: Progress | None) -> Iterator[Round]:
        """Read batch after batch, each taken in with its cursor, until nothing is left.

        A help desk that wants to be left alone in between is: the rest is for another round.
        """
        connections = self._desk.connections
        if not connections.lease(self.name, self._worker, is_gone=is_gone):
            return
        help_desk = self._opened("")
        read = 0
        more, is_open = True, False
        while more and self._go_on():
            words = self._desk.policy.words()
            mapping = mapping_of(self._entry, words)
            cursor = connections.status(self.name).cursor
            began = self._desk.now()
            reading = help_desk.changes(cursor, AT_ONCE)
            said = translated(reading.tickets, mapping, words)
            more = reading.more
            taken = TakenIn()
            is_news = bool(said) or reading.cursor != cursor or is_open
            if is_news or self._is_to_be_written(began):
                taken = connections.take_in(
                    self.name,
                    self._worker,
                    said,
                    since=cursor,
                    cursor=reading.cursor,
                    read_until=None if more else began,
                    came_back=reading.came_back,
                )
                self._written_down, is_open = began, more
            read += len(reading.tickets)
            if progress is not None and reading.total is not None:
                progress(min(read, reading.total), reading.total)
            unread = more and reading.pause > timedelta(0)
            yield Round(taken=taken, pause=reading.pause, unread=unread)
            if unread:
                return

    def _is_to_be_written(self, began: datetime) -> bool:
        """Return whether it is to be known that nothing changed: ours wait for that."""
        last = self._written_down
        if last is None or began - last >= _REST:
            return True
        return self._desk.connections.next_due(self.name)

    # Out

    def _write(self, done: Round) -> Round:
        """Write what is due, one step after the other, and read again where that takes long."""
        read_at, took = self._desk.now(), timedelta(0)
        while self._go_on():
            began = self._desk.now()
            # A help desk that takes long to be read would else be read all the time, and ours wait.
            if began - read_at > max(FRESH, took):
                again = self._read()
                done = replace(
                    done,
                    taken=done.taken.plus(again.taken),
                    pause=again.pause,
                    unread=again.unread,
                )
                read_at = self._desk.now()
                took = read_at - began
            help_desk = self._opened("")
            lease = help_desk.settles_after + _TO_RECORD
            claimed = self._desk.connections.claim(self.name, self._worker, lease, own=self._own)
            if claimed is None:
                return done
            state = self._attempt(claimed, self._opened(claimed.step.author))
            done = replace(
                done,
                sent=done.sent + (state is StepState.SENT),
                failed=done.failed + (state is StepState.FAILED),
            )
        return done

    def _attempt(self, claimed: ClaimedStep, help_desk: HelpDesk) -> StepState:
        """Write one step, unless it arrived already, and return what became of it."""
        connections = self._desk.connections
        since = claimed.in_doubt_since
        if since is not None:
            settled = since + help_desk.settles_after - self._desk.now()
            if settled > timedelta(0):
                why = "Nobody knows yet whether it arrived."
                connections.record(claimed, StepState.QUEUED, why, again_in=settled, in_doubt=True)
                return StepState.QUEUED
            try:
                found = help_desk.find(claimed.step)
            except Unreachable:
                self._again(claimed, "Nobody knows yet whether it arrived.", in_doubt=True)
                raise
            if found:
                connections.record(claimed, StepState.SENT, "It had arrived.")
                return StepState.SENT
            if found is None:
                return self._again(claimed, "Nobody knows yet whether it arrived.", in_doubt=True)
            connections.write_again(claimed)
        try:
            delivery = help_desk.write(claimed.step)
        except Unreachable as error:
            self._again(claimed, on_one_line(error.why), in_doubt=not error.for_good)
            raise
        return self._recorded(claimed, delivery)

    def _recorded(self, claimed: ClaimedStep, delivery: Delivery) -> StepState:
        connections = self._desk.connections
        if delivery.outcome is DeliveryOutcome.SENT:
            connections.record(claimed, StepState.SENT, on_one_line(delivery.why))
            return StepState.SENT
        if delivery.outcome is DeliveryOutcome.PERMANENT:
            connections.record(claimed, StepState.FAILED, on_one_line(delivery.why))
            return StepState.FAILED
        in_doubt = delivery.outcome is DeliveryOutcome.UNKNOWN
        return self._again(
            claimed, on_one_line(delivery.why), in_doubt=in_doubt, asked_for=delivery.retry_after
        )

    def _again(
        self,
        claimed: ClaimedStep,
        why: str,
        *,
        in_doubt: bool,
        asked_for: timedelta | None = None,
    ) -> StepState:
        """Queue a step once more, after a pause that grows."""
        pause = STEPS.delay(claimed.step.attempts) or STEPS.longest
        again_in = max(pause, asked_for or timedelta(0))
        self._desk.connections.record(
            claimed, StepState.QUEUED, why, again_in=again_in, in_doubt=in_doubt
        )
        return StepState.QUEUED


def leave_alone(pause: timedelta, go_on: Callable[[], bool] = lambda: True) -> None:
    """Leave a help desk alone for as long as it asked, or until ``go_on`` says no."""
    until = time.monotonic() + pause.total_seconds()
    while go_on() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What a connection would bring: how much, its first tickets, and what cannot be decided.

    ``warnings`` name the optional fields that are of no use, with how many tickets lose each.
    """

    taken: TakenIn
    first: tuple[ConversationRead, ...]
    warnings: Mapping[str, int]


def rehearse(
    desk: Desk,
    entry: ConnectionEntry,
    help_desk: HelpDesk,
    *,
    first: int,
    progress: Progress | None = None,
) -> Rehearsed:
    """Read all that a connection would bring now, and say what it would do; nothing is changed.

    Raises:
        Unreachable: it gives no answer to rely on.
    """
    taken = TakenIn()
    shown: list[ConversationRead] = []
    warnings: Counter[str] = Counter()
    seen: set[str] = set()
    cursor = desk.connections.status(entry.name).cursor
    more = True
    read = 0
    while more:
        words = desk.policy.words()
        mapping = mapping_of(entry, words)
        reading = help_desk.changes(cursor, AT_ONCE)
        said = [
            each
            for each in translated(reading.tickets, mapping, words)
            if each.external_id not in seen
        ]
        seen.update(each.external_id for each in said)
        warnings.update(warning for each in said for warning in each.warnings)
        taken = taken.plus(_foreseen(desk, entry.name, said))
        shown += [each for each in said if each.ticket is not None][: first - len(shown)]
        cursor, more = reading.cursor, reading.more
        read += len(reading.tickets)
        if progress is not None and reading.total is not None:
            progress(min(read, reading.total), reading.total)
        if more:
            leave_alone(reading.pause)
    return Rehearsed(taken=taken, first=tuple(shown), warnings=warnings)


def _foreseen(desk: Desk, name: str, said: list[ConversationRead]) -> TakenIn:
    """Return what a batch would change, in a transaction that is taken back."""
    foreseen: list[TakenIn] = []
    with desk.rehearsal():
        foreseen.append(desk.connections.foreseen(name, said))
    return foreseen[0]

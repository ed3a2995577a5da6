"""The loop: a round with every connection again and again, each in a thread of its own."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from connections.delivery.retries import BackOff
from connections.sync.opening import OpenedHelpDesks
from connections.sync.rounds import Progress, Round, Syncer
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal
from store.desk import Desk

EVERY: Final = timedelta(seconds=2)
"""How long to rest between two rounds, where a help desk does not ask for more."""

_LOOK_OUT: Final = 0.5
"""How often to look, within a rest, whether something of ours is due to go out: in seconds."""

FAILURES: Final = BackOff(
    first=timedelta(seconds=2), longest=timedelta(minutes=2), attempts=1_000_000
)
"""How long to rest after each failure in a row."""

Told = Callable[[str, Round], None]
"""Told of each round by the name of its connection."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Keeps connections in step until ``stop`` is set; a change of the file is seen by itself."""

    desk: Desk
    worker: str
    login: str
    stop: threading.Event
    told: Told
    every: timedelta = EVERY

    def run(self) -> None:
        """Go round and round; return when told to stop, once every round has ended."""
        threads: dict[str, threading.Thread] = {}
        while not self.stop.is_set():
            for entry in self._entries():
                thread = threads.get(entry.name)
                if thread is None or not thread.is_alive():
                    threads[entry.name] = self._started(entry)
            self.stop.wait(self.every.total_seconds())
        for thread in threads.values():
            thread.join()

    def _entries(self) -> Sequence[ConnectionEntry]:
        try:
            return self.desk.connections.entries()
        except Refusal:
            return ()

    def _started(self, entry: ConnectionEntry) -> threading.Thread:
        thread = threading.Thread(target=self._go, args=(entry,), name=f"sync {entry.name}")
        thread.start()
        return thread

    def _go(self, entry: ConnectionEntry) -> None:
        """Go round with one connection while it stays as it is in the file."""
        failures = 0
        while not self.stop.is_set() and entry in self._entries():
            opened = OpenedHelpDesks(entry, self.login, self.desk.connections.team_addresses())
            syncer = Syncer(
                self.desk, entry, self.worker, opened, self._goes_on, own=opened.own_login
            )
            try:
                while not self.stop.is_set() and entry in self._entries():
                    done = _round(syncer)
                    self.told(entry.name, done)
                    failures = failures + 1 if done.error else 0
                    pause = (FAILURES.delay(failures) if failures else None) or self.every
                    rest = max(pause, done.pause)
                    if failures:
                        _let_go(syncer)
                        self._rest(entry.name, rest, is_well=False)
                        break
                    if rest > self.every:
                        syncer.rest(rest)
                    self._rest(entry.name, rest, is_well=True)
            finally:
                _let_go(syncer)
                opened.close()

    def _goes_on(self) -> bool:
        return not self.stop.is_set()

    def _rest(self, name: str, rest: timedelta, *, is_well: bool) -> None:
        """Rest, but no longer than until something of ours is due to go out."""
        left = rest.total_seconds()
        while left > 0 and not self.stop.wait(min(left, _LOOK_OUT)):
            left -= _LOOK_OUT
            try:
                if is_well and self.desk.connections.next_due(name):
                    return
            except Refusal:
                return


def one_round(
    desk: Desk,
    entry: ConnectionEntry,
    *,
    worker: str,
    login: str,
    go_on: Callable[[], bool] = lambda: True,
    progress: Progress | None = None,
) -> Round:
    """Go round once with one connection, and return what that did."""
    opened = OpenedHelpDesks(entry, login, desk.connections.team_addresses())
    syncer = Syncer(desk, entry, worker, opened, go_on, own=opened.own_login)
    try:
        return _round(syncer, progress)
    finally:
        _let_go(syncer)
        opened.close()


def _round(syncer: Syncer, progress: Progress | None = None) -> Round:
    """Go round once; what is refused here is told like a failure there."""
    try:
        return syncer.round(progress)
    except Refusal as refusal:
        return Round(error=refusal.reason)


def _let_go(syncer: Syncer) -> None:
    """Let others read, as far as the database lets us say so: else the lease ends by itself."""
    with suppress(Refusal):
        syncer.stop()

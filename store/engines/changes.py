"""What tells that somebody committed something, so that nobody need look again and again.

A thread sleeps until the engine tells of something, and then looks whether a commit can be seen.
What is told may be told before it can be seen, as a file is written before its commit is whole: so
it looks again, soon at first and then less and less often. However the telling may fail, it looks
every half second, which costs next to nothing: no change is missed.
"""

import os
import select
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final, Protocol

from store.presence import AtTicket

_SOON: Final = 0.001
_PATIENCE: Final = 1.0
LOOK_AT_LEAST_EVERY: Final = 0.5
"""Seconds between two looks where nothing was told."""

LOOKS_A_SECOND: Final = 20
"""How often is looked where nothing can tell."""


def looked_for(why: str) -> str:
    """Return in words that changes are looked for, and why they must be."""
    return f"looked for {LOOKS_A_SECOND} times a second, as {why}"


class ChangeSource(Protocol):
    """How one engine tells of changes to one database, in the thread that made it."""

    def fileno(self) -> int | None:
        """Return what can be read from when something is told, None where nothing can tell."""
        ...

    def take(self) -> bool:
        """Take what was told, so that nothing can be read any more.

        Returns whether it may have been told before it can be seen.
        """
        ...

    def state(self) -> object:
        """Return another value than before after each commit that can be seen since then."""
        ...

    def heard_at(self) -> float | None:
        """Return when the database was heard last, by ``monotonic``; None where it is no server."""
        ...

    def company(self, at: AtTicket | None, login: str) -> tuple[AtTicket, ...]:
        """Say where this board is, None for nowhere, and return where others but ``login`` are.

        Nothing of it can be waited for, and nothing fails: it may be told a little later.
        """
        ...

    def close(self) -> None:
        """Let go of all that it holds."""
        ...


class ChangeNotices:
    """Calls ``on_change`` in a thread of its own after commits by anyone, until it is closed.

    It is called once at the beginning, too: what was read before may be older than that. Commits
    soon after one another may be one call. ``on_company`` is called in the same thread when others
    come to a ticket or go.
    """

    def __init__(
        self,
        source: Callable[[], ChangeSource],
        on_change: Callable[[], None],
        on_company: Callable[[tuple[AtTicket, ...]], None] | None = None,
    ) -> None:
        self._source = source
        self._on_change = on_change
        self._on_company = on_company
        self._at: AtTicket | None = None
        self._login = ""
        self._heard_at: float | None = None
        self._telling = Lock()
        self._closing = Event()
        self._woken, self._waker = os.pipe()
        self._thread = Thread(target=self._run, name="changes", daemon=True)
        self._thread.start()

    def be_at(self, at: AtTicket | None, login: str) -> None:
        """Let others know, a little later, at which ticket ``login`` is; None for at none."""
        self._at, self._login = at, login

    @property
    def silent_for(self) -> float:
        """How many seconds nothing has been heard from a server; none where there is no server."""
        heard = self._heard_at
        return 0.0 if heard is None else monotonic() - heard

    def close(self) -> None:
        """End the thread; nothing is called any more once this returns.

        One that waits for a server that does not answer ends after it.
        """
        if self._closing.is_set():
            return
        with self._telling:
            self._closing.set()
        os.close(self._waker)  # whoever waits for the other end reads its end
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        source = self._source()
        self._heard_at = source.heard_at()
        try:
            self._follow(source)
        finally:
            source.close()
            os.close(self._woken)

    def _follow(self, source: ChangeSource) -> None:
        seen: object = None
        company: tuple[AtTicket, ...] = ()
        wait = _SOON
        while not self._closing.is_set():
            if self._on_company is not None:
                before, company = company, source.company(self._at, self._login)
                if company != before:
                    with self._telling:
                        if not self._closing.is_set():
                            self._on_company(company)
            now = source.state()
            self._heard_at = source.heard_at()
            if now != seen:
                seen = now
                with self._telling:
                    if not self._closing.is_set():
                        self._on_change()
            if self._is_told(source, wait) and source.take():
                wait = _SOON
            else:
                wait = min(2 * wait, LOOK_AT_LEAST_EVERY)

    def _is_told(self, source: ChangeSource, seconds: float) -> bool:
        """Wait so long at most, and return whether something was told meanwhile."""
        told = source.fileno()
        if told is None:
            self._closing.wait(min(seconds, 1 / LOOKS_A_SECOND))
            return False
        with suppress(OSError, ValueError):  # it was closed at the other end: the look tells
            return told in select.select([told, self._woken], [], [], seconds)[0]
        self._closing.wait(seconds)
        return False

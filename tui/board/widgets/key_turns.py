"""One key after the other: each is done before the next one is given to whoever has the focus.

Textual gives a key to the widget that has the focus when it is read, and looks what the key is
bound to only after it has come back up through all parents. So of keys that come in one packet
those behind a Tab would still go to the field before it: ``Tab 3`` would write the 3 into the wrong
one.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from textual import events
from textual.app import App, ReturnType
from textual.dom import DOMNode
from textual.widgets import Input

_PATIENCE: Final = 0.5
"""Seconds after which a key counts as done though nobody said so: a screen may close over it."""


class _Turn(NamedTuple):
    """Something typed; of what is pressed the number tells in which order it was read."""

    event: events.Event
    number: int


class KeyTurnsApp(App[ReturnType]):
    """Gives keys, pastes and clicks on in the order in which they came, each in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._key_under_way: events.Key | None = None
        self._waiting: deque[_Turn] = deque()
        self._came = self._given = 0
        self._held_by: str | None = None

    @property
    def has_keys_waiting(self) -> bool:
        """Whether a key is not done yet, or others wait behind it."""
        return self._key_under_way is not None or bool(self._waiting)

    def sight(self) -> Callable[[], bool]:
        """Return what says, later, whether something was pressed since now, and is had already.

        What a person presses for the second time because of what they see was read after that was
        shown. What came in one packet with the first time was read before it.
        """
        came = self._came
        return lambda: self._given > came

    def hold_keys(self) -> None:
        """Let what is typed wait for what the key under way has begun, until ``let_keys_go``.

        What a person types after an answer is meant for what comes after it. The same key at once
        again is let go, and Esc waits for nothing: with it the rest is given up.
        """
        self._held_by = "" if self._key_under_way is None else self._key_under_way.key
        while self._waiting and self._repeats(self._waiting[0].event):
            self._waiting.popleft()

    def let_keys_go(self, *, given_up: bool = False) -> None:
        """Give on what has waited, or nothing of it where what it was meant for did not come."""
        if self._held_by is None:
            return
        self._held_by = None
        if given_up:
            self._waiting.clear()
        self.call_later(self._give_waiting)

    def forget_keys(self) -> None:
        """Wait for no key any more, and give none on."""
        self._held_by = self._key_under_way = None
        self._waiting.clear()

    def _repeats(self, event: events.Event) -> bool:
        """Return whether something typed is but the key again by which others are held."""
        return isinstance(event, events.Key) and event.key == self._held_by

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait until the key before it is done."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if not self._waiting and self._repeats(event):
            return
        if self._held_by is not None and isinstance(event, events.Key) and event.key == "escape":
            self._held_by = None
            self._waiting.clear()
        pressed = isinstance(event, events.Key | events.MouseDown)
        self._came += pressed
        turn = _Turn(event, self._came if pressed else 0)
        if self._key_under_way is None and self._held_by is None:
            await self._give(turn)
        else:
            if not self._waiting and self._key_under_way is not None:
                self._be_patient(self._key_under_way)
            self._waiting.append(turn)

    def _be_patient(self, key: events.Key) -> None:
        """Wait for a key, but not for ever."""
        self.set_timer(_PATIENCE, lambda: self._done(key))

    async def _give(self, turn: "_Turn") -> None:
        """Give something typed to whoever has the focus now, and follow a key on its way up."""
        event = turn.event
        if isinstance(event, events.Paste) and isinstance(self.focused, Input):
            event = _in_one_line(event)
        self._given = turn.number or self._given
        await super().on_event(event)
        if isinstance(event, events.Key) and event.is_forwarded:
            self._key_under_way = event
            origin = self.focused or self.screen
            self._follow(event, origin, origin)

    def _follow(self, key: events.Key, node: DOMNode | None, origin: DOMNode) -> None:
        """Come behind a key in the queue of a node, to see there what became of it."""
        if node is None or not node.call_later(self._came_through, key, node, origin):
            self._come_behind(key, origin)

    def _came_through(self, key: events.Key, node: DOMNode, origin: DOMNode) -> None:
        """Follow a key further up, unless it was stopped here, or is at the top.

        Whoever is private about that: Textual has no public way to ask whether it was stopped.
        """
        if node is self or key._stop_propagation:
            self._come_behind(key, origin)
        else:
            self._follow(key, node.parent, origin)

    def _come_behind(self, key: events.Key, node: DOMNode | None) -> None:
        """Come behind what a field said because of a key, all the way up: a form is sent so."""
        if node is None or node is self or not node.call_later(self._come_behind, key, node.parent):
            self._done(key)

    def _done(self, key: events.Key) -> None:
        """Let the next one have its turn, in the program's own task; a second time is nothing."""
        self.call_later(self._go_on, key)

    async def _go_on(self, key: events.Key) -> None:
        if self._key_under_way is not key:
            return
        self._key_under_way = None
        await self._give_waiting()

    async def _give_waiting(self) -> None:
        """Give what waits in its order, until a key is under way, or holds up what follows."""
        while self._waiting and self._key_under_way is None and self._held_by is None:
            await self._give(self._waiting.popleft())
        if self._waiting and self._key_under_way is not None:
            self._be_patient(self._key_under_way)


def _in_one_line(paste: events.Paste) -> events.Paste:
    """Return several lines as one: a field of one line would keep but the first."""
    lines = paste.text.splitlines()
    if len(lines) < 2:  # noqa: PLR2004 - nothing to join, and a space at its beginning is meant
        return paste
    return events.Paste(" ".join(line.strip() for line in lines if line.strip()))

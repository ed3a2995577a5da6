"""Screens over the board: one of a kind is open at a time, and each closes once.

Keys come faster than screens open and close: a key that is held down repeats thirty times a
second, and a paste or a slow line brings many in one packet. Whatever comes after the first is
meant for a screen that is open already, or gone.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from textual import events
from textual.app import ReturnType
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import Screen, ScreenResultType
from textual.widget import AwaitMount

from tui.board.widgets.key_turns import KeyTurnsApp
from tui.board.widgets.selecting import SelectingScreen


def once(use: Callable[[], None]) -> Callable[[], None]:
    """Return ``use`` so that it does something the first time only."""
    left = [use]

    def used() -> None:
        if left:
            left.pop()()

    return used


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form said when it was left, and what it had said ``first``.

    ``written`` is in its fields for text, ``chosen`` the places of what is chosen in the others.
    """

    first: Sequence[str]
    written: Sequence[str]
    first_chosen: Sequence[int] = ()
    chosen: Sequence[int] = ()


class OnceApp(KeyTurnsApp[ReturnType]):
    """Opens no second screen of a kind while one is open, and takes no keys once it ends."""

    is_ending = False
    """Whether it was told to end, and closes what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.drafts: dict[Hashable, Draft] = {}
        """What was half written in forms that were left, by what they ask."""

    def exit(
        self,
        result: ReturnType | None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """End with a result, as Textual has it."""
        self.is_ending = True
        self.forget_keys()
        super().exit(result, return_code, message)

    async def on_event(self, event: events.Event) -> None:
        """Let go what is pressed while everything is being closed."""
        pressed = isinstance(event, events.InputEvent | events.Paste)
        if not (pressed and (self.is_ending or not self.is_running)):
            await super().on_event(event)

    def push_screen(  # type: ignore[override] # as App's overloads, which say no more here
        self,
        screen: Screen[Any],
        callback: Callable[[Any], Any] | None = None,
        wait_for_dismiss: bool = False,
        *,
        mode: str | None = None,
    ) -> Any:  # noqa: ANN401 - as App's
        """Open a screen, unless one of its kind is open; then nothing happens."""
        if self._is_open(type(screen)):
            return AwaitMount(self.screen, [])
        return super().push_screen(screen, callback, wait_for_dismiss, mode=mode)  # type: ignore[call-overload] # the same

    def _is_open(self, kind: type[Screen[Any]]) -> bool:
        """Return whether a screen of a kind is open over the topmost ground, or is that."""
        for screen in reversed(self.screen_stack):
            if type(screen) is kind:
                return True
            if isinstance(screen, OnceScreen) and screen.is_ground:
                return False
        return False


class OnceScreen(SelectingScreen[ScreenResultType]):
    """Closes once: afterwards, or under another screen, it neither closes nor takes keys."""

    is_ground = False
    """Whether others open over it afresh, whatever is open below: as over the board of the past."""

    @property
    def is_begun(self) -> bool:
        """Whether something is half written here that would be lost."""
        return False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, unless it is closed already or another screen lies over it."""
        if not self.is_active:
            return AwaitComplete()
        return super().dismiss(result)

    async def _on_message(self, message: Message) -> None:
        """Let go what was pressed for this screen, or said by its widgets, after it was closed."""
        if self._comes_late(message):
            message.stop()
        else:
            await super()._on_message(message)

    def _comes_late(self, message: Message) -> bool:
        if isinstance(message, events.InputEvent | events.Paste):
            return not self.is_active
        said_by_a_widget = "." in type(message).__qualname__
        return said_by_a_widget and self not in self.app.screen_stack

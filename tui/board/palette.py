"""The command palette: every command of the screen below by its name, or why it cannot be used."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from textual import events, work
from textual._callback import invoke
from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.fuzzy import Matcher
from textual.message import Message

from tui.actions.declaration import Offer
from tui.board.desk_screen import DeskScreen
from tui.board.widgets.form import Form
from tui.board.widgets.once import OnceScreen, once
from tui.board.widgets.styles import unmarked

_gather: Callable[[CommandPalette, str], Awaitable[None]]
_gather = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined] # what @work wraps


class Palette(CommandPalette, OnceScreen[None]):
    """Textual's palette, which closes once however often Enter comes, and pages when it can."""

    def compose(self) -> ComposeResult:
        """Lay out Textual's palette, with a list that no late click can break."""
        for widget in super().compose():
            yield _Commands() if type(widget) is CommandList else widget

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # it may be closed meanwhile
            await _gather(self, search_value)

    async def _on_message(self, message: Message) -> None:
        with suppress(NoWidget, NoMatches):  # a click before it is laid out, a word too late
            await super()._on_message(message)

    def call_next(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Textual's
        """Call something next, and nothing of it when the palette is closed before it is laid out.

        Textual's timers and watchers come this way, and look for the list.
        """

        async def unless_gone() -> None:
            with suppress(NoMatches):
                await invoke(partial(callback, *args, **kwargs))

        super().call_next(unless_gone)

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # Textual's list has lines only once it is laid out
            super()._action_command_list(action)


class _Commands(CommandList):
    """Textual's list of what was found, which may be another one when a click on it arrives."""

    def on_click(self, event: events.Click) -> None:
        """Let a click on a line go that is no longer there."""
        if event.style.meta.get("option", -1) >= self.option_count:
            event.prevent_default()


class BoardCommands(Provider):
    """Offers what the screen can do that lies under the palette."""

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for offer in self._offers():
            yield DiscoveryHit(Content(offer.title), once(offer.use), offer.title, _help(offer))

    async def search(self, query: str) -> Hits:
        """Yield the commands whose name matches."""
        matcher = self.matcher(query)
        for offer in self._offers():
            score = matcher.match(offer.title)
            if score > 0:
                shown = _highlighted(matcher, offer.title)
                yield Hit(score, shown, once(offer.use), offer.title, _help(offer))

    def _offers(self) -> Iterator[Offer]:
        screen = self.screen
        if isinstance(screen, DeskScreen | Form):
            yield from screen.offers()


def _highlighted(matcher: Matcher, title: str) -> Content:
    """Return a title with what matches marked; nothing in it is read as markup."""
    _, places = matcher.fuzzy_search.match(matcher.query, title)
    shown = Content(title)
    for place in places:
        if not title[place].isspace():
            shown = shown.stylize(matcher.match_style, place, place + 1)
    return shown


def _help(offer: Offer) -> str:
    """Return the help, as the markup that Textual wants here, and which shows every sign."""
    said = offer.help if offer.why_not is None else f"not now: {offer.why_not}"
    return unmarked(said)

"""The line at the bottom: the keys that matter most now, the unusable ones dim."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.actions.commands import (
    FIRST_OF,
    FOOTER,
    FOOTER_OF_DECLINED,
    FOOTER_OF_MARKED,
    FOOTER_OF_PAST,
)
from tui.actions.declaration import ActionContext, Command
from tui.board.widgets.styles import Span, content, spans_width
from tui.environment.keymap import Keys, display

_STAY: Final = frozenset({"help", "back"})
"""What is named however little room there is: what else there is, and the way back."""


@dataclass(frozen=True, slots=True)
class FooterKey:
    """A key in the footer, its word, and whether it can be used now.

    One that ``calls`` says that something waits for it: it is named however little room there is.
    """

    command: str
    key: str
    label: str
    usable: bool
    calls: bool = False


class Footer(Widget):
    """Draws the keys; a click on one is as good as pressing it.

    Not Textual's own footer: this one counts behind a word how much there is of something, dims
    what is disabled, and where room is short it leaves keys out from its end, but for help, the
    way back and what waits for somebody: what is seen stands at its place at every width.
    """

    class Clicked(Message):
        """A key was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[FooterKey, ...] = ()

    def show(self, keys: tuple[FooterKey, ...]) -> None:
        """Show other keys."""
        if keys != self.keys:
            self.keys = keys
            self.refresh()

    def render(self) -> Content:
        """Return the line."""
        fitting = fitting_keys(self.keys, self.size.width)
        return content(span for key in fitting for span in _spans(key))

    def on_click(self, event: events.Click) -> None:
        """Use the key that was clicked."""
        end = 0
        for key in fitting_keys(self.keys, self.size.width):
            end += spans_width(_spans(key))
            if event.x < end:
                self.post_message(self.Clicked(key.command))
                return


def shown_commands(
    situation: ActionContext, *, declined: bool, goes_back: bool, own: Iterable[str]
) -> tuple[str, ...]:
    """Return the commands that the footer names now.

    ``declined`` says that the declined tickets are shown, ``goes_back`` that a step leads back.
    The person's ``own`` commands come before help and the palette.
    """
    if situation.past is not None:
        return FOOTER_OF_PAST
    shown: tuple[str, ...] = FOOTER_OF_DECLINED if declined else FOOTER
    if situation.marked:
        shown = FOOTER_OF_MARKED
    elif not situation.team:
        shown = tuple(each for each in shown if each not in ("out", "waits"))
    first = FIRST_OF.get(situation.role, ()) if situation.role is not None else ()
    if first:
        may = (each for each in shown if each not in (*first, *situation.refusals))
        shown = (*first, *may)
    last = shown.index("help") if "help" in shown else len(shown)
    shown = (*shown[:last], *own, *shown[last:])
    return (*shown, "back") if goes_back or situation.marked else shown


def footer_keys(
    shown: Sequence[Command], keys: Keys, situation: ActionContext, counts: Mapping[str, int]
) -> tuple[FooterKey, ...]:
    """Return the commands' keys; ``counts`` says behind a command's word how many there are."""
    return tuple(
        FooterKey(
            command=each.id,
            key=display(keys.get(each.id, each.keys)[0]),
            label=each.label + (f" {counts[each.id]:,}" if counts.get(each.id) else ""),
            usable=each.disabled(situation) is None,
            calls=bool(counts.get(each.id)),
        )
        for each in shown
    )


def fitting_keys(keys: Sequence[FooterKey], cells: int) -> list[FooterKey]:
    """Return the keys that ``cells`` cells have room for, in their order; the first stays."""
    fitting = list(keys)
    for last in reversed(keys[1:]):
        if spans_width(span for key in fitting for span in _spans(key)) <= cells:
            break
        if last.command not in _STAY and not last.calls:
            fitting.remove(last)
    return fitting


def _spans(key: FooterKey) -> list[Span]:
    roles = ("key", "") if key.usable else ("key-off", "dim")
    return [(f" {key.key}", roles[0]), (f" {key.label} ", roles[1])]

"""The help page: every command with its keys, from the declarations, and the board's words."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from policy.phrases import TIER_NAMES
from tui.board.paint import Span, content
from tui.board.rows import TIER_SHORT
from tui.commands import COMMANDS, Group
from tui.keymap import Keys, display

_KEYS_WIDTH: Final = 14

_FILTER: Final = (
    ("tier:enterprise,team", "one or the other; p: or priority:, severity:, status:, assignee:"),
    ("assignee:me", "also assignee:nobody, or a login"),
    ("-tier:internal", "a minus leaves out"),
    ("status:pending", "also looks beyond the queue"),
    ('login "exact words"', "words of subject, customer and description"),
)


class HelpScreen(ModalScreen[None]):
    """Shows the help; any of the keys that leave something leaves it."""

    BINDINGS = [
        Binding("escape,q,question_mark,enter,f1", "dismiss", "Leave", show=False),
        Binding("j", "scroll('scroll_down')", show=False),
        Binding("k", "scroll('scroll_up')", show=False),
        Binding("space", "scroll('scroll_page_down')", show=False),
    ]

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="help"):
            yield Static(content(help_spans(self._keys)))

    def action_scroll(self, how: str) -> None:
        """Scroll the page."""
        getattr(self.query_one("#help", VerticalScroll), how)(animate=False)


def help_spans(keys: Keys) -> Iterator[Span]:
    """Yield the whole page."""
    yield "The board always shows the one ticket that comes first, and why it is that one.\n", ""
    yield "Esc leaves this page.\n", "dim"
    for group, commands in groupby(COMMANDS.values(), key=lambda command: command.group):
        yield f"\n{group}\n", "heading"
        for command in commands:
            shown = " ".join(display(key) for key in keys[command.id])
            yield f"{shown:<{_KEYS_WIDTH}}", "key"
            yield f"{command.title}. " if group is not Group.MOVE else "", "strong"
            yield f"{command.help}\n", "dim"
    yield "\nThe words of the filter\n", "heading"
    for example, meaning in _FILTER:
        yield f"{example:<24}", ""
        yield f"{meaning}\n", "dim"
    yield "\nThe tiers in the list\n", "heading"
    tiers = (f"{short} {TIER_NAMES[tier]}" for tier, short in TIER_SHORT.items())
    yield "   ".join(tiers), "dim"
    yield "\n\nThe keys can be changed in the config file; see the README.", "dim"

"""The help page: every command with its keys, from the declarations, and the board's words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from policy.vocabulary import Vocabulary
from store.queue.fact_query import example_of_fact
from tui.actions.commands import FIRST_OF
from tui.actions.declaration import Command, CommandGroup
from tui.actions.screens import ALL_COMMANDS
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverPage
from tui.board.queue.queue_rows import MARKED
from tui.board.widgets.page import Page
from tui.board.widgets.styles import content, hanging
from tui.environment.keymap import Keys, display
from tui.phrasing.holder_words import AWAY_SIGN
from tui.phrasing.ticket_facts import DEVIATION_SIGN, PARKED_SIGN, SOLVE_SIGN

_KEYS_WIDTH: Final = 12
_EXAMPLE_WIDTH: Final = 23
_SIGN_WIDTH: Final = 4
_BAR_WIDTH: Final = 11

SIGNS: Final = (
    ("▌", "under the cursor"),
    (
        "1",
        "the first column: the place in the queue; #1 is a ticket's own number, which stays",
    ),
    (DEVIATION_SIGN, "beside the priority: a person put it first against the order"),
    (
        PARKED_SIGN,
        "there: pending or on hold, and in the queue all the same, as its customer waits",
    ),
    (SOLVE_SIGN, "before a time: no answer is due; it is to be solved by then"),
    (AWAY_SIGN, "by holder or subject: the holder is away, so that it counts as nobody's"),
    (MARKED, "in place of its place: marked, to do something to several at once; also: filled in"),
    ("○", "not filled in, not chosen, or not now"),
    ("●", "chosen, or done along with it"),
    ("!", "refused or in trouble, with the reason; in the cover: open hours that nobody covers"),
    ("◷", "a clock runs: a timer, an answer that goes out soon, a database that is waited for"),
    ("▼", "it became easier: the level or the mode went down"),
    ("▲", "at the beginning of a sentence: it became harder"),
    ("↻", "a notice goes out once more, or a promise is renewed"),
    ("▐", "at the side: how far down what is seen stands"),
    ("✎", "an answer is begun and not sent"),
    ("▸", "folded: what only repeats an earlier message"),
    ("⏎", "the Enter key; within a text, a line break"),
    ("⟨⟩", "a character that cannot be seen, by its number: it may turn a text round"),
    ("…", "there is more than fits"),
    ("–", "nobody, or nothing recorded"),
)
"""What every sign on the board means; one may mean another thing elsewhere, and is said twice."""

BARS: Final = (
    ("▁▄█", "cover: a cell an hour, as high as people are in"),
    ("░", "cover: scheduled, and out; in a bar of progress: what is still to come"),
    ("!", "cover: a gap, open hours of the calendar that nobody covers"),
    ("━╌", "time: the share of the hours that went to customers, and the rest"),
    ("83 ▏17", "time: percent for customers, before the rest that is internal work"),
    ("4 of 6 in", "people who are in, of those who are scheduled now"),
    ("12", "behind a person: their tickets in the queue"),
    ("1h44", "hours and minutes: left until the end of hours, or until an answer is due"),
    ("> 48 h", "more than that, or longer than is looked ahead"),
    ("┃│┆║", "beside a message: the customer, us, a note for us alone, and who else wrote"),
)
"""What the bars and numbers mean."""


NONE_OF_ONES_OWN: Final[Mapping[str, Command]] = {}


class HelpScreen(OverPage):
    """Shows the help."""

    NAME = "help"
    LEAVING = ("back", "quit", "help")
    BINDINGS = bindings_of("help")

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        role = below.situation().role
        first = () if role is None else FIRST_OF.get(role, ())
        own = {name: each.command for name, each in self.context.own.items()}
        self._page = Page(_HelpText(self.context.keys, below.words, first, own), id="help")

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        yield self._page

    def mover(self) -> Page:
        """Return the page."""
        return self._page


class _HelpText(Widget):
    """The text, wrapped to the width there is."""

    def __init__(
        self, keys: Keys, words: Vocabulary, first: Sequence[str], own: Mapping[str, Command]
    ) -> None:
        super().__init__()
        self._own = own
        self._words = words
        self._keys = keys
        self._first = first

    def render(self) -> Content:
        cells = self.size.width
        lines = help_lines(self._keys, self._words, cells, self._first, self._own)
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        self.refresh(layout=True)


def help_lines(
    keys: Keys,
    words: Vocabulary,
    cells: int,
    first: Sequence[str] = (),
    own: Mapping[str, Command] = NONE_OF_ONES_OWN,
) -> Iterator[Content]:
    """Yield the lines of the whole page, each at most ``cells`` wide.

    ``words`` are those of the policy in force. ``first`` are the commands that whoever reads has
    most use for, which stand at the top, too; ``own`` are the person's own commands.
    """
    about = "The board always shows the one ticket that comes first, and why it is that one."
    yield from content([(about, "strong"), (" Esc leaves this page.", "dim")]).wrap(max(1, cells))
    if first:
        yield from _heading("Yours to do")
        for name in first:
            yield from _command_lines(ALL_COMMANDS[name], keys, cells)
    every = (*ALL_COMMANDS.values(), *own.values())
    for group, commands in groupby(every, key=lambda command: command.group):
        yield from _heading(group)
        for command in commands:
            yield from _command_lines(command, keys, cells)
    yield from _heading("The words of the filter")
    for example, meaning in _filters(words):
        yield from hanging((example, "strong"), [(meaning, "dim")], _EXAMPLE_WIDTH, cells)
    if words.tiers:
        yield from _heading("The tiers, as short as in the list")
        tiers = ", ".join(
            f"{words.tier_badge(tier)} {words.tier_name(tier)}" for tier in words.tiers
        )
        yield from content([(tiers, "dim")]).wrap(max(1, cells))
    yield from _heading("Every sign")
    for sign, meaning in SIGNS:
        yield from hanging((sign, "mark"), [(meaning, "dim")], _SIGN_WIDTH, cells)
    yield from _heading("Bars and numbers")
    for sign, meaning in BARS:
        yield from hanging((sign, "strong"), [(meaning, "dim")], _BAR_WIDTH, cells)
    yield Content()
    last = "The keys can be changed in the config file; see the README."
    yield from content([(last, "dim")]).wrap(max(1, cells))


def _filters(words: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield examples of a filter, in the policy's own words, and what they mean."""
    field, known = ("tier", words.paying or words.tiers) if words.tiers else ("p", words.priorities)
    least = (*known, *words.tiers[-1:], *words.internal[:1])[-1:]
    if known:
        alike = "one or the other; priority: (or p:), severity:, status: alike"
        yield f"{field}:{','.join(known[:2])}", alike
    for name, kind in words.facts[:1]:
        yield (
            example_of_fact(name, kind),
            "every fact of the policy alike; none: nothing said of it",
        )
    yield "assignee:me", "also nobody, or a login"
    yield "is:away", "whoever has it is away, so that it counts as nobody's"
    yield "is:late", "our answer, or an update, is overdue"
    if least:
        yield f"-{field}:{least[0]}", "a minus leaves out"
    yield "status:pending", "also looks beyond the queue"
    yield 'login "exact words"', "words of subject, customer and description"


def _command_lines(command: Command, keys: Keys, cells: int) -> Iterator[Content]:
    named = keys.get(command.id, command.keys)
    shown = (" ".join(display(key) for key in named), "key")
    title = f"{command.title}. " if command.group is not CommandGroup.MOVE else ""
    yield from hanging(shown, [(title, "strong"), (command.help, "dim")], _KEYS_WIDTH, cells)


def _heading(title: str) -> list[Content]:
    return [Content(), content([(title, "heading")])]

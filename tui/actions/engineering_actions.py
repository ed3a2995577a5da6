"""The engineer's view: its commands, and what was asked and said in words."""

from collections.abc import Mapping
from typing import Final

from policy.engineering.wording import in_words
from policy.refusal import one_of
from policy.words import Action
from store.read_models import Event
from tui.actions.declaration import Command, CommandGroup, never
from tui.actions.timeline_words import Describe, Facts, noted

ENGINEERS_COMMANDS: Final = {
    command.id: command
    for command in (
        Command(
            id="decide",
            title="Decide the timing",
            label="decide",
            keys=("enter",),
            tooltip="Review the ticket and decide its timing, with a note",
            help="Reviews the ticket under the cursor and decides its timing, with a note for"
            " support. Every timing of the policy also has a key of its own, named at the bottom.",
            typed=("review", "review --note", "review --on"),
            group=CommandGroup.ENGINEERS,
            action=Action.REVIEW,
            unusable=never,
        ),
        Command(
            id="ask_support",
            title="Back to support",
            label="ask",
            keys=("a",),
            tooltip="Send the ticket back with the question what is missing",
            help="Sends the ticket under the cursor back to support with a question: what is"
            " missing to decide.",
            typed=("review --question",),
            group=CommandGroup.ENGINEERS,
            action=Action.REVIEW,
            unusable=never,
        ),
        Command(
            id="unfold",
            title="Unfold",
            label="unfold",
            keys=("space",),
            tooltip="Show long answers in full, or short again",
            help="Shows long answers of the context in full, or so short that all are seen at"
            " once.",
            typed=("context",),
            group=CommandGroup.ENGINEERS,
            unusable=never,
        ),
    )
}
"""Every command of the engineer's view by its id, in the order in which help lists them."""

SHARED_WITH_ENGINEERS: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "engineers_view", "comment", "capacity", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good in the engineer's view; Space unfolds there."""


def _context_filled(before: Facts, after: Facts, event: Event) -> str:
    had, has = _context(before), _context(after)
    gone = [name for name in had if name not in has]
    written = [name for name, text in has.items() if had.get(name) != text]
    if not written and gone:
        return f"cleared {_names(gone)} in the context for engineering"
    cleared = f", and cleared {_names(gone)}" if gone else ""
    return f"filled in {_names(written) or event.note} for engineering{cleared}"


def _context(facts: Facts) -> Facts:
    context = facts.get("context")
    return context if isinstance(context, dict) else {}


def _names(names: list[str]) -> str:
    return one_of(map(in_words, names), "and")


def _handed_over(_: Facts, __: Facts, ___: Event) -> str:
    return "handed it over to engineering"


def _escalated(_: Facts, __: Facts, event: Event) -> str:
    return f"asked engineering to drop everything: it cannot wait a day, because {event.note}"


def _can_wait(_: Facts, __: Facts, event: Event) -> str:
    return f"said that it can wait a day{noted(event)}"


def _reviewed(_: Facts, after: Facts, event: Event) -> str:
    review = after.get("review")
    said = review if isinstance(review, dict) else {}
    day = f" for {said['scheduled_for']}" if said.get("scheduled_for") else ""
    return f"decided the timing: {in_words(str(said.get('timing')))}{day}{noted(event)}"


def _sent_back(_: Facts, __: Facts, event: Event) -> str:
    return f"sent it back to support{noted(event)}"


ENGINEERING: Final[Mapping[str, Describe]] = {
    "context_filled": _context_filled,
    "handed_over": _handed_over,
    "escalated": _escalated,
    "can_wait": _can_wait,
    "reviewed": _reviewed,
    "sent_back": _sent_back,
}
"""How the events of each kind are said."""

"""What was asked of engineering and what it said, in words."""

from collections.abc import Mapping
from typing import Final

from policy.engineering_words import in_words
from policy.sentences import one_of
from store.views import Event
from tui.happenings.words import Describe, Facts, noted


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

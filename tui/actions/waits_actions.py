"""Waits: the commands of their screen, and what customers were told in words."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from policy.words import Action
from store.read_models import Event
from tui.actions.declaration import Command, CommandGroup, never
from tui.actions.only_here import OnlyHere
from tui.actions.timeline_words import Describe, Facts, noted, when

_of_waits = partial(Command, group=CommandGroup.WAITS, unusable=never, action=Action.SEND_WAITS)

WAITS_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_waits(
            id="send",
            title="Send",
            label="send",
            keys=("s",),
            tooltip="Send what is marked, or else the one under the cursor",
            help="Sends the notices that are marked, or else the one under the cursor,"
            " in ten seconds.",
            typed=("waits send",),
        ),
        _of_waits(
            id="send_all",
            title="Send all",
            label="send all",
            keys=("S",),
            tooltip="Send every draft, in ten seconds",
            help="Sends every draft, in ten seconds.",
            typed=("waits send --all",),
        ),
        _of_waits(
            id="take_back",
            title="Take back",
            label="take back",
            keys=("u",),
            tooltip="Keep a notice from going out that has not gone yet",
            help="Takes back the notice under the cursor, or else all that have not gone out yet.",
            typed=("waits take-back",),
        ),
        _of_waits(
            id="mark_draft",
            title="Mark",
            label="mark",
            keys=("space",),
            tooltip="Mark the draft, to be sent with others",
            help="Marks a draft to be sent.",
            action=None,
            typed=OnlyHere("several drafts are several requesters in one command"),
        ),
        _of_waits(
            id="edit",
            title="Edit",
            label="edit",
            keys=("e",),
            tooltip="Change subject and body of the draft",
            help="Edits subject and body of a draft.",
            typed=("waits send --edit", "waits draft --edit"),
        ),
        _of_waits(
            id="copy_notice",
            title="Copy",
            label="copy",
            keys=("y",),
            tooltip="Put the notice on the clipboard",
            help="Copies a notice to the clipboard, to send it some other way.",
            action=None,
            typed=("waits send --dry-run",),
        ),
        _of_waits(
            id="by_hand",
            title="Sent by hand",
            label="sent by hand",
            keys=("m",),
            tooltip="Write down that it was sent some other way",
            help="Writes down that the marked drafts, or the one under the cursor, were"
            " sent by hand.",
            typed=("waits send --by-hand",),
        ),
        _of_waits(
            id="retry",
            title="Try again",
            label="try again",
            keys=("r",),
            tooltip="Send once more what could not be delivered",
            help="Sends a notice that could not be delivered once more.",
            typed=("waits retry",),
        ),
        _of_waits(
            id="arrived",
            title="It did arrive",
            label="did arrive",
            keys=("a",),
            tooltip="Write down that a notice in doubt was taken after all",
            help="Writes down that a notice of which nobody knew whether it arrived did: the mail"
            " server's log has it.",
            typed=("waits taken",),
        ),
    )
}
"""Every command of the waits screen by its id, in the order in which help lists them."""

SHARED: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "waits", "capacity", "help", "palette", "theme", "quit"),
)
"""The board's commands that are as good on the waits screen."""


def _wait_promised(_: Facts, after: Facts, event: Event) -> str:
    promised = _promised(after, event)
    what = f"that {promised}" if promised else "that no time is known yet"
    return f"sent the requester notice that they wait, and {what}"


def _wait_taken_back(_: Facts, __: Facts, ___: Event) -> str:
    return "took the notice about the wait back before it went out"


def _wait_told(_: Facts, after: Facts, event: Event) -> str:
    promised = _promised(after, event)
    what = promised or "they wait"
    return f"delivered the notice that {what}{noted(event)}"


def _wait_undeliverable(_: Facts, __: Facts, event: Event) -> str:
    return f"could not deliver the notice about the wait{noted(event)}"


def _wait_in_doubt(_: Facts, __: Facts, event: Event) -> str:
    return f"does not know whether the notice about the wait arrived{noted(event)}"


def _promised(after: Facts, event: Event) -> str:
    """Return what was promised: an answer, as older notices did an arrival."""
    answer = when(after.get("expect_by"), event)
    if answer:
        return f"they have an answer by {answer}"
    arrives = when(after.get("arrive_at"), event)
    return f"help arrives by {arrives}" if arrives else ""


def _wait_cancelled(_: Facts, __: Facts, ___: Event) -> str:
    return "made the notice about the wait needless, as the reply came first"


def _wait_retried(_: Facts, __: Facts, ___: Event) -> str:
    return "sent the notice about the wait on its way once more"


WAITS: Final[Mapping[str, Describe]] = {
    "wait_promised": _wait_promised,
    "wait_taken_back": _wait_taken_back,
    "wait_told": _wait_told,
    "wait_undeliverable": _wait_undeliverable,
    "wait_cancelled": _wait_cancelled,
    "wait_retried": _wait_retried,
    "wait_in_doubt": _wait_in_doubt,
}
"""How the events of each kind are said."""

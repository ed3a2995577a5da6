"""The commands of the waits screen, declared once like the board's; they have keys of their own."""

from typing import Final

from policy.words import Action
from tui.commands.declaration import Command, Group, never


def _of_waits(
    id: str,  # noqa: A002 - as in Command
    title: str,
    label: str,
    keys: tuple[str, ...],
    help: str,  # noqa: A002 - as in Command
    *,
    looks_only: bool = False,
) -> Command:
    return Command(
        id=id,
        title=title,
        label=label,
        keys=keys,
        tooltip=title,
        help=help,
        group=Group.WAITS,
        unusable=never,
        action=None if looks_only else Action.SEND_WAITS,
    )


WAITS_COMMANDS: Final = {
    command.id: command
    for command in (
        _of_waits(
            "send",
            "Send",
            "send",
            ("s",),
            "Sends the notices that are marked, or else the one under the cursor, in ten seconds.",
        ),
        _of_waits("send_all", "Send all", "send all", ("S",), "Sends every draft, in ten seconds."),
        _of_waits(
            "take_back",
            "Take back",
            "take back",
            ("u",),
            "Takes back the notice under the cursor, or else all that have not gone out yet.",
        ),
        _of_waits(
            "mark_draft",
            "Mark",
            "mark",
            ("space",),
            "Marks a draft to be sent.",
            looks_only=True,
        ),
        _of_waits("edit", "Edit", "edit", ("e",), "Edits subject and body of a draft."),
        _of_waits(
            "copy_notice",
            "Copy",
            "copy",
            ("y",),
            "Copies a notice to the clipboard, to send it some other way.",
            looks_only=True,
        ),
        _of_waits(
            "by_hand",
            "Sent by hand",
            "sent by hand",
            ("m",),
            "Writes down that the marked drafts, or the one under the cursor, were sent by hand.",
        ),
        _of_waits(
            "retry",
            "Try again",
            "try again",
            ("r",),
            "Sends a notice that could not be delivered once more.",
        ),
    )
}
"""Every command of the waits screen by its id, in the order in which help lists them."""

SHARED: Final = (
    *("down", "up", "page_down", "page_up", "first", "last"),
    *("back", "waits", "capacity", "help", "theme", "quit"),
)
"""The board's commands that are as good on the waits screen."""

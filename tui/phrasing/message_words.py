"""Messages in words: who wrote what, to whom, and how far ours have come."""

from typing import Final

from policy.conversation.messages import Attachment, ConversationMessage, MessageState
from policy.intake.conversation import MessageRole
from tui.phrasing.text import plain_line

_KINDS: Final = {
    MessageRole.CUSTOMER: "the customer",
    MessageRole.US: "our answer",
    MessageRole.OTHER: "somebody else",
    MessageRole.PROGRAM: "a program",
}
_STATES: Final = {
    MessageState.SENDING: "on its way",
    MessageState.FAILED: "not sent",
}
_KILO: Final = 1_000
_UNITS: Final = ("bytes", "kB", "MB", "GB")
_WHOLE_FROM: Final = 10


def kind_of(message: ConversationMessage) -> str:
    """Return whose word a message is, and whether the customer can read it."""
    if message.public:
        return _KINDS[message.role]
    who = "" if message.role is MessageRole.US else f" of {_KINDS[message.role]}"
    return f"internal note{who}"


def state_of(message: ConversationMessage) -> str:
    """Return how far one of ours has come, in a word or two; nothing once it is there."""
    return _STATES.get(message.state, "")


def size_in_words(size: int) -> str:
    """Return how large a file is, as people say it: ``3.1 MB``."""
    amount, units = float(size), iter(_UNITS)
    unit = next(units)
    for larger in units:
        if amount < _KILO:
            break
        amount, unit = amount / _KILO, larger
    shown = f"{amount:.1f}" if amount < _WHOLE_FROM and unit != "bytes" else f"{amount:.0f}"
    return f"{shown} {unit}"


def attachment_words(attachment: Attachment) -> str:
    """Return a file's name, kind and size in one harmless line."""
    kind = plain_line(attachment.media_type) or "of no said kind"
    return f"{plain_line(attachment.name)}, {kind}, {size_in_words(attachment.size)}"

"""What commands tell of a conversation and of connections, in words and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from policy.conversation.messages import Attachment, ConversationMessage, MessageState, written_by
from policy.intake.conversation import MessageRole
from policy.ticket import Ticket
from tui.cli.render.printing import Printer
from tui.cli.render.ticket_documents import Document, instant
from tui.cli.render.ticket_lines import headline
from tui.phrasing import times
from tui.phrasing.message_words import attachment_words
from tui.phrasing.text import plain_block, plain_line

_WHO: Final = {
    MessageRole.CUSTOMER: "the customer",
    MessageRole.US: "us",
    MessageRole.OTHER: "somebody else",
    MessageRole.PROGRAM: "a program",
}


def message_document(message: ConversationMessage) -> Document:
    """Return one message of a conversation."""
    return {
        "id": message.id,
        "at": instant(message.at),
        "from": written_by(message),
        "role": message.role,
        "public": message.public,
        "text": message.text,
        "attachments": [
            {"name": each.name, "type": each.media_type, "size": each.size}
            for each in message.attachments
        ],
        "state": message.state,
    }


def tell_conversation(
    out: Printer, ticket: Ticket, messages: Sequence[ConversationMessage], now: datetime
) -> None:
    """Print a ticket's conversation, the first message first."""
    out.line(*headline(ticket, out.words))
    if not messages:
        out.say("Nothing was written in it yet.")
    for message in messages:
        out.line(("", ""))
        said_at = times.at(message.at, now, out.zone)
        out.line((plain_line(written_by(message)), "strong"), (f" · {said_at}", "dim"),
                 (f" · {_kind(message)}", "dim"))  # fmt: skip
        for line in plain_block(message.text).splitlines():
            out.line((f"  {line}", ""))
        for each in message.attachments:
            out.line((plain_line(f"  attached: {each.name}, {each.size:,} bytes"), "dim"))
        if message.outcome and message.state is not MessageState.SENT:
            out.line((plain_line(f"  {message.outcome}"), "late"))
        if message.state is MessageState.FAILED:
            out.line((f"  --send-again {message.id} or --drop {message.id} decides it", "dim"))


def attachment_document(
    number: int, message: ConversationMessage, attachment: Attachment, where: Path | None
) -> Document:
    """Return a file that came with a message; ``file`` is where it was saved, null where not."""
    return {
        "number": number,
        "message": message.id,
        "at": instant(message.at),
        "from": written_by(message),
        "name": attachment.name,
        "type": attachment.media_type,
        "size": attachment.size,
        "file": None if where is None else str(where),
    }


def tell_attachments(
    out: Printer,
    ticket: Ticket,
    found: Sequence[tuple[int, ConversationMessage, Attachment]],
    where: Path | None,
) -> None:
    """Print the files of a ticket's messages, or where the one that was saved is."""
    if where is not None:
        out.say(f"It is in {where}.")
        return
    out.line(*headline(ticket, out.words))
    if not found:
        out.say("Nothing is attached to any message.")
    for number, message, each in found:
        out.line(
            (f"{number:>3}  ", "strong"), (attachment_words(each), ""),
            (plain_line(f" · {written_by(message)}"), "dim"),
        )  # fmt: skip


def _kind(message: ConversationMessage) -> str:
    who = _WHO[message.role] if message.public else f"internal, {_WHO[message.role]}"
    if message.state in (MessageState.RECEIVED, MessageState.SENT):
        return who
    return f"{who}, {message.state}"

"""What commands tell of a conversation and of connections, in words and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from policy.conversation.messages import ConversationMessage, MessageState, written_by
from policy.intake.conversation import MessageRole
from policy.ticket import Ticket
from tui.cli.render.printing import Printer
from tui.cli.render.ticket_documents import Document, instant
from tui.cli.render.ticket_lines import headline
from tui.phrasing import times
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


def _kind(message: ConversationMessage) -> str:
    who = _WHO[message.role] if message.public else f"internal, {_WHO[message.role]}"
    if message.state in (MessageState.RECEIVED, MessageState.SENT):
        return who
    return f"{who}, {message.state}"

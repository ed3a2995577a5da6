"""A conversation from outside: who wrote when, and what that says of who waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageRole(StrEnum):
    """Who wrote a message; a program's is nobody's word, and answers nobody."""

    CUSTOMER = "customer"
    US = "us"
    OTHER = "other"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Message:
    """One contribution to a conversation, as far as it tells who waits; ``at`` is UTC."""

    at: datetime
    role: MessageRole
    public: bool = True


@dataclass(frozen=True, slots=True)
class ConversationTimes:
    """Our first and our newest answer and the customer's last word, UTC; None where there is none.

    The fields bear the names that they have in an incoming ticket.
    """

    first_response_at: datetime | None = None
    last_response_at: datetime | None = None
    last_customer_message_at: datetime | None = None


def conversation_times(messages: Iterable[Message], received_at: datetime) -> ConversationTimes:
    """Give what a conversation says of a ticket that came at ``received_at`` (UTC).

    "First response and the customer's last word come from the messages: public ones of people,
    not of programs." What opens the ticket is the question, even where one of us wrote it down.
    """
    public = [message for message in messages if message.public]
    ours = [each.at for each in public if each.role is MessageRole.US and each.at > received_at]
    theirs = [each.at for each in public if each.role is MessageRole.CUSTOMER]
    return ConversationTimes(
        min(ours, default=None), max(ours, default=None), max(theirs, default=None)
    )


def written_by_customer(messages: Iterable[Message]) -> tuple[datetime, ...]:
    """Give when the customer wrote (UTC), the first time first."""
    theirs = (each.at for each in messages if each.public and each.role is MessageRole.CUSTOMER)
    return tuple(sorted(theirs))

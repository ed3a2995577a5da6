"""What a person did here that a connection is to hear of: from the moment it is done to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from policy.words import Status


class StepKind(StrEnum):
    """What a person did here that its help desk is to hear of."""

    ASSIGN = "assign"
    STATUS = "status"
    PRIORITY = "priority"
    ANSWER = "answer"
    NOTE = "note"


MESSAGE_KINDS: Final = frozenset({StepKind.ANSWER, StepKind.NOTE})
"""The steps that write something, which cannot be made undone over there."""


class StepState(StrEnum):
    """How far an outgoing step has come."""

    QUEUED = "queued"
    SENDING = "sending"
    """Somebody has it, or had it and stopped before they could say what came of it."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good: a person decides what becomes of it."""
    TAKEN_BACK = "taken_back"
    """Taken back here before it went out, or overruled by what was changed over there."""


UNSENT: Final = frozenset({StepState.QUEUED, StepState.SENDING})
"""The states in which a step is still to go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingStep:
    """One step of a person's on its way to a help desk.

    ``mark`` is unique and stays the same at every attempt. ``author`` is the login of the person
    whose step it is, ``author_name`` how they are called, ``author_email`` their address. ``text``
    is that of an answer or note; ``status``, ``assignee`` (a login of the team; None for nobody)
    and ``priority`` what is set; an answer may set a status with it. ``answers`` is the Message-ID
    of the mail that is answered, where it is known, and ``attempts`` counts this one. ``cursor``
    is how far the connection has been read by now, as its help desk understands it.
    """

    mark: str
    kind: StepKind
    external_id: str
    author: str
    made_at: datetime
    author_name: str = ""
    author_email: str | None = None
    text: str = ""
    status: Status | None = None
    assignee: str | None = None
    assignee_email: str | None = None
    priority: str | None = None
    answers: str | None = None
    attempts: int = 0
    cursor: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedStep:
    """A step of ours that a connection refused for good, and why."""

    kind: StepKind
    connection: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedStep:
    """A step that somebody has taken on to write it now, by its number in the outbox.

    ``in_doubt_since`` is when an earlier attempt began (UTC) of which nobody knows whether it
    arrived, None when it is certain that none did.
    """

    id: int
    ticket: int
    step: OutgoingStep
    in_doubt_since: datetime | None = None

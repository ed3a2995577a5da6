"""What Zendesk's exports tell of a ticket's conversation: its comments, audits and metric sets."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from policy.intake.conversation import Message, MessageRole, conversation_times
from policy.intake.limits import FIRST_YEAR, LAST_YEAR

Json = Mapping[str, object]

_MESSAGES: Final = frozenset({"Comment", "VoiceComment", "FacebookComment"})
_PROGRAMS: Final = frozenset({"rule", "system"})
_PROGRAM_OF_ITS_OWN: Final = "answer_bot"
_NOBODY: Final = "-1"
_AT_ONCE: Final = timedelta(seconds=2)
_DECIDED: Final = frozenset({"solved", "closed"})
_ROLES: Final = {
    "end-user": MessageRole.CUSTOMER,
    "agent": MessageRole.US,
    "admin": MessageRole.US,
}


class Note(NamedTuple):
    """One thing that was noted of a ticket; plain values, to be kept as JSON.

    ``what`` is ``message``, ``hidden`` (the message ``key`` is no longer public) or a status.
    """

    what: str
    at: str
    key: str
    author: str = ""
    public: bool = True
    program: bool = False


@dataclass(slots=True)
class TicketEvidence:
    """All that a file has on one ticket's conversation, from wherever it stands in the file."""

    notes: list[Note] = field(default_factory=list)
    metrics: Json | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.notes) or self.metrics is not None


def notes_of_comment(comment: Json) -> Iterator[Note]:
    """Give what a comment says, as Zendesk lists them for a ticket."""
    yield from _noted(comment, "type", {"type": "Comment"})


def notes_of_audit(audit: Json) -> Iterator[Note]:
    """Give what an audit says, a change of a ticket with its events."""
    for event in _objects(audit.get("events")):
        yield from _noted(event, "type", audit)


def notes_of_ticket_event(change: Json) -> Iterator[Note]:
    """Give what a change says as the incremental export has it, with or without its comments."""
    whole = {**change, "author_id": change.get("updater_id")}
    if "created_at" not in whole:
        whole["created_at"] = change.get("timestamp")
    for event in _objects(change.get("child_events")):
        yield from _noted(event, "event_type", whole)


def _noted(event: Json, kind_at: str, within: Json) -> Iterator[Note]:
    """Give what an event says; what it does not say itself is what the change around it says."""
    kind = str(event.get(kind_at) or within.get("type"))
    at = _written(event.get("created_at") or within.get("created_at"))
    key = str(event.get("id"))
    if kind in _MESSAGES and at is not None:
        author = event.get("author_id", within.get("author_id"))
        via = event.get("via") or within.get("via")
        public = event.get("public", event.get("comment_public", True))
        yield Note("message", at, key, str(author), public is not False, is_program(via, author))
    elif kind == "CommentPrivacyChange" and event.get("public") is False:
        yield Note("hidden", at or "", str(event.get("comment_id")))
    elif kind in ("Change", "Create") and at is not None:
        status = event.get("value") if event.get("field_name") == "status" else event.get("status")
        if isinstance(status, str):
            yield Note(status, at, key)


def times_told(
    ticket: Json, evidence: TicketEvidence, role_of: Callable[[str], MessageRole | None]
) -> dict[str, datetime | None]:
    """Give the times of answers and of the customer's last word that the evidence tells of.

    What it does not tell of is left out; None says that there is none. Comments and audits that do
    not go back to the ticket's beginning tell of what they have, never that there was nothing.
    """
    received_at = _time(ticket.get("created_at"))
    if received_at is None or not evidence:
        return {}
    talk = _Talk(ticket, evidence.notes, received_at)
    told = conversation_times(talk.messages(role_of), received_at)
    measured = _measured(evidence.metrics or {}, received_at)
    times: dict[str, datetime | None] = {}
    first = told.first_response_at if talk.is_whole else None
    _put(times, "first_response_at", first, measured, talk)
    _put(times, "last_response_at", told.last_response_at, measured, talk)
    if times.get("last_response_at", received_at) is None and times.get("first_response_at"):
        del times["last_response_at"]  # an answer is known of, and when the newest was is not
    written = told.last_customer_message_at
    if not talk.is_whole and (seen := measured.get("last_customer_message_at")) is not None:
        written = max(written or seen, seen)
    _put(times, "last_customer_message_at", written, measured, talk)
    solved_at = measured.get("solved_at") or talk.solved_at
    if str(ticket.get("status")) not in _DECIDED:
        times["solved_at"] = None
    elif solved_at is not None:
        times["solved_at"] = solved_at
    return times


class _Talk:
    """The notes on one ticket, each message once, and how much of the conversation they are."""

    def __init__(self, ticket: Json, notes: Iterable[Note], received_at: datetime) -> None:
        self._ticket = ticket
        self._received_at = received_at
        every = list(notes)
        self._hidden = {note.key for note in every if note.what == "hidden"}
        self._messages = {note.key: note for note in every if note.what == "message"}
        self._decided = [note for note in every if note.what in _DECIDED]

    @property
    def is_whole(self) -> bool:
        """Whether it begins when the ticket does, and has as many comments as the ticket says."""
        said = self._ticket.get("comment_count")
        if isinstance(said, int) and said > len(self._messages):
            return False
        return any(self._is_opening(_moment(note)) for note in self._messages.values())

    @property
    def solved_at(self) -> datetime | None:
        """When it was solved last, or closed where it was never solved."""
        solved = [_moment(note) for note in self._decided if note.what == "solved"]
        return max(solved or map(_moment, self._decided), default=None)

    def messages(self, role_of: Callable[[str], MessageRole | None]) -> Iterator[Message]:
        """Give the messages, each with whose it is; a stranger's counts as the customer's."""
        requester = str(self._ticket.get("requester_id"))
        staff = {note.author for note in self._messages.values() if not note.public}
        staff.add(str(self._ticket.get("assignee_id")))
        for note in self._messages.values():
            at = _moment(note)
            yield Message(
                at=self._received_at if self._is_opening(at) else at,
                role=_role(note, requester, staff, role_of),
                public=note.public and note.key not in self._hidden,
            )

    def _is_opening(self, at: datetime) -> bool:
        return at - self._received_at <= _AT_ONCE


def _role(
    note: Note,
    requester: str,
    staff: Collection[str],
    role_of: Callable[[str], MessageRole | None],
) -> MessageRole:
    if note.program:
        return MessageRole.PROGRAM
    if note.author == requester:
        return MessageRole.CUSTOMER
    known = role_of(note.author)
    if known is not None:
        return known
    return MessageRole.US if note.author in staff else MessageRole.CUSTOMER


def role_named(name: object) -> MessageRole | None:
    """Give whose messages those of a person are who has this role in Zendesk, or None."""
    return _ROLES.get(name) if isinstance(name, str) else None


def _put(
    times: dict[str, datetime | None],
    name: str,
    told: datetime | None,
    measured: Mapping[str, datetime | None],
    talk: _Talk,
) -> None:
    """Note a time: what the messages tell, else what was measured, else nothing if all is told."""
    if told is not None:
        times[name] = told
    elif name in measured:
        times[name] = measured[name]
    elif talk.is_whole:
        times[name] = None


def _measured(metrics: Json, received_at: datetime) -> dict[str, datetime | None]:
    """Give what a metric set tells: of the newest answer only where there was at most one.

    Its newest comment may be an internal note, which answers nobody.
    """
    times: dict[str, datetime | None] = {}
    replies = metrics.get("replies")
    first = None if replies == 0 else _first_reply(metrics, received_at)
    if first is not None or replies == 0:
        times["first_response_at"] = first
        if replies in (0, 1):
            times["last_response_at"] = first
    if (written := _time(metrics.get("requester_updated_at"))) is not None:
        times["last_customer_message_at"] = written
    times["solved_at"] = _time(metrics.get("solved_at"))
    return times


def _first_reply(metrics: Json, received_at: datetime) -> datetime | None:
    for name, unit in (("reply_time_in_seconds", 1), ("reply_time_in_minutes", 60)):
        taken = metrics.get(name)
        calendar = taken.get("calendar") if isinstance(taken, Mapping) else None
        if isinstance(calendar, int) and not isinstance(calendar, bool) and calendar >= 0:
            with suppress(OverflowError):
                return _within_reach(received_at + timedelta(seconds=calendar * unit))
    return None


def is_program(via: object, author: object) -> bool:
    """Say whether what came this way, from an author of this id, is the word of a program."""
    channel = via.get("channel") if isinstance(via, Mapping) else via
    word = channel.casefold() if isinstance(channel, str) else ""
    return word in _PROGRAMS or word.startswith(_PROGRAM_OF_ITS_OWN) or str(author) == _NOBODY


def _objects(value: object) -> Iterator[Json]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each


def _written(value: object) -> str | None:
    moment = _time(value)
    return None if moment is None else moment.isoformat()


def _moment(note: Note) -> datetime:
    return datetime.fromisoformat(note.at)


def _time(value: object) -> datetime | None:
    """Give a time that Zendesk wrote, in UTC: ISO 8601, or seconds since 1970; else None."""
    with suppress(ValueError, OverflowError, OSError):
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value, UTC)
        else:
            return None
        return _within_reach(moment)
    return None


def _within_reach(moment: datetime) -> datetime | None:
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None

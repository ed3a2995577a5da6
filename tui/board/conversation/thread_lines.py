"""A conversation as lines of the screen, the last message first, made no sooner than they are seen.

Who wrote what is told apart in words, and by the sign and its colour at the left of every line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from textual.content import Content

from policy.conversation.messages import ConversationMessage, MessageState, written_by
from policy.conversation.quotes import Passage, passages
from policy.intake.conversation import MessageRole
from tui.board.widgets.styles import Span, content, spans_width
from tui.phrasing import times
from tui.phrasing.message_words import attachment_words, kind_of, state_of
from tui.phrasing.text import plain_block, plain_line

_GUTTER: Final = 2
_FOLDED_FROM: Final = 3
"""How many quoted lines are worth a line that says they are folded."""

_TOLD: Final = (MessageState.FAILED, MessageState.SENDING)
"""In which states of a message its outcome is of use: once it was sent, it is not."""

_INTERNAL: Final = "soon"
_SIGNS: Final = {
    MessageRole.CUSTOMER: ("┃ ", "frame"),
    MessageRole.US: ("│ ", "dim"),
    MessageRole.OTHER: ("┆ ", "dim"),
    MessageRole.PROGRAM: ("┆ ", "rule"),
}
_NAMES: Final = {
    MessageRole.CUSTOMER: "bright",
    MessageRole.US: "strong",
    MessageRole.OTHER: "strong",
    MessageRole.PROGRAM: "dim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLook:
    """How a conversation is drawn: as of ``now`` (UTC), times in ``zone``, lines of ``cells``.

    ``folded`` says that what only repeats an earlier message is one line; ``fold_key`` is the key
    that changes it. ``opening`` is the id of the first message, None while it is not known, and
    ``outcomes`` whether it is said beneath a message of ours why it did not go out.
    """

    now: datetime
    zone: tzinfo | None
    cells: int
    folded: bool
    fold_key: str
    opening: int | None = None
    outcomes: bool = True


def thread_lines(messages: Iterable[ConversationMessage], look: ThreadLook) -> Iterator[Content]:
    """Yield the lines of messages, an empty one between two."""
    for number, message in enumerate(messages):
        if number:
            yield Content()
        yield from message_lines(message, look)


def message_lines(message: ConversationMessage, look: ThreadLook) -> Iterator[Content]:
    """Yield the lines of one message: who, when and what it is, its text, what is attached."""
    sign = _sign(message)
    yield from _hung(sign, _heading(message, look), look.cells)
    if look.outcomes and message.outcome and message.state in _TOLD:
        role = "late" if message.state is MessageState.FAILED else "dim"
        yield from _hung(sign, [(f"! {plain_line(message.outcome)}", role)], look.cells)
    quiet = "dim" if message.role is MessageRole.PROGRAM else ""
    for passage in passages(message.text.strip("\n"), opens=message.id == look.opening):
        yield from _passage(passage, sign, quiet, look)
    if message.more:
        said = f"… and {message.more:,} more characters: numberone messages {message.ticket}"
        yield from _hung(sign, [(said, "dim")], look.cells)
    for each in message.attachments:
        yield from _hung(sign, [("attached: ", "dim"), (attachment_words(each), "")], look.cells)


def _sign(message: ConversationMessage) -> Span:
    sign, role = _SIGNS[message.role]
    return (sign, role) if message.public else ("║ ", _INTERNAL)


def _heading(message: ConversationMessage, look: ThreadLook) -> list[Span]:
    """Return who, when and what it is; where there is little room, only how long ago."""
    ago = times.ago(message.at, look.now)
    whole = _heading_with(message, f"{times.at(message.at, look.now, look.zone)}, {ago}")
    room = look.cells - _GUTTER
    return whole if spans_width(whole) <= room else _heading_with(message, ago)


def _heading_with(message: ConversationMessage, when: str) -> list[Span]:
    name = _NAMES[message.role] if message.public else _INTERNAL
    kind = "dim" if message.public else _INTERNAL
    spans: list[Span] = [
        (plain_line(written_by(message)), name),
        (f" · {when} · ", "dim"),
        (kind_of(message), kind),
    ]
    if state := state_of(message):
        is_lost = message.state is MessageState.FAILED
        spans.append((f" · {state}", "late-strong" if is_lost else "soon"))
    return spans


def _passage(passage: Passage, sign: Span, quiet: str, look: ThreadLook) -> Iterator[Content]:
    count = len(passage.lines)
    if passage.quoted and look.folded and count >= _FOLDED_FROM:
        said: list[Span] = [
            (f"▸ {count} quoted lines, ", "dim"), (look.fold_key, "key"), (" unfolds", "dim")
        ]  # fmt: skip
        yield from _hung(sign, said, look.cells)
        return
    role = "dim" if passage.quoted else quiet
    lines = passage.lines if passage.quoted else _reflowed(passage.lines, look.cells - _GUTTER)
    for line in _without_runs(lines):
        yield from _hung(sign, [(plain_block(line), role)], look.cells)


def _reflowed(lines: Iterable[str], room: int) -> Iterator[str]:
    """Yield the lines; those that a mail program broke are whole again where they do not fit.

    Only a line of prose as long as such programs make them, which goes on in a small letter, is
    one: what a program printed keeps its lines.
    """
    open_line: str | None = None
    was_broken = False
    for line in lines:
        if open_line is not None and was_broken and line[:1].islower():
            open_line = f"{open_line.rstrip()} {line}"
        else:
            if open_line is not None:
                yield open_line
            open_line = line
        was_broken = len(line) > room and len(line) in _BROKEN_AT and _is_prose(line)
    if open_line is not None:
        yield open_line


def _is_prose(line: str) -> bool:
    """Return whether a line reads as a sentence does, and not as a log or a listing."""
    return len(line.split()) >= _WORDS and not _PRINTED.search(line)


_BROKEN_AT: Final = range(56, 101)
"""How long a line is that a mail program broke, in characters."""

_WORDS: Final = 8
_PRINTED: Final = re.compile(r"[=<>{}|;\\\[\]]|\s\s|^\W|\d:\d")


def _without_runs(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; of several empty ones in a row only the first."""
    before = True
    for line in lines:
        is_empty = not line.strip()
        if not (is_empty and before):
            yield line
        before = is_empty


def _hung(sign: Span, spans: Sequence[Span], cells: int) -> Iterator[Content]:
    """Yield what does not fit into one line in several, each behind the sign."""
    head, room = content([sign]), max(1, cells - _GUTTER)
    text = content(spans)
    if text.cell_length <= room:
        yield head + text
    else:
        yield from (head + line.rstrip() for line in text.wrap(room))

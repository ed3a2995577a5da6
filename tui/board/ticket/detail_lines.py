"""The lines of the ticket pane: what was written, why here, what to do next, facts, history.

"The customer's words come first in the ticket: the last message, then the conversation, then why
it stands here (before what, behind what), what the policy says, facts, history."
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

from textual.content import Content

from policy.conversation.messages import ConversationEnd, ConversationMessage, opening_of
from policy.conversation.steps import RefusedStep
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from store.read_models import Card, Event
from tui.actions import timeline
from tui.board.conversation.thread_lines import ThreadLook, message_lines, thread_lines
from tui.board.widgets.styles import Span, content, hanging, labelled_lines
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.engineering_facts import (
    checklist_lines,
    checklist_title,
    is_begun,
    standing_lines,
)
from tui.phrasing.forecast_words import answer_spans
from tui.phrasing.holder_words import next_step
from tui.phrasing.text import plain_block, plain_line
from tui.phrasing.ticket_facts import FACTS_LABEL, carried_facts, facts

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.waits.forecast import AnswerForecast

_LABEL: Final = 12
_WHEN: Final = 14
"""From how many cells on what happened stands: a column, so that all pages of it are alike."""

_IN_A_COLUMN_FROM: Final = 48
_TWO_COLUMNS_FROM: Final = 62
_GUTTER: Final = 3
_BODY_AT_MOST: Final = 20_000
_LAST_AT_MOST: Final = 120
_LINES_AT_MOST: Final = 240
"""How many lines of the last message, and of the others read, the pane shows; more is elsewhere."""

_ALWAYS_SAID: Final = ("respond by", "update by", "put first", "assignee", "status")
"""The facts that are said while the others are folded, as what to do depends on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadKeys:
    """The keys that the pane names: to fold, show all, decide on a refused answer, and reply."""

    fold: str
    whole: str
    refused: str
    reply: str


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the pane shows of a ticket; ``ready_reply`` is what it may be answered with.

    ``forecast`` is when its customer can expect an answer, None while that is not known.
    """

    card: Card
    ready_reply: str | None
    forecast: "AnswerForecast | None" = None


def detail_lines(detail: Detail, look: ThreadLook, keys: ThreadKeys) -> Iterator[Content]:
    """Yield the lines about a ticket, as it is looked at, but not what happened to it."""
    card, now, zone, cells = detail.card, look.now, look.zone, look.cells
    yield from content([(plain_line(card.ticket.subject), "bright")]).wrap(cells)
    yield from content(_summary(card.ticket, card.words)).wrap(cells)
    yield from _written(card, look, keys)
    yield from _refused_steps(card.refused_steps, cells)
    if card.ticket.declined is not None:
        yield from _refusal(detail, cells)
    else:
        yield from _why_here(card, cells)
        next_one = plain_line(next_step(card, now, zone))
        yield from _section("Next", [(next_one, "strong")], cells)
        yield from _answer(detail, now, zone, cells)
        yield from _draft(detail, cells)
        yield from _engineering(card, now, zone, cells)
        yield from _section("What the policy says", _sentences(card.handling), cells)
    yield from _known(card, look, keys)


def _answer(detail: Detail, now: datetime, zone: tzinfo | None, cells: int) -> Iterator[Content]:
    """Yield when an answer is likely and safe, where that is known."""
    spans = answer_spans(detail.card.ticket, detail.forecast, now, zone)
    if spans:
        yield from content([("An answer is ", ""), *spans, (".", "")]).wrap(cells)


def history_lines(
    history: Sequence[Event], now: datetime, zone: tzinfo | None, cells: int
) -> Iterator[Content]:
    """Yield what happened, as it comes; below each other where a column would leave no room."""
    for event in history:
        when = times.at(event.at, now, zone)
        said = timeline.sentence(event, zone)
        if cells >= _IN_A_COLUMN_FROM:
            yield from hanging((when, "dim"), [(said, "")], _WHEN, cells)
        else:
            first, *further = content([(f"{when}  ", "dim"), (said, "")]).wrap(cells - 2)
            yield first
            yield from (Content("  ") + line for line in further)


def history_title() -> list[Content]:
    """Return what stands above what happened."""
    return [Content(), content([("History", "heading")])]


def earlier_line(count: int) -> list[Content]:
    """Return that so many more things happened before, nothing where none did."""
    if count <= 0:
        return []
    events = "event" if count == 1 else "events"
    return [content([(f"… {count:,} more {events} before these", "dim")])]


def _written(card: Card, look: ThreadLook, keys: ThreadKeys) -> Iterator[Content]:
    """Yield what was written: the last message first, or the description where there is no more."""
    if card.conversation.messages:
        yield from _conversation(card.conversation, look, keys)
        return
    opening = opening_of(card.ticket, card.body)
    yield Content()
    if opening is None:
        yield content([("Nothing was written in it.", "dim")])
        return
    look = replace(look, opening=opening.id)
    whole = _bounded(opening)
    yield from _at_most(_LAST_AT_MOST, message_lines(whole, look), keys, look.cells)


def _bounded(message: ConversationMessage) -> ConversationMessage:
    """Return a message with no more of its text than the pane shows."""
    text = message.text[:_BODY_AT_MOST]
    return replace(message, text=text, more=len(message.text) - len(text))


def _conversation(
    conversation: ConversationEnd, look: ThreadLook, keys: ThreadKeys
) -> Iterator[Content]:
    """Yield the last message, and those before it under a heading; of each a bounded part."""
    last, *earlier = conversation.messages
    look = replace(look, outcomes=not conversation.failed)
    if not conversation.earlier:
        look = replace(look, opening=conversation.messages[-1].id)
    yield Content()
    if conversation.is_begun:
        begun: list[Span] = [("✎ You have begun an answer: ", "soon"), (keys.reply, "key")]
        yield from content([*begun, (" goes on with it", "dim")]).wrap(look.cells)
        yield Content()
    yield from _refused_notice(conversation, look, keys)
    yield from _at_most(_LAST_AT_MOST, message_lines(last, look), keys, look.cells)
    if earlier or conversation.earlier:
        yield from (Content(), content([("Before that", "heading")]))
        yield from _at_most(_LINES_AT_MOST, thread_lines(earlier, look), keys, look.cells)
    if conversation.earlier:
        yield Content()
        yield from _more(f"{conversation.earlier:,} earlier", keys, look.cells)


def _at_most(
    limit: int, made: Iterator[Content], keys: ThreadKeys, cells: int
) -> Iterator[Content]:
    """Yield no more lines than a limit, and where there are more, what shows them."""
    yield from islice(made, limit)
    if next(made, None) is not None:
        yield from _more("the rest", keys, cells)


def _more(what: str, keys: ThreadKeys, cells: int) -> list[Content]:
    spans: list[Span] = [(f"… {what}: ", "dim"), (keys.whole, "key"), (" shows it all", "dim")]
    return content(spans).wrap(cells)


def _refused_notice(
    conversation: ConversationEnd, look: ThreadLook, keys: ThreadKeys
) -> list[Content]:
    """Return that an answer of ours was refused for good, why, and what decides on it."""
    if not conversation.failed:
        return []
    lost = conversation.failed[0]
    what = "answer" if lost.public else "note"
    spans: list[Span] = [
        (f"! Our {what} was not sent: ", "late-strong"),
        (f"{plain_line(lost.outcome).rstrip('.')}. ", "late"),
        (keys.refused, "key"),
        (" sends it again, gives it up or copies it", "dim"),
    ]
    return [*content(spans).wrap(look.cells), Content()]


_STEPS: Final = {"assign": "who has it", "status": "the status", "priority": "the priority"}


def _refused_steps(steps: Sequence[RefusedStep], cells: int) -> Iterator[Content]:
    """Yield what a help desk did not take of the ticket's fields: "a person decides"."""
    for step in steps:
        spans: list[Span] = [
            (f"! {plain_line(step.connection)} did not take {_STEPS[step.kind]}: ", "late-strong"),
            (f"{plain_line(step.outcome).rstrip('.')}. ", "late"),
            ("Set it again, or there.", "dim"),
        ]
        yield Content()
        yield from content(spans).wrap(cells)


def _why_here(card: Card, cells: int) -> Iterator[Content]:
    """Yield what it stands behind and before, and why: the two neighbours, each in a sentence."""
    yield from (Content(), content([("Why here", "heading")]))
    if not card.ticket.actionable:
        yield from content([(plain_line(card.why), "")]).wrap(cells)
        return
    behind = card.why_behind or "Nothing: it is the first."
    yield from hanging(("behind", "dim"), [(plain_line(behind), "")], _PLACE, cells)
    yield from hanging(("before", "dim"), [(plain_line(card.why), "")], _PLACE, cells)


_PLACE: Final = 8


def _refusal(detail: Detail, cells: int) -> list[Content]:
    """Return why a ticket was declined, the ready reply, and what to do with it."""
    reply = plain_block(detail.ready_reply or "").rstrip()
    return [
        *_section("Why it was declined", _sentences(detail.card.handling), cells),
        *_section("Ready reply", [(reply, "")], cells),
        *_section("Next", [(plain_line(detail.card.next_step.sentence), "strong")], cells),
    ]


def _draft(detail: Detail, cells: int) -> list[Content]:
    draft = plain_block(detail.card.engineering.draft or "").rstrip()
    return _section("Drafted answer", [(draft, "")], cells)


def _engineering(card: Card, now: datetime, zone: tzinfo | None, cells: int) -> list[Content]:
    """Return what there is for engineering and from them, once anything was begun."""
    if not is_begun(card.ticket, card.engineering):
        return []
    known = [
        *standing_lines(card.ticket, card.words, now, zone),
        *checklist_lines(card.engineering.checklist, card.engineering.thin),
    ]
    lines = [Content(), content([(checklist_title(card.engineering), "heading")])]
    return lines + labelled_lines(known, cells)


def _known(card: Card, look: ThreadLook, keys: ThreadKeys) -> Iterator[Content]:
    """Yield the facts, folded to those that matter most; those of the policy's own in a line."""
    yield from (Content(), content([("Facts", "heading")]))
    known = [*facts(card, look.now, look.zone)]
    said = [each for each in known if each[0] in _ALWAYS_SAID] if look.folded else known
    yield from _fact_lines(said, look.cells)
    if carried := carried_facts(card):
        yield from hanging((FACTS_LABEL, "dim"), carried, _LABEL, look.cells)
    if folded := [label for label, _ in known if (label, _) not in said]:
        names = ", ".join(folded)
        spans: list[Span] = [(f"▸ {names}: ", "dim"), (keys.fold, "key"), (" unfolds", "dim")]
        yield from content(spans).wrap(look.cells)


def _fact_lines(facts: list[tuple[str, list[Span]]], cells: int) -> list[Content]:
    """Return the facts one below the other, or in two columns where there is room."""
    if cells < _TWO_COLUMNS_FROM:
        return [
            line for label, value in facts for line in hanging((label, "dim"), value, _LABEL, cells)
        ]
    half, middle = (cells - _GUTTER) // 2, -(-len(facts) // 2)
    left, right = _fact_lines(facts[:middle], half), _fact_lines(facts[middle:], half)
    return [
        one.pad_right(half + _GUTTER - one.cell_length) + other
        for one, other in zip_longest(left, right, fillvalue=Content())
    ]


def _summary(ticket: Ticket, words: Vocabulary) -> list[Span]:
    tier = words.tier_name(ticket.tier)
    return [
        (plain_line(ticket.customer), ""),
        (f" · {tier} · " if tier else " · ", "dim"),
        (ticket.priority or "declined", role_of(words, ticket.priority)),
    ]


def _section(title: str, spans: list[Span], cells: int) -> list[Content]:
    """Return a heading and what stands under it; nothing when there is nothing to say."""
    if not any(text.strip() for text, _ in spans):
        return []
    return [Content(), content([(title, "heading")]), *content(spans).wrap(cells)]


def _sentences(sentences: tuple[str, ...]) -> list[Span]:
    return [("\n".join(plain_line(sentence) for sentence in sentences), "")]

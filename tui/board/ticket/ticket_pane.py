"""The ticket under the cursor: what was written, why, what to do next, facts, what happened.

"The customer's words come first in the ticket": the last message, then the conversation. Of a
ticket in which nothing was written but its description the facts come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice, zip_longest
from typing import Final

from textual.content import Content
from textual.reactive import var

from policy.conversation.messages import ConversationEnd
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from store.read_models import Card, Event
from tui.actions import timeline
from tui.board.conversation.thread_lines import ThreadLook, message_lines, thread_lines
from tui.board.widgets.line_view import LineView
from tui.board.widgets.styles import Span, content, hanging, labelled_lines
from tui.environment.keymap import Keys, display
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.engineering_facts import (
    checklist_lines,
    checklist_title,
    is_begun,
    standing_lines,
)
from tui.phrasing.holder_words import next_step
from tui.phrasing.text import plain_block, plain_line
from tui.phrasing.ticket_facts import FACTS_LABEL, carried_facts, facts
from tui.phrasing.times import NOT_YET

_LABEL: Final = 12
_NARROWEST: Final = 20
_TWO_COLUMNS_FROM: Final = 62
_GUTTER: Final = 3
_BODY_AT_MOST: Final = 20_000
_LAST_AT_MOST: Final = 120
_LINES_AT_MOST: Final = 240
"""How many lines of the last message, and of the others read, the pane shows; more is elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadKeys:
    """The keys that the pane names: to fold, show all, decide on a refused answer, and reply."""

    fold: str
    whole: str
    refused: str
    reply: str


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the pane shows of a ticket; ``ready_reply`` is what it may be answered with."""

    card: Card
    ready_reply: str | None


class TicketText(LineView):
    """The text about one ticket; it stays where it was scrolled to until another is shown."""

    now: var[datetime] = var(NOT_YET, init=False)

    def __init__(self, zone: tzinfo | None, now: datetime, keys: Keys) -> None:
        super().__init__()
        self._zone = zone
        self._keys = ThreadKeys(
            fold=display(keys["fold_quotes"][0]),
            whole=display(keys["conversation"][0]),
            refused=display(keys["refused_answer"][0]),
            reply=display(keys["reply"][0]),
        )
        self._folded = True
        self._is_forgotten = False
        self.set_reactive(TicketText.now, now)
        self._detail: Detail | None = None

    @property
    def is_stale(self) -> bool:
        """Whether what is shown may be otherwise though nothing was changed in the ticket.

        So it is while an answer of ours is on its way, and after a draft was kept.
        """
        is_moving = self._detail is not None and self._detail.card.conversation.is_moving
        return is_moving or self._is_forgotten

    def forget(self) -> None:
        """Say that what is shown is to be read anew."""
        self._is_forgotten = True

    @property
    def detail(self) -> Detail | None:
        """What is shown."""
        return self._detail

    def ready_reply(self, ticket_id: int) -> str | None:
        """Return what the ticket may be answered with, None while it is not read yet."""
        if self._detail is None or self._detail.card.ticket.id != ticket_id:
            return None
        return self._detail.ready_reply

    def card(self, ticket_id: int) -> Card | None:
        """Return the whole ticket, None while it is not read yet."""
        if self._detail is None or self._detail.card.ticket.id != ticket_id:
            return None
        return self._detail.card

    def conversation(self, ticket_id: int | None) -> ConversationEnd | None:
        """Return the end of a ticket's conversation, None while it is not read yet."""
        card = None if ticket_id is None else self.card(ticket_id)
        return None if card is None else card.conversation

    def show(self, detail: Detail | None) -> None:
        """Show a ticket, or none."""
        self._is_forgotten = False
        if detail == self._detail:
            return
        if _number(detail) != _number(self._detail):
            self.scroll_home(animate=False, immediate=True)
            self._folded = True
        self._detail = detail
        self._draw()

    def watch_now(self) -> None:
        """Show times as of another time."""
        self._draw()

    def fold(self) -> None:
        """Show what only repeats an earlier message, or fold it again."""
        self._folded = not self._folded
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self._draw()

    def _draw(self) -> None:
        if self._detail is None:
            self.draw(iter(()))
        else:
            cells = max(_NARROWEST, self.scrollable_content_region.width)
            look = ThreadLook(
                now=self.now,
                zone=self._zone,
                cells=cells,
                folded=self._folded,
                fold_key=self._keys.fold,
            )
            self.draw(detail_lines(self._detail, look, self._keys))


def detail_lines(detail: Detail, look: ThreadLook, keys: ThreadKeys) -> Iterator[Content]:
    """Yield the lines of the whole text about a ticket, as it is looked at."""
    card, now, zone, cells = detail.card, look.now, look.zone, look.cells
    yield from content([(plain_line(card.ticket.subject), "bright")]).wrap(cells)
    yield from content(_summary(card.ticket, card.words)).wrap(cells)
    is_conversation = bool(card.conversation.messages)
    if is_conversation:
        yield from _conversation(card.conversation, look, keys)
    if card.ticket.declined is not None:
        yield from _refusal(detail, cells)
    if card.ticket.declined is not None or not is_conversation:
        yield from _known(card, look)
    if card.ticket.declined is None:
        yield from _section("Why it stands here", [(plain_line(card.why), "")], cells)
        next_one = plain_line(next_step(card, now, zone))
        yield from _section("What to do next", [(next_one, "")], cells)
        yield from _draft(detail, cells)
        yield from _engineering(card, now, zone, cells)
        yield from _section("What the policy says", _sentences(card.handling), cells)
        if is_conversation:
            yield from _known(card, look)
    yield from _timeline(card.history, now, zone, cells)
    if not is_conversation:
        yield from _section("Description", _description(card), cells)


def _known(card: Card, look: ThreadLook) -> Iterator[Content]:
    """Yield the facts, those of the policy's own in a line of theirs."""
    yield Content()
    yield from _fact_lines(list(facts(card, look.now, look.zone)), look.cells)
    if carried := carried_facts(card):
        yield from hanging((FACTS_LABEL, "dim"), carried, _LABEL, look.cells)


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


def _refusal(detail: Detail, cells: int) -> list[Content]:
    """Return why a ticket was declined and the ready reply, which stand before all else."""
    reply = plain_block(detail.ready_reply or "").rstrip()
    return [
        *_section("Why it was declined", _sentences(detail.card.handling), cells),
        *_section("Ready reply", [(reply, "")], cells),
        *_section("What to do next", [(plain_line(detail.card.next_step.sentence), "")], cells),
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
        *checklist_lines(card.engineering.checklist),
    ]
    lines = [Content(), content([(checklist_title(card.engineering), "heading")])]
    return lines + labelled_lines(known, cells)


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


def _number(detail: Detail | None) -> int | None:
    return detail.card.ticket.id if detail else None


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


def _timeline(
    history: tuple[Event, ...], now: datetime, zone: tzinfo | None, cells: int
) -> Iterator[Content]:
    if not history:
        return
    yield from (Content(), content([("What happened", "heading")]))
    whens = [times.at(event.at, now, zone) for event in history]
    indent = times.column(whens, _LABEL)
    for when, event in zip(whens, history, strict=True):
        yield from hanging((when, "dim"), [(timeline.sentence(event, zone), "")], indent, cells)


def _description(card: Card) -> list[Span]:
    body = card.body[:_BODY_AT_MOST]
    more = len(card.body) - len(body)
    spans = [(plain_block(body).strip(), "")]
    if more > 0:
        told = f"\n… and {more:,} more characters: numberone show {card.ticket.id}"
        spans.append((told, "dim"))
    return spans

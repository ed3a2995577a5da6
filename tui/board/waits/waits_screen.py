"""The waits screen: who is to be told, what the notice says, and what became of those before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from policy.vocabulary import NO_WORDS
from policy.words import NoticeState
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverScreen
from tui.board.waits import waits_handlers
from tui.board.waits.notice_form import Words
from tui.board.waits.waits_client import WaitsState
from tui.board.waits.waits_handlers import WaitsChoice
from tui.board.waits.waits_list import WaitsList
from tui.board.waits.waits_rows import (
    TOLD,
    Key,
    WaitEntry,
    key_of_draft,
    preview_lines,
    sections,
    standing_spans,
)
from tui.board.widgets.page import Page
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, hanging
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.roster.coverage import Turn
    from policy.waits.notices import WaitNotice
    from store.notices.notice_models import Waits

_LABEL: Final = 10
_BAR: Final = 20
_SENDING: Final = ("send", "send_all", "take_back", "retry")
_FOOTER: Final = (
    "send",
    "send_all",
    "take_back",
    "edit",
    "mark_draft",
    "copy_notice",
    "by_hand",
    "retry",
)


@dataclass(frozen=True, slots=True)
class _Edited:
    """Words that a person chose, for as long as the draft promises what it did then."""

    words: Words
    arrivals: "tuple[Turn, ...]"


class WaitsScreen(OverScreen):
    """Shows drafts and ledger.

    The drafts are those that are due, or else those that a person ``asked`` for.
    """

    NAME = "waits"
    LEAVING = ("back", "waits")
    BINDINGS = bindings_of("waits")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, below: DeskScreen, asked: "tuple[WaitNotice, ...] | None" = None) -> None:
        super().__init__(below)
        self._asked = asked
        self.list = WaitsList(self.context.zone, self.now)
        self._heading = Static("", markup=False, classes="over-heading")
        self._note = Static("", markup=False, classes="over-note")
        self._text = Static("", markup=False)
        self._preview = Page(self._text, id="preview-text")
        self._waits: Waits | None = None
        self._drafts: list[WaitEntry] = []
        self._edited: dict[Key, _Edited] = {}
        self._marked: set[Key] = set()
        self._batch: set[int] = set()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        yield self._note
        with Container(id="waits-body"):
            yield Pane(self.list.data_bind(DeskScreen.now), title="Notices", id="waits-list")
            preview = Pane(self._preview, title="Preview", id="preview")
            preview.entitle("Preview", ("Tab", "key"))
            yield preview
        yield self._footer

    def on_mount(self) -> None:
        """Show what was read last."""
        self.list.focus()
        if self.waiting.waits is not None:
            self._show(self.waiting.waits)
        self._draw()

    # What there is to send

    def choice(self) -> WaitsChoice:
        """Return what a command is used on now."""
        entry = self.list.entry
        under = [entry] if entry is not None else []
        marked = [each for each in self._drafts if each.key in self._marked]
        ledger = self._waits.ledger if self._waits else ()
        notices = ledger if entry is None or entry.notice is None else [entry.notice]
        return WaitsChoice(
            entry=entry,
            drafts=_drafts(self._drafts),
            chosen=_drafts(marked or under),
            queued=[notice for notice in notices if notice.state is NoticeState.QUEUED],
        )

    def _mark(self) -> None:
        """Mark the draft under the cursor, or take its mark away, and go on to the next."""
        entry = self.list.entry
        if entry is not None and entry.draft is not None:
            self._marked ^= {entry.key}
            self.list.mark(frozenset(self._marked))
            self.list.move(1)

    def _unmarked(self, drafts: "Sequence[WaitNotice]") -> "Sequence[WaitNotice]":
        """Return the drafts, after all marks are taken away."""
        self._marked.clear()
        self.list.mark(frozenset())
        return drafts

    def _keep(self, key: Key, words: Words) -> None:
        """Keep a draft's words until it is sent."""
        draft = next((each.draft for each in self._drafts if each.key == key), None)
        if draft is not None and self._waits is not None:
            self._edited[key] = _Edited(words, draft.arrivals)
            self._show(self._waits)

    # What is shown

    def watch_waiting(self, state: WaitsState) -> None:
        """Show who waits as it was read anew, and what becomes of what is sent."""
        if state.waits is not None and state.waits is not self._waits:
            self._show(state.waits)
        else:
            self._draw()

    def _show(self, waits: "Waits") -> None:
        """Show who waits as it was read."""
        self._waits = waits
        self._drafts = [self._entry(draft) for draft in self._to_tell(waits)]
        self._marked &= {entry.key for entry in self._drafts}
        moving = {notice.id for notice in self.waiting.on_their_way}
        self._batch = (self._batch | moving) if moving else set()
        self.list.mark(frozenset(self._marked))
        self.list.show(sections(self._drafts, waits.ledger, waits.unreachable))
        self._draw()

    def _to_tell(self, waits: "Waits") -> "tuple[WaitNotice, ...]":
        """Return the drafts that are still to be sent."""
        if self._asked is None:
            return waits.drafts
        told = {key_of_draft(notice) for notice in waits.ledger if notice.state in TOLD}
        return tuple(draft for draft in self._asked if key_of_draft(draft) not in told)

    def _entry(self, draft: "WaitNotice") -> WaitEntry:
        key = key_of_draft(draft)
        edited = self._edited.get(key)
        if edited is None:
            return WaitEntry(key=key, draft=draft)
        if edited.arrivals != draft.arrivals:
            del self._edited[key]
            who = plain_line(draft.customer)
            self.tell(f"{who}: somebody else arrives next now, so the edited words are gone.")
            return WaitEntry(key=key, draft=draft)
        words = edited.words
        return WaitEntry(
            key=key, draft=replace(draft, subject=words.subject, body=words.body), edited=True
        )

    def watch_now(self) -> None:
        """Count the seconds until what is queued goes out."""
        if self._batch:
            self._draw()

    @on(WaitsList.Moved)
    def _moved(self) -> None:
        self._preview.scroll_home(animate=False, immediate=True)
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        cells = self.size.width
        if self._waits is not None:
            spans = standing_spans(self._waits, len(self._drafts), cells)
        else:
            spans = [(" waits", "name"), ("   reading …", "dim")]
        self._heading.update(content(spans))
        note = self._note_spans()
        self._note.update(content(note))
        self._note.display = bool(note)
        self._draw_preview()
        self.draw_footer()

    def _note_spans(self) -> list[Span]:
        """Return what is to be known about sending now: progress, trouble, or no way at all."""
        waiting, keys = self.waiting, self.context.keys
        moving = len(waiting.on_their_way)
        if self._batch and moving:
            done = len(self._batch) - moving
            soonest = min(notice.next_attempt_at for notice in waiting.on_their_way)
            if not done and soonest > self.now:
                seconds = int((soonest - self.now).total_seconds())
                key = display(keys["take_back"][0])
                go = "goes out" if moving == 1 else "go out"
                return [(f"{moving} {go} in {seconds} s; ", ""), (key, "key"), (" takes back", "")]
            filled = _BAR * done // len(self._batch)
            bar = ("█" * filled, "frame"), ("░" * (_BAR - filled), "rule")
            return [(f"{done} of {len(self._batch)} gone out  ", ""), *bar]
        if waiting.trouble:
            return [("! ", "late"), (plain_line(waiting.trouble), "late")]
        if waiting.outbox is None:
            copies, marks = display(keys["copy_notice"][0]), display(keys["by_hand"][0])
            hint = f"{copies} copies, {marks} marks as sent"
            return [(f"{hint}: {plain_line(waiting.why_not)}", "dim")]
        return []

    def _draw_preview(self) -> None:
        entry = self.list.entry
        if entry is None:
            self._text.update("")
            return
        cells = max(20, self._preview.scrollable_content_region.width - 1)
        lines: list[Content] = []
        words = NO_WORDS if self._waits is None else self._waits.words
        for label, spans in preview_lines(entry, self.team, words, self.now, self.context.zone):
            if label:
                lines += hanging((label, "dim"), spans, _LABEL, cells)
            else:
                lines += content(spans).wrap(cells) or [Content()]
        self._text.update(Content("\n").join(lines))

    # What the person does

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names: what sends, where there is a way to."""
        can_send = self.waiting.outbox is not None
        named = tuple(each for each in _FOOTER if can_send or each not in _SENDING)
        doubted = () if self.why_not("arrived") else ("arrived",)
        return (*named, *doubted, "back")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        choice = self.choice()
        return {
            "send": lambda: waits_handlers.send(self, self._unmarked(choice.chosen)),
            "send_all": lambda: waits_handlers.send(self, self._unmarked(choice.drafts)),
            "take_back": lambda: waits_handlers.take_back(self, choice.queued),
            "mark_draft": self._mark,
            "edit": lambda: waits_handlers.edit(self, choice.entry, self._keep),
            "copy_notice": lambda: waits_handlers.copy(self, choice.entry),
            "by_hand": lambda: waits_handlers.by_hand(self, self._unmarked(choice.chosen)),
            "retry": lambda: waits_handlers.retry(self, choice.entry),
            "arrived": lambda: waits_handlers.arrived(self, choice.entry),
        }

    def own_why_not(self, command: str) -> str | None:
        """Return why a command of the screen cannot be used now."""
        reason = super().own_why_not(command)
        return reason or waits_handlers.why_not(command, self.choice(), self.waiting)

    def mover(self) -> WaitsList | Page:
        """Return the preview while it has the keys, else the list."""
        return self._preview if self._preview.has_focus else self.list

    def use(self, command: str) -> None:
        """Use a command, and say what is to be known about sending then."""
        super().use(command)
        self._draw()


def _drafts(entries: "Sequence[WaitEntry]") -> "list[WaitNotice]":
    """Return the drafts of the entries that are one, in the words that a person gave them."""
    return [entry.draft for entry in entries if entry.draft is not None]

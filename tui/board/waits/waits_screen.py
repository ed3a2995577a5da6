"""The waits screen: who is to be told, what the notice says, and what became of those before."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from policy.words import NoticeState
from tui.actions.waits_actions import WAITS_COMMANDS
from tui.board.keyed_screen import MOVES, KeyedScreen, rows_of
from tui.board.waits.notice_form import Words
from tui.board.waits.waits_handlers import WAITS_DEEDS, why_not
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
from tui.board.widgets.footer import Footer, FooterKey
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, hanging
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.roster.coverage import Turn
    from policy.waits.notices import WaitNotice
    from store.read_models import Notice, Waits
    from tui.board.screen import BoardScreen

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


class WaitsScreen(KeyedScreen):
    """Shows drafts and ledger; what it does goes through the board, which lives on below it.

    The drafts are those that are due, or else those that a person ``asked`` for.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, board: "BoardScreen", asked: "tuple[WaitNotice, ...] | None" = None) -> None:
        super().__init__(board, "waits")
        self._asked = asked
        now = board.setting.clock()
        self.list = WaitsList(board.setting.zone, now)
        self._heading = Static("", markup=False, classes="waits-heading")
        self._note = Static("", markup=False, classes="waits-note")
        self._text = Static("", markup=False)
        self._preview = VerticalScroll(self._text, id="preview-text")
        self._footer = Footer()
        self._waits: Waits | None = None
        self._drafts: list[WaitEntry] = []
        self._edited: dict[Key, _Edited] = {}
        self._marked: set[Key] = set()
        self._batch: set[int] = set()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._heading
        yield self._note
        with Container(id="waits-body"):
            yield Pane(self.list, title="Notices", id="waits-list")
            preview = Pane(self._preview, title="Preview", id="preview")
            preview.entitle("Preview", ("Tab", "key"))
            yield preview
        yield self._footer

    def on_mount(self) -> None:
        """Show what was read last, and keep the seconds running."""
        self.list.focus()
        self.set_interval(1.0, self._tick)
        if self.board.waits_link.waits is not None:
            self.show(self.board.waits_link.waits)
        self._draw()

    # What there is to send

    @property
    def entry(self) -> WaitEntry | None:
        """The entry under the cursor."""
        return self.list.entry

    @property
    def has_drafts(self) -> bool:
        """Whether there is any draft."""
        return bool(self._drafts)

    def drafts(self) -> "list[WaitNotice]":
        """Return every draft, in the words that a person gave it."""
        return [entry.draft for entry in self._drafts if entry.draft is not None]

    def chosen(self) -> "list[WaitNotice]":
        """Return the marked drafts, or else the one under the cursor."""
        entry = self.entry
        under = [entry] if entry is not None else []
        wanted = (
            [each for each in self._drafts if each.key in self._marked] if self._marked else under
        )
        return [each.draft for each in wanted if each.draft is not None]

    def to_take_back(self) -> "list[Notice]":
        """Return the queued notice under the cursor, or else all that are queued."""
        entry = self.entry
        if entry is not None and entry.notice is not None:
            return [entry.notice] if entry.notice.state is NoticeState.QUEUED else []
        ledger = self._waits.ledger if self._waits else ()
        return [notice for notice in ledger if notice.state is NoticeState.QUEUED]

    def mark(self, key: Key) -> None:
        """Mark a draft, or take its mark away."""
        self._marked ^= {key}
        self.list.mark(frozenset(self._marked))

    def unmark(self) -> None:
        """Take all marks away."""
        self._marked.clear()
        self.list.mark(frozenset())

    def keep(self, key: Key, words: Words) -> None:
        """Keep a draft's words until it is sent."""
        draft = next((each.draft for each in self._drafts if each.key == key), None)
        if draft is not None and self._waits is not None:
            self._edited[key] = _Edited(words, draft.arrivals)
            self.show(self._waits)

    # What is shown

    def show(self, waits: "Waits") -> None:
        """Show who waits as it was read."""
        self._waits = waits
        self._drafts = [self._entry(draft) for draft in self._to_tell(waits)]
        self._marked &= {entry.key for entry in self._drafts}
        moving = {notice.id for notice in self.board.waits_link.on_their_way}
        self._batch = (self._batch | moving) if moving else set()
        self.list.mark(frozenset(self._marked))
        self.list.show(sections(self._drafts, waits.ledger))
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
            self.board.tell(f"{who}: somebody else arrives next now, so the edited words are gone.")
            return WaitEntry(key=key, draft=draft)
        words = edited.words
        return WaitEntry(
            key=key, draft=replace(draft, subject=words.subject, body=words.body), edited=True
        )

    def _tick(self) -> None:
        self.list.tick(self.board.setting.clock())
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
        self._footer.show(tuple(self._footer_keys()))

    def _note_spans(self) -> list[Span]:
        """Return what is to be known about sending now: progress, trouble, or no way at all."""
        link = self.board.waits_link
        moving = len(link.on_their_way)
        if self._batch and moving:
            done, now = len(self._batch) - moving, self.board.setting.clock()
            soonest = min(notice.next_attempt_at for notice in link.on_their_way)
            if not done and soonest > now:
                seconds = int((soonest - now).total_seconds())
                key = display(self.board.setting.keys["take_back"][0])
                go = "goes out" if moving == 1 else "go out"
                return [(f"{moving} {go} in {seconds} s; ", ""), (key, "key"), (" takes back", "")]
            filled = _BAR * done // len(self._batch)
            bar = ("█" * filled, "frame"), ("░" * (_BAR - filled), "rule")
            return [(f"{done} of {len(self._batch)} gone out  ", ""), *bar]
        if link.trouble:
            return [("! ", "late"), (plain_line(link.trouble), "late")]
        if link.posting is None:
            keys = self.board.setting.keys
            copies, marks = display(keys["copy_notice"][0]), display(keys["by_hand"][0])
            hint = f"{copies} copies, {marks} marks as sent"
            return [(f"{hint}: {plain_line(link.why_not)}", "dim")]
        return []

    def _draw_preview(self) -> None:
        entry = self.entry
        if entry is None:
            self._text.update("")
            return
        cells = max(20, self._preview.scrollable_content_region.width - 1)
        team, now = self.board.team, self.board.setting.clock()
        lines: list[Content] = []
        for label, spans in preview_lines(entry, team, now, self.board.setting.zone):
            if label:
                lines += hanging((label, "dim"), spans, _LABEL, cells)
            else:
                lines += content(spans).wrap(cells) or [Content()]
        self._text.update(Content("\n").join(lines))

    def _footer_keys(self) -> list[FooterKey]:
        keys = self.board.setting.keys
        shown = [
            FooterKey(
                command=each,
                key=display(keys[each][0]),
                label=WAITS_COMMANDS[each].label,
                usable=why_not(self, each) is None,
            )
            for each in _FOOTER
            if self.board.waits_link.posting or each not in _SENDING
        ]
        return [*shown, FooterKey("back", display(keys["back"][0]), "back", usable=True)]

    # What the person does

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        if command in WAITS_DEEDS:
            reason = why_not(self, command)
            if reason is not None:
                self.board.refuse(reason)
            else:
                WAITS_DEEDS[command](self)
            self._draw()
        elif command in ("back", "waits"):
            self.dismiss()
        elif command in MOVES:
            self._move(command)
        else:
            super().use(command)

    def _move(self, command: str) -> None:
        page = max(1, self.list.page_height - 1)
        rows = rows_of(command, page)
        if self._preview.has_focus:
            self._preview.scroll_relative(y=rows, animate=False, immediate=True)
        else:
            self.list.move(rows)

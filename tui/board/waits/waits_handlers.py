"""What each command of the waits screen does, and why it cannot be used just now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.words import NoticeState, NoticeWay
from tui.board.desk_screen import DeskScreen
from tui.board.waits.notice_form import EditNoticeForm, Words
from tui.board.waits.waits_client import WaitsState
from tui.board.waits.waits_rows import DEAD, Key, WaitEntry

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.desk import Desk
    from store.notices.notice_models import Notice

_BY_HAND_DOMAIN: Final = "by-hand.invalid"
"""Ends the Message-IDs of notices that no program of ours carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsChoice:
    """What a command is used on: the entry under the cursor, every draft, and those ``chosen``.

    Chosen are the marked ones, or else the one under the cursor; ``queued`` are the notices that
    can be taken back, those under the cursor or else all.
    """

    entry: WaitEntry | None
    drafts: "Sequence[WaitNotice]"
    chosen: "Sequence[WaitNotice]"
    queued: "Sequence[Notice]"


def send(screen: DeskScreen, drafts: "Sequence[WaitNotice]") -> None:
    """Send drafts, in ten seconds."""
    outbox = screen.waiting.outbox
    if outbox is None:
        return
    way, domain = outbox.preferred, outbox.domain

    def sending(desk: "Desk") -> str:
        queued = len(desk.waits.send(drafts, way=way, domain=domain))
        go = "1 notice goes" if queued == 1 else f"{queued} notices go"
        return f"{go} out in 10 s; until then they can be taken back.{_left_out(drafts, queued)}"

    screen.client.act("send", sending)


def by_hand(screen: DeskScreen, drafts: "Sequence[WaitNotice]") -> None:
    """Write down that a person told these customers by other means."""

    def telling(desk: "Desk") -> str:
        told = len(desk.waits.send(drafts, way=NoticeWay.BY_HAND, domain=_BY_HAND_DOMAIN))
        who = "1 customer was" if told == 1 else f"{told} customers were"
        return f"{who} told by hand.{_left_out(drafts, told)}"

    screen.client.act("by_hand", telling)


def _left_out(drafts: "Sequence[WaitNotice]", queued: int) -> str:
    missing = len(drafts) - queued
    return f" {missing} had been told, or answered, meanwhile." if missing else ""


def take_back(screen: DeskScreen, queued: "Sequence[Notice]") -> None:
    """Take back notices that have not gone out."""
    ids = [notice.id for notice in queued]

    def taking(desk: "Desk") -> str:
        taken = len(desk.waits.take_back(ids))
        if not taken:
            return "Nothing could be taken back any more."
        missed = f" {len(ids) - taken} had begun to go out." if taken < len(ids) else ""
        return f"{taken} taken back; they are drafts again.{missed}"

    screen.client.act("take_back", taking)


def retry(screen: DeskScreen, entry: WaitEntry | None) -> None:
    """Put a dead letter on its way once more."""
    if entry is None or entry.notice is None:
        return
    number = entry.notice.id

    def retrying(desk: "Desk") -> str:
        again = desk.waits.retry([number])
        return "It is on its way once more." if again else "They have been told otherwise since."

    screen.client.act("retry", retrying)


def arrived(screen: DeskScreen, entry: WaitEntry | None) -> None:
    """Write down that a notice in doubt was taken after all."""
    if entry is None or entry.notice is None:
        return
    number = entry.notice.id

    def settling(desk: "Desk") -> str:
        settled = desk.waits.settle([number])
        return "It is written down as sent." if settled else "It is in doubt no more."

    screen.client.act("arrived", settling)


def copy(screen: DeskScreen, entry: WaitEntry | None) -> None:
    """Put a notice on the clipboard of the terminal (OSC 52)."""
    words = None if entry is None else entry.draft or entry.notice
    if entry is not None and words is not None:
        said = f"To: {entry.to}\nSubject: {words.subject}\n\n{words.body}"
        screen.copy(said, "The notice")


def edit(screen: DeskScreen, entry: WaitEntry | None, keep: Callable[[Key, Words], None]) -> None:
    """Ask for other words of a draft, and ``keep`` them."""
    if entry is None or entry.draft is None:
        return
    key = entry.key

    def answered(words: Words | None) -> None:
        if words is not None:
            keep(key, words)

    screen.app.push_screen(EditNoticeForm(entry.draft), answered)


def why_not(command: str, choice: WaitsChoice, waiting: WaitsState) -> str | None:
    """Return why there is nothing to use a command on, None when there is."""
    if command in ("send", "send_all") and waiting.outbox is None:
        return f"{waiting.why_not}; copy the notice and mark it as sent by hand"
    entry = choice.entry
    draft = entry is not None and entry.draft is not None
    state = None if entry is None or entry.notice is None else entry.notice.state
    possible = {
        "send": (bool(choice.chosen), "there is no draft under the cursor"),
        "by_hand": (bool(choice.chosen), "there is no draft under the cursor"),
        "send_all": (bool(choice.drafts), "there is no draft"),
        "take_back": (bool(choice.queued), "nothing is waiting to go out"),
        "retry": (state in DEAD, "only what could not be delivered is sent once more"),
        "arrived": (
            state is NoticeState.IN_DOUBT,
            "only of what is in doubt can somebody find that it arrived",
        ),
        "mark_draft": (draft, "only a draft can be marked"),
        "edit": (draft, "only a draft can be edited"),
        "copy_notice": (draft or state is not None, "there is no notice under the cursor"),
    }
    can, otherwise = possible[command]
    return None if can else otherwise

"""What each command of the waits screen does, and why it cannot be used just now."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from policy.words import NoticeWay
from tui.actions.waits_actions import WAITS_COMMANDS
from tui.board.waits.notice_form import EditNoticeForm, Words
from tui.board.waits.waits_rows import DEAD

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.desk import Desk
    from tui.board.waits.waits_screen import WaitsScreen

_BY_HAND_DOMAIN: Final = "by-hand.invalid"
"""Ends the Message-IDs of notices that no program of ours carries."""


def send(screen: "WaitsScreen") -> None:
    """Send what is marked, or else the draft under the cursor."""
    _send(screen, screen.chosen())


def send_all(screen: "WaitsScreen") -> None:
    """Send every draft."""
    _send(screen, screen.drafts())


def _send(screen: "WaitsScreen", drafts: "list[WaitNotice]") -> None:
    posting = screen.board.waits_link.posting
    if posting is None:
        return
    way, domain = posting.way, posting.domain

    def sending(desk: "Desk") -> str:
        queued = len(desk.waits.send(drafts, way=way, domain=domain))
        go = "1 notice goes" if queued == 1 else f"{queued} notices go"
        return f"{go} out in 10 s; until then they can be taken back.{_left_out(drafts, queued)}"

    screen.unmark()
    screen.board.link.act("send", sending)


def by_hand(screen: "WaitsScreen") -> None:
    """Write down that a person told these customers by other means."""
    drafts = screen.chosen()

    def telling(desk: "Desk") -> str:
        told = len(desk.waits.send(drafts, way=NoticeWay.BY_HAND, domain=_BY_HAND_DOMAIN))
        who = "1 customer was" if told == 1 else f"{told} customers were"
        return f"{who} told by hand.{_left_out(drafts, told)}"

    screen.unmark()
    screen.board.link.act("by_hand", telling)


def _left_out(drafts: "list[WaitNotice]", queued: int) -> str:
    missing = len(drafts) - queued
    return f" {missing} had been told, or answered, meanwhile." if missing else ""


def take_back(screen: "WaitsScreen") -> None:
    """Take back the notice under the cursor, or else all that have not gone out."""
    ids = [notice.id for notice in screen.to_take_back()]

    def taking(desk: "Desk") -> str:
        taken = len(desk.waits.take_back(ids))
        if not taken:
            return "Nothing could be taken back any more."
        missed = f" {len(ids) - taken} had begun to go out." if taken < len(ids) else ""
        return f"{taken} taken back; they are drafts again.{missed}"

    screen.board.link.act("take_back", taking)


def retry(screen: "WaitsScreen") -> None:
    """Put the dead letter under the cursor on its way once more."""
    entry = screen.entry
    if entry is None or entry.notice is None:
        return
    number = entry.notice.id

    def retrying(desk: "Desk") -> str:
        again = desk.waits.retry([number])
        return "It is on its way once more." if again else "They have been told otherwise since."

    screen.board.link.act("retry", retrying)


def copy(screen: "WaitsScreen") -> None:
    """Put a notice on the clipboard of the terminal (OSC 52)."""
    entry = screen.entry
    if entry is None:
        return
    words = entry.draft or entry.notice
    if words is not None:
        said = f"To: {entry.to}\nSubject: {words.subject}\n\n{words.body}"
        screen.board.copy(said, "The notice")


def mark(screen: "WaitsScreen") -> None:
    """Mark the draft under the cursor, or take its mark away, and go on to the next."""
    if screen.entry is not None and screen.entry.draft is not None:
        screen.mark(screen.entry.key)
        screen.list.move(1)


def edit(screen: "WaitsScreen") -> None:
    """Ask for other words of the draft under the cursor."""
    entry = screen.entry
    if entry is None or entry.draft is None:
        return
    key = entry.key

    def answered(words: Words | None) -> None:
        if words is not None:
            screen.keep(key, words)

    screen.app.push_screen(EditNoticeForm(entry.draft), answered)


WAITS_DEEDS: Final[Mapping[str, Callable[["WaitsScreen"], None]]] = {
    "send": send,
    "send_all": send_all,
    "take_back": take_back,
    "mark_draft": mark,
    "edit": edit,
    "copy_notice": copy,
    "by_hand": by_hand,
    "retry": retry,
}
"""What each command of the waits screen does."""


def why_not(screen: "WaitsScreen", command: str) -> str | None:
    """Return why a command cannot be used now in one sentence, None when it can."""
    reason = WAITS_COMMANDS[command].disabled(screen.board.situation())
    if reason is not None:
        return reason
    link, entry = screen.board.waits_link, screen.entry
    if command in ("send", "send_all") and link.posting is None:
        return f"{link.why_not}; copy the notice and mark it as sent by hand"
    draft = entry is not None and entry.draft is not None
    dead = entry is not None and entry.notice is not None and entry.notice.state in DEAD
    possible = {
        "send": (bool(screen.chosen()), "there is no draft under the cursor"),
        "by_hand": (bool(screen.chosen()), "there is no draft under the cursor"),
        "send_all": (screen.has_drafts, "there is no draft"),
        "take_back": (bool(screen.to_take_back()), "nothing is waiting to go out"),
        "retry": (dead, "only what could not be delivered is sent once more"),
        "mark_draft": (draft, "only a draft can be marked"),
        "edit": (draft, "only a draft can be edited"),
        "copy_notice": (entry is not None, "there is no notice under the cursor"),
    }
    can, otherwise = possible[command]
    return None if can else otherwise

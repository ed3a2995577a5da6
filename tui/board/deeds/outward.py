"""What leaves the board: to the clipboard, and to the browser."""

from typing import TYPE_CHECKING

from policy.phrases import STATUS_NAMES, TIER_NAMES
from policy.ticket import Ticket
from tui import times
from tui.board.forms.pick import Option, Pick, Picked
from tui.outward import is_web_address, open_link
from tui.text import plain_line

if TYPE_CHECKING:
    from tui.board.screen import BoardScreen


def copy(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask what of the ticket, and put it on the clipboard of the terminal (OSC 52)."""
    texts = _texts(board, ticket)

    def answered(answer: Picked[str] | None) -> None:
        if answer is not None:
            board.copy(texts[answer.value][0], answer.value)

    options = [
        Option(name, name.removeprefix("The ")[0], name.removeprefix("The "), meaning)
        for name, (_, meaning) in texts.items()
    ]
    board.app.push_screen(Pick(f"Copy what of #{ticket.id}?", options), answered)


def _texts(board: "BoardScreen", ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Return what can be copied by its name, each with its beginning, as the menu shows it."""
    texts = {"The number": f"#{ticket.id}"}
    if ticket.url is not None:
        texts["The link"] = ticket.url
    texts["The summary"] = summary(board, ticket)
    if reply := board.panes.text.ready_reply(ticket.id):
        texts["The ready reply" if ticket.declined is not None else "The drafted answer"] = reply
    return {name: (text, plain_line(text)) for name, text in texts.items()}


def summary(board: "BoardScreen", ticket: Ticket) -> str:
    """Return a ticket in one line, for a chat or a mail."""
    now, zone = board.setting.clock(), board.setting.zone
    priority = ticket.priority or "declined"
    whose = f"{ticket.assignee} has it" if ticket.assignee else "nobody has it"
    standing = [STATUS_NAMES[ticket.status], whose]
    if ticket.respond_by is not None and ticket.actionable:
        standing.append(f"respond by {times.at(ticket.respond_by, now, zone)}")
    who = f"{ticket.customer} ({TIER_NAMES[ticket.tier]})"
    parts = [f"#{ticket.id} {priority} {who}", ticket.subject, ", ".join(standing), ticket.url]
    return plain_line(" · ".join(part for part in parts if part))


def open_it(board: "BoardScreen", ticket: Ticket) -> None:
    """Open the ticket's link in the browser, or copy it where none can be seen."""
    url = ticket.url or ""
    if not is_web_address(url):
        board.refuse(f"#{ticket.id}: {url} does not lead to the web, so it is not opened")
        return

    def show(opened: bool) -> None:
        if opened:
            board.tell(f"#{ticket.id} opens in the browser.")
        else:
            board.copy(url, "No browser can be seen from here; the link")

    board.link.fetch("open_link", lambda _: open_link(url), show)

"""Files that came with messages: chosen, fetched when they are asked for, opened or saved."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from policy.conversation.file_names import harmless_name, why_not_opened
from policy.conversation.messages import Attachment, written_by
from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.board.conversation.choosing_form import Choosable, ChoosingForm
from tui.board.conversation.fetching_form import FetchingForm
from tui.board.screen import BoardScreen
from tui.board.widgets.line_forms import LineForm
from tui.environment.attachment_files import downloads_folder, forget_opened, save_new
from tui.environment.desktop import open_file
from tui.phrasing import times
from tui.phrasing.message_words import size_in_words
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from store.desk import DeskReading


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file, and the connection whose message it came with."""

    source: str
    file: Attachment


def attachments(board: BoardScreen, ticket: Ticket) -> None:
    """Ask which file of a ticket's messages, and open or save it."""

    def listed(desk: "DeskReading") -> list[Choosable[_Sent]]:
        now = desk.now()
        return [
            Choosable(
                each.name,
                f"{size_in_words(each.size)} · {written_by(message)}, {times.ago(message.at, now)}"
                f" · {each.media_type}",
                _Sent(message.source, each),
            )
            for message in reversed(desk.conversation.of(ticket.id))
            for each in message.attachments
        ]

    def choose(found: list[Choosable[_Sent]]) -> None:
        if not found:
            board.refuse(f"nothing is attached to any message of #{ticket.id}")
            return
        form = ChoosingForm(
            f"#{ticket.id}: which attachment?", found, verb="open", other="save it as …"
        )
        board.app.push_screen(form, partial(chosen, form))

    def chosen(form: ChoosingForm[_Sent], sent: _Sent | None) -> None:
        if sent is None:
            return
        if form.in_other_way:
            _ask_where(board, sent)
        elif (reason := why_not_opened(sent.file.name)) is not None:
            board.refuse(reason)
            _ask_where(board, sent)
        else:
            _fetch(board, sent, partial(_opened, board, ticket, sent.file.name))

    board.client.fetch("attachments", listed, choose)


def _ask_where(board: BoardScreen, sent: _Sent, typed: str = "", wrong: str = "") -> None:
    """Ask into which file it is saved; one that is there already is never written over.

    What was ``typed`` is there again where it went ``wrong``, and why.
    """

    def answered(path: str | None) -> None:
        if path is not None:
            saving = partial(_saved, Path(path).expanduser())
            _fetch(board, sent, saving, partial(_ask_where, board, sent, path))

    value = typed or str(downloads_folder() / harmless_name(sent.file.name))
    said = f"! {plain_line(wrong)}" if wrong else "Only you can read it there."
    form = LineForm("Save the attachment", "file", verb="save", value=value, said=said)
    board.app.push_screen(form, answered)


def _saved(path: Path, content: bytes) -> str:
    into_folder = path.is_dir()
    name = "attachment" if into_folder else path.name
    where = save_new(path if into_folder else path.parent, name, content)
    return f"It is in {where}."


def _opened(board: BoardScreen, ticket: Ticket, name: str, content: bytes) -> str:
    """Show a file from a folder of the board's own, or say where it is; it stays for a day."""
    folder = board.context.state_folder / "attachments"
    forget_opened(folder, time())
    where = save_new(folder / str(ticket.id), name, content)
    if open_file(where):
        return f"{where.name} opens beside the board."
    return f"nothing can be shown from here; it is in {where}."


def _fetch(
    board: BoardScreen, sent: _Sent, use: "_Use", refused: "Callable[[str], None] | None" = None
) -> None:
    """Fetch a file in a thread, with Esc to give it up, and then use it in another one.

    ``refused`` is told why it was not fetched, or not used; else a toast says so.
    """
    refuse = refused or board.refuse

    def fetch() -> bytes:
        # A help desk is heavy to import, and most who open the board fetch nothing.
        from connections.sync.attachments import fetched_attachment  # noqa: PLC0415

        desk = board.client.desk
        if desk is None:
            raise Refusal("the database does not answer yet")
        return fetched_attachment(desk, board.actor, sent.source, sent.file)

    def fetched(content: bytes | None) -> None:
        if content is not None:
            board.client.fetch("attachments", lambda _: use(content), board.tell, refuse)

    what = f"{sent.file.name}, {size_in_words(sent.file.size)}"
    board.app.push_screen(FetchingForm(what, fetch, board.context, refuse), fetched)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Use = Callable[[bytes], str]

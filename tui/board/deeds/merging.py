"""Two tickets made one, and one made two."""

from typing import TYPE_CHECKING

from policy.ticket import Ticket
from tui.board.forms.merge import MergeForm
from tui.board.forms.split import Part, SplitForm

if TYPE_CHECKING:
    from store.desk import Desk
    from tui.board.screen import BoardScreen


def merge(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask into which of the customer's other tickets, and merge it."""

    def answered(into: str | None) -> None:
        if into is None:
            return

        def merging(desk: "Desk") -> str:
            both = desk.merge(str(ticket.id), into)
            waits = ", where the customer waits now" if both.into.waiting_since else ""
            return f"#{both.duplicate.id} is merged into #{both.into.id}{waits}."

        board.link.act("merge", merging)

    def ask(others: tuple[Ticket, ...]) -> None:
        board.app.push_screen(MergeForm(ticket, others), answered)

    board.link.fetch("merge", lambda desk: desk.merge_candidates(str(ticket.id)), ask)


def split(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask what the part is, and make it a ticket of its own."""

    def answered(part: Part | None) -> None:
        if part is None:
            return

        def splitting(desk: "Desk") -> str:
            new = desk.split(str(ticket.id), part.subject, part.body, part.severity)
            as_what = f" as {new.priority}" if new.priority else "; intake declined it"
            return f"#{new.id} is split off from #{ticket.id}{as_what}."

        board.link.act("split", splitting)

    board.app.push_screen(SplitForm(ticket), answered)

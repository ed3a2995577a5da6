"""What a person's own commands do: their programs are started, and how one ended badly is said."""

import asyncio
import subprocess
from typing import TYPE_CHECKING

from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.board.screen import BoardScreen
from tui.board.terminal.stepping_aside import step_aside
from tui.cli.render.status_line import fields_said
from tui.cli.render.ticket_documents import ticket_document
from tui.environment.own_commands import OwnCommand

if TYPE_CHECKING:
    from store.desk import DeskReading

_ASKED_EVERY = 0.2


def run(board: BoardScreen, ticket: Ticket, own: OwnCommand) -> None:
    """Read the ticket as it stands, and start the program with its fields."""

    def reading(desk: "DeskReading") -> list[str]:
        with desk.snapshot():
            card, forecasts, now = desk.tickets.card(ticket.id), desk.waits.forecasts(), desk.now()
        found, why = card.ticket, card.why
        document = ticket_document(
            found, card.position, card.holder_away, card.targets, forecasts.get(found.id)
        )
        document["url"] = found.url
        return own.argument_list(fields_said(document, found.respond_by, why, now))

    def show(arguments: list[str]) -> None:
        start = _run_in_terminal if own.terminal else _run_beside
        try:
            start(board, own, arguments)
        except Refusal as refusal:
            board.refuse(refusal.reason)

    board.client.fetch("own_command", reading, show)


def _run_in_terminal(board: BoardScreen, own: OwnCommand, arguments: list[str]) -> None:
    """Step aside for a program that needs the terminal, until it is done."""

    def running() -> None:
        try:
            ended = subprocess.run(arguments, check=False)  # noqa: S603 - the person's own, no shell
        except (OSError, ValueError) as error:
            raise _not_started(own, error) from None
        if ended.returncode:
            raise Refusal(_ended(own, ended.returncode))

    step_aside(board.app, running, board.context.state_folder)


def _run_beside(board: BoardScreen, own: OwnCommand, arguments: list[str]) -> None:
    """Start a program with nothing of the terminal; it goes on when the board is left."""
    try:
        process = subprocess.Popen(  # noqa: S603 - as above
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise _not_started(own, error) from None

    async def waiting() -> None:
        while (code := process.poll()) is None:
            await asyncio.sleep(_ASKED_EVERY)
        if code:
            board.refuse(_ended(own, code))

    board.run_worker(waiting(), group="own_commands", exit_on_error=False)


def _not_started(own: OwnCommand, error: Exception) -> Refusal:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Refusal(f"{own.command.title}: {own.program} cannot be started: {why}")


def _ended(own: OwnCommand, code: int) -> str:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"{own.command.title}: {own.program} {how}"

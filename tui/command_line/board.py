"""How the command line opens the board."""

from tui.command_line.session import Session
from tui.terminal import require_terminal


def open_board(session: Session) -> None:
    """Open the board and return when the person leaves it.

    Raises:
        Refusal: there is no terminal, or the board cannot be opened.
    """
    require_terminal()
    session.check()  # what was given wrongly is told before the screen is taken
    from tui.board.app import run_board  # noqa: PLC0415 - heavy: other commands do without

    run_board(session.open, clock=session.now, place=session.place)

"""Going to the past from a board, and about in it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tui.board.client import GoOn
from tui.board.past.past_client import Move
from tui.board.past.past_form import PastForm
from tui.board.past.past_screen import PastScreen
from tui.board.screen import BoardScreen

if TYPE_CHECKING:
    from store.history.past_desk import PastDesk

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_BEGINS: Final = "the history begins here"
_NOTHING_SINCE: Final = "nothing has happened since; going back a step leads to now"
_LOOKING: Final = "looking for another number one …  going back a step gives up"


def past(board: BoardScreen) -> None:
    """Ask for a time, and look at the desk as it was."""

    def answered(time: datetime | None) -> None:
        if time is not None:
            go_to(board, time)

    now = board.present()
    board.app.push_screen(PastForm(board.past or now - _DAY, now, board.context.zone), answered)


def go_to(board: BoardScreen, time: datetime) -> None:
    """Look at the desk as it was at ``time`` (UTC)."""
    if board.past is not None:
        _go(board, lambda desk, _: _moved_to(desk, time), "going there …")
    elif board.client.present is not None:
        board.app.push_screen(PastScreen(board, board.client.present, time))


def earlier(board: BoardScreen) -> None:
    """Look at the time one thing earlier."""
    _go(board, lambda desk, _: "" if desk.step(forward=False) else _BEGINS)


def later(board: BoardScreen) -> None:
    """Look at the time one thing later."""
    _go(board, lambda desk, _: "" if desk.step(forward=True) else _NOTHING_SINCE)


def number_one_before(board: BoardScreen) -> None:
    """Look at where another ticket was number one before."""
    _go(board, lambda desk, go_on: _another_number_one(desk, go_on, forward=False), _LOOKING)


def number_one_after(board: BoardScreen) -> None:
    """Look at where another ticket was number one next."""
    _go(board, lambda desk, go_on: _another_number_one(desk, go_on, forward=True), _LOOKING)


def hour_earlier(board: BoardScreen) -> None:
    """Look at the desk an hour earlier."""

    def moving(desk: "PastDesk", _: GoOn) -> str:
        footing = desk.footing()
        return _BEGINS if footing.last is None else _moved_to(desk, footing.time - _HOUR)

    _go(board, moving)


def hour_later(board: BoardScreen) -> None:
    """Look at the desk an hour later, or as it is now where that is sooner."""
    present = board.present()

    def moving(desk: "PastDesk", _: GoOn) -> str:
        time = desk.footing().time
        if time >= present:
            return "this is now; going back a step leads there"
        return _moved_to(desk, min(time + _HOUR, present))

    _go(board, moving)


def _moved_to(desk: "PastDesk", time: datetime) -> str:
    desk.move_to(time)
    return ""


def _another_number_one(desk: "PastDesk", go_on: GoOn, *, forward: bool) -> str:
    if desk.step_to_another_number_one(forward=forward, go_on=go_on):
        return ""
    if not go_on():
        return "given up; this is where you were"
    return f"no other ticket was number one {'after' if forward else 'before'} that"


def _go(board: BoardScreen, move: Move, doing: str = "") -> None:
    if isinstance(board, PastScreen):
        board.go(move, doing)

"""How a form asks the desk what something would do, from a thread of its own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from policy.refusal import Refusal
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import Desk
    from tui.board.screen import BoardScreen

Answer = TypeVar("Answer")


def asked(board: "BoardScreen", question: "Callable[[Desk], Answer]") -> Answer:
    """Return what the desk answers, for a form that outlives a bad moment.

    Raises:
        Refusal: the desk refuses, is not open yet, or failed; then it says where the details are.
    """
    desk = board.link.present
    if desk is None:
        raise Refusal("the database does not answer yet")
    try:
        return question(desk)
    except Refusal:
        raise
    except Exception as fault:
        told = note_fault(board.setting.state_folder, fault)
        raise Refusal(f"that cannot be foreseen; {told}") from fault

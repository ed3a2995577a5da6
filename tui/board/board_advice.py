"""Decides what the prompt bar says: what changed of level and mode, or else something of time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy.phrases import sentence
from tui.board.advice_bar import AdviceBar, Said, Situations
from tui.board.context import BoardContext
from tui.board.time.time_advice import TimeAdvice
from tui.phrasing.upgrade_words import are_back, why_back

if TYPE_CHECKING:
    from store.notices.notice_models import Waits
    from tui.board.snapshot import BoardState


class BoardAdvice:
    """The prompt bar of one board, and what was said in it before."""

    def __init__(self, context: BoardContext) -> None:
        self.bar = AdviceBar()
        self._context = context
        self._situations = Situations()
        self._times = TimeAdvice(context.zone)

    @property
    def said(self) -> Said | None:
        """What is said now."""
        return self.bar.said

    def offers(self, command: str) -> bool:
        """Return whether what is said now offers a command."""
        return self.said is not None and command in dict(self.said.offers)

    def see(self, board_state: "BoardState", waits: "Waits | None") -> Said | None:
        """Say what a reading gives reason to; return what has changed of level and mode."""
        changed = self._situations.see(board_state.overview)
        said = changed or self.bar.said
        if board_state.time is not None:
            said = self._times.see(board_state.time, board_state.overview.now, said)
        if said is not self.bar.said:
            self.bar.say(said)
            self.remind(waits)
        return changed

    def say_who_is_back(self, tickets: Sequence[int]) -> Said:
        """Say which tickets the upgrade brought back into the queue, and where each is told."""
        title, why = are_back(tickets), why_back(tickets)
        offers = (("history", "history"),)
        said = Said(title, sentence(why[0].upper() + why[1:]), worse=None, offers=offers)
        self.bar.say(said)
        self.remind(None)
        return said

    def remind(self, waits: "Waits | None") -> None:
        """Say who is to be told that they will wait."""
        self.bar.remind(waits, self._context.keys)

    def dismiss(self) -> bool:
        """Let what was said go; return whether there was anything."""
        was = self.bar.said is not None
        self.bar.say(None)
        return was

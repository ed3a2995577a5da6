"""What others change, read as soon as it is committed, but not so often that keys must wait."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message
from textual.screen import Screen

if TYPE_CHECKING:
    from store.desk import DeskReading
    from store.engines.changes import ChangeNotices
    from store.presence import AtTicket

_REST_AT_LEAST: Final = 0.1
_REST_AT_MOST: Final = 0.5
_REST_TIMES: Final = 3
"""How many times as long as a reading took nothing is read again of what others change."""


class DeskChanged(Message):
    """Somebody committed something, here or elsewhere."""


class CompanyChanged(Message):
    """Others came to a ticket, or went: who is where now."""

    def __init__(self, others: "tuple[AtTicket, ...]") -> None:
        super().__init__()
        self.others = others


class ChangeFollower:
    """Asks for a reading after each change: the first one at once, more of them together.

    ``read`` asks for one, which ends in ``came``.
    """

    def __init__(self, screen: Screen[Any], read: Callable[[], None]) -> None:
        self._screen = screen
        self._read = read
        self._notices: ChangeNotices | None = None
        self._is_told = False
        self._rests_until = 0.0

    def follow(self, desk: "DeskReading") -> None:
        """Have ``DeskChanged`` posted after each change, until the screen is left.

        ``CompanyChanged`` is, too, when others come to a ticket or go.
        """
        self._notices = desk.changes(self._tell, self._tell_company)

    def be_at(self, at: "AtTicket | None", login: str) -> None:
        """Let others know where this board is; nothing of it is waited for."""
        if self._notices is not None:
            self._notices.be_at(at, login)

    def leave(self) -> None:
        """Follow no longer."""
        if self._notices is not None:
            self._notices.close()
            self._notices = None

    @property
    def silent_for(self) -> float:
        """How many seconds nothing has been heard from the database's server."""
        return 0.0 if self._notices is None else self._notices.silent_for

    def changed(self) -> None:
        """Read what has changed, as soon as that is due."""
        rest = self._rests_until - monotonic()
        if rest > 0:
            self._screen.set_timer(rest, self._go_on)
        else:
            self._go_on()

    def came(self, took: float) -> None:
        """Take note that a reading has come to its end, which took so many seconds."""
        rest = min(max(_REST_AT_LEAST, _REST_TIMES * took), _REST_AT_MOST)
        self._rests_until = monotonic() + rest

    def _tell(self) -> None:
        """Tell the screen, in the thread that noticed; once is enough until it reads."""
        if not self._is_told:
            self._is_told = True
            self._screen.post_message(DeskChanged())

    def _tell_company(self, others: "tuple[AtTicket, ...]") -> None:
        self._screen.post_message(CompanyChanged(others))

    def _go_on(self) -> None:
        self._is_told = False
        self._read()

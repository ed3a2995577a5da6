"""What is said in passing: of each kind one toast, and gone when it is true no longer.

A person's own step, or why it was not done, is one kind; what happened by itself is another. So
nothing piles up, and nothing that is over stands beside what is true.
"""

from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.app import ReturnType
from textual.notifications import Notification

from tui.board.widgets.once import OnceApp
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel


class ToastKind(Enum):
    """What a toast is about: what this person did, or what came by itself."""

    STEP = auto()
    NEWS = auto()


class ToastsApp(OnceApp[ReturnType]):
    """Shows one toast of a kind; a newer one takes its place, and the same again is counted."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[ToastKind, Notification] = {}
        self._times = 1

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - as in App; nothing here is ever markup
    ) -> None:
        """Say what a person's step came to; whatever is in it, it is one harmless line.

        A refusal that comes again is counted. What came by itself before has been seen by then.
        """
        before = self._shown.get(ToastKind.STEP)
        said, named = plain_line(message), plain_line(title)
        is_again = (
            before is not None
            and before in self._notifications
            and before.message == said
            and severity != "information"
        )
        self._times = self._times + 1 if is_again else 1
        counted = f"{named} ×{self._times}".strip() if is_again else named
        self.withdraw(ToastKind.NEWS)
        self._show(ToastKind.STEP, Notification(said, counted, severity, self._lasting(timeout)))

    def tell_news(self, message: str, *, title: str) -> None:
        """Say what happened by itself."""
        said = Notification(plain_line(message), plain_line(title), timeout=self._lasting(None))
        self._show(ToastKind.NEWS, said)

    def step_done(self) -> None:
        """Say no more why something was not done: the next thing was."""
        before = self._shown.get(ToastKind.STEP)
        if before is not None and before.severity != "information":
            self.withdraw(ToastKind.STEP)

    def withdraw(self, kind: ToastKind) -> None:
        """Take a toast away that is true no longer, or seen."""
        before = self._shown.pop(kind, None)
        if before is not None:
            self._unnotify(before)

    def _lasting(self, timeout: float | None) -> float:
        return self.NOTIFICATION_TIMEOUT if timeout is None else timeout

    def _show(self, kind: ToastKind, said: Notification) -> None:
        before = self._shown.get(kind)
        if before is not None:
            self._unnotify(before, refresh=False)
        self._shown[kind] = said
        self._notifications.add(said)
        self._refresh_notifications()

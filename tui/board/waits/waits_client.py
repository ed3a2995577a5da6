"""Who waits, read beside the board's own reading, and notices sent while the board is open.

Walking the queue may take long, so it never is on the way from a key to the screen: one thread
reads at a time, and rests some times as long as a reading took. Another one sends what is due.
"""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from policy.words import NoticeState
from tui.board.context import BoardContext, Posting
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import Desk
    from store.read_models import Notice, Waits

_REST_TIMES: Final = 5
_REST_AT_LEAST: Final = 0.2
_AFTER_TROUBLE: Final = 10.0
ON_THEIR_WAY: Final = frozenset({NoticeState.QUEUED, NoticeState.SENDING})
"""The states of a notice that will change by itself."""


class WaitsRead(Message):
    """Who waits was read; ``waits`` None when the database did not answer."""

    def __init__(self, waits: "Waits | None", took: float) -> None:
        super().__init__()
        self.waits = waits
        self.took = took


class PostingKnown(Message):
    """How notices go out is known: ``posting``, or else why there is no way."""

    def __init__(self, posting: Posting | None, why_not: str) -> None:
        super().__init__()
        self.posting = posting
        self.why_not = why_not


class DeliveringEnded(Message):
    """Nothing more is due, or sending failed; ``trouble`` is why, empty when it did not."""

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self.trouble = trouble


class WaitsLink:
    """Reads who waits and delivers what is due, for one screen, in two named threads."""

    def __init__(self, screen: Screen[None], setting: BoardContext) -> None:
        self.waits: Waits | None = None
        self.posting: Posting | None = None
        self.why_not = _not_set_up(setting)
        self.trouble = ""
        self._screen = screen
        self._setting = setting
        self._reading = self._delivering = False
        self._read_at: object = None
        self._rests_until = self._delivers_from = 0.0

    @property
    def on_their_way(self) -> "list[Notice]":
        """The notices that are queued or being sent."""
        ledger = self.waits.ledger if self.waits is not None else ()
        return [notice for notice in ledger if notice.state in ON_THEIR_WAY]

    def find_posting(self) -> None:
        """Find out how notices go out; ``PostingKnown`` follows."""
        self._start(self._find_posting, "posting")

    def look(self, desk: "Desk", at: object, *, may_send: bool) -> None:
        """Read who waits and send what is due, as far as there is something to do.

        ``at`` is the revision and the minute: another one is reason to read again, and so are
        notices on their way. Only who ``may_send`` sends.
        """
        due = self.on_their_way
        stale = at != self._read_at or bool(due)
        if stale and not self._reading and monotonic() >= self._rests_until:
            self._reading, self._read_at = True, at
            self._start(lambda: self._read(desk), "waits")
        posting = self.posting if may_send else None
        if posting is not None and not self._delivering and self._is_due(due):
            self._delivering = True
            self._start(lambda: self._deliver(desk, posting), "delivering")

    def _is_due(self, notices: "list[Notice]") -> bool:
        now = self._setting.clock()
        rested = monotonic() >= self._delivers_from
        return rested and any(notice.next_attempt_at <= now for notice in notices)

    def read_again(self) -> None:
        """Take note that something was done here, which not every revision tells of."""
        self._read_at = None

    def came(self, message: WaitsRead) -> None:
        """Take note of a reading."""
        self._reading = False
        self._rests_until = monotonic() + max(_REST_AT_LEAST, _REST_TIMES * message.took)
        self.waits = message.waits or self.waits

    def ended(self, message: DeliveringEnded) -> None:
        """Take note that nothing more is being sent."""
        self._delivering = False
        self.trouble = message.trouble
        if message.trouble:
            self._delivers_from = monotonic() + _AFTER_TROUBLE

    def _start(self, work: Callable[[], None], name: str) -> None:
        self._screen.run_worker(work, name=name, group=name, thread=True)

    def _find_posting(self) -> None:
        posting, why_not = None, _not_set_up(self._setting)
        try:
            posting = self._setting.posting()
        except Refusal as refusal:
            why_not = refusal.reason
        except Exception as fault:  # without it customers are told by hand
            told = note_fault(self._setting.state_folder, fault)
            why_not = f"notices cannot be sent; {told}"
        self._screen.post_message(PostingKnown(posting, why_not))

    def _read(self, desk: "Desk") -> None:
        began = monotonic()
        waits = None
        try:
            waits = desk.waits.read()
        except Refusal:  # the board's own reading says that nobody answers
            pass
        except Exception as fault:  # a board on the wall outlives a bad moment
            note_fault(self._setting.state_folder, fault)
        self._screen.post_message(WaitsRead(waits, monotonic() - began))

    def _deliver(self, desk: "Desk", posting: Posting) -> None:
        trouble = ""
        try:
            with posting.session() as send_next:
                while self._screen.is_attached and send_next(desk) is not None:
                    pass
        except Refusal as refusal:
            trouble = refusal.reason
        except Exception as fault:  # the same; the notice's lease brings it back
            trouble = f"sending failed; {note_fault(self._setting.state_folder, fault)}"
        self._screen.post_message(DeliveringEnded(trouble))


def _not_set_up(setting: BoardContext) -> str:
    return f"no mail and no chat is set up: [mail] or [webhook] in {setting.config}"

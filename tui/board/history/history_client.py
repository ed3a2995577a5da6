"""The history's way to the desk: one thread that reads events, and says so in messages."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from store.read_models import Event, EventFilter
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import DeskReading


class EventsRead(Message):
    """Events came, the latest first; ``trouble`` is why they did not, empty when they did."""

    def __init__(self, number: int, events: list[Event], trouble: str = "") -> None:
        super().__init__()
        self.number = number
        self.events = events
        self.trouble = trouble


class HistoryLink:
    """Reads events for one screen, in a thread; the answer to an older question is dropped."""

    def __init__(self, screen: Screen[None], fault_folder: Path) -> None:
        self._screen = screen
        self._fault_folder = fault_folder
        self._asked = 0
        self._answered = 0

    @property
    def reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._answered < self._asked

    def ask(self, desk: "DeskReading", wanted: EventFilter, limit: int) -> None:
        """Read the latest ``limit`` events that are wanted; ``EventsRead`` follows."""
        self._asked += 1
        number = self._asked
        self._screen.run_worker(
            lambda: self._read(number, desk, wanted, limit),
            name="history",
            group="history",
            thread=True,
        )

    def came(self, message: EventsRead) -> bool:
        """Take note of an answer; return whether it is the one to the last question."""
        self._answered = max(self._answered, message.number)
        return message.number == self._asked

    def _read(self, number: int, desk: "DeskReading", wanted: EventFilter, limit: int) -> None:
        try:
            with desk.history.events(wanted, limit) as events:
                latest_first = list(events)[::-1]
            message = EventsRead(number, latest_first)
        except Refusal as refusal:
            message = EventsRead(number, [], refusal.reason)
        except Exception as fault:  # a board on the wall outlives a bad moment
            message = EventsRead(number, [], note_fault(self._fault_folder, fault))
        self._screen.post_message(message)

"""Reading in a thread: a request goes down, and a message with what came of it comes back.

A thread never touches a widget, and a handler never waits.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from tui.environment.fault_log import note_fault

Wanted = TypeVar("Wanted")
Found = TypeVar("Found")

GoOn = Callable[[], bool]
"""Says whether what is under way is still wanted."""


class NoLongerWantedError(Exception):
    """Raised by a reading that has seen that nobody waits for it; no message follows."""


class Answered(Message, Generic[Found]):
    """A reading came to its end: ``found`` is what was read, and ``trouble`` why nothing was.

    ``trouble`` is empty when all went well. ``number`` is that of the request, ``took`` seconds.
    """

    def __init__(self, number: int, found: Found | None, trouble: str, took: float) -> None:
        super().__init__()
        self.number = number
        self.found = found
        self.trouble = trouble
        self.took = took


class Client(Generic[Wanted, Found]):
    """Reads for one screen, in threads of one name; of several requests the newest counts.

    ``answered`` is the message that brings what was read. A fault is noted in ``fault_folder``,
    once for as long as it lasts, and ``sentence`` says so: ``{told}`` is where the details are,
    ``{kind}`` the kind of the fault.
    """

    def __init__(
        self,
        screen: Screen[None],
        read: Callable[[Wanted, GoOn], Found],
        answered: type[Answered[Found]],
        *,
        name: str,
        fault_folder: Path,
        sentence: str = "that did not work; {told}",
    ) -> None:
        self._screen = screen
        self._name = name
        self._read = read
        self._message = answered
        self._fault_folder = fault_folder
        self._sentence = sentence
        self._asked = self._answered = 0
        self._next: Callable[[], Wanted] | None = None
        self._last_fault = ("", "")

    @property
    def reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._answered < self._asked

    def ask(self, wanted: Wanted) -> None:
        """Read now; what is under way counts no longer."""
        self._asked += 1
        number = self._asked
        self._screen.run_worker(
            lambda: self._work(number, wanted), name=self._name, group=self._name, thread=True
        )

    def ask_in_turn(self, wanted: Callable[[], Wanted]) -> None:
        """Read now, or right after what is under way; ``wanted`` is called when it begins."""
        if self.reading:
            self._next = wanted
        else:
            self.ask(wanted())

    def came(self, message: Answered[Found]) -> bool:
        """Take note of an answer, and begin what waits; return whether it is the newest's."""
        self._answered = max(self._answered, message.number)
        newest = message.number == self._asked
        if self._next is not None and not self.reading:
            wanted, self._next = self._next, None
            self.ask(wanted())
        return newest

    def is_newest(self, number: int) -> bool:
        """Return whether no other request came after one of a number."""
        return number == self._asked

    def stop(self) -> None:
        """Want nothing any more of what is under way."""
        self._asked += 1
        self._answered, self._next = self._asked, None

    def _work(self, number: int, wanted: Wanted) -> None:
        began, found, trouble = monotonic(), None, ""
        try:
            found = self._read(wanted, lambda: self.is_newest(number))
            self._last_fault = ("", "")
        except NoLongerWantedError:
            return
        except Refusal as refusal:
            trouble = refusal.reason
        except Exception as fault:  # a board on the wall outlives a bad moment
            trouble = self._sentence.format(told=self._noted(fault), kind=type(fault).__name__)
        self._screen.post_message(self._message(number, found, trouble, monotonic() - began))

    def _noted(self, fault: Exception) -> str:
        """Write a fault down once, not twice a second for as long as it lasts."""
        before, told = self._last_fault
        if repr(fault) != before:
            told = note_fault(self._fault_folder, fault)
            self._last_fault = (repr(fault), told)
        return told

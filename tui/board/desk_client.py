"""The board's way to the desk: threads open it, read it and act on it, and say so in messages.

One reading of the board is under way at a time, and what is asked for meanwhile is read right
after it; that of another list is stopped for it.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from store.changed_meanwhile import ChangedMeanwhile
from store.engines.pauses import growing_pauses
from store.queue.query import Query
from store.stopping import NotKnownYet, ReadingStop, waited_for
from tui.actions.screens import ALL_COMMANDS
from tui.board.client import Answered, Client
from tui.board.seen import Seen
from tui.board.snapshot import FirstSight, Request, Snapshot, read
from tui.board.steps import StepsUnderWay
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading


Found = TypeVar("Found")

_ASKS_AGAIN: Final = (0.5, 5.0)
"""The first pause before a database is asked again that did not answer, and the longest."""


class DeskOpened(Message):
    """The database is open."""

    def __init__(self, desk: "DeskReading") -> None:
        super().__init__()
        self.desk = desk


class LookedFirst(Message):
    """What can be shown before the desk is open came; None where nothing can."""

    def __init__(self, found: FirstSight | None) -> None:
        super().__init__()
        self.found = found


class NotOpened(Message):
    """The database cannot be opened, and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


class SnapshotRead(Answered[Snapshot]):
    """A reading came back, or the database did not answer; then it will be asked again."""


class Acted(Message):
    """Something was done; ``said`` tells the person what, ``then`` is to be called after it."""

    def __init__(self, said: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.said = said
        self.then = then


class Fetched(Message):
    """What was asked for came: ``show`` is to be called to show it."""

    def __init__(self, show: Callable[[], None]) -> None:
        super().__init__()
        self.show = show


class Refused(Message):
    """Something was not done, and why; ``then`` is to be called with that, None for a toast."""

    def __init__(self, reason: str, then: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.then = then


class ReadingWanted(Message):
    """A widget lacks something: ``read`` gives it in a thread, and ``show`` is told it."""

    def __init__(
        self, name: str, read: "Callable[[DeskReading], Found]", show: Callable[[Found], None]
    ) -> None:
        super().__init__()
        self.name = name
        self.read: Callable[[DeskReading], Any] = read
        self.show: Callable[[Any], None] = show


class DeskClient:
    """Opens the desk, reads from it and acts on it for one screen, all in thread workers."""

    def __init__(
        self, screen: Screen[None], open_desk: "Callable[[], DeskReading]", fault_folder: Path
    ) -> None:
        self.desk: DeskReading | None = None
        self._screen = screen
        self._open_desk = open_desk
        self._fault_folder = fault_folder
        self._under_way = (Query(), ReadingStop())
        self.steps = StepsUnderWay()
        self._pauses = growing_pauses(*_ASKS_AGAIN)
        self._asks_from = 0.0
        self._snapshots: Client[tuple[DeskReading, Request, ReadingStop], Snapshot] = Client(
            screen,
            lambda wanted, _: _read(*wanted),
            SnapshotRead,
            name="reading",
            fault_folder=fault_folder,
            sentence="{kind}",
        )

    @property
    def present(self) -> "Desk | None":
        """The desk of now, which can be changed; None before it is open, and in the past."""
        if self.desk is None:
            return None
        from store.desk import Desk  # noqa: PLC0415 - whoever has a desk has loaded it

        return self.desk if isinstance(self.desk, Desk) else None

    @property
    def idle(self) -> bool:
        """Whether the desk is open, and nothing is being read or waits to be."""
        return self.desk is not None and not self._snapshots.reading

    def look_first(self, look: Callable[[], FirstSight | None]) -> None:
        """Look at what can be shown before the desk is open; ``LookedFirst`` follows."""

        def work() -> None:
            try:
                found = look()
            except Exception:  # whatever it is, the whole desk says it, or can be read all the same
                found = None
            self._screen.post_message(LookedFirst(found))

        self._start(work, "first look")

    def open(self) -> None:
        """Open the desk; ``DeskOpened`` or ``NotOpened`` follows."""
        self._start(self._open, "opening")

    def ask(self, wants: Callable[[], Request]) -> None:
        """Read what ``wants`` says, once the desk is open; ``SnapshotRead`` follows."""
        desk = self.desk
        if desk is None:
            return

        def begun() -> "tuple[DeskReading, Request, ReadingStop]":
            request, stop = wants(), ReadingStop()
            self._under_way = (request.query, stop)
            return desk, request, stop

        query, stop = self._under_way
        if self._snapshots.reading and query != wants().query:
            self._start(stop.stop, "stopping")  # a server is told so over the network
            self._snapshots.ask(begun())
        else:
            self._snapshots.ask_in_turn(begun)

    @property
    def is_due(self) -> bool:
        """Whether a database that did not answer may be asked again."""
        return monotonic() >= self._asks_from

    def give_up_reading(self) -> None:
        """Wait no longer for what is being read: nothing is heard from the database."""
        self._under_way[1].given_up.set()

    def leave(self) -> None:
        """Wait for nothing any more: the screen is left."""
        self.give_up_reading()
        self.steps.leave()

    def came(self, message: SnapshotRead) -> None:
        """Take note that a reading came to its end, and read what was asked for meanwhile."""
        if message.found is None:
            self._asks_from = monotonic() + next(self._pauses)
        else:
            self._pauses, self._asks_from = growing_pauses(*_ASKS_AGAIN), 0.0
        self._snapshots.came(message)

    def act(
        self,
        name: str,
        action: "Callable[[Desk], str]",
        then: Callable[[], None] | None = None,
        refused: Callable[[str], None] | None = None,
        *,
        on: Seen | None = None,
        changed: Callable[[ChangedMeanwhile], None] | None = None,
    ) -> None:
        """Do something that returns what was done; ``Acted`` or ``Refused`` follows.

        ``then`` is called on the screen's own thread once it was done; when it was refused,
        ``refused`` is, with the reason, in place of a toast. ``on`` is what the person saw of what
        it changes: where others changed that since, ``changed`` is called instead.
        """
        seen = on or Seen()
        versions, revision = seen.versions, seen.revision

        def acted(desk: "DeskReading") -> Message:
            now = _of_now(desk)
            try:
                with self.steps.step(name), now.decided_on(versions, revision):
                    return Acted(action(now), then)
            except ChangedMeanwhile as meanwhile:
                if changed is None:
                    raise
                return Fetched(partial(changed, meanwhile))

        self._try(name, acted, refused)

    def fetch(
        self,
        name: str,
        reading: "Callable[[DeskReading], Found]",
        show: "Callable[[Found], None]",
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Read something and show it on the screen's own thread; ``Refused`` may follow instead.

        Then ``refused`` is called with the reason, in place of a toast.
        """

        def found(desk: "DeskReading") -> Fetched:
            value = reading(desk)
            return Fetched(lambda: show(value))

        self._try(name, found, refused)

    def answer(self, question: "Callable[[Desk], Found]") -> Found:
        """Return what the desk of now answers, for a thread of a form's own.

        Raises:
            Refusal: the desk refuses, or is not open yet.
        """
        desk = self.present
        if desk is None:
            raise Refusal("the database does not answer yet")
        return question(desk)

    def _try(
        self,
        name: str,
        work: "Callable[[DeskReading], Message]",
        refused: Callable[[str], None] | None = None,
    ) -> None:
        if self.desk is not None:
            desk = self.desk
            self._start(lambda: self._outcome(desk, name, work, refused), name, "acting")

    def _start(self, work: Callable[[], None], name: str, group: str | None = None) -> None:
        self._screen.run_worker(work, name=name, group=group or name, thread=True)

    def _open(self) -> None:
        try:
            self._screen.post_message(DeskOpened(self._open_desk()))
        except Refusal as refusal:
            self._screen.post_message(NotOpened(refusal))

    def _outcome(
        self,
        desk: "DeskReading",
        name: str,
        work: "Callable[[DeskReading], Message]",
        refused: Callable[[str], None] | None,
    ) -> None:
        try:
            self._tell(work(desk))
        except NotKnownYet as unknown:
            self._tell(Refused(unknown.reason, refused))
            self._settle(title_of(name), unknown)
        except Refusal as refusal:
            self._tell(Refused(refusal.reason, refused))
        except Exception as fault:  # a board on the wall outlives a bad moment
            told = note_fault(self._fault_folder, fault)
            self._screen.post_message(Refused(f"that did not work; {told}", refused))

    def _settle(self, title: str, unknown: NotKnownYet) -> None:
        """Tell how a step ended as soon as the database says so."""
        for seconds in growing_pauses(*_ASKS_AGAIN):
            if self.steps.left.wait(seconds):
                return
            is_done = unknown.is_done()
            if is_done is not None:
                said = "was done after all" if is_done else "was not done, and will not be"
                self._tell(Acted(f"{title}: it {said}."))
                return

    def _tell(self, message: Acted | Refused | Message) -> None:
        """Tell the screen, or whoever left it: how a step ended is always said."""
        if isinstance(message, Refused) and self.steps.left.is_set():
            self.steps.parting_words.append(message.reason)
        self._screen.post_message(message)


def title_of(name: str) -> str:
    """Return what a step is called, by the name of its command."""
    command = ALL_COMMANDS.get(name)
    return name.replace("_", " ").capitalize() if command is None else command.title


def _read(desk: "DeskReading", request: Request, stop: ReadingStop) -> Snapshot:
    with waited_for(stop.given_up):
        return read(desk, request, stop)


def _of_now(desk: "DeskReading") -> "Desk":
    from store.desk import Desk  # noqa: PLC0415 - a desk is open, so it is here

    if not isinstance(desk, Desk):
        raise Refusal("the past is for looking only; nothing of it can be changed")
    return desk

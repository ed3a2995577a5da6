"""What the list shows: the queue, the declined tickets, or what a filter leaves of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.vocabulary import Vocabulary
from store.queue.fact_query import example_of_fact
from store.queue.query import NOBODY, Query, QueryField, Scope, Term, parse_query
from store.read_models import FOUND_AT_MOST, LATE_AT_MOST
from tui.board.queue.ticket_list import ListState
from tui.board.widgets.styles import Span

if TYPE_CHECKING:
    from tui.board.snapshot import BoardState

_WHOLE_QUEUE = Query()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """What matters of the queue, counted; ``late`` no further than ``LATE_AT_MOST``."""

    nobodys: int = 0
    late: int = 0
    parked: int = 0

    def in_words(self) -> list[str]:
        """Return what there is any of: ``14 nobody's``, ``2 late``, ``1 parked``."""
        late = f"{self.late:,} late" if self.late < LATE_AT_MOST else f"{LATE_AT_MOST - 1:,}+ late"
        said = ((self.nobodys, f"{self.nobodys:,} nobody's"), (self.late, late))
        parked = (self.parked, f"{self.parked:,} parked")
        return [words for count, words in (*said, parked) if count]


NO_COUNTS = QueueCounts()
"""The counts before anything is read."""


def counts_of(state: "BoardState | None") -> QueueCounts:
    """Return what matters of the queue, as it was read; not counted at a first look."""
    if state is None or state.watched is None:
        return NO_COUNTS
    held = sum(load.total - load.nobodys for load in state.loads)
    overview = state.overview
    nobodys = max(0, overview.queue - held)
    return QueueCounts(nobodys=nobodys, late=overview.late, parked=overview.parked)


@dataclass(frozen=True, slots=True)
class View:
    """A list to look at: its query, and the filter as it was typed."""

    query: Query = _WHOLE_QUEUE
    typed: str = ""

    @property
    def changed(self) -> bool:
        """Whether it is anything but the whole queue."""
        return not self.query.whole_queue

    @property
    def declined(self) -> bool:
        """Whether it looks at the declined tickets."""
        return self.query.scope is Scope.DECLINED

    @property
    def ranked(self) -> bool:
        """Whether a row's number is a place in the queue."""
        return self.query.whole_queue

    def filtered(self, typed: str, words: Vocabulary) -> "View":
        """Return the same list with another filter, in the ``words`` of the policy in force.

        Raises:
            Refusal: the filter has a field or a value that is not known.
        """
        scope = Scope.DECLINED if self.declined else Scope.QUEUE
        return View(parse_query(typed, words, scope), typed.strip())

    def title(self, total: int, marked: int = 0, counts: QueueCounts = NO_COUNTS) -> str:
        """Return the list's name with how many tickets it has, and how many are marked anywhere.

        The title of the whole queue "counts what matters": nobody's, late, parked. What a filter
        finds is counted no further than ``FOUND_AT_MOST``.
        """
        names = {Scope.QUEUE: "Queue", Scope.ALL: "All tickets", Scope.DECLINED: "Declined"}
        matters = counts.in_words() if self.ranked else []
        marks = [f"{marked:,} marked"] if marked else []
        is_all = self.query.unfiltered or total < FOUND_AT_MOST
        counted = f"{total:,}" if is_all else f"{FOUND_AT_MOST - 1:,}+"
        return " · ".join([f"{names[self.query.scope]} {counted}", *matters, *marks])

    def note(self) -> tuple[Span, ...]:
        """Return the filter, as the title's note; it is text that a person typed."""
        return ((f"/ {self.typed}", "soon"),) if self.typed else ()

    def empty(self) -> tuple[str, ...]:
        """Return the friendly sentences for when there is nothing in it."""
        if self.typed:
            return ("Nothing matches.", "Going back shows everything again.")
        if self.declined:
            return ("No ticket is declined.", "Every one so far is ours.")
        return ("Nobody is waiting for us.", "What comes in appears here by itself.")


def example_of(words: Vocabulary) -> str:
    """Return an example of a filter in the policy's words."""
    tier = "".join(f"tier:{each} " for each in (words.paying or words.tiers)[:1])
    facts = [] if tier else [f"{example_of_fact(*each)} " for each in words.facts[:1]]
    priority = "".join(f"p:{each} " for each in words.priorities[:2][-1:])
    return f"{tier}{''.join(facts)}{priority}assignee:me words"


DECLINED = View(Query(scope=Scope.DECLINED))
"""The declined tickets, all of them."""


def assigned_to(login: str | None) -> View:
    """Return what of the queue a person is assigned; None stands for nobody."""
    whose = login or NOBODY
    return View(Query(terms=(Term(QueryField.ASSIGNEE, (whose,)),)), f"assignee:{whose}")


def alone(ticket_id: int) -> View:
    """Return one ticket, wherever it stands."""
    number = str(ticket_id)
    term = Term(QueryField.NUMBER, (number,))
    return View(Query(Scope.ALL, (term,)), f"{QueryField.NUMBER}:{number}")


def listed_of(state: "BoardState", view: View) -> ListState:
    """Return how the list of a view stands."""
    overview = state.overview
    return ListState(
        state.total,
        ranked=view.ranked,
        empty=view.empty(),
        words=overview.words,
        holders=overview.holders,
    )

"""The number one: the only filled block on every screen, and what to do about it.

"What the eye meets first tells what to *do*": which ticket, whose, is that person in, by when, why,
and the one next step with its key.
"""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.widget import Widget

from policy.ticket import Ticket
from tui.board.number_one.banner_lines import ALL_LINES, WIDE_FROM, banner_lines
from tui.board.number_one.first_ticket import NumberOne
from tui.board.snapshot import BoardState
from tui.board.waits.waits_client import WaitsState
from tui.board.widgets.styles import Span, content
from tui.environment.keymap import Keys
from tui.phrasing.company_words import Neighbour, who_answers
from tui.phrasing.times import NOT_YET

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.waits.forecast import AnswerForecast

ONE_LINE_BELOW: Final = 20
"""A screen of fewer rows has one line for the number one."""

AIRY_FROM: Final = 34
"""A screen of so many rows has room around the block; one over the board of fewer has two lines."""


class Banner(Widget):
    """Draws the number one; on a small screen in one line, over other screens in two.

    ``over`` is whether it stands above another screen than the board. ``followed`` is the ticket
    that the keys go to.
    """

    now: var[datetime] = var(NOT_YET, init=False)
    state: var[BoardState | None] = var(None, init=False, always_update=True)
    followed: var[int | None] = var(None, init=False)
    waiting: var[WaitsState] = var(WaitsState(""), init=False, always_update=True)
    company: var[tuple[Neighbour, ...]] = var((), init=False)

    def __init__(
        self, zone: tzinfo | None, now: datetime, keys: Keys | None, *, over: bool = False
    ) -> None:
        super().__init__()
        self._zone = zone
        self._keys = keys
        self._over = over
        self._first: NumberOne | None = None
        self._drawn: tuple[list[list[Span]], int] = ([], 0)
        self.set_reactive(Banner.now, now)

    def watch_now(self) -> None:
        """Show how the queue stands at another time."""
        self._look()

    def watch_state(self) -> None:
        """Show how the queue stands when that has changed."""
        self._look()

    def watch_followed(self) -> None:
        """Show whether the keys go to the number one."""
        self._look()

    def watch_waiting(self) -> None:
        """Warn, or no more, that the contract's time is earlier than what is safe."""
        self._look()

    def watch_company(self) -> None:
        """Say whether somebody else writes an answer in it."""
        self._look()

    def on_mount(self) -> None:
        """Show what was read before there was this screen."""
        self._look()

    def on_resize(self) -> None:
        """Lay out for another size."""
        self._look()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return how many lines there are to say: a deviation takes more of them."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        lines = self._lines(self.content_size.width)
        return Content("\n").join(content(line) for line in lines)

    def _look(self) -> None:
        """Draw anew only when something that is shown has changed, and lay out only for height."""
        self.set_class(self.app.size.height < AIRY_FROM, "-low")
        state = self.state
        if state is not None:
            self._first = NumberOne(
                overview=state.overview,
                now=self.now,
                zone=self._zone,
                team=state.team,
                keys=self._keys,
                at_hand=_is_at_hand(state.overview.number_one, self.followed),
                refusals=frozenset(state.refusals),
                forecast=self._forecast(state.overview.number_one),
                answering=self._answering(state.overview.number_one),
            )
            self.set_class(self._first.is_urgent, "-urgent")
        cells = self.content_size.width
        lines, before = self._lines(cells), self._drawn
        self._drawn = (lines, cells)
        if len(lines) != len(before[0]):
            self.refresh(layout=True)
        elif self._drawn != before:
            self.refresh()

    def _answering(self, ticket: Ticket | None) -> str | None:
        return None if ticket is None else who_answers(self.company, ticket.id)

    def _forecast(self, ticket: Ticket | None) -> "AnswerForecast | None":
        return None if ticket is None else self.waiting.forecast(ticket.id)

    def _lines(self, cells: int) -> list[list[Span]]:
        most = self._most_lines()
        if self._first is None:
            usual = 3 if cells >= WIDE_FROM else 4
            return [[("NUMBER ONE", "block-dim")], *[[("", "")]] * (min(usual, most) - 1)]
        return banner_lines(self._first, cells, most)

    def _most_lines(self) -> int:
        rows = self.app.size.height
        if rows < ONE_LINE_BELOW:
            return 1
        return 2 if self._over and rows < AIRY_FROM else ALL_LINES


def _is_at_hand(ticket: Ticket | None, followed: int | None) -> bool:
    return ticket is not None and ticket.id == followed

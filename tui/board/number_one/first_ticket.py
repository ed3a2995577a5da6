"""What the block of the number one is drawn from."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from store.read_models import Overview
from tui.board.team.team_model import NO_TEAM, TeamView
from tui.environment.keymap import Keys
from tui.phrasing import times
from tui.phrasing.ticket_facts import SOON

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.waits.forecast import AnswerForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOne:
    """What the block is drawn from: how the queue stands at ``now`` (UTC), shown in ``zone``.

    ``keys`` are empty where nothing can be done, as in the past; ``at_hand`` is whether a key goes
    to the number one, as the cursor stands on it. ``refusals`` are why this person may not do
    something at all, by the commands' ids. ``forecast`` is when an answer is likely and safe, None
    while that is not known. ``answering`` is who else writes an answer in it just now.
    """

    overview: Overview
    now: datetime
    zone: tzinfo | None
    team: TeamView = NO_TEAM
    keys: Keys | None = None
    at_hand: bool = False
    refusals: frozenset[str] = frozenset()
    forecast: "AnswerForecast | None" = None
    answering: str | None = None

    @property
    def ticket(self) -> Ticket | None:
        """The number one itself."""
        return self.overview.number_one

    @property
    def is_urgent(self) -> bool:
        """Whether it is late, due within a quarter of an hour, or held by somebody who is away."""
        ticket = self.ticket
        if ticket is None:
            return False
        deadline = ticket.respond_by
        near = deadline is not None and times.until(deadline, self.now) <= SOON
        return near or (ticket.actionable and self.overview.holders.away(ticket) is not None)

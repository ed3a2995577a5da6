"""The members in a list, each with how they stand, and the time off of each below them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from textual import events, on
from textual.geometry import Size

from policy.roster.members import Roster, TimeOff
from policy.roster.time_off import Day, as_entered
from tui.board.team.team_model import TeamView
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span
from tui.phrasing import times
from tui.phrasing.holder_words import tickets
from tui.phrasing.text import left_aligned, plain_line, width

_NAME_AT_MOST: Final = 28


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the list shows them: the login, the name made harmless, and how they stand.

    With ``off`` it is not the member but that time off of theirs, which runs or is to come.
    """

    login: str
    name: str
    state: str
    out: bool
    off: TimeOff | None = None


class MemberList(LineList[ListedMember]):
    """The members, each with how they stand, and below them what runs or is to come."""

    def __init__(self, members: Sequence[ListedMember], login: str | None) -> None:
        places = [place for place, each in enumerate(members) if each.login == login]
        super().__init__(members, places[0] if places else 0)
        longest = max((width(each.name) for each in members), default=0)
        self._name_cells = min(_NAME_AT_MOST, longest)

    @on(events.Mount)
    def _show_time_off(self) -> None:
        """Show what runs and is to come of the member at first under the cursor."""
        if self.item.out:
            self.call_after_refresh(self.scroll_to, y=self._first_place, animate=False)

    @property
    def member(self) -> ListedMember:
        """Who, or what of whom, is under the cursor."""
        return self.item

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return as many lines as there are where what they do stands beside them."""
        if self.screen.has_class("-beside"):
            return len(self._items)
        return super().get_content_height(container, viewport, width)

    def spans(self, item: ListedMember, *, here: bool) -> list[Span]:
        """Return a member's name and how they stand, or what time off it is."""
        if item.off is not None:
            return [("  └ ", "dim"), (item.state, self.role(here=here) if here else "dim")]
        name = left_aligned(item.name, self._name_cells)
        return [(name, self.role(here=here)), (f"   {item.state}", "dim")]


def listed(
    team: TeamView, loads: Mapping[str, int], now: datetime, zone: tzinfo | None
) -> list[ListedMember]:
    """Return everybody of the team with how they stand at ``now`` (UTC), in the pane's order.

    ``loads`` is how many tickets each has. Each is followed by their time off that runs or is to
    come.
    """
    standing: dict[str, tuple[str, bool]] = {}
    for person in team.in_now:
        left = "" if person.at is None else f", until {times.at(person.at, now, zone)}"
        full = ", at capacity" if person.at_capacity else ""
        standing[person.login] = (f"in{left}{full}", False)
    for person in team.arriving:
        when = "" if person.at is None else times.at(person.at, now, zone)
        standing[person.login] = (f"arrives {when}", False)
    for person in team.out:
        until = "until further notice" if person.at is None else times.at(person.at, now, zone)
        why = f": {person.why}" if person.why else ""
        said = until if person.at is None else f"until {until}"
        standing[person.login] = (f"out {said}{why}", True)
    names = dict(team.names)
    everybody = [*standing, *(login for login in names if login not in standing)]
    return [
        each
        for login in everybody
        for state, out in (standing.get(login, ("not scheduled", False)),)
        for each in (
            ListedMember(login, names[login], f"{state}{_load(loads.get(login, 0))}", out),
            *_time_off(team.of or Roster(), login, names[login], now, zone),
        )
    ]


def _load(count: int) -> str:
    return f" · {tickets(count)}" if count else ""


def _time_off(
    roster: Roster, login: str, name: str, now: datetime, zone: tzinfo | None
) -> Iterator[ListedMember]:
    """Yield what of a member's time off runs, and then what is to come."""
    member = roster.by_login[login]
    running = roster.holding(login, now)
    for off in (*running, *roster.coming(login, now)):
        start, until = (_short(day, now, zone) for day in as_entered(member, off))
        ends = f" to {until}" if until else " until further notice"
        when = f"{'now, ' if off in running else ''}{start}{'' if until == start else ends}"
        why = f": {plain_line(off.reason)}" if off.reason else ""
        yield ListedMember(login, name, f"{when}{why}", off in running, off)


def _short(day: Day | None, now: datetime, zone: tzinfo | None) -> str:
    """Return a date where somebody lives as it is, a time as short as is clear in ``zone``."""
    if isinstance(day, datetime):
        return times.at(day, now, zone)
    return "" if day is None else f"{day:%a} {day.day} {day:%b}"

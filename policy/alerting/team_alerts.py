"""Which alerts are due now: a decision from how things stand and what was told before.

"A new number one, due within 15 minutes, a p0 that nobody in holds, level and mode; each once,
silent while nobody is on shift."
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from policy.capacity.levels import Capacity
from policy.capacity.mode import ModeInForce
from policy.phrases import span
from policy.ticket import Ticket
from policy.words import Mode

DUE_SOON: Final = timedelta(minutes=15)
"""How long before an answer is due the team is told."""


_Value = TypeVar("_Value")
_Tickets = dict[int, tuple[Ticket, list[str]]]


class AlertKind(StrEnum):
    """What an alert can be about, by the words of the config file."""

    NUMBER_ONE = "number_one"
    DUE_SOON = "due_soon"
    UNHELD = "unheld"
    """A ticket of the highest priority that is nobody's: nobody has it, or whoever does is away."""
    LEVEL = "level"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSituation:
    """How things stand at ``now`` (UTC), as far as alerts depend on it.

    ``due_soon`` are tickets of the queue whose answer is due from now on, within ``DUE_SOON``,
    ``unheld`` those of the highest priority that are nobody's. ``calm_for`` is for how long a lower
    level holds before it is believed.
    """

    now: datetime
    has_team: bool
    number_one: Ticket | None
    due_soon: tuple[Ticket, ...]
    unheld: tuple[Ticket, ...]
    capacity: Capacity
    mode: ModeInForce
    calm_for: timedelta

    @property
    def on_shift(self) -> bool:
        """Whether anybody is scheduled now, out or not; without a team there are no shifts."""
        return not self.has_team or bool(self.capacity.scheduled)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyTold:
    """What somebody who is alerted was told last; at first nothing, as on a quiet day.

    ``due_soon`` holds by their numbers until when the tickets were due (UTC) of which they were
    told, ``unheld`` the numbers of those that are nobody's still. ``lower_since`` (UTC) is since
    when the level is lower than the one they were told.
    """

    number_one: int | None = None
    due_soon: Mapping[int, datetime] = field(default_factory=dict)
    unheld: frozenset[int] = frozenset()
    level: int = 1
    lower_since: datetime | None = None
    mode: Mode = Mode.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAlert:
    """One thing to tell: ``short`` in a few words for a title, ``line`` in a sentence.

    A ticket's sentence holds words of its customer.
    """

    short: str
    line: str


def alerts_due(
    situation: AlertSituation, told: AlreadyTold, about: Collection[AlertKind]
) -> tuple[tuple[TeamAlert, ...], AlreadyTold]:
    """Return what somebody is to be told now, and what they have been told after that.

    Of what they are not to be told ``about`` nothing is said, and nothing remembered. While nobody
    is on shift both are as they were: what still holds when a shift begins is told then.
    """
    if not situation.on_shift:
        return (), told
    tickets: _Tickets = {}
    after = told
    if AlertKind.UNHELD in about:
        after = _unheld(situation, after, tickets)
    if AlertKind.NUMBER_ONE in about:
        after = _number_one(situation, after, tickets)
    if AlertKind.DUE_SOON in about:
        after = _due_soon(situation, after, tickets)
    alerts = [_of_ticket(ticket, what) for ticket, what in tickets.values()]
    if AlertKind.LEVEL in about:
        after = _level(situation, after, alerts)
    if AlertKind.MODE in about:
        after = _mode(situation, after, alerts)
    return tuple(alerts), after


def taken_back(current: AlreadyTold, before: AlreadyTold, after: AlreadyTold) -> AlreadyTold:
    """Return what somebody has been told after all, when telling them failed.

    ``before`` and ``after`` are what they had been told around that; what others told them since
    stays told.
    """
    never = {number for number, at in after.due_soon.items() if before.due_soon.get(number) != at}
    due_soon = {
        number: at
        for number, at in current.due_soon.items()
        if number not in never or after.due_soon[number] != at
    }
    same_level = current.level == after.level != before.level
    return AlreadyTold(
        number_one=_either(current.number_one, before.number_one, after.number_one),
        due_soon=due_soon,
        unheld=current.unheld - (after.unheld - before.unheld),
        level=before.level if same_level else current.level,
        lower_since=before.lower_since if same_level else current.lower_since,
        mode=_either(current.mode, before.mode, after.mode),
    )


def _either(current: _Value, before: _Value, after: _Value) -> _Value:
    return before if current == after else current


def _say(tickets: _Tickets, ticket: Ticket, what: str) -> None:
    tickets.setdefault(ticket.id, (ticket, []))[1].append(what)


def _unheld(situation: AlertSituation, told: AlreadyTold, tickets: _Tickets) -> AlreadyTold:
    """Tell of tickets that have become nobody's since; one that somebody took may do so again."""
    for ticket in situation.unheld:
        if ticket.id not in told.unheld:
            holder = ticket.assignee
            held = "nobody has it" if holder is None else f"held by {holder}, who is away"
            _say(tickets, ticket, held)
    return replace(told, unheld=frozenset(ticket.id for ticket in situation.unheld))


def _number_one(situation: AlertSituation, told: AlreadyTold, tickets: _Tickets) -> AlreadyTold:
    now = situation.number_one
    if now is not None and now.id != told.number_one:
        _say(tickets, now, "the new number one")
    return replace(told, number_one=None if now is None else now.id)


def _due_soon(situation: AlertSituation, told: AlreadyTold, tickets: _Tickets) -> AlreadyTold:
    """Tell of each time that an answer is due, once; a ticket that is due anew is told anew."""
    still = {number: at for number, at in told.due_soon.items() if at >= situation.now}
    for ticket in situation.due_soon:
        respond_by = ticket.respond_by
        if respond_by is not None and still.get(ticket.id) != respond_by:
            _say(tickets, ticket, f"due in {span(respond_by - situation.now)}")
            still[ticket.id] = respond_by
    return replace(told, due_soon=still)


def _level(situation: AlertSituation, told: AlreadyTold, alerts: list[TeamAlert]) -> AlreadyTold:
    """Tell of a higher level at once, of a lower one when it has been lower for the calm time."""
    level, now = situation.capacity.level, situation.now
    if level == told.level:
        return replace(told, lower_since=None)
    if level < told.level:
        since = told.lower_since or now
        if now - since < situation.calm_for:
            return replace(told, lower_since=since)
    said = [f"Level {level}, before it was {told.level}.", situation.capacity.why]
    alerts.append(
        TeamAlert(
            short=f"level {level}", line=" ".join([*said, situation.capacity.contingency]).strip()
        )
    )
    return replace(told, level=level, lower_since=None)


def _mode(situation: AlertSituation, told: AlreadyTold, alerts: list[TeamAlert]) -> AlreadyTold:
    mode = situation.mode.mode
    if mode is not told.mode:
        name = mode.value.replace("_", " ")
        alerts.append(TeamAlert(short=name, line=f"Now: {name}. {situation.mode.why}"))
    return replace(told, mode=mode)


def _of_ticket(ticket: Ticket, what: list[str]) -> TeamAlert:
    said = ", ".join(what)
    named = " · ".join(filter(None, (ticket.priority, ticket.customer, ticket.subject)))
    return TeamAlert(short=f"#{ticket.id} {said}", line=f"#{ticket.id} {named}: {_sentence(said)}")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


_IN_A_TITLE: Final = 1
_TICKETS_AT_MOST: Final = 10


def title_of(alerts: Collection[TeamAlert]) -> str:
    """Return a title for what is told at once; no words of a customer are in it."""
    first = next(iter(alerts))
    more = len(alerts) - _IN_A_TITLE
    return first.short if not more else f"{first.short}, and {more} more"


def lines_of(alerts: Collection[TeamAlert]) -> Iterator[str]:
    """Yield a line for each of the first alerts, and one for how many more there are."""
    for number, alert in enumerate(alerts):
        if number == _TICKETS_AT_MOST:
            yield f"… and {len(alerts) - _TICKETS_AT_MOST} more"
            return
        yield alert.line

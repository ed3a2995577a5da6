"""What a command is, declared once: its keys, its words, its right, and why it is disabled now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from policy.conversation.messages import ConversationEnd
from policy.roster.holders import HolderAway
from policy.ticket import Ticket
from policy.tickets.actions import refusal_of
from policy.words import Action, Role
from tui.actions.only_here import OnlyHere


class CommandGroup(StrEnum):
    """The headings under which help lists the commands."""

    TICKET = "The ticket under the cursor"
    TEAM = "The team and who waits"
    LOOK = "What the board shows"
    HISTORY = "What happened, and the past"
    MOVE = "Moving about"
    BOARD = "The board"
    WAITS = "While the waits are shown"
    ENGINEERS = "In the engineer's view"
    TIME = "While time is shown"
    REPORT = "While the report is shown"
    IN_HISTORY = "While the history is shown"
    ANSWER = "While an answer is written"
    OWN = "Your own commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContext:
    """What a command looks at to say whether it can be used now; ``now`` is UTC.

    ``ticket`` is the one under the cursor, ``holder_away`` why whoever has it is away, None where
    they are not; ``connected`` is whether the database is open and answers.
    ``refusals`` are why this person may not use a command at all, by its id; ``team`` is whether
    there is a team, ``timing`` whether this person's timer runs. ``past`` is the time that is
    shown when it is not now (UTC), ``marked`` how many tickets are marked. ``role`` is this
    person's in the team. ``conversation`` is the end of that of the ticket, None while it is not
    read.
    """

    actor: str
    now: datetime
    connected: bool
    ticket: Ticket | None
    holder_away: HolderAway | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)
    team: bool = False
    timing: bool = False
    past: datetime | None = None
    marked: int = 0
    role: Role | None = None
    conversation: ConversationEnd | None = None


Reason = Callable[[ActionContext], str | None]
"""Gives why a command cannot be used now in one sentence, or None when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing a person can do.

    ``keys`` are the keys that do it unless a config file says otherwise, ``label`` is its word in
    the footer, ``tooltip`` a few words, and ``help`` whole sentences for the help pages.
    ``typed`` is what does the same on the command line, without ``numberone``, or why nothing does:
    "whatever the board can do the command line can". The first of it needs the same right.
    ``action`` is the right that it needs, None when it changes nothing but what is shown, and
    ``unusable`` gives why there is nothing to use it on now.
    """

    id: str
    title: str
    label: str
    keys: tuple[str, ...]
    tooltip: str
    help: str
    typed: tuple[str, ...] | OnlyHere
    group: CommandGroup
    unusable: Reason
    action: Action | None = None

    def disabled(self, situation: ActionContext) -> str | None:
        """Return why it cannot be used now in one sentence, None when it can."""
        if self.action is not None and situation.past is not None:
            return "the past is for looking only; going back a step leads to now"
        if self.action is not None and situation.connected and self.id in situation.refusals:
            return situation.refusals[self.id]
        return self.unusable(situation)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the palette offers: its title, its help, why it cannot be used now, and its use."""

    title: str
    help: str
    why_not: str | None
    use: Callable[[], None]


def never(_: ActionContext) -> str | None:
    """Return None: it can always be used."""
    return None


def without_database(situation: ActionContext) -> str | None:
    """Return why what needs the database cannot be used."""
    return None if situation.connected else "the database does not answer yet"


def without_ticket(situation: ActionContext) -> str | None:
    """Return why what needs a ticket cannot be used."""
    if situation.ticket is None:
        return without_database(situation) or "there is no ticket under the cursor"
    return without_database(situation)


def without_ticket_or_timer(situation: ActionContext) -> str | None:
    """Return why what needs a ticket, or a timer that runs, cannot be used."""
    return without_database(situation) if situation.timing else without_ticket(situation)


def without_team(situation: ActionContext) -> str | None:
    """Return why what needs a team cannot be used."""
    if situation.connected and not situation.team:
        return "there is no team yet; a lead runs: numberone team import FILE"
    return without_database(situation)


def of_now_only(situation: ActionContext) -> str | None:
    """Return why what is reckoned for now alone cannot be used."""
    if situation.past is not None:
        return "that is reckoned for now alone; going back a step leads there"
    return without_database(situation)


def refused(action: str) -> Reason:
    """Return what says why the policy refuses an action on the ticket under the cursor."""

    def reason(situation: ActionContext) -> str | None:
        if situation.ticket is None or not situation.connected:
            return without_ticket(situation)
        ticket, away = situation.ticket, situation.holder_away
        return refusal_of(action, ticket, situation.actor, situation.now, away)

    return reason

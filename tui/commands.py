"""Every command, declared once: its keys, its words, and why it cannot be used just now.

The board's keys, footer, palette and help page and the command line's help all read this.
Nothing heavy is imported here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from policy.actions import refusal_of
from policy.ticket import Ticket


class Group(StrEnum):
    """The headings under which help lists the commands."""

    TICKET = "The ticket under the cursor"
    TEAM = "The team and who waits"
    LOOK = "What the board shows"
    MOVE = "Moving about"
    BOARD = "The board"
    WAITS = "While the waits are shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a command looks at to say whether it can be used now; ``now`` is UTC.

    ``ticket`` is the one under the cursor, ``connected`` whether the database is open and answers.
    ``refusals`` are why this person may not use a command at all, by its id; ``team`` is whether
    there is a team.
    """

    actor: str
    now: datetime
    connected: bool
    ticket: Ticket | None
    refusals: Mapping[str, str] = field(default_factory=dict)
    team: bool = False


Reason = Callable[[Situation], str | None]
"""Gives why a command cannot be used now in one sentence, or None when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing a person can do.

    ``keys`` are the keys that do it unless a config file says otherwise, ``label`` is its word in
    the footer, ``tooltip`` a few words, and ``help`` whole sentences for the help pages.
    """

    id: str
    title: str
    label: str
    keys: tuple[str, ...]
    tooltip: str
    help: str
    group: Group
    disabled: Reason


def _never(_: Situation) -> str | None:
    return None


def _without_database(situation: Situation) -> str | None:
    return None if situation.connected else "the database does not answer yet"


def _without_ticket(situation: Situation) -> str | None:
    if situation.ticket is None:
        return _without_database(situation) or "there is no ticket under the cursor"
    return _without_database(situation)


def _refused(action: str) -> Reason:
    def reason(situation: Situation) -> str | None:
        if situation.ticket is None or not situation.connected:
            return _without_ticket(situation)
        if action in situation.refusals:
            return situation.refusals[action]
        return refusal_of(action, situation.ticket, situation.actor, situation.now)

    return reason


def _not_declined(situation: Situation) -> str | None:
    if situation.ticket is not None and situation.ticket.declined is None:
        return f"#{situation.ticket.id} was not declined, so there is no ready reply to copy"
    return _without_ticket(situation)


def _without_right(command: str) -> Reason:
    return lambda situation: _without_database(situation) or situation.refusals.get(command)


def _without_team(command: str) -> Reason:
    def reason(situation: Situation) -> str | None:
        if situation.connected and not situation.team:
            return "there is no team yet; a lead runs: numberone team import FILE"
        return _without_right(command)(situation)

    return reason


TICKET_COMMANDS: Final = (
    Command(
        id="take",
        title="Take the ticket",
        label="take",
        keys=("t",),
        tooltip="Make it yours",
        help="Makes the ticket yours: from then on you are accountable for it."
        " Refused when somebody else has it; assign changes hands.",
        group=Group.TICKET,
        disabled=_refused("take"),
    ),
    Command(
        id="assign",
        title="Assign to somebody",
        label="assign",
        keys=("a",),
        tooltip="Give it to somebody, or to nobody",
        help="Makes somebody else accountable for the ticket, or nobody.",
        group=Group.TICKET,
        disabled=_refused("assign"),
    ),
    Command(
        id="reply",
        title="We replied",
        label="reply",
        keys=("r",),
        tooltip="Record that we answered, and whose step is next",
        help="Records that we answered the customer now, so nobody waits any longer,"
        " and whose step is next. The message itself is written where you always write it.",
        group=Group.TICKET,
        disabled=_refused("reply"),
    ),
    Command(
        id="heard",
        title="The customer wrote",
        label="customer wrote",
        keys=("c",),
        tooltip="Record that the customer wrote again",
        help="Records that the customer wrote now: the next step is ours and the clock runs from"
        " their first message since our last reply. A pending or solved ticket is open again.",
        group=Group.TICKET,
        disabled=_refused("heard"),
    ),
    Command(
        id="status",
        title="Change the status",
        label="status",
        keys=("s",),
        tooltip="Say whose step is next",
        help="Says whose step is next: ours (open), the customer's (pending), another team's"
        " (on hold), or nobody's (solved, closed). Only new and open tickets are in the queue.",
        group=Group.TICKET,
        disabled=_refused("status"),
    ),
    Command(
        id="priority",
        title="Assign a priority",
        label="priority",
        keys=("p",),
        tooltip="Assign another priority, with a reason",
        help="Assigns another priority than the definition's, with the reason and what it rests"
        " on: the customer, another team or the contract. The ticket then shows both.",
        group=Group.TICKET,
        disabled=_refused("priority"),
    ),
    Command(
        id="copy_reply",
        title="Copy the ready reply",
        label="copy reply",
        keys=("y",),
        tooltip="Copy the ready reply of a declined ticket",
        help="Copies the reply that tells the customer why a declined ticket is not ours.",
        group=Group.TICKET,
        disabled=_not_declined,
    ),
)

TEAM_COMMANDS: Final = (
    Command(
        id="out",
        title="Mark somebody out or back",
        label="out",
        keys=("o",),
        tooltip="Mark somebody out or back, after seeing what that does",
        help="Marks somebody of the team out, or back again. Before it is done the form says what"
        " it does: level, mode, number one, who will wait, and whose tickets need another hand.",
        group=Group.TEAM,
        disabled=_without_team("out"),
    ),
    Command(
        id="waits",
        title="Who waits, and what they are told",
        label="waits",
        keys=("w",),
        tooltip="Tell customers that they will wait, and until when",
        help="Shows who is to be told now that they will wait, with the notice for each, and what"
        " became of the notices before.",
        group=Group.TEAM,
        disabled=_without_database,
    ),
    Command(
        id="capacity",
        title="Why this level and mode",
        label="level",
        keys=("v",),
        tooltip="Say why the level and the mode are what they are",
        help="Says why the level and the mode are what they are, what that means for everybody, and"
        " who is in and who arrives next.",
        group=Group.TEAM,
        disabled=_without_database,
    ),
    Command(
        id="at_capacity",
        title="At capacity, or not any more",
        label="at capacity",
        keys=("b",),
        tooltip="Say that somebody takes no new tickets for now",
        help="Says that you take no new tickets until the queue is healthy, and that you do again."
        " While the team has the keys it is the person under the cursor, for whom a lead speaks.",
        group=Group.TEAM,
        disabled=_without_team("at_capacity"),
    ),
)

LOOK_COMMANDS: Final = (
    Command(
        id="new",
        title="Open a new ticket",
        label="new",
        keys=("n",),
        tooltip="Open a ticket and see what the policy decides",
        help="Opens a ticket. The form says while you type what intake would decide, and why.",
        group=Group.LOOK,
        disabled=_without_right("new"),
    ),
    Command(
        id="filter",
        title="Filter the list",
        label="find",
        keys=("/",),
        tooltip="Show only what matches",
        help="Shows only what matches, for example: tier:enterprise p:p1 assignee:me login page."
        " The same words work in numberone list. Esc shows everything again.",
        group=Group.LOOK,
        disabled=_without_database,
    ),
    Command(
        id="declined",
        title="Declined tickets",
        label="declined",
        keys=("x",),
        tooltip="Show the declined tickets, or the queue again",
        help="Shows the tickets that intake declined, each with its reason and a ready reply;"
        " once more shows the queue again.",
        group=Group.LOOK,
        disabled=_without_database,
    ),
    Command(
        id="number_one",
        title="Go to number one",
        label="number one",
        keys=("g",),
        tooltip="Show the whole queue from its number one",
        help="Shows the whole queue again with the cursor on its number one.",
        group=Group.LOOK,
        disabled=_without_database,
    ),
    Command(
        id="back",
        title="Back",
        label="back",
        keys=("escape",),
        tooltip="Back to the list, out of a filter, and to the queue",
        help="Goes back a step: dismisses what the board says in passing, then to the list, out of"
        " the filter, and from the declined tickets to the queue.",
        group=Group.LOOK,
        disabled=_never,
    ),
)


def _move(id: str, title: str, keys: tuple[str, ...], help: str) -> Command:  # noqa: A002 - as in Command
    return Command(
        id=id,
        title=title,
        label=title.lower(),
        keys=keys,
        tooltip=help,
        help=help,
        group=Group.MOVE,
        disabled=_never,
    )


MOVE_COMMANDS: Final = (
    _move("down", "Down", ("j", "down"), "One line down."),
    _move("up", "Up", ("k", "up"), "One line up."),
    _move("page_down", "Page down", ("pagedown", "space"), "One page down."),
    _move("page_up", "Page up", ("pageup",), "One page up."),
    _move("first", "First", ("home",), "To the first line."),
    _move("last", "Last", ("G", "end"), "To the last line."),
    _move("next_pane", "Next pane", ("tab", "l", "right"), "To the next pane."),
    _move("previous_pane", "Previous pane", ("shift+tab", "h", "left"), "To the pane before."),
    _move("queue", "Queue", ("1",), "To the queue."),
    _move("ticket", "Ticket", ("2",), "To the ticket."),
    _move("team", "Team", ("3",), "To the team."),
    _move(
        "open",
        "Open",
        ("enter",),
        "In the queue: to the ticket. In the team: only what the person is assigned.",
    ),
)

BOARD_COMMANDS: Final = (
    Command(
        id="help",
        title="Help",
        label="help",
        keys=("?", "f1"),
        tooltip="All keys and the words of the filter",
        help="Shows this page.",
        group=Group.BOARD,
        disabled=_never,
    ),
    Command(
        id="palette",
        title="Commands",
        label="commands",
        keys=("ctrl+p", ":"),
        tooltip="Find a command by its name",
        help="Finds a command by its name.",
        group=Group.BOARD,
        disabled=_never,
    ),
    Command(
        id="theme",
        title="Light or dark",
        label="theme",
        keys=("T",),
        tooltip="Change between the light and the dark theme",
        help="Changes between the light and the dark theme; the board remembers which.",
        group=Group.BOARD,
        disabled=_never,
    ),
    Command(
        id="quit",
        title="Quit",
        label="quit",
        keys=("q",),
        tooltip="Leave the board",
        help="Leaves the board. Everything done is kept already.",
        group=Group.BOARD,
        disabled=_never,
    ),
)

COMMANDS: Final = {
    command.id: command
    for command in (
        *TICKET_COMMANDS,
        *TEAM_COMMANDS,
        *LOOK_COMMANDS,
        *MOVE_COMMANDS,
        *BOARD_COMMANDS,
    )
}
"""Every command by its id, in the order in which help lists them."""

FOOTER: Final = (
    "take",
    "reply",
    "status",
    "priority",
    "assign",
    "out",
    "waits",
    "declined",
    "new",
    "filter",
    "help",
    "palette",
)
"""The commands that the footer names, in its order."""

FOOTER_OF_DECLINED: Final = ("copy_reply", "new", "filter", "help", "palette")
"""The commands that the footer names while the declined tickets are shown."""

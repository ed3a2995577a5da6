"""Whoever has a ticket and is away, in words: why, and until when on the reader's own clock."""

from datetime import datetime, tzinfo
from typing import Final

from policy.roster.holders import (
    AssignmentWarning,
    AwayReason,
    Candidate,
    CandidateState,
    HolderAway,
)
from policy.ticket import Ticket
from store.read_models import Card
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened, width

AWAY_SIGN: Final = "⌂"
"""Stands behind the login of a holder who is away."""

_UNTIL_FURTHER_NOTICE: Final = (AwayReason.OUT, AwayReason.OFF)
"""Why somebody is away who comes back one day."""


def why_away(away: HolderAway, now: datetime, zone: tzinfo | None) -> str:
    """Return why somebody is away and until when, to follow "is".

    Times are shown in ``zone`` (None: the machine's), as of ``now`` (UTC).
    """
    if away.until is not None:
        return f"{away.why} until {times.at(away.until, now, zone)}"
    comes_back = away.why in _UNTIL_FURTHER_NOTICE
    return f"{away.why} until further notice" if comes_back else away.why


def marked(login: str, away: HolderAway | None) -> str:
    """Return a login, made harmless, with the sign behind it of who is away."""
    return plain_line(login) + (AWAY_SIGN if away is not None else "")


def marked_in(login: str, away: HolderAway | None, cells: int) -> str:
    """Return the same in at most ``cells`` cells; a login is shortened, the sign stays."""
    sign = "" if away is None else AWAY_SIGN
    return shortened(plain_line(login), cells - width(sign)) + sign


def next_step(card: Card, now: datetime, zone: tzinfo | None) -> str:
    """Return what to do next with a ticket: who has it and is away until when is said first."""
    ticket, away = card.ticket, card.holder_away
    said = card.next_step.sentence
    if away is None or not ticket.actionable:
        return said
    step = said[0].lower() + said[1:]
    return f"{ticket.assignee} has it and is {why_away(away, now, zone)}: {step}"


def whose(ticket: Ticket, away: HolderAway | None, now: datetime, zone: tzinfo | None) -> str:
    """Return who has a ticket, in a clause that says if they are away."""
    if ticket.assignee is None:
        return "nobody has it"
    if away is None:
        return f"{ticket.assignee} has it"
    return f"{ticket.assignee} has it and is {why_away(away, now, zone)}"


def warned(warning: AssignmentWarning, now: datetime, zone: tzinfo | None) -> str:
    """Return what speaks against giving a ticket to somebody, and who is proposed, in a sentence.

    Without its full stop, as it stands behind a colon or a sign.
    """
    against = [] if warning.away is None else [f"is {why_away(warning.away, now, zone)}"]
    against += ["is at capacity and takes no new tickets"] if warning.at_capacity else []
    instead = warning.instead
    proposed = (
        "nobody is known to come who takes any"
        if instead is None
        else f"{instead.login} {_is_there(instead, now, zone)}"
    )
    return f"{warning.login} {' and '.join(against)}; {proposed}"


def state(each: Candidate, now: datetime, zone: tzinfo | None) -> str:
    """Return in a few words whether somebody takes a ticket on now; nothing if it is not known."""
    when = None if each.until is None else times.at(each.until, now, zone)
    match each.state:
        case CandidateState.IN:
            return "" if when is None else f"in until {when}"
        case CandidateState.OFF:
            return "off" if when is None else f"comes {when}"
        case CandidateState.AT_CAPACITY:
            return "at capacity"
        case CandidateState.OUT:
            return "out until further notice" if when is None else f"out until {when}"


def tickets(count: int) -> str:
    """Return how many tickets somebody has, as people say it."""
    return "1 ticket" if count == 1 else f"{count:,} tickets" if count else "no tickets"


def _is_there(instead: Candidate, now: datetime, zone: tzinfo | None) -> str:
    if instead.state is CandidateState.IN:
        return f"is in with the fewest, {tickets(instead.tickets)}"
    return f"is the first who {state(instead, now, zone)}, with {tickets(instead.tickets)}"

"""The frozen values of a shift's hand-over note that ``Desk`` hands out; light to import."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from store.notices.notice_models import Notice
from store.read_models import Event, Overview

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.report.shift_note import NextStep, ShiftState
    from policy.roster.holders import HolderAway
    from policy.time.entries import TimeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """A ticket in a shift's hand-over note; ``history`` are its last events, the newest first.

    ``holder_away`` is why whoever has it is away, None where they are not.
    """

    ticket: Ticket
    holder_away: "HolderAway | None"
    position: int | None
    standing: "ShiftState"
    about: str
    history: tuple[Event, ...]
    next: "NextStep"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByAway:
    """A ticket that counts as nobody's, and why: whoever has it is away."""

    ticket: Ticket
    holder_away: "HolderAway"
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNote:
    """What a person hands over at the end of a shift, all read at one instant; times are UTC.

    ``tickets`` are theirs by whose step is next, each group in the order of the queue; ``left_out``
    says how many more there are. ``away`` is what others have who are away, in the order, and
    ``promises`` are those to customers that are still to be kept.
    """

    login: str
    name: str
    overview: Overview
    tickets: tuple[HandedOn, ...]
    left_out: int
    away: tuple[HeldByAway, ...]
    promises: tuple[Notice, ...]
    timer: "TimeEntry | None"

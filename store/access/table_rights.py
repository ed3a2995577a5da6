"""Which rights let somebody write what: the one table that the server's functions are made of.

The rights are the policy's (``policy.roster.permissions``); what is not said here, each group that
works may write, as every change keeps the order, the counts and the search in step.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from policy.roster.permissions import FOR_LEADS, FOR_LOOPS, rights_of
from policy.words import Action
from store.access.logins import GROUP_OF, LOOP

Rights = frozenset[Action]
"""Any one of them is enough."""

TICKET_WORK: Final[Rights] = frozenset(
    {Action.TAKE, Action.IMPORT_TICKETS, Action.SYNC, Action.ADOPT_POLICY, Action.IMPORT_TEAM}
)
"""Who has any of these may write tickets as they come; others only what is said of them."""

SENDING: Final[Rights] = TICKET_WORK | {Action.SEND_WAITS, Action.DELIVER, Action.REPLY}

RIGHTS_OF_GROUPS: Final[Mapping[str, Rights]] = MappingProxyType(
    {group: rights_of(role) for role, group in GROUP_OF.items()} | {LOOP: FOR_LOOPS}
)
"""What the members of each group may do whoever else is in the team."""

LED: Final[Rights] = FOR_LEADS

TABLES: Final[Mapping[str, Rights]] = MappingProxyType(
    {
        "notice": SENDING,
        "outgoing_step": SENDING | {Action.COMMENT},
        "message": SENDING | {Action.COMMENT},
        "message_text": SENDING | {Action.COMMENT},
        "draft": frozenset({Action.COMMENT}),
        "common_value": SENDING,
        "present_writer": frozenset({Action.SYNC}),
    }
)
"""The tables that some groups may not write at all."""

_TIME: Final[Rights] = frozenset({Action.RECORD_TIME, Action.CORRECT_TIME})
_ABSENCE: Final[Rights] = frozenset({Action.MARK_ONESELF, Action.CHANGE_WHO_IS_OUT})
_OPENING: Final[Rights] = TICKET_WORK | {Action.OPEN_TRIAL_TICKET}

EVENTS: Final[Mapping[str, Rights]] = MappingProxyType(
    {
        "opened": _OPENING,
        "requester_updated": _OPENING,
        "reviewed": frozenset({Action.REVIEW}),
        "sent_back": frozenset({Action.REVIEW}),
        "commented": frozenset({Action.COMMENT}),
        "message_written": frozenset({Action.COMMENT, Action.REPLY}),
        "timer_started": _TIME,
        "timer_stopped": _TIME,
        "entry_edited": _TIME,
        "entry_removed": _TIME,
        "marked_out": _ABSENCE,
        "marked_back": _ABSENCE,
        "at_capacity_set": _ABSENCE,
        "calendar_read": frozenset({Action.CHANGE_WHO_IS_OUT}),
        "team_imported": frozenset({Action.IMPORT_TEAM}),
        "connections_imported": frozenset({Action.SET_UP_CONNECTIONS}),
        "mode_set": frozenset({Action.SET_MODE}),
        "policy_adopted": frozenset({Action.ADOPT_POLICY}),
        "restored": frozenset({Action.RESTORE}),
    }
)
"""What the history may be told by whom, by the kind of event; the others are of ticket work."""

_OF_A_STATE: Final = (
    "status",
    "waiting_since",
    "respond_by",
    "aim_by",
    "update_by",
    "resolve_by",
    "paused",
    "version",
)
"""The columns that follow from how a ticket stands."""

OF_REVIEWS: Final = (
    *_OF_A_STATE,
    "review",
    "with_engineering_since",
    "handed_over",
    "settled_at",
)
"""The columns of a ticket that engineering writes as it decides the timing."""

OF_CLOSING: Final = _OF_A_STATE
"""The columns that anybody's change writes of a solved ticket that has closed by itself."""

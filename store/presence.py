"""Who is at which ticket just now: looking at it, or writing in it. Nothing of it is kept.

Each board says where it is, again and again, and whoever is not heard any more is gone: a board
that was killed says nothing.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from policy.names import same_name
from policy.tickets.actions import LONGEST_LOGIN

SAID_EVERY: Final = 5.0
"""Seconds after which a board says again where it is."""

GONE_AFTER: Final = 14.0
"""Seconds after which whoever was not heard is gone."""

_AT_MOST: Final = 500
"""How many boards are known of at a time."""


class Doing(StrEnum):
    """What somebody does at a ticket."""

    LOOKS = "looks"
    ANSWERS = "answers"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, order=True)
class AtTicket:
    """Somebody at a ticket, by their login, and what they do there."""

    ticket: int
    login: str
    doing: Doing


class Company:
    """Who else is where, as their boards say; times are seconds of any one clock."""

    def __init__(self) -> None:
        self.board = os.urandom(8).hex()
        """What this board is known by, so that it does not hear itself."""
        self._heard: dict[str, tuple[float, AtTicket]] = {}
        self._said: AtTicket | None = None
        self._said_at = 0.0

    def is_due(self, at: AtTicket | None, now: float) -> bool:
        """Return whether it is to be said where this board is: it moved, or said so long ago."""
        if at != self._said:
            return True
        return at is not None and not 0 <= now - self._said_at < SAID_EVERY

    def said(self, at: AtTicket | None, now: float) -> None:
        """Take note that it was said where this board is."""
        self._said, self._said_at = at, now

    def hear(self, board: str, at: AtTicket | None, now: float) -> None:
        """Take note of where a board is, None where it is nowhere any more."""
        if at is None:
            self._heard.pop(board, None)
        elif board != self.board and (board in self._heard or len(self._heard) < _AT_MOST):
            self._heard[board] = (now, at)

    def hear_all(self, heard: Mapping[str, tuple[float, AtTicket]]) -> None:
        """Take note of where all boards are, each with when it said so."""
        self._heard = {board: at for board, at in heard.items() if board != self.board}

    def others(self, login: str, now: float) -> tuple[AtTicket, ...]:
        """Return who else is where, without those of a login, and forget who was not heard."""
        for board, (heard, _) in tuple(self._heard.items()):
            if not 0 <= now - heard <= GONE_AFTER:
                del self._heard[board]
        others = {at for _, at in self._heard.values()}
        return tuple(sorted(at for at in others if not same_name(at.login, login)))


def written(board: str, at: AtTicket | None, schema: str) -> str:
    """Return what a board says of a database in a server's ``schema``, as JSON in one line."""
    said: dict[str, object] = {"board": board, "schema": schema}
    if at is not None:
        said |= {"ticket": at.ticket, "login": at.login, "doing": at.doing}
    return json.dumps(said)


def read(text: bytes) -> Mapping[str, Any]:
    """Return what a board said, empty where that is not to be understood."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("board"), str) else {}


def at_ticket(said: Mapping[str, Any]) -> AtTicket | None:
    """Return where somebody says to be, None where that is nowhere, or makes no sense."""
    ticket, login, doing = (said.get(name) for name in ("ticket", "login", "doing"))
    if not (isinstance(ticket, int) and isinstance(login, str) and isinstance(doing, str)):
        return None
    if doing not in [*Doing] or not 0 < len(login) <= LONGEST_LOGIN or not login.isprintable():
        return None
    return AtTicket(ticket, login, Doing(doing))

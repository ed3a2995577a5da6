"""Who is let in: whoever proves to be somebody, and then for half a day."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

_LASTS: Final = 12 * 60 * 60.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_MOST_IN_A_ROW: Final = 5
_MOST_AT_ONCE: Final = 50
_MOST_REMEMBERED: Final = 1000

Pause = Callable[[float], Awaitable[None]]
Board = Mapping[str, str]
"""What the environment of a board says of whose it is."""


class Proof(Protocol):
    """Knows whose a password is."""

    asks_login: bool

    def board_of(self, login: str, password: str) -> Board | None:
        """Return the board of whoever a password proves somebody to be, None where it does not.

        Raises:
            Refusal: it cannot be told.
        """
        ...


class TooManyError(Exception):
    """So many ask to be let in at once that this one is not looked at."""


class Doorkeeper:
    """Lets in whoever has a password; each wrong one makes the next answer slower."""

    def __init__(self, proof: Proof, pause: Pause = asyncio.sleep) -> None:
        self.asks_login = proof.asks_login
        self._proof = proof
        self._pause = pause
        self._turns: dict[str, _Turn] = {}
        self._sessions: dict[str, tuple[Board, float]] = {}

    async def let_in(self, login: str, password: str) -> str | None:
        """Return the token of a new session, None for a wrong password, after a pause.

        For one login one is looked at after the other, so that asking in parallel is no faster.

        Raises:
            TooManyError: several wait already.
            Refusal: whether it is right cannot be told.
        """
        turn = self._turn_of(login)
        if turn.waiting >= _MOST_IN_A_ROW:
            raise TooManyError
        turn.waiting += 1
        try:
            async with turn.lock:
                board = await asyncio.to_thread(self._proof.board_of, login, password)
                if board is not None:
                    turn.wrong = 0
                    token = secrets.token_urlsafe(32)
                    self._sessions[token] = board, time.monotonic() + _LASTS
                    return token
                await self._pause(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**turn.wrong))
                turn.wrong += 1
                return None
        finally:
            turn.waiting -= 1

    def board_of(self, token: str | None) -> Board | None:
        """Return the board of a session that lasts, None for any other token."""
        now = time.monotonic()
        self._sessions = {each: kept for each, kept in self._sessions.items() if kept[1] > now}
        kept = None if token is None else self._sessions.get(token)
        return None if kept is None else kept[0]

    def _turn_of(self, login: str) -> "_Turn":
        """Return the turn of a login; who has not come for the longest time is forgotten.

        Raises:
            TooManyError: too many wait, of whatever logins.
        """
        if sum(turn.waiting for turn in self._turns.values()) >= _MOST_AT_ONCE:
            raise TooManyError
        turn = self._turns.pop(login, None) or _Turn()
        idle = (name for name, each in self._turns.items() if not each.waiting)
        if len(self._turns) >= _MOST_REMEMBERED:
            del self._turns[next(idle)]
        self._turns[login] = turn
        return turn


class _Turn:
    """Who asks for one login, and how often it was wrong since it was right."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.wrong = 0

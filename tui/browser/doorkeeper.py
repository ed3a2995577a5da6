"""Who is let in: whoever has the password of this run, and then for half a day."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

_LASTS: Final = 12 * 60 * 60.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_MOST_IN_A_ROW: Final = 5

Pause = Callable[[float], Awaitable[None]]


class TooManyError(Exception):
    """So many ask to be let in at once that this one is not looked at."""


class Doorkeeper:
    """Lets in whoever has the password; each wrong one makes the next answer slower."""

    def __init__(self, password: str, pause: Pause = asyncio.sleep) -> None:
        self._password = password.encode()
        self._pause = pause
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._wrong = 0
        self._until: dict[str, float] = {}

    async def let_in(self, typed: str) -> str | None:
        """Return the token of a new session, None for a wrong password, after a pause.

        One is looked at after the other, so that asking in parallel is no faster.

        Raises:
            TooManyError: several wait already.
        """
        if self._waiting >= _MOST_IN_A_ROW:
            raise TooManyError
        self._waiting += 1
        try:
            async with self._turn:
                if secrets.compare_digest(typed.encode(errors="replace"), self._password):
                    self._wrong = 0
                    token = secrets.token_urlsafe(32)
                    self._until[token] = time.monotonic() + _LASTS
                    return token
                await self._pause(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self._wrong))
                self._wrong += 1
                return None
        finally:
            self._waiting -= 1

    def knows(self, token: str | None) -> bool:
        """Return whether a token is that of a session that lasts."""
        now = time.monotonic()
        self._until = {each: until for each, until in self._until.items() if until > now}
        return token is not None and token in self._until

"""Access by OAuth: with the pair of tokens that a person keeps, or with a secret of the client.

Whoever refreshes a pair makes the one before worthless, and several processes may hold the same
one. So there is one stored pair, refreshed by whoever has it to themselves, read again first, and
saved before it is used.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

from pydantic import SecretStr

from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.oauth import (
    NoLongerGranted,
    OAuthServer,
    TokenPair,
    refreshed,
    with_client_secret,
)
from policy.refusal import Refusal

_AHEAD: Final = 60.0
"""How many seconds before its end a token is no longer good: a request takes its time."""


class KeptPair(Protocol):
    """Where the pair of tokens of one person's login lies."""

    def read(self) -> TokenPair | None:
        """Return the pair as it is kept now, None for none."""

    def save(self, pair: TokenPair) -> None:
        """Keep another pair in its place.

        Raises:
            Refusal: it cannot be kept.
        """

    def to_oneself(self) -> AbstractContextManager[None]:
        """Have the pair to oneself, here and in every other process of this machine."""


@dataclass
class OAuthAccess:
    """A person's login by OAuth; ``login_again`` is what they are told when it is over."""

    server: OAuthServer
    kept: KeptPair = field(repr=False)
    login_again: str
    now: Callable[[], float] = time.time
    _pair: TokenPair | None = field(default=None, init=False, repr=False)
    _unsaved: bool = field(default=False, init=False, repr=False)

    def token(self) -> str:
        """Return a token that is good now.

        Raises:
            Unreachable: there is none, and none can be had.
        """
        if self._pair is None:
            self._pair = self.kept.read()
        if self._pair is not None and self._is_good(self._pair) and not self._unsaved:
            return self._pair.access
        pair = self._renewed(None)
        if pair is None:
            raise Unreachable(f"the login has run out; {self.login_again}", for_good=True)
        return pair.access

    def renewed(self, refused: str) -> str | None:
        """Return another token than the one that was refused, None where there is no other.

        Raises:
            Unreachable: nobody can know now.
        """
        pair = self._renewed(refused)
        return None if pair is None else pair.access

    def _is_good(self, pair: TokenPair) -> bool:
        return self.now() < pair.expires_at - _AHEAD

    def _renewed(self, refused: str | None) -> TokenPair | None:
        """Return a pair that is good and not that of a token: one saved elsewhere, or the next.

        Raises:
            Unreachable: the server gives no answer to rely on, or what it gave cannot be kept.
        """
        with self.kept.to_oneself():
            if self._unsaved and self._pair is not None:
                self._save(self._pair)
                if self._is_good(self._pair) and self._pair.access != refused:
                    return self._pair
            kept = self.kept.read()
            if kept is None:
                return None
            if kept.access != refused and self._is_good(kept):
                self._pair = kept
                return kept
            if kept.refresh is None:
                return None
            try:
                pair = refreshed(self.server, kept.refresh)
            except NoLongerGranted:
                return self._saved_by_another(kept)
            self._save(pair)
            return pair

    def _save(self, pair: TokenPair) -> None:
        """Keep a pair before anybody uses it; what cannot be kept is tried again next time."""
        self._pair, self._unsaved = pair, True
        try:
            self.kept.save(pair)
        except Refusal as refusal:
            raise Unreachable(refusal.reason) from None
        self._unsaved = False

    def _saved_by_another(self, tried: TokenPair) -> TokenPair | None:
        """Return what somebody who does not know our lock, as on another machine, has saved."""
        kept = self.kept.read()
        if kept is None or kept == tried or not self._is_good(kept):
            return None
        self._pair = kept
        return kept


@dataclass
class ClientAccess:
    """A loop's login by OAuth, with the secret of the client: a new token whenever one runs out."""

    server: OAuthServer
    secret: SecretStr
    now: Callable[[], float] = time.time
    _pair: TokenPair | None = field(default=None, init=False, repr=False)

    def token(self) -> str:
        """Return a token that is good now.

        Raises:
            Unreachable: there is none, and none can be had.
        """
        if self._pair is None or self.now() >= self._pair.expires_at - _AHEAD:
            self._pair = with_client_secret(self.server, self.secret)
        return self._pair.access

    def renewed(self, refused: str) -> str | None:
        """Return another token than the one that was refused, None where there is no other.

        Raises:
            Unreachable: nobody can know now.
        """
        self._pair = with_client_secret(self.server, self.secret)
        return None if self._pair.access == refused else self._pair.access

"""Where the secrets of connections lie: in the system's keyring by person, or in the environment.

None of them is ever kept in the database, in a file of ours, or printed.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from connections.delivery.passwords import KEYRING_SERVICE, wrong_with_keyring
from connections.helpdesks.oauth import TokenPair
from connections.state_folder import state_folder
from policy.refusal import Refusal
from store.file_access import OWNERS_FOLDER


def client_secret_variable(name: str) -> str:
    """Return the variable in which the secret of a connection's OAuth client can stand."""
    return token_variable(name).removesuffix("_TOKEN") + "_CLIENT_SECRET"


def token_variable(name: str) -> str:
    """Return the variable of the environment that a connection's secret can stand in."""
    return f"NUMBERONE_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}_TOKEN"


def secret_of(name: str, login: str, environment: Mapping[str, str] = os.environ) -> SecretStr:
    """Return the secret with which a person logs in to a connection.

    The environment goes before the keyring.

    Raises:
        Refusal: neither has one; the line says how one gets there.
    """
    found = environment.get(token_variable(name))
    if found:
        return SecretStr(found)
    try:
        kept = _keyring().get_password(KEYRING_SERVICE, _account(name, login))
    except _NoKeyring as error:
        raise _missing(name, login, str(error)) from None
    if not kept:
        raise _missing(name, login, "the system's keyring has none")
    return SecretStr(kept)


def own_secret_of(name: str, login: str) -> SecretStr | None:
    """Return the secret that this very person keeps in the keyring here, None for none."""
    try:
        kept = _keyring().get_password(KEYRING_SERVICE, _account(name, login))
    except _NoKeyring:
        return None
    return SecretStr(kept) if kept else None


def check_keyring(name: str, login: str) -> None:
    """Refuse a login that could not be kept, before anybody goes to the trouble of it.

    Raises:
        Refusal: there is no keyring; the line says what to do instead.
    """
    try:
        _keyring().get_password(KEYRING_SERVICE, _account(name, login))
    except _NoKeyring as error:
        raise Refusal(
            f"{error}, so the login cannot be kept; set {token_variable(name)}, or"
            f" {client_secret_variable(name)} for a loop, instead"
        ) from None


@dataclass(frozen=True, slots=True)
class KeyringPair:
    """The pair of tokens of one person's login to a connection, in the system's keyring.

    Every process of this person on this machine has the same one. Who has it to themselves is
    told by a lock on a file, which the system lets go of when its process ends, however it ends.
    """

    name: str
    login: str
    folder: Path = field(default_factory=state_folder)

    def read(self) -> TokenPair | None:
        """Return the pair as it is kept now, None for none."""
        found = own_secret_of(self.name, self.login)
        return None if found is None else TokenPair.read(found)

    def save(self, pair: TokenPair) -> None:
        """Keep another pair in its place.

        Raises:
            Refusal: there is no keyring that takes it.
        """
        keep_secret(self.name, self.login, pair.written())

    @contextmanager
    def to_oneself(self) -> Iterator[None]:
        """Have the pair to oneself, here and in every other process of this machine.

        Where no lock can be made, the pair is shared: then whoever comes too late with a refresh
        token reads again what the other has saved.
        """
        account = hashlib.sha256(_account(self.name, self.login).encode()).hexdigest()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
            lock = (self.folder / f"login-{account[:32]}.lock").open("w", encoding="ascii")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def keep_secret(name: str, login: str, secret: SecretStr) -> None:
    """Keep a person's secret for a connection in the system's keyring.

    Raises:
        Refusal: there is no keyring that takes it; the line says what to do instead.
    """
    try:
        _keyring().set_password(KEYRING_SERVICE, _account(name, login), secret.get_secret_value())
    except _NoKeyring as error:
        raise Refusal(
            f"{error}, so the login cannot be kept; set {token_variable(name)} instead"
        ) from None


class _NoKeyring(Exception):  # noqa: N818 - it says what is so
    """There is no keyring, or it does not open."""


class _Guarded:
    """The system's keyring, whose every error is told in a few words."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - a module
        self._module = module

    def get_password(self, service: str, account: str) -> str | None:
        try:
            found: str | None = self._module.get_password(service, account)
        except Exception as error:  # every system has a keyring of its own, with errors of its own
            raise _NoKeyring(wrong_with_keyring(error)) from None
        return found

    def set_password(self, service: str, account: str, secret: str) -> None:
        try:
            self._module.set_password(service, account, secret)
        except Exception as error:  # as above
            raise _NoKeyring(wrong_with_keyring(error)) from None


def _keyring() -> _Guarded:
    """Return the keyring, which is imported only here: it is slow to come."""
    import keyring  # noqa: PLC0415 - see above

    return _Guarded(keyring)


_PREFIX: Final = "connection"


def _account(name: str, login: str) -> str:
    return f"{_PREFIX} {name} as {login}"


def _missing(name: str, login: str, why: str) -> Refusal:
    return Refusal(
        f"{login} is not logged in to {name}: run numberone login {name}"
        f" ({token_variable(name)} is not set, and {why})"
    )

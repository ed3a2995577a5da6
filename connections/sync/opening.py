"""Opens the help desks of a connection: under the login of the person, else under our own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from connections.helpdesks.access import Access, FixedAccess
from connections.helpdesks.discreet import DiscreetAccess, DiscreetHelpDesk
from connections.helpdesks.help_desk import Account, HelpDesk, Unreachable
from connections.helpdesks.oauth import TokenPair
from connections.helpdesks.oauth_access import ClientAccess, OAuthAccess
from connections.state_folder import state_folder
from connections.sync import kinds
from connections.sync.logins import (
    KeyringPair,
    client_secret_variable,
    own_secret_of,
    secret_of,
    token_variable,
)
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal


def checked_account(entry: ConnectionEntry, access: Access, members: frozenset[str]) -> Account:
    """Return whom we are over there with this access, and what that account lacks.

    Raises:
        Refusal: it is refused, or the help desk gives no answer to rely on.
    """
    try:
        help_desk = _opened(entry, access, members)
        try:
            return help_desk.account()
        finally:
            help_desk.close()
    except Unreachable as error:
        raise Refusal(f"connection {entry.name}: {error.why}") from None


def _opened(entry: ConnectionEntry, access: Access, members: frozenset[str]) -> HelpDesk:
    """Open a help desk that repeats none of the secrets that it is opened with."""
    discreet = DiscreetAccess(access)
    return DiscreetHelpDesk(kinds.KINDS[entry.kind].opened(entry, discreet, members), discreet)


def access_of_environment(
    entry: ConnectionEntry, environment: Mapping[str, str] = os.environ
) -> Access | None:
    """Return the access that the environment gives: a token goes before a secret of the client.

    Raises:
        Refusal: there is a secret, and the connection does not say of which client.
    """
    token = environment.get(token_variable(entry.name))
    if token:
        return FixedAccess(token)
    secret = environment.get(client_secret_variable(entry.name))
    server = kinds.oauth_of(entry) if secret and kinds.KINDS[entry.kind].oauth else None
    return None if server is None or not secret else ClientAccess(server, SecretStr(secret))


def access_with(
    entry: ConnectionEntry,
    login: str,
    secret: SecretStr,
    environment: Mapping[str, str] = os.environ,
) -> Access:
    """Return the access that a person's secret of the keyring gives: a token, or a pair of them.

    Raises:
        Refusal: it is a pair, and the connection does not say of which client.
    """
    is_pair = kinds.KINDS[entry.kind].oauth is not None and TokenPair.read(secret) is not None
    server = kinds.oauth_of(entry) if is_pair else None
    if server is None:
        return FixedAccess(secret.get_secret_value())
    kept = KeyringPair(entry.name, login, state_folder(environment))
    return OAuthAccess(server, kept, f"run numberone login {entry.name}")


def access_to(
    entry: ConnectionEntry, login: str, environment: Mapping[str, str] = os.environ
) -> Access:
    """Return the access that there is for somebody: the environment goes before their keyring.

    Raises:
        Refusal: there is none; the line says how one gets there.
    """
    given = access_of_environment(entry, environment)
    if given is not None:
        return given
    return access_with(entry, login, secret_of(entry.name, login, environment), environment)


@dataclass
class OpenedHelpDesks:
    """The help desks of one connection that are open, one for each login; for one thread.

    ``login`` is our own, whose secret must be there; that of anybody else is taken where they have
    one in this system's keyring, as "each person's own login is what their answers are written
    with". Where the environment gives a token, all is written with that; a client's secret is for
    whoever has no login of their own.
    """

    entry: ConnectionEntry
    login: str
    members: frozenset[str]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _open: dict[str, HelpDesk] = field(default_factory=dict, init=False, repr=False)

    @property
    def own_login(self) -> str:
        """Whose login our own is, "" where the environment gives one that is nobody's."""
        name, has_oauth = self.entry.name, kinds.KINDS[self.entry.kind].oauth is not None
        by_client = has_oauth and client_secret_variable(name) in self.environment
        return "" if by_client or token_variable(name) in self.environment else self.login

    def __call__(self, author: str) -> HelpDesk:
        """Give the help desk under somebody's login, or under our own where they have none.

        Raises:
            Refusal: our own has no secret, which is no failure of the connection.
        """
        if author not in self._open:
            self._open[author] = self._under_login_of(author)
        return self._open[author]

    def close(self) -> None:
        """Hang up everywhere."""
        for help_desk in {id(each): each for each in self._open.values()}.values():
            help_desk.close()
        self._open.clear()

    def _under_login_of(self, author: str) -> HelpDesk:
        if author:
            access = self._access_of(author)
        else:
            access = access_to(self.entry, self.login, self.environment)
        if access is None:
            return self("")
        return _opened(self.entry, access, self.members)

    def _access_of(self, author: str) -> Access | None:
        """Return somebody's own access; None where theirs is ours, or has run out, or is none."""
        environment = self.environment
        if token_variable(self.entry.name) in environment:
            return None
        is_ours = author == self.login
        if is_ours and self.own_login:
            return None
        secret = own_secret_of(self.entry.name, author)
        if secret is None:
            return None
        try:
            access = access_with(self.entry, author, secret, environment)
            access.token()
        except Refusal:
            return None
        except Unreachable as error:
            if error.for_good:
                return None
            raise
        return access

"""Opens the help desks of a connection: under the login of the person, else under our own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from connections.helpdesks.help_desk import Account, HelpDesk, Unreachable
from connections.sync import kinds
from connections.sync.logins import own_secret_of, secret_of, token_variable
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal


def checked_account(entry: ConnectionEntry, secret: SecretStr, members: frozenset[str]) -> Account:
    """Return whom a secret logs in as over there, and what that account lacks.

    Raises:
        Refusal: it is refused, or the help desk gives no answer to rely on.
    """
    help_desk = kinds.KINDS[entry.kind].opened(entry, secret, members)
    try:
        return help_desk.account()
    except Unreachable as error:
        raise Refusal(f"connection {entry.name}: {error.why}") from None
    finally:
        help_desk.close()


@dataclass
class OpenedHelpDesks:
    """The help desks of one connection that are open, one for each login; for one thread.

    ``login`` is our own, whose secret must be there; that of anybody else is taken where they have
    one in this system's keyring, as "each person's own login is what their answers are written
    with". Where the environment gives the secret, all is written with that.
    """

    entry: ConnectionEntry
    login: str
    members: frozenset[str]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _open: dict[str, HelpDesk] = field(default_factory=dict, init=False, repr=False)

    @property
    def own_login(self) -> str:
        """Whose login our own is, "" where the environment gives one that is nobody's."""
        return "" if token_variable(self.entry.name) in self.environment else self.login

    def __call__(self, author: str) -> HelpDesk:
        """Give the help desk under somebody's login, or under our own where they have none.

        Raises:
            Refusal: our own has no secret, which is no failure of the connection.
        """
        if author in self._open:
            return self._open[author]
        secret = self._secret(author)
        if secret is None:
            self._open[author] = self("")
        else:
            kind = kinds.KINDS[self.entry.kind]
            self._open[author] = kind.opened(self.entry, secret, self.members)
        return self._open[author]

    def close(self) -> None:
        """Hang up everywhere."""
        for help_desk in {id(each): each for each in self._open.values()}.values():
            help_desk.close()
        self._open.clear()

    def _secret(self, author: str) -> SecretStr | None:
        if author and (author == self.login or token_variable(self.entry.name) in self.environment):
            return None
        if author:
            return own_secret_of(self.entry.name, author)
        return secret_of(self.entry.name, self.login, self.environment)

"""The program with one more kind of help desk, ``small``, into which people log in by OAuth.

Run as a module it is the whole command line. The help desk knows who has a token that is good, and
has nothing to read.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from connections.attempts import Delivery, never
from connections.helpdesks.access import Access
from connections.helpdesks.help_desk import (
    Account,
    Cursor,
    MessageRead,
    OutgoingStep,
    Reading,
    Unreachable,
)
from connections.helpdesks.oauth_settings import OAuthPlaces
from connections.sync import kinds
from connections.web import web_client
from policy.conversation.connections import ConnectionEntry
from tests.connections.authorization_server import AUTHORIZE, TOKEN


class OAuthDesk:
    """A help desk that asks whether it is known, again with a new token where it is not."""

    settles_after = timedelta(seconds=1)

    def __init__(self, settings: Mapping[str, object], access: Access) -> None:
        self._address = str(settings["address"])
        self._access = access

    def account(self) -> Account:
        self._ask()
        return Account(login="loop", name="The loop", lacks=("it may not see audits",))

    def changes(self, since: Cursor, limit: int) -> Reading:  # noqa: ARG002 - the protocol's names
        self._ask()
        return Reading(tickets=(), cursor={"read": True})

    def conversation(self, external_id: str) -> Sequence[MessageRead]:  # noqa: ARG002 - as above
        return ()

    def attachment(self, reference: str) -> bytes:  # noqa: ARG002 - as above
        return b""

    def write(self, step: OutgoingStep) -> Delivery:  # noqa: ARG002 - as above
        return never("it takes nothing")

    def find(self, step: OutgoingStep) -> bool | None:  # noqa: ARG002 - as above
        return None

    def close(self) -> None:
        """Keep nothing open."""

    def _ask(self) -> None:
        token: str | None = self._access.token()
        if token is not None and self._code(token) == 401:
            token = self._access.renewed(token)
        if token is None or self._code(token) == 401:
            raise Unreachable("it does not know this login", for_good=True)

    def _code(self, token: str) -> int:
        with web_client(urlsplit(self._address).hostname or "", 5.0) as client:
            headers = {"Authorization": f"Bearer {token}"}
            code: int = client.get(f"{self._address}/me", headers=headers).status_code
        return code


def _opened(entry: ConnectionEntry, access: Access, _members: frozenset[str]) -> OAuthDesk:
    return OAuthDesk(kinds.without_oauth(entry), access)


KIND = kinds.Kind(
    "none",
    lambda _, __: None,
    _opened,
    OAuthPlaces(authorize=AUTHORIZE, token=TOKEN, scopes=("read",)),
)


def main() -> int:
    """Be the command line, with this kind beside the others."""
    from tui.cli.run import run  # noqa: PLC0415 - it reads the kinds as they are then

    cast("dict[str, kinds.Kind]", kinds.KINDS)["small"] = KIND
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

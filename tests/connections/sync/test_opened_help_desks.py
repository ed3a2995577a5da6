"""Under whose login a help desk is opened: a person's own, else ours; and what ours is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest

from connections.helpdesks.access import Access
from connections.sync import kinds
from connections.sync.kinds import oauth_of
from connections.sync.opening import OpenedHelpDesks
from policy.conversation.connections import ConnectionEntry
from policy.refusal import Refusal
from tests.connections.authorization_server import AUTHORIZE, CLIENT, TOKEN, AuthorizationServer
from tests.connections.helpdesks.test_oauth import There, where_of
from tests.connections.oauth_desk import KIND
from tests.connections.sync.test_sync_commands import Kept

PLACE = "connection desk as "


@pytest.fixture
def kept() -> Iterator[Kept]:
    before = keyring.get_keyring()
    backend = Kept()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    monkeypatch.setattr(kinds, "KINDS", {**kinds.KINDS, "small": KIND})
    server = AuthorizationServer(client_secret="of the client")  # noqa: S106 - planted
    with server.serve() as web:
        yield There(server, where_of(web, server))


def opened(there: There, folder: Path, **environment: str) -> OpenedHelpDesks:
    address = there.where.token.removesuffix(TOKEN)
    settings = {"client_id": CLIENT, "redirect_port": there.where.redirect_port}
    entry = ConnectionEntry(name="desk", kind="small", address=address, settings=settings)
    given = {"NUMBERONE_STATE": str(folder), **environment}
    return OpenedHelpDesks(entry, "mo", frozenset(), given)


def token(opened: OpenedHelpDesks, author: str) -> str:
    """Return the token with which a help desk is called for somebody."""
    access: Access = opened(author).access  # type: ignore[attr-defined] # that of the tests
    return access.token()


def test_each_writes_with_their_own_login(there: There, kept: Kept, tmp_path: Path) -> None:
    ours, adas = there.logged_in(), there.logged_in()
    kept.passwords["numberone", f"{PLACE}mo"] = ours.written().get_secret_value()
    kept.passwords["numberone", f"{PLACE}ada"] = adas.written().get_secret_value()
    desks = opened(there, tmp_path)
    assert desks.own_login == "mo"
    assert token(desks, "") == token(desks, "mo") == ours.access
    assert token(desks, "ada") == adas.access
    assert token(desks, "luz") == ours.access
    desks.close()


def test_whose_login_has_run_out_is_written_for(there: There, kept: Kept, tmp_path: Path) -> None:
    ours, adas = there.logged_in(), there.logged_in()
    kept.passwords["numberone", f"{PLACE}mo"] = ours.written().get_secret_value()
    over = replace(adas, refresh="used up", expires_at=0)
    kept.passwords["numberone", f"{PLACE}ada"] = over.written().get_secret_value()
    desks = opened(there, tmp_path)
    assert token(desks, "ada") == ours.access
    desks.close()


def test_a_clients_secret_is_for_whoever_has_no_login(
    there: There, kept: Kept, tmp_path: Path
) -> None:
    mos = there.logged_in()
    kept.passwords["numberone", f"{PLACE}mo"] = mos.written().get_secret_value()
    desks = opened(there, tmp_path, NUMBERONE_DESK_CLIENT_SECRET="of the client")  # noqa: S106 - made up
    assert desks.own_login == ""
    assert token(desks, "mo") == mos.access
    assert token(desks, "") == token(desks, "luz") != mos.access
    fixed = opened(
        there, tmp_path,
        NUMBERONE_DESK_CLIENT_SECRET="of the client", NUMBERONE_DESK_TOKEN="fixed",  # noqa: S106 - made up
    )  # fmt: skip
    assert token(fixed, "mo") == token(fixed, "") == "fixed"
    desks.close()
    fixed.close()


def test_without_any_login_it_is_said_how_to_get_one(
    there: There, kept: Kept, tmp_path: Path
) -> None:
    assert not kept.passwords
    with pytest.raises(Refusal, match="run numberone login desk"):
        opened(there, tmp_path)("")


def test_zendesk_has_its_login_where_it_says() -> None:
    settings = {"client_id": "numberone"}
    entry = ConnectionEntry(
        name="desk", kind="zendesk", address="https://example.zendesk.com/", settings=settings
    )
    kinds.KINDS["zendesk"].check(entry, "c.toml: connection desk")
    where = oauth_of(entry)
    assert where is not None
    assert where.authorize == f"https://example.zendesk.com{AUTHORIZE}"
    assert where.token == f"https://example.zendesk.com{TOKEN}"
    assert where.redirect == "http://127.0.0.1:27631/numberone"
    assert where.scopes == ("read", "tickets:write")
    for key, wrong, said in (
        ("redirect_port", 80, "redirect_port: expected a port from 1024 to 65535, not 80"),
        ("client_id", "", "client_id: expected text in quotes that says something"),
    ):
        bad = replace(entry, settings=settings | {key: wrong})
        with pytest.raises(Refusal, match=f"^c.toml: connection desk: {said}"):
            kinds.KINDS["zendesk"].check(bad, "c.toml: connection desk")

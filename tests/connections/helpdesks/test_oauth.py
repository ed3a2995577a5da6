"""OAuth against a small real server: the loopback, pairs used once, processes that share one."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.loopback import Loopback
from connections.helpdesks.oauth import (
    Authorization,
    OAuthServer,
    TokenPair,
    begin,
    exchanged,
    refreshed,
    with_client_secret,
)
from connections.helpdesks.oauth_access import ClientAccess, OAuthAccess
from policy.refusal import Refusal
from tests.connections.authorization_server import (
    AUTHORIZE,
    CLIENT,
    TOKEN,
    AuthorizationServer,
    browsed,
    visited,
)
from tests.connections.certificates import Authority
from tests.connections.file_keyring import BACKEND, FILE_VARIABLE
from tests.connections.web_server import Answer, WebServer

ROOT = Path(__file__).parents[3]
PROCESSES = 4
AGAIN = "run numberone login desk"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Kept:
    """A place for a pair, in memory; ``full`` takes none."""

    pair: TokenPair | None = None
    full: bool = False

    def read(self) -> TokenPair | None:
        return self.pair

    def save(self, pair: TokenPair) -> None:
        if self.full:
            raise Refusal("the system's keyring cannot be used: it is locked")
        self.pair = pair

    def to_oneself(self) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass
class There:
    """A server that runs, and where it is."""

    server: AuthorizationServer
    where: OAuthServer

    def logged_in(self) -> TokenPair:
        """Log in as a person does whose browser is on this machine."""
        authorization = begin(self.where)
        return exchanged(self.where, authorization, browsed(authorization.address))


def where_of(web: WebServer, server: AuthorizationServer) -> OAuthServer:
    where = OAuthServer(
        authorize=f"{web.address}{AUTHORIZE}",
        token=f"{web.address}{TOKEN}",
        client_id=CLIENT,
        scopes=("read", "tickets:write"),
        redirect_port=free_port(),
        timeout=5.0,
    )
    server.redirects.add(where.redirect)
    return where


@pytest.fixture
def there() -> Iterator[There]:
    server = AuthorizationServer()
    with server.serve() as web:
        yield There(server, where_of(web, server))


def test_a_person_logs_in_with_pkce_and_no_secret(there: There) -> None:
    authorization = begin(there.where)
    with Loopback(there.where.redirect, authorization.state) as loopback:
        assert visited(f"{there.where.redirect}?state=another&code=x") == 400
        assert visited(there.where.redirect.replace("numberone", "x") + "?state=x") == 400
        assert loopback.answer() is None
        assert visited(browsed(authorization.address)) == 200
        answered = loopback.answer()
    assert answered is not None
    pair = exchanged(there.where, authorization, answered)
    assert pair.access in there.server.access
    (said,) = there.server.asked
    assert "client_secret" not in said
    assert "scope=read+tickets%3Awrite" in authorization.address
    for secret in (authorization.verifier, pair.access, str(pair.refresh)):
        assert secret not in authorization.address
        assert secret not in repr((authorization, pair))


def test_an_answer_to_another_login_is_refused(there: There) -> None:
    mine, another = begin(there.where), begin(there.where)
    for answered in (browsed(another.address), "no address", "http://[", there.where.redirect):
        with pytest.raises(Unreachable, match="no answer to this login") as refused:
            exchanged(there.where, mine, answered)
        assert refused.value.for_good
    stolen = Authorization(mine.address, mine.state, another.verifier)
    with pytest.raises(Unreachable, match="used up"):
        exchanged(there.where, stolen, browsed(mine.address))
    there.server.allows = False
    with pytest.raises(Unreachable, match="not allowed"):
        exchanged(there.where, mine, browsed(mine.address))


def test_a_pair_is_used_once(there: There) -> None:
    first = there.logged_in()
    second = refreshed(there.where, str(first.refresh))
    assert second.access != first.access
    with pytest.raises(Unreachable, match="used up"):
        refreshed(there.where, str(first.refresh))


@pytest.mark.parametrize(
    ("answer", "said", "for_good"),
    [
        (Answer(302, b'{"access_token":"a"}', {"Location": "https://elsewhere.example/SECRET"}),
         "sends the login on to another address, and it stays here (302)", True),
        (Answer(200, b"[]"), "answers, but with no tokens", True),
        (Answer(200, b'{"access_token":""}'), "answers, but with no tokens", True),
        (Answer(200, b"<html>SECRET"), "answers, but with no tokens", True),
        (Answer(403, b"SECRET"), "answers, but with no tokens", True),
        (Answer(503), "does not answer now (503)", False),
        (Answer(429), "does not answer now (429)", False),
        (Answer(None), "closed the connection", False),
        (Answer(400, b'{"error":"SECRET","error_description":"SECRET"}'),
         "refuses the login: it says no, and not why in a way that is known here", True),
        (Answer(400, b'{"error":{"a":[]},"error_description":3}'),
         "refuses the login: it says no, and not why in a way that is known here", True),
        (Answer(401, b'{"error":"invalid_client"}'),
         "refuses the login: it does not know the client, or its secret is another one", True),
        (Answer(400, b'{"error":"temporarily_unavailable"}'),
         "refuses the login: it cannot do it now", False),
    ],
)  # fmt: skip
def test_a_strange_answer_is_one_line_without_what_it_says(
    there: There, answer: Answer, said: str, for_good: bool
) -> None:
    pair = there.logged_in()
    there.server.bad_days = [answer]
    with pytest.raises(Unreachable) as refused:
        refreshed(there.where, str(pair.refresh))
    assert refused.value.why == f"{there.where.place} {said}"
    assert refused.value.for_good is for_good
    assert refreshed(there.where, str(pair.refresh)).access in there.server.access


@given(st.text())
def test_what_is_no_pair_is_read_as_none(text: str) -> None:
    assert TokenPair.read(SecretStr(text)) is None


@given(st.text(min_size=1), st.none() | st.text(), st.floats(0, 1e12))
def test_a_pair_is_read_as_it_is_written(access: str, refresh: str | None, until: float) -> None:
    pair = TokenPair(access=access, refresh=refresh, expires_at=until)
    assert TokenPair.read(pair.written()) == pair


def test_a_token_is_renewed_before_it_runs_out_and_saved_before_it_is_used(there: There) -> None:
    kept = Kept(there.logged_in())
    first = kept.pair
    assert first is not None
    now = [first.expires_at - 61]
    access = OAuthAccess(there.where, kept, AGAIN, now=lambda: now[0])
    assert access.token() == first.access
    now[0] += 2
    second = access.token()
    assert kept.pair is not None
    assert (second, kept.pair.access) == (kept.pair.access, second)
    assert second != first.access


def test_a_refused_token_is_first_looked_for_anew(there: There) -> None:
    first = there.logged_in()
    kept = Kept(first)
    access = OAuthAccess(there.where, kept, AGAIN)
    assert access.token() == first.access
    kept.pair = refreshed(there.where, str(first.refresh))
    asked = len(there.server.asked)
    assert access.renewed(first.access) == kept.pair.access
    assert access.token() == kept.pair.access
    assert len(there.server.asked) == asked, "nobody was asked"


def test_who_is_late_with_a_pair_takes_what_was_saved_elsewhere(there: There) -> None:
    first = there.logged_in()
    kept = Kept(replace(first, expires_at=0))

    @dataclass
    class SavedMeanwhile(Kept):
        reads: int = 0

        def read(self) -> TokenPair | None:
            self.reads += 1
            if self.reads == 3:  # between the refusal of the used one and looking again
                self.pair = refreshed(there.where, str(second.refresh))
            return self.pair

    second = refreshed(there.where, str(first.refresh))
    late = SavedMeanwhile(kept.pair)
    access = OAuthAccess(there.where, late, AGAIN)
    assert access.token() in there.server.access
    assert there.server.asked_too_late == 1


def test_a_login_that_has_run_out_says_what_to_do(there: There) -> None:
    pair = there.logged_in()
    there.server.refresh.clear()
    kept = Kept(replace(pair, expires_at=0))
    access = OAuthAccess(there.where, kept, AGAIN)
    with pytest.raises(Unreachable, match=f"the login has run out; {AGAIN}") as refused:
        access.token()
    assert refused.value.for_good
    assert access.renewed(pair.access) is None
    with pytest.raises(Unreachable, match="run out"):
        OAuthAccess(there.where, Kept(), AGAIN).token()
    alone = Kept(replace(pair, refresh=None, expires_at=0))
    with pytest.raises(Unreachable, match="run out"):
        OAuthAccess(there.where, alone, AGAIN).token()


def test_a_pair_that_cannot_be_kept_is_not_lost(there: There) -> None:
    kept = Kept(replace(there.logged_in(), expires_at=0), full=True)
    access = OAuthAccess(there.where, kept, AGAIN)
    for _ in range(2):
        with pytest.raises(Unreachable, match="it is locked") as refused:
            access.token()
        assert not refused.value.for_good
    kept.full = False
    assert access.token() in there.server.access
    assert kept.pair is not None
    assert kept.pair.access in there.server.access
    assert (len(there.server.asked), there.server.asked_too_late) == (2, 0)


def test_a_loop_logs_in_with_the_secret_of_its_client(there: There) -> None:
    there.server.client_secret = "of the client"  # noqa: S105 - planted
    now = [0.0]
    access = ClientAccess(there.where, SecretStr("of the client"), now=lambda: now[0])
    first = access.token()
    assert (access.token(), first in there.server.access) == (first, True)
    second = access.renewed(first)
    assert second not in (None, first)
    now[0] = 1e12
    assert access.token() not in (first, second)
    with pytest.raises(Unreachable, match="its secret is another one") as refused:
        with_client_secret(there.where, SecretStr("planted"))
    assert "planted" not in refused.value.why


def test_certificates_are_checked_and_nothing_is_said_before(tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path), Authority(tmp_path, "Another authority")
    server = AuthorizationServer()
    for bad in (
        theirs.server_context("127.0.0.1"),
        ours.server_context("elsewhere.example"),
        ours.server_context("127.0.0.1", ends_in=-timedelta(days=1)),
    ):
        with server.serve(bad) as web:
            where = replace(where_of(web, server), ca_file=ours.ca_file)
            with pytest.raises(Unreachable, match="a certificate that is not trusted"):
                refreshed(where, "planted")
    assert server.asked == []
    with server.serve(ours.server_context("127.0.0.1")) as web:
        where = replace(where_of(web, server), ca_file=ours.ca_file)
        with pytest.raises(Unreachable, match="used up"):
            refreshed(where, "planted")
    assert len(server.asked) == 1


SHARING = """
import sys, time
from connections.helpdesks.oauth import OAuthServer
from connections.helpdesks.oauth_access import OAuthAccess
from connections.sync.logins import KeyringPair

address, rounds = sys.argv[1], int(sys.argv[2])
where = OAuthServer(
    authorize=address, token=address + "/oauth/tokens", client_id="numberone-desk", scopes=(),
    redirect_port=1,
)
access = OAuthAccess(where, KeyringPair("desk", "mo"), "log in again")
for _ in range(rounds):
    access.renewed(access.token())
print("through")
"""


def test_processes_that_share_a_login_never_use_a_pair_twice(there: There, tmp_path: Path) -> None:
    ring = tmp_path / "keyring.json"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": BACKEND,
        FILE_VARIABLE: str(ring),
        "NUMBERONE_STATE": str(tmp_path / "state"),
    }
    saving = (
        "import sys; from connections.sync.logins import *; from pydantic import SecretStr;"
        "KeyringPair('desk', 'mo').save(TokenPair.read(SecretStr(sys.stdin.read())))"
    )
    subprocess.run(
        [sys.executable, "-c", saving],
        env=environment,
        input=there.logged_in().written().get_secret_value(),
        text=True,
        check=True,
    )
    web = there.where.token.removesuffix(TOKEN)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SHARING, web, "6"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    assert [each.communicate(timeout=120)[0] for each in running] == ["through\n"] * PROCESSES
    assert there.server.asked_too_late == 0
    assert len(there.server.refresh) == 1

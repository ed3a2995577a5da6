"""A small real authorization server on this machine: PKCE, pairs that are used once, bad days."""

import base64
import hashlib
import json
import secrets
import ssl
import threading
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener

from tests.connections.web_server import Answer, Asked, WebServer

CLIENT: Final = "numberone-desk"
AUTHORIZE: Final = "/oauth/authorizations/new"
TOKEN: Final = "/oauth/tokens"  # noqa: S105 - a path


def _answer(code: int, **said: object) -> Answer:
    return Answer(code, json.dumps(said).encode(), {"Content-Type": "application/json"})


@dataclass
class AuthorizationServer:
    """Gives codes, pairs and tokens of clients; ``bad_days`` are answered first, in their order.

    ``client_secret`` lets a client log in for itself. ``gone`` are refresh tokens that were used:
    asking with one again is counted, for it is what must not happen.
    """

    client_secret: str | None = None
    expires_in: int = 1800
    allows: bool = True
    bad_days: list[Answer] = field(default_factory=list)
    redirects: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    asked_too_late: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, tls: ssl.SSLContext | None = None) -> WebServer:
        """Return it as a web server, to be used in a ``with``."""
        return WebServer(self.answer, tls)

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        with self._lock:
            path, query = urlsplit(asked.path).path, dict(parse_qsl(urlsplit(asked.path).query))
            if path == AUTHORIZE:
                return self._authorized(query)
            if path != TOKEN:
                return self._spoken_to(asked)
            said = {name: each[0] for name, each in parse_qs(asked.body.decode()).items()}
            self.asked.append(said)
            if self.bad_days:
                return self.bad_days.pop(0)
            return self._tokens(said)

    def _authorized(self, query: dict[str, str]) -> Answer:
        if query["client_id"] != CLIENT or query["redirect_uri"] not in self.redirects:
            return Answer(400, b"no such client, or not its address")
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        said = {"code": code} if self.allows else {"error": "access_denied"}
        back = urlencode({**said, "state": query["state"]})
        return Answer(302, b"", {"Location": f"{query['redirect_uri']}?{back}"})

    def _tokens(self, said: dict[str, str]) -> Answer:
        if said.get("client_id") != CLIENT:
            return _answer(401, error="invalid_client")
        grant = said.get("grant_type")
        if grant == "client_credentials":
            if self.client_secret is None or said.get("client_secret") != self.client_secret:
                return _answer(401, error="invalid_client", error_description=repr(said))
            return self._new_pair(refreshable=False)
        if grant == "authorization_code":
            return self._for_code(said)
        given = said.get("refresh_token", "")
        if given not in self.refresh:
            self.asked_too_late += given in self.gone
            return _answer(400, error="invalid_grant", error_description=repr(said))
        self.refresh.remove(given)
        self.gone.add(given)
        self.access.clear()
        return self._new_pair()

    def _for_code(self, said: dict[str, str]) -> Answer:
        begun = self.codes.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun is None or (challenge, "S256", said.get("redirect_uri")) != (
            begun.get("code_challenge"),
            begun.get("code_challenge_method"),
            begun["redirect_uri"],
        ):
            return _answer(400, error="invalid_grant", error_description=repr(said))
        return self._new_pair()

    def _new_pair(self, *, refreshable: bool = True) -> Answer:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access.add(access)
        pair: dict[str, object] = {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": self.expires_in,
        }
        if refreshable:
            self.refresh.add(refresh)
            pair["refresh_token"] = refresh
        return _answer(200, **pair)

    def _spoken_to(self, asked: Asked) -> Answer:
        """Answer as a help desk does: to those who have a token that is good."""
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        return _answer(200, me="loop") if token in self.access else _answer(401)


class _Stays(HTTPErrorProcessor):
    def http_response(self, request: Request, response: object) -> object:  # noqa: ARG002 - the library's
        """Give every answer as it is."""
        return response

    https_response = http_response


def browsed(address: str) -> str:
    """Return where a browser is sent back to by an address, without going there."""
    with build_opener(_Stays).open(address) as response:
        location: str = response.headers["Location"]
    return location


def visited(address: str) -> int:
    """Go to an address and return the code of the answer."""
    with build_opener(_Stays).open(address) as response:
        code: int = response.status
    return code

"""OAuth with a help desk's own server: a code for a pair of tokens, and a pair for the next one.

A person logs in with PKCE (S256) and no secret of the program's; a loop may have a client secret.
Authlib is imported only when a server is asked: it takes longer to come than the board to start.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from connections.helpdesks.help_desk import Unreachable
from connections.web import web_options, words_for
from connections.web_addresses import named, web_address

if TYPE_CHECKING:
    import httpx2

_SCHEMES: Final = ("https", "http")
_VERIFIER_LENGTH: Final = 64
_LIFETIME_UNSAID: Final = 30 * 60
_REDIRECTED: Final = range(300, 400)
_NOT_NOW: Final = frozenset({408, 425, 429})
_BROKEN: Final = 500
_KNOWN: Final = {
    "access_denied": "this login was not allowed there",
    "invalid_client": "it does not know the client, or its secret is another one",
    "invalid_grant": "what we logged in with is used up or has run out",
    "invalid_scope": "the client may not have the rights that are asked for",
    "unauthorized_client": "the client may not log in this way",
    "unsupported_grant_type": "it has no login of this kind",
    "invalid_request": "it does not take the request; is the redirect address registered there?",
    "server_error": "it failed over it",
    "temporarily_unavailable": "it cannot do it now",
}
"""The words of OAuth's errors; whatever else a server says may hold what we sent, and is unsaid."""

_FOR_NOW: Final = frozenset({"server_error", "temporarily_unavailable"})


class NoLongerGranted(Unreachable):
    """What we logged in with is used up: another has used it, or a person has to log in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthServer:
    """Where one connection logs in, and as which client.

    ``authorize`` and ``token`` are whole addresses. ``redirect_port`` is the port on 127.0.0.1 to
    which a browser is sent back; ``redirect`` is the address to register over there.
    """

    authorize: str
    token: str
    client_id: str
    scopes: tuple[str, ...]
    redirect_port: int
    timeout: float = 30.0
    ca_file: Path | None = None

    @property
    def redirect(self) -> str:
        """Where the browser comes back to: this machine."""
        return f"http://127.0.0.1:{self.redirect_port}/numberone"

    @property
    def place(self) -> str:
        """The server as a person names it."""
        return named(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """What a login is: an access token until ``expires_at`` (seconds since 1970), and the next."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: float

    def written(self) -> SecretStr:
        """Return it as text for a keyring."""
        return SecretStr(
            json.dumps(
                {
                    "access_token": self.access,
                    "refresh_token": self.refresh,
                    "expires_at": self.expires_at,
                }
            )
        )

    @classmethod
    def read(cls, text: SecretStr) -> Self | None:
        """Return what ``written`` wrote, None for anything else, such as a plain token."""
        try:
            found = json.loads(text.get_secret_value())
            access, refresh = found["access_token"], found["refresh_token"]
            expires_at = float(found["expires_at"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        if not isinstance(access, str) or not (refresh is None or isinstance(refresh, str)):
            return None
        return cls(access=access, refresh=refresh, expires_at=expires_at)


@dataclass(frozen=True, slots=True)
class Authorization:
    """A login that has begun: the address for the browser, and what the answer must match."""

    address: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(server: OAuthServer) -> Authorization:
    """Return a new login, to be answered once; nothing is asked over the network yet."""
    from authlib.common.security import generate_token  # noqa: PLC0415 - see above

    verifier = generate_token(_VERIFIER_LENGTH)
    with closing(_client(server)) as client:
        address, state = client.create_authorization_url(server.authorize, code_verifier=verifier)
    return Authorization(address, state, verifier)


def exchanged(server: OAuthServer, authorization: Authorization, answered: str) -> TokenPair:
    """Return the pair of tokens for the address to which the browser was sent back.

    Raises:
        Unreachable: it is no answer to this login, or the server does not give any tokens.
    """
    code = _code_in(server, authorization, answered)
    return _asked(
        server,
        lambda client: client.fetch_token(
            server.token,
            grant_type="authorization_code",
            code=code,
            code_verifier=authorization.verifier,
        ),
    )


def _code_in(server: OAuthServer, authorization: Authorization, answered: str) -> str:
    """Return the code in an address that answers a login; a state of another one is refused."""
    try:
        said = dict(parse_qsl(urlsplit(answered.strip()).query))
    except ValueError:
        said = {}
    if not compare_digest(said.get("state", "").encode(), authorization.state.encode()):
        words = "that address is no answer to this login, and nothing was taken from it"
        raise Unreachable(words, for_good=True)
    if "code" not in said:
        raise _refused(server, said.get("error"))
    return said["code"]


def refreshed(server: OAuthServer, refresh: str) -> TokenPair:
    """Return the next pair of tokens; the one before is of no use from then on.

    Raises:
        NoLongerGranted: the refresh token is used up, or has run out.
        Unreachable: the server gives no answer to rely on, or refuses for another reason.
    """
    pair = _asked(server, lambda client: client.refresh_token(server.token, refresh))
    if pair.refresh is not None:
        return pair
    return TokenPair(access=pair.access, refresh=refresh, expires_at=pair.expires_at)


def with_client_secret(server: OAuthServer, secret: SecretStr) -> TokenPair:
    """Return a token for the client itself, which no person has to log in for.

    Raises:
        Unreachable: the server refuses, or gives no answer to rely on.
    """
    return _asked(
        server,
        lambda client: client.fetch_token(server.token, grant_type="client_credentials"),
        secret,
    )


def _client(server: OAuthServer, secret: SecretStr | None = None) -> Any:  # noqa: ANN401 - untyped
    from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415 - see above

    host = web_address(server.token, _SCHEMES).hostname or ""
    return OAuth2Client(
        client_id=server.client_id,
        client_secret=None if secret is None else secret.get_secret_value(),
        token_endpoint_auth_method="none" if secret is None else "client_secret_post",
        code_challenge_method="S256",
        redirect_uri=server.redirect,
        scope=" ".join(server.scopes),
        event_hooks={"response": [lambda response: _look_at(server, response)]},
        **web_options(host, server.timeout, server.ca_file),
    )


def _asked(
    server: OAuthServer,
    ask: Callable[[Any], Mapping[str, object]],
    secret: SecretStr | None = None,
) -> TokenPair:
    """Return the pair that a server answers; no word of its own is repeated but OAuth's errors."""
    import httpx2  # noqa: PLC0415 - see above
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - see above

    try:
        with closing(_client(server, secret)) as client:
            answer = ask(client)
    except AuthlibBaseError as error:
        raise _refused(server, error.error) from None
    except httpx2.HTTPStatusError:
        raise _no_tokens(server) from None
    except httpx2.HTTPError as error:
        raise Unreachable(f"{server.place} {words_for(error)}") from None
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever a strange answer makes
        raise _no_tokens(server) from None
    return _pair(server, answer)


def _look_at(server: OAuthServer, response: "httpx2.Response") -> None:
    """Refuse an answer that leads elsewhere, or that says nothing of the login."""
    code = response.status_code
    if code in _REDIRECTED:
        words = "sends the login on to another address, and it stays here"
        raise Unreachable(f"{server.place} {words} ({code})", for_good=True)
    if code in _NOT_NOW or code >= _BROKEN:
        raise Unreachable(f"{server.place} does not answer now ({code})")


def _pair(server: OAuthServer, answer: Mapping[str, object]) -> TokenPair:
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    lifetime = answer.get("expires_in")
    if not isinstance(access, str) or not access or not access.isascii():
        raise _no_tokens(server)
    seconds = float(lifetime) if isinstance(lifetime, int | float) else _LIFETIME_UNSAID
    return TokenPair(
        access=access,
        refresh=refresh if isinstance(refresh, str) and refresh else None,
        expires_at=time.time() + max(0.0, seconds),
    )


def _refused(server: OAuthServer, error: object) -> Unreachable:
    kind = NoLongerGranted if error == "invalid_grant" else Unreachable
    why = _KNOWN.get(str(error), "it says no, and not why in a way that is known here")
    return kind(f"{server.place} refuses the login: {why}", for_good=str(error) not in _FOR_NOW)


def _no_tokens(server: OAuthServer) -> Unreachable:
    return Unreachable(f"{server.place} answers, but with no tokens", for_good=True)

"""What a connection says of its login by OAuth, and where its help desk has that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from connections.delivery.settings_fields import CertificateFile, Seconds, Text, settings_problem
from connections.helpdesks.oauth import OAuthServer
from connections.web_addresses import is_loopback, web_address
from policy.refusal import Refusal, expected

_SCHEMES: Final = ("https", "http")
_PORTS: Final = range(1024, 65536)
REDIRECT_PORT: Final = 27631
"""The port of this machine to which a browser comes back, where a connection names no other."""

OAUTH_KEYS: Final = frozenset({"client_id", "redirect_port"})
"""The keys of a connection that are about its login alone, and not about its help desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthPlaces:
    """Where a kind of help desk has its login, below a connection's address, and for what."""

    authorize: str
    token: str
    scopes: tuple[str, ...]


def _address(value: object) -> str:
    try:
        parts = web_address(value if isinstance(value, str) else "", _SCHEMES)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("expected an address that starts with https://")
    return f"{parts.scheme}://{parts.netloc}"


def _port(value: object) -> int:
    if type(value) is not int or value not in _PORTS:
        raise ValueError(expected(f"a port from {_PORTS.start} to {_PORTS.stop - 1}", value))
    return value


class OAuthSettings(BaseModel):
    """The keys of a connection that its login needs; ``client_id`` where anybody logs in by OAuth.

    ``timeout`` is in seconds, ``ca_file`` the certificates to trust, as for the help desk itself.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: Annotated[str, BeforeValidator(_address)]
    client_id: Text | None = None
    redirect_port: Annotated[int, BeforeValidator(_port)] = REDIRECT_PORT
    timeout: Seconds = 30.0
    ca_file: CertificateFile | None = None


def oauth_settings(table: Mapping[str, object], source: str) -> OAuthSettings:
    """Return what the table of a connection says of its login.

    Raises Refusal with one line that names ``source`` and every wrong key.
    """
    try:
        return OAuthSettings.model_validate(dict(table))
    except ValidationError as error:
        raise Refusal(settings_problem(error, OAuthSettings, source)) from None


def oauth_server(table: Mapping[str, object], source: str, places: OAuthPlaces) -> OAuthServer:
    """Return the server at which a connection logs in.

    Raises:
        Refusal: the connection does not say as which client, or a key is wrong.
    """
    settings = oauth_settings(table, source)
    if settings.client_id is None:
        raise Refusal(
            f"{source}, client_id: expected the identifier of an OAuth client that is registered"
            f" there with the redirect address {_redirect(settings)}, and it is missing"
        )
    return OAuthServer(
        authorize=f"{settings.address}{places.authorize}",
        token=f"{settings.address}{places.token}",
        client_id=settings.client_id,
        scopes=places.scopes,
        redirect_port=settings.redirect_port,
        timeout=settings.timeout,
        ca_file=settings.ca_file,
    )


def _redirect(settings: OAuthSettings) -> str:
    return OAuthServer(
        authorize="",
        token="",
        client_id="",
        scopes=(),
        redirect_port=settings.redirect_port,
    ).redirect

"""Fetches a calendar from a file or from an address of the web, never more of it than is sane."""

import stat
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from connections.attempts import on_one_line
from connections.web import web_client, words_for
from connections.web_addresses import named, web_address
from policy.refusal import Refusal

if TYPE_CHECKING:
    import httpx2

MOST_BYTES: Final = 10_000_000
"""How large a calendar may be."""

_SCHEMES = ("https", "http")
_SUBSCRIBED = {"webcal://": "https://", "webcals://": "https://"}
_MOST_REDIRECTS = 5
_LONGEST_FETCH = 60.0
_FOUND = 200


def label_of(place: str) -> str:
    """Return how a calendar is named to people; an address by its host, as the rest is a secret."""
    address = _address(place)
    return on_one_line(place) if address is None else named(address)


def calendar_text(place: str, timeout: float = 20.0) -> bytes:
    """Return what stands at ``place``: a path, or an address with http, https or webcal.

    Each step may take ``timeout`` seconds and all of it a minute. Raises Refusal naming the place
    when it cannot be read, is no file, answers with something else, or is too large.
    """
    address = _address(place)
    try:
        return _file_text(Path(place)) if address is None else _web_text(address, timeout)
    except Refusal as refusal:
        raise Refusal(f"{label_of(place)}: {refusal.reason}") from None


def _address(place: str) -> str | None:
    """Return the address that ``place`` is, None when it is a path."""
    for scheme, real in _SUBSCRIBED.items():
        if place[: len(scheme)].lower() == scheme:
            place = real + place[len(scheme) :]
    return place if place.lower().startswith(("http://", "https://")) else None


def _file_text(path: Path) -> bytes:
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise Refusal("expected a file")
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        words = getattr(error, "strerror", None) or "no path"
        raise Refusal(f"cannot be read: {words}") from None
    if len(text) > MOST_BYTES:
        raise _too_large()
    return text


def _web_text(address: str, timeout: float) -> bytes:
    import httpx2  # noqa: PLC0415 - it takes longer to come than the board to start

    host = web_address(address, _SCHEMES).hostname or ""
    ends_at = monotonic() + _LONGEST_FETCH
    try:
        with web_client(host, timeout) as client:
            request = client.build_request("GET", address, headers={"Accept": "text/calendar, */*"})
            for _ in range(_MOST_REDIRECTS):
                with closing(client.send(request, stream=True)) as response:
                    if response.next_request is None:
                        return _body(response, ends_at)
                    request = _onward(request, response.next_request)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError):
        raise Refusal("sends on to something that is no address of the web") from None
    except httpx2.HTTPError as error:
        raise Refusal(words_for(error)) from None
    raise Refusal("sends on and on to other addresses")


def _onward(request: "httpx2.Request", following: "httpx2.Request") -> "httpx2.Request":
    """Return the request that follows a redirect, which may not give up a safe connection."""
    if request.url.scheme == "https" and following.url.scheme != "https":
        raise Refusal("sends on to an address that is not safe any more; expected https")
    return following


def _body(response: "httpx2.Response", ends_at: float) -> bytes:
    if response.status_code != _FOUND:
        raise Refusal(f"answers {response.status_code}; expected a calendar")
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise _too_large()
        if monotonic() > ends_at:
            raise Refusal(f"takes longer than {_LONGEST_FETCH:.0f} seconds")
    return bytes(body)


def _too_large() -> Refusal:
    return Refusal(f"is larger than {MOST_BYTES // 1_000_000} MB; expected a calendar of less")

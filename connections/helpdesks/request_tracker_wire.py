"""The way to a Request Tracker and back: one request, one answer, and what is wrong in words."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from connections.attempts import on_one_line
from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.request_tracker_settings import RequestTrackerSettings
from connections.web import web_client, words_for
from connections.web_addresses import named

if TYPE_CHECKING:
    import httpx2

Json = Mapping[str, object]
"""An object as it came over the wire."""

Query = Mapping[str, str | int]
"""What follows the path of a request."""

MOST_ROWS: Final = 100
"""How many rows a page has at most; whoever asks for more is given this many without a word."""

_OK: Final = 200
_REDIRECTED: Final = range(300, 400)
_REFUSED_LOGIN: Final = 401
_NOT_NOW: Final = frozenset({408, 425, 429, 503})
_BROKEN: Final = range(500, 600)
_LONGEST_REST: Final = timedelta(hours=1)


class NothingDone(Unreachable):
    """It is certain that the request was not carried out."""


@dataclass(frozen=True, slots=True)
class TrackerAnswer:
    """What Request Tracker says; ``at`` is when, by its own clock (UTC)."""

    code: int
    content: object
    at: datetime
    location: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the code is one of success, which proves nothing about what was asked."""
        return _OK <= self.code < _REDIRECTED.start

    @property
    def sentence(self) -> str:
        """What it says in words: that of an error, or all that it has to say of a change."""
        content = self.content
        if isinstance(content, Mapping):
            content = content.get("message", "")
        said = content if isinstance(content, list) else [content]
        return on_one_line("; ".join(str(each) for each in said if each))

    @property
    def record(self) -> Json:
        """The object that was asked for."""
        return self.content if isinstance(self.content, Mapping) else {}

    @property
    def rows(self) -> Sequence[Json]:
        """The objects of a list that was asked for."""
        rows = self.record.get("items")
        found = rows if isinstance(rows, list) else []
        return [row for row in found if isinstance(row, Mapping)]


class TrackerWire:
    """Speaks to one Request Tracker under one login; one thread at a time."""

    def __init__(self, settings: RequestTrackerSettings, token: str) -> None:
        self._root = settings.root
        self._place = named(settings.address)
        self._client = _client(settings, token)

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self._place

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def read(self, path: str, query: Query | None = None, where: object = None) -> TrackerAnswer:
        """Return an answer to a question; ``where`` asks for a list by conditions in JSON.

        Raises Unreachable for every answer but one of success.
        """
        answer = self.ask("GET" if where is None else "POST", path, where, query)
        if not answer.is_done:
            raise Unreachable(f"{self._place} refuses to say {path}: {self._said(answer)}")
        return answer

    def look(self, path: str, query: Query | None = None) -> TrackerAnswer | None:
        """Return the object at a path, None where there is none or it may not be seen."""
        answer = self.ask("GET", path, None, query)
        if answer.code in (403, 404):
            return None
        if not answer.is_done:
            raise Unreachable(f"{self._place} refuses to say {path}: {self._said(answer)}")
        return answer

    def ask(
        self,
        method: str,
        path: str,
        content: object = None,
        query: Query | None = None,
    ) -> TrackerAnswer:
        """Return whatever Request Tracker answers to a request that it has understood.

        Raises NothingDone where it is certain that it was not carried out, else Unreachable where
        no answer came that says.
        """
        import httpx2  # noqa: PLC0415 - it takes longer to come than the board to start

        request = self._client.build_request(
            method, f"{self._root}{path}", params=query, json=content
        )
        try:
            with closing(self._client.send(request)) as response:
                return self._judged(response)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise NothingDone(f"{self._place} {words_for(error)}") from None
        except httpx2.HTTPError as error:
            raise Unreachable(f"{self._place} {words_for(error)}") from None

    def _judged(self, response: "httpx2.Response") -> TrackerAnswer:
        code = response.status_code
        if code in _REDIRECTED:
            raise NothingDone(self._onward(response), for_good=True)
        if code == _REFUSED_LOGIN:
            words = f"{self._place} does not know this login, or no longer"
            raise NothingDone(words, for_good=True)
        if code in _NOT_NOW:
            raise NothingDone(
                f"{self._place} does not answer now ({code})",
                retry_after=_rest(response.headers.get("Retry-After", "")),
            )
        if code in _BROKEN:
            raise Unreachable(f"{self._place} failed over it ({code})")
        content = _json(response)
        if content is None and response.content:
            raise Unreachable(f"{self._place} answers, but not as Request Tracker 5 does ({code})")
        at = _time(response.headers.get("Date", ""))
        return TrackerAnswer(code, content, at, response.headers.get("Location", ""))

    def _onward(self, response: "httpx2.Response") -> str:
        onward = response.headers.get("Location", "")
        where = named(onward) if urlsplit(onward).netloc else "another page of its own"
        words = "and the login stays here; the address that it has now belongs into the connection"
        return f"{self._place} sends us on to {where}, {words}"

    def _said(self, answer: TrackerAnswer) -> str:
        return f'{answer.code} "{answer.sentence}"'


def in_path(name: str) -> str:
    """Return a name as a part of a path."""
    return quote(name, safe="")


def in_query(text: str) -> str:
    """Return a text as a value in a query."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def any_of(field: str, values: Sequence[str] | Sequence[int]) -> str:
    """Return the condition that a field is one of some values; numbers stand as they are."""
    listed = (str(each) if isinstance(each, int) else in_query(each) for each in values)
    return f"({' OR '.join(f'{field} = {each}' for each in listed)})"


def _client(settings: RequestTrackerSettings, token: str) -> "httpx2.Client":
    host = urlsplit(settings.address).hostname or ""
    client = web_client(host, settings.timeout, settings.ca_file)
    client.headers["Authorization"] = f"token {token}"
    # With a cookie, a login that is refused is answered by the page for people.
    client.cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _json(response: "httpx2.Response") -> object:
    try:
        content: object = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return content


def _time(written: str) -> datetime:
    try:
        return parsedate_to_datetime(written).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _rest(written: str) -> timedelta | None:
    if not written.strip().isdigit():
        return None
    return min(timedelta(seconds=int(written[:9])), _LONGEST_REST)

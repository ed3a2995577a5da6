"""The way to a Zendesk and back: one request, one answer, and what is wrong in words."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from connections.attempts import on_one_line
from connections.helpdesks.access import Access
from connections.helpdesks.help_desk import Unreachable
from connections.helpdesks.zendesk_rates import RateLimits, seconds
from connections.helpdesks.zendesk_settings import ZendeskSettings
from connections.web import web_client, words_for
from connections.web_addresses import is_loopback, named

if TYPE_CHECKING:
    import httpx2

Json = Mapping[str, object]
"""An object as it came over the wire."""

Query = Mapping[str, str | int | Sequence[str]]
"""What follows the path of a request."""

MOST_ROWS: Final = 100
"""How many rows a page has at most."""

_OK: Final = range(200, 300)
_REDIRECTED: Final = range(300, 400)
_REFUSED_LOGIN: Final = 401
_TOO_MANY: Final = 429
_BROKEN: Final = range(500, 600)
_HIDDEN: Final = (403, 404)
_REST: Final = timedelta(minutes=1)
_REDIRECTS: Final = 5


class NotCarriedOut(Unreachable):
    """It is certain that nothing was done over there."""


@dataclass(frozen=True, slots=True)
class ZendeskAnswer:
    """What Zendesk says; ``at`` is when, by its own clock (UTC)."""

    code: int
    content: object
    at: datetime

    @property
    def is_done(self) -> bool:
        """Whether the code is one of success."""
        return self.code in _OK

    @property
    def record(self) -> Json:
        """The object that came."""
        return self.content if isinstance(self.content, Mapping) else {}

    def named(self, name: str) -> Json:
        """Return an object by its name in the answer, an empty one where there is none."""
        found = self.record.get(name)
        return found if isinstance(found, Mapping) else {}

    def rows(self, name: str) -> list[Json]:
        """Return the objects of a list by its name in the answer."""
        return objects(self.record.get(name))

    @property
    def sentence(self) -> str:
        """What it says in words of what is wrong."""
        said = list(_sentences(self.record.get("details")))
        words = self.record.get("description") or self.record.get("message")
        error = self.record.get("error")
        if isinstance(error, Mapping):
            words = words or error.get("message") or error.get("title")
            error = None
        said = said or [text(each) for each in (words or error,) if each]
        return on_one_line("; ".join(dict.fromkeys(said)))


class ZendeskWire:
    """Speaks to one Zendesk under one login; one thread at a time."""

    def __init__(self, settings: ZendeskSettings, access: Access) -> None:
        self._settings = settings
        self._access = access
        self._place = named(settings.address)
        self._host = urlsplit(settings.address).netloc
        self._client = _client(settings)
        self._limits = RateLimits({})

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self._place

    @property
    def limits(self) -> RateLimits:
        """What its last answers said of how often it may be asked."""
        return self._limits

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def read(self, path: str, query: Query | None = None) -> ZendeskAnswer:
        """Return an answer to a question; raises Unreachable for every other than success."""
        answer = self.ask("GET", path, query=query)
        if not answer.is_done:
            raise Unreachable(self._refused(path, answer))
        return answer

    def look(self, path: str, query: Query | None = None) -> ZendeskAnswer | None:
        """Return an answer, None where there is nothing or it may not be seen."""
        answer = self.ask("GET", path, query=query)
        if answer.code in _HIDDEN:
            return None
        if not answer.is_done:
            raise Unreachable(self._refused(path, answer))
        return answer

    def ask(
        self, method: str, path: str, content: object = None, query: Query | None = None
    ) -> ZendeskAnswer:
        """Return whatever Zendesk answers to a request that it has understood.

        A token that has run out is renewed once. Raises NotCarriedOut where it is certain that
        nothing was done, else Unreachable where no answer came that says.
        """
        token = self._access.token()
        response = self._sent(method, path, content, query, token)
        if response.status_code == _REFUSED_LOGIN:
            another = self._access.renewed(token)
            if another is not None:
                response = self._sent(method, path, content, query, another)
        return self._judged(response)

    def file(self, address: str) -> bytes:
        """Return a file; wherever else it is kept, the login is not sent there.

        Raises Unreachable where it cannot be had.
        """
        for _ in range(_REDIRECTS):
            response = self._fetched(address)
            onward = response.headers.get("Location", "")
            if response.status_code in _REDIRECTED and onward:
                address = urljoin(address, onward)
            elif response.status_code in _OK:
                return response.content
            else:
                raise Unreachable(f"{named(address)} does not give it ({response.status_code})")
        raise Unreachable(f"{self._place} sends us on too often")

    def _fetched(self, address: str) -> "httpx2.Response":
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
        if not is_safe:
            raise Unreachable(f"{named(address)} is not fetched from: expected https://")
        if parts.netloc == self._host:
            return self._received("GET", address, headers=self._login(self._access.token()))
        client = web_client(parts.hostname or "", self._settings.timeout)
        with closing(client):
            return self._received("GET", address, client=client)

    def _login(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def _sent(
        self, method: str, path: str, content: object, query: Query | None, token: str
    ) -> "httpx2.Response":
        return self._received(
            method,
            f"{self._settings.root}{path}",
            params=query,
            json=content,
            headers=self._login(token),
        )

    def _received(
        self, method: str, address: str, *, client: "httpx2.Client | None" = None, **what: object
    ) -> "httpx2.Response":
        import httpx2  # noqa: PLC0415 - it takes longer to come than the board to start

        by = client or self._client
        place = named(address)
        try:
            request = by.build_request(method, address, **what)  # type: ignore[arg-type] # passed on
            with closing(by.send(request)) as response:
                response.read()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise NotCarriedOut(f"{place} {words_for(error)}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unreachable(f"{place} {words_for(error)}") from None
        return response

    def _judged(self, response: "httpx2.Response") -> ZendeskAnswer:
        code = response.status_code
        told = {name.lower(): value for name, value in response.headers.items()}
        self._limits = self._limits.with_later(RateLimits.of(told))
        if code in _REDIRECTED:
            onward = response.headers.get("Location", "")
            where = named(onward) if urlsplit(onward).netloc else "another page of its own"
            words = "the address that it has now belongs into the connection"
            raise NotCarriedOut(
                f"{self._place} sends us on to {where}, and the login stays here; {words}",
                for_good=True,
            )
        if code == _REFUSED_LOGIN:
            words = f"{self._place} does not know this login, or no longer"
            raise NotCarriedOut(words, for_good=True)
        if code == _TOO_MANY:
            rest = seconds(response.headers.get("Retry-After", "")) or _REST
            raise NotCarriedOut(f"{self._place} wants to be asked less often", retry_after=rest)
        if code in _BROKEN:
            rest_or_none = seconds(response.headers.get("Retry-After", ""))
            raise Unreachable(f"{self._place} failed over it ({code})", retry_after=rest_or_none)
        content = _json(response)
        if content is None and response.content:
            raise Unreachable(f"{self._place} answers, but not as Zendesk does ({code})")
        return ZendeskAnswer(code, content, _date(response.headers.get("Date", "")))

    def _refused(self, path: str, answer: ZendeskAnswer) -> str:
        return f'{self._place} refuses to say {path}: {answer.code} "{answer.sentence}"'


def text(value: object) -> str:
    """Return a value as text, nothing where there is none."""
    return "" if value is None else str(value)


def whole(value: object) -> int:
    """Return a number, which may be written as text; 0 where it is none."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() else 0


def objects(value: object) -> list[Json]:
    """Return the objects of a list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def moment(value: object) -> datetime:
    """Return a time that Zendesk wrote (UTC); raises Unreachable for what is none."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        raise Unreachable(f"Zendesk gives {on_one_line(str(value))} for a time") from None


def written(at: datetime) -> str:
    """Return a time as Zendesk writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _client(settings: ZendeskSettings) -> "httpx2.Client":
    host = urlsplit(settings.address).hostname or ""
    client = web_client(host, settings.timeout, settings.ca_file)
    client.cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _json(response: "httpx2.Response") -> object:
    try:
        content: object = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return content


def _date(said: str) -> datetime:
    try:
        return parsedate_to_datetime(said).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC).replace(microsecond=0)


def _sentences(details: object) -> list[str]:
    """Return the sentences of what is wrong with each field."""
    fields = details.values() if isinstance(details, Mapping) else ()
    return [text(each.get("description")) for field in fields for each in objects(field)]

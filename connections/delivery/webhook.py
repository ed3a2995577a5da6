"""Posts a notice to a web hook of one's own, as JSON with a text in it."""

import re
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    ValidationError,
)

from connections.attempts import Delivery, DeliveryOutcome, on_one_line
from connections.delivery.settings_fields import (
    CertificateFile,
    Seconds,
    one_of_words,
    settings_problem,
)
from connections.web import web_client, words_for
from connections.web_addresses import is_loopback, named, web_address
from policy.refusal import Refusal

if TYPE_CHECKING:
    import httpx2

_TEXT: Final = "text"
"""How the JSON is written: understood by Mattermost, Google Chat, and what one writes oneself."""

_OF_APPRISE: Final = ("slack", "discord")
"""What older versions wrote by hand, too."""

_SCHEMES = ("https", "http")
_MOST_REDIRECTS = 3
_WORDS_READ = 2_000
_DIGITS = 9
_CALLS_EVERYBODY = re.compile(r"@(?=(?:all|channel|everyone|here)\b)|<(?=users/)", re.IGNORECASE)
_UNSEEN = "\N{ZERO WIDTH SPACE}"
_NOT_NOW = (408, 425, 429, 503)
"""What HTTP answers when nothing was done, and may be another time."""


def _hook(address: SecretStr) -> SecretStr:
    try:
        parts = web_address(address.get_secret_value(), _SCHEMES)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("expected an address that starts with https://")
    return SecretStr(address.get_secret_value().strip())


def _dialect(value: object) -> object:
    if value in _OF_APPRISE:
        raise ValueError(
            f"expected [chat] in place of [webhook] for {value}, and its address in"
            f' NUMBERONE_CHAT_ADDRESS or by "keyring set numberone chat"'
        )
    return one_of_words([_TEXT])(value)


class WebhookSettings(BaseModel):
    """Where notices are posted to; whoever knows the whole ``address`` can post there too.

    ``timeout`` is in seconds and holds for every single step. ``ca_file`` names the certificates
    to trust instead of the system's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[SecretStr, AfterValidator(_hook)]
    dialect: Annotated[Literal["text"], BeforeValidator(_dialect)] = "text"
    timeout: Seconds = 15.0
    ca_file: CertificateFile | None = None

    @property
    def place(self) -> str:
        """The tool as a person names it: its host, and nothing of the address that is secret."""
        return named(self.address.get_secret_value())


def webhook_settings(table: Mapping[str, object], source: str) -> WebhookSettings:
    """Return the settings that a config file's table says.

    Raises Refusal with one line that names ``source`` and every wrong key, and no address.
    """
    try:
        return WebhookSettings.model_validate(table)
    except ValidationError as error:
        raise Refusal(settings_problem(error, WebhookSettings, source)) from None


def payload(text: str) -> dict[str, object]:
    """Return what is posted; words of customers call nobody there."""
    return {"text": _CALLS_EVERYBODY.sub(lambda found: found[0] + _UNSEEN, text)}


def post(settings: WebhookSettings, text: str, message_id: str) -> Delivery:
    """Post ``text``; the header Idempotency-Key holds ``message_id``, the same every time.

    A redirect is followed on the same host alone: the words are for nobody else. Every post has a
    connection of its own, for one that lay idle may be closed just when the next post goes out,
    and then nobody knows whether it arrived.
    """
    import httpx2  # noqa: PLC0415 - it takes longer to come than the board to start

    try:
        return _posted(settings, payload(text), message_id)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
        words = f"{words_for(error)}; nothing was sent"
        return _delivery(settings, DeliveryOutcome.NOT_ATTEMPTED, words)
    except (httpx2.InvalidURL, UnicodeError):  # the latter for a host that is no name
        return _elsewhere(settings, "something that is no address")
    except httpx2.WriteTimeout as error:
        words = f"{words_for(error)}; the message was not out yet"
        return _delivery(settings, DeliveryOutcome.TEMPORARY, words)
    except httpx2.HTTPError as error:
        words = f"{words_for(error)} when the whole message was out, and may have taken it"
        return _delivery(settings, DeliveryOutcome.UNKNOWN, words)


def _posted(settings: WebhookSettings, content: Mapping[str, object], message_id: str) -> Delivery:
    address = settings.address.get_secret_value()
    host = web_address(address, _SCHEMES).hostname or ""
    headers = {"Idempotency-Key": message_id}
    with web_client(host, settings.timeout, settings.ca_file) as client:
        request = client.build_request("POST", address, json=content, headers=headers)
        for _ in range(_MOST_REDIRECTS):
            answer = _answer(client, request)
            if answer.onward is None:
                return _judged(settings, answer)
            if answer.onward.method != "POST" or _origin(answer.onward) != _origin(request):
                return _elsewhere(settings, _origin(answer.onward))
            request = answer.onward
    return _elsewhere(settings, "itself, again and again")


def _elsewhere(settings: WebhookSettings, where: str) -> Delivery:
    words = f"sends us on to {where}, and nothing is posted there; its new address belongs into"
    return _delivery(settings, DeliveryOutcome.PERMANENT, f"{words} the settings")


def _judged(settings: WebhookSettings, answer: "_Answer") -> Delivery:
    """Say what a status code of HTTP means for the message."""
    shown = f'{answer.code} "{answer.words}"'
    if 200 <= answer.code < 300:  # noqa: PLR2004 - how HTTP numbers them
        return _delivery(settings, DeliveryOutcome.SENT, f"has taken it: {shown}")
    if answer.code in _NOT_NOW:
        words = f"does not take it now: {shown}"
        return _delivery(settings, DeliveryOutcome.TEMPORARY, words, answer.rest)
    if 400 <= answer.code < 500:  # noqa: PLR2004 - as above
        return _delivery(settings, DeliveryOutcome.PERMANENT, f"does not take it: {shown}")
    words = f"failed over it, and may have taken it: {shown}"
    return _delivery(settings, DeliveryOutcome.UNKNOWN, words)


def _delivery(
    settings: WebhookSettings,
    outcome: DeliveryOutcome,
    what: str,
    rest: timedelta | None = None,
) -> Delivery:
    return Delivery(outcome=outcome, why=f"{settings.place} {what}", retry_after=rest)


def _origin(request: "httpx2.Request") -> str:
    return f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"


class _Answer(NamedTuple):
    """What a chat tool says: a code, words, how long to rest, and the request it sends on to."""

    code: int
    words: str
    rest: timedelta | None
    onward: "httpx2.Request | None"


def _answer(client: "httpx2.Client", request: "httpx2.Request") -> _Answer:
    with closing(client.send(request, stream=True)) as response:
        return _Answer(
            response.status_code,
            _words(response),
            _rest(response.headers.get("Retry-After", "")),
            response.next_request,
        )


def _words(response: "httpx2.Response") -> str:
    """Return the beginning of what an answer says; the code alone decides, so it may break off."""
    import httpx2  # noqa: PLC0415 - as above

    words = ""
    with suppress(httpx2.HTTPError):
        for part in response.iter_text():
            words += part
            if len(words) >= _WORDS_READ:
                break
    return on_one_line(words)


def _rest(written: str) -> timedelta | None:
    """Return how long an answer asks to be left alone, when it says so in seconds."""
    if not written.isascii() or not written.isdigit() or len(written) > _DIGITS:
        return None
    return timedelta(seconds=int(written))

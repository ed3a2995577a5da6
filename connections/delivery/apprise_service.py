"""A service that people are told by through Apprise: chat tools, phones, pagers, mail.

Its address is a secret: whoever has it can write there. It is never repeated, nor is anything that
Apprise or the service says; only what kind of service it is, and the code of its answer.
Apprise is imported only when something is sent: it takes longer to come than the board to start.
"""

import logging
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import charset
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome, on_one_line
from connections.web_addresses import is_loopback
from policy.refusal import Refusal

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase
    from apprise.logger import NotifyLogEntry

LONGEST_ATTEMPT: Final = timedelta(seconds=60)
"""How long telling somebody lasts at most."""

_LINE_AT_MOST: Final = 500
_UNSEEN: Final = "\N{ZERO WIDTH SPACE}"
_CALLS_OR_FORMATS: Final = re.compile(
    r"(@)(?=(?:all|channel|everyone|here|room)\b)|(<)(?=\S)|(\])(?=\()", re.IGNORECASE
)
"""What calls everybody, or makes words of a customer a link, in one service or another."""

_WARNINGS: Final = frozenset({"WARNING", "ERROR"})
_ENDED: Final = "Socket Exception: "
_CODE: Final = re.compile(r"error=(\d{3})\b")
_NOT_NOW: Final = frozenset({408, 425, 429, 503})
_ONWARD: Final = range(300, 400)
_REFUSED: Final = range(400, 500)
_NEVER_BEGUN: Final = (
    ("certificate verify failed", "shows a certificate that is not trusted"),
    ("certificate_verify_failed", "shows a certificate that is not trusted"),
    ("nameresolutionerror", "is not known by that name"),
    ("newconnectionerror", "cannot be reached"),
    ("failed to establish a new connection", "cannot be reached"),
    ("connecttimeouterror", "does not answer in time"),
)
"""What Apprise's log holds where nothing was sent at all, and what that means."""

_one_at_a_time: Final = threading.Lock()


def harmless(text: str) -> str:
    """Return text for a chat tool that calls nobody there, formats nothing and hides no link."""
    lines = (on_one_line(line, _LINE_AT_MOST) for line in text.splitlines())
    return _CALLS_OR_FORMATS.sub(lambda found: found[0] + _UNSEEN, "\n".join(lines))


class AppriseService:
    """One service, by the address that Apprise gives it; it can be used by one thread at a time."""

    def __init__(self, address: SecretStr, place: str) -> None:
        self._plugin = _plugin(address, place)

    @property
    def kind(self) -> str:
        """What it is, such as Slack."""
        return str(self._plugin.service_name)

    def send(self, title: str, text: str) -> Delivery:
        """Tell a text under a title, and say exactly how far it came; it raises nothing."""
        from apprise import Apprise, AppriseResultStatus, NotifyFormat  # noqa: PLC0415 - see above

        with _one_at_a_time:
            sending = Apprise(asset=_asset())
            sending.add(self._plugin)
            result = sending.notify(
                title=harmless(title),
                body=harmless(text),
                body_format=NotifyFormat.TEXT,
                timeout=LONGEST_ATTEMPT.total_seconds(),
                log_level=logging.DEBUG,
            )
        if result.status is AppriseResultStatus.SUCCESS:
            return Delivery(outcome=DeliveryOutcome.SENT, why=f"{self.kind} has taken it")
        return self._judged(result.logs())

    def _judged(self, log: "Iterable[NotifyLogEntry]") -> Delivery:
        """Say what Apprise's log means: what is not known to be refused may have arrived.

        Entries that may hold the message itself are left out, for a customer wrote that.
        """
        warned, ended = "", ""
        for entry in log:
            if entry.level in _WARNINGS:
                warned += f"{entry.message}\n"
            elif entry.message.startswith(_ENDED):
                ended += entry.message.lower()
        codes = [int(found) for found in _CODE.findall(warned)]
        if codes:
            return self._by_code(codes[-1])
        for sign, words in _NEVER_BEGUN:
            if sign in ended:
                why = f"{self.kind} {words}; nothing was sent"
                return Delivery(outcome=DeliveryOutcome.NOT_ATTEMPTED, why=why)
        why = f"{self.kind} did not say that it has taken it, and may have"
        return Delivery(outcome=DeliveryOutcome.UNKNOWN, why=why)

    def _by_code(self, code: int) -> Delivery:
        if code in _NOT_NOW:
            why = f"{self.kind} does not take it now ({code})"
            return Delivery(outcome=DeliveryOutcome.TEMPORARY, why=why)
        if code in _ONWARD:
            why = f"{self.kind} sends us on to another address, and nothing is told there ({code})"
            return Delivery(outcome=DeliveryOutcome.PERMANENT, why=why)
        if code in _REFUSED:
            why = f"{self.kind} does not take it ({code}); is its address still the right one?"
            return Delivery(outcome=DeliveryOutcome.PERMANENT, why=why)
        why = f"{self.kind} failed over it, and may have taken it ({code})"
        return Delivery(outcome=DeliveryOutcome.UNKNOWN, why=why)


def _plugin(address: SecretStr, place: str) -> "NotifyBase":
    """Return Apprise's own service for an address.

    Raises:
        Refusal: it is none, or would check no certificates; the line repeats nothing of it.
    """
    from apprise import Apprise, NotifyBase  # noqa: PLC0415 - see above

    _silence()
    with warnings.catch_warnings(), _own_charsets():
        # Its first use loads all services, one of them with a module that Python gives up.
        warnings.simplefilter("ignore", DeprecationWarning)
        plugin = Apprise.instantiate(address.get_secret_value().strip(), asset=_asset())
    if not isinstance(plugin, NotifyBase):
        raise Refusal(
            f"{place}: expected an address that Apprise knows, such as slack://…, ntfys://… or"
            " mailtos://…, and what is kept is none"
        )
    if not plugin.verify_certificate:
        raise Refusal(
            f"{place}: the address says verify=no, and certificates are always checked; leave it"
            " out, and trust one of your own by REQUESTS_CA_BUNDLE"
        )
    if _is_open(plugin):
        raise Refusal(
            f"{place}: expected an address that begins with {_safe(plugin)}://, which encrypts"
        )
    plugin.redirects = False
    return plugin


@contextmanager
def _own_charsets() -> Iterator[None]:
    """Let the mails of this process be written as before: a service of Apprise says otherwise.

    It has all UTF-8 written as quoted-printable, which splits names so that spaces come into them.
    """
    before = dict(charset.CHARSETS)
    try:
        yield
    finally:
        charset.CHARSETS.clear()
        charset.CHARSETS.update(before)


def _is_open(plugin: "NotifyBase") -> bool:
    """Return whether what is told would travel unencrypted, though it could be otherwise."""
    host = str(getattr(plugin, "host", "") or "")
    could_be = bool(getattr(plugin, "protocol", None) and getattr(plugin, "secure_protocol", None))
    return could_be and not plugin.secure and bool(host) and not is_loopback(host)


def _safe(plugin: "NotifyBase") -> str:
    found = getattr(plugin, "secure_protocol", None) or "https"
    return found if isinstance(found, str) else str(next(iter(found)))


def _asset() -> "AppriseAsset":
    """Return how we are called there; no picture is fetched from anywhere."""
    from apprise import AppriseAsset  # noqa: PLC0415 - see above

    return AppriseAsset(
        app_id="numberone",
        app_desc="numberone",
        app_url="",
        image_url_mask="",
        image_path_mask="",
        http_redirects=False,
        async_mode=False,
        secure_logging=True,
    )


def _silence() -> None:
    """Let nothing that Apprise or what it uses logs be printed: it holds addresses."""
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    logging.getLogger("apprise").setLevel(logging.DEBUG)  # what it says is judged, and dropped

"""One connection to a mail server: as safe as asked for, logged in, and never waiting for ever."""

import base64
import contextlib
import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple

from pydantic import SecretStr

from connections.attempts import on_one_line
from connections.connection_errors import how_it_ended
from connections.delivery.mail import MailSettings

_POLITE = 2.0
"""How many seconds a server gets to say goodbye."""
_BRIEFLY = 0.001
"""The least time to wait, in seconds: none at all would mean to wait without end."""
_NOT_ALLOWED = re.compile(r"\b5\.7\.\d")
"""The detailed codes of answers (RFC 3463) that are about what a server allows."""
_TLS_READY, _LOGGED_IN, _GO_ON = 220, 235, 334


class NotPossibleError(Exception):
    """Nothing can be handed over to this server, for the reason given."""


class LostError(Exception):
    """The connection is gone; the words say how it went."""


class Answer(NamedTuple):
    """What a server says to one command: its code, and all of it for people."""

    code: int
    shown: str

    @property
    def yes(self) -> bool:
        """Whether it did what it was told."""
        return 200 <= self.code < 300  # noqa: PLR2004 - how the standard numbers them

    @property
    def never(self) -> bool:
        """Whether it says that trying again changes nothing."""
        return 500 <= self.code < 600  # noqa: PLR2004 - as above

    @property
    def is_about_the_address(self) -> bool:
        """Whether a "never" to a recipient is about the address, and not about who may send."""
        return self.never and _NOT_ALLOWED.search(self.shown) is None

    @property
    def not_now(self) -> bool:
        """Whether it says to try again another time."""
        return 400 <= self.code < 500  # noqa: PLR2004 - as above


class Connection:
    """A server that is ready to be handed mail; made with ``Connection.open``."""

    def __init__(
        self, client: smtplib.SMTP, settings: MailSettings, password: SecretStr | None
    ) -> None:
        self._client = client
        self._settings = settings
        self._password = "" if password is None else password.get_secret_value()
        self._ends_at = 0.0

    @classmethod
    def open(
        cls, settings: MailSettings, password: SecretStr | None, ends_at: float
    ) -> "Connection":
        """Connect, make it safe and log in, until ``ends_at`` on the monotonic clock.

        Raises NotPossibleError with the reason in words.
        """
        with _explained():
            client = _greeted(settings, _time_left(settings, ends_at))
        connection = cls(client, settings, password)
        connection.ends_at(ends_at)
        try:
            with _explained():
                connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def begin(self) -> None:
        """Greet the server, begin TLS where it is asked for, and log in."""
        self._client.local_hostname = _own_name(self._client)
        self._client.command_encoding = "utf-8"
        self._greet()
        if self._settings.security == "starttls":
            self._make_safe()
            self._greet()
        if self._settings.username is not None:
            self._log_in(self._settings.username)

    def ends_at(self, moment: float) -> None:
        """Let every further step end at ``moment`` of the monotonic clock at the latest."""
        self._ends_at = moment

    def offers(self, extension: str) -> bool:
        """Return whether the server can do what the standard names so."""
        return self._client.has_extn(extension)

    def say(self, command: str, argument: str = "") -> Answer:
        """Say a command and return the answer; raises LostError."""
        return self._step(lambda: self._client.docmd(command, argument))

    def give(self, wire: bytes) -> None:
        """Send the bytes of a message; raises LostError when not all of them went out."""
        self._wait_at_most(_time_left(self._settings, self._ends_at))
        with _lost_in_words():
            self._client.send(wire)

    def answer(self, seconds: float) -> Answer:
        """Wait for what the server says to a message; raises LostError when it says nothing."""
        self._wait_at_most(seconds)
        with _lost_in_words():
            return self._shown(*self._client.getreply())

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def say_goodbye(self) -> None:
        """Hang up as servers like it."""
        self._wait_at_most(min(_POLITE, self._settings.timeout))
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._client.docmd("QUIT")
        self._client.close()

    def _greet(self) -> None:
        answer = self._step(self._client.ehlo)
        if not answer.yes:
            raise NotPossibleError(f"does not greet back: {answer.shown}")

    def _make_safe(self) -> None:
        if not self.offers("starttls"):
            raise NotPossibleError("offers no STARTTLS, and mail is not to travel in the open")
        context = self._settings.tls()
        answer = self._step(lambda: self._client.starttls(context=context))
        if answer.code != _TLS_READY:
            raise NotPossibleError(f"does not begin TLS: {answer.shown}")

    def _log_in(self, username: str) -> None:
        if not self._password:
            raise NotPossibleError(f"wants the password of {username}, and none is known")
        offered = self._client.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            answer = self.say("AUTH", f"PLAIN {self._plain}")
        elif "LOGIN" in offered:
            answer = self.say("AUTH", f"LOGIN {_base64(username)}")
            if answer.code == _GO_ON:
                answer = self.say(_base64(self._password))
        else:
            raise NotPossibleError("offers no login by PLAIN or LOGIN")
        if answer.code != _LOGGED_IN:
            raise NotPossibleError(f"does not let {username} log in: {answer.shown}")

    @property
    def _plain(self) -> str:
        return _base64(f"\0{self._settings.username}\0{self._password}")

    def _step(self, step: Callable[[], tuple[int, bytes]]) -> Answer:
        self._wait_at_most(_time_left(self._settings, self._ends_at))
        try:
            with _lost_in_words():
                return self._shown(*step())
        except smtplib.SMTPResponseException as refused:
            return self._shown(refused.smtp_code, refused.smtp_error)

    def _shown(self, code: int, answer: bytes | str) -> Answer:
        """Return an answer in words, without the password that a bad server may repeat."""
        text = _text(answer)
        if self._password:
            for secret in (self._plain, _base64(self._password), self._password):
                text = text.replace(secret, "…")
        return Answer(code, f'{code} "{on_one_line(text)}"')

    def _wait_at_most(self, seconds: float) -> None:
        if self._client.sock is not None:
            self._client.sock.settimeout(seconds)


def _greeted(settings: MailSettings, seconds: float) -> smtplib.SMTP:
    if settings.security != "tls":
        return smtplib.SMTP(settings.host, settings.port, timeout=seconds)
    context = settings.tls()
    return smtplib.SMTP_SSL(settings.host, settings.port, timeout=seconds, context=context)


def _time_left(settings: MailSettings, ends_at: float) -> float:
    """Return how many seconds the next step may take."""
    return max(_BRIEFLY, min(settings.timeout, ends_at - monotonic()))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn whatever keeps a connection from being made into words."""
    try:
        with _lost_in_words():
            yield
    except smtplib.SMTPResponseException as refused:
        words = on_one_line(_text(refused.smtp_error))
        raise NotPossibleError(f'turns us away: {refused.smtp_code} "{words}"') from None
    except LostError as lost:
        raise NotPossibleError(str(lost)) from None


@contextmanager
def _lost_in_words() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException:
        raise
    except (smtplib.SMTPException, OSError) as error:
        cause = error.__context__ if isinstance(error, smtplib.SMTPException) else error
        raise LostError(how_it_ended(cause)) from None


def _text(answer: bytes | str) -> str:
    return answer if isinstance(answer, str) else answer.decode("utf-8", "replace")


def _own_name(client: smtplib.SMTP) -> str:
    """Return how to introduce ourselves: by address, as looking up a name can take long."""
    own = str(client.sock.getsockname()[0]) if client.sock is not None else "127.0.0.1"
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")

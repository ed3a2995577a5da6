"""Mail to customers: the server's settings, and a notice as the message that is sent."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from connections.delivery.mail_body import put_text
from connections.delivery.mail_headers import MAIL_POLICY, mail_address, message_ids, one_line
from connections.delivery.settings_fields import (
    CertificateFile,
    Seconds,
    Text,
    one_line_of_text,
    one_of_words,
    settings_problem,
)
from connections.web_addresses import host_in_ascii, is_loopback
from policy.refusal import Refusal, expected

PASSWORD_VARIABLE: Final = "NUMBERONE_SMTP_PASSWORD"  # noqa: S105 - where it is, not what
"""The environment variable that holds the mail server's password."""

Security = Literal["starttls", "tls", "none"]
"""How the way to the server is kept safe; ``none`` only on this machine itself."""

_PORTS: Final[Mapping[str, int]] = {"starttls": 587, "tls": 465, "none": 25}
_STEPS = 5
"""How many times its timeout an attempt may last until the message is out, and the answer after."""
_MOST_REFERENCES = 20


def _host(value: object) -> str:
    return host_in_ascii(one_line_of_text(value))


def _port(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 65535:  # noqa: PLR2004 - what TCP has
        raise ValueError(expected("a port from 1 to 65535", value))
    return value


def _sender(value: object) -> str:
    written = one_line_of_text(value)
    try:
        address = mail_address(written)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None
    if not address.username.isascii():
        raise ValueError(expected("a sender that every server can answer, in ASCII", written))
    return address.addr_spec


class MailSettings(BaseModel):
    """Where mail is handed over and whom it comes from; the password is never among these.

    ``timeout`` is in seconds and holds for every single step. ``ca_file`` names the certificates
    to trust instead of the system's. Without a ``username`` nobody logs in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, BeforeValidator(_host)]
    port: Annotated[int, BeforeValidator(_port)]
    security: Annotated[Security, BeforeValidator(one_of_words(_PORTS))] = "starttls"
    username: Text | None = None
    sender_address: Annotated[str, BeforeValidator(_sender)]
    sender_name: Text
    timeout: Seconds = 30.0
    ca_file: CertificateFile | None = None

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, given: Any) -> Any:  # noqa: ANN401 - anything can stand in a file
        if not isinstance(given, Mapping) or "port" in given:
            return given
        security = given.get("security", "starttls")
        return {**given, "port": _PORTS.get(security if isinstance(security, str) else "", 587)}

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError(
                f'security: expected "starttls" or "tls", for {self.host} is not this machine'
            )
        return self

    @property
    def place(self) -> str:
        """The server as a person names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def time_to_hand_over(self) -> timedelta:
        """How long it may take until a message is wholly out."""
        return timedelta(seconds=self.timeout * _STEPS)

    @property
    def time_to_answer(self) -> timedelta:
        """How long the server may take over a message it has; the longer, the fewer doubts."""
        return timedelta(seconds=self.timeout * _STEPS)

    @property
    def longest_attempt(self) -> timedelta:
        """How long sending one message lasts at most: what a lease on it has to outlast."""
        return self.time_to_hand_over + self.time_to_answer

    def tls(self) -> ssl.SSLContext:
        """Return what checks the certificate that the server shows."""
        return ssl.create_default_context(cafile=self.ca_file)


def mail_settings(table: Mapping[str, object], source: str) -> MailSettings:
    """Return the settings that a config file's table says.

    Raises Refusal with one line that names ``source`` and every wrong key.
    """
    if "password" in table:
        raise Refusal(
            f"{source}: password: expected in {PASSWORD_VARIABLE} or in the system's keyring,"
            " never in a file"
        )
    try:
        return MailSettings.model_validate(table)
    except ValidationError as error:
        raise Refusal(settings_problem(error, MailSettings, source)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one mail says, and to whom.

    ``message_id`` stays the same however often it is sent. ``written_at`` is aware. ``thread``
    are the Message-IDs of the customer's own mails, oldest first, where they are known. ``copies``
    are the addresses that get it, too. ``author`` is the person whose own words it is, "" for a
    notice that a program wrote.
    """

    message_id: str
    to_address: str
    to_name: str
    subject: str
    body: str
    written_at: datetime
    thread: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    author: str = ""


def message(settings: MailSettings, letter: Letter) -> EmailMessage:
    """Return the letter as a message; its ``as_bytes`` are what a server is handed.

    A notice says ``Auto-Submitted: auto-generated``: a person reviews it, but a program wrote it,
    and hundreds may go out at once. So absence notes and other automatic replies (RFC 3834) do not
    come back by the hundred when there are too few people to read them. What a person wrote says no
    such thing, and names them beside the desk.

    Raises Refusal when the address is none, ValueError when ``message_id`` is none.
    """
    if message_ids(letter.message_id) != (letter.message_id,):
        raise ValueError(f"no Message-ID: {letter.message_id}")
    mail = EmailMessage(policy=MAIL_POLICY)
    name = f"{letter.author} ({settings.sender_name})" if letter.author else settings.sender_name
    mail["From"] = _named(mail_address(settings.sender_address), name)
    mail["To"] = _named(mail_address(letter.to_address), letter.to_name)
    if letter.copies:
        mail["Cc"] = [mail_address(each) for each in letter.copies]
    mail["Subject"] = letter.subject
    mail["Date"] = letter.written_at.astimezone(UTC)
    mail["Message-ID"] = letter.message_id
    if thread := message_ids(" ".join(letter.thread)):
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(_within(thread))
    if not letter.author:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    put_text(mail, letter.body)
    return mail


def _named(address: Address, name: str) -> Address:
    return Address(one_line(name), address.username, address.domain)


def _within(thread: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first and the last Message-IDs of a long thread, as the standard advises."""
    if len(thread) <= _MOST_REFERENCES:
        return thread
    return thread[:1] + thread[1 - _MOST_REFERENCES :]

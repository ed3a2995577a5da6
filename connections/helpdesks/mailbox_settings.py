"""What a mailbox's connection is told: its address, and where its mail is read and handed over."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from connections.delivery.mail import MailSettings
from connections.delivery.mail_headers import mail_address
from connections.delivery.settings_fields import (
    CertificateFile,
    Seconds,
    Text,
    one_of_words,
    settings_problem,
)
from connections.helpdesks.mail_people import OurAddresses
from connections.web_addresses import host_in_ascii, is_loopback
from policy.refusal import Refusal, expected
from policy.waits.references import REFERENCE_KEY

_PORTS: Final = {"tls": 993, "starttls": 143, "none": 143}
_OF_THE_PROTOCOL: Final = frozenset({"name", "kind", "tickets", REFERENCE_KEY})
"""What stands in a connection's table for whoever keeps it, whatever its kind is."""


def _address(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(expected("a mail address such as support@example.com", value))
    try:
        address = mail_address(value)
    except Refusal as refusal:
        raise ValueError(refusal.reason) from None
    return address.addr_spec.lower()


def _host(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(expected("the name of a host such as imap.example.com", value))
    return host_in_ascii(value.strip())


def _port(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 65535:  # noqa: PLR2004 - what TCP has
        raise ValueError(expected("a port from 1 to 65535", value))
    return value


def _day(value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(expected("a day such as 2026-01-31", value)) from None


Address = Annotated[str, BeforeValidator(_address)]
Host = Annotated[str, BeforeValidator(_host)]
Port = Annotated[int, BeforeValidator(_port)]


class _Server(BaseModel):
    """One of the two servers: ``security`` is "tls", "starttls", or on this machine "none"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Host
    port: Port | None = None
    timeout: Seconds = 30.0
    ca_file: CertificateFile | None = None


class ImapServer(_Server):
    """Where mail is read, and where copies of ours are kept."""

    security: Annotated[
        Literal["tls", "starttls", "none"], BeforeValidator(one_of_words(_PORTS))
    ] = "tls"

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError(
                f'security: expected "tls" or "starttls", for {self.host} is not this machine'
            )
        return self

    @property
    def usual_port(self) -> int:
        """The port that is said, or the usual one."""
        return self.port or _PORTS[self.security]

    @property
    def place(self) -> str:
        """The server as a person names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.usual_port}"


class MailboxSettings(BaseModel):
    """A connection of the kind ``mailbox``; the password is never among these.

    ``address`` is the desk's own, ``aliases`` others that mail comes in by. ``username`` logs in to
    both servers, the address where it is left out. ``folder`` is read; ``sent`` keeps what is
    written, the folder that the server marks so where it is left out. ``since`` leaves older mail
    alone. ``reference_in_subject`` puts the desk's reference into the subjects of answers, for
    customers whose mail programs drop the headers that hold a thread together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address
    sender_name: Text | None = None
    aliases: tuple[Address, ...] = ()
    username: Text | None = None
    folder: Text = "INBOX"
    sent: Text | None = None
    since: Annotated[date, BeforeValidator(_day)] | None = None
    reference_in_subject: bool = False
    imap: ImapServer
    smtp: MailSettings = Field(validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _both_servers(cls, given: Any) -> Any:  # noqa: ANN401 - anything can stand in a file
        """Put into the sender's settings what is said once for both servers."""
        if not isinstance(given, Mapping):
            return given
        try:
            address = _address(given.get("address"))
        except ValueError as error:
            raise ValueError(f"address: {error}") from None
        domain = address.rpartition("@")[2]
        imap = given.get("imap", {"host": f"imap.{domain}"})
        smtp = given.get("smtp", {"host": f"smtp.{domain}"})
        if isinstance(smtp, Mapping):
            logs_in = smtp.get("login", True)
            smtp = {
                "sender_address": address,
                "sender_name": given.get("sender_name") or address,
                **({"username": given.get("username") or address} if logs_in else {}),
                **{name: value for name, value in smtp.items() if name != "login"},
            }
        return {**given, "imap": imap, "smtp": smtp}

    @property
    def login(self) -> str:
        """The name that logs in."""
        return self.username or self.address

    @property
    def sender(self) -> str:
        """How the desk is called in its mails."""
        return self.sender_name or self.address

    def ours(self, members: frozenset[str] = frozenset()) -> OurAddresses:
        """Return which addresses are us; ``members`` are those of the team."""
        return OurAddresses((self.address, *self.aliases), members)


def mailbox_settings(table: Mapping[str, object], source: str) -> MailboxSettings:
    """Return the settings that the table of a connection says, without what is every connection's.

    Raises Refusal with one line that names ``source`` and every wrong key.
    """
    if "password" in table:
        raise Refusal(f'{source}: password: expected by "numberone login", never in a file')
    own = {name: value for name, value in table.items() if name not in _OF_THE_PROTOCOL}
    try:
        return MailboxSettings.model_validate(own)
    except ValidationError as error:
        raise Refusal(settings_problem(error, MailboxSettings, source)) from None

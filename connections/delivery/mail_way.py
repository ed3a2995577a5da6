"""Notices as mail: over one connection to a server, to each customer at their address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from connections.attempts import Delivery, never
from connections.delivery.mail import Letter, MailSettings, mail_settings, message
from connections.delivery.passwords import mail_password
from connections.delivery.smtp import MailSession
from policy.refusal import Refusal
from policy.words import NoticeWay
from store.notices.notice_models import Notice


class MailWay:
    """Sends notices as mail; when no connection is possible none of them waits for it again."""

    way = NoticeWay.MAIL

    def __init__(self, settings: MailSettings, password: SecretStr | None = None) -> None:
        self.settings = settings
        self.password = password
        self._session: MailSession | None = None

    @property
    def domain(self) -> str:
        """The name that ends the Message-IDs: that of the sender's address."""
        return self.settings.sender_address.rpartition("@")[2]

    @property
    def longest_attempt(self) -> timedelta:
        """How long sending one notice lasts at most."""
        return self.settings.longest_attempt

    def reaches(self, notice: Notice) -> bool:
        """Return whether an address is known."""
        return bool(notice.email)

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:
        """Send a notice, dated ``now``, over the connection there is, or else a new one."""
        if self._session is None or not notice.email:
            raise AssertionError(notice.id)  # it is used in a ``with``, where it reaches
        try:
            return self._session.send(message(self.settings, _letter(notice, notice.email, now)))
        except Refusal as refusal:  # the address is none
            return replace(never(refusal.reason), no_such_address=True)

    def __enter__(self) -> Self:
        """Return itself; a connection is made with the first mail."""
        self._session = MailSession(self.settings, self.password)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        if self._session is not None:
            self._session.__exit__(kind, error, trace)
            self._session = None


def mail_way(
    table: Mapping[str, object], source: str, environment: Mapping[str, str] | None
) -> MailWay:
    """Return the way that the config file's table says; ``environment`` may hold the password.

    Without an environment no password is looked for, and nothing can be sent.

    Raises:
        Refusal: a value is wrong, or the password is nowhere; it names ``source`` and the key.
    """
    settings = mail_settings(table, source)
    password = None if environment is None else mail_password(settings, environment)
    return MailWay(settings, password)


def _letter(notice: Notice, address: str, now: datetime) -> Letter:
    return Letter(
        message_id=notice.message_id,
        to_address=address,
        to_name=notice.name,
        subject=notice.subject,
        body=notice.body,
        written_at=now,
        thread=() if notice.answers is None else (notice.answers,),
    )

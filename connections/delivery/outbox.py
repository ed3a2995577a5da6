"""Sends the wait notices that are due: each is claimed, handed over, and what came of it recorded.

Handing over is never part of a database transaction. A notice goes out once, with two exceptions
that both keep its Message-ID, by which mailboxes drop a second copy:

- The process ends, or its machine does, after the server has taken a message and before that is
  written down here. A receipt on this machine's disk, made as soon as the server's answer is
  read, leaves only the moment in which that answer is on its way.
- A person decides to send a notice in doubt once more: the whole message was out, and the server
  never answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.mail import Letter, MailSettings, mail_settings, message
from connections.delivery.passwords import mail_password
from connections.delivery.receipts import Receipts
from connections.delivery.retries import NOTICES, BackOff, try_again_at
from connections.delivery.smtp import MailSession
from connections.delivery.webhook import WebhookSettings, post, webhook_settings
from policy.refusal import Refusal
from policy.words import NoticeState, NoticeWay
from store.read_models import Notice

MAIL, WEBHOOK = "mail", "webhook"
"""The tables of the config file that say how notices go out."""

NOWHERE: Final = "numberone.invalid"
"""Ends the Message-IDs of notices that no mail of ours carries."""

_TO_RECORD: Final = timedelta(minutes=1)
"""How long the database may make somebody wait who records what came of a notice."""

_STEPS = 12
"""How many times its timeout a post to a chat tool may last."""


class Deliverer(Protocol):
    """The desk's waits, as far as delivering needs them."""

    def now(self) -> datetime: ...  # noqa: D102 - WaitsDesk says what they do
    def claim(self, worker: str, lease: timedelta) -> Notice | None: ...  # noqa: D102 - as above
    def being_sent(self, message_ids: list[str]) -> tuple[Notice, ...]: ...  # noqa: D102 - as above
    def record(  # noqa: D102 - as above
        self,
        claimed: Notice,
        state: NoticeState,
        outcome: str,
        next_attempt_at: datetime | None = None,
    ) -> Notice: ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """A notice as it stands after an attempt; ``delivery`` None when none was needed."""

    notice: Notice
    delivery: Delivery | None


@dataclass
class Outbox:
    """How notices go out: by mail where there is an address, else to the chat tool.

    Use it in a ``with`` statement, from one thread: its messages share one connection, and when
    no connection is possible none of them waits for it again.
    """

    mail: MailSettings | None = None
    password: SecretStr | None = None
    webhook: WebhookSettings | None = None
    receipts: Receipts | None = None
    plan: BackOff = NOTICES
    _session: MailSession | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        """Return itself; a connection is made with the first mail."""
        if self.mail is not None:
            self._session = MailSession(self.mail, self.password)
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

    @property
    def is_set_up(self) -> bool:
        """Whether there is any way for a notice to go out."""
        return self.mail is not None or self.webhook is not None

    @property
    def domain(self) -> str:
        """The name that ends the Message-IDs of notices."""
        return NOWHERE if self.mail is None else self.mail.sender_address.rpartition("@")[2]

    @property
    def lease(self) -> timedelta:
        """For how long a notice is claimed: longer than any attempt, and than recording it."""
        attempts = [timedelta(0)]
        if self.mail is not None:
            attempts.append(self.mail.longest_attempt)
        if self.webhook is not None:
            attempts.append(timedelta(seconds=self.webhook.timeout * _STEPS))
        return max(attempts) + _TO_RECORD

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:
        """Send a notice, dated ``now``, the way that there is for it."""
        to_chat = notice.way is NoticeWay.WEBHOOK or not notice.email or self.mail is None
        if to_chat and self.webhook is not None:
            return post(self.webhook, _for_chat(notice), notice.message_id)
        if notice.email and self._session is not None and self.mail is not None:
            try:
                return self._session.send(message(self.mail, _letter(notice, notice.email, now)))
            except Refusal as refusal:  # the address is none
                return _never(refusal.reason)
        return _never(self._no_way(notice))

    def _no_way(self, notice: Notice) -> str:
        if not notice.email:
            return f"no address of {notice.name} is known; tell them by hand"
        return f"no way to send is set up; the config file needs [{MAIL}] or [{WEBHOOK}]"


def outbox_of(
    config: Mapping[str, Mapping[str, object]],
    file: str,
    receipts: Path | None = None,
    password: Callable[[MailSettings], SecretStr | None] = mail_password,
) -> Outbox:
    """Return how notices go out as the config ``file``'s tables ``[mail]`` and ``[webhook]`` say.

    ``receipts`` is a folder of this machine's, ``password`` looks for the mail server's. Raises
    Refusal with one line that names the file, the key and the value, or where a password belongs.
    """
    mail = mail_settings(config[MAIL], f"{file}: [{MAIL}]") if MAIL in config else None
    hook = webhook_settings(config[WEBHOOK], f"{file}: [{WEBHOOK}]") if WEBHOOK in config else None
    return Outbox(
        mail=mail,
        password=None if mail is None else password(mail),
        webhook=hook,
        receipts=None if receipts is None else Receipts(receipts),
    )


def deliver_due(waits: Deliverer, post: Outbox, worker: str) -> Delivered | None:
    """Send the notice that has been due for longest and say what came of it, None if none is due.

    What the other side may take another time goes out again after the plan's back-off, and is
    undeliverable when its attempts are used up. What nobody can know to be taken is in doubt: it
    is not sent again by itself, is not drafted again, and stands among the dead letters.
    """
    settle(waits, post)
    notice = waits.claim(worker, post.lease)
    if notice is None:
        return None
    if notice.attempts > post.plan.attempts:
        crashed = "whoever was to send it stopped each time before it could say what came of it"
        return Delivered(waits.record(notice, NoticeState.UNDELIVERABLE, crashed), None)
    delivery = post.hand_over(notice, waits.now())
    if delivery.outcome is DeliveryOutcome.SENT and post.receipts is not None:
        post.receipts.keep(notice.message_id)
    recorded = _recorded(waits, post, notice, delivery)
    if post.receipts is not None:
        post.receipts.drop(notice.message_id)
    return Delivered(recorded, delivery)


def settle(waits: Deliverer, post: Outbox) -> None:
    """Record as sent what was taken, and whose sender was gone before it could record that."""
    taken = [] if post.receipts is None else post.receipts.kept()
    if post.receipts is None or not taken:
        return
    for notice in waits.being_sent(taken):
        waits.record(notice, NoticeState.SENT, "Taken; recorded after an interruption.")
        post.receipts.drop(notice.message_id)


def _recorded(waits: Deliverer, post: Outbox, notice: Notice, delivery: Delivery) -> Notice:
    again = try_again_at(delivery, notice.attempts, waits.now(), post.plan)
    return waits.record(notice, _state(delivery, again), delivery.why, again)


def _state(delivery: Delivery, again: datetime | None) -> NoticeState:
    if delivery.outcome is DeliveryOutcome.SENT:
        return NoticeState.SENT
    if delivery.outcome is DeliveryOutcome.UNKNOWN:
        return NoticeState.IN_DOUBT
    return NoticeState.UNDELIVERABLE if again is None else NoticeState.QUEUED


def _never(why: str) -> Delivery:
    return Delivery(outcome=DeliveryOutcome.PERMANENT, why=why)


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


def _for_chat(notice: Notice) -> str:
    """Return a notice for people in a chat tool, who see many of them: it names whom it is for."""
    at = "" if notice.name == notice.customer else f", {notice.customer}"
    return f"For {notice.name}{at}: {notice.subject}\n\n{notice.body}"

"""Sends the wait notices that are due: each is claimed, handed over, and what came of it recorded.

Handing over is never part of a database transaction. A notice goes out once, with two exceptions
that both keep its Message-ID, by which mailboxes drop a second copy:

- The process ends, or its machine does, after the server has taken a message and before that is
  written down here. A receipt on this machine's disk, made as soon as the server's answer is
  read, leaves only the moment in which that answer is on its way.
- A person decides to send a notice in doubt once more: the whole message was out, and the server
  never answered.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.delivery.chat_way import chat_way
from connections.delivery.mail_way import mail_way
from connections.delivery.receipts import Receipts
from connections.delivery.retries import NOTICES, BackOff, try_again_at
from connections.delivery.ways import DeliveryWay
from connections.delivery.webhook_way import webhook_way
from policy.refusal import one_of
from policy.waits.addresses import address_failure
from policy.words import NoticeState, NoticeWay
from store.notices.notice_models import Notice

WAYS: Final[
    Mapping[str, Callable[[Mapping[str, object], str, Mapping[str, str] | None], DeliveryWay]]
] = {
    "mail": mail_way,
    "chat": chat_way,
    "webhook": webhook_way,
}
"""The tables of the config file that say how notices go out; what stands first is preferred."""

NOWHERE: Final = "numberone.invalid"
"""Ends the Message-IDs of notices that no mail of ours carries."""

_TO_RECORD: Final = timedelta(minutes=1)
"""How long the database may make somebody wait who records what came of a notice."""


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
    """How notices go out: each by the way that it was queued for, else by another that reaches.

    Use it in a ``with`` statement, from one thread: its messages share one connection, and when
    no connection is possible none of them waits for it again.
    """

    ways: tuple[DeliveryWay, ...] = ()
    receipts: Receipts | None = None
    plan: BackOff = NOTICES
    _open: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> Self:
        """Return itself; a connection is made with the first notice."""
        for way in self.ways:
            self._open.enter_context(way)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._open.__exit__(kind, error, trace)

    @property
    def is_set_up(self) -> bool:
        """Whether there is any way for a notice to go out."""
        return bool(self.ways)

    @property
    def preferred(self) -> NoticeWay:
        """The way that notices are queued for where nobody says another one."""
        return self.ways[0].way if self.ways else NoticeWay.MAIL

    @property
    def domain(self) -> str:
        """The name that ends the Message-IDs of notices."""
        return next((way.domain for way in self.ways if way.domain is not None), NOWHERE)

    @property
    def lease(self) -> timedelta:
        """For how long a notice is claimed: longer than any attempt, and than recording it."""
        attempts = (way.longest_attempt for way in self.ways)
        return max(attempts, default=timedelta(0)) + _TO_RECORD

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:
        """Send a notice, dated ``now``, the way that there is for it."""
        wanted_first = sorted(self.ways, key=lambda way: way.way is not notice.way)
        for way in wanted_first:
            if way.reaches(notice):
                return way.hand_over(notice, now)
        return never(_no_way(notice))

    def send_next(self, waits: Deliverer, worker: str) -> Delivered | None:
        """Send the notice that has been due for longest and say what came of it, None for none.

        What the other side may take another time goes out again after the plan's back-off, and is
        undeliverable when its attempts are used up. What nobody can know to be taken is in doubt:
        it is not sent again by itself, is not drafted again, and stands among the dead letters.
        """
        self.settle(waits)
        notice = waits.claim(worker, self.lease)
        if notice is None:
            return None
        if notice.attempts > self.plan.attempts:
            crashed = "whoever was to send it stopped each time before it could say what came of it"
            return Delivered(waits.record(notice, NoticeState.UNDELIVERABLE, crashed), None)
        delivery = self.hand_over(notice, waits.now())
        if delivery.outcome is DeliveryOutcome.SENT and self.receipts is not None:
            self.receipts.keep(notice.message_id)
        again = try_again_at(delivery, notice.attempts, waits.now(), self.plan)
        recorded = waits.record(notice, _state(delivery, again), _outcome(notice, delivery), again)
        if self.receipts is not None:
            self.receipts.drop(notice.message_id)
        return Delivered(recorded, delivery)

    def settle(self, waits: Deliverer) -> None:
        """Record as sent what was taken, and whose sender was gone before it could record that."""
        taken = [] if self.receipts is None else self.receipts.kept()
        if self.receipts is None or not taken:
            return
        for notice in waits.being_sent(taken):
            waits.record(notice, NoticeState.SENT, "Taken; recorded after an interruption.")
            self.receipts.drop(notice.message_id)


def outbox_of(
    config: Mapping[str, Mapping[str, object]],
    file: str,
    receipts: Path | None = None,
    environment: Mapping[str, str] | None = os.environ,
) -> Outbox:
    """Return how notices go out as the config ``file``'s tables say; none is set up without any.

    ``receipts`` is a folder of this machine's. Without an ``environment`` no secret is looked for.
    Raises Refusal with one line that names the file, the key and the value, or where a secret
    belongs.
    """
    return Outbox(
        ways=tuple(
            way_of(config[name], f"{file}: [{name}]", environment)
            for name, way_of in WAYS.items()
            if name in config
        ),
        receipts=None if receipts is None else Receipts(receipts),
    )


def _no_way(notice: Notice) -> str:
    if not notice.email:
        return f"no address of {notice.name} is known; tell them by hand"
    tables = one_of(f"[{name}]" for name in WAYS)
    return f"no way to send is set up; the config file needs {tables}"


def _outcome(notice: Notice, delivery: Delivery) -> str:
    if delivery.no_such_address and notice.email:
        return address_failure(notice.email, delivery.why)
    return delivery.why


def _state(delivery: Delivery, again: datetime | None) -> NoticeState:
    if delivery.outcome is DeliveryOutcome.SENT:
        return NoticeState.SENT
    if delivery.outcome is DeliveryOutcome.UNKNOWN:
        return NoticeState.IN_DOUBT
    return NoticeState.UNDELIVERABLE if again is None else NoticeState.QUEUED

"""Tells the team where they are: what is due is claimed, told, and what came of it written down.

Telling is never part of a database transaction. What was claimed is told once, by whoever claimed
it; whoever is killed in between has not told it, and nobody else does.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.alert_settings import (
    AlertReceiver,
    AlertSender,
    AlertSettings,
    alert_receivers,
)
from connections.delivery.apprise_service import AppriseService
from connections.delivery.passwords import kept_secret
from connections.delivery.retries import BackOff
from policy.alerting.team_alerts import AlertKind, lines_of, title_of
from policy.clocks.business_time import is_open
from store.alerting.alert_desk import ClaimedAlerts

AGAIN: Final = BackOff(
    first=timedelta(seconds=30), longest=timedelta(minutes=15), attempts=1_000_000
)
"""When telling is tried again that failed: for as long as what is to be told still holds."""

LOOKED_AGAIN: Final = timedelta(seconds=10)
"""After how long it is looked what is due, though nobody changed anything: time passes, too."""


class AlertingDesk(Protocol):
    """The desk, as far as alerting needs it."""

    @property
    def alerts(self) -> "AlertClaims":
        """Its alerts."""

    @property
    def history(self) -> "Revisions":
        """What happened at it."""

    def now(self) -> datetime:
        """Return the time it is, in UTC."""


class AlertClaims(Protocol):
    """The desk's alerts; ``AlertDesk`` says what they do."""

    def claim(self, receiver: str, about: frozenset[AlertKind]) -> ClaimedAlerts | None:
        """Return what is to be told to a receiver now, None where that is nothing."""

    def told(self, claimed: ClaimedAlerts) -> None:
        """Say that it was told."""

    def failed(self, claimed: ClaimedAlerts, why: str, again_in: timedelta) -> None:
        """Say that it was not told, and when to try again."""


class Revisions(Protocol):
    """The number of the latest event; it grows with every change."""

    def revision(self) -> int:
        """Return it."""


@dataclass(frozen=True, slots=True)
class Alerted:
    """What came of telling somebody something under a title."""

    receiver: str
    title: str
    delivery: Delivery

    @property
    def is_told(self) -> bool:
        """Whether it is known to be told."""
        return self.delivery.outcome is DeliveryOutcome.SENT


@dataclass
class Alerting:
    """Those who are alerted from here, each with the service that does; for one thread."""

    services: Mapping[AlertReceiver, AppriseService]
    _looked: tuple[int, datetime] | None = field(default=None, init=False)

    @property
    def is_set_up(self) -> bool:
        """Whether anybody is alerted from here."""
        return bool(self.services)

    def tell(self, desk: AlertingDesk) -> Iterator[Alerted]:
        """Tell everybody what is due to them now, and yield what came of each.

        Raises:
            Refusal: the database does not answer, or this person may not.
        """
        revision, now = desk.history.revision(), desk.now()
        if self._looked is not None:
            at, since = self._looked
            if at == revision and timedelta(0) <= now - since < LOOKED_AGAIN:
                return
        self._looked = revision, now
        for receiver, service in self.services.items():
            if not _is_awake(receiver.settings, now):
                continue
            claimed = desk.alerts.claim(receiver.name, receiver.settings.about)
            if claimed is not None:
                yield _told(desk, claimed, service)


def _told(desk: AlertingDesk, claimed: ClaimedAlerts, service: AppriseService) -> Alerted:
    """Tell what was claimed: again later where it is certain that nothing was told."""
    title = title_of(claimed.alerts)
    delivery = service.send(title, "\n".join(lines_of(claimed.alerts)))
    if delivery.outcome in (DeliveryOutcome.SENT, DeliveryOutcome.UNKNOWN):
        desk.alerts.told(claimed)
    else:
        again_in = AGAIN.delay(claimed.attempts + 1) or AGAIN.longest
        desk.alerts.failed(claimed, delivery.why, again_in)
    return Alerted(claimed.receiver, title, delivery)


def _is_awake(settings: AlertSettings, now: datetime) -> bool:
    return settings.open is None or is_open(settings.open, now)


def alerting_of(
    config: Mapping[str, Mapping[str, object]],
    file: str,
    sender: AlertSender,
    environment: Mapping[str, str] = os.environ,
) -> Alerting:
    """Return who is alerted by ``sender`` as the config ``file``'s tables say.

    Raises:
        Refusal: a value is wrong, or an address is nowhere or none; one line that names the file
            and the key, or where the address belongs.
    """
    services = {}
    for receiver in receivers_of(config, file):
        if sender in receiver.settings.by:
            services[receiver] = service_of(receiver, file, environment)
    return Alerting(services)


def receivers_of(
    config: Mapping[str, Mapping[str, object]], file: str
) -> tuple[AlertReceiver, ...]:
    """Return whom the config ``file`` names; their addresses are not looked for.

    Raises:
        Refusal: a value is wrong.
    """
    return alert_receivers(config.get("alerts", {}), f"{file}: [alerts]")


def service_of(
    receiver: AlertReceiver, file: str, environment: Mapping[str, str] = os.environ
) -> AppriseService:
    """Return the service by which somebody is alerted.

    Raises:
        Refusal: the address is nowhere, or none.
    """
    place = f"{file}: [alerts.{receiver.name}]"
    what = f"address for [alerts.{receiver.name}]"
    address = kept_secret(what, receiver.variable, receiver.account, environment)
    return AppriseService(address, place)

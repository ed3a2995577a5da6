"""Who is alerted of what, and when, as the config file says it; never where: that is a secret."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from connections.delivery.settings_fields import settings_problem
from policy.alerting.team_alerts import AlertKind
from policy.clocks.calendar import Calendar
from policy.refusal import Refusal, expected, one_of, quoted

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class AlertSender(StrEnum):
    """By whom somebody is alerted."""

    LOOP = "loop"
    """``numberone sync`` or ``numberone deliver``, as on a server."""
    BOARD = "board"
    """An open board whose config file says so."""


def _some_of(kind: type[StrEnum]) -> Callable[[object], object]:
    def check(value: object) -> object:
        known = [str(each) for each in kind]
        what = f"a list of {one_of([quoted(each) for each in known])}"
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(expected(what, value))
        for each in value:
            if each not in known:
                raise ValueError(expected(what, each))
        return frozenset(kind(each) for each in value)

    return check


class AlertSettings(BaseModel):
    """One ``[alerts.NAME]``: ``about`` what, in which ``hours`` of a ``timezone``, ``by`` whom.

    What is left out is everything, always, and both. ``hours`` are as a calendar's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Annotated[frozenset[AlertKind], BeforeValidator(_some_of(AlertKind))] = frozenset(
        AlertKind
    )
    hours: tuple[str, ...] | None = None
    timezone: str | None = None
    by: Annotated[frozenset[AlertSender], BeforeValidator(_some_of(AlertSender))] = frozenset(
        AlertSender
    )

    @model_validator(mode="after")
    def _hours_in_a_zone(self) -> Self:
        if (self.hours is None) is not (self.timezone is None):
            raise ValueError("hours: expected together with timezone, and one of them is missing")
        if self.timezone is not None and self.timezone not in available_timezones():
            raise ValueError(f"timezone: {expected('a zone such as Europe/Warsaw', self.timezone)}")
        try:
            _ = self.open
        except ValueError as error:
            raise ValueError(f"hours: {error}") from None
        return self

    @property
    def open(self) -> Calendar | None:
        """When somebody is alerted, None for always."""
        if self.hours is None or self.timezone is None:
            return None
        return Calendar.of(self.timezone, self.hours)


@dataclass(frozen=True, slots=True)
class AlertReceiver:
    """Somebody who is alerted, a person or a room, by the name in the config file."""

    name: str
    settings: AlertSettings

    @property
    def variable(self) -> str:
        """The variable of the environment in which the address can stand."""
        return f"NUMBERONE_ALERTS_{re.sub(r'[^A-Za-z0-9]', '_', self.name).upper()}"

    @property
    def account(self) -> str:
        """The name under which the keyring has the address."""
        return f"alerts {self.name}"


def alert_receivers(table: Mapping[str, Any], source: str) -> tuple[AlertReceiver, ...]:
    """Return whom the config file's ``[alerts]`` names, in its order.

    Raises:
        Refusal: a value is wrong, or an address stands in the file; it names ``source`` and the
            key, and repeats nothing of an address.
    """
    return tuple(_receiver(name, own, source) for name, own in table.items())


def _receiver(name: str, own: object, source: str) -> AlertReceiver:
    if not _NAME.fullmatch(name) or not isinstance(own, dict):
        raise Refusal(
            f"{source}: expected a table for each who is alerted, such as [alerts.chat], and"
            f" {quoted(name[:40])} is none"
        )
    receiver = AlertReceiver(name, AlertSettings())
    for key in ("address", "url", "to"):
        if key in own:
            raise Refusal(
                f"{source}: {name}: {key}: an address is a secret, and does not belong in this"
                f" file; expected in {receiver.variable} or by"
                f' "keyring set numberone {quoted(receiver.account)[1:-1]!r}"'
            )
    try:
        return AlertReceiver(name, AlertSettings.model_validate(own))
    except ValidationError as error:
        raise Refusal(settings_problem(error, AlertSettings, f"{source}: {name}")) from None

"""What a connection to a Zendesk says of it: where it is, and what our words are over there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from connections.delivery.settings_fields import CertificateFile, Seconds, settings_problem
from connections.helpdesks.web_settings import (
    ClosedDays,
    GivesUpAfter,
    secure_address,
    table_of_statuses,
)
from policy.refusal import Refusal, expected, one_of
from policy.words import Status

_THEIR_STATUSES: Final = ("new", "open", "pending", "hold", "solved", "closed")
_THEIR_PRIORITIES: Final = ("urgent", "high", "normal", "low")
_STATUSES: Final = {
    Status.NEW: "open",
    Status.OPEN: "open",
    Status.PENDING: "pending",
    Status.ON_HOLD: "hold",
    Status.SOLVED: "solved",
    Status.CLOSED: "solved",
}
"""Ours, and what they are there, where nothing becomes new again and closed is for ever."""


def _address(value: object) -> str:
    """Return the root of a Zendesk, which must be asked over TLS wherever a network is."""
    parts = secure_address(value)
    if parts.path.rstrip("/") not in ("", "/api/v2", "/agent"):
        raise ValueError(f"expected the host alone, such as https://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}"


def _statuses(value: object) -> object:
    table = table_of_statuses(value)
    for ours, theirs in table.items():
        if theirs not in _THEIR_STATUSES:
            raise ValueError(f"{expected(one_of(_THEIR_STATUSES), theirs)} for {ours}")
    return {Status(ours): theirs for ours, theirs in table.items()}


def _priorities(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError(expected("a table of our priorities and theirs", value))
    for ours, theirs in value.items():
        if theirs not in _THEIR_PRIORITIES:
            raise ValueError(f"{expected(one_of(_THEIR_PRIORITIES), theirs)} for {ours}")
    return value


class ZendeskSettings(BaseModel):
    """The keys of a ``[[connection]]`` of this kind, but for its name and its mapping.

    ``statuses`` and ``priorities`` say what ours are over there; a priority that is not named is
    not told there. Tickets that were closed more than ``closed_days`` ago do not come
    with the first reading. ``timeout`` holds for every single step, and ``gives_up_after`` is how
    long their server may work on a request after we have stopped waiting, both in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[str, BeforeValidator(_address)]
    statuses: Annotated[Mapping[Status, str], BeforeValidator(_statuses)] = {}
    priorities: Annotated[Mapping[str, str], BeforeValidator(_priorities)] = {}
    closed_days: ClosedDays = 90
    timeout: Seconds = 30.0
    gives_up_after: GivesUpAfter = 120
    ca_file: CertificateFile | None = None

    @property
    def root(self) -> str:
        """Where its interface begins."""
        return f"{self.address}/api/v2"

    @property
    def settles_after(self) -> timedelta:
        """How long an attempt without an answer may still be carried out."""
        return timedelta(seconds=self.gives_up_after)

    def status_there(self, status: Status) -> str:
        """Return what one of our statuses is over there."""
        return self.statuses.get(status) or _STATUSES[status]


def zendesk_settings(table: Mapping[str, object], source: str = "connection") -> ZendeskSettings:
    """Return what the table of a connection says, without what every connection has.

    Raises Refusal with one line that names ``source`` and every wrong key.
    """
    try:
        return ZendeskSettings.model_validate(dict(table))
    except ValidationError as error:
        raise Refusal(settings_problem(error, ZendeskSettings, source)) from None

"""What a connection to a Request Tracker says of it: queues, fields, and whose words are whose."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from connections.delivery.settings_fields import CertificateFile, Seconds, Text, settings_problem
from connections.helpdesks.web_settings import (
    ClosedDays,
    GivesUpAfter,
    secure_address,
    table_of_statuses,
)
from policy.refusal import Refusal, expected
from policy.words import Status

_REST: Final = "/REST/2.0"
_STATUSES: Final = {
    Status.NEW: "new",
    Status.OPEN: "open",
    Status.PENDING: "stalled",
    Status.ON_HOLD: "stalled",
    Status.SOLVED: "resolved",
    Status.CLOSED: "resolved",
}
"""Ours, and what they are in the lifecycle that Request Tracker comes with."""


def _address(value: object) -> str:
    """Return the root of a Request Tracker, which must be asked over TLS wherever a network is."""
    parts = secure_address(value)
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/").removesuffix(_REST)


def _texts(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise ValueError(expected('a list of queues such as ["Support"]', value))
    return value


def _statuses(value: object) -> object:
    return {Status(ours): theirs for ours, theirs in table_of_statuses(value).items()}


def _priorities(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError(expected("a table of our priorities and theirs", value))
    for ours, theirs in value.items():
        if isinstance(theirs, bool) or not isinstance(theirs, int | str):
            raise ValueError(f"{expected('a number or a text', theirs)} for {ours}")
    return {ours: str(theirs) for ours, theirs in value.items()}


class RequestTrackerSettings(BaseModel):
    """The keys of a ``[[connection]]`` of this kind, but for its name and its mapping.

    ``queues`` are those whose tickets come in, all that the account may see where there are none.
    ``mark_field`` is the custom field of ticket transactions that carries our mark, ``tier_field``
    and ``severity_field`` custom fields of tickets, ``priority_field`` one as well, or Request
    Tracker's own. ``statuses`` and ``priorities`` say what ours are over there; a priority that is
    not named is not told there. Tickets that were closed more than ``closed_days`` ago do not come
    with the first reading. ``timeout`` holds for every single step, and ``gives_up_after`` is how
    long their server may work on a request after we have stopped waiting, both in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[str, BeforeValidator(_address)]
    queues: Annotated[tuple[Text, ...], BeforeValidator(_texts)] = ()
    mark_field: Text = "numberone"
    tier_field: Text = "Tier"
    severity_field: Text = "Severity"
    priority_field: Text = "Priority"
    statuses: Annotated[Mapping[Status, Text], BeforeValidator(_statuses)] = {}
    priorities: Annotated[Mapping[str, str], BeforeValidator(_priorities)] = {}
    closed_days: ClosedDays = 90
    timeout: Seconds = 30.0
    gives_up_after: GivesUpAfter = 120
    ca_file: CertificateFile | None = None

    @property
    def root(self) -> str:
        """Where its REST interface begins."""
        return f"{self.address}{_REST}"

    @property
    def settles_after(self) -> timedelta:
        """How long an attempt without an answer may still be carried out."""
        return timedelta(seconds=self.gives_up_after)

    def status_there(self, status: Status) -> str:
        """Return what one of our statuses is over there."""
        return self.statuses.get(status) or _STATUSES[status]


def request_tracker_settings(
    table: Mapping[str, object], source: str = "connection"
) -> RequestTrackerSettings:
    """Return what the table of a connection says, without what every connection has.

    Raises Refusal with one line that names ``source`` and every wrong key.
    """
    try:
        return RequestTrackerSettings.model_validate(dict(table))
    except ValidationError as error:
        raise Refusal(settings_problem(error, RequestTrackerSettings, source)) from None

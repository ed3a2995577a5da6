"""A ticket of Request Tracker as a record for the mapping: its fields under their own names."""

from collections.abc import Mapping, Sequence
from typing import Final

from connections.helpdesks.request_tracker_feed import identity, text, whole
from connections.helpdesks.request_tracker_people import NOBODY, TrackerUsers
from connections.helpdesks.request_tracker_settings import RequestTrackerSettings
from connections.helpdesks.request_tracker_wire import MOST_ROWS, Json, Query

FIELDS: Final[Query] = {
    "fields": (
        "Type,Subject,Status,Queue,Owner,Requestor,Creator,Created,Started,Resolved,LastUpdated,"
        "Told,Due,Priority,SLA,CustomFields"
    ),
    "fields[Queue]": "Name",
    "fields[Owner]": "Name,EmailAddress,RealName",
    "fields[Requestor]": "Name,EmailAddress,RealName,Organization,Timezone,Lang",
    "orderby": "id",
    "per_page": MOST_ROWS,
}
"""What to ask of tickets in a search."""

_TIMES: Final = ("Created", "Started", "Resolved", "LastUpdated", "Told", "Due")
_ACTIVE: Final = ("new", "open", "stalled")
_UNSET: Final = "1970-01-01T00:00:00Z"
_PEOPLE: Final = ("Name", "EmailAddress", "RealName", "Organization", "Timezone", "Lang")


def record_of(item: Json, settings: RequestTrackerSettings, people: TrackerUsers) -> Json:
    """Return a ticket for the mapping, what is not set as None.

    ``Requestor`` is the first of the ``Requestors``, ``Owner`` None where nobody owns it, and
    ``Owner.Member`` their address where the team has it, else their login. ``Creator.Privileged``
    says whether one of the agents opened it. ``CustomFields`` holds their
    values by their names, a list where there are several; the two that the settings name for tier
    and severity stand at ``Tier`` and ``Severity`` as well. ``URL`` is its page for people.
    """
    requesters = [_person(each) for each in _objects(item.get("Requestor"))]
    number = text(item.get("id"))
    creator = identity(item.get("Creator"))
    is_theirs = any(creator == each["Name"] for each in requesters)
    custom = {text(each.get("name")): _value(each) for each in _objects(item.get("CustomFields"))}
    return {
        "id": number,
        **{name: item.get(name) or None for name in ("Subject", "Status", "Type", "SLA")},
        **{name: _time(item.get(name)) for name in _TIMES},
        # It stays when the ticket is opened again.
        **({"Resolved": None} if item.get("Status") in _ACTIVE else {}),
        "Priority": whole(item.get("Priority")),
        "Queue": {"Name": queue_of(item)},
        "Owner": _owner(item, people),
        "Requestor": requesters[0] if requesters else None,
        "Requestors": requesters,
        "Creator": {
            "Name": creator,
            "Privileged": not is_theirs and people.named(creator).is_agent,
        },
        "CustomFields": custom,
        "Tier": _named(custom, settings.tier_field),
        "Severity": _named(custom, settings.severity_field),
        "URL": f"{settings.address}/Ticket/Display.html?id={number}",
    }


def queue_of(item: Json) -> str:
    """Return the name of the queue that a ticket is in."""
    queue = item.get("Queue")
    return text(queue.get("Name")) if isinstance(queue, Mapping) else ""


def owner_of(item: Json) -> str:
    """Return the login of whose a ticket is, "" where it is nobody's."""
    owner = identity(item.get("Owner"))
    return "" if owner == NOBODY else owner


def requesters_of(item: Json) -> Sequence[str]:
    """Return the logins of whoever asked."""
    return [identity(each) for each in _objects(item.get("Requestor"))]


def custom_value(item: Json, name: str) -> object:
    """Return the value of a custom field of a ticket, None where there is none."""
    custom = {text(each.get("name")): _value(each) for each in _objects(item.get("CustomFields"))}
    return _named(custom, name)


def _named(custom: Mapping[str, object], name: str) -> object:
    """Return the value of a field, whose name compares without case as it does over there."""
    return next((custom[each] for each in custom if each.casefold() == name.casefold()), None)


def _person(item: Json) -> dict[str, object]:
    return {name: item.get(name) or None for name in _PEOPLE}


def _owner(item: Json, people: TrackerUsers) -> dict[str, object] | None:
    owner = item.get("Owner")
    if not isinstance(owner, Mapping) or not owner_of(item):
        return None
    person = _person(owner)
    address = text(person["EmailAddress"])
    is_known = address.casefold() in people.team
    return person | {"Member": address if is_known else person["Name"]}


def _value(field: Json) -> object:
    values = field.get("values")
    if not isinstance(values, list) or not values:
        return None
    return text(values[0]) if len(values) == 1 else [text(value) for value in values]


def _time(value: object) -> str | None:
    return None if value in (None, "", _UNSET) else str(value)


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []

"""A ticket of Zendesk as a record for the mapping, the same as one of its exports gives."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from connections.files.columns import Aside
from connections.files.zendesk_conversation import TicketEvidence, role_named, times_told
from connections.helpdesks.zendesk_wire import Json, Query, ZendeskAnswer, objects, text, whole

SIDELOADS: Final[Query] = {"include": "users,organizations,metric_sets"}
"""What is to come beside the tickets of a list."""

_BESIDE: Final = {
    "requester": "users",
    "submitter": "users",
    "assignee": "users",
    "organization": "organizations",
}
_COMPARED: Final = (
    "updated_at",
    "status",
    "priority",
    "type",
    "subject",
    "requester_id",
    "assignee_id",
    "organization_id",
    "tags",
    "custom_fields",
)
_MERGED: Final = "closed_by_merge"
_CLOSED: Final = "closed"
_DELETED: Final = "deleted"
_NUMBER: Final = re.compile(r"#(\d{1,18})\b")


@dataclass(frozen=True, slots=True)
class ZendeskTicket:
    """A ticket as a list gave it, with the people, the organization and the metrics beside it."""

    ticket: Json
    people: Mapping[int, Json]
    organizations: Mapping[int, Json]
    metrics: Json | None

    @classmethod
    def all_of(cls, answer: ZendeskAnswer) -> list[Self]:
        """Return the tickets of a list."""
        people = {whole(each.get("id")): each for each in answer.rows("users")}
        organizations = {whole(each.get("id")): each for each in answer.rows("organizations")}
        metrics = {
            whole(each.get("ticket_id")): each
            for each in (*answer.rows("metric_sets"), *answer.rows("ticket_metrics"))
        }
        return [
            cls(each, people, organizations, metrics.get(whole(each.get("id"))))
            for each in answer.rows("tickets")
        ]

    @property
    def id(self) -> int:
        """Its number."""
        return whole(self.ticket.get("id"))

    @property
    def updated_at(self) -> str:
        """When it was changed last, as Zendesk writes it."""
        return text(self.ticket.get("updated_at"))

    @property
    def is_deleted(self) -> bool:
        """Whether it is deleted, which only the incremental export says."""
        return self.ticket.get("status") == _DELETED

    @property
    def is_closed(self) -> bool:
        """Whether nobody can write in it any more."""
        return self.ticket.get("status") == _CLOSED

    @property
    def is_merged(self) -> bool:
        """Whether it was closed because it became part of another."""
        tags = self.ticket.get("tags")
        return self.is_closed and isinstance(tags, list) and _MERGED in tags

    @property
    def digest(self) -> str:
        """What is the same for as long as it says the same, in whichever list it comes."""
        said = json.dumps([self.ticket.get(name) for name in _COMPARED], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def record(self) -> Json:
        """Return it for the mapping, as an export has it with what came beside."""
        metrics = self.ticket.get("metric_set")
        measured = metrics if isinstance(metrics, Mapping) else self.metrics
        told = times_told(
            self.ticket,
            TicketEvidence(metrics=measured),
            lambda number: role_named(self.people.get(whole(number), {}).get("role")),
        )
        return {
            **self.ticket,
            **{name: self._beside(name) for name in _BESIDE},
            "conversation": told,
        }

    def _beside(self, name: str) -> object:
        """Return who or what a ticket names by id; who was not told of is not spoken of."""
        number = whole(self.ticket.get(f"{name}_id"))
        if not number:
            return None
        shelf = _BESIDE[name]
        found = (self.people if shelf == "users" else self.organizations).get(number)
        return Aside(None, f"{shelf} {number}", spoken=False) if found is None else found


def merged_into(comments: Iterable[Json]) -> str | None:
    """Return the ticket that one became part of, by the comments on it, None where none says.

    Zendesk tells so in the source of the comment that closes the ticket, or in its words alone.
    """
    for comment in reversed(list(comments)):
        named = _NUMBER.search(text(comment.get("body")))
        for number in (*_targets(comment.get("via")), *([named[1]] if named else [])):
            return number
    return None


def _targets(via: object) -> Sequence[str]:
    source = via.get("source") if isinstance(via, Mapping) else None
    to = source.get("to") if isinstance(source, Mapping) else None
    number = text(to.get("ticket_id")) if isinstance(to, Mapping) else ""
    return [number] if number.isdigit() else []


def deleted_in(answer: ZendeskAnswer) -> list[tuple[str, str]]:
    """Return the ids of deleted tickets with when they were deleted, as Zendesk writes it."""
    rows = objects(answer.record.get("deleted_tickets"))
    return [(text(each.get("id")), text(each.get("deleted_at"))) for each in rows]

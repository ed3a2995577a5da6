"""Request Tracker 5, read and written by its REST interface, version 2.

A login there is a token of a person or of the loop. What it costs: a question of the feed while
nothing changes, and some three more for every batch of changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from connections.attempts import Delivery
from connections.helpdesks.help_desk import (
    Account,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
)
from connections.helpdesks.request_tracker_feed import text, time_of, whole
from connections.helpdesks.request_tracker_people import TrackerUser, TrackerUsers
from connections.helpdesks.request_tracker_reading import TrackerReader
from connections.helpdesks.request_tracker_settings import (
    RequestTrackerSettings,
    request_tracker_settings,
)
from connections.helpdesks.request_tracker_transactions import TrackerTransactions
from connections.helpdesks.request_tracker_wire import Query, TrackerWire, any_of, in_query
from connections.helpdesks.request_tracker_writing import TrackerWriter
from policy.refusal import one_of

_TOKEN_PARTS: Final = 3
_QUEUES_LOOKED_AT: Final = 20
_AT_ONCE: Final = timedelta(seconds=2)
_WRITES: Final = {
    "correspond": "ReplyToTicket, to answer",
    "comment": "CommentOnTicket, to write notes",
    "lifecycle": "ModifyTicket, to set owner and status",
}
"""What stands beside a ticket for those who may do it, and the right that it takes."""

_SEEN: Final = {
    "Comment": "ShowTicketComments, to read notes",
    "EmailRecord": "ShowOutgoingEmail, to see what mail went out",
}


def request_tracker(
    settings: Mapping[str, object], secret: str, team: frozenset[str] = frozenset()
) -> HelpDesk:
    """Return the Request Tracker that a connection names, under the login of a token.

    ``team`` holds the addresses of our own people, by which the owners of tickets are known where
    they have one of them, and by their login there otherwise. Raises Refusal with one line for
    settings that are none.
    """
    return RequestTracker(request_tracker_settings(settings), secret, team)


class RequestTracker:
    """One Request Tracker under one login; see ``HelpDesk`` for what each method does."""

    def __init__(
        self, settings: RequestTrackerSettings, token: str, team: frozenset[str] = frozenset()
    ) -> None:
        self._settings = settings
        self._number = _owner_of(token)
        self._wire = TrackerWire(settings, token.strip())
        self._people = TrackerUsers(self._wire, team)
        self._transactions = TrackerTransactions(self._wire, settings.mark_field)
        self._reader = TrackerReader(self._wire, settings, self._people, self._transactions)
        self._writer = TrackerWriter(
            self._wire, settings, self._people, self._reader, self._transactions, me=self._me
        )
        self._myself: TrackerUser | None = None

    @property
    def settles_after(self) -> timedelta:
        """For how long Request Tracker may go on with what we no longer wait for."""
        return self._settings.settles_after

    def account(self) -> Account:
        """Return whose the token is, and what it lacks in sentences; asks a dozen questions."""
        self._wire.read("/rt")
        me = self._me()
        return Account(login=me.login, name=me.name or me.login, lacks=tuple(self._lacks()))

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor."""
        return self._reader.changes(since, limit)

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return all that was written on a ticket."""
        return self._reader.conversation(external_id)

    def attachment(self, reference: str) -> bytes:
        """Return a file that came with a message."""
        return self._reader.attachment(reference)

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out one step over there."""
        return self._writer.write(step)

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step is there."""
        return self._writer.find(step)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _me(self) -> TrackerUser:
        """Return whose the token is: its second part is their number over there."""
        if self._myself is None:
            found = self._people.with_login(self._number)
            self._myself = found or TrackerUser(self._number)
        return self._myself

    def _lacks(self) -> Iterator[str]:
        visible = self._wire.read("/queues/all", {"fields": "Name", "per_page": 100}).rows
        names = {text(queue.get("Name")).casefold(): text(queue.get("id")) for queue in visible}
        asked = self._settings.queues or tuple(text(queue.get("Name")) for queue in visible)
        if not visible:
            yield "it may see no queue: SeeQueue and ShowTicket are missing"
        for queue in asked[:_QUEUES_LOOKED_AT]:
            number = names.get(queue.casefold())
            if number is None:
                yield f"there is no queue {queue}, or it may not see it: SeeQueue is missing"
                continue
            yield from self._fields_lacking(queue, number)
            yield from self._rights_lacking(queue)
        yield from self._hidden()

    def _fields_lacking(self, queue: str, number: str) -> Iterator[str]:
        """Yield the custom fields that a queue's tickets do not have."""
        record = self._wire.read(f"/queue/{whole(number)}").record
        mark = self._settings.mark_field
        if not _has_field(record.get("TicketTransactionCustomFields"), mark):
            yield (
                f"the queue {queue} has no custom field {mark} for ticket transactions, which is to"
                " carry our mark: without it an answer could be written twice"
            )
        named = (("tier", self._settings.tier_field), ("severity", self._settings.severity_field))
        for what, field in named:
            if not _has_field(record.get("TicketCustomFields"), field):
                yield (
                    f"the queue {queue} has no custom field {field} for tickets: their {what} is"
                    " to come from somewhere else, by the connection's mapping"
                )

    def _rights_lacking(self, queue: str) -> Iterator[str]:
        """Yield the rights that are missing, as far as the newest ticket of a queue tells."""
        newest = self._wire.read(
            "/tickets",
            {
                "query": f"Queue = {in_query(queue)}",
                "fields": "_hyperlinks",
                "orderby": "id",
                "order": "DESC",
                "per_page": 1,
            },
        ).rows
        for ticket in newest:
            links = ticket.get("_hyperlinks")
            listed = links if isinstance(links, list) else []
            offered = {text(link.get("ref")) for link in listed if isinstance(link, Mapping)}
            for link, right in _WRITES.items():
                if link not in offered:
                    yield f"in the queue {queue} it lacks the right {right}"

    def _hidden(self) -> Iterator[str]:
        """Yield the rights without which some changes are left out of the feed in silence.

        A ticket that has changed after the last change of it that may be seen has a hidden one.
        """
        asked: Query = {"fields": "LastUpdated", "orderby": "LastUpdated", "order": "DESC"}
        changed = {
            text(ticket.get("id")): time_of(ticket.get("LastUpdated"))
            for ticket in self._wire.read("/tickets", {"query": "id > 0", **asked}).rows
        }
        if not changed:
            return
        on_these = any_of("ObjectId", [whole(ticket) for ticket in changed])
        rows, _ = self._transactions.page(on_these, newest=100)
        seen = {row.ticket: row.at for row in rows}  # the newest of each
        hides = any(changed[ticket] - at > _AT_ONCE for ticket, at in seen.items())
        kinds = {row.kind for row in rows}
        unseen = [right for kind, right in _SEEN.items() if kind not in kinds]
        if hides and unseen:
            yield f"some changes are hidden from it: it lacks the right {one_of(unseen)}"


def _has_field(fields: object, name: str) -> bool:
    listed = fields if isinstance(fields, list) else []
    return any(
        text(field.get("name")).casefold() == name.casefold()
        for field in listed
        if isinstance(field, Mapping)
    )


def _owner_of(token: str) -> str:
    """Return the number of whose a token is: it has the form 1-NUMBER-SECRET."""
    parts = token.strip().split("-")
    return parts[1] if len(parts) == _TOKEN_PARTS and parts[1].isdigit() else ""

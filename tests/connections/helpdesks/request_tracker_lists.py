"""What the in-process Request Tracker tells of what it keeps: its lists and single records."""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.connections.helpdesks.request_tracker_asked import Said, TrackerAsked
from tests.connections.helpdesks.request_tracker_query import parsed
from tests.connections.helpdesks.request_tracker_state import (
    UNSET,
    Attachment,
    Tracker,
    TrackerTicket,
    Transaction,
    User,
)

_FORBIDDEN: Final[Said] = (403, {"message": "Forbidden"}, {})
_NOT_FOUND: Final[Said] = (404, {"message": "Not Found"}, {})
_QUEUES: Final = {"3": "Support", "4": "Engineering", "5": "Payroll"}
_TICKET_FIELDS: Final = ("Severity", "Tier")
_TIMES: Final = {
    "Created": "created",
    "LastUpdated": "updated",
    "Started": "started",
    "Resolved": "resolved",
    "Told": "told",
    "Due": "due",
}
_EXITS: Final = {
    "new": ("open", "resolved", "rejected", "deleted"),
    "open": ("stalled", "resolved", "rejected"),
    "stalled": ("open",),
    "resolved": ("open",),
    "rejected": ("open",),
    "deleted": (),
}


class Lists:
    """Answers what is asked and changes nothing."""

    def __init__(self, tracker: Tracker, address: str) -> None:
        self._tracker = tracker
        self._address = f"{address}/REST/2.0"

    def queues(self, asked: TrackerAsked, user: User) -> Said:
        """Return the queues that somebody may see."""
        seen = [
            self._link("queue", number) | {"Name": name}
            for number, name in _QUEUES.items()
            if self._tracker.may(user, "SeeQueue", name)
        ]
        return self._listed(asked, seen, None)

    def queue(self, _asked: TrackerAsked, user: User, number: str) -> Said:
        """Return a queue with the custom fields that its tickets have."""
        name = _QUEUES.get(number)
        if name is None or not self._tracker.may(user, "SeeQueue", name):
            return _NOT_FOUND if name is None else _FORBIDDEN
        mark = self._tracker.mark_field
        record = {
            "id": int(number),
            "Name": name,
            "TicketCustomFields": [{"name": each} for each in _TICKET_FIELDS],
            "TicketTransactionCustomFields": [{"name": mark}] if mark else [],
        }
        return 200, record, {}

    def user(self, _asked: TrackerAsked, user: User, name: str) -> Said:
        """Return somebody by name or number; of others than oneself only a little."""
        found = self._tracker.users.get(int(name)) if name.isdigit() else self._tracker.named(name)
        if found is None:
            return _NOT_FOUND
        told = {
            "Name": found.name,
            "RealName": found.real_name,
            "EmailAddress": found.email,
            "Privileged": 1 if found.privileged else 0,
        }
        return 200, told | ({"id": found.id} if found is user else {}), {}

    def users(self, asked: TrackerAsked, _user: User) -> Said:
        """Return people by conditions; who is privileged is not told here."""
        found = [
            self._user(each, asked.fields)
            for each in self._tracker.users.values()
            if all(
                str(self._user(each, [where["field"]])[where["field"]]).casefold()
                == str(where["value"]).casefold()
                for where in asked.content
            )
        ]
        return self._listed(asked, found, len(found))

    def tickets(self, asked: TrackerAsked, user: User) -> Said:
        """Return the tickets that a query finds: never deleted or merged ones."""
        holds = parsed(asked.query["query"], ZoneInfo(user.zone))
        with self._tracker.lock:
            found = [
                ticket
                for ticket in self._tracker.tickets.values()
                if ticket.effective == ticket.id
                and ticket.status != "deleted"
                and self._tracker.may(user, "ShowTicket", ticket.queue)
                and holds(_ticket_values(ticket))
            ]
        by_update = asked.query.get("orderby") == "LastUpdated"
        found.sort(
            key=lambda each: (each.updated if by_update else UNSET, each.id),
            reverse=asked.query.get("order") == "DESC",
        )
        total = len(found)
        page = [self._ticket(each, user, asked) for each in self._page(asked, found)]
        return self._listed(asked, page, total, cut=False)

    def ticket(self, asked: TrackerAsked, user: User, number: str) -> Said:
        """Return one ticket, that which it was merged into, or a deleted one."""
        ticket = self._tracker.ticket(int(number))
        if ticket is None:
            return _NOT_FOUND
        if not self._tracker.may(user, "ShowTicket", ticket.queue):
            return _FORBIDDEN
        names = ["Subject", "Status", "Queue", "Owner", "Requestor", "Creator", "Priority", "Type"]
        every = [*names, "CustomFields", *(name for name in _TIMES if name != "Told")]
        fields = {**asked.query, "fields": ",".join(every)}
        record = self._ticket(ticket, user, TrackerAsked("GET", "", fields, {}, b""))
        record |= {"id": ticket.id, "_hyperlinks": self._links(ticket, user)}
        etag = f'"{self.newest_seen(ticket, user)}"'
        return 200, record, {"ETag": etag}

    def newest_seen(self, ticket: TrackerTicket, user: User) -> int:
        """Return the newest transaction of a ticket that somebody sees."""
        seen = (each.id for each in self._tracker.history(ticket) if self._tracker.sees(user, each))
        return max(seen, default=0)

    def history(self, asked: TrackerAsked, user: User, number: str) -> Said:
        """Return what was done to a ticket and to those merged into it."""
        ticket = self._tracker.ticket(int(number))
        found = [] if ticket is None else self._tracker.history(ticket)
        seen = [each for each in found if self._tracker.sees(user, each)]
        return self._transactions(asked, user, seen)

    def transactions(self, asked: TrackerAsked, user: User) -> Said:
        """Return the transactions that a query finds, of tickets whose queue somebody sees."""
        holds = parsed(asked.query["query"], ZoneInfo(user.zone))
        with self._tracker.lock:
            found = [
                each
                for each in self._tracker.transactions
                if each.done
                and self._tracker.may(user, "ShowTicket", self._queue_of(each))
                and holds(self._transaction_values(each))
            ]
        return self._transactions(asked, user, found)

    def transaction(self, _asked: TrackerAsked, user: User, number: str) -> Said:
        """Return one transaction; one that there is not is a failure."""
        found = [each for each in self._tracker.transactions if each.id == int(number)]
        if not found or not found[0].done:
            return 500, {"message": "Internal Server Error"}, {}
        if not self._tracker.sees(user, found[0]):
            return _FORBIDDEN
        return 200, self._transaction(found[0], ["Type", "Creator", "Created"]), {}

    def attachments(self, asked: TrackerAsked, user: User) -> Said:
        """Return parts by conditions, in the order of their numbers."""
        with self._tracker.lock:
            sees = {
                each.id
                for each in self._tracker.transactions
                if each.done and self._tracker.sees(user, each)
            }
            found = [
                each
                for each in self._tracker.attachments
                if all(_fits(each, where) for where in asked.content)
            ]
        page = [each for each in self._page(asked, found) if each.transaction in sees]
        if "Parent" in asked.fields and any(each.is_first for each in page):
            return 500, {"message": "Internal Server Error"}, {}
        return self._listed(
            asked, [self._attachment(each, asked) for each in page], None, cut=False
        )

    def attachment(self, _asked: TrackerAsked, _user: User, number: str) -> Said:
        """Return one part, its content in Base64."""
        found = [each for each in self._tracker.attachments if each.id == int(number)]
        if not found:
            return _NOT_FOUND
        part = found[0].part
        content = base64.encodebytes(part.content).decode()
        record = {"id": found[0].id, "ContentType": part.media_type, "Filename": part.name}
        return 200, {**record, "Content": content, "Headers": part.headers}, {}

    def _transactions(self, asked: TrackerAsked, user: User, found: Iterable[Transaction]) -> Said:
        """Return a page of transactions; what one may not see is dropped after it is cut."""
        newest_first = asked.query.get("order") == "DESC"
        rows = sorted(found, key=lambda each: each.id, reverse=newest_first)
        page = [
            self._transaction(each, asked.fields)
            for each in self._page(asked, rows)
            if self._tracker.sees(user, each)
        ]
        return self._listed(asked, page, None, cut=False)

    def _page(self, asked: TrackerAsked, found: Sequence[Any]) -> Sequence[Any]:
        start = (int(asked.query.get("page", "1")) - 1) * asked.per_page
        return found[start : start + asked.per_page]

    def _listed(
        self, asked: TrackerAsked, rows: Sequence[object], total: int | None, *, cut: bool = True
    ) -> Said:
        items = self._page(asked, rows) if cut else rows
        content = {
            "items": list(items),
            "count": len(items),
            "total": total,
            "page": int(asked.query.get("page", "1")),
            "per_page": asked.per_page,
        }
        return 200, content, {}

    def _link(self, kind: str, number: object) -> dict[str, Any]:
        return {"type": kind, "id": str(number), "_url": f"{self._address}/{kind}/{number}"}

    def _user(self, user: User, fields: Iterable[str]) -> dict[str, Any]:
        told = {
            "Name": user.name,
            "EmailAddress": user.email,
            "RealName": user.real_name,
            "Organization": user.organization,
        }
        return self._link("user", user.name) | {name: told.get(name, "") for name in fields}

    def _ticket(self, ticket: TrackerTicket, user: User, asked: TrackerAsked) -> dict[str, Any]:
        def people(name: str) -> list[str]:
            return [each for each in asked.query.get(f"fields[{name}]", "").split(",") if each]

        owner = ticket.owner or self._tracker.nobody
        number = next(number for number, name in _QUEUES.items() if name == ticket.queue)
        told = {
            "Subject": ticket.subject,
            "Status": ticket.status,
            "Type": "ticket",
            "SLA": "",
            "Priority": str(ticket.priority),
            "Queue": self._link("queue", number)
            | ({"Name": ticket.queue} if people("Queue") else {}),
            "Owner": self._user(owner, people("Owner")),
            "Requestor": [self._user(each, people("Requestor")) for each in ticket.requestors],
            "Creator": self._user(ticket.creator, []),
            "CustomFields": [
                {
                    "name": name,
                    "type": "customfield",
                    "values": [ticket.fields[name]] if ticket.fields.get(name) else [],
                }
                for name in _TICKET_FIELDS
            ],
            **{name: _written(getattr(ticket, place)) for name, place in _TIMES.items()},
        }
        wanted: dict[str, Any] = {name: told[name] for name in asked.fields if name in told}
        if "_hyperlinks" in asked.fields:
            wanted["_hyperlinks"] = self._links(ticket, user)
        return self._link("ticket", ticket.id) | wanted

    def _links(self, ticket: TrackerTicket, user: User) -> list[dict[str, str]]:
        links = [{"ref": "self"}, {"ref": "history"}, {"ref": "correspond"}]
        if self._tracker.may(user, "CommentOnTicket", ticket.queue):
            links.append({"ref": "comment"})
        if self._tracker.may(user, "ModifyTicket", ticket.queue):
            links += [{"ref": "lifecycle", "to": status} for status in _EXITS[ticket.status]]
        return links

    def _transaction(self, each: Transaction, fields: Iterable[str]) -> dict[str, Any]:
        mark = self._tracker.mark_field
        values = {
            "Type": each.kind,
            "Creator": self._user(each.creator, []),
            "Created": _written(each.created),
            "ObjectId": str(each.ticket.id),
            "ObjectType": "RT::Ticket",
            "Field": each.what,
            "OldValue": each.old,
            "NewValue": each.new,
            "Data": each.data,
            "CustomFields": [{"name": mark, "type": "customfield", "values": list(each.marks)}]
            if mark
            else "",
        }
        return self._link("transaction", each.id) | {name: values[name] for name in fields}

    def _transaction_values(self, each: Transaction) -> dict[str, object]:
        values: dict[str, object] = {
            "id": each.id,
            "ObjectType": "RT::Ticket",
            "ObjectId": each.ticket.id,
            # It is looked for in everything that has a number, not in tickets alone.
            "TicketId": each.ticket.id,
            "Type": each.kind,
            "Field": each.what,
            "Created": each.created,
            "Creator": each.creator.name,
        }
        if self._tracker.mark_field:
            values[f"CF.{{{self._tracker.mark_field}}}"] = list(each.marks)
        return values

    def _queue_of(self, each: Transaction) -> str:
        ticket = self._tracker.ticket(each.ticket.id)
        return each.ticket.queue if ticket is None else ticket.queue

    def _attachment(self, each: Attachment, asked: TrackerAsked) -> dict[str, Any]:
        part = each.part
        values = {
            "TransactionId": str(each.transaction),
            "ContentType": part.media_type,
            "Content": part.content.decode("utf-8", "replace"),
            "ContentLength": str(len(part.content)),
            "Headers": part.headers,
            "Filename": part.name,
            "MessageId": part.message_id,
        }
        return self._link("attachment", each.id) | {name: values[name] for name in asked.fields}


def _ticket_values(ticket: TrackerTicket) -> dict[str, object]:
    times = {name: getattr(ticket, place) for name, place in _TIMES.items()}
    plain = {"id": ticket.id, "Queue": ticket.queue, "Status": ticket.status}
    return {**plain, **times, "Priority": ticket.priority}


def _fits(each: Attachment, where: dict[str, Any]) -> bool:
    """Return whether a part fits a condition on its number, its transaction or its name."""
    sign, wanted = where.get("operator", "="), where["value"]
    if where["field"] == "Filename":
        return (each.part.name == "") is (sign == "IS")
    number = each.id if where["field"] == "id" else each.transaction
    if sign == "IN":
        return number in map(int, wanted)
    return number > int(wanted) if sign == ">" else number == int(wanted)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

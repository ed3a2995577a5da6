"""What the in-process Zendesk answers to questions: lists, exports, a search, and one of each."""

import base64
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from connections.helpdesks.zendesk_wire import written
from tests.connections.helpdesks.zendesk_asked import Answered, ZendeskAsked
from tests.connections.helpdesks.zendesk_state import TicketOverThere, ZendeskThere

Row = TypeVar("Row")
NOT_FOUND: Answered = (404, {"error": "RecordNotFound", "description": "Not found"}, {})
FORBIDDEN: Answered = (
    403,
    {"error": {"title": "Forbidden", "message": "You do not have access to this page."}},
    {},
)
WITHHELD = timedelta(seconds=60)


class ZendeskLists:
    """Answers questions about what is there."""

    def __init__(self, there: ZendeskThere, address: str) -> None:
        self._there = there
        self._address = address

    def tickets(self, asked: ZendeskAsked) -> Answered:
        """List tickets: in pages by a cursor by their id, else sorted as is asked."""
        listed = [each for each in self._there.tickets.values() if not each.deleted]
        if "page[size]" in asked.query:
            listed.sort(key=lambda each: each.id, reverse=asked.one("sort") == "-id")
            page, meta = by_cursor(listed, asked, lambda each: str(each.id))
            return 200, {"tickets": self._said(page), **self._beside(asked, page), **meta}, {}
        listed = [each for each in listed if each.id not in self._there.hidden]
        if asked.one("sort_by") == "updated_at":
            listed.sort(key=lambda each: (each.updated, each.id), reverse=True)
        page, whole = by_offset(listed, asked)
        return 200, {"tickets": self._said(page), **self._beside(asked, page), **whole}, {}

    def count(self, _: ZendeskAsked) -> Answered:
        """Count the tickets."""
        value = sum(not each.deleted for each in self._there.tickets.values())
        return 200, {"count": {"value": value, "refreshed_at": written(self._there.now)}}, {}

    def many(self, asked: ZendeskAsked) -> Answered:
        """Return tickets by their ids."""
        wanted = [int(each) for each in asked.one("ids").split(",") if each.isdigit()]
        found = [each for each in map(self._there.at, wanted) if each is not None]
        return 200, {"tickets": self._said(found), **self._beside(asked, found)}, {}

    def ticket(self, _: ZendeskAsked, number: str) -> Answered:
        """Return one ticket."""
        found = self._there.at(int(number))
        return NOT_FOUND if found is None else (200, {"ticket": found.said(self._address)}, {})

    def comments(self, asked: ZendeskAsked, number: str) -> Answered:
        """Return what is written on a ticket."""
        found = self._there.at(int(number))
        if found is None:
            return NOT_FOUND
        comments = list(found.comments)
        if asked.one("sort") == "-created_at":
            comments.reverse()
        page, meta = by_cursor(comments, asked, lambda each: str(each["id"]))
        people = {each["author_id"] for each in page} & self._there.people.keys()
        users = [self._there.people[each].said() for each in sorted(people)]
        beside = {"users": users} if "users" in asked.one("include") else {}
        return 200, {"comments": page, **beside, **meta}, {}

    def audits(self, asked: ZendeskAsked, number: str) -> Answered:
        """Return what was done to a ticket."""
        found = self._there.at(int(number))
        if found is None:
            return NOT_FOUND
        audits = list(found.audits)
        if asked.one("sort") == "-created_at":
            audits.reverse()
        page, meta = by_cursor(audits, asked, lambda each: str(each["id"]))
        return 200, {"audits": page, **meta}, {}

    def deleted(self, asked: ZendeskAsked) -> Answered:
        """List what was deleted."""
        gone = [(each.deleted, each) for each in self._there.tickets.values() if each.deleted]
        gone.sort(key=lambda each: each[0], reverse=asked.one("sort_order") == "desc")
        page, whole = by_offset(gone, asked)
        rows = [
            {
                "id": each.id,
                "subject": each.subject,
                "deleted_at": written(at),
                "previous_state": each.status,
                "actor": {"id": 1, "name": "An agent"},
            }
            for at, each in page
        ]
        return 200, {"deleted_tickets": rows, **whole}, {}

    def exported_tickets(self, asked: ZendeskAsked) -> Answered:
        """Export what changed, but for the last minute."""
        page, rest = self._exported(asked, self._there.tickets.values())
        rows = [
            each.said(self._address) | ({"status": "deleted"} if each.deleted else {})
            for each in page
        ]
        return 200, {"tickets": rows, **self._beside(asked, page), **rest}, {}

    def exported_users(self, asked: ZendeskAsked) -> Answered:
        """Export who changed, but for the last minute."""
        page, rest = self._exported(asked, self._there.people.values())
        return 200, {"users": [each.said() for each in page], **rest}, {}

    def exported_organizations(self, asked: ZendeskAsked) -> Answered:
        """Export organizations by the time of their last change, but for the last minute."""
        start = datetime.fromtimestamp(asked.number("start_time", 0), UTC)
        until = self._there.now - WITHHELD
        listed = sorted(
            (each for each in self._there.companies.values() if start <= each.updated <= until),
            key=lambda each: each.updated,
        )
        end = int(listed[-1].updated.timestamp()) if listed else int(start.timestamp())
        rows = [each.said() for each in listed]
        said = {"organizations": rows, "count": len(rows), "end_time": end, "end_of_stream": True}
        return 200, said, {}

    def users(self, asked: ZendeskAsked) -> Answered:
        """List people by their roles."""
        roles = asked.query.get("role[]", [])
        listed = [each for each in self._there.people.values() if each.role in roles or not roles]
        page, meta = by_cursor(listed, asked, lambda each: str(each.id))
        return 200, {"users": [each.said() for each in page], **meta}, {}

    def many_users(self, asked: ZendeskAsked) -> Answered:
        """Return people by their ids."""
        wanted = [int(each) for each in asked.one("ids").split(",") if each.isdigit()]
        found = [self._there.people[each] for each in wanted if each in self._there.people]
        return 200, {"users": [each.said() for each in found]}, {}

    def me(self, asked: ZendeskAsked) -> Answered:
        """Return who asks."""
        assert asked.user is not None
        return 200, {"user": asked.user.said()}, {}

    def search(self, asked: ZendeskAsked) -> Answered:
        """Find tickets that are not solved of organizations or requesters."""
        query = asked.one("query")
        companies = {int(each) for each in re.findall(r"\borganization:(\d+)", query)}
        people = {int(each) for each in re.findall(r"\brequester:(\d+)", query)}
        listed = [
            each
            for each in self._there.tickets.values()
            if not each.deleted
            and each.status not in ("solved", "closed")
            and (each.organization in companies or each.requester in people)
        ]
        page, whole = by_offset(listed, asked)
        rows = [each.said(self._address) | {"result_type": "ticket"} for each in page]
        return 200, {"results": rows, "facets": None, **whole}, {}

    def _said(self, tickets: Iterable[TicketOverThere]) -> list[dict[str, Any]]:
        return [each.said(self._address) for each in tickets]

    def _beside(self, asked: ZendeskAsked, page: Sequence[TicketOverThere]) -> dict[str, Any]:
        beside: dict[str, Any] = {}
        included = asked.one("include").split(",")
        there = self._there
        if "users" in included:
            numbers = {each.requester for each in page} | {each.submitter for each in page}
            numbers |= {each.assignee for each in page if each.assignee is not None}
            beside["users"] = [there.people[each].said() for each in sorted(numbers)]
        if "organizations" in included:
            of = {each.organization for each in page if each.organization is not None}
            beside["organizations"] = [there.companies[each].said() for each in sorted(of)]
        if "metric_sets" in included:
            beside["metric_sets"] = [each.measured() for each in page]
        return beside

    def _exported(
        self, asked: ZendeskAsked, rows: Iterable[Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        until = self._there.now - WITHHELD
        after = (asked.number("start_time", 0), 0)
        if asked.one("cursor"):
            at, number = base64.b64decode(asked.one("cursor")).split(b".")
            after = (int(at), int(number))
        keys = {id(each): (int(each.updated.timestamp()), each.id) for each in rows}
        listed = sorted(
            (each for each in rows if each.updated <= until and keys[id(each)] > after),
            key=lambda each: keys[id(each)],
        )
        size = asked.number("per_page", 1_000)
        page = listed[:size]
        last = keys[id(page[-1])] if page else after
        cursor = base64.b64encode(f"{last[0]}.{last[1]}".encode()).decode()
        return page, {
            "after_cursor": cursor,
            "after_url": f"{self._address}{asked.path}?cursor={cursor}",
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": len(listed) <= size,
        }


def by_cursor(
    rows: Sequence[Row],
    asked: ZendeskAsked,
    key: Any,  # noqa: ANN401 - of a row
) -> tuple[list[Row], dict[str, Any]]:
    """Return a page after a cursor, and what is said of it."""
    after = asked.one("page[after]")
    start = 0
    if after:
        wanted = base64.b64decode(after).decode()
        start = 1 + next(place for place, row in enumerate(rows) if key(row) == wanted)
    size = min(asked.number("page[size]", 100), 100)
    page = list(rows[start : start + size])
    cursor = base64.b64encode(key(page[-1]).encode()).decode() if page else None
    meta = {"has_more": start + size < len(rows), "after_cursor": cursor, "before_cursor": None}
    return page, {"meta": meta, "links": {"next": None, "prev": None}}


def by_offset(rows: Sequence[Row], asked: ZendeskAsked) -> tuple[list[Row], dict[str, Any]]:
    """Return a page by its number, and what is said of it."""
    size = min(asked.number("per_page", 100), 100)
    page = asked.number("page", 1)
    start = (page - 1) * size
    return list(rows[start : start + size]), {
        "count": len(rows),
        "next_page": None,
        "previous_page": None,
    }

"""Reads what was written on tickets of a Zendesk, with our marks on what is ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connections.helpdesks.help_desk import MessageRead
from connections.helpdesks.zendesk_comments import mark_of, may_hide_mark, message_of
from connections.helpdesks.zendesk_people import ZendeskPeople
from connections.helpdesks.zendesk_wire import (
    MOST_ROWS,
    Json,
    ZendeskAnswer,
    ZendeskWire,
    moment,
    text,
    whole,
)


@dataclass(frozen=True, slots=True)
class WrittenThere:
    """Comments of one ticket, the first first, and our marks by the ids of the changes."""

    ticket: Json
    comments: tuple[Json, ...]
    people: Mapping[int, Json]
    marks: Mapping[int, str]
    ours: ZendeskPeople

    def messages(self, comments: Iterable[Json]) -> tuple[MessageRead, ...]:
        """Return some of the comments as messages."""
        return tuple(
            message_of(each, self.ticket, self.people, self.mark(each), self.ours)
            for each in comments
        )

    def mark(self, comment: Json) -> str | None:
        """Return our mark on a comment, None where it has none."""
        return mark_of(comment.get("metadata")) or self.marks.get(whole(comment.get("audit_id")))


class ZendeskConversations:
    """Reads conversations of one Zendesk under one login."""

    def __init__(self, wire: ZendeskWire, people: ZendeskPeople) -> None:
        self._wire = wire
        self._people = people

    def written(self, ticket: Json, since: datetime | None = None) -> WrittenThere | None:
        """Return what was written on a ticket, None where it is not there.

        At least all since a time (UTC) is read, the whole where none is given.
        """
        number = whole(ticket.get("id"))
        comments: list[Json] = []
        query: dict[str, str | int] = {
            "sort": "-created_at",
            "page[size]": MOST_ROWS,
            "include": "users",
        }
        while True:
            answer = self._wire.look(f"/tickets/{number}/comments", query)
            if answer is None:
                return None
            self._people.learn(answer.rows("users"))
            comments += answer.rows("comments")
            if not _goes_on(answer, comments, since):
                break
            query["page[after]"] = text(answer.named("meta").get("after_cursor"))
        comments.reverse()
        authors = self._people.known(whole(each.get("author_id")) for each in comments)
        audits = self.audits(number, since) if any(map(may_hide_mark, comments)) else None
        marked = {whole(each.get("id")): mark_of(each.get("metadata")) for each in audits or ()}
        marks = {audit: mark for audit, mark in marked.items() if mark is not None}
        return WrittenThere(ticket, tuple(comments), authors, marks, self._people)

    def audits(self, number: int, since: datetime | None) -> list[Json] | None:
        """Return the changes of a ticket, at least all since a time; None where they are hidden."""
        found: list[Json] = []
        query: dict[str, str | int] = {"sort": "-created_at", "page[size]": MOST_ROWS}
        while True:
            answer = self._wire.look(f"/tickets/{number}/audits", query)
            if answer is None:
                return None
            audits = answer.rows("audits")
            found += audits
            if not _goes_on(answer, audits, since):
                return found
            query["page[after]"] = text(answer.named("meta").get("after_cursor"))


def _goes_on(answer: ZendeskAnswer, rows: list[Json], since: datetime | None) -> bool:
    """Return whether there is more behind a page that is still wanted."""
    if answer.named("meta").get("has_more") is not True or not rows:
        return False
    return since is None or moment(rows[-1].get("created_at")) >= since

"""Transactions of a Request Tracker: page by page, with our marks, and what a page leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from connections.helpdesks.request_tracker_feed import (
    MARKED,
    MESSAGES,
    TransactionRow,
    row_of,
    whole,
)
from connections.helpdesks.request_tracker_wire import (
    MOST_ROWS,
    Query,
    TrackerAnswer,
    TrackerWire,
    any_of,
    in_query,
)

_OF_TICKETS: Final = "ObjectType = 'RT::Ticket'"
_FIELDS: Final = "Type,Creator,Created,ObjectId,Field,NewValue"
_MARKS: Final = f"{_FIELDS},CustomFields"
"""With the dearest field of all, asked of those alone that have a value in it."""

_NOTE: Final = "Comment"
_MAY_BE_HIDDEN: Final = (_NOTE, "CommentEmailRecord", "EmailRecord", "CustomField")
"""The kinds of transaction that a login may not see though it sees their tickets."""


class TrackerTransactions:
    """The transactions of tickets as one login sees them; ``mark_field`` carries our mark."""

    def __init__(self, wire: TrackerWire, mark_field: str) -> None:
        self._wire = wire
        self._mark_field = mark_field
        self._sees_notes = False

    def page(
        self, condition: str, *, newest: int | None = None
    ) -> tuple[list[TransactionRow], datetime]:
        """Return a page in the order of the numbers, and what the time is over there.

        It is the first page, or that of the ``newest``; no mark is told.
        """
        return self._page(condition, _FIELDS, newest)

    def marked(self, rows: Sequence[TransactionRow]) -> list[TransactionRow]:
        """Return transactions with our marks on those that carry one."""
        numbers = [row.id for row in rows if row.kind in MARKED]
        marks: dict[int, str] = {}
        for start in range(0, len(numbers), MOST_ROWS):
            these = any_of("id", numbers[start : start + MOST_ROWS])
            found, _ = self._page(f"{these} AND CF.{{{self._mark_field}}} IS NOT NULL", _MARKS)
            marks |= {row.id: row.mark for row in found}
        return [replace(row, mark=marks[row.id]) if row.id in marks else row for row in rows]

    def with_mark(self, mark: str) -> list[TransactionRow]:
        """Return those that carry a mark."""
        found, _ = self._page(f"CF.{{{self._mark_field}}} = {in_query(mark)}", _MARKS)
        return [row for row in found if row.mark == mark]

    def behind(self, condition: str) -> list[TransactionRow]:
        """Return what stands behind a page that is empty because nobody may see what is on it.

        What a login may not see is left out after a page was cut, so an empty page is the end only
        where there is nothing behind it.
        """
        seen = " AND ".join(f"Type != {in_query(kind)}" for kind in _MAY_BE_HIDDEN)
        return self.page(f"{condition} AND {seen}")[0]

    def written_on(self, tickets: Iterable[str]) -> list[TransactionRow]:
        """Return the messages on tickets, marked, and what was merged into them or they into."""
        on_these = any_of("ObjectId", [whole(each) for each in tickets])
        kinds = f"({any_of('Type', MESSAGES)} OR Field = 'MergedInto')"
        rows: list[TransactionRow] = []
        while True:
            last = rows[-1].id if rows else 0
            asked = f"{on_these} AND {kinds} AND id > {last}"
            page, _ = self.page(asked)
            if not page and not self._sees_notes:
                page = self.behind(asked)
            rows += page
            # Nothing is left out of a page for somebody who sees notes, so a short one is the last.
            if not page or (self._sees_notes and len(page) < MOST_ROWS):
                return self.marked(rows)

    def history(self, number: str) -> list[TransactionRow]:
        """Return all that was done to a ticket and to those merged into it, marked."""
        rows: list[TransactionRow] = []
        page = 1
        asked: Query = {"fields": _FIELDS, "orderby": "id", "per_page": MOST_ROWS}
        while True:
            answer = self._wire.read(f"/ticket/{whole(number)}/history", {**asked, "page": page})
            if not answer.rows:
                return self.marked(rows)
            rows += self._rows(answer)
            page += 1

    def _page(
        self, condition: str, fields: str, newest: int | None = None
    ) -> tuple[list[TransactionRow], datetime]:
        answer = self._wire.read(
            "/transactions",
            {
                "query": f"{_OF_TICKETS} AND {condition}",
                "fields": fields,
                "orderby": "id",
                "order": "ASC" if newest is None else "DESC",
                "per_page": newest or MOST_ROWS,
            },
        )
        rows = sorted(self._rows(answer), key=lambda row: row.id)
        self._sees_notes = self._sees_notes or any(row.kind == _NOTE for row in rows)
        return rows, answer.at

    def _rows(self, answer: TrackerAnswer) -> list[TransactionRow]:
        return [row_of(item, self._mark_field) for item in answer.rows]

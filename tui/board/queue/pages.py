"""The part of a list that the board holds: pages of it, as many as the screen needs."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Final

from policy.ticket import Ticket

PAGE: Final = 64
"""Tickets in a page."""

_KEPT = 8
"""So many pages are kept: those on the screen, their neighbours, the first, and some of the way."""

Pages = Mapping[int, tuple[Ticket, ...]]
"""Pages by their number; page 0 holds the rows from 0 on."""


class PageCache:
    """Keeps the pages read last; the one not looked at for longest goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, tuple[Ticket, ...]] = OrderedDict()

    def __getitem__(self, row: int) -> Ticket | None:
        """Return the ticket in a row, None when its page is not held or the row is past it."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def __iter__(self) -> Iterator[Ticket]:
        """Yield the tickets of the pages held."""
        return (ticket for _, ticket in self._rows())

    def held(self) -> frozenset[int]:
        """Return the numbers of the pages held."""
        return frozenset(self._pages)

    def add(self, pages: Pages) -> None:
        """Hold some more pages."""
        for number, page in pages.items():
            self._pages[number] = page
            self._pages.move_to_end(number)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def replace(self, pages: Pages) -> None:
        """Hold these pages and no others."""
        self._pages.clear()
        self.add(pages)

    def row_of(self, ticket_id: int) -> int | None:
        """Return the row of a ticket in the pages held, None when it is not there."""
        return next((row for row, ticket in self._rows() if ticket.id == ticket_id), None)

    def _rows(self) -> Iterator[tuple[int, Ticket]]:
        for number, page in self._pages.items():
            for place, ticket in enumerate(page):
                yield number * PAGE + place, ticket


def pages_around(top: int, height: int, total: int) -> range:
    """Return the numbers of the pages on the screen and of their neighbours on both sides."""
    if total <= 0:
        return range(1)
    last = (total - 1) // PAGE
    first_seen = min(max(top, 0) // PAGE, last)
    last_seen = min(max(top + height - 1, 0) // PAGE, last)
    return range(max(0, first_seen - 1), min(last, last_seen + 1) + 1)

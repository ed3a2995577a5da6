"""Zendesk's ticket exports: the documents of their API, of any length, and JSON line by line."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from connections.files.json_document import TOP, JsonDocument
from connections.files.json_lines import JsonLines, json_object
from connections.files.ticket_file import Record, TicketFile, decoded
from policy.refusal import Refusal, shown
from store.transfer.disk_cache import Spill

_SHELVES: Final = {
    "requester": "users",
    "submitter": "users",
    "assignee": "users",
    "organization": "organizations",
}
"""What a ticket names by its id, and the list that it stands in beside the tickets."""

_SIDELOADS: Final = frozenset(_SHELVES.values())
_LISTS: Final = frozenset({"tickets", "results"}) | _SIDELOADS
_TICKETS: Final = frozenset({"tickets", "ticket", "results"})
_SIGN = re.compile(rb'\s*[\[{]\s*(\{\s*)?"(tickets?|users|organizations|results|next_page)"\s*:')
_DOCUMENT = re.compile(rb'\{\s*"(tickets|users|organizations|results)"\s*:')
_FIRST_KEY_OF_NOTE = re.compile(rb'"(tickets?|results|requester_id)"\s*:')
_LONGEST_FIRST_LINE = 1024 * 1024


def looks_like_zendesk(head: bytes) -> bool:
    """Say whether the beginning of a JSON file is the beginning of one of Zendesk's."""
    return bool(_SIGN.match(head)) or b'"requester_id"' in head


class ZendeskExport:
    """Reads tickets of Zendesk, each with the people and the organization that came beside it.

    In a document, users and organizations may stand before or after the tickets, and the place of
    a ticket is its ordinal. A document that breaks off gives the tickets before the break.
    """

    def __init__(self, file: TicketFile, spill: Spill) -> None:
        self._file = file
        self._spill = spill
        self._by_line = _is_line_by_line(file)
        self._prepared = self._by_line

    @property
    def place(self) -> str:
        """What is counted: lines, or the tickets of a document."""
        return "line" if self._by_line else "ticket"

    @property
    def preparations(self) -> int:
        """A document is read once for what stands beside the tickets."""
        return 0 if self._by_line else 1

    def records(self) -> Iterator[Record]:
        """Read the file from its start, a record for each ticket."""
        if not self._prepared:
            self._keep_sideloads()
            self._prepared = True
        for record in JsonLines(self._file).records() if self._by_line else self._document():
            yield Record(record.line, self._complete(record.content))

    def _document(self) -> Iterator[Record]:
        document = JsonDocument(self._file.pieces(), _places_of_tickets(self._file.head))
        ordinal = 0
        try:
            for name, item in document.items():
                if name != "results" or _is_ticket(item):
                    ordinal += 1
                    yield Record(ordinal, _object(item))
        except Refusal as broken:
            yield Record(ordinal + 1, broken)
            return
        if not ordinal and not document.found:
            what = 'no tickets in it; expected an object with a list named "tickets"'
            raise Refusal(f"{self._file.name}: {what}")

    def _keep_sideloads(self) -> None:
        document = JsonDocument(self._file.pieces(), _SIDELOADS)
        for shelf, item in _until_broken(document.items()):
            if isinstance(item, dict) and "id" in item:
                self._spill.put(shelf, str(item["id"]), json.dumps(item))

    def _complete(self, content: Mapping[str, object] | Refusal) -> Mapping[str, object] | Refusal:
        if isinstance(content, Refusal):
            return content
        ticket = content.get("ticket", content)
        if not isinstance(ticket, dict):
            return _object(ticket)
        beside = ((name, self._beside(ticket, name)) for name in _SHELVES if name not in ticket)
        return ticket | {name: found for name, found in beside if found is not None}

    def _beside(self, ticket: Mapping[str, object], name: str) -> object | None:
        number = ticket.get(f"{name}_id")
        kept = None if number is None else self._spill.get(_SHELVES[name], str(number))
        return None if kept is None else json.loads(kept)


def _until_broken(items: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Give the items of a document that may break off; reading its tickets will say so."""
    with contextlib.suppress(Refusal):
        yield from items


def _object(item: object) -> Mapping[str, object] | Refusal:
    return item if isinstance(item, dict) else Refusal(f"{shown(item)}; expected a ticket object")


def _is_ticket(item: object) -> bool:
    """Say whether a search result is a ticket: users and organizations may stand among them."""
    return not isinstance(item, dict) or item.get("result_type", "ticket") == "ticket"


def _places_of_tickets(head: bytes) -> frozenset[str]:
    if head.lstrip().startswith(b"["):
        return frozenset({TOP})
    first = _FIRST_KEY_OF_NOTE.search(head)
    return frozenset({TOP}) if first and first[1] == b"requester_id" else _TICKETS


def _is_line_by_line(file: TicketFile) -> bool:
    first, second = _first_lines(file)
    try:
        value = json_object(decoded(first))
    except Refusal:
        is_line = first not in (b"{", b"[") and not _DOCUMENT.match(first)
        return is_line and second.startswith(b"{")
    return not any(isinstance(value.get(name), list) for name in _LISTS)


def _first_lines(file: TicketFile) -> tuple[bytes, bytes]:
    """Give the first line that is not blank, and the beginning of the next."""
    begun = b""
    with contextlib.suppress(Refusal):
        for piece in file.pieces():
            begun = (begun + piece).lstrip()
            first, _, rest = begun.partition(b"\n")
            if rest.strip() or len(begun) > _LONGEST_FIRST_LINE:
                break
    first, _, rest = begun.partition(b"\n")
    return first.rstrip(), rest.lstrip()

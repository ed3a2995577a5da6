"""Zendesk's ticket exports: the documents of their API, of any length, and JSON line by line."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from connections.files.columns import Aside
from connections.files.json_document import TOP, JsonDocument
from connections.files.json_lines import JsonLines, json_object
from connections.files.reading_limits import ReadingCost, most_records
from connections.files.ticket_file import Record, TicketFile, decoded
from connections.files.zendesk_conversation import (
    Note,
    TicketEvidence,
    notes_of_audit,
    notes_of_comment,
    notes_of_ticket_event,
    role_named,
    times_told,
)
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal, shown
from store.transfer.disk_cache import Spill

_SHELVES: Final = {
    "requester": "users",
    "submitter": "users",
    "assignee": "users",
    "organization": "organizations",
}
"""What a ticket names by its id, and the list that it stands in beside the tickets."""

_METRICS: Final = frozenset({"metric_sets", "ticket_metrics"})
_NOTED: Final = {
    "comments": notes_of_comment,
    "audits": notes_of_audit,
    "ticket_events": notes_of_ticket_event,
}
_CONVERSATION: Final = _METRICS | _NOTED.keys()
_SIDELOADS: Final = frozenset(_SHELVES.values()) | _CONVERSATION
_LISTS: Final = frozenset({"tickets", "results"}) | _SIDELOADS
_TICKETS: Final = frozenset({"tickets", "ticket", "results"})
_PEOPLE: Final = ("requester", "submitter", "assignee", "collaborator", "collaborators", "users")
_KEPT_OF_DELETED: Final = frozenset({"id", "created_at", "updated_at", "status", "url"})
"""What a deleted ticket still says; the rest is struck out over there."""

_NAMES = "|".join(sorted(_LISTS))
_SIGN = re.compile(rf'\s*[\[{{]\s*(\{{\s*)?"(ticket|{_NAMES}|next_page)"\s*:'.encode())
_TICKETS_IN_IT = re.compile(rb'"tickets"\s*:\s*\[')
_OF_TICKETS = re.compile(rb'"(tickets?|results|requester_id|ticket_id)"\s*:')
_ONLY_OF_ZENDESK = re.compile(rb'"(metric_sets|ticket_metrics|ticket_events|next_page)"\s*:')
_DOCUMENT = re.compile(rf'\{{\s*"({_NAMES})"\s*:'.encode())
_FIRST_KEY_OF_NOTE = re.compile(rb'"(tickets?|results|requester_id)"\s*:')
_LONGEST_FIRST_LINE = 1024 * 1024
_METRIC_SET: Final = "metric_set"
_NOTES: Final = "notes"
_LOOSE: Final = "loose"


def looks_like_zendesk(head: bytes) -> bool:
    """Say whether the beginning of a JSON file is the beginning of one of Zendesk's."""
    return bool(_SIGN.match(head) or _TICKETS_IN_IT.search(head)) or b'"requester_id"' in head


def holds_tickets_of_zendesk(head: bytes) -> bool:
    """Say whether the beginning has tickets of Zendesk, or what only stands beside such."""
    return bool(_OF_TICKETS.search(head) or _ONLY_OF_ZENDESK.search(head))


class ZendeskExport:
    """Reads tickets of Zendesk, each with the people and the organization that came beside it.

    In a document, what stands beside the tickets may stand before or after them, and the place of
    a ticket is its ordinal. A document that breaks off gives the tickets before the break. What
    the comments, audits and metric sets tell of a ticket stands at its "conversation", by the
    names of our fields.
    """

    def __init__(self, file: TicketFile, spill: Spill) -> None:
        self._file = file
        self._spill = spill
        self._by_line = _is_line_by_line(file)
        self._prepared = self._by_line
        self._has_evidence = False

    @property
    def place(self) -> str:
        """What is counted: lines, or the tickets of a document."""
        return "line" if self._by_line else "ticket"

    @property
    def preparations(self) -> int:
        """A document is read once for what stands beside the tickets."""
        return 0 if self._by_line else 1

    @property
    def wanting(self) -> str | None:
        """What the file, once read, has to be asked for, or None where it tells of answers."""
        if self._has_evidence:
            return None
        return (
            "no ticket says when it was answered, so whoever was not answered here counts as "
            "waiting; ask Zendesk for metric sets (include=metric_sets), comments or audits"
        )

    def records(self) -> Iterator[Record]:
        """Read the file from its start, a record for each ticket."""
        if not self._prepared:
            self._keep_sideloads()
            self._prepared = True
        for record in JsonLines(self._file).records() if self._by_line else self._document():
            content = record.content
            if not isinstance(content, Refusal):
                content = self._complete(content)
            yield Record(record.line, content)

    def _document(self) -> Iterator[Record]:
        document = self._read(_places_of_tickets(self._file.head))
        ordinal = 0
        try:
            for item, comments_of in _with_their_own(document):
                ordinal += 1
                content = _object(item)
                if isinstance(content, dict) and comments_of is not None:
                    content = _beside(content, self._spill.all(_LOOSE, comments_of))
                yield Record(ordinal, content)
        except Refusal as broken:
            yield Record(ordinal + 1, broken)
            return
        if not ordinal and not document.found:
            what = 'no tickets in it; expected an object with a list named "tickets"'
            raise Refusal(f"{self._file.name}: {what}")

    def _read(self, names: frozenset[str]) -> JsonDocument:
        return JsonDocument(self._file.pieces(), names, ReadingCost(most_records(self._file.size)))

    def _keep_sideloads(self) -> None:
        document = self._read(_SIDELOADS)
        for shelf, item in _until_broken(document.items()):
            if not isinstance(item, dict):
                continue
            if shelf in _CONVERSATION:
                self._note(shelf, item, str(document.number))
            elif "id" in item:
                self._spill.put(shelf, str(item["id"]), json.dumps(item))

    def _note(self, shelf: str, item: Mapping[str, object], document: str) -> None:
        """Keep what tells of a conversation for its ticket, or for the only one of a document."""
        ticket = item.get("ticket_id")
        if shelf in _METRICS and ticket is not None:
            self._spill.put(_METRIC_SET, str(ticket), json.dumps(item))
        elif shelf in _NOTED and ticket is not None:
            for note in _NOTED[shelf](item):
                self._spill.add(_NOTES, str(ticket), json.dumps(note))
        elif shelf == "comments":
            self._spill.add(_LOOSE, document, json.dumps(item))

    def _complete(self, content: Mapping[str, object]) -> Mapping[str, object] | Refusal:
        ticket = content.get("ticket", content)
        if not isinstance(ticket, dict):
            return _object(ticket)
        if ticket is not content:
            ticket = {name: content[name] for name in _SIDELOADS & content.keys()} | ticket
        if ticket.get("status") == "deleted":
            return {
                name: value if name in _KEPT_OF_DELETED else Aside(value, spoken=False)
                for name, value in ticket.items()
            }
        evidence = self._evidence(ticket)
        self._has_evidence = self._has_evidence or bool(evidence)
        told = times_told(ticket, evidence, self._roles(ticket))
        asides = ((name, self._aside(ticket, name)) for name in _SHELVES)
        named = {name: aside for name, aside in asides if aside is not None}
        return ticket | named | {"conversation": told}

    def _evidence(self, ticket: Mapping[str, object]) -> TicketEvidence:
        """Give what stands in a ticket or beside it on its conversation."""
        key = str(ticket.get("id"))
        notes = [Note(*json.loads(note)) for note in self._spill.all(_NOTES, key)]
        for name, notes_of in _NOTED.items():
            inside = ticket.get(name)
            for item in inside if isinstance(inside, list) else ():
                notes.extend(notes_of(item) if isinstance(item, dict) else ())
        metrics = ticket.get("metric_set")
        if not isinstance(metrics, dict):
            kept = self._spill.get(_METRIC_SET, key)
            metrics = None if kept is None else json.loads(kept)
        return TicketEvidence(notes, metrics)

    def _roles(self, ticket: Mapping[str, object]) -> Callable[[str], MessageRole | None]:
        """Give how to tell whose a person's messages are, by those inside the ticket and beside."""
        inside = {str(each.get("id")): each.get("role") for each in _people_in(ticket)}

        def role_of(number: str) -> MessageRole | None:
            if number in inside:
                return role_named(inside[number])
            kept = self._spill.get("users", number)
            return None if kept is None else role_named(json.loads(kept).get("role"))

        return role_of

    def _aside(self, ticket: Mapping[str, object], name: str) -> Aside | None:
        """Give what a ticket names by its id; None where it does not speak of any."""
        shelf, number = _SHELVES[name], ticket.get(f"{name}_id")
        inside = ticket.get(name)
        if isinstance(inside, dict):
            number = inside.get("id", number)
            return Aside(inside, None if number is None else f"{shelf} {number}")
        if name not in ticket and f"{name}_id" not in ticket:
            return None
        if number is None:
            return Aside(None, "")
        kept = self._spill.get(shelf, str(number))
        found = None if kept is None else json.loads(kept)
        return Aside(found, f"{shelf} {number}", spoken=found is not None)


def _with_their_own(document: JsonDocument) -> Iterator[tuple[object, str | None]]:
    """Give the tickets, the only one of its document with the number of that document.

    Comments that name no ticket belong to it. Raises Refusal where the document breaks off.
    """
    held: list[tuple[object, str | None]] = []  # a ticket until the next says whether it is alone
    last = None
    try:
        for name, item in document.items():
            if name == "results" and not _is_ticket(item):
                continue
            alone = last != document.number
            yield from held if alone else ((ticket, None) for ticket, _ in held)
            held = [(item, str(document.number) if alone and name != TOP else None)]
            last = document.number
    except Refusal:
        yield from ((ticket, None) for ticket, _ in held)
        raise
    yield from held


def _beside(content: dict[str, object], comments: list[str]) -> dict[str, object]:
    """Give a ticket with the comments that came beside it."""
    if not comments:
        return content
    return {"comments": [json.loads(comment) for comment in comments], **content}


def _people_in(ticket: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for name in _PEOPLE:
        inside = ticket.get(name)
        for each in inside if isinstance(inside, list) else (inside,):
            if isinstance(each, dict):
                yield each


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
    lists = _LISTS - _CONVERSATION if "requester_id" in value else _LISTS
    return not any(isinstance(value.get(name), list) for name in lists)


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

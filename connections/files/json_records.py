"""One JSON document as a file of tickets: a list, or a list somewhere in it, or a ticket alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from connections.files.json_document import JsonItem, ListedItems, json_events
from connections.files.json_lines import json_object
from connections.files.reading_limits import ReadingCost, most_records
from connections.files.ticket_file import Record, TicketFile, decoded
from policy.refusal import Refusal, quoted, shown

_LOOKED_AT: Final = 1024 * 1024
_GOES_ON: Final = (b"{", b"[", b",", b":")
"""How a line ends that is not all of what it began."""

Wanted = Callable[[Mapping[str, object]], bool]
"""Says whether an object may be a ticket."""

Path = tuple[str, ...]


class JsonRecords:
    """Reads the tickets at a ``path`` of a document of any length, one in memory at a time.

    The place of a ticket is its ordinal. A document that breaks off gives those before the break.
    """

    place: Final = "ticket"
    preparations: Final = 0

    def __init__(self, file: TicketFile, path: Sequence[str]) -> None:
        self._file = file
        self._path = path

    def records(self) -> Iterator[Record]:
        """Read the file from its start, a record for each ticket.

        Raises Refusal when there is no such path in it.
        """
        listed = ListedItems(
            self._file.pieces(), self._path, ReadingCost(most_records(self._file.size))
        )
        ordinal = 0
        try:
            for ordinal, item in enumerate(listed.items(), start=1):
                yield Record(ordinal, _object(item))
        except Refusal as broken:
            yield Record(ordinal + 1, broken)
            return
        if not listed.is_met:
            place = quoted(".".join(self._path))
            raise Refusal(f"{self._file.name}: no list at {place}, which [file] list names")


def path_named(written: str) -> Path:
    """Give the path that a mapping writes as ``result.records``; "" is the document itself."""
    return tuple(step for step in written.replace("[]", "").split(".") if step)


def path_of_document(file: TicketFile, wanted: Wanted) -> Path | None:
    """Give where in one JSON document the tickets stand; None for JSON lines.

    It is the first list of objects that are ``wanted``, else the first list of objects.
    """
    first, second, beginning = _beginning(file)
    if beginning.startswith(b"{"):
        with suppress(Refusal):
            whole = json_object(decoded(first))
            if wanted(whole):
                return None
            found = _search(first, wanted)
            return found.right if second.startswith(b"{") else found.path or None
        if second.startswith(b"{") and not first.endswith(_GOES_ON):
            return None
        if not first.endswith(_GOES_ON) and len(beginning) < _LOOKED_AT:
            return _search(beginning, wanted).right
    elif not beginning.startswith(b"["):
        return None
    return _search(beginning, wanted).path or ()


def words_of(path: Path) -> str:
    """Say that a file was found to be one document, and what of it is read."""
    whole = "it is one JSON document, not JSON lines"
    if not path:
        return whole
    return f"{whole}: read the list at {quoted('.'.join(path))}"


def _beginning(file: TicketFile) -> tuple[bytes, bytes, bytes]:
    """Give the first line that is not blank, the beginning of the next, and all that was read."""
    begun = b""
    with suppress(Refusal):
        for piece in file.pieces():
            begun = (begun + piece).lstrip()
            if len(begun) >= _LOOKED_AT:
                break
    first, _, rest = begun.partition(b"\n")
    return first.rstrip(), rest.lstrip(), begun


def _search(beginning: bytes, wanted: Wanted) -> "_Search":
    """Look for tickets in what a document begins with."""
    search = _Search(wanted)
    with suppress(Refusal):
        for event, value in json_events(iter([beginning]), ReadingCost(_LOOKED_AT)):
            if search.is_over(event, value):
                break
    return search


class _Search:
    """Looks for the list of tickets, by the first object in each list."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._keys: list[str] = []
        self._lists: list[bool] = []
        self._top: set[str] = set()
        self._tried: set[Path] = set()
        self._item: JsonItem | None = None
        self._first: Path | None = None
        self.right: Path | None = None

    @property
    def path(self) -> Path | None:
        """Where tickets stand, or at least the first objects; None where no list has any."""
        if self.right is not None:
            return self.right
        return () if self._wanted(dict.fromkeys(self._top)) else self._first

    def is_over(self, event: str, value: object) -> bool:
        """Take one step; give whether a list of tickets was found."""
        path = tuple(self._keys)
        if self._item is not None:
            if self._item.add(event, value):
                content, self._item = self._item.value, None
                within = _path_within(content, self._wanted)
                self.right = None if within is None else path + within
        elif event == "map_key":
            self._keys[-1] = str(value)
            if len(self._lists) == 1:
                self._top.add(str(value))
        elif event in ("end_map", "end_array"):
            if not self._lists.pop():
                self._keys.pop()
        elif event in ("start_map", "start_array"):
            is_list = event == "start_array"
            if not is_list and self._lists and self._lists[-1] and path not in self._tried:
                self._try(path, event, value)
            else:
                self._lists.append(is_list)
                if not is_list:
                    self._keys.append("")
        return self.right is not None

    def _try(self, path: Path, event: str, value: object) -> None:
        self._tried.add(path)
        self._first = path if self._first is None else self._first
        self._item = JsonItem()
        self._item.add(event, value)


def _path_within(item: object, wanted: Wanted) -> Path | None:
    """Give where in an item the first object stands that is wanted, be it the item itself."""
    if isinstance(item, list):
        return _path_within(item[0], wanted) if item else None
    if not isinstance(item, dict):
        return None
    if wanted(item):
        return ()
    for name, value in item.items():
        if isinstance(value, dict | list) and (path := _path_within(value, wanted)) is not None:
            return (name, *path)
    return None


def _object(item: object) -> Mapping[str, object] | Refusal:
    if isinstance(item, dict):
        return item
    return Refusal(f"{shown(item)}; expected an object")

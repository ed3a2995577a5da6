"""Whole JSON documents of any length, walked in one pass: only one item is in memory at a time.

The walking is done with ijson, which is well kept, brings a parser in C in its wheels and takes a
file in pieces; the standard library can only hold a whole document in memory. Its own search by
prefix is not used: the prefixes of a document that is nested 100,000 deep fill any memory.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import ijson  # type: ignore[import-untyped]  # it ships no types

from connections.files.reading_limits import DEEPEST, LONGEST_LINE, ReadingCost, check_values
from policy.refusal import Refusal

TOP: Final = ""
"""The place of what stands in no named list: items of a list, or values one after the other."""

_PIECE = 64 * 1024
_LONG_PIECE = 1024 * 1024
_STARTS = {"start_map": dict, "start_array": list}
_ENDS = frozenset({"end_map", "end_array"})
_PARSER_WORDS = re.compile(r"(?:lexical|parse) error: ([^\n\\]+)")


class JsonDocument:
    """Walks a document and finds the items of the named lists.

    A name may hold one object instead of a list. With ``TOP`` among the names, the items are those
    of a list at the top, or else whole documents, one after the other. ``found`` has the names
    that were met, be it only with an empty list. ``number`` counts the documents that are over: all
    items of one document come with the same.
    """

    def __init__(self, pieces: Iterator[bytes], names: Collection[str], cost: ReadingCost) -> None:
        self.found: set[str] = set()
        self.number = 0
        self._pieces = pieces
        self._names = names
        self._cost = cost
        self._outside: list[str] = []
        self._name = TOP
        self._item: JsonItem | None = None

    def items(self) -> Iterator[tuple[str, object]]:
        """Give each item with the name it stands under.

        Raises Refusal where the document is not JSON or breaks off, after all items before that.
        """
        for event, value in json_events(self._pieces, self._cost):
            if self._item is None and self._begins_item(event):
                self._item = JsonItem()
                self._cost.add_record()
            if self._item is None:
                self._step_outside(event, value)
            elif self._item.add(event, value):
                yield self._name, self._item.value
                self._item = None

    def _begins_item(self, event: str) -> bool:
        if self._name not in self._names or event in _ENDS or event == "map_key":
            return False
        inside = ["start_array"] if self._name == TOP else ["start_map", "start_array"]
        return self._outside == inside or (self._outside == inside[:-1] and event != "start_array")

    def _step_outside(self, event: str, value: object) -> None:
        if event in _STARTS:
            self._outside.append(event)
            _check_nesting(len(self._outside))
        elif event in _ENDS:
            self._outside.pop()
        elif event == "map_key" and len(self._outside) == 1:
            self._meet(str(value))
        if not self._outside:
            self._name = TOP
            self.number += 1

    def _meet(self, name: str) -> None:
        self._name = name
        if name in self._names:
            self.found.add(name)


class ListedItems:
    """The items of the list at a ``path`` of a document, or what stands there alone.

    A path is the names that lead there; lists on the way are walked through, so that pages in a
    list, or one after the other, are read as one. ``is_met`` says whether the path was there.
    """

    def __init__(self, pieces: Iterator[bytes], path: Sequence[str], cost: ReadingCost) -> None:
        self.is_met = not path
        self._pieces = pieces
        self._cost = cost
        self._path = list(path)
        self._keys: list[str] = []
        self._lists: list[bool] = []

    def items(self) -> Iterator[object]:
        """Give each item. Raises Refusal where the document is not JSON or breaks off."""
        item = None
        for event, value in json_events(self._pieces, self._cost):
            if item is not None:
                if item.add(event, value):
                    yield item.value
                    item = None
            elif event == "map_key":
                self._keys[-1] = str(value)
                self.is_met = self.is_met or self._keys == self._path
            elif event in _ENDS:
                if not self._lists.pop():
                    self._keys.pop()
            elif self._keys == self._path and self._is_item(event):
                item = JsonItem()
                self._cost.add_record()
                if item.add(event, value):
                    yield item.value
                    item = None
            elif event in _STARTS:
                self._begin(is_list=event == "start_array")

    def _is_item(self, event: str) -> bool:
        """Say whether what begins at the path is an item: in no list only an object is one."""
        return event == "start_map" or (event != "start_array" and self._lists[-1:] == [True])

    def _begin(self, *, is_list: bool) -> None:
        self._lists.append(is_list)
        if not is_list:
            self._keys.append("")
        _check_nesting(len(self._lists))


def json_events(pieces: Iterator[bytes], cost: ReadingCost) -> Iterator[tuple[str, object]]:
    """Give the steps of a document: what begins, ends or stands there, with keys and values.

    Raises Refusal where it is not JSON or breaks off, or where it has so many steps or so long a
    text that it is not read on, after all steps before that.
    """
    without = 0
    found = ijson.sendable_list()
    # With exact numbers instead of floats, ijson 3.6 crashes on an integer of 5,000 digits.
    parser = ijson.basic_parse_coro(found, multiple_values=True, use_float=True)
    try:
        for piece in _longer(pieces, lambda: without):  # noqa: B023 - as long as it is by then
            parser.send(piece)
            without = 0 if found else without + len(piece)
            if without > LONGEST_LINE:
                raise Refusal(f"the document has more than {LONGEST_LINE:,} bytes in one value")
            yield from found
            cost.add_values(len(found))
            found.clear()
        parser.close()
    except (ijson.JSONError, ValueError) as error:
        yield from found
        raise Refusal(_words(error)) from None
    yield from found


def _longer(pieces: Iterator[bytes], without: Callable[[], int]) -> Iterator[bytes]:
    """Give what comes in pieces that suit the parser; ``without`` is how long a value is by now.

    With every piece the parser begins anew at the start of a value that it has not all of, so in a
    long one the pieces are longer: few of them, where 250 would take time by their square.
    """
    held = b""
    for piece in pieces:
        for start in range(0, len(piece), _PIECE):
            held += piece[start : start + _PIECE]
            if len(held) >= min(without(), _LONG_PIECE):
                yield held
                held = b""
    if held:
        yield held


def _check_nesting(depth: int) -> None:
    if depth > DEEPEST:
        raise Refusal("the document cannot be read from here on: lists nested too deeply")


def _words(error: Exception) -> str:
    words = _PARSER_WORDS.search(str(error))
    if words is not None and "EOF" in words[1]:
        return "the document breaks off here"
    reason = words[1].strip().rstrip(".") if words else "it cannot be understood"
    return f"the document is not JSON from here on: {reason}"


class JsonItem:
    """One value, put together from the steps of its document."""

    def __init__(self) -> None:
        self.value: object = None
        self._values = 0
        self._open: list[dict[str, object] | list[object]] = []
        self._keys: list[str] = []

    def add(self, event: str, value: object) -> bool:
        """Take one step; give whether the value is complete."""
        if event == "map_key":
            self._keys.append(str(value))
            return False
        if event in _ENDS:
            self._open.pop()
            return not self._open
        start = _STARTS.get(event)
        self._place(value if start is None else start())
        return not self._open

    def _place(self, value: object) -> None:
        self._values += 1
        check_values(self._values)
        if not self._open:
            self.value = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        else:
            self._open[-1][self._keys.pop()] = value
        if isinstance(value, dict | list):
            self._open.append(value)
            _check_nesting(len(self._open))

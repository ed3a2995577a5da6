"""Several lines that tell of one ticket: which of them tells what."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from connections.files.columns import Aside, text_of
from connections.files.mapping import TicketMapping, ToldFields
from connections.files.mapping_sections import LinesSection
from connections.files.ticket_file import FileReader
from policy.refusal import Refusal, shown
from store.transfer.disk_cache import Spill

_FIRST_OF_BOTH: Final = frozenset({"received_at", "first_response_at"})
"""What the first line tells where ``keep`` is both: when it came, and when it was answered."""

_SHELF: Final = "lines"


@dataclass(frozen=True, slots=True)
class ToldTicket:
    """What a place of a file tells of a ticket, or why it tells nothing."""

    line: int
    content: ToldFields | Refusal


@dataclass(frozen=True, slots=True)
class _Part:
    """Fields that one line of a ticket tells: the first or the last, or that which ``says`` one."""

    name: str
    fields: frozenset[str]
    sign: int
    says: str | None = None

    def key(self, ticket: str) -> str:
        return f"{self.name}\0{ticket}"


def told_by_lines(
    reader: FileReader,
    mapping: TicketMapping,
    lines: LinesSection,
    spill: Spill,
    pass_over: Callable[[], None],
) -> Iterator[ToldTicket]:
    """Read the file twice: see which lines of each ticket tell what, then give what they tell.

    "First and last lines of an event log into one ticket (``received_at`` of the first, status of
    the last, first response of the first that says so), in the order of a number or a time." A
    line that cannot be read, or that names no ticket, is given with the reason; ``pass_over`` is
    called for one that the mapping leaves out.
    """
    return _TicketLines(reader, mapping, lines, spill).told(pass_over)


class _TicketLines:
    def __init__(
        self, reader: FileReader, mapping: TicketMapping, lines: LinesSection, spill: Spill
    ) -> None:
        self._reader = reader
        self._mapping = mapping
        self._lines = lines
        self._spill = spill
        self._parts = _parts(mapping, lines)

    def told(self, pass_over: Callable[[], None]) -> Iterator[ToldTicket]:
        for record in self._reader.records():
            content = record.content
            if not isinstance(content, Refusal) and not self._mapping.passes_over(content):
                self._offer(record.line, content)
        for record in self._reader.records():
            content = record.content
            if isinstance(content, Refusal):
                yield ToldTicket(record.line, content)
            elif self._mapping.passes_over(content):
                pass_over()
            else:
                yield from self._told_by(record.line, content)

    def _offer(self, line: int, content: Mapping[str, object]) -> None:
        try:
            ticket, order = self._claim(content)
        except Refusal:
            return  # the second reading says so
        for part in self._parts:
            if part.says is None or self._mapping.says(part.says, content):
                self._spill.offer(part.key(ticket), line, part.sign * order, part.sign * line)

    def _told_by(self, line: int, content: Mapping[str, object]) -> Iterator[ToldTicket]:
        """Give a ticket with the last of the lines that tell of it, and keep those before."""
        try:
            ticket, _ = self._claim(content)
        except Refusal as refusal:
            yield ToldTicket(line, refusal)
            return
        winners = [self._spill.winning_line(part.key(ticket)) for part in self._parts]
        if line not in winners:
            return
        if any(winner is not None and winner > line for winner in winners):
            self._spill.put(_SHELF, f"{line}", json.dumps(content, default=_plain))
            return
        place = winners[0] or line
        try:
            parts = zip(self._parts, winners, strict=True)
            told = ToldFields.together(
                self._mapping.told(self._content(winner or place, line, content), part.fields)
                for part, winner in parts
            )
        except Refusal as refusal:
            yield ToldTicket(place, refusal)
        else:
            yield ToldTicket(place, told)

    def _content(
        self, winner: int, line: int, content: Mapping[str, object]
    ) -> Mapping[str, object]:
        """Give what stands in a line that was read before, or in this one."""
        if winner == line:
            return content
        kept = self._spill.get(_SHELF, f"{winner}")
        said: Mapping[str, object] = {} if kept is None else json.loads(kept)
        return said

    def _claim(self, content: Mapping[str, object]) -> tuple[str, float]:
        """Give the ticket that a line tells of, and the line's place in the order."""
        ticket = self._mapping.value(self._lines.ticket, content)
        if ticket is None:
            raise Refusal(f"{self._lines.ticket[0].names[0]}: missing, and it names the ticket")
        if self._lines.order_by is None:
            return text_of(ticket), 0
        value = self._mapping.value(self._lines.order_by, content)
        order = self._mapping.order(value)
        if order is None:
            column = self._lines.order_by[0].names[0]
            raise Refusal(f"{column}: {shown(value)}; expected a number or a time")
        return text_of(ticket), order


def _parts(mapping: TicketMapping, lines: LinesSection) -> tuple[_Part, ...]:
    """Give which fields are of which line; the first part is the line that tells all others."""
    first, last = lines.first - lines.last, lines.last
    if lines.keep == "both":
        first |= _FIRST_OF_BOTH - last
    said = mapping.when.keys() - first - last
    if lines.keep == "first":
        first |= said
    else:
        last |= said
    single = [(name, 1 if name in last else -1) for name in sorted(first | last)]
    single = [(name, sign) for name, sign in single if name in mapping.told_fields]
    others = mapping.told_fields - {name for name, _ in single}
    return (
        _Part("", others, -1 if lines.keep == "first" else 1),
        *(_Part(name, frozenset({name}), sign, says=name) for name, sign in single),
    )


def _plain(value: object) -> object:
    return value.value if isinstance(value, Aside) else None

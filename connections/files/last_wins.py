"""Several lines that tell of one ticket: which of them counts."""

import math
from collections.abc import Iterator, Mapping

from connections.files.columns import text_of
from connections.files.mapping import TicketMapping
from connections.files.mapping_sections import LinesSection
from connections.files.ticket_file import FileReader, Record
from policy.refusal import Refusal, shown
from store.transfer.disk_cache import Spill


def winning_records(
    reader: FileReader, mapping: TicketMapping, lines: LinesSection, spill: Spill
) -> Iterator[Record]:
    """Read the file twice: see which line of each ticket wins, then give only those.

    A line that cannot be read, or that names no ticket, is given with the reason.
    """
    claims = _Claims(mapping, lines)
    for record in reader.records():
        try:
            key, rank = claims.claim(record)
        except Refusal:
            continue
        tie = record.line if lines.keep == "last" else -record.line
        spill.offer(key, record.line, rank, tie)
    for record in reader.records():
        try:
            key, _ = claims.claim(record)
        except Refusal as refusal:
            yield Record(record.line, refusal)
            continue
        if spill.winning_line(key) == record.line:
            yield record


class _Claims:
    """What a line says of the ticket it tells of, and of its rank among that ticket's lines."""

    def __init__(self, mapping: TicketMapping, lines: LinesSection) -> None:
        self._mapping = mapping
        self._lines = lines
        self._sign = 1 if lines.keep == "last" else -1

    def claim(self, record: Record) -> tuple[str, float]:
        """Give the ticket and the line's rank, the highest of which wins; raises Refusal."""
        if isinstance(record.content, Refusal):
            raise record.content
        key = self._mapping.value(self._lines.ticket, record.content)
        if key is None:
            raise Refusal(f"{self._lines.ticket[0].names[0]}: missing, and it names the ticket")
        return text_of(key), self._sign * self._order(record.content)

    def _order(self, content: Mapping[str, object]) -> float:
        if self._lines.order_by is None:
            return 0
        value = self._mapping.value(self._lines.order_by, content)
        try:
            order = float(text_of(value))
        except ValueError:
            order = math.nan
        if not math.isfinite(order):
            column = self._lines.order_by[0].names[0]
            raise Refusal(f"{column}: {shown(value)}; expected a number")
        return order

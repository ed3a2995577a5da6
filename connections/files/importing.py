"""The import: from a file on disk to validated tickets, in batches, at the desk."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Protocol, runtime_checkable

from connections.files.archive_file import ArchiveFile, is_export
from connections.files.formats import Format, format_of, reader_of
from connections.files.last_wins import winning_records
from connections.files.mapping import TicketMapping, load_mapping
from connections.files.ticket_file import FileReader, Record, TicketFile
from connections.files.zendesk_export import ZendeskExport
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.intake.missing_answers import MissingAnswers
from policy.refusal import Refusal, shown
from policy.vocabulary import Vocabulary
from store.tickets.ingest import Outcome
from store.transfer.archive import RECORD, TICKET
from store.transfer.archive import Record as Archived
from store.transfer.disk_cache import Spill

REJECTED_AT_MOST: Final = 10_000
"""How many rejected lines a report repeats; of further ones it only has the number."""

_BATCH = 500

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read."""


class TakesIn(Protocol):
    """The transfer of a desk, as far as an import needs it."""

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Take in a batch in one transaction and give what became of each ticket."""

    def known(self, batch: Sequence[IncomingTicket]) -> list[bool]:
        """Say of each ticket whether its source has told of it before."""

    def words(self) -> Vocabulary:
        """Give the words of the policy in force."""


@runtime_checkable
class TakesBack(Protocol):
    """The transfer of a desk, as far as an export of everything needs it."""

    def take_back(
        self, records: Callable[[], Iterable[Archived]], *, dry_run: bool = False
    ) -> bool:
        """Take an export into an empty database, all or nothing; False when it is there already."""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A place in a file, counted from 1, whose ticket did not come in, and why, in one line."""

    line: int
    error: str


@dataclass(slots=True)
class ImportReport:
    """What an import did, in tickets; ``place`` says what ``line`` counts, a line or a ticket.

    ``read`` is the sum of the others, but for a strict import that took in nothing: then it holds
    ``held_back`` good ones too. ``rejected`` has the first 10,000, ``rejected_in_all`` counts all.
    ``notes`` are sentences on what the file as a whole does not tell.
    """

    place: str = "line"
    read: int = 0
    admitted: int = 0
    declined: int = 0
    updated: int = 0
    unchanged: int = 0
    held_back: int = 0
    rejected_in_all: int = 0
    rejected: list[RejectedLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """How many rejected lines are not in ``rejected``."""
        return self.rejected_in_all - len(self.rejected)

    def as_json(self) -> dict[str, object]:
        """Give it as ``import --json`` prints it; a last entry counts what is left out."""
        rejected = [{"line": each.line, "error": each.error} for each in self.rejected]
        if self.left_out:
            more = f"and {self.left_out:,} more after this {self.place}"
            rejected.append({"line": self.rejected[-1].line, "error": more})
        counts = {name: getattr(self, name) for name in ("read", *map(str, Outcome))}
        return {**counts, "rejected": rejected}

    def reject(self, line: int, error: str) -> None:
        """Count a line that did not come in."""
        self.read += 1
        self.rejected_in_all += 1
        if len(self.rejected) < REJECTED_AT_MOST:
            self.rejected.append(RejectedLine(line, error))

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Count what became of tickets that came in."""
        self.read += len(outcomes)
        for outcome in outcomes:
            setattr(self, outcome, getattr(self, outcome) + 1)


def import_file(
    desk: TakesIn,
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,  # noqa: A002 - as the option is called
    mapping: str | None = None,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read a file of tickets, ``-`` for standard input, and have the desk take in the good ones.

    ``mapping`` is the path of a mapping or the name of a shipped one. Bad lines are named in the
    report and the good ones go in; with ``strict`` nothing goes in when one is bad. Memory stays
    the same at any size. No transaction is open while the file is read. Raises Refusal when the
    file or the mapping is of no use as a whole, or when the desk refuses; then it says how many
    tickets had come in before.
    """
    words = desk.words()
    chosen = None if mapping is None else load_mapping(mapping, words)
    with ExitStack() as opened:
        file = opened.enter_context(TicketFile.open(os.fspath(path)))
        found = format or format_of(file)
        if chosen is None and isinstance(desk, TakesBack) and is_export(file):
            return _taken_back(desk, ArchiveFile(file, found), dry_run=dry_run)
        if chosen is None and found is Format.ZENDESK:
            chosen = load_mapping("zendesk", words)
        reader = reader_of(file, found, chosen, words, opened.enter_context(Spill()))
        if progress is not None:
            _watch(file, progress, _readings(reader, chosen, strict=strict))
        source = _Source(reader, chosen, desk, words)
        report = _checked(source) if strict else ImportReport()
        if not report.rejected_in_all:
            report = _taken_in(desk, source, words, dry_run=dry_run)
        if progress is not None:
            progress(file.size, file.size)
    return report


@dataclass(frozen=True, slots=True)
class _ReadTicket:
    """What stands in a place: a ticket or why it is none; ``lacking`` is why it can be no new one.

    ``lacking`` counts only until the desk has said that it knows the ticket.
    """

    line: int
    content: IncomingTicket | Refusal
    lacking: Refusal | None = None


class _Source:
    """The tickets of a file, or why one is none, each with its place; to be read repeatedly."""

    def __init__(
        self,
        reader: FileReader,
        mapping: TicketMapping | None,
        desk: TakesIn,
        words: Vocabulary,
    ) -> None:
        self._reader = reader
        self._mapping = mapping
        self._desk = desk
        self._words = words

    @property
    def place(self) -> str:
        return self._reader.place

    def tickets(self) -> Iterator[tuple[int, IncomingTicket | Refusal]]:
        """Give every ticket with its place; one that lacks something only where it is known."""
        with Spill() as spill:
            reads = self._reads(spill)
            while chunk := list(islice(reads, _BATCH)):
                new = self._new_among(chunk)
                for each in chunk:
                    content = each.content
                    if each.lacking is not None and each.line in new:
                        content = each.lacking
                    yield each.line, content

    def _new_among(self, chunk: Sequence[_ReadTicket]) -> set[int]:
        """Give the places of those that lack something, and that nothing is known of."""
        unsure = [
            (each.line, each.content)
            for each in chunk
            if each.lacking is not None and isinstance(each.content, IncomingTicket)
        ]
        known = self._desk.known([ticket for _, ticket in unsure]) if unsure else []
        return {line for (line, _), is_known in zip(unsure, known, strict=True) if not is_known}

    def notes(self, answers: MissingAnswers) -> Iterator[str]:
        """Give what there is to say of a file that told of so many answers."""
        wanting = self._reader.wanting if isinstance(self._reader, ZendeskExport) else None
        if wanting is not None and not answers.told:
            yield wanting
        yield from answers.sentences()

    def _reads(self, spill: Spill) -> Iterator[_ReadTicket]:
        for record in self._records(spill):
            try:
                yield self._read(record, spill)
            except Refusal as refusal:
                yield _ReadTicket(record.line, refusal)

    def _read(self, record: Record, spill: Spill) -> _ReadTicket:
        if isinstance(record.content, Refusal):
            raise record.content
        lacking = None
        if self._mapping is None:
            ticket = incoming_ticket(record.content, self._words)
        else:
            told = self._mapping.told(record.content)
            lacking = told.lacking
            ticket = incoming_ticket(
                told.fields,
                self._words,
                stand_ins=frozenset(told.stand_ins),
                references=told.references,
            )
        self._refuse_repetition(ticket, record.line, spill)
        return _ReadTicket(record.line, ticket, lacking)

    def _records(self, spill: Spill) -> Iterator[Record]:
        if self._mapping is None or self._mapping.lines is None:
            return self._reader.records()
        return winning_records(self._reader, self._mapping, self._mapping.lines, spill)

    def _refuse_repetition(self, ticket: IncomingTicket, line: int, spill: Spill) -> None:
        key = f"{ticket.source}:{ticket.external_id}"
        first = spill.first_line(key, line)
        if first is not None:
            already = f"stands in {self.place} {first:,} already"
            raise Refusal(f"external_id: {shown(key)[1:-1]} {already}")


def _checked(source: _Source) -> ImportReport:
    report = ImportReport(source.place)
    for line, ticket in source.tickets():
        if isinstance(ticket, Refusal):
            report.reject(line, ticket.reason)
        else:
            report.read += 1
            report.held_back += 1
    return report


def _taken_in(desk: TakesIn, source: _Source, words: Vocabulary, *, dry_run: bool) -> ImportReport:
    report = ImportReport(source.place)
    answers = MissingAnswers(words)
    batch: list[IncomingTicket] = []
    for line, ticket in source.tickets():
        if isinstance(ticket, Refusal):
            report.reject(line, ticket.reason)
            continue
        batch.append(ticket)
        if len(batch) == _BATCH:
            answers = _take_in(desk, batch, report, answers, dry_run=dry_run)
            batch = []
    if batch:
        answers = _take_in(desk, batch, report, answers, dry_run=dry_run)
    if report.read > report.rejected_in_all:
        report.notes.extend(source.notes(answers))
    return report


def _take_in(
    desk: TakesIn,
    batch: Sequence[IncomingTicket],
    report: ImportReport,
    answers: MissingAnswers,
    *,
    dry_run: bool,
) -> MissingAnswers:
    """Have a batch taken in, and give what the tickets of the file want, these among them."""
    try:
        outcomes = desk.take_in(batch, dry_run=dry_run)
    except Refusal as refusal:
        before = report.read - report.rejected_in_all
        if dry_run or not before:
            raise
        raise Refusal(f"{refusal.reason} ({before:,} tickets of the file are in)") from None
    report.count(outcomes)
    for ticket, outcome in zip(batch, outcomes, strict=True):
        answers = answers.plus(ticket, declined=outcome is Outcome.DECLINED)
    return answers


def _taken_back(desk: TakesBack, archive: ArchiveFile, *, dry_run: bool) -> ImportReport:
    """Have the desk take an export of everything back, once all of it was looked at."""
    came = Counter[Outcome]()
    for record in archive.records():
        if record[RECORD] == TICKET:
            came[Outcome.ADMITTED if record["declined"] is None else Outcome.DECLINED] += 1
    taken = desk.take_back(archive.records, dry_run=dry_run)
    report = ImportReport(read=came.total())
    if taken:
        report.admitted, report.declined = came[Outcome.ADMITTED], came[Outcome.DECLINED]
    else:
        report.unchanged = report.read
    return report


def _readings(reader: FileReader, mapping: TicketMapping | None, *, strict: bool) -> int:
    """Give how many times the whole file is going to be read."""
    each = 2 if mapping is not None and mapping.lines is not None else 1
    return reader.preparations + each * (2 if strict else 1)


def _watch(file: TicketFile, progress: Progress, readings: int) -> None:
    """Tell how far all readings together have come, in bytes of the file."""
    before = file.bytes_read
    file.on_read = lambda: progress(
        min((file.bytes_read - before) // readings, file.size), file.size
    )

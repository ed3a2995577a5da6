"""The import: from a file on disk to validated tickets, in batches, at the desk."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connections.files.archive_file import ArchiveFile, is_export
from connections.files.formats import Format, format_of, reader_of
from connections.files.import_report import ImportReport
from connections.files.mapping import TicketMapping, ToldFields
from connections.files.mapping_files import load_mapping
from connections.files.ticket_file import FileReader, TicketFile
from connections.files.ticket_lines import ToldTicket, told_by_lines
from connections.files.zendesk_export import ZendeskExport
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.intake.missing_answers import MissingAnswers
from policy.refusal import Refusal, shown
from policy.vocabulary import Vocabulary
from store.tickets.ingest import Outcome
from store.transfer.archive import RECORD, TICKET
from store.transfer.archive import Record as Archived
from store.transfer.disk_cache import Spill

_BATCH = 1_000
_TEXT_OF_A_BATCH = 8_000_000
"""How many tickets, and characters of their bodies, go in with one transaction.

Others who write wait that long, and so much is in memory.
"""

_LOOKED_UP = 500
"""Of how many tickets at a time it is asked whether they are known."""

_OBJECTS_OF_SEVERAL_BATCHES = 1_000_000

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
        opened.enter_context(_collecting_seldom())
        file = opened.enter_context(TicketFile.open(os.fspath(path)))
        if chosen is not None and chosen.file.encoding is not None:
            file.read_as(chosen.file.encoding)
        found = format or format_of(file, is_mapped=chosen is not None)
        if chosen is None and isinstance(desk, TakesBack) and is_export(file):
            return _taken_back(desk, ArchiveFile(file, found), dry_run=dry_run)
        if chosen is None and found is Format.ZENDESK:
            chosen = load_mapping("zendesk", words)
        reader = reader_of(file, found, chosen, words, opened.enter_context(Spill()))
        if progress is not None:
            _watch(file, progress, _readings(reader, chosen, strict=strict))
        source = _Source(file, reader, chosen, desk, words)
        report = _checked(source) if strict else ImportReport()
        if not report.rejected_in_all:
            report = _taken_in(desk, source, words, dry_run=dry_run)
        if progress is not None:
            progress(file.size, file.size)
    return report


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom: what a batch is made of goes with it, and refers to itself nowhere.

    Looking through the thousands of tickets of a batch again and again takes a quarter of the time.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(_OBJECTS_OF_SEVERAL_BATCHES, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


@dataclass(frozen=True, slots=True)
class _ReadTicket:
    """What stands in a place: a ticket or why it is none; ``lacking`` is why it can be no new one.

    ``lacking`` counts only until the desk has said that it knows the ticket. ``warnings`` say what
    of it was left out.
    """

    line: int
    content: IncomingTicket | Refusal
    lacking: Refusal | None = None
    warnings: Sequence[str] = ()


class _Source:
    """The tickets of a file, or why one is none, each with its place; to be read repeatedly."""

    def __init__(
        self,
        file: TicketFile,
        reader: FileReader,
        mapping: TicketMapping | None,
        desk: TakesIn,
        words: Vocabulary,
    ) -> None:
        self._file = file
        self._reader = reader
        self._passed_over = 0
        self._mapping = mapping
        self._desk = desk
        self._words = words

    @property
    def place(self) -> str:
        return self._reader.place

    def tickets(self) -> Iterator[_ReadTicket]:
        """Give every ticket with its place; one that lacks something only where it is known."""
        self._passed_over = 0
        with Spill() as spill:
            reads = self._reads(spill)
            while chunk := _chunk(reads):
                new = self._new_among(chunk)
                for each in chunk:
                    if each.lacking is not None and each.line in new:
                        yield _ReadTicket(each.line, each.lacking)
                    else:
                        yield each

    def _new_among(self, chunk: Sequence[_ReadTicket]) -> set[int]:
        """Give the places of those that lack something, and that nothing is known of."""
        unsure = [
            (each.line, each.content)
            for each in chunk
            if each.lacking is not None and isinstance(each.content, IncomingTicket)
        ]
        known = self._desk.known([ticket for _, ticket in unsure]) if unsure else []
        return {line for (line, _), is_known in zip(unsure, known, strict=True) if not is_known}

    def notes(self, answers: MissingAnswers, *, any_in: bool) -> Iterator[str]:
        """Give what there is to say of a file that told of so many answers, if ``any_in`` is."""
        yield from self._file.notes
        if self._passed_over:
            places = f"{self.place} is" if self._passed_over == 1 else f"{self.place}s are"
            yield f"{self._passed_over:,} {places} left out, as the mapping says"
        if not any_in:
            return
        wanting = self._reader.wanting if isinstance(self._reader, ZendeskExport) else None
        if wanting is not None and not answers.told:
            yield wanting
        yield from answers.sentences()

    def _reads(self, spill: Spill) -> Iterator[_ReadTicket]:
        for told in self._told(spill):
            try:
                yield self._read(told, spill)
            except Refusal as refusal:
                yield _ReadTicket(told.line, refusal.with_traceback(None))

    def _read(self, told: ToldTicket, spill: Spill) -> _ReadTicket:
        if isinstance(told.content, Refusal):
            raise told.content
        warnings = list(told.content.warnings)
        ticket = incoming_ticket(
            told.content.fields,
            self._words,
            stand_ins=frozenset(told.content.stand_ins),
            references=told.content.references,
            warnings=warnings,
        )
        self._refuse_repetition(ticket, told.line, spill)
        return _ReadTicket(told.line, ticket, told.content.lacking, warnings)

    def _told(self, spill: Spill) -> Iterator[ToldTicket]:
        if self._mapping is None:
            for record in self._reader.records():
                said = record.content
                told = said if isinstance(said, Refusal) else ToldFields(dict(said))
                yield ToldTicket(record.line, told)
        elif self._mapping.lines is None:
            yield from self._told_by_record(self._mapping)
        else:
            lines = self._mapping.lines
            yield from told_by_lines(self._reader, self._mapping, lines, spill, self._pass_over)

    def _told_by_record(self, mapping: TicketMapping) -> Iterator[ToldTicket]:
        for record in self._reader.records():
            content: ToldFields | Refusal
            if isinstance(record.content, Refusal):
                content = record.content
            elif mapping.passes_over(record.content):
                self._pass_over()
                continue
            else:
                try:
                    content = mapping.told(record.content)
                except Refusal as refusal:
                    content = refusal.with_traceback(None)
            yield ToldTicket(record.line, content)

    def _pass_over(self) -> None:
        self._passed_over += 1

    def _refuse_repetition(self, ticket: IncomingTicket, line: int, spill: Spill) -> None:
        key = f"{ticket.source}:{ticket.external_id}"
        first = spill.first_line(key, line)
        if first is not None:
            already = f"stands in {self.place} {first:,} already"
            raise Refusal(f"external_id: {shown(key)[1:-1]} {already}")


def _chunk(reads: Iterator[_ReadTicket]) -> list[_ReadTicket]:
    """Take the next tickets from what is read: so many, or so much text."""
    chunk: list[_ReadTicket] = []
    text = 0
    for each in reads:
        chunk.append(each)
        text += 0 if isinstance(each.content, Refusal) else len(each.content.body)
        if len(chunk) == _LOOKED_UP or text >= _TEXT_OF_A_BATCH:
            break
    return chunk


def _checked(source: _Source) -> ImportReport:
    report = ImportReport(source.place)
    for each in source.tickets():
        if isinstance(each.content, Refusal):
            if report.reject(each.line, each.content.reason):
                break
        else:
            report.read += 1
            report.held_back += 1
    return report


def _taken_in(desk: TakesIn, source: _Source, words: Vocabulary, *, dry_run: bool) -> ImportReport:
    report = ImportReport(source.place)
    answers = MissingAnswers(words)
    batch: list[IncomingTicket] = []
    text = 0
    for each in source.tickets():
        if isinstance(each.content, Refusal):
            if report.reject(each.line, each.content.reason):
                break
            continue
        for warning in each.warnings:
            report.warnings.add(each.line, warning)
        batch.append(each.content)
        text += len(each.content.body)
        if len(batch) == _BATCH or text >= _TEXT_OF_A_BATCH:
            answers = _take_in(desk, batch, report, answers, dry_run=dry_run)
            batch, text = [], 0
    if batch:
        answers = _take_in(desk, batch, report, answers, dry_run=dry_run)
    report.notes.extend(source.notes(answers, any_in=report.read > report.rejected_in_all))
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
            is_ours = record.get("declined") is None
            came[Outcome.ADMITTED if is_ours else Outcome.DECLINED] += 1
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

"""Which format a file has, and the reader for it."""

import shlex
from enum import StrEnum
from itertools import islice
from pathlib import PurePath
from typing import Final

from connections.files.csv_lines import CsvLines, original
from connections.files.json_lines import JsonLines
from connections.files.json_records import (
    JsonRecords,
    Wanted,
    path_named,
    path_of_document,
    words_of,
)
from connections.files.mapping import TicketMapping
from connections.files.ticket_file import FileReader, TicketFile
from connections.files.zendesk_export import (
    ZendeskExport,
    holds_tickets_of_zendesk,
    looks_like_zendesk,
)
from policy.intake.incoming import known_fields, misspelt_field, required_fields
from policy.refusal import Refusal, shown
from policy.vocabulary import Vocabulary
from store.transfer.archive import RECORD
from store.transfer.disk_cache import Spill

CSV_NAMES: Final = frozenset({".csv", ".tsv"})
JSON_NAMES: Final = frozenset({".jsonl", ".ndjson", ".json"})
"""The endings of names that say the format."""


_LOOKED_AT: Final = 20
_NAMES_SHOWN: Final = 12
_MAY_LACK: Final = 3
"""How many required fields a file of our own shape may lack; one that lacks more is another's."""


class Format(StrEnum):
    """What a file of tickets may be."""

    JSONL = "jsonl"
    CSV = "csv"
    ZENDESK = "zendesk"


def format_of(file: TicketFile, *, is_mapped: bool = False) -> Format:
    """Tell the format by the file's name and its beginning; raises Refusal when neither does.

    Where a mapping says what is which, a document is Zendesk's only if tickets of it are seen.
    """
    ending = PurePath(file.name.removesuffix(".gz")).suffix.lower()
    if ending in CSV_NAMES:
        return Format.CSV
    head = file.head.lstrip()
    if ending in JSON_NAMES or head.startswith((b"{", b"[")):
        is_seen = not is_mapped or holds_tickets_of_zendesk(head)
        return Format.ZENDESK if is_seen and looks_like_zendesk(head) else Format.JSONL
    if any(delimiter in head.split(b"\n", 1)[0] for delimiter in (b",", b";", b"\t", b"|")):
        return Format.CSV
    raise Refusal(f"{file.name}: its format cannot be told; say --format jsonl, csv or zendesk")


def reader_of(
    file: TicketFile,
    file_format: Format,
    mapping: TicketMapping | None,
    words: Vocabulary,
    spill: Spill,
) -> FileReader:
    """Give the reader for a file.

    Raises Refusal when a heading of ours is misspelt, or when a file without a mapping is of
    another shape than our own.
    """
    named = None if mapping is None else mapping.file.list
    if file_format is Format.ZENDESK and named is not None:
        file_format = Format.JSONL
    if file_format is Format.JSONL:
        return _json_reader(file, mapping, named, words)
    if file_format is Format.ZENDESK:
        return ZendeskExport(file, spill)
    if mapping is not None:
        return CsvLines(file, mapping.column_names, named=mapping.file)
    return _own_table(file, words)


def draft_advice(path: str) -> str:
    """Give what to do with a file of a shape that nothing here knows."""
    command = f"numberone mapping draft {shlex.quote(path)}"
    return f"{command} writes a first mapping for it, to import it with --map"


def _json_reader(
    file: TicketFile, mapping: TicketMapping | None, named: str | None, words: Vocabulary
) -> FileReader:
    if named is not None:
        return JsonRecords(file, path_named(named))
    path = path_of_document(file, _wanted(mapping))
    reader: FileReader = JsonLines(file)
    if path is not None:
        file.note(words_of(path))
        reader = JsonRecords(file, path)
    if mapping is None:
        _refuse_another_shape(file, reader, words)
    return reader


def _wanted(mapping: TicketMapping | None) -> Wanted:
    """Return what says whether an object may be a ticket: it has what its id is looked for in."""
    if mapping is None or "external_id" not in mapping.columns:
        return lambda record: "external_id" in record
    columns = mapping.columns["external_id"]
    return lambda record: any(column.is_there(record) for column in columns)


def _refuse_another_shape(file: TicketFile, reader: FileReader, words: Vocabulary) -> None:
    """Refuse a file whose first objects have hardly a field of ours."""
    required = required_fields(words)
    found: str | None = None
    for each in islice(reader.records(), _LOOKED_AT):
        if isinstance(each.content, Refusal) or not each.content:
            continue
        if len(required) - len(each.content.keys() & {*required}) <= _MAY_LACK:
            file.bytes_read = 0
            return
        found = found or ", ".join(shown(name) for name in islice(each.content, _NAMES_SHOWN))
    file.bytes_read = 0
    if found is not None:
        what = f"none of it has {', '.join(required)}, but {found}"
        raise Refusal(f"{file.name}: {what}; {draft_advice(file.name)}")


def _own_table(file: TicketFile, words: Vocabulary) -> CsvLines:
    required, known = required_fields(words), known_fields(words)
    headings = CsvLines(file, required).headings()
    if len({*required} - {*headings}) > _MAY_LACK:
        name = next(name for name in required if name not in headings)
        found = ", ".join(shown(heading) for heading in headings[:_NAMES_SHOWN])
        what = f"no column {shown(name)}; the headings are {found}"
        raise Refusal(f"{file.name}: {what}; {draft_advice(file.name)}")
    for heading in headings:
        meant = None if heading in known else misspelt_field(heading, headings, words)
        if meant is not None:
            what = f"unknown heading {shown(heading)}; did you mean {meant}?"
            raise Refusal(f"{file.name}: {what}")
    # What this program itself wrote was made harmless for spreadsheets.
    text_of = original if RECORD in headings else str
    never_empty = {*required, "source"}
    return CsvLines(file, required, known, text_of, never_empty, own_headings=True)

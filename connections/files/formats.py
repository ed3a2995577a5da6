"""Which format a file has, and the reader for it."""

from enum import StrEnum
from pathlib import PurePath
from typing import Final

from connections.files.csv_lines import CsvLines, original
from connections.files.json_lines import JsonLines
from connections.files.mapping import TicketMapping
from connections.files.ticket_file import FileReader, TicketFile
from connections.files.zendesk_export import ZendeskExport, looks_like_zendesk
from policy.intake.incoming import known_fields, misspelt_field, required_fields
from policy.refusal import Refusal, shown
from policy.vocabulary import Vocabulary
from store.transfer.archive import RECORD
from store.transfer.disk_cache import Spill

CSV_NAMES: Final = frozenset({".csv", ".tsv"})
JSON_NAMES: Final = frozenset({".jsonl", ".ndjson", ".json"})
"""The endings of names that say the format."""


class Format(StrEnum):
    """What a file of tickets may be."""

    JSONL = "jsonl"
    CSV = "csv"
    ZENDESK = "zendesk"


def format_of(file: TicketFile) -> Format:
    """Tell the format by the file's name and its beginning; raises Refusal when neither does."""
    ending = PurePath(file.name.removesuffix(".gz")).suffix.lower()
    if ending in CSV_NAMES:
        return Format.CSV
    head = file.head.lstrip()
    if ending in JSON_NAMES or head.startswith((b"{", b"[")):
        return Format.ZENDESK if looks_like_zendesk(head) else Format.JSONL
    if any(delimiter in head.split(b"\n", 1)[0] for delimiter in (b",", b";", b"\t")):
        return Format.CSV
    raise Refusal(f"{file.name}: its format cannot be told; say --format jsonl, csv or zendesk")


def reader_of(
    file: TicketFile,
    file_format: Format,
    mapping: TicketMapping | None,
    words: Vocabulary,
    spill: Spill,
) -> FileReader:
    """Give the reader for a file; raises Refusal when a heading of ours is misspelt."""
    if file_format is Format.JSONL:
        return JsonLines(file)
    if file_format is Format.ZENDESK:
        return ZendeskExport(file, spill)
    if mapping is not None:
        return CsvLines(file, mapping.column_names)
    required, known = required_fields(words), known_fields(words)
    headings = CsvLines(file, required).headings()
    for heading in headings:
        meant = None if heading in known else misspelt_field(heading, headings, words)
        if meant is not None:
            what = f"unknown heading {shown(heading)}; did you mean {meant}?"
            raise Refusal(f"{file.name}: {what}")
    # What this program itself wrote was made harmless for spreadsheets.
    text_of = original if RECORD in headings else str
    return CsvLines(file, required, known, text_of, {*required, "source"})

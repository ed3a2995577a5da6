"""The export: everything at the desk, or the tickets alone, into a file or standard output."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Final, Protocol

from connections.files.archive_file import as_csv, as_json_lines, csv_text, sealed
from connections.files.csv_lines import harmless
from connections.files.formats import CSV_NAMES, JSON_NAMES, Format
from policy.facts import facts_told
from policy.intake.incoming import FIELDS as IMPORT_FIELDS
from policy.refusal import Refusal
from policy.words import FactKind
from store.file_access import make_file
from store.transfer.archive import FIELDS, RECORD, TICKET, Record
from store.transfer.copy_models import Archive

STANDARD_OUTPUT: Final = "-"
"""The path that means standard output."""

_FACTS: Final = "facts"

Progress = Callable[[int, int], None]
"""Told how many records of how many have been written."""

_OFTEN = 500


class GivesAll(Protocol):
    """The transfer of a desk, as far as an export needs it."""

    def archive(self, only: Iterable[str] = ...) -> AbstractContextManager[Archive]:
        """Give everything as records one by one, all as of one instant."""


def format_of_export(path: str, wanted: Format | None) -> Format:
    """Return the format that is wanted, else the one that the file's ending says.

    Raises:
        Refusal: neither says one that can be written.
    """
    ending = PurePath(path).suffix.lower()
    if wanted is not None:
        return wanted
    if path == STANDARD_OUTPUT or ending in JSON_NAMES:
        return Format.JSONL
    if ending in CSV_NAMES:
        return Format.CSV
    raise Refusal(f"{path}: its ending says no format; say --format jsonl or csv")


def export_file(
    desk: GivesAll,
    path: str,
    file_format: Format,
    *,
    tickets_only: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    as_shown: Callable[[str], str] = str,
) -> int:
    """Write everything, or the tickets alone in the import's own format; return how many records.

    ``path`` may be ``-`` for standard output, where each line is written ``as_shown``. A file gets
    its name only when it is whole.

    Raises:
        Refusal: there is a file already and not ``force``, or it cannot be written.
    """
    with _opened(path, force=force) as out:
        only = [TICKET] if tickets_only else list(FIELDS)
        with desk.archive(only) as archive:
            total = sum(archive.counts[name] for name in only)
            records = _watched(archive.records, total, progress)
            for line in _lines(archive, records, file_format, tickets_only=tickets_only):
                out.write(as_shown(line).encode())
    return total


def _lines(
    archive: Archive, records: Iterable[Record], file_format: Format, *, tickets_only: bool
) -> Iterator[str]:
    as_lines = as_csv if file_format is Format.CSV else as_json_lines
    if not tickets_only:
        at = archive.at.isoformat().replace("+00:00", "Z")
        return as_lines(sealed({"schema": archive.schema, "at": at}, records))
    if file_format is Format.CSV:
        headings = tickets_headings(archive.fact_kinds)
        return csv_text(headings, (_cells(each, headings, archive.fact_kinds) for each in records))
    return as_json_lines(_incoming(each, archive.fact_kinds) for each in records)


def tickets_headings(kinds: Mapping[str, FactKind]) -> tuple[str, ...]:
    """Return the headings of tickets alone in CSV, under a policy that knows these facts.

    By the last one the import knows its own cells.
    """
    return (*IMPORT_FIELDS, *kinds, RECORD)


def _incoming(ticket: Record, kinds: Mapping[str, FactKind]) -> dict[str, Any]:
    """Return what the import's own format says of a ticket; what is empty is said to be.

    Otherwise a desk that takes in one export after the other would never hear of it. "Facts stand
    at the top level under their own names": those that the policy in force knows.
    """
    told = {name: ticket[name] for name in IMPORT_FIELDS if name in ticket}
    return told | facts_told(ticket.get(_FACTS) or {}, kinds)


def _cells(ticket: Record, headings: Sequence[str], kinds: Mapping[str, FactKind]) -> list[str]:
    """Return the same as cells: tags are one text, as the import takes them."""
    told = _incoming(ticket, kinds) | {RECORD: TICKET}
    tags: list[str] = ticket["tags"]
    apart = any("," in tag for tag in tags)
    told["tags"] = json.dumps(tags) if apart else "".join(f"{tag}," for tag in tags)
    return [_cell(told.get(name)) for name in headings]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else harmless(str(value))


def _watched(records: Iterable[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for count, record in enumerate(records, 1):
        if progress is not None and (count % _OFTEN == 0 or count == total):
            progress(count, total)
        yield record


@contextmanager
def _opened(path: str, *, force: bool) -> Iterator[BinaryIO]:
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(path)
    unfinished = place.with_name(f"{place.name}.unfinished")
    try:
        if place.exists() and not force:
            raise Refusal(f"{path}: exists already; name a new file, or say --force")
        make_file(unfinished)
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be written: {reason}") from None
    finally:
        with suppress(OSError, ValueError):
            unfinished.unlink(missing_ok=True)

"""A first mapping for a file of a shape that nothing here knows, with what it could not decide."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from connections.files.csv_lines import CsvLines
from connections.files.drafting.column_profile import ColumnProfile, plain_heading, profiles_of
from connections.files.drafting.known_headings import (
    HEADINGS,
    ORDERS,
    SEVERITY_WORDS,
    STATUS_WORDS,
)
from connections.files.formats import Format, format_of
from connections.files.json_lines import JsonLines
from connections.files.json_records import JsonRecords, path_of_document
from connections.files.text_encoding import ASSUMED_NOTE
from connections.files.ticket_file import FileReader, TicketFile
from policy.refusal import Refusal, one_of
from policy.vocabulary import Vocabulary, the_word
from policy.words import Severity

_LOOKED_AT: Final = 5_000
_REQUIRED: Final = ("external_id", "subject", "customer", "tier", "severity", "received_at")
_TRANSLATED: Final = frozenset({"tier", "severity", "status"})
_UNDECIDED: Final = "# undecided: "
_CUSTOMERS_OTHER_NAMES: Final = frozenset({"customer", "requester_name"})
"""Fields that may be of the same column, as a person may be all that is known of a customer."""


@dataclass(slots=True)
class _Draft:
    """The parts of a mapping as they are found."""

    words: Vocabulary
    profiles: Mapping[str, ColumnProfile]
    columns: dict[str, str] = field(default_factory=dict)
    undecided: dict[str, str] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    path: Sequence[str] = ()
    is_foreign: bool = False
    is_log: bool = False
    looked_at: int = 0


def draft_mapping(file: TicketFile, chosen: Format | None, words: Vocabulary) -> str:
    """Return a mapping, as a TOML file, from the headings and the first values of a file.

    What could not be decided stands there as ``# undecided:``, with what was taken instead.
    Raises Refusal when nothing can be read of the file.
    """
    reader, path = _reader(file, chosen or _format(file))
    looked = _Looked(reader)
    try:
        profiles = profiles_of(looked.records())
    except Refusal as refusal:
        raise Refusal(f"{file.name}: {refusal.reason}") from None
    if not looked.good:
        raise Refusal(f"{file.name}: nothing to make a mapping of: {looked.wrong or 'no records'}")
    draft = _Draft(
        words,
        profiles,
        path=path,
        is_foreign=ASSUMED_NOTE in file.notes,
        looked_at=looked.good,
    )
    _find_columns(draft)
    _settle_required(draft)
    return "\n".join(_written(draft, file.name)) + "\n"


def undecided_in(text: str) -> int:
    """Return how many things a draft could not decide."""
    return text.count(_UNDECIDED)


def _format(file: TicketFile) -> Format:
    found = format_of(file)
    return Format.JSONL if found is Format.ZENDESK else found


def _reader(file: TicketFile, chosen: Format) -> tuple[FileReader, Sequence[str]]:
    if chosen is Format.CSV:
        return CsvLines(file, (), CsvLines(file, ()).headings()), ()
    path = path_of_document(file, lambda _: False)
    return (JsonLines(file), ()) if path is None else (JsonRecords(file, path), path)


def _find_columns(draft: _Draft) -> None:
    """Find the column of each field by its name, where what stands there may be that."""
    by_name = [(profile, _names_of(profile.name)) for profile in draft.profiles.values()]
    taken: set[str] = set()
    for name, known in HEADINGS.items():
        free = [
            (known.index(heading), order, profile)
            for profile, headings in by_name
            for order, heading in enumerate(headings)
            if heading in known
            and (profile.name not in taken or name in _CUSTOMERS_OTHER_NAMES)
            and _may_be(name, profile)
        ]
        if free:
            _, _, best = min(free, key=lambda each: each[:2])
            draft.columns[name] = best.name.removesuffix("[]")
            taken.add(best.name)


class _Looked:
    """The first records of a file one by one, how many are good, and what is wrong with another."""

    def __init__(self, reader: FileReader) -> None:
        self.good = 0
        self.wrong: str | None = None
        self._reader = reader

    def records(self) -> Iterator[Mapping[str, object]]:
        for record in islice(self._reader.records(), _LOOKED_AT):
            if isinstance(record.content, Refusal):
                self.wrong = self.wrong or record.content.reason
            else:
                self.good += 1
                yield record.content


def _names_of(column: str) -> Sequence[str]:
    """Return what a column may be called: all of its path, then ever less of its beginning."""
    steps = column.replace("[]", "").split(".")
    names = [plain_heading(" ".join(steps[start:])) for start in range(len(steps))]
    return list(dict.fromkeys(names))


def _may_be(name: str, profile: ColumnProfile) -> bool:
    if not profile.filled:
        return name not in _REQUIRED and not name.endswith("_at")
    if name.endswith("_at"):
        return bool(profile.forms)
    if name == "requester_email":
        return profile.is_of_emails
    if name == "url":
        return profile.is_of_addresses
    if name in _TRANSLATED:
        return profile.is_of_words and not profile.is_list
    return name == "tags" or not profile.is_list


def _settle_required(draft: _Draft) -> None:
    """Take something for each required field that no column was found for, and say so."""
    columns, words = draft.columns, draft.words
    if "external_id" not in columns:
        unique = [each.name for each in draft.profiles.values() if each.is_unique]
        first = next(iter(unique or draft.profiles))
        columns["external_id"] = first
        draft.undecided["external_id"] = "which column names a ticket is a guess"
    draft.is_log = not draft.profiles[columns["external_id"]].is_unique
    if "received_at" not in columns:
        times = [each.name for each in draft.profiles.values() if each.forms]
        columns["received_at"] = (times or [columns["external_id"]])[0]
        draft.undecided["received_at"] = (
            "which column says when a ticket came is a guess"
            if times
            else "no column has times; name the one that says when a ticket came"
        )
    if "subject" not in columns:
        columns["subject"] = columns["external_id"]
        draft.undecided["subject"] = "no column is a subject; several may be put together in braces"
    if "customer" not in columns:
        draft.constants["customer"] = "Unknown customer"
        draft.undecided["customer"] = "no column is a customer"
    for name, stand_in in (("customer", "Unknown customer"), ("subject", "(no subject)")):
        if name in columns and draft.profiles[columns[name]].filled < draft.looked_at:
            draft.constants[name] = stand_in
    if words.severities and "severity" not in columns:
        draft.constants["severity"] = words.severities[min(2, len(words.severities) - 1)]
        draft.undecided["severity"] = "no column is a severity or a priority"
    if words.tiers and "tier" not in columns:
        draft.constants["tier"] = next(
            (tier for tier in reversed(words.tiers) if tier in words.paying), words.tiers[-1]
        )
        draft.undecided["tier"] = (
            f"no column says the tier ({one_of(words.tiers)}); all are taken for this one. "
            "[lookup.tier] reads it from a second file"
        )


def _written(draft: _Draft, name: str) -> Iterator[str]:
    yield f"# A first mapping for {name}, from its headings and {draft.looked_at:,} records."
    yield '# Look at what is marked "undecided", then: numberone import FILE --map THIS --dry-run'
    yield ""
    yield "# What the tickets are called by: source:id. Give it the name of the help desk."
    yield 'source = "import"'
    yield from _file_part(draft)
    yield ""
    yield "[columns]"
    for field_name, column in draft.columns.items():
        if field_name in draft.undecided:
            yield f"{_UNDECIDED}{draft.undecided[field_name]}"
        yield f"{field_name} = {_text(column)}"
    yield from _unused(draft)
    for field_name in ("tier", "severity", "status"):
        yield from _values_part(draft, field_name)
    yield from _logins_part(draft)
    yield from _constants_part(draft)
    yield from _dates_part(draft)
    missing = sorted({text for each in draft.profiles.values() for text in each.missing})
    if missing:
        yield from ("", "# These mean that there is no value.", "[missing]")
        yield f"values = [{', '.join(map(_text, ['', *missing]))}]"
    yield from _lines_part(draft)


def _file_part(draft: _Draft) -> Iterator[str]:
    if draft.path or draft.is_foreign:
        yield from ("", "[file]")
    if draft.path:
        yield f"list = {_text('.'.join(draft.path))}"
    if draft.is_foreign:
        yield f"{_UNDECIDED}it is not UTF-8; is this how it was written?"
        yield 'encoding = "windows-1252"'


def _unused(draft: _Draft) -> Iterator[str]:
    used = set(draft.columns.values())
    left = [name for name in draft.profiles if name.removesuffix("[]") not in used]
    if left:
        shown = ", ".join(_text(name) for name in left[:_COLUMNS_NAMED])
        more = f" and {len(left) - _COLUMNS_NAMED} more" if len(left) > _COLUMNS_NAMED else ""
        yield f"# Not used: {shown}{more}"


_COLUMNS_NAMED: Final = 60


def _values_part(draft: _Draft, name: str) -> Iterator[str]:
    if name not in draft.columns:
        return
    profile = draft.profiles[draft.columns[name]]
    ours = {text: _ours(name, text, profile, draft.words) for text in sorted(profile.values)}
    yield from ("", f"[values.{name}]")
    for text, value in ours.items():
        if value is not None:
            yield f"{_text(text)} = {_value(value)}"
        else:
            yield f"{_UNDECIDED}{_text(text)} = {_text('…')}"
    if None in ours.values() and name != "status":
        known = draft.words.tiers if name == "tier" else draft.words.severities
        yield f"{_UNDECIDED}what becomes of these, and of any other; known are {one_of(known)}"
        yield f'"*" = {_value(known[-1])}'


def _ours(name: str, text: str, profile: ColumnProfile, words: Vocabulary) -> Severity | None:
    if name == "tier":
        return the_word(text, words.tiers)
    if name == "status":
        found = STATUS_WORDS.get(plain_heading(text))
        return None if found is None else found.value
    if (word := the_word(text, words.severities)) is not None:
        return word
    parts = frozenset(plain_heading(text).split())
    place = next((at for at, known in enumerate(SEVERITY_WORDS) if known & parts), None)
    if place is None and not profile.is_of_numbers:
        place = _place_by_number(text, profile)
    return None if place is None else words.severities[min(place, len(words.severities) - 1)]


def _place_by_number(text: str, profile: ColumnProfile) -> int | None:
    """Return the place of a value such as P1 or Sev 2 among those, the lowest number first."""
    numbers = {each: "".join(filter(str.isdigit, each)) for each in profile.values}
    words = {each.rstrip("0123456789 -") for each in profile.values}
    if len(words) != 1 or not all(numbers.values()):
        return None
    return sorted(set(map(int, numbers.values()))).index(int(numbers[text]))


def _logins_part(draft: _Draft) -> Iterator[str]:
    """Make logins of names, as a login has no white space."""
    column = draft.columns.get("assignee")
    if column is None or not any(" " in text for text in draft.profiles[column].values):
        return
    yield ""
    yield f"{_UNDECIDED}a login has no space: are these those of the team?"
    yield from ("[values.assignee]", '"* *" = "*.*"', '"*" = "*"')


def _constants_part(draft: _Draft) -> Iterator[str]:
    if not draft.constants:
        return
    yield from ("", "[constants]")
    for name, value in draft.constants.items():
        if name in draft.undecided:
            yield f"{_UNDECIDED}{draft.undecided[name]}"
        yield f"{name} = {_value(value)}"


def _dates_part(draft: _Draft) -> Iterator[str]:
    times = {
        name: draft.profiles[column]
        for name, column in draft.columns.items()
        if name.endswith("_at") and draft.profiles[column].forms
    }
    by_field = {name: _best(profile, times) for name, profile in times.items()}
    general = by_field.get("received_at")
    zoned = all(profile.names_zones for profile in times.values())
    if not times or (zoned and set(by_field.values()) == {"iso"}):
        return
    yield from ("", "[dates]")
    if general is not None and general != "iso":
        if len(times["received_at"].forms) > 1 and "%b" not in general:
            others = one_of(form for form in times["received_at"].forms if form != general)
            yield f"{_UNDECIDED}day or month first? {others} would fit as well"
        yield f"format = {_text(general)}"
    if not zoned:
        yield f"{_UNDECIDED}the zone of the times that name none"
        yield 'timezone = "UTC"'
    for name, form in by_field.items():
        if form != (general or "iso"):
            yield from ("", f"[dates.{name}]", f"format = {_text(form)}")


def _best(profile: ColumnProfile, times: Mapping[str, ColumnProfile]) -> str:
    """Return the form of a column, of several that which fits most of the columns."""
    return max(profile.forms, key=lambda form: sum(form in each.forms for each in times.values()))


def _lines_part(draft: _Draft) -> Iterator[str]:
    if not draft.is_log:
        return
    by_heading = {plain_heading(name): name for name in draft.profiles}
    order = next((by_heading[name] for name in ORDERS if name in by_heading), None)
    yield from (
        "",
        f"{_UNDECIDED}several lines tell of one ticket: is this how they do?",
        "[lines]",
    )
    yield f"ticket = {_text(draft.columns['external_id'])}"
    yield 'keep = "both"'
    if order is not None:
        yield f"order_by = {_text(order)}"


def _value(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return written.encode("utf-8", "replace").decode()

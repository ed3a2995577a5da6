"""What the columns of a file hold, from a look at its first records."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from connections.files.columns import text_of
from connections.files.drafting.known_headings import MISSING_WORDS
from connections.files.reading_limits import MOST_COLUMNS
from connections.files.written_times import TimeReader
from connections.files.zone_words import ZoneWords
from policy.clocks.zones import zone_named
from policy.refusal import Refusal

VALUES_AT_MOST: Final = 30
"""How many different values a column has whose values may be words for something."""

_EXAMPLES: Final = 200
_DEEPEST: Final = 4
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_SIGNS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_FORMS: Final = (
    "iso",
    *(
        f"{date} {time}"
        for date in ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y")
        for time in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
    ),
    *(
        f"{date} {time}"
        for date in ("%d/%b/%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d")
        for time in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
    ),
    *("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d/%b/%y", "%Y/%m/%d", "%d.%m.%Y, %H:%M"),
    *("unix", "unix_ms"),
)
_SINCE: Final = (1990, 2100)
"""The years that times of tickets are from; a number that gives another one is none."""

_UTC = zone_named("UTC")
_READERS = {form: TimeReader((form,), _UTC, ZoneWords(_UTC, {})) for form in _FORMS}
_ZONE_NAMED = re.compile(r".*(?:[zZ]|UTC|GMT|[A-Z]{3,4}|[+-]\d\d:?\d\d)[)\]]?", re.DOTALL)


def plain_heading(heading: str) -> str:
    """Return a heading as headings are compared: small letters without accents and signs."""
    parted = unicodedata.normalize("NFKD", _CAMEL.sub(" ", heading)).casefold()
    return _SIGNS.sub(" ", parted.encode("ascii", "ignore").decode()).strip()


@dataclass(slots=True)
class ColumnProfile:
    """What stands in a column of the records looked at; ``filled`` counts those with a value."""

    name: str
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)
    missing: set[str] = field(default_factory=set)
    is_list: bool = False
    has_more: bool = False
    distinct: set[int] = field(default_factory=set)

    def add(self, value: object) -> None:
        """Look at one value."""
        if isinstance(value, list):
            self.is_list = True
            for each in value:
                self.add(each)
            return
        text = text_of(value).strip() if value is not None else ""
        if not text or text in MISSING_WORDS:
            self.missing.update({text} - {""})
            return
        self.filled += 1
        self.distinct.add(hash(text))
        if text in self.values or len(self.values) < _EXAMPLES:
            self.values[text] += 1
        else:
            self.has_more = True

    @property
    def is_of_words(self) -> bool:
        """Whether it has few different values, and more records than those."""
        return 0 < len(self.values) <= VALUES_AT_MOST and not self.has_more

    @property
    def is_unique(self) -> bool:
        """Whether no value stands there twice."""
        return self.filled == len(self.distinct) > 0

    @property
    def is_of_emails(self) -> bool:
        """Whether every value is a mail address."""
        return self._all(_EMAIL)

    @property
    def is_of_numbers(self) -> bool:
        """Whether every value is a number."""
        return self._all(_NUMBER)

    @property
    def is_of_addresses(self) -> bool:
        """Whether every value is the address of a page."""
        return bool(self.values) and all(text.startswith("http") for text in self.values)

    @property
    def forms(self) -> Sequence[str]:
        """The forms in which all of its values are times, none where they are not."""
        return [form for form in _FORMS if self.values and all(map(_reads(form), self.values))]

    @property
    def names_zones(self) -> bool:
        """Whether every time in it names its zone."""
        return all(_ZONE_NAMED.fullmatch(text) for text in self.values)

    def _all(self, shape: re.Pattern[str]) -> bool:
        return bool(self.values) and all(map(shape.fullmatch, self.values))


class _Reads:
    def __init__(self, form: str) -> None:
        self._form = form

    def __call__(self, text: str) -> bool:
        written = text.isdigit() and len(text) in (10, 13)
        if self._form.startswith("unix") and not (
            written and (len(text) == 13) == (self._form == "unix_ms")  # noqa: PLR2004 - digits
        ):
            return False
        if self._form == "iso" and text.isdigit():
            return False
        moment = _READERS[self._form].read(text)
        return moment is not None and _SINCE[0] <= moment.year <= _SINCE[1]


def _reads(form: str) -> _Reads:
    return _Reads(form)


def profiles_of(records: Iterable[Mapping[str, object]]) -> Mapping[str, ColumnProfile]:
    """Return what stands in the columns of records by their names, paths among them.

    Raises Refusal when they are more than anybody names.
    """
    profiles: dict[str, ColumnProfile] = {}
    for record in records:
        for name, value in _columns_of(record, "", _DEEPEST):
            if name not in profiles:
                profiles[name] = ColumnProfile(name)
            profiles[name].add(value)
        if len(profiles) > MOST_COLUMNS:
            raise Refusal(f"more than {MOST_COLUMNS:,} columns in its records; expected fewer")
    return profiles


def _columns_of(
    record: Mapping[str, object], before: str, deepest: int
) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            if deepest:
                yield from _columns_of(value, f"{path}.", deepest - 1)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for each in value:
                if isinstance(each, Mapping) and deepest:
                    yield from _columns_of(each, f"{path}[].", 0)
        else:
            yield path, value

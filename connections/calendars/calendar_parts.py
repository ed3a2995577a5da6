"""Takes a calendar's text apart into its components, each of which is read by itself afterwards.

Calendar programs write broken ones, and one broken component must not lose the rest. So nothing is
understood here but lines and where a component begins and ends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from policy.refusal import Refusal, quoted

_LINE_END = re.compile(r"\r\n?|\n")
_FOLD = re.compile(r"\n[ \t]")
_BOUND = re.compile(r"\s*(BEGIN|END)\s*:\s*([A-Z0-9-]+)\s*", re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Z0-9-]+)", re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([A-Z0-9-]+)\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_CALENDAR: Final = "VCALENDAR"
MOST_LINES: Final = 500_000
"""How many lines a calendar may have."""

MOST_PARTS: Final = 100_000
"""How many components a calendar may have, events and all that stands in them."""

_DEEPEST: Final = 10
"""How deep components stand in one another; what is deeper is no part of anything."""

_DIRECTLY_IN_ONE = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})
"""What stands in no other component: where one begins, those before it have ended."""

_SHOWN_AT_MOST = 100
"""How much of a text that is no calendar is looked at to say what it is."""


@dataclass(frozen=True, slots=True)
class PropertyLine:
    """One line of a component: a name in capitals, and all that stands behind it."""

    name: str
    rest: str

    @property
    def value(self) -> str:
        """What stands behind the first colon that is not quoted; for a text."""
        return self._split()[1]

    @property
    def last_value(self) -> str:
        """What stands behind the last colon; for days, times and rules, which have none inside.

        Some programs put the name of a zone, which has a colon inside, before it without quoting.
        """
        return self.rest.rpartition(":")[2].strip()

    def parameter(self, name: str) -> str | None:
        """Return a parameter of a day or time, without its quotation marks; None without it."""
        for key, value in _PARAMETER.findall(self.rest.rpartition(":")[0]):
            if key.upper() == name:
                return str(value).strip().strip('"').replace("\\", "").strip()
        return None

    def _split(self) -> tuple[str, str]:
        inside = False
        for place, character in enumerate(self.rest):
            if character == '"':
                inside = not inside
            elif character == ":" and not inside:
                return self.rest[:place], self.rest[place + 1 :]
        return self.rest, ""


@dataclass(slots=True)
class CalendarPart:
    """A component as it stands in a calendar, its name in capitals, nothing of it understood."""

    name: str
    lines: list[PropertyLine] = field(default_factory=list)
    parts: "list[CalendarPart]" = field(default_factory=list)

    def named(self, name: str) -> list[PropertyLine]:
        """Return the lines of a property, which can stand there several times."""
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        """Return a property's value, the first one's where there are several; "" without any."""
        value = next((line.value.strip() for line in self.lines if line.name == name), "")
        return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def calendars_in(text: bytes) -> list[CalendarPart]:
    """Return the calendars in a text, in their order.

    Raises Refusal when there is none, or the end of one is missing: what was cut off would
    otherwise be taken for time off that is no more.
    """
    lines = _unfolded(text)
    if len(lines) > MOST_LINES:
        raise Refusal(f"has {len(lines):,} lines; expected at most {MOST_LINES:,}")
    bounds = [bound for bound in map(_BOUND.fullmatch, lines) if bound is not None]
    names = [(bound[1].upper(), bound[2].upper()) for bound in bounds]
    if len(bounds) > 2 * MOST_PARTS:
        raise Refusal(f"has more than {MOST_PARTS:,} components; expected fewer")
    if ("BEGIN", _CALENDAR) not in names:
        beginning = text[:_SHOWN_AT_MOST].decode("utf-8", "replace").strip()
        raise Refusal(f"is no calendar: it begins with {quoted(beginning)}")
    if names.count(("BEGIN", _CALENDAR)) != names.count(("END", _CALENDAR)):
        raise Refusal("is cut off: expected END:VCALENDAR")
    return list(_calendars(lines))


def _unfolded(text: bytes) -> Sequence[str]:
    decoded = text.decode("utf-8-sig", "replace")
    return _FOLD.sub("", _LINE_END.sub("\n", decoded)).split("\n")


def _calendars(lines: Sequence[str]) -> Iterator[CalendarPart]:
    within: list[CalendarPart] = []
    for line in lines:
        bound = _BOUND.fullmatch(line)
        if bound is None:
            _add_line(within, line)
            continue
        kind, name = bound[1].upper(), bound[2].upper()
        if kind == "END":
            _close(within, name)
            continue
        if name in _DIRECTLY_IN_ONE:
            del within[1:]
        part = CalendarPart(name)
        if name == _CALENDAR:
            within = [part]
            yield part
        elif within:
            within[-1].parts.append(part)
            if len(within) < _DEEPEST:
                within.append(part)


def _close(within: list[CalendarPart], name: str) -> None:
    """End the innermost component of a name, and what was begun in it and never ended."""
    for place in reversed(range(len(within))):
        if within[place].name == name:
            del within[place:]
            return


def _add_line(within: Sequence[CalendarPart], line: str) -> None:
    name = _NAME.match(line)
    if within and name is not None:
        within[-1].lines.append(PropertyLine(name[1].upper(), line[name.end() :]))

"""The line that says which part of the history is asked for: ``#12 by:mariam from:3h``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from policy.clocks.typed_time import typed_past
from policy.refusal import Refusal, shown
from store.read_models import EventFilter

EXAMPLE: Final = "#12 by:mariam kind:replied from:3h until:17:00"
"""What a line may say, all of it at once."""

_EXPECTED: Final = "expected #12, by:LOGIN, kind:WORD, from:TIME or until:TIME"
_PART = re.compile(
    r"""
    (?:(?P<name>[A-Za-z]+):|(?P<number>\#))
    (?P<value>
        "[^"]*"                             # in quotation marks whatever it is
        | [A-Za-z]{3,9}\s+[0-9]{1,2}:[0-9]{2}(?!\S)   # a weekday and a time of day
        | \S*
    )
    | (?P<other>\S+)
    """,
    re.VERBOSE,
)
_LONGEST_NUMBER: Final = 18
_ME: Final = "me"


@dataclass(frozen=True, slots=True)
class HistoryReader:
    """Who reads the history: their login, what time it is (UTC) and in which zone they type."""

    login: str
    now: datetime
    zone: tzinfo


def parse_history_filter(text: str, reader: HistoryReader) -> EventFilter:
    """Return what of the history a person asks for; an empty line asks for all of it.

    Times are typed as of the past: ``3h`` is three hours ago, ``Fri 17:00`` the last such time.

    Raises:
        Refusal: a word is not known, a value is wrong, or one is given twice.
    """
    said: dict[str, object] = {}
    for part in _PART.finditer(text):
        if part["other"]:
            raise Refusal(f"{shown(part['other'])} is not known; {_EXPECTED}")
        name = "ticket" if part["number"] else part["name"].lower()
        if name not in _READ:
            raise Refusal(f"{name}: is not known; {_EXPECTED}")
        field, read = _READ[name]
        if field in said:
            raise Refusal(f"{name}: is given twice; one of each can be asked for")
        said[field] = read(name, part["value"].strip('"').strip(), reader)
    return EventFilter(**said)  # type: ignore[arg-type] # each is read by its field's own function


def with_ticket(text: str, ticket: int | None) -> str:
    """Return the line with ``#12`` for the ticket instead of any other; without one for None."""
    kept = [
        part[0]
        for part in _PART.finditer(text)
        if not part["number"] and (part["name"] or "").lower() != "ticket"
    ]
    return " ".join([*([f"#{ticket}"] if ticket is not None else []), *kept])


def _ticket(name: str, value: str, _: HistoryReader) -> int:
    number = value.removeprefix("#")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise Refusal(f"{name}: {shown(value)}; expected a ticket's number, such as #12")
    return int(number)


def _login(name: str, value: str, reader: HistoryReader) -> str:
    if not value:
        raise Refusal(f"{name}: nothing after the colon; expected a login, or me")
    return reader.login if value == _ME else value


def _kind(name: str, value: str, _: HistoryReader) -> str:
    if not value:
        raise Refusal(f"{name}: nothing after the colon; expected what was done, such as replied")
    return "_".join(value.lower().replace("-", " ").split())


def _time(name: str, value: str, reader: HistoryReader) -> datetime:
    try:
        return typed_past(value, reader.now, reader.zone, end=name == "until")
    except Refusal as refusal:
        raise Refusal(f"{name}: {refusal.reason}") from None


_READ: Final[Mapping[str, tuple[str, Callable[[str, str, HistoryReader], object]]]] = {
    "ticket": ("ticket", _ticket),
    "by": ("actor", _login),
    "kind": ("kind", _kind),
    "from": ("start", _time),
    "until": ("end", _time),
}
"""The words of the line: the field of the filter that each says, and how its value is read."""
